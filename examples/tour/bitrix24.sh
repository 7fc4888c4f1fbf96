# The first door: Bitrix24 REST over an incoming webhook.

say "Who am I, and what time is it there"
bitrix profile
same "the webhook acts as user $user" "$user" "$(pick result.ID)"
bitrix server.time
same "the answer has all eight fields of time" 8 "$(pick 'time.#')"

say "List the drives"
bitrix disk.storage.gettypes
same "kinds of drives" '["user","common","group"]' "$(pick result)"
bitrix disk.storage.getlist filter.ENTITY_TYPE user filter.ENTITY_ID ":$user"
same "one personal drive" 1 "$(pick 'result.#')"
drive=$(pick result.0.ID)
root=$(pick result.0.ROOT_OBJECT_ID)
bitrix disk.storage.getlist filter.ENTITY_TYPE common
common=$(pick result.0.ID)
common_root=$(pick result.0.ROOT_OBJECT_ID)
same "one company drive" 1 "$(pick total)"
bitrix disk.storage.get id ":$drive"
same "ids read back are strings" string "$(shape result.ID)"
bitrix disk.rights.gettasks
same "three levels of rights" "disk_access_full disk_access_edit disk_access_read" "$(pick 'result.*.NAME' | xargs)"

say "Make a folder for this tour"
bitrix disk.storage.addfolder id ":$drive" data.NAME "Tour $tag"
same "a new folder's id is a number" number "$(shape result.ID)"
folder=$(pick result.ID)
refused 400 DISK_OBJ_22000 disk.storage.addfolder id ":$drive" data.NAME "TOUR $tag"

say "Upload a PDF as [name, base64]"
name=$(basename "$contract")
bitrix disk.folder.uploadfile id ":$folder" data.NAME "$name" fileContent.0 "$name" fileContent.1 "@$contract"
contract_id=$(pick result.ID)
same "its name came back untouched" "$name" "$(pick result.NAME)"
same "its size is a string" "$(stat -c %s "$contract")" "$(pick result.SIZE)"
remember bitrix "$contract_id" "$contract" "$name"

say "Upload a picture as bare base64, twice"
name=$(basename "$picture")
bitrix disk.storage.uploadfile id ":$drive" data.NAME "$tag $name" fileContent "@$picture"
same "it lies in the drive's root" "$root" "$(pick result.PARENT_ID)"
remember bitrix "$(pick result.ID)" "$picture" "$name"
picture_id=$(pick result.ID)
bitrix disk.storage.uploadfile id ":$drive" data.NAME "$tag $name" fileContent "@$picture" generateUniqueName :true
same "the second one got a free name" "$tag ${name%.png} (1).png" "$(pick result.NAME)"
remember bitrix "$(pick result.ID)" "$picture" "$name, again"

say "Upload in two steps: ask for a URL, post the file to it"
name=$(basename "$large")
bitrix disk.folder.uploadfile id ":$folder"
same "the part's name" file "$(pick result.field)"
url=$(pick result.uploadUrl)
request -F "file=@$large;filename=\"$name\"" "$url"
same "the post answers as a direct upload does" "200 $name" "$status $(pick result.NAME)"
large_id=$(pick result.ID)
remember bitrix "$large_id" "$large" "$name, in two steps"
request -F "file=once more;filename=again.txt" "$url"
same "the URL works once" 400 "$status"

say "Upload from a form, the way PHP writes one"
name=$(basename "$text")
base64 -w 0 <"$text" >"$work/base64"
request --data-urlencode "id=$folder" --data-urlencode "data[NAME]=$name" \
    --data-urlencode "fileContent[0]=$name" --data-urlencode "fileContent[1]@$work/base64" "${webhook}disk.folder.uploadFile.json"
same "it was stored" "200 $name" "$status $(pick result.NAME)"
text_id=$(pick result.ID)
remember bitrix "$text_id" "$text" "$name, from a form"

say "Filter: all twelve prefixes, on three folders and two pictures of the drive's root"
for name in "Folder in folder" "Folder" "New folder"; do
    bitrix disk.storage.addfolder id ":$drive" data.NAME "$name $tag"
done
last=$(pick result.ID)
# listed NAMES [PATH VALUE]...: which of this tour's objects match, in the order of their ids.
listed() {
    local expected=$1
    shift
    bitrix disk.storage.getchildren id ":$drive" "$@" order.ID ASC
    same "$*: ${expected:-none}" "$expected" \
        "$(pick 'result.*.NAME' | grep -F "$tag" | sed "s/ *$tag *//" | paste -sd, -)"
}
first_picture="合同 最终版.png"
second_picture="合同 最终版 (1).png"
folders="Tour,Folder in folder,Folder,New folder"
listed "Folder" filter.NAME "Folder $tag"
listed "Folder in folder,Folder,New folder" filter.NAME "%folder%$tag%"
listed "New folder" 'filter.=NAME' "New folder $tag"
listed "$folders" 'filter.!=TYPE' file 'filter.%NAME' "$tag"
listed "$folders" 'filter.!TYPE' file 'filter.%NAME' "$tag"
listed "New folder" 'filter.>=ID' ":$last" 'filter.%NAME' "$tag"
listed "" 'filter.>ID' ":$last"
listed "Tour" 'filter.<=ID' ":$folder" 'filter.%NAME' "$tag"
listed "" 'filter.<ID' ":$folder" 'filter.%NAME' "$tag"
listed "$first_picture,Folder" 'filter.@NAME' ":[\"Folder $tag\",\"$tag $first_picture\"]"
listed "Tour,Folder,New folder" 'filter.!@NAME' ":[\"Folder in folder $tag\"]" filter.TYPE folder 'filter.%NAME' "$tag"
listed "$first_picture,$second_picture" 'filter.%NAME' "最终版" 'filter.=%NAME' "$tag%"
listed "Folder in folder,Folder" 'filter.=%NAME' "folder%$tag"
listed "Folder in folder" 'filter.%=NAME' "%IN FOLDER $tag"
refused 400 ERROR_ARGUMENT disk.storage.getchildren filter.NAME x
refused 400 ERROR_NOT_FOUND disk.storage.getchildren id :999999999

say "Order by several fields"
bitrix disk.storage.getchildren id ":$drive" 'filter.%NAME' "$tag" order.TYPE DESC order.NAME DESC
same "folders first, names backwards" "Tour,New folder,Folder in folder,Folder" \
    "$(pick 'result.*.NAME' | head -n 4 | sed "s/ *$tag//" | paste -sd, -)"

say "Fifty-five folders in two batches, then pages"
bitrix disk.folder.addsubfolder id ":$folder" data.NAME "Pages"
pages=$(pick result.ID)
commands=()
for number in $(seq -w 1 55); do
    commands+=("cmd.f$number" "disk.folder.addsubfolder?id=$pages&data%5BNAME%5D=Page+$number")
    if [ ${#commands[@]} = 100 ] || [ "$number" = 55 ]; then
        bitrix batch "${commands[@]}"
        same "no command failed" '[]' "$(pick result.result_error)"
        commands=()
    fi
done
bitrix disk.folder.getchildren id ":$pages" order.NAME ASC
same "first page: 50 of 55, the next one starts at 50" "50 55 50" "$(pick 'result.#') $(pick total) $(pick next)"
bitrix disk.folder.getchildren id ":$pages" order.NAME ASC start :50
same "second page: five, and no next" "Page 51 5 absent" "$(pick result.0.NAME) $(pick 'result.#') $(pick next)"
seen=0 after=0
while :; do
    bitrix disk.folder.getchildren id ":$pages" 'filter.>ID' ":$after" order.ID ASC start :-1
    same "by id after $after: not counted, no next" "0 absent" "$(pick total) $(pick next)"
    got=$(pick 'result.#')
    seen=$((seen + got))
    [ "$got" = 50 ] || break
    after=$(pick result.49.ID)
done
same "all were seen" 55 "$seen"

say "One batch: a folder, a file into it, its list; a command that fails stops nothing"
bitrix batch \
    cmd.folder "disk.folder.addsubfolder?$(json query id "$folder" 'data[NAME]' 'Пакет 一')" \
    cmd.wrong "disk.folder.get?id=999999999" \
    cmd.file "disk.folder.uploadfile?$(json query id '$result[folder][ID]' 'data[NAME]' 'из пакета.txt' 'fileContent[0]' x 'fileContent[1]' "$(base64 -w 0 <"$text")")" \
    cmd.list "disk.folder.getchildren?$(json query id '$result[folder][ID]')"
same "the file lies in the new folder" "из пакета.txt" "$(pick result.result.list.0.NAME)"
same "the failure has its place" ERROR_NOT_FOUND "$(pick result.result_error.wrong.error)"
remember bitrix "$(pick result.result.file.ID)" "$text" "из пакета.txt"

say "A second version of the text"
bitrix disk.file.uploadversion id ":$text_id" fileContent.0 "new.txt" fileContent.1 "@$notes"
same "the file keeps its name, its content is the second" "$(basename "$text") 2" \
    "$(pick result.NAME) $(pick result.GLOBAL_CONTENT_VERSION)"
fetched "the file now" "$(hash_of "$notes")" "$(pick result.DOWNLOAD_URL)"
bitrix disk.file.getversions id ":$text_id"
same "newest first" "2 1" "$(pick 'result.*.GLOBAL_CONTENT_VERSION' | xargs)"
old=$(pick result.1.ID)
bitrix disk.version.get id ":$old"
fetched "the first version" "$(hash_of "$text")" "$(pick result.DOWNLOAD_URL)"
forget bitrix "$text_id"
remember bitrix "$text_id" "$notes" "$(basename "$text"), second version"

say "A second person, and a chat with them"
bitrix user.add EMAIL "ada.$tag@example.test" NAME "Ада" LAST_NAME "Лавлейс" UF_DEPARTMENT :[1]
person=$(pick result)
same "a person's id is a number" number "$(shape result)"
bitrix im.chat.add TITLE "Договор $tag" USERS ":[$person]"
chat=$(pick result)
bitrix im.chat.user.list CHAT_ID ":$chat"
same "both take part" "$user,$person" "$(pick 'result.*' | sort -n | paste -sd, -)"
bitrix im.disk.folder.get CHAT_ID ":$chat"
chat_folder=$(pick result.ID)
name=$(basename "$contract")
bitrix disk.folder.uploadfile id ":$chat_folder" data.NAME "$name" fileContent.0 "$name" fileContent.1 "@$contract"
sent=$(pick result.ID)
remember bitrix "$sent" "$contract" "$name, in the chat"
bitrix im.disk.file.commit CHAT_ID ":$chat" UPLOAD_ID ":$sent" MESSAGE "Прошу согласовать"
same "the message carries the file" "$sent $name" "$(pick result.DISK_ID.0) $(pick "result.FILES.upload$sent.name")"

say "Save it from the chat to the drive"
bitrix im.disk.file.save FILE_ID ":$sent"
same "it went to Saved Files" "Saved Files" "$(pick result.folder.name)"
remember bitrix "$(pick result.file.id)" "$contract" "$(pick result.file.name), saved from the chat"
refused 400 FILE_ID_EMPTY im.disk.file.save
refused 400 FILE_SAVE_ERROR im.disk.file.save FILE_ID :999999999

say "Attach files to a task"
bitrix tasks.task.add fields.TITLE "Согласовать договор $tag" fields.RESPONSIBLE_ID ":$user" \
    fields.UF_TASK_WEBDAV_FILES ":[\"n$contract_id\"]"
task=$(pick result.task.id)
bitrix tasks.task.files.attach taskId ":$task" fileId ":$picture_id"
attachment=$(pick result.attachmentId)
same "an attachment's id is a number" number "$(shape result.attachmentId)"
bitrix tasks.task.get taskId ":$task" select ':["ID","UF_TASK_WEBDAV_FILES"]'
same "the task has both" 2 "$(pick 'result.task.ufTaskWebdavFiles.#')"
bitrix disk.attachedobject.get id ":$attachment"
same "the attachment names the file" "$picture_id tasks_task $task" \
    "$(pick result.OBJECT_ID) $(pick result.ENTITY_TYPE) $(pick result.ENTITY_ID)"
fetched "the attachment" "$(hash_of "$picture")" "$(pick result.DOWNLOAD_URL)"
refused 400 100 tasks.task.files.attach taskId ":$task"

say "A download link works alone, by range and by HEAD"
bitrix disk.file.get id ":$large_id"
url=$(pick result.DOWNLOAD_URL)
request -r 1000000-1000999 "$url"
same "a thousand bytes from the middle" "206 $(tail -c +1000001 "$large" | head -c 1000 | sha256sum | cut -d ' ' -f 1)" \
    "$status $(hash_of "$work/answer")"
tag_of_content=$(header ETag)
: >"$work/answer"
request -I "$url"
same "HEAD: the whole length and the same strong ETag" "200 $(stat -c %s "$large") $tag_of_content" \
    "$status $(header Content-Length) $(header ETag)"

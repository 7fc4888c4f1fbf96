# One drive behind both doors.

say "What came in by amoCRM lies in the company drive of Bitrix24"
bitrix disk.storage.getchildren id ":$common" filter.NAME "CRM files"
crm_files=$(pick result.0.ID)
bitrix disk.folder.getchildren id ":$crm_files" filter.NAME "Договор $tag.pdf"
same "there it is" "Договор $tag.pdf" "$(pick result.0.NAME)"
fetched "by the other door" "$(hash_of "$contract")" "$(pick result.0.DOWNLOAD_URL)"

say "What came in by Bitrix24 is listed by amoCRM"
bitrix disk.storage.uploadfile id ":$common" data.NAME "Смета $tag.txt" fileContent "@$text"
estimate=$(pick result.ID)
remember bitrix "$estimate" "$text" "Смета.txt, in the company drive"
found "Смета" "filter[term]=Смета $tag"
uuid=$(pick _embedded.files.0.uuid)
same "its name and extension are parted" "txt" "$(pick _embedded.files.0.metadata.extension)"
fetched "by the other door" "$(hash_of "$text")" "$(pick _embedded.files.0._links.download.href)"
remember amo "$uuid" "$text" "Смета.txt"

say "A new version by one door is the file's content by the other"
upload "$notes" "Смета $tag.txt" text/plain "$uuid"
bitrix disk.file.get id ":$estimate"
same "two contents" 2 "$(pick result.GLOBAL_CONTENT_VERSION)"
fetched "the new one by Bitrix24" "$(hash_of "$notes")" "$(pick result.DOWNLOAD_URL)"
forget bitrix "$estimate"
remember bitrix "$estimate" "$notes" "Смета.txt, second version"
forget amo "$uuid"
remember amo "$uuid" "$notes" "Смета.txt, second version"

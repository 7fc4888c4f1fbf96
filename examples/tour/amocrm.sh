# The second door: amoCRM Files API with an access token.

say "Ask the account where its files are"
amo 200 GET "/api/v4/account?with=drive_url,version,datetime_settings"
same "the files host is an origin without a slash" "$drive_url" "$(pick drive_url)"
same "HAL" "application/hal+json" "$(header Content-Type | cut -d ';' -f 1)"

# upload FILE NAME MEDIA_TYPE [FILE_UUID]: all parts in order; the answer to the last one stays in $work/answer.
upload() {
    local file=$1 size part url number=0
    size=$(stat -c %s "$file")
    amo 200 POST /v1.0/sessions file_name "$2" file_size ":$size" content_type "$3" ${4:+file_uuid "$4"}
    url=$(pick upload_url)
    part=$(pick max_part_size)
    while :; do
        dd if="$file" of="$work/part" bs="$part" skip="$number" count=1 2>/dev/null
        # No Authorization: the URL is the credential. A form's content type, as the vendor's own page sends.
        request -H 'Content-Type: application/x-www-form-urlencoded' --data-binary "@$work/part" "$url"
        [ "$status" = 200 ] || failed "part $((number + 1)) of $2" 200 "$status"
        number=$((number + 1))
        if [ "$number" = 1 ] && [ "$size" -gt "$part" ]; then
            request --data-binary "@$work/part" "$url"
            same "part 1 sent again is answered alike" 200 "$status"
        fi
        url=$(pick next_url)
        [ "$url" != absent ] || break
    done
    passed "${2//$tag/…}: $size bytes in $number part(s), file $(pick uuid)"
}

say "Upload a large file in parts"
upload "$large" "Архив $tag.bin" application/octet-stream
archive=$(pick uuid)
same "the name has no extension, the metadata does" "Архив $tag bin" "$(pick name) $(pick metadata.extension)"
same "the link's name is ASCII" "$(pick sanitized_name).bin" "$(pick _links.download.href | sed 's:.*/::')"
same "every nullable key is there" "null null null null" \
    "$(pick deleted_at) $(pick deleted_by) $(pick source_id) $(pick previews)"
first_version=$(pick version_uuid)
first_link=$(pick _links.download_version.href)

say "A second version of it"
upload "$contract" "Архив $tag.bin" application/octet-stream "$archive"
same "the same file, another version, and it says so" "$archive true" "$(pick uuid) $(pick has_multiple_versions)"
second_version=$(pick version_uuid)
[ "$second_version" != "$first_version" ] || failed "the version changed" "another uuid" "$second_version"
fetched "the file now" "$(hash_of "$contract")" "$(pick _links.download.href)"
fetched "the link of the first version" "$(hash_of "$large")" "$first_link"
amo 200 GET "/v1.0/files/$archive/versions"
same "two versions, the newest first, one of them active" "$second_version $first_version true false" \
    "$(pick '_embedded.versions.*.uuid' | xargs) $(pick '_embedded.versions.*.is_main' | xargs)"
fetched "the older one from the list" "$(hash_of "$large")" "$(pick _embedded.versions.1._links.download.href)"

say "Make the first version active again, and rename"
amo 200 PATCH "/v1.0/files/$archive" version_uuid "$first_version"
same "size and version follow" "$first_version $(stat -c %s "$large")" "$(pick version_uuid) $(pick size)"
amo 200 PATCH "/v1.0/files/$archive" name "Архив переименованный $tag"
same "renamed" "Архив переименованный $tag" "$(pick name)"
remember amo "$archive" "$large" "Архив, active version"

say "Upload what is listed next"
upload "$picture" "Схема $tag.png" image/png
scheme=$(pick uuid)
same "a picture is an image" image "$(pick type)"
remember amo "$scheme" "$picture" "Схема.png"
upload "$contract" "Договор $tag.pdf" application/pdf
deed=$(pick uuid)
remember amo "$deed" "$contract" "Договор.pdf"
upload "$notes" "README-$tag" text/plain
readme=$(pick uuid)
remember amo "$readme" "$notes" "README without an extension"

# found NAMES PARAMETER...: which of this tour's files a list gives, newest first.
found() {
    local expected=$1 query=() parameter
    shift
    for parameter in "$@"; do query+=(--data-urlencode "$parameter"); done
    request -G -H "Authorization: Bearer $amo_token" "${query[@]}" "$drive_url/v1.0/files"
    if [ -z "$expected" ]; then
        same "$*: 204, no body" "204 0" "$status $(stat -c %s "$work/answer")"
    else
        [ "$status" = 200 ] || failed "$*" 200 "$status"
        same "$*: $expected" "$expected" "$(pick '_embedded.files.*.name' | grep -F "$tag" | sed "s/[ -]*$tag//" | paste -sd, -)"
    fi
}

say "Lists with filters"
here="filter[term]=$tag"
found "README,Договор,Схема,Архив переименованный" "$here"
found "Договор,Архив переименованный" "filter[uuid]=$deed,$archive"
found "Схема" "filter[name]=схема $tag"
found "Договор,Схема" "$here" "filter[extensions][]=pdf" "filter[extensions][]=PNG"
found "Договор" "$here" "filter[extensions][0]=.pdf"
found "README" "$here" "filter[extensions][]="
found "Архив переименованный" "$here" "filter[size][unit]=1000000" "filter[size][from]=3" "filter[size][to]=4"
found "README,Договор,Схема,Архив переименованный" "$here" "filter[date][type]=created_at" "filter[date][date_preset]=day"
found "README,Договор,Схема,Архив переименованный" "$here" "filter[date][type]=updated_at" "filter[date][date_preset]=last_3_days"
found "" "$here" "filter[date][date_preset]=previous_month"
found "README,Договор,Схема,Архив переименованный" "$here" "filter[date][from]=$(($(date +%s) - 3600))" "filter[created_by][]=$user"
found "" "$here" "filter[created_by][]=0"
found "" "$here" "filter[deleted]="
found "README,Договор" "$here" "limit=2" "page=1"
next=$(pick _links.next.href)
request -H "Authorization: Bearer $amo_token" "$next"
same "the link to the next page keeps the filter" "Схема,Архив переименованный" \
    "$(pick '_embedded.files.*.name' | sed "s/ *$tag//" | paste -sd, -)"
same "and there is no page after it" absent "$(pick _links.next.href)"
found "" "$here" "limit=2" "page=3"

say "Link files to a lead"
amo 200 POST /api/v4/leads 0.name "Сделка $tag" 0.price :20
lead=$(pick _embedded.leads.0.id)
amo 204 GET "/api/v4/leads/$lead/files"
passed "no files yet: 204"
amo 202 PUT "/api/v4/leads/$lead/files" 0.file_uuid "$deed" 1.file_uuid "$scheme"
amo 202 PUT "/api/v4/leads/$lead/files" 0.file_uuid "$deed"
amo 200 GET "/api/v4/leads/$lead/files?limit=50"
same "two links, the newer first; linking twice made no third" "$scheme $deed" "$(pick '_embedded.files.*.file_uuid' | xargs)"
newest=$(pick _embedded.files.0.id)
amo 200 GET "/api/v4/leads/$lead/files?before_id=$newest"
same "links before the newest" "$deed" "$(pick '_embedded.files.*.file_uuid' | xargs)"
amo 200 GET "/api/v4/files/$deed/links"
same "and the other way round" "$lead leads 20" \
    "$(pick entities.0.id) $(pick entities.0.entity_type) $(pick entities.0.price)"
found "Договор,Схема" "filter[term]=Сделка $tag"
amo 202 DELETE "/api/v4/leads/$lead/files" 0.file_uuid "$scheme"
amo 404 GET "/api/v4/leads/999999999/files"
passed "files of a lead that is not there: 404"

say "To the trash and back"
amo 200 GET "/v1.0/files/$deed"
link=$(pick _links.download.href)
amo 204 DELETE /v1.0/files 0.uuid "$deed" 1.uuid "$scheme"
found "Договор,Схема" "$here" "filter[deleted]=1"
found "README,Архив переименованный" "$here"
amo 404 GET "/v1.0/files/$deed"
request "$link"
same "a file in the trash is not downloaded" 404 "$status"
amo 204 GET "/api/v4/leads/$lead/files"
passed "nor listed at the lead"
amo 200 POST /v1.0/files/restore 0.uuid "$deed" 1.uuid "$scheme"
same "both are back, in the order asked" "$deed $scheme false false" \
    "$(pick '_embedded.files.*.uuid' | xargs) $(pick '_embedded.files.*.is_trashed' | xargs)"
amo 200 GET "/api/v4/leads/$lead/files"
same "with the link to the lead" "$deed" "$(pick '_embedded.files.*.file_uuid' | xargs)"

say "Refusals are clear"
request -X POST -H 'Content-Type: application/json' -d '{}' "$drive_url/v1.0/sessions"
same "no token" 401 "$status"
amo 400 POST /v1.0/sessions file_name "a.txt" file_size :0
same "an empty file" file_size "$(pick validation-errors.0.errors.0.path)"
amo 400 GET "/v1.0/files?filter%5Bdate%5D%5Bdate_preset%5D=fortnight"
passed "an unknown preset: 400"

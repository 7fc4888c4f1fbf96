#!/usr/bin/env bash
# A walk through both doors of a running server, with real files: what a person would do, and a check of every answer.
#
#   examples/tour.sh [CREDENTIALS]     CREDENTIALS: the file the server wrote at its first start,
#                                      ./dossier-data/credentials.json when not given
#
# Needs bash, curl and python3. Everything it makes carries the time of the run in its name; nothing else is touched, and
# it may run any number of times. Ends with status 0, or with 1 at the first answer that is not as it should be.
set -eu
export LC_ALL=C.UTF-8

credentials=${1:-dossier-data/credentials.json}
[ -r "$credentials" ] || { echo "no credentials at $credentials; is the server started?" >&2; exit 1; }
tools=$(cd "$(dirname "$0")" && pwd)/tour
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tag=$(date +%Y%m%d-%H%M%S)-$$

. "$tools/helpers.sh"

credential() { json pick "$1" "$credentials"; }
webhook=$(credential bitrix24.webhook_url)
webhook=${webhook%/}/
user=$(credential bitrix24.user_id)
base_url=$(credential amocrm.base_url)
drive_url=$(credential amocrm.drive_url)
amo_token=$(credential amocrm.access_token)

curl=(curl --globoff --silent --show-error --max-time 120)
ca_file=$(credential ca_file)
if [ "$ca_file" != absent ]; then
    # As it stands, or from where the server was started: the path ends in tls/ca.pem beside the credentials.
    [ -r "$ca_file" ] || ca_file=$(dirname "$credentials")/tls/ca.pem
    curl+=(--cacert "$ca_file")
fi

echo "A tour of $(credential portal_url), run $tag"
. "$tools/samples.sh"
. "$tools/bitrix24.sh"
. "$tools/amocrm.sh"
. "$tools/both.sh"

say "Fetch everything that was uploaded, and compare"
for entry in "${uploaded[@]}"; do
    IFS='|' read -r door id hash what <<<"$entry"
    case $door in
        bitrix) bitrix disk.file.get id ":$id" && url=$(pick result.DOWNLOAD_URL) ;;
        amo) amo 200 GET "/v1.0/files/$id" && url=$(pick _links.download.href) ;;
    esac
    fetched "$what" "$hash" "$url"
done

printf '\n%s checks, %s files compared. All as it should be.\n' "$checks" "${#uploaded[@]}"

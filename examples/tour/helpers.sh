# What every part of the tour uses: saying, checking, calling, fetching. Sourced by tour.sh, which sets
# `work` (a folder of its own), `tools` (where values.py is) and reads the credentials.

checks=0
status=

say() { printf '\n→ %s\n' "$*"; }

passed() {
    printf '  ✓ %s\n' "$*"
    checks=$((checks + 1))
}

# failed WHAT EXPECTED GOT: says so without showing the webhook's code, and ends the tour.
failed() {
    {
        printf '  ✗ %s\n    expected: %s\n    got:      %s\n' "${1//"$webhook"/WEBHOOK/}" "$2" "$3"
        if [ -s "$work/answer" ]; then
            printf '    the last answer (status %s): ' "${status:-none}"
            head -c 2000 "$work/answer"
            echo
        fi
    } >&2
    exit 1
}

# same WHAT EXPECTED GOT
same() { if [ "$2" = "$3" ]; then passed "${1//$tag/…}"; else failed "$1" "$2" "$3"; fi; }

# The interpreter itself: what is called python3 may be a script that looks for it anew each time.
python=$(python3 -c 'import sys; print(sys.executable)')
json() { "$python" -I -S "$tools/values.py" "$@"; }
pick() { json pick "$1" "$work/answer"; }
shape() { json shape "$1" "$work/answer"; }
hash_of() { sha256sum <"$1" | cut -d ' ' -f 1; }

# The status goes to `status`, the body to $work/answer, the headers to $work/headers.
request() {
    : >"$work/answer"
    local address=${!#}
    status=$("${curl[@]}" -o "$work/answer" -D "$work/headers" -w '%{http_code}' "$@") ||
        failed "the request to ${address%%\?*}" "an answer" "curl's exit status $?"
}

# bitrix METHOD [PATH VALUE]...: a call that must succeed.
bitrix() {
    local method=$1
    shift
    json make "$@" >"$work/request"
    request -H 'Content-Type: application/json' --data-binary "@$work/request" "$webhook$method"
    [ "$status" = 200 ] || failed "$method answers 200" 200 "$status"
}

# refused STATUS CODE METHOD [PATH VALUE]...: a call that must be refused so.
refused() {
    local expected=$1 code=$2 method=$3
    shift 3
    json make "$@" >"$work/request"
    request -H 'Content-Type: application/json' --data-binary "@$work/request" "$webhook$method"
    same "$method is refused with $expected $code" "$expected $code" "$status $(pick error)"
}

# amo STATUS VERB PATH [PATH VALUE]...: a call that must answer with this status. A path starts on the account's host
# with /api and on the files host with everything else.
amo() {
    local expected=$1 verb=$2 path=$3 host=$drive_url body=()
    shift 3
    case $path in /api/*) host=$base_url ;; esac
    if [ $# -gt 0 ]; then
        json make "$@" >"$work/request"
        body=(-H 'Content-Type: application/json' --data-binary "@$work/request")
    fi
    request -X "$verb" -H "Authorization: Bearer $amo_token" "${body[@]}" "$host$path"
    [ "$status" = "$expected" ] || failed "$verb $path answers $expected" "$expected" "$status"
}

# Everything uploaded, to be fetched again at the end: door, id, SHA-256 and what it is.
uploaded=()
remember() { uploaded+=("$1|$2|$(hash_of "$3")|$4"); }

# forget DOOR ID: its content is about to be remembered anew.
forget() {
    local kept=() entry
    for entry in "${uploaded[@]}"; do
        case $entry in "$1|$2|"*) ;; *) kept+=("$entry") ;; esac
    done
    uploaded=("${kept[@]}")
}

# fetched WHAT SHA256 URL: the link alone must give the very bytes.
fetched() {
    request -L "$3"
    [ "$status" = 200 ] || failed "$1: its link answers 200" 200 "$status"
    local got
    got=$(hash_of "$work/answer")
    : >"$work/answer"
    same "$1: the same bytes, SHA-256 ${2:0:12}…" "$2" "$got"
}

header() { tr -d '\r' <"$work/headers" | sed -n "s/^$1: //Ip" | tail -n 1; }

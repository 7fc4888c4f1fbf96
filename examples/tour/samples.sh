# Files to upload, in $work/files: real ones from the system where there are some, made ones where there are none.
# Sourced by tour.sh.

mkdir -p "$work/files"
contract="$work/files/Договор №7 (копия).pdf"
picture="$work/files/合同 最终版.png"
text="$work/files/Λόγος, слово, كلمة.txt"
notes="$work/files/заметки о выпуске.txt"
large="$work/files/резервная копия 2026.bin"

# found PATTERN: the first file of that name below /usr/share that is neither tiny nor huge.
found() { find /usr/share -type f -name "$1" -size +2k -size -4000k -print -quit 2>/dev/null; }

pdf=$(found '*.pdf')
if [ -n "$pdf" ]; then cp "$pdf" "$contract"; else
    printf '%%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n' >"$contract"
    printf 'trailer<</Root 1 0 R>>\n%%%%EOF\n' >>"$contract"
fi

png=$(found '*.png')
if [ -n "$png" ]; then cp "$png" "$picture"; else
    python3 - "$picture" <<'PYTHON'
import random, struct, sys, zlib
def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
rows = b"".join(b"\0" + random.randbytes(3 * 64) for _ in range(64))
with open(sys.argv[1], "wb") as file:
    file.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 64, 64, 8, 2, 0, 0, 0))
               + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
PYTHON
fi

{
    echo "Съешь же ещё этих мягких французских булок, да выпей чаю. $tag"
    echo "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία. — いろはにほへと ちりぬるを — 天地玄黃，宇宙洪荒"
    echo "نص حكيم له سر قاطع وذو شأن عظيم — ऋषियों को सताने वाले दुष्ट राक्षसों — 🗂️ 📎 👩‍💼"
} >"$text"
{
    cat /usr/share/common-licenses/GPL-3 2>/dev/null || head -c 40000 /usr/bin/env | base64
    echo "$tag"
} >"$notes"

# Six parts of 512 KiB and a rest.
head -c $((6 * 524288 + 4321)) /dev/urandom >"$large"

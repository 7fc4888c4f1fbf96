"""Writes and reads JSON for the tour, which is a shell script.

    values.py make PATH VALUE...   an object (or an array, when the first names are 0, 1, ...) with values at dotted
                                 paths; VALUE is text, :JSON, or @FILE for the file's bytes in base64
    values.py query NAME VALUE...  a query string; names keep PHP's brackets, percent-encoded
    values.py pick PATH [FILE]     the value at a dotted path: text as it is, everything else as JSON, `absent` when it
                                 is not there; * stands for every member (one line each), # for their number
    values.py shape PATH [FILE]    its JSON type
"""

import base64
import json
import sys
from urllib.parse import urlencode

ABSENT = object()


def value_of(text):
    if text.startswith(":"):
        return json.loads(text[1:])
    if text.startswith("@"):
        with open(text[1:], "rb") as file:
            return base64.b64encode(file.read()).decode()
    return text


def make(pairs):
    tree = {}
    for path, text in zip(pairs[::2], pairs[1::2]):
        *parents, last = path.split(".")
        place = tree
        for name in parents:
            place = place.setdefault(name, {})
        place[last] = value_of(text)
    return as_lists(tree)


def as_lists(tree):
    if not isinstance(tree, dict):
        return tree
    tree = {name: as_lists(value) for name, value in tree.items()}
    if tree and list(tree) == [str(number) for number in range(len(tree))]:
        return list(tree.values())
    return tree


def pick(tree, names):
    if not names:
        return [tree]
    name, rest = names[0], names[1:]
    if name == "#":
        return [len(tree)] if isinstance(tree, (list, dict)) else [ABSENT]
    if name == "*":
        members = tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else []
        return [found for member in members for found in pick(member, rest)]
    if isinstance(tree, dict) and name in tree:
        return pick(tree[name], rest)
    if isinstance(tree, list) and name.isdigit() and int(name) < len(tree):
        return pick(tree[int(name)], rest)
    return [ABSENT]


def shown(value):
    if value is ABSENT:
        return "absent"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def shape(value):
    if value is ABSENT:
        return "absent"
    names = {dict: "object", list: "array", str: "string", bool: "boolean", type(None): "null"}
    return names.get(type(value), "number")


def main(task, *words):
    if task == "make":
        json.dump(make(words), sys.stdout, ensure_ascii=False)
    elif task == "query":
        print(urlencode(list(zip(words[::2], words[1::2]))))
    else:
        with open(words[1]) if len(words) > 1 else sys.stdin as file:
            found = pick(json.load(file), words[0].split("."))
        for value in found:
            print(shown(value) if task == "pick" else shape(value))


main(*sys.argv[1:])

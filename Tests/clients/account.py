"""The account under test, from the credentials.json that DOSSIER_CREDENTIALS names."""

import hashlib
import json
import os
import urllib.parse

with open(os.environ["DOSSIER_CREDENTIALS"], encoding="utf-8") as file:
    CREDENTIALS = json.load(file)

BITRIX = CREDENTIALS["bitrix24"]
AMO = CREDENTIALS["amocrm"]
CA_FILE = CREDENTIALS.get("ca_file")
PORTAL = urllib.parse.urlsplit(CREDENTIALS["portal_url"])


def content(size: int, seed: str) -> bytes:
    """`size` bytes that compress badly and are the same every time."""
    blocks = (hashlib.sha256(f"{seed}:{i}".encode()).digest() for i in range(size // 32 + 1))
    return b"".join(blocks)[:size]

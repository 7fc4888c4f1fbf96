"""Two running servers, started by `run`: one over http, one over https with a CA of its own."""

import hashlib
import json
import os
import random
import secrets
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True)
class Server:
    """What a server wrote into its credentials.json."""

    portal_url: str
    webhook_url: str
    user_id: int
    bitrix_token: str
    client_id: str
    client_secret: str
    amo_url: str
    drive_url: str
    amo_token: str
    console_password: str
    ca_file: str | None
    data_folder: str

    @classmethod
    def read(cls, path: str) -> "Server":
        found = json.loads(Path(path).read_text())
        return cls(
            portal_url=found["portal_url"],
            webhook_url=found["bitrix24"]["webhook_url"],
            user_id=found["bitrix24"]["user_id"],
            bitrix_token=found["bitrix24"]["access_token"],
            client_id=found["bitrix24"]["client_id"],
            client_secret=found["bitrix24"]["client_secret"],
            amo_url=found["amocrm"]["base_url"],
            drive_url=found["amocrm"]["drive_url"],
            amo_token=found["amocrm"]["access_token"],
            console_password=found["console"]["password"],
            ca_file=found.get("ca_file"),
            data_folder=str(Path(path).parent),
        )

    @property
    def domain(self) -> str:
        """Host and port, as the SDKs ask for them."""
        return self.portal_url.split("//")[1]

    @property
    def webhook_token(self) -> str:
        return "/".join(self.webhook_url.strip("/").split("/")[-2:])

    @property
    def amo_headers(self) -> dict:
        return {"Authorization": f"Bearer {self.amo_token}"}


@pytest.fixture(scope="session")
def http_server() -> Server:
    return Server.read(os.environ["DOSSIER_HTTP_CREDENTIALS"])


@pytest.fixture(scope="session")
def https_server() -> Server:
    return Server.read(os.environ["DOSSIER_HTTPS_CREDENTIALS"])


@pytest.fixture(scope="session", params=["http", "https"])
def server(request, http_server, https_server) -> Server:
    return http_server if request.param == "http" else https_server


@pytest.fixture
def tag() -> str:
    """Text no other test's names contain."""
    return secrets.token_hex(6)


@pytest.fixture
def content() -> bytes:
    """Small enough for the database row."""
    return "Договор 合同 عقد\r\n".encode() + random.randbytes(3000)


@pytest.fixture
def large() -> bytes:
    """Three whole parts of 512 KiB and a rest."""
    return random.randbytes(3 * 524288 + 777)


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()

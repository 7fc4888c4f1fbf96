"""How published amoCRM clients upload a file, each loop with its own idea of when it is done."""

import io
import ssl

import httpx
import requests

EVERY_KEY = {
    "id", "uuid", "version_uuid", "type", "name", "sanitized_name", "size", "source_id", "is_trashed", "created_at",
    "updated_at", "deleted_at", "created_by", "updated_by", "deleted_by", "metadata", "previews", "_links"}


class PHPLibrary:
    """The vendor's PHP library: reads `max_part_size` bytes at a time until the file ends or no `next_url` comes, then
    builds a file from the last answer and throws when a key it reads is missing. Every request may take 20 seconds."""

    name = "vendor's PHP library"

    def __init__(self, server):
        self.server = server
        self.session = requests.Session()
        self.session.headers.update({
            "User-Agent": "amoCRM-API-Library/1.16.0", "X-Library-Version": "1.16.0",
            "X-Client-UUID": "8d0e0000-0000-4000-8000-000000000000", **server.amo_headers})

    def upload(self, name, content, media_type, uuid=None):
        body = {"file_name": name, "file_size": len(content), "content_type": media_type, "file_uuid": uuid}
        opened = self.session.post(
            f"{self.server.drive_url}/v1.0/sessions", json={k: v for k, v in body.items() if v is not None}, timeout=20)
        assert opened.status_code == 200, opened.text
        session = opened.json()
        url, file, answer = session["upload_url"], io.BytesIO(content), None
        while url and (part := file.read(session["max_part_size"])):
            # The library says the file's own type on every part.
            answer = self.session.post(url, data=part, headers={"Content-Type": media_type}, timeout=20)
            assert answer.status_code in (200, 201, 202, 204), answer.text
            url = answer.json().get("next_url")
        model = answer.json()
        assert model.get("id") and model.get("uuid"), "File id/uuid is empty"
        assert EVERY_KEY <= set(model)
        return model


class UfeePHP:
    """ufee/amoapi-v4: parts of the answered size, done when the answer has a `uuid`; form-urlencoded bodies."""

    name = "ufee/amoapi-v4"

    def __init__(self, server):
        self.server = server

    def upload(self, name, content, media_type, uuid=None):
        body = {"file_name": name, "file_size": str(len(content)), "content_type": media_type}
        if uuid:
            body["file_uuid"] = uuid
        session = requests.post(
            f"{self.server.drive_url}/v1.0/sessions", json=body, headers=self.server.amo_headers, timeout=20).json()
        url = session["upload_url"]
        for start in range(0, len(content), session["max_part_size"]):
            answer = requests.post(
                url, data=content[start:start + session["max_part_size"]], timeout=20,
                headers={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"})
            assert answer.ok, answer.text
            if "uuid" in answer.json():
                return answer.json()
            url = answer.json()["next_url"]
        raise AssertionError("the last part was not answered with a file")


class N8N:
    """The n8n node: parts of 128 KiB whatever the server says, chunked, without credentials; stops at the first answer
    without `next_url`."""

    name = "n8n node"

    def __init__(self, server):
        self.server = server
        self.client = httpx.Client(timeout=10, verify=ssl.create_default_context())

    def upload(self, name, content, media_type, uuid=None):
        body = {"file_name": name, "file_size": len(content), "content_type": media_type, "with_preview": True}
        if uuid:
            body["file_uuid"] = uuid
        opened = self.client.post(
            f"{self.server.drive_url}/v1.0/sessions", json=body, headers=self.server.amo_headers)
        assert opened.status_code == 200, opened.text
        url, start = opened.json()["upload_url"], 0
        while True:
            part = content[start:start + 131072]
            start += len(part)
            answer = self.client.post(url, content=iter([part[:1000], part[1000:]]))
            assert answer.status_code == 200, answer.text
            if "next_url" not in answer.json():
                assert answer.json()["uuid"]
                return answer.json()
            url = answer.json()["next_url"]


class PythonClient:
    """A Python client: says `Content-Range`, goes on until the answer has a `uuid`, keeps the URL when no next one comes."""

    name = "Python client"

    def __init__(self, server):
        self.server = server

    def upload(self, name, content, media_type, uuid=None):
        body = {"file_name": name, "file_size": len(content), "content_type": media_type,
                "conflict_resolution": "autorename"}
        if uuid:
            body["file_uuid"] = uuid
        session = requests.post(
            f"{self.server.drive_url}/v1.0/sessions", json=body, headers=self.server.amo_headers, timeout=30).json()
        url, start, answer = session["upload_url"], 0, {}
        while "uuid" not in answer:
            part = content[start:start + session.get("max_part_size", 524288)]
            end = start + len(part) - 1
            answer = requests.post(
                url, data=part, timeout=30,
                headers={**self.server.amo_headers, "Content-Type": "application/octet-stream",
                         "Content-Range": f"bytes {start}-{end}/{len(content)}"}).json()
            start = end + 1
            url = answer.get("next_url", url)
        return answer


ALL = [PHPLibrary, UfeePHP, N8N, PythonClient]

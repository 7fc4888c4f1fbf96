"""What another employee may do, and what a credential with fewer scopes may: both doors, requests only."""

import base64
import os
import subprocess
import time
from pathlib import Path

import pytest
import requests

from amo_uploaders import UfeePHP


@pytest.fixture(scope="module")
def command(http_server):
    """`dossier` on the running server's data folder; gives what it prints."""
    data = str(Path(os.environ["DOSSIER_HTTP_CREDENTIALS"]).parent)

    def run(*words):
        done = subprocess.run(
            [os.environ["DOSSIER_BINARY"], *words, "--data", data], capture_output=True, check=True, text=True)
        return done.stdout.strip()
    return run


@pytest.fixture(scope="module")
def call():
    def post(webhook, method, params=None):
        answer = requests.post(webhook + method, json=params or {}, timeout=20)
        body = answer.json()
        return answer.status_code, body["error"] if "error" in body else body["result"]
    return post


@pytest.fixture(scope="module")
def person(http_server, call):
    status, made = call(
        http_server.webhook_url, "user.add", {"EMAIL": "grace@example.test", "NAME": "Грейс", "UF_DEPARTMENT": [1]})
    assert status == 200
    return made


@pytest.fixture(scope="module")
def webhook(http_server, command):
    def create(person, *words):
        url = command("webhook", "create", "--user", str(person), "--public-url", http_server.portal_url, *words)
        assert url.startswith(f"{http_server.portal_url}/rest/{person}/")
        return url
    return create


@pytest.fixture(scope="module")
def token(command):
    return lambda person, *words: {
        "Authorization": "Bearer " + command("token", "create", "amocrm", "--user", str(person), *words)}


def test_a_personal_drive_is_its_owners(http_server, call, person, webhook, content, tag):
    own, theirs = http_server.webhook_url, webhook(person)
    _, drives = call(theirs, "disk.storage.getlist")
    assert {(drive["ENTITY_TYPE"], drive["ENTITY_ID"]) for drive in drives} == {
        ("common", "shared_files_s1"), ("user", str(person))}
    _, [drive] = call(own, "disk.storage.getlist", {"filter": {"ENTITY_TYPE": "user", "ENTITY_ID": 1}})
    _, folder = call(own, "disk.storage.addfolder", {"id": drive["ID"], "data": {"NAME": tag}})
    text = base64.b64encode(content).decode()
    _, file = call(
        own, "disk.folder.uploadfile", {"id": folder["ID"], "data": {"NAME": "a.txt"}, "fileContent": ["a.txt", text]})

    # A list of what may not be read is empty; everything else is refused.
    assert call(theirs, "disk.storage.getchildren", {"id": drive["ID"]}) == (200, [])
    assert call(theirs, "disk.folder.getchildren", {"id": folder["ID"]}) == (200, [])
    for method, params in [
        ("disk.storage.get", {"id": drive["ID"]}), ("disk.folder.get", {"id": folder["ID"]}),
        ("disk.file.get", {"id": file["ID"]}), ("disk.file.getversions", {"id": file["ID"]}),
        ("disk.folder.uploadfile", {"id": folder["ID"]}),
        ("disk.folder.addsubfolder", {"id": folder["ID"], "data": {"NAME": "x"}}),
        ("disk.file.uploadversion", {"id": file["ID"], "fileContent": ["a.txt", text]}),
    ]:
        assert call(theirs, method, params) == (400, "ACCESS_DENIED"), method
    assert call(theirs, "im.disk.file.save", {"FILE_ID": file["ID"]}) == (400, "FILE_SAVE_ERROR")


def test_rights_given_with_the_upload(http_server, call, person, webhook, content, tag):
    own, theirs = http_server.webhook_url, webhook(person)
    _, levels = call(own, "disk.rights.gettasks")
    read = next(level["ID"] for level in levels if level["NAME"] == "disk_access_read")
    _, [drive] = call(own, "disk.storage.getlist", {"filter": {"ENTITY_TYPE": "user", "ENTITY_ID": 1}})
    _, file = call(own, "disk.storage.uploadfile", {
        "id": drive["ID"], "data": {"NAME": f"{tag}.txt"}, "fileContent": base64.b64encode(content).decode(),
        "rights": [{"TASK_ID": read, "ACCESS_CODE": f"U{person}"}]})
    status, seen = call(theirs, "disk.file.get", {"id": file["ID"]})
    assert status == 200
    assert requests.get(seen["DOWNLOAD_URL"], timeout=20).content == content
    again = {"id": file["ID"], "fileContent": "eA=="}
    assert call(theirs, "disk.file.uploadversion", again) == (400, "ACCESS_DENIED")


def test_a_chat_is_its_members(http_server, call, person, webhook, tag):
    own, theirs = http_server.webhook_url, webhook(person)
    _, chat = call(own, "im.chat.add", {"TITLE": tag})
    assert call(theirs, "im.disk.folder.get", {"CHAT_ID": chat}) == (403, "ACCESS_ERROR")
    assert call(theirs, "im.chat.user.list", {"CHAT_ID": chat}) == (200, [])
    assert call(own, "im.chat.user.add", {"CHAT_ID": chat, "USERS": [person]}) == (200, True)
    status, folder = call(theirs, "im.disk.folder.get", {"CHAT_ID": chat})
    assert status == 200
    status, sent = call(theirs, "disk.folder.uploadfile", {
        "id": folder["ID"], "data": {"NAME": "от Грейс.txt"}, "fileContent": ["x", "eA=="]})
    assert status == 200
    assert call(own, "im.disk.file.save", {"FILE_ID": sent["ID"]})[0] == 200


def test_a_task_of_others_is_not_there(http_server, call, person, webhook, tag):
    own, theirs = http_server.webhook_url, webhook(person)
    _, made = call(own, "tasks.task.add", {"fields": {"TITLE": tag, "RESPONSIBLE_ID": 1}})
    task = made["task"]["id"]
    assert call(theirs, "tasks.task.get", {"taskId": task}) == (200, [])
    assert call(theirs, "tasks.task.files.attach", {"taskId": task, "fileId": 1}) == (400, "0")


def test_scopes_and_lifetimes_of_webhooks(call, webhook):
    narrow = webhook(1, "--scopes", "im")
    assert call(narrow, "disk.storage.getlist") == (403, "insufficient_scope")
    assert call(narrow, "im.chat.get", {"ENTITY_TYPE": "X", "ENTITY_ID": "1"}) == (200, None)
    short = webhook(1, "--lifetime", "1s")
    time.sleep(1.1)
    assert call(short, "server.time") == (401, "expired_token")


def test_scopes_of_tokens(http_server, person, token):
    file = UfeePHP(http_server).upload("scopes.txt", b"x", "text/plain")
    url, body = f"{http_server.drive_url}/v1.0/files", [{"uuid": file["uuid"]}]
    kept = requests.delete(url, json=body, headers=token(1, "--scopes", "crm,files"), timeout=20)
    assert (kept.status_code, kept.json()["detail"]) == (403, "Invalid scope")
    assert requests.get(url, headers=token(1, "--scopes", "crm"), timeout=20).status_code == 403


def test_an_employee_edits_what_is_theirs_in_the_company_drive(http_server, person, token, tag):
    headers = token(person)
    ours = UfeePHP(http_server).upload(f"{tag} 1.txt", b"x", "text/plain")
    url = f"{http_server.drive_url}/v1.0"
    session = requests.post(
        f"{url}/sessions", json={"file_name": f"{tag} 2.txt", "file_size": 1}, headers=headers, timeout=20).json()
    theirs = requests.post(session["upload_url"], data=b"y", timeout=20).json()
    assert theirs["created_by"] == {"type": "internal", "id": person}
    found = requests.get(f"{url}/files", params={"filter[term]": tag}, headers=headers, timeout=20).json()
    assert found["_count"] == 2

    for file, expected in [(theirs, 200), (ours, 403)]:
        changed = requests.patch(f"{url}/files/{file['uuid']}", json={"name": "z"}, headers=headers, timeout=20)
        assert changed.status_code == expected
    # Deleting ignores what it may not touch or does not know.
    requests.delete(f"{url}/files", json=[{"uuid": ours["uuid"]}], headers=headers, timeout=20)
    still = requests.get(f"{url}/files/{ours['uuid']}", headers=http_server.amo_headers, timeout=20)
    assert (still.status_code, still.json()["is_trashed"]) == (200, False)
    gone = requests.delete(f"{url}/files", json=[{"uuid": theirs["uuid"]}], headers=headers, timeout=20)
    assert gone.status_code == 204


def test_an_administrator_acts_as_another_user(http_server, person):
    account = f"{http_server.amo_url}/api/v4/account"
    as_person = {**http_server.amo_headers, "X-Context-User-ID": str(person)}
    assert requests.get(account, headers=as_person, timeout=20).json()["current_user_id"] == person
    as_nobody = {**http_server.amo_headers, "X-Context-User-ID": "999999999"}
    assert requests.get(account, headers=as_nobody, timeout=20).status_code == 403

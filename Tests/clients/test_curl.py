"""curl: one call in every encoding, and the ways of writing a URL that SDKs have."""

import base64
import json
import subprocess
from urllib.parse import quote

import pytest


@pytest.fixture
def curl(http_server):
    def run(*arguments):
        done = subprocess.run(
            ["curl", "--silent", "--show-error", "--globoff", "--max-time", "30", "--write-out", "\n%{http_code}",
             *arguments],
            capture_output=True, check=True)
        body, _, status = done.stdout.rpartition(b"\n")
        return int(status), body
    return run


@pytest.fixture
def drive(curl, http_server):
    _, body = curl(f"{http_server.webhook_url}disk.storage.getlist?filter[ENTITY_TYPE]=user&filter[ENTITY_ID]=1")
    return json.loads(body)["result"][0]["ID"]


@pytest.fixture
def folder(curl, http_server, drive, tag):
    _, body = curl("--data-urlencode", f"id={drive}", "--data-urlencode", f"data[NAME]=Папка {tag}",
                   f"{http_server.webhook_url}disk.storage.addfolder")
    made = json.loads(body)["result"]["ID"]
    for name in ["Альфа", "бета", "ГАММА"]:
        curl("-d", json.dumps({"id": made, "data": {"NAME": name}}), "-H", "Content-Type: application/json",
             f"{http_server.webhook_url}disk.folder.addsubfolder")
    return made


def test_one_call_in_every_encoding(curl, http_server, folder):
    url = f"{http_server.webhook_url}disk.folder.getchildren"
    params = {"id": folder, "filter": {"!NAME": "бета", ">=ID": 1}, "order": {"NAME": "DESC"}}
    flat = [("id", str(folder)), ("filter[!NAME]", "бета"), ("filter[>=ID]", "1"), ("order[NAME]", "DESC")]
    query = "&".join(f"{quote(name)}={quote(value)}" for name, value in flat)
    forms = [part for name, value in flat for part in ("--form-string", f"{name}={value}")]
    encoded = [part for name, value in flat for part in ("--data-urlencode", f"{name}={value}")]
    calls = {
        "query": [f"{url}?{query}"],
        "query with bare brackets": [url + "?" + "&".join(f"{n}={quote(v)}" for n, v in flat)],
        "urlencoded": [*encoded, url],
        "multipart": [*forms, url],
        "json": ["-H", "Content-Type: application/json", "-d", json.dumps(params), url],
        "json escaped as ASCII in another charset's name": [
            "-H", "Content-Type: application/json; charset=UTF-8", "-d", json.dumps(params, ensure_ascii=True), url],
        "json that does not say so": ["-H", "Content-Type:", "-d", json.dumps(params), url],
        "chunked json": ["-H", "Content-Type: application/json", "-H", "Transfer-Encoding: chunked",
                         "-d", json.dumps(params), url],
        "query and body": ["-H", "Content-Type: application/json",
                           "-d", json.dumps({k: v for k, v in params.items() if k != "id"}), f"{url}?id={folder}"],
    }
    for name, arguments in calls.items():
        status, body = curl(*arguments)
        assert status == 200, (name, body)
        assert [child["NAME"] for child in json.loads(body)["result"]] == ["ГАММА", "Альфа"], name


def test_addresses(curl, http_server):
    user, code = http_server.webhook_token.split("/")
    rest, token = f"{http_server.portal_url}/rest", http_server.bitrix_token
    for url in [
        f"{rest}/{user}/{code}/disk.rights.gettasks", f"{rest}/{user}/{code}/disk.rights.getTasks/",
        f"{rest}/{user}/{code}//DISK.RIGHTS.GETTASKS.json", f"{rest}//{user}/{code}/disk%2Erights%2Egettasks",
        f"{rest}/{user}/{code}/disk.rights.gettasks/?bx24_request_id=1&bx24_sdk_ver=2&bx24_sdk_type=3",
        f"{rest}/disk.rights.gettasks?auth={token}", f"{rest}//disk.rights.gettasks.json?auth={token}",
    ]:
        status, body = curl(url)
        assert (status, len(json.loads(body)["result"])) == (200, 3), url
    for header in [["-H", f"Authorization: Bearer {token}"], ["-d", json.dumps({"auth": token})],
                   ["-d", "[]", "-H", f"Authorization: Bearer {token}"]]:
        status, body = curl("-H", "Content-Type: application/json", *header, f"{rest}/disk.rights.gettasks")
        assert (status, len(json.loads(body)["result"])) == (200, 3), header
    status, body = curl(f"{rest}/{user}/{code}/disk.rights.gettasks.xml")
    assert status == 200 and b"<response>" in body


def test_refusals(curl, http_server):
    user, code = http_server.webhook_token.split("/")
    rest = f"{http_server.portal_url}/rest"
    cases = [
        ([f"{rest}/disk.storage.getlist"], 401, "NO_AUTH_FOUND"),
        ([f"{rest}/{user}/{code}x/disk.storage.getlist"], 401, "NO_AUTH_FOUND"),
        ([f"{rest}/2/{code}/disk.storage.getlist"], 401, "NO_AUTH_FOUND"),
        ([f"{rest}/{user}/{code}/disk.storage.nosuch"], 404, "ERROR_METHOD_NOT_FOUND"),
        (["-H", "Content-Type: application/json", "-d", "{", f"{rest}/{user}/{code}/disk.storage.get"], 400,
         "INVALID_REQUEST"),
        (["-H", "X-Forwarded-For: 192.0.2.1", f"{rest}/{user}/{code}/disk.storage.getlist"], 400, "INVALID_REQUEST"),
    ]
    for arguments, expected, code_ in cases:
        status, body = curl(*arguments)
        assert (status, json.loads(body)["error"]) == (expected, code_), arguments


@pytest.mark.parametrize("form", ["pair", "bare", "wrapped", "plus as space", "query"])
def test_base64_in_every_form(curl, http_server, folder, form):
    # Bytes whose base64 is full of + and /.
    content = bytes([0xFB, 0xEF, 0xBE, 0xFF] * 300) + b"end"
    text = base64.b64encode(content).decode()
    url = f"{http_server.webhook_url}disk.folder.uploadfile"
    name = ["--data-urlencode", f"id={folder}", "--data-urlencode", f"data[NAME]={form}.bin"]
    wrapped = base64.encodebytes(content).decode()
    arguments = {
        "pair": [*name, "--data-urlencode", "fileContent[0]=x", "--data-urlencode", f"fileContent[1]={text}", url],
        "bare": ["-H", "Content-Type: application/json",
                 "-d", json.dumps({"id": folder, "data": {"NAME": "bare.bin"}, "fileContent": text}), url],
        "wrapped": ["-H", "Content-Type: application/json", "-d",
                    json.dumps({"id": folder, "data": {"NAME": "wrapped.bin"}, "fileContent": ["x", wrapped]}), url],
        "plus as space": [*name, "-d", f"fileContent[0]=x&fileContent[1]={text}", url],
        "query": [f"{url}?id={folder}&data[NAME]=query.bin&fileContent[0]=x&fileContent[1]={quote(text)}"],
    }[form]
    status, body = curl(*arguments)
    assert status == 200, body
    made = json.loads(body)["result"]
    assert (made["NAME"], made["SIZE"]) == (f"{form}.bin", str(len(content)))
    assert curl(made["DOWNLOAD_URL"]) == (200, content)


def test_names_in_a_multipart_upload(curl, http_server, folder, tmp_path):
    file = tmp_path / "x"
    for name in ["Отчёт за май.txt", "合同 (1).pdf", "it's 100% & more;=.bin", "عقد.docx", "👩‍💼.png"]:
        file.write_bytes(name.encode())
        _, body = curl("-d", f"id={folder}", f"{http_server.webhook_url}disk.folder.uploadfile")
        ticket = json.loads(body)["result"]
        status, body = curl("-F", f'{ticket["field"]}=@{file};filename="{name}"', ticket["uploadUrl"])
        assert (status, json.loads(body)["result"].get("NAME")) == (200, name), body
        assert curl(json.loads(body)["result"]["DOWNLOAD_URL"]) == (200, name.encode())


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "a\\b", "a\u0007b", "a\u202eb", "x" * 300, "я" * 200, "a:b", "a?b"])
def test_names_that_cannot_be(curl, http_server, folder, name):
    status, body = curl(
        "-H", "Content-Type: application/json", "-d", json.dumps({"id": folder, "data": {"NAME": name}}),
        f"{http_server.webhook_url}disk.folder.addsubfolder")
    assert (status, json.loads(body)["error"]) == (400, "ERROR_ARGUMENT"), body


def test_one_drive_behind_both_doors(curl, http_server, tag):
    _, body = curl(f"{http_server.webhook_url}disk.storage.getlist?filter[ENTITY_TYPE]=common")
    common = json.loads(body)["result"][0]["ID"]
    _, body = curl("-H", "Content-Type: application/json", "-d", json.dumps(
        {"id": common, "data": {"NAME": f"{tag}.txt"}, "fileContent": base64.b64encode(tag.encode()).decode()}),
        f"{http_server.webhook_url}disk.storage.uploadfile")
    assert json.loads(body)["result"]["NAME"] == f"{tag}.txt"
    status, body = curl("-H", f"Authorization: Bearer {http_server.amo_token}",
                        f"{http_server.drive_url}/v1.0/files?filter[name]={tag}")
    [file] = json.loads(body)["_embedded"]["files"]
    assert curl(file["_links"]["download"]["href"]) == (200, tag.encode())

"""amoCRM: every published way to upload, over http and https, and what happens when a connection misbehaves."""

import random

import pytest
import requests

import amo_uploaders


@pytest.fixture(params=amo_uploaders.ALL, ids=lambda uploader: uploader.name)
def uploader(request, server):
    return request.param(server)


def fetch(url):
    answer = requests.get(url, timeout=30)
    assert answer.status_code == 200, answer.text
    return answer.content


@pytest.mark.parametrize("size", [1, 131072, 524288, 2 * 524288, 3 * 524288 + 777])
def test_a_file_goes_up_and_comes_back(uploader, size, tag):
    content = random.randbytes(size)
    file = uploader.upload(f"Архив {tag}.tar.gz", content, "application/gzip")
    assert (file["name"], file["metadata"]["extension"], file["size"]) == (f"Архив {tag}.tar", "gz", size)
    assert file["sanitized_name"].isascii() and "next_url" not in file
    assert fetch(file["_links"]["download"]["href"]) == content


def test_a_second_version(uploader, content, large, tag):
    first = uploader.upload(f"{tag}.txt", content, "text/plain")
    second = uploader.upload(f"{tag}.txt", large, "text/plain", uuid=first["uuid"])
    assert (second["uuid"], second["has_multiple_versions"]) == (first["uuid"], True)
    assert second["version_uuid"] != first["version_uuid"]
    assert fetch(second["_links"]["download"]["href"]) == large
    assert fetch(first["_links"]["download_version"]["href"]) == content
    # The link of the file, not of a version, follows the file.
    assert fetch(first["_links"]["download"]["href"]) == large


def open_session(server, size, name="a.bin"):
    return requests.post(
        f"{server.drive_url}/v1.0/sessions", json={"file_name": name, "file_size": size}, headers=server.amo_headers,
        timeout=20).json()


def test_a_repeated_part_gets_the_same_answer_and_other_bytes_are_refused(http_server, large):
    session = open_session(http_server, len(large))
    first, rest = large[:524288], large[524288:]
    one = requests.post(session["upload_url"], data=first, timeout=20)
    again = requests.post(session["upload_url"], data=first, timeout=20)
    assert (one.status_code, again.status_code) == (200, 200)
    assert again.json()["session_id"] == session["session_id"]
    assert requests.post(session["upload_url"], data=first[::-1], timeout=20).status_code == 409
    url = one.json()["next_url"]
    assert url != session["upload_url"]
    while rest:
        answer = requests.post(url, data=rest[:524288], timeout=20)
        rest, last = rest[524288:], url
        url = answer.json().get("next_url")
    assert answer.json()["size"] == len(large)
    again = requests.post(last, data=large[-777:], timeout=20)
    assert again.json()["uuid"] == answer.json()["uuid"]


def test_refused_parts_change_nothing(http_server, content):
    session = open_session(http_server, len(content))
    url = session["upload_url"]
    assert requests.post(url, data=b"", timeout=20).status_code == 400
    assert requests.post(url, data=content + b"x", timeout=20).status_code == 400
    assert requests.post(url, data=bytes(session["max_part_size"] + 1), timeout=20).status_code == 413
    assert requests.post(url + "x", data=content, timeout=20).status_code == 404
    done = requests.post(url, data=content, timeout=20)
    assert done.status_code == 200
    assert fetch(done.json()["_links"]["download"]["href"]) == content


@pytest.mark.parametrize("body", [
    {"file_name": "a.txt"}, {"file_size": 5}, {"file_name": "", "file_size": 5}, {"file_name": 7, "file_size": 5},
    {"file_name": "a.txt", "file_size": 0}, {"file_name": "a.txt", "file_size": -1},
    {"file_name": "a.txt", "file_size": 314572801}, {"file_name": "a.txt", "file_size": "many"},
    {"file_name": "a.txt", "file_size": 10**30}, {"file_name": "я" * 300, "file_size": 5},
    {"file_name": "a.txt", "file_size": 5, "file_uuid": "x"}, [], "x", 5, None,
], ids=str)
def test_a_session_that_cannot_be(http_server, body):
    answer = requests.post(
        f"{http_server.drive_url}/v1.0/sessions", json=body, headers=http_server.amo_headers, timeout=20)
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/json")
    assert answer.json()["status"] == 400


def test_a_version_of_no_file(http_server):
    body = {"file_name": "a", "file_size": 5, "file_uuid": "367b9f38-5f01-4cea-947e-dfab47aea522"}
    answer = requests.post(
        f"{http_server.drive_url}/v1.0/sessions", json=body, headers=http_server.amo_headers, timeout=20)
    assert answer.status_code == 404


def test_a_download_link_needs_nothing_else(http_server, content):
    file = amo_uploaders.UfeePHP(http_server).upload("данные.bin", content, "application/octet-stream")
    link = file["_links"]["download"]["href"]
    assert requests.get(link, headers={"Authorization": "Bearer expired"}, timeout=20).content == content
    assert fetch(link.rsplit("/", 1)[0] + "/any-other-name.bin") == content
    part = requests.get(link, headers={"Range": "bytes=-100"}, timeout=20)
    assert (part.status_code, part.content) == (206, content[-100:])
    head = requests.head(link, timeout=20)
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(len(content)))
    assert head.headers["X-Content-Type-Options"] == "nosniff"
    etag = head.headers["ETag"]
    assert requests.get(link, headers={"If-None-Match": etag}, timeout=20).status_code == 304
    beyond = requests.get(link, headers={"Range": "bytes=99999999-"}, timeout=20)
    assert beyond.status_code == 416

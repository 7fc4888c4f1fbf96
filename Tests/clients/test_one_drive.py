"""One drive behind both doors: what one of them changes shows through the other at once."""

import base64

import pytest
import requests

from amo_uploaders import UfeePHP


@pytest.fixture
def bitrix(http_server):
    """Calls a method through the webhook; gives its result."""
    def call(method, **params):
        answer = requests.post(http_server.webhook_url + method, json=params, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"]
    return call


@pytest.fixture
def amo(http_server):
    """Asks the files host; gives the answer."""
    def ask(method, path, **options):
        return requests.request(
            method, http_server.drive_url + path, headers=http_server.amo_headers, timeout=20, **options)
    return ask


@pytest.fixture
def upload(http_server):
    return UfeePHP(http_server).upload


@pytest.fixture
def company(bitrix):
    """The id of the company drive."""
    return bitrix("disk.storage.getlist", filter={"ENTITY_TYPE": "common"})[0]["ID"]


def listed(amo, tag):
    answer = amo("GET", "/v1.0/files", params={"filter[term]": tag})
    return [] if answer.status_code == 204 else answer.json()["_embedded"]["files"]


def found(bitrix, name):
    """The file of that name, in any drive."""
    hits = [hit for hit in bitrix("disk.file.search", QUERY=name) if hit["NAME"] == name]
    assert len(hits) == 1
    return bitrix("disk.file.get", id=hits[0]["ID"])


def bytes_of(link):
    answer = requests.get(link, timeout=20)
    return answer.content if answer.status_code == 200 else answer.status_code


def test_a_file_of_amocrm_through_bitrix24(bitrix, amo, upload, tag, content):
    uuid = upload(f"{tag}.txt", content, "text/plain")["uuid"]
    path = f"/v1.0/files/{uuid}"
    file = found(bitrix, f"{tag}.txt")
    assert bytes_of(file["DOWNLOAD_URL"]) == content

    bitrix("disk.file.rename", id=file["ID"], newName=f"{tag} renamed.txt")
    assert amo("GET", path).json()["name"] == f"{tag} renamed"
    assert amo("PATCH", path, json={"name": f"{tag} again"}).status_code == 200
    assert bitrix("disk.file.get", id=file["ID"])["NAME"] == f"{tag} again.txt"

    newer = base64.b64encode(b"newer").decode()
    bitrix("disk.file.uploadversion", id=file["ID"], fileContent=[f"{tag}.txt", newer])
    model = amo("GET", path).json()
    assert (model["size"], bytes_of(model["_links"]["download"]["href"])) == (5, b"newer")
    versions = amo("GET", path + "/versions").json()["_embedded"]["versions"]
    assert sorted(version["size"] for version in versions) == sorted([5, len(content)])
    older = next(version["uuid"] for version in versions if version["size"] == len(content))
    assert amo("PATCH", path, json={"version_uuid": older}).status_code == 200
    assert bytes_of(bitrix("disk.file.get", id=file["ID"])["DOWNLOAD_URL"]) == content

    bitrix("disk.file.markdeleted", id=file["ID"])
    assert amo("GET", path).status_code == 404
    assert listed(amo, tag) == []
    assert amo("POST", "/v1.0/files/restore", json=[{"uuid": uuid}]).status_code in (200, 204)
    assert bitrix("disk.file.get", id=file["ID"])["DELETED_TYPE"] == "0"

    assert amo("DELETE", "/v1.0/files", json=[{"uuid": uuid}]).status_code in (200, 204)
    assert bitrix("disk.file.get", id=file["ID"])["DELETED_TYPE"] == "3"
    bitrix("disk.file.restore", id=file["ID"])
    assert [file["uuid"] for file in listed(amo, tag)] == [uuid]


def test_a_file_of_bitrix24_through_amocrm(bitrix, amo, company, tag, content):
    made = bitrix(
        "disk.storage.uploadfile", id=company, data={"NAME": f"{tag}.txt"},
        fileContent=[f"{tag}.txt", base64.b64encode(content).decode()])
    model, = listed(amo, tag)
    assert bytes_of(model["_links"]["download"]["href"]) == content
    path = f"/v1.0/files/{model['uuid']}"
    assert amo("PATCH", path, json={"name": f"{tag} renamed"}).status_code == 200
    assert bitrix("disk.file.get", id=made["ID"])["NAME"] == f"{tag} renamed.txt"
    assert amo("DELETE", path).status_code in (200, 204)
    assert bitrix("disk.file.get", id=made["ID"])["DELETED_TYPE"] == "3"
    bitrix("disk.file.delete", id=made["ID"])
    assert amo("GET", path, params={"with": "deleted"}).status_code == 404


def test_an_attachment_whose_file_the_other_door_throws_away(bitrix, amo, upload, tag, content):
    uuid = upload(f"{tag}.txt", content, "text/plain")["uuid"]
    file = found(bitrix, f"{tag}.txt")
    task = bitrix("tasks.task.add", fields={"TITLE": tag, "RESPONSIBLE_ID": 1})["task"]["id"]
    attachment = bitrix("tasks.task.files.attach", taskId=task, fileId=file["ID"])["attachmentId"]
    assert bytes_of(bitrix("disk.attachedobject.get", id=attachment)["DOWNLOAD_URL"]) == content

    assert amo("DELETE", "/v1.0/files", json=[{"uuid": uuid}]).status_code in (200, 204)
    attached = bitrix("tasks.task.get", taskId=task, select=["ID", "UF_TASK_WEBDAV_FILES"])["task"]
    assert attached["ufTaskWebdavFiles"] == [attachment]
    assert bytes_of(bitrix("disk.attachedobject.get", id=attachment)["DOWNLOAD_URL"]) == 404

    assert amo("POST", "/v1.0/files/restore", json=[{"uuid": uuid}]).status_code in (200, 204)
    assert bytes_of(bitrix("disk.attachedobject.get", id=attachment)["DOWNLOAD_URL"]) == content


def test_a_file_of_bitrix24_on_a_lead(bitrix, amo, company, tag, content, http_server):
    made = bitrix(
        "disk.storage.uploadfile", id=company, data={"NAME": f"{tag}.txt"},
        fileContent=[f"{tag}.txt", base64.b64encode(content).decode()])
    uuid = listed(amo, tag)[0]["uuid"]
    lead = amo("POST", "/api/v4/leads", json=[{"name": tag}]).json()["_embedded"]["leads"][0]["id"]
    assert amo("PUT", f"/api/v4/leads/{lead}/files", json=[{"file_uuid": uuid}]).status_code == 202
    bitrix("disk.file.markdeleted", id=made["ID"])
    assert amo("GET", f"/v1.0/files/{uuid}").status_code == 404
    bitrix("disk.file.restore", id=made["ID"])
    linked = amo("GET", f"/api/v4/leads/{lead}/files").json()["_embedded"]["files"]
    assert [link["file_uuid"] for link in linked] == [uuid]

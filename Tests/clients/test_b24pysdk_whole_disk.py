"""b24pysdk: what it offers for drives beyond test_b24pysdk_disk.py, so that no method of its disk scope is left out."""

import base64
import re
from pathlib import Path

import pytest
import requests
from b24pysdk import BitrixApp, BitrixToken, BitrixWebhook, Client
from b24pysdk.errors import BitrixAPIAccessDenied, BitrixAPIBadRequest


@pytest.fixture(scope="module")
def client(https_server):
    return Client(BitrixWebhook(domain=https_server.domain, webhook_token=https_server.webhook_token))


@pytest.fixture(scope="module")
def application(https_server):
    app = BitrixApp(client_id=https_server.client_id, client_secret=https_server.client_secret)
    return Client(BitrixToken(domain=https_server.domain, auth_token=https_server.bitrix_token, bitrix_app=app))


@pytest.fixture(scope="module")
def drive(client, https_server):
    return client.disk.storage.get_list(filter={"ENTITY_TYPE": "user", "ENTITY_ID": https_server.user_id}).result[0]


@pytest.fixture
def place(client, drive, tag):
    """A folder with two folders in it, `source` and `target`, and a file in the first; ids."""
    top = client.disk.storage.add_folder(int(drive["ID"]), {"NAME": f"Дерево {tag}"}).result["ID"]
    source, target = (client.disk.folder.add_sub_folder(top, {"NAME": name}).result["ID"] for name in ("исходная", "цель"))
    file = client.disk.folder.upload_file(
        source, file_content=["план.txt", base64.b64encode(b"one").decode()], data={"NAME": "план.txt"}).result["ID"]
    return {"top": top, "source": source, "target": target, "file": file}


def names(client, folder):
    return [child["NAME"] for child in client.disk.folder.get_children(folder).result]


def test_files_are_renamed_copied_and_moved(client, place):
    renamed = client.disk.file.rename(place["file"], "отчёт.txt").result
    assert (renamed["ID"], renamed["NAME"]) == (str(place["file"]), "отчёт.txt")
    copy = client.disk.file.copy_to(place["file"], place["target"]).result
    assert copy["ID"] != place["file"] and type(copy["ID"]) is int
    assert (copy["PARENT_ID"], copy["GLOBAL_CONTENT_VERSION"]) == (str(place["target"]), 1)
    with pytest.raises(BitrixAPIBadRequest) as refused:
        client.disk.file.move_to(place["file"], place["target"]).result
    assert refused.value.json_response == {
        "error": "DISK_OBJ_22000", "error_description": "A file with this name already exists"}
    moved = client.disk.file.move_to(place["file"], place["top"]).result
    assert (moved["ID"], moved["PARENT_ID"]) == (str(place["file"]), place["top"])
    assert names(client, place["source"]) == []


def test_files_go_to_the_trash_and_come_back(client, place):
    trashed = client.disk.file.mark_deleted(place["file"]).result
    assert (trashed["ID"], trashed["DELETED_TYPE"], trashed["DELETED_BY"]) == (str(place["file"]), "3", "1")
    assert client.disk.file.get(place["file"]).result["DELETED_TYPE"] == "3"
    assert names(client, place["source"]) == []
    restored = client.disk.file.restore(place["file"]).result
    assert (restored["DELETED_TYPE"], restored["DELETE_TIME"]) == (0, trashed["DELETE_TIME"])
    assert client.disk.file.restore(place["file"]).result["DELETED_TYPE"] == "0"
    assert client.disk.file.delete(place["file"]).result is True
    with pytest.raises(BitrixAPIBadRequest) as refused:
        client.disk.file.get(place["file"]).result
    assert refused.value.json_response["error"] == "ERROR_NOT_FOUND"


def test_an_older_content_comes_back(client, place):
    first = client.disk.file.get_versions(place["file"]).result[0]
    client.disk.file.upload_version(place["file"], ["x", base64.b64encode(b"other").decode()]).result
    back = client.disk.file.restore_from_version(place["file"], int(first["ID"])).result
    assert (back["GLOBAL_CONTENT_VERSION"], back["SIZE"]) == (3, "3")
    assert requests.get(back["DOWNLOAD_URL"], timeout=30).content == b"one"


def test_folders_are_renamed_copied_and_moved(client, place, drive):
    assert client.disk.folder.rename(place["source"], "другая").result["NAME"] == "другая"
    copy = client.disk.folder.copy_to(place["source"], place["target"]).result
    assert copy["REAL_OBJECT_ID"] == copy["ID"] != place["source"]
    assert names(client, copy["ID"]) == ["план.txt"]
    moved = client.disk.folder.move_to(place["target"], place["source"]).result
    assert (moved["ID"], moved["PARENT_ID"]) == (str(place["target"]), place["source"])
    common = client.disk.storage.get_list(filter={"ENTITY_TYPE": "common"}).result[0]["ROOT_OBJECT_ID"]
    assert client.disk.folder.move_to(place["source"], int(common)).result is False
    with pytest.raises(BitrixAPIBadRequest) as refused:
        client.disk.folder.move_to(int(drive["ROOT_OBJECT_ID"]), place["top"]).result
    assert refused.value.json_response == {"error": "", "error_description": "Could not move root folder"}


def test_folders_go_to_the_trash_and_come_back(client, place):
    trashed = client.disk.folder.mark_deleted(place["source"]).result
    assert (trashed["DELETED_TYPE"], trashed["DELETED_BY"]) == (3, "1")
    assert client.disk.file.get(place["file"]).result["DELETED_TYPE"] == "4"
    assert client.disk.folder.restore(place["source"]).result["DELETED_TYPE"] == 0
    assert client.disk.file.get(place["file"]).result["DELETED_TYPE"] == "0"
    assert client.disk.folder.delete_tree(place["top"]).result is True
    with pytest.raises(BitrixAPIBadRequest):
        client.disk.file.get(place["file"]).result


def test_a_folder_is_shared(client, place, tag):
    person = client.user.add({"EMAIL": f"alan.{tag}@example.test", "UF_DEPARTMENT": [1]}).result
    assert client.disk.folder.share_to_user(place["source"], person, "disk_access_read").result is True
    with pytest.raises(BitrixAPIAccessDenied):
        client.disk.folder.share_to_user(place["source"], person, "disk_access_nothing").result


def test_an_application_has_its_own_drive(client, application):
    own = application.disk.storage.get_for_app().result
    assert own["ENTITY_TYPE"] == "restapp"
    assert application.disk.storage.get_for_app().result == own
    assert application.disk.storage.rename(int(own["ID"]), "Обмен").result == {**own, "NAME": "Обмен"}
    with pytest.raises(BitrixAPIAccessDenied) as refused:
        client.disk.storage.get_for_app().result
    assert refused.value.json_response["error_description"] == "Access denied! Application context required"


# Methods a server may not have yet are called where it says it has them.
def has(client, method):
    return client.get_token().call_method("method.get", {"name": method})["result"]["isExisting"]


def test_public_links(client, place):
    if has(client, "disk.file.getexternallink"):
        link = client.disk.file.get_external_link(place["file"]).result
        assert re.fullmatch(r"https://[^/]+/~[0-9A-Za-z]+", link)
        assert client.disk.file.get_external_link(place["file"]).result == link
    if has(client, "disk.folder.getexternallink"):
        link = client.disk.folder.get_external_link(place["source"]).result
        assert re.fullmatch(r"https://[^/]+/~[0-9A-Za-z]+", link)


def test_search(client, place, tag):
    if has(client, "disk.file.search"):
        found = client.disk.file.search(tag, type="folder").response
        assert [folder["ID"] for folder in found.result] == [str(place["top"])]
        assert found.total is None and found.next is None


def test_nothing_the_library_offers_is_left_out(client):
    offered = {
        f"{group}.{name}" for group in ("attached_object", "file", "folder", "rights", "storage", "version")
        for name, member in vars(type(getattr(client.disk, group))).items()
        if not name.startswith("_") and callable(member)}
    assert len(offered) >= 36
    sources = "".join(path.read_text() for path in Path(__file__).parent.glob("test_b24pysdk*.py"))
    called = {".".join(found) for found in re.findall(r"\.disk\.(\w+)\.(\w+)\(", sources)}
    assert offered <= called, offered - called

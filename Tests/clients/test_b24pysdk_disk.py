"""b24pysdk: https only, `.json` after every method, strict about the types of what comes back.

Types asserted are those the vendor's samples show: what a call has just written is a number, what is read back a string.
"""

import base64

import pytest
import requests
from b24pysdk import BitrixApp, BitrixToken, BitrixWebhook, Client
from b24pysdk.errors import BitrixAPIBadRequest, BitrixAPINotFound, BitrixAPIUnauthorized


@pytest.fixture(scope="module")
def client(https_server):
    return Client(BitrixWebhook(domain=https_server.domain, webhook_token=https_server.webhook_token))


@pytest.fixture(scope="module")
def drive(client, https_server):
    found = client.disk.storage.get_list(filter={"ENTITY_TYPE": "user", "ENTITY_ID": https_server.user_id}).result
    assert len(found) == 1
    return found[0]


@pytest.fixture
def folder(client, drive, tag):
    return client.disk.storage.add_folder(int(drive["ID"]), {"NAME": f"Папка {tag}"}).result


def upload(client, folder, name, content, **options):
    return client.disk.folder.upload_file(
        folder["ID"], file_content=[name, base64.b64encode(content).decode()], data={"NAME": name}, **options).result


def fetch(url):
    answer = requests.get(url, timeout=30)
    answer.raise_for_status()
    return answer.content


def test_storages(client, drive):
    assert {name: type(value) for name, value in drive.items()} == {
        "ID": str, "NAME": str, "CODE": type(None), "MODULE_ID": str, "ENTITY_TYPE": str, "ENTITY_ID": str,
        "ROOT_OBJECT_ID": str}
    assert client.disk.storage.get(int(drive["ID"])).result == drive
    assert client.disk.storage.get_types().result == ["user", "common", "group"]
    fields = client.disk.storage.get_fields().result
    assert list(fields) == ["ID", "NAME", "CODE", "MODULE_ID", "ENTITY_TYPE", "ENTITY_ID", "ROOT_OBJECT_ID"]
    assert fields["MODULE_ID"] == {"TYPE": "string", "USE_IN_FILTER": False, "USE_IN_SHOW": True}


def test_a_new_folder_and_the_same_read_back(client, drive, folder):
    assert (type(folder["ID"]), type(folder["REAL_OBJECT_ID"]), folder["DELETED_TYPE"]) == (int, int, 0)
    assert (folder["PARENT_ID"], folder["STORAGE_ID"]) == (drive["ROOT_OBJECT_ID"], drive["ID"])
    assert folder["DELETED_BY"] is None
    read = client.disk.folder.get(folder["ID"]).result
    assert (read["ID"], read["REAL_OBJECT_ID"], read["DELETED_TYPE"]) == (
        str(folder["ID"]), str(folder["ID"]), "0")
    assert read["TYPE"] == "folder"
    sub = client.disk.folder.add_sub_folder(folder["ID"], {"NAME": "Внутри"}).result
    assert sub["PARENT_ID"] == str(folder["ID"])


def test_a_new_file_and_the_same_read_back(client, folder, content):
    made = upload(client, folder, "план работ.txt", content)
    assert {name: type(made[name]) for name in (
        "ID", "PARENT_ID", "STORAGE_ID", "DELETED_TYPE", "GLOBAL_CONTENT_VERSION", "FILE_ID", "SIZE", "CREATED_BY")
    } == {"ID": int, "PARENT_ID": str, "STORAGE_ID": str, "DELETED_TYPE": int, "GLOBAL_CONTENT_VERSION": int,
          "FILE_ID": int, "SIZE": str, "CREATED_BY": str}
    read = client.disk.file.get(made["ID"]).result
    for name in ("ID", "DELETED_TYPE", "GLOBAL_CONTENT_VERSION", "FILE_ID"):
        assert read[name] == str(made[name]), name
    assert read["DETAIL_URL"].endswith("план работ.txt")
    assert fetch(made["DOWNLOAD_URL"]) == fetch(read["DOWNLOAD_URL"]) == content


def test_two_steps(client, folder, large):
    ticket = client.disk.folder.upload_file(folder["ID"]).result
    assert set(ticket) == {"field", "uploadUrl"}
    made = requests.post(
        ticket["uploadUrl"], files={ticket["field"]: ("большой файл.bin", large)}, timeout=60).json()["result"]
    assert (made["NAME"], made["SIZE"]) == ("большой файл.bin", str(len(large)))
    assert fetch(made["DOWNLOAD_URL"]) == large


def test_a_taken_name(client, drive, folder, content):
    upload(client, folder, "a.txt", content)
    with pytest.raises(BitrixAPIBadRequest) as refused:
        upload(client, folder, "a.txt", content)
    assert refused.value.json_response["error"] == "DISK_OBJ_22000"
    assert upload(client, folder, "a.txt", content, generate_unique_name=True)["NAME"] == "a (1).txt"
    made = client.disk.storage.upload_file(
        int(drive["ID"]), ["root.txt", base64.b64encode(content).decode()], {"NAME": folder["NAME"] + ".txt"},
        generate_unique_name=True).result
    assert made["PARENT_ID"] == drive["ROOT_OBJECT_ID"]


def test_versions(client, folder, content, large):
    file = upload(client, folder, "v.txt", content)
    changed = client.disk.file.upload_version(file["ID"], ["v2.txt", base64.b64encode(large).decode()]).result
    assert (changed["ID"], changed["NAME"], changed["GLOBAL_CONTENT_VERSION"]) == (str(file["ID"]), "v.txt", 2)
    assert changed["FILE_ID"] != str(file["FILE_ID"])
    versions = client.disk.file.get_versions(file["ID"]).result
    assert [version["GLOBAL_CONTENT_VERSION"] for version in versions] == ["2", "1"]
    assert all(isinstance(value, str) for version in versions for value in version.values())
    first = client.disk.version.get(int(versions[1]["ID"])).result
    assert (first["OBJECT_ID"], first["SIZE"]) == (str(file["ID"]), str(len(content)))
    assert fetch(first["DOWNLOAD_URL"]) == content
    assert fetch(client.disk.file.get(file["ID"]).result["DOWNLOAD_URL"]) == large


@pytest.fixture(scope="module")
def crowd(client, drive):
    """A folder of 130 folders and their ids."""
    parent = client.disk.storage.add_folder(int(drive["ID"]), {"NAME": f"Толпа {id(client)}"}).result["ID"]
    requests_ = [client.disk.folder.add_sub_folder(parent, {"NAME": f"{number:03}"}) for number in range(130)]
    # More than a batch takes: the SDK joins three of them, by position.
    made = client.call_batches(requests_).result
    assert not made.result_error
    return parent, [folder["ID"] for folder in made.result.values()]


def test_lists_by_pages(client, crowd):
    parent, ids = crowd
    page = client.disk.folder.get_children(parent, order={"ID": "ASC"}, start=100).response
    assert [int(child["ID"]) for child in page.result] == ids[100:]
    assert (page.total, page.next) == (130, None)
    found = client.disk.folder.get_children(parent).as_list().result
    assert sorted(int(child["ID"]) for child in found) == ids


@pytest.mark.parametrize("descending", [False, True])
def test_lists_by_id(client, crowd, descending):
    parent, ids = crowd
    found = list(client.disk.folder.get_children(parent).as_list_fast(descending=descending).result)
    assert [int(child["ID"]) for child in found] == (ids[::-1] if descending else ids)


def test_lists_of_a_drive_by_id(client, drive, folder):
    found = list(client.disk.storage.get_children(int(drive["ID"])).as_list_fast().result)
    assert str(folder["ID"]) in [child["ID"] for child in found]
    drives = list(client.disk.storage.get_list().as_list_fast().result)
    assert drive in drives


def test_the_example_of_the_vendors_page(client, drive, tag):
    for name in ("Folder in folder", "Folder", "New folder"):
        client.disk.storage.add_folder(int(drive["ID"]), {"NAME": f"{name} {tag}"}).result
    found = client.disk.storage.get_children(
        int(drive["ID"]), filter={"NAME": f"%Folder%{tag}%"}, order={"NAME": "DESC"}).response
    assert [child["NAME"] for child in found.result] == [
        f"New folder {tag}", f"Folder in folder {tag}", f"Folder {tag}"]
    assert found.total == 3


def test_a_batch(client, folder, content):
    made = upload(client, folder, "b.txt", content)
    answer = client.call_batch({
        "file": client.disk.file.get(made["ID"]), "none": client.disk.file.get(999999999),
        "folder": client.disk.folder.get(folder["ID"])}).result
    assert answer.result["file"]["NAME"] == "b.txt"
    assert answer.result["folder"]["ID"] == str(folder["ID"])
    assert answer.result_error["none"]["error"] == "ERROR_NOT_FOUND"


def test_rights_levels(client):
    levels = client.disk.rights.get_tasks().result
    assert [level["NAME"] for level in levels] == ["disk_access_full", "disk_access_edit", "disk_access_read"]
    assert all(isinstance(level["ID"], str) for level in levels)


def test_fields(client):
    assert client.disk.folder.get_fields().result["DELETED_TYPE"]["TYPE"] == "enum"
    assert client.disk.file.get_fields().result["SIZE"]["USE_IN_FILTER"] is False


def test_refusals(client, https_server, folder):
    with pytest.raises(BitrixAPIBadRequest) as refused:
        client.disk.folder.get(999999999).result
    assert refused.value.json_response == {
        "error": "ERROR_NOT_FOUND", "error_description": "Could not find entity with id `999999999`"}
    with pytest.raises(BitrixAPIBadRequest) as refused:
        client.disk.file.get(folder["ID"]).result
    assert refused.value.json_response["error"] == "ERROR_NOT_FOUND"
    stranger = Client(BitrixWebhook(domain=https_server.domain, webhook_token="1/nosuchcode"))
    with pytest.raises(BitrixAPIUnauthorized) as refused:
        stranger.disk.storage.get_list().result
    assert refused.value.json_response["error"] == "NO_AUTH_FOUND"
    with pytest.raises(BitrixAPINotFound) as refused:
        client.get_token().call_method("disk.trash.list")
    assert refused.value.json_response["error"] == "ERROR_METHOD_NOT_FOUND"


def test_the_service_methods(client, https_server):
    assert client.server.time().result.endswith("+00:00")
    assert client.get_token().call_method("profile")["result"]["ID"] == str(https_server.user_id)
    assert client.get_token().call_method("method.get", {"name": "disk.file.get"})["result"] == {
        "isExisting": True, "isAvailable": True}
    assert {"disk", "im", "task", "user"} <= set(client.get_token().call_method("scope")["result"])
    assert "disk.storage.getchildren" in client.get_token().call_method("methods")["result"]


def test_time_is_read_strictly(client):
    time = client.disk.rights.get_tasks().response.time
    assert time.date_start.utcoffset() is not None
    assert time.operating is not None and time.operating_reset_at is not None
    assert abs(time.finish - time.start - time.duration) < 1.5


def test_an_access_token(https_server, drive):
    app = BitrixApp(client_id=https_server.client_id, client_secret=https_server.client_secret)
    token = BitrixToken(domain=https_server.domain, auth_token=https_server.bitrix_token, bitrix_app=app)
    assert Client(token).disk.storage.get(int(drive["ID"])).result == drive
    garbage = BitrixToken(domain=https_server.domain, auth_token="garbage", bitrix_app=app)
    with pytest.raises(BitrixAPIUnauthorized) as refused:
        Client(garbage).disk.storage.get(int(drive["ID"])).result
    assert refused.value.json_response["error"] == "NO_AUTH_FOUND"

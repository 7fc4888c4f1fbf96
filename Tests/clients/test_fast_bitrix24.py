"""fast_bitrix24: webhooks over http and https, everything through batch unless it is told otherwise."""

import base64

import pytest
import requests
from fast_bitrix24 import Bitrix
from fast_bitrix24.server_response import ErrorInServerResponseException


@pytest.fixture
def bitrix(server):
    return Bitrix(server.webhook_url, verbose=False, requests_per_second=1000.0)


@pytest.fixture
def drive(bitrix, server):
    drives = bitrix.get_all(
        "disk.storage.getlist", {"filter": {"ENTITY_TYPE": "user", "ENTITY_ID": server.user_id}})
    assert len(drives) == 1
    return drives[0]


@pytest.fixture
def folder(bitrix, drive, tag):
    return one(bitrix, "disk.storage.addfolder", {"id": drive["ID"], "data": {"NAME": f"Папка {tag}"}})["ID"]


def one(bitrix, method, params):
    """One call, sent as a batch of one; given as a list so that the library does not keep its batch's keys."""
    return bitrix.call(method, [params])[0]


def pair(name, content):
    return [name, base64.b64encode(content).decode()]


def test_a_file_goes_up_in_a_batch_and_comes_back(bitrix, folder, content):
    name = "Отчёт & план №1 (итог).txt"
    made = one(
        bitrix, "disk.folder.uploadfile",
        {"id": folder, "data": {"NAME": name}, "fileContent": pair(name, content)})
    assert made["NAME"] == name
    assert made["SIZE"] == str(len(content))
    read = one(bitrix, "disk.file.get", {"id": made["ID"]})
    assert read["ID"] == str(made["ID"])
    assert requests.get(read["DOWNLOAD_URL"], timeout=30).content == content


def test_a_raw_call_is_plain_json(bitrix, folder, content):
    answer = bitrix.call(
        "disk.folder.uploadfile",
        {"id": folder, "data": {"NAME": "raw.bin"}, "fileContent": pair("raw.bin", content)}, raw=True)
    assert answer["result"]["NAME"] == "raw.bin"
    assert set(answer["time"]) == {
        "start", "finish", "duration", "processing", "date_start", "date_finish", "operating_reset_at", "operating"}


def test_every_page_of_a_folder_is_collected(bitrix, folder):
    names = [f"Папка {number:03}" for number in range(120)]
    made = bitrix.call("disk.folder.addsubfolder", [{"id": folder, "data": {"NAME": name}} for name in names])
    assert len({folder["ID"] for folder in made}) == 120
    found = bitrix.get_all("disk.folder.getchildren", {"id": folder})
    assert sorted(child["NAME"] for child in found) == names


def test_filters_survive_the_encoding_of_a_batch(bitrix, folder):
    for name in ["план+факт.txt", "план факт.txt", "100%.txt"]:
        one(bitrix, "disk.folder.uploadfile",
            {"id": folder, "data": {"NAME": name}, "fileContent": pair(name, name.encode())})
    for name in ["план+факт.txt", "план факт.txt"]:
        answer = bitrix.call("disk.folder.getchildren", {"id": folder, "filter": {"=NAME": name}}, raw=True)
        assert [child["NAME"] for child in answer["result"]] == [name]
    found = bitrix.get_all("disk.folder.getchildren", {"id": folder, "filter": {"%NAME": "ФАКТ"}})
    assert len(found) == 2


def test_files_are_read_by_a_list_of_ids(bitrix, folder):
    ids = [
        one(bitrix, "disk.folder.uploadfile",
            {"id": folder, "data": {"NAME": f"{n}.txt"}, "fileContent": pair("x", b"x%d" % n)})["ID"]
        for n in range(3)
    ]
    found = bitrix.get_by_ID("disk.file.get", ids, ID_field_name="id")
    assert {int(id) for id in found} == set(ids)
    assert {file["NAME"] for file in found.values()} == {"0.txt", "1.txt", "2.txt"}


def test_versions_are_kept(bitrix, folder, content):
    file = one(
        bitrix, "disk.folder.uploadfile", {"id": folder, "data": {"NAME": "v.txt"}, "fileContent": pair("v.txt", b"one")})
    one(bitrix, "disk.file.uploadversion", {"id": file["ID"], "fileContent": pair("other.txt", content)})
    versions = bitrix.get_all("disk.file.getversions", {"id": file["ID"]})
    assert sorted(version["GLOBAL_CONTENT_VERSION"] for version in versions) == ["1", "2"]
    first = min(versions, key=lambda version: int(version["ID"]))
    assert first["OBJECT_ID"] == str(file["ID"])
    assert requests.get(first["DOWNLOAD_URL"], timeout=30).content == b"one"


def test_a_batch_refers_to_its_own_results(bitrix, folder, content):
    encoded = base64.b64encode(content).decode().replace("+", "%2B")
    results = bitrix.call_batch({
        "halt": 0,
        "cmd": {
            "sub": f"disk.folder.addsubfolder?id={folder}&data[NAME]=Внутри",
            "file": "disk.folder.uploadfile?id=$result[sub][ID]&data[NAME]=a.txt"
                    f"&fileContent[0]=a.txt&fileContent[1]={encoded}",
            "list": "disk.folder.getchildren?id=$result[sub][ID]",
        },
    })
    assert results["list"][0]["NAME"] == "a.txt"
    assert results["list"][0]["SIZE"] == str(len(content))


def test_a_chat_and_a_task_carry_files(bitrix, folder, content, server, tag):
    person = bitrix.call(
        "user.add", {"EMAIL": f"grace.{tag}@example.test", "NAME": "Грейс", "UF_DEPARTMENT": [1]}, raw=True)["result"]
    chat = bitrix.call("im.chat.add", {"TITLE": tag, "USERS": [person]}, raw=True)["result"]
    chat_folder = bitrix.call("im.disk.folder.get", {"CHAT_ID": chat}, raw=True)["result"]["ID"]
    sent = bitrix.call(
        "disk.folder.uploadfile",
        {"id": chat_folder, "data": {"NAME": "скан.txt"}, "fileContent": pair("x", content)}, raw=True)["result"]
    answer = bitrix.call("im.disk.file.commit", {"CHAT_ID": chat, "UPLOAD_ID": sent["ID"]}, raw=True)["result"]
    assert answer["DISK_ID"] == [str(sent["ID"])]
    saved = bitrix.call("im.disk.file.save", {"FILE_ID": sent["ID"]}, raw=True)["result"]
    assert saved["folder"]["name"] == "Saved Files"

    task = bitrix.call(
        "tasks.task.add",
        {"fields": {"TITLE": tag, "RESPONSIBLE_ID": server.user_id, "UF_TASK_WEBDAV_FILES": [f"n{sent['ID']}"]}},
        raw=True)["result"]["task"]["id"]
    attached = bitrix.call(
        "tasks.task.files.attach", {"taskId": task, "fileId": saved["file"]["id"]}, raw=True)["result"]["attachmentId"]
    found = bitrix.call("disk.attachedobject.get", {"id": attached}, raw=True)["result"]
    assert found["ENTITY_ID"] == str(task)
    assert requests.get(found["DOWNLOAD_URL"], timeout=30).content == content
    tasks = bitrix.get_all("tasks.task.list", {"filter": {"TITLE": tag}, "select": ["ID", "TITLE"]})
    assert [task["title"] for task in tasks] == [tag]


def test_a_refusal_reaches_the_caller(bitrix):
    with pytest.raises(ErrorInServerResponseException, match="ERROR_NOT_FOUND"):
        bitrix.call("disk.file.get", {"id": 999999999})


def test_lists_of_calls_change_a_tree(bitrix, folder):
    """Every method that changes the tree, more calls than one batch takes; batches may end in any order."""
    def calls(method, **params):
        count = len(next(iter(params.values())))
        return bitrix.call(method, [{name: values[n] for name, values in params.items()} for n in range(count)])

    source, target = (
        one(bitrix, "disk.folder.addsubfolder", {"id": folder, "data": {"NAME": name}})["ID"] for name in "ab")
    files = [made["ID"] for made in calls(
        "disk.folder.uploadfile", id=[source] * 60, data=[{"NAME": f"{n:02}.txt"} for n in range(60)],
        fileContent=[pair("x", b"x%d" % n) for n in range(60)])]
    assert len(set(files)) == 60
    renamed = calls("disk.file.rename", id=files, newName=[f"новое {n:02}.txt" for n in range(60)])
    assert sorted(file["NAME"] for file in renamed) == [f"новое {n:02}.txt" for n in range(60)]
    copies = calls("disk.file.copyto", id=files, targetFolderId=[target] * 60)
    assert not {copy["ID"] for copy in copies} & set(files)
    calls("disk.file.delete", id=[copy["ID"] for copy in copies])
    moved = calls("disk.file.moveto", id=files, targetFolderId=[target] * 60)
    assert {file["PARENT_ID"] for file in moved} == {target}
    trashed = calls("disk.file.markdeleted", id=files)
    assert {file["DELETED_TYPE"] for file in trashed} == {"3"}
    assert bitrix.get_all("disk.folder.getchildren", {"id": target}) == []
    restored = calls("disk.file.restore", id=files)
    assert {file["DELETED_TYPE"] for file in restored} == {0}
    assert len(bitrix.get_all("disk.folder.getchildren", {"id": target})) == 60

    copy = one(bitrix, "disk.folder.copyto", {"id": target, "targetFolderId": source})
    assert len(bitrix.get_all("disk.folder.getchildren", {"id": copy["ID"]})) == 60
    assert one(bitrix, "disk.folder.rename", {"id": copy["ID"], "newName": "в"})["NAME"] == "в"
    assert one(bitrix, "disk.folder.moveto", {"id": copy["ID"], "targetFolderId": target})["PARENT_ID"] == target
    assert one(bitrix, "disk.folder.markdeleted", {"id": target})["DELETED_TYPE"] == 3
    assert one(bitrix, "disk.folder.restore", {"id": target})["DELETED_TYPE"] == 0
    assert bitrix.call("disk.folder.deletetree", {"id": folder}, raw=True)["result"] is True
    with pytest.raises(ErrorInServerResponseException, match="ERROR_NOT_FOUND"):
        one(bitrix, "disk.file.get", {"id": files[0]})


def test_a_slow_client_works_too(bitrix, folder):
    with bitrix.slow():
        made = bitrix.call("disk.folder.addsubfolder", [{"id": folder, "data": {"NAME": f"s{n}"}} for n in range(3)])
    assert [child["NAME"] for child in made] == ["s0", "s1", "s2"]

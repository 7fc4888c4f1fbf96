"""b24pysdk: files in chats and on tasks."""

import base64

import pytest
import requests
from b24pysdk import BitrixWebhook, Client
from b24pysdk.errors import BitrixAPIBadRequest, BitrixAPIForbidden


@pytest.fixture(scope="module")
def client(https_server):
    return Client(BitrixWebhook(domain=https_server.domain, webhook_token=https_server.webhook_token))


@pytest.fixture
def person(client, tag):
    made = client.user.add({"EMAIL": f"linus.{tag}@example.test", "NAME": "Линус", "UF_DEPARTMENT": [1]}).result
    assert type(made) is int
    return made


@pytest.fixture
def chat(client, person, tag):
    made = client.im.chat.add(users=[person], title=f"Чат {tag}", entity_type="DEAL", entity_id=tag).result
    assert type(made) is int
    return made


@pytest.fixture
def sent(client, chat, content):
    """A file in the chat's folder and its bytes."""
    folder = client.im.disk.folder.get(chat_id=chat).result["ID"]
    assert type(folder) is int
    assert client.im.disk.folder.get(dialog_id=f"chat{chat}").result["ID"] == folder
    return client.disk.folder.upload_file(
        folder, file_content=["скан.png", base64.b64encode(content).decode()], data={"NAME": "скан.png"}).result


def test_people(client, person, tag):
    found = client.user.get(filter={"ID": person}).result
    assert [(user["ID"], user["NAME"], user["EMAIL"]) for user in found] == [
        (str(person), "Линус", f"linus.{tag}@example.test")]
    assert client.user.current().result["ID"] == "1"


def test_members(client, chat, person, https_server, tag):
    assert sorted(client.im.chat.user.list(chat).result) == sorted([https_server.user_id, person])
    assert client.im.chat.get(entity_type="DEAL", entity_id=tag).result == {"ID": chat}
    assert client.im.chat.user.delete(chat, person).result is True
    assert client.im.chat.user.list(chat).result == [https_server.user_id]
    assert client.im.chat.user.add(chat, [person]).result is True
    assert sorted(client.im.chat.user.list(chat).result) == sorted([https_server.user_id, person])


def test_a_file_becomes_a_message(client, chat, sent):
    answer = client.im.disk.file.commit(chat_id=chat, upload_id=sent["ID"], message="Скан").result
    key = f"upload{sent['ID']}"
    assert answer["DISK_ID"] == [str(sent["ID"])]
    assert type(answer["MESSAGE_ID"]) is int
    shown = answer["FILES"][key]
    assert (shown["id"], shown["chatId"], shown["name"], shown["date"]) == (sent["ID"], chat, "скан.png", {})
    assert (shown["type"], shown["extension"]) == ("image", "png")
    model = answer["FILE_MODELS"][key]
    assert (type(model["id"]), type(model["createdBy"]), model["createTime"], model["deleteTime"]) == (
        int, str, {}, None)


def test_a_file_of_the_drive_is_copied_into_the_chat(client, chat, https_server, content, tag):
    drive = client.disk.storage.get_list(filter={"ENTITY_TYPE": "user", "ENTITY_ID": https_server.user_id}).result[0]
    own = client.disk.storage.upload_file(
        int(drive["ID"]), ["x", base64.b64encode(content).decode()], {"NAME": f"{tag}.txt"}).result
    answer = client.im.disk.file.commit(chat_id=chat, file_id=own["ID"]).result
    assert answer["DISK_ID"] != [str(own["ID"])]
    copy = client.disk.file.get(int(answer["DISK_ID"][0])).result
    assert requests.get(copy["DOWNLOAD_URL"], timeout=30).content == content


def test_saved_files(client, sent, content):
    first = client.im.disk.file.save(sent["ID"]).result
    assert first["folder"]["name"] == "Saved Files"
    assert type(first["file"]["id"]) is int
    second = client.im.disk.file.save(sent["ID"]).result
    assert second["folder"] == first["folder"]
    assert second["file"]["name"] != first["file"]["name"]
    saved = client.disk.file.get(second["file"]["id"]).result
    assert requests.get(saved["DOWNLOAD_URL"], timeout=30).content == content


def test_chat_refusals(client, chat):
    with pytest.raises(BitrixAPIBadRequest) as refused:
        client.im.disk.file.save(999999999).result
    assert refused.value.json_response == {
        "error": "FILE_SAVE_ERROR", "error_description": "File ID can't be saved"}
    with pytest.raises(BitrixAPIForbidden) as refused:
        client.im.disk.folder.get(chat_id=999999999).result
    assert refused.value.json_response["error"] == "ACCESS_ERROR"
    with pytest.raises(BitrixAPIBadRequest) as refused:
        client.im.disk.file.commit(chat_id=chat).result
    assert refused.value.json_response["error"] == "FILES_ERROR"


def test_a_task_and_its_files(client, sent, content, https_server, tag):
    task = client.tasks.task.add({
        "TITLE": f"Задача {tag}", "RESPONSIBLE_ID": https_server.user_id,
        "UF_TASK_WEBDAV_FILES": [f"n{sent['ID']}"]}).result["task"]
    assert (type(task["id"]), task["title"]) == (str, f"Задача {tag}")
    first = client.tasks.task.get(int(task["id"]), select=["ID", "UF_TASK_WEBDAV_FILES"]).result["task"]
    [attached] = first["ufTaskWebdavFiles"]
    assert type(attached) is int
    found = client.disk.attached_object.get(attached).result
    assert (found["OBJECT_ID"], found["MODULE_ID"], found["ENTITY_TYPE"], found["ENTITY_ID"]) == (
        str(sent["ID"]), "tasks", "tasks_task", task["id"])
    assert all(isinstance(value, str) for value in found.values())
    assert requests.get(found["DOWNLOAD_URL"], timeout=30).content == content

    saved = client.im.disk.file.save(sent["ID"]).result["file"]["id"]
    second = client.tasks.task.files.attach(int(task["id"]), saved).result["attachmentId"]
    assert type(second) is int
    kept = client.tasks.task.update(
        int(task["id"]), {"UF_TASK_WEBDAV_FILES": [second], "DESCRIPTION": "Осталась одна"}).result["task"]
    assert kept["id"] == task["id"]
    now = client.tasks.task.get(int(task["id"]), select=["UF_TASK_WEBDAV_FILES"]).result["task"]
    assert now["ufTaskWebdavFiles"] == [second]

    listed = client.tasks.task.list(filter={"TITLE": f"Задача {tag}"}, select=["ID", "TITLE"]).response
    assert [found["id"] for found in listed.result["tasks"]] == [task["id"]]
    assert client.tasks.task.delete(int(task["id"])).result == {"task": True}
    assert client.tasks.task.get(int(task["id"])).result == []


def test_task_refusals(client, https_server, sent, tag):
    task = client.tasks.task.add({"TITLE": tag, "RESPONSIBLE_ID": https_server.user_id}).result["task"]
    cases = [
        ({"taskId": 999999999, "fileId": sent["ID"]}, "0"),
        ({"taskId": task["id"], "fileId": 999999999}, "ERROR_CORE"),
        ({"taskId": task["id"]}, "100"),
        ({"fileId": sent["ID"]}, "100"),
        ({"taskId": "x", "fileId": sent["ID"]}, "0"),
        ({"taskId": task["id"], "fileId": "x"}, "100"),
    ]
    for params, code in cases:
        with pytest.raises(BitrixAPIBadRequest) as refused:
            client.get_token().call_method("tasks.task.files.attach", params)
        assert refused.value.json_response["error"] == code, params

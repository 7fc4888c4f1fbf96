"""b24pysdk, the vendor's own library: every file method it offers. It insists on https."""

import base64
import unittest

import account
import requests
from b24pysdk import BitrixWebhook, Client
from b24pysdk.errors import BitrixAPIError


@unittest.skipUnless(account.PORTAL.scheme == "https", "b24pysdk speaks https only")
class B24PySDK(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        path = account.BITRIX["webhook_url"].split("/rest/")[1].strip("/")
        cls.client = Client(BitrixWebhook(domain=account.PORTAL.netloc, webhook_token=path))
        cls.user = account.BITRIX["user_id"]
        cls.disk = cls.client.disk
        storages = cls.disk.storage.get_list(filter={"ENTITY_TYPE": "user", "ENTITY_ID": cls.user}).result
        cls.storage = int(storages[0]["ID"])
        folder = cls.disk.storage.add_folder(cls.storage, {"NAME": "b24pysdk"}).result
        cls.folder = int(folder["ID"])

    def upload(self, name: str, data: bytes) -> dict:
        return self.disk.folder.upload_file(
            self.folder, data={"NAME": name}, file_content=[name, base64.b64encode(data).decode()],
            generate_unique_name=True,
        ).result

    def test_fields_and_types(self):
        self.assertIn("NAME", self.disk.storage.get_fields().result)
        self.assertIn("NAME", self.disk.folder.get_fields().result)
        self.assertIn("SIZE", self.disk.file.get_fields().result)
        self.assertEqual(self.disk.storage.get_types().result, ["user", "common", "group"])
        self.assertTrue(self.disk.rights.get_tasks().result)

    def test_storages(self):
        self.assertEqual(int(self.disk.storage.get(self.storage).result["ID"]), self.storage)
        children = self.disk.storage.get_children(self.storage, filter={"NAME": "b24pysdk"}, order={"NAME": "DESC"})
        self.assertEqual([int(child["ID"]) for child in children.result], [self.folder])
        data = account.content(2_000, "storage")
        file = self.disk.storage.upload_file(
            self.storage, ["root.bin", base64.b64encode(data).decode()], {"NAME": "root.bin"},
            generate_unique_name=True,
        ).result
        self.assertEqual(requests.get(file["DOWNLOAD_URL"], timeout=30).content, data)

    def test_lists_page_with_the_librarys_own_helpers(self):
        parent = int(self.disk.folder.add_sub_folder(self.folder, {"NAME": "pages"}).result["ID"])
        for i in range(55):
            self.disk.folder.add_sub_folder(parent, {"NAME": f"n{i:02d}"}).result
        pages = self.disk.folder.get_children(parent)
        self.assertEqual(len(pages.result), 50)
        self.assertEqual(len(list(self.disk.folder.get_children(parent).as_list().result)), 55)
        self.assertEqual(len(list(self.disk.folder.get_children(parent).as_list_fast().result)), 55)

    def test_files_and_versions(self):
        first, second = account.content(50_000, "one"), account.content(70_000, "two")
        file = self.upload("versions.bin", first)
        identifier = int(file["ID"])
        self.assertEqual(self.disk.file.get(identifier).result["NAME"], file["NAME"])
        self.disk.file.upload_version(identifier, ["versions.bin", base64.b64encode(second).decode()]).result
        versions = self.disk.file.get_versions(identifier).result
        self.assertEqual(len(versions), 2)
        newest = self.disk.version.get(int(versions[0]["ID"])).result
        self.assertEqual(requests.get(newest["DOWNLOAD_URL"], timeout=30).content, second)
        self.assertEqual(requests.get(versions[1]["DOWNLOAD_URL"], timeout=30).content, first)

    def test_upload_in_two_steps(self):
        data = account.content(1_000_000, "steps")
        step = self.disk.folder.upload_file(self.folder).result
        answer = requests.post(
            step["uploadUrl"], files={step["field"]: ("Two steps.bin", data, "application/octet-stream")}, timeout=60
        ).json()
        self.assertEqual(answer["result"]["NAME"], "Two steps.bin")
        self.assertEqual(requests.get(answer["result"]["DOWNLOAD_URL"], timeout=60).content, data)

    def test_chat_files(self):
        chat = self.client.im.chat.add(title="b24pysdk", users=[self.user]).result
        folder = self.client.im.disk.folder.get(chat_id=chat).result["ID"]
        data = account.content(4_000, "chat")
        file = self.disk.folder.upload_file(
            folder, data={"NAME": "chat.bin"}, file_content=["chat.bin", base64.b64encode(data).decode()]
        ).result
        message = self.client.im.disk.file.commit(chat_id=chat, file_id=int(file["ID"])).result
        self.assertGreater(message["MESSAGE_ID"], 0)
        saved = self.client.im.disk.file.save(int(file["ID"])).result
        self.assertEqual(saved["folder"]["name"], "Saved Files")
        copy = self.disk.file.get(saved["file"]["id"]).result
        self.assertEqual(requests.get(copy["DOWNLOAD_URL"], timeout=30).content, data)

    def test_task_files(self):
        task = self.client.tasks.task.add({"TITLE": "b24pysdk", "RESPONSIBLE_ID": self.user}).result["task"]["id"]
        data = account.content(5_000, "task")
        file = self.upload("task.bin", data)
        attachment = self.client.tasks.task.files.attach(int(task), int(file["ID"])).result["attachmentId"]
        attached = self.disk.attached_object.get(int(attachment)).result
        self.assertEqual(int(attached["OBJECT_ID"]), int(file["ID"]))
        self.assertEqual(requests.get(attached["DOWNLOAD_URL"], timeout=30).content, data)

    def test_errors_arrive_as_the_librarys_own(self):
        with self.assertRaises(BitrixAPIError) as caught:
            self.disk.file.get(999_999_999).result
        self.assertEqual(caught.exception.error, "ERROR_NOT_FOUND")
        self.assertIn("Could not find entity with id `999999999`", str(caught.exception))


if __name__ == "__main__":
    unittest.main()

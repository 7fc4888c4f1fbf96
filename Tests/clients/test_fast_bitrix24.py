"""fast-bitrix24: parallel pages and batches over a webhook."""

import base64
import unittest
import urllib.request
import warnings

import account
from fast_bitrix24 import Bitrix


class FastBitrix24(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        warnings.simplefilter("ignore")
        cls.bitrix = Bitrix(
            account.BITRIX["webhook_url"], verbose=False, request_pool_size=1000, requests_per_second=1000.0
        )
        cls.storage = cls.bitrix.get_all("disk.storage.getlist", {"filter": {"ENTITY_TYPE": "user"}})[0]
        cls.folder = cls.bitrix.call(
            "disk.storage.addfolder",
            {"id": cls.storage["ID"], "data": {"NAME": "fast-bitrix24"}, "rights": []},
            raw=True,
        )["result"]

    def test_it_reads_every_page_of_a_list(self):
        names = [f"Folder {i:03d}" for i in range(120)]
        made = self.bitrix.call(
            "disk.folder.addsubfolder", [{"id": self.folder["ID"], "data": {"NAME": name}} for name in names]
        )
        self.assertEqual(len(made), len(names))
        listed = self.bitrix.get_all(
            "disk.folder.getchildren", {"id": self.folder["ID"], "filter": {"%NAME": "folder 0"}}
        )
        self.assertEqual(sorted(item["NAME"] for item in listed), names[:100])

    def test_it_uploads_downloads_and_keeps_versions(self):
        first, second = account.content(90_000, "first"), account.content(300, "second")
        file = self.bitrix.call(
            "disk.folder.uploadfile",
            {
                "id": self.folder["ID"],
                "data": {"NAME": "Отчёт.bin"},
                "fileContent": ["Отчёт.bin", base64.b64encode(first).decode()],
            },
            raw=True,
        )["result"]
        self.assertEqual(file["NAME"], "Отчёт.bin")
        self.assertEqual(urllib.request.urlopen(file["DOWNLOAD_URL"]).read(), first)
        updated = self.bitrix.call(
            "disk.file.uploadversion",
            {"id": file["ID"], "fileContent": ["Отчёт.bin", base64.b64encode(second).decode()]},
            raw=True,
        )["result"]
        self.assertEqual(int(updated["ID"]), int(file["ID"]))
        self.assertEqual(urllib.request.urlopen(updated["DOWNLOAD_URL"]).read(), second)
        versions = self.bitrix.get_all("disk.file.getversions", {"id": file["ID"]})
        self.assertEqual(len(versions), 2)

    def test_it_batches_different_methods(self):
        answers = self.bitrix.call_batch(
            {
                "halt": 0,
                "cmd": {
                    "types": "disk.storage.gettypes",
                    "storage": f"disk.storage.get?id={self.storage['ID']}",
                    "root": "disk.folder.get?id=$result[storage][ROOT_OBJECT_ID]",
                },
            }
        )
        self.assertEqual(answers["types"], ["user", "common", "group"])
        self.assertEqual(answers["storage"]["ID"], self.storage["ID"])
        self.assertEqual(str(answers["root"]["ID"]), str(self.storage["ROOT_OBJECT_ID"]))

    def test_it_gets_many_files_by_id(self):
        made = self.bitrix.call(
            "disk.folder.addsubfolder",
            [{"id": self.folder["ID"], "data": {"NAME": f"Many {i}"}} for i in range(60)],
        )
        found = self.bitrix.get_by_ID("disk.folder.get", [int(folder["ID"]) for folder in made], ID_field_name="id")
        self.assertEqual(len(found), 60)


if __name__ == "__main__":
    unittest.main()

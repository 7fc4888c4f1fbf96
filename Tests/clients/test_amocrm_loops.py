"""amoCRM: the loops that real clients run.

No library on PyPI has the Files API, so these are the upload, list and link loops of known clients, with requests.
"""

import unittest

import account
import requests


class Client:
    """What amoCRM wrappers have in common: a base URL, a bearer token, JSON."""

    def __init__(self):
        self.session = requests.Session()
        self.session.headers["Authorization"] = f"Bearer {account.AMO['access_token']}"
        if account.CA_FILE:
            self.session.verify = account.CA_FILE
        self.base = account.AMO["base_url"]
        self.drive = self.call("GET", f"{self.base}/api/v4/account", params={"with": "drive_url"}).json()["drive_url"]

    def call(self, method, url, expected=200, **arguments):
        response = self.session.request(method, url, timeout=20, **arguments)
        assert response.status_code == expected, (method, url, response.status_code, response.text)
        return response

    def open(self, name, data, **more):
        body = {"file_name": name, "file_size": len(data), **more}
        return self.call("POST", f"{self.drive}/v1.0/sessions", json=body).json()


class AmoCRMLoops(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.client = Client()

    def test_next_url_until_it_is_missing(self):
        """The official PHP library: part by part, stop when next_url is empty; then id and uuid must be there."""
        data = account.content(1_300_000, "php")
        session = self.client.open("Договор.pdf", data, content_type="application/pdf")
        url, offset, answer = session["upload_url"], 0, {}
        while offset < len(data):
            part = data[offset : offset + session["max_part_size"]]
            answer = self.client.call("POST", url, data=part, headers={"Content-Type": "application/pdf"}).json()
            offset += len(part)
            if not answer.get("next_url"):
                break
            url = answer["next_url"]
        self.assertIsInstance(answer["id"], int)
        self.assertGreater(answer["id"], 0)
        self.assertEqual(answer["name"], "Договор")
        self.assertEqual(answer["metadata"], {"extension": "pdf", "mime_type": "application/pdf"})
        self.assertEqual(requests.get(answer["_links"]["download"]["href"], timeout=20, verify=account.CA_FILE or True).content, data)

    def test_parts_until_uuid_with_small_parts_and_content_range(self):
        """A Python client: 131072-byte parts, a Content-Range, stop when the answer has a uuid."""
        data = account.content(400_000, "python")
        url, offset, answer = self.client.open("data.bin", data)["upload_url"], 0, {}
        while "uuid" not in answer:
            part = data[offset : offset + 131_072]
            headers = {"Content-Range": f"bytes {offset}-{offset + len(part) - 1}/{len(data)}"}
            answer = self.client.call("POST", url, data=part, headers=headers).json()
            offset += len(part)
            url = answer.get("next_url", url)
        self.assertEqual(offset, len(data))
        self.assertEqual(answer["size"], len(data))

    def test_chunked_parts_without_a_token(self):
        """The web page: no bearer token on parts, chunked transfer, the same part again when the answer was lost."""
        data = account.content(600_000, "web")
        session = self.client.open("web.bin", data)
        cut = session["max_part_size"]
        anonymous = requests.Session()
        anonymous.verify = account.CA_FILE or True
        first = anonymous.post(session["upload_url"], data=iter([data[:1000], data[1000:cut]]), timeout=20).json()
        again = anonymous.post(session["upload_url"], data=data[:cut], timeout=20).json()
        self.assertEqual(again, first)
        answer = anonymous.post(first["next_url"], data=data[cut:], timeout=20).json()
        self.assertEqual(answer["size"], len(data))

    def test_pages_by_next_link(self):
        for i in range(5):
            data = account.content(100 + i, "page")
            url = self.client.open(f"paged {i}.dat", data)["upload_url"]
            self.client.call("POST", url, data=data)
        seen, url = [], f"{self.client.drive}/v1.0/files?filter[extensions][]=dat&limit=2&page=1"
        while url:
            self.assertTrue(url.startswith(self.client.drive))
            page = self.client.call("GET", url).json()
            seen += [file["name"] for file in page["_embedded"]["files"]]
            url = page["_links"].get("next", {}).get("href")
        self.assertEqual(sorted(seen), [f"paged {i}" for i in range(5)])

    def test_links_page_by_before_id(self):
        lead = self.client.call("POST", f"{self.client.base}/api/v4/leads", json=[{"name": "Loops"}]).json()
        lead = lead["_embedded"]["leads"][0]["id"]
        files = []
        for i in range(5):
            url = self.client.open(f"linked {i}.txt", b"x%d" % i)["upload_url"]
            files.append(self.client.call("POST", url, data=b"x%d" % i).json()["uuid"])
        url = f"{self.client.base}/api/v4/leads/{lead}/files"
        self.client.call("GET", url, expected=204)
        self.client.call("PUT", url, expected=202, json=[{"file_uuid": file} for file in files])
        seen, before = [], None
        while True:
            params = {"limit": 2, **({"before_id": before} if before else {})}
            response = self.client.session.get(url, params=params, timeout=20)
            rows = response.json()["_embedded"]["files"] if response.status_code == 200 else []
            seen += [row["file_uuid"] for row in rows]
            if len(rows) < 2:
                break
            before = rows[-1]["id"]
        self.assertEqual(sorted(seen), sorted(files))
        self.client.call("DELETE", url, expected=202, json=[{"file_uuid": files[0]}])

    def test_trash_and_back(self):
        url = self.client.open("trash.txt", b"trash")["upload_url"]
        file = self.client.call("POST", url, data=b"trash").json()["uuid"]
        files = f"{self.client.drive}/v1.0/files"
        self.client.call("DELETE", files, expected=204, json=[{"uuid": file}])
        self.client.call("GET", f"{files}/{file}", expected=404)
        back = self.client.call("POST", f"{files}/restore", json=[{"uuid": file}]).json()
        self.assertEqual(back["_embedded"]["files"][0]["uuid"], file)
        self.assertFalse(self.client.call("GET", f"{files}/{file}").json()["is_trashed"])


if __name__ == "__main__":
    unittest.main()

"""amoCRM: uploads over bad connections, of the largest file, and across a server that stops or is killed."""

import hashlib
import os
import random
import signal
import socket
import subprocess
import time
import urllib.parse

import pytest
import requests

from conftest import Server, sha256
from faulty_proxy import FaultyProxy

PART = 524288
LARGEST = 314572800


def open_session(server, name, size):
    return requests.post(
        f"{server.drive_url}/v1.0/sessions", json={"file_name": name, "file_size": size}, headers=server.amo_headers,
        timeout=20)


def send(url, part, tries=200):
    """The answer to a part, sent to the same URL until there is one."""
    for _ in range(tries):
        try:
            answer = requests.post(url, data=part, headers={"Connection": "close"}, timeout=20)
            body = answer.json()
        except (requests.RequestException, ValueError):
            time.sleep(0.05)
            continue
        assert answer.status_code == 200, answer.text
        return body
    raise AssertionError("no answer")


def fetch_digest(url):
    digest = hashlib.sha256()
    with requests.get(url, stream=True, timeout=60) as answer:
        assert answer.status_code == 200
        for chunk in answer.iter_content(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


@pytest.mark.parametrize("seed", range(4))
def test_a_bad_connection_ends_with_the_file_once(http_server, tag, seed):
    content = random.Random(seed).randbytes(3 * PART + 777)
    parsed = urllib.parse.urlsplit(http_server.drive_url)
    session = open_session(http_server, f"{tag}.bin", len(content)).json()
    with FaultyProxy((parsed.hostname, parsed.port), seed) as proxy:
        through = f"http://127.0.0.1:{proxy.port}"
        url = through + urllib.parse.urlsplit(session["upload_url"]).path
        answer = {}
        for start in range(0, len(content), PART):
            answer = send(url, content[start:start + PART])
            # Links are built on the address the client used: the proxy's.
            url = answer.get("next_url")
            assert url is None or url.startswith(through)
        assert answer["size"] == len(content) and proxy.faults > 0
    path = urllib.parse.urlsplit(answer["_links"]["download"]["href"]).path
    assert fetch_digest(http_server.drive_url + path) == sha256(content)
    found = requests.get(
        f"{http_server.drive_url}/v1.0/files", params={"filter[name]": tag}, headers=http_server.amo_headers, timeout=20)
    assert [file["uuid"] for file in found.json()["_embedded"]["files"]] == [answer["uuid"]]


def test_the_largest_file_and_one_byte_more(http_server, tag):
    assert open_session(http_server, f"{tag}.bin", LARGEST + 1).status_code == 400
    opened = open_session(http_server, f"{tag}.bin", LARGEST).json()
    assert (opened["max_file_size"], opened["max_part_size"]) == (LARGEST, PART)
    part, digest, url = bytearray(random.randbytes(PART)), hashlib.sha256(), opened["upload_url"]
    with requests.Session() as client:
        # 314,572,800 bytes are 600 parts of 524,288.
        for number in range(600):
            part[:8] = number.to_bytes(8, "big")
            digest.update(part)
            answer = client.post(url, data=bytes(part), timeout=20)
            assert answer.status_code == 200, answer.text
            url = answer.json().get("next_url")
    assert url is None and answer.json()["size"] == LARGEST
    assert fetch_digest(answer.json()["_links"]["download"]["href"]) == digest.hexdigest()


class OwnServer:
    """A server on a port of its own that can be stopped and started again."""

    def __init__(self, folder):
        self._folder = str(folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]

    def start(self):
        self._process = subprocess.Popen(
            [os.environ["DOSSIER_BINARY"], "serve", "--data", self._folder, "--listen", f"127.0.0.1:{self._port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for _ in range(300):
            try:
                is_ready = requests.get(f"http://127.0.0.1:{self._port}/readyz", timeout=5).status_code == 200
                # Written once the server knows its port.
                if is_ready and os.path.exists(f"{self._folder}/credentials.json"):
                    return Server.read(f"{self._folder}/credentials.json")
            except requests.RequestException:
                pass
            assert self._process.poll() is None
            time.sleep(0.1)
        raise AssertionError("the server did not start")

    def stop(self, number):
        self._process.send_signal(number)
        assert self._process.wait(timeout=60) == (0 if number == signal.SIGTERM else -number)

    def check(self):
        subprocess.run([os.environ["DOSSIER_BINARY"], "check", "--data", self._folder], check=True)


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGKILL], ids=["stopped", "killed"])
def test_the_last_url_still_holds_after_the_server_was_started_anew(tmp_path, ending):
    own = OwnServer(tmp_path / "data")
    server = own.start()
    content = random.randbytes(5 * PART + 1)
    url = open_session(server, "a.bin", len(content)).json()["upload_url"]
    for start in range(0, len(content), PART):
        part = content[start:start + PART]
        answer = send(url, part)
        own.stop(ending)
        own.start()
        # The answer may have been lost with the server: the same part again gets it again.
        assert send(url, part) == answer
        url = answer.get("next_url")
    assert fetch_digest(answer["_links"]["download"]["href"]) == sha256(content)
    own.stop(signal.SIGTERM)
    own.check()

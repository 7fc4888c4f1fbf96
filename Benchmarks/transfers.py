"""Measures a running server beside its peers: see Benchmarks/transfers, which starts it."""

import argparse
import http.client
import json
import os
import platform
import re
import shutil
import socket
import statistics
import subprocess
import tempfile
import threading
import time
import urllib.parse

MIB = 1 << 20
PART = 512 * 1024


class Amo:
    """An integration at the files host, on a connection of its own."""

    def __init__(self, credentials):
        address = urllib.parse.urlsplit(credentials["amocrm"]["drive_url"])
        self.token = credentials["amocrm"]["access_token"]
        self.connection = http.client.HTTPConnection(address.hostname, address.port, timeout=300)

    def ask(self, method, target, body, headers):
        self.connection.request(method, target, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise SystemExit(f"{answer.status} to {method} {target}: {text[:500]!r}")
        return json.loads(text)

    def upload(self, name, content):
        """Sends `content` in parts.

        Returns the model of the file and the seconds of every part, the last one's last.
        """
        session = self.ask(
            "POST", "/v1.0/sessions", json.dumps({"file_name": name, "file_size": len(content)}),
            {"Authorization": "Bearer " + self.token, "Content-Type": "application/json"})
        seconds = []
        url = session["upload_url"]
        for start in range(0, len(content), PART):
            begun = time.perf_counter()
            answer = self.ask(
                "POST", urllib.parse.urlsplit(url).path, content[start:start + PART],
                {"Content-Type": "application/octet-stream"})
            seconds.append(time.perf_counter() - begun)
            url = answer.get("next_url", url)
        return answer, seconds


def timed(command):
    begun = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return time.perf_counter() - begun


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Nginx:
    """With sendfile, over one folder."""

    def __init__(self, folder, served):
        self.port = free_port()
        config = os.path.join(folder, "nginx.conf")
        with open(config, "w") as file:
            file.write(f"""
                daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.log; worker_processes auto;
                {"user root;" if os.geteuid() == 0 else ""}
                events {{ worker_connections 1024; }}
                http {{
                    access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000;
                    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
                    fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
                    server {{ listen 127.0.0.1:{self.port}; location / {{ root {served}; }} }}
                }}
                """)
        self.process = subprocess.Popen(["nginx", "-c", config, "-p", folder], stderr=subprocess.DEVNULL)
        for _ in range(100):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise SystemExit("nginx did not start: see " + folder)

    def stop(self):
        self.process.terminate()
        self.process.wait(timeout=30)


def downloads_a_second(url, seconds):
    text = subprocess.run(
        ["wrk", "-t1", "-c4", f"-d{seconds}s", "--timeout", "60s", url], check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in text or "Socket errors" in text:
        raise SystemExit(text)
    return float(re.search(r"Requests/sec:\s*([\d.]+)", text)[1])


def server_process(port):
    """The id of the process that listens on `port`."""
    wanted = f":{port:04X}"
    inodes = set()
    with open("/proc/net/tcp") as table:
        for line in list(table)[1:]:
            fields = line.split()
            if fields[1].endswith(wanted) and fields[3] == "0A":
                inodes.add(f"socket:[{fields[9]}]")
    for process in filter(str.isdigit, os.listdir("/proc")):
        try:
            for handle in os.listdir(f"/proc/{process}/fd"):
                if os.readlink(f"/proc/{process}/fd/{handle}") in inodes:
                    return int(process)
        except OSError:
            continue
    raise SystemExit(f"nobody listens on {port}")


def resident(process, name):
    """A figure of /proc/PID/status in bytes: VmRSS now, VmHWM at most since it was last forgotten."""
    with open(f"/proc/{process}/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith(name + ":"))


def peak_of_eight(credentials, process):
    """The most the server held while eight clients uploaded 100 MB each."""
    content = os.urandom(100 * MIB)
    with open(f"/proc/{process}/clear_refs", "w") as refs:
        refs.write("5")

    def upload(index):
        Amo(credentials).upload(f"many-{index}.bin", content)

    threads = [threading.Thread(target=upload, args=(index,)) for index in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return resident(process, "VmHWM")


def facts():
    with open("/proc/cpuinfo") as file:
        model = next((line.split(":")[1].strip() for line in file if line.startswith("model name")), platform.machine())
    return f"{model}, {os.cpu_count()} cores, Linux {platform.release()}"


def line(what, ours, beside, ratio, at_least=None, at_most=None):
    missed = (at_least is not None and ratio < at_least) or (at_most is not None and ratio > at_most)
    wanted = f"at least {at_least}" if at_least is not None else f"at most {at_most}"
    print(f"| {what} | {ours} | {beside} | **{ratio:.2f}** ({wanted}{', missed' if missed else ''}) |", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    with open(os.environ["DOSSIER_CREDENTIALS"]) as file:
        credentials = json.load(file)
    port = urllib.parse.urlsplit(credentials["amocrm"]["drive_url"]).port
    process = server_process(port)
    folder = tempfile.mkdtemp(prefix="dossier-transfers.")
    nginx = None
    try:
        print(f"{facts()}; {rounds} rounds in turns, medians.\n")
        print("| work | Dossier | beside | ratio |")
        print("| --- | --- | --- | --- |", flush=True)
        amo = Amo(credentials)

        size = 300 * MIB
        source, target = os.path.join(folder, "source"), os.path.join(folder, "target")
        uploads, peers, steps = [], [], []
        for index in range(rounds):
            # Other bytes each time: equal ones would be kept once.
            content = os.urandom(size)
            with open(source, "wb") as file:
                file.write(content)
                os.fsync(file.fileno())
            peers.append(
                timed(["openssl", "dgst", "-sha256", source])
                + timed(["dd", "if=" + source, "of=" + target, "bs=512K", "conv=fsync"]))
            begun = time.perf_counter()
            _, seconds = amo.upload(f"large-{index}.bin", content)
            uploads.append(time.perf_counter() - begun)
            steps.append(seconds[-1] / statistics.median(seconds[1:-1]))
            os.remove(target)
        ours, peer = statistics.median(uploads), statistics.median(peers)
        line(
            "upload of 300 MB in parts of 512 KiB", f"{size / MIB / ours:.0f} MiB/s",
            f"`openssl dgst -sha256`, then `dd conv=fsync`: {size / MIB / peer:.0f} MiB/s", peer / ours, at_least=0.8)
        line("the answer to its last part", "", "to its median part", statistics.median(steps), at_most=5)

        served = os.path.join(folder, "served")
        os.mkdir(served)
        nginx = Nginx(folder, served)
        for size, wanted in [(100 * MIB, 1.0), (MIB, 0.8)]:
            content = os.urandom(size)
            with open(os.path.join(served, str(size)), "wb") as file:
                file.write(content)
            model, _ = amo.upload(f"down-{size}.bin", content)
            link = model["_links"]["download"]["href"]
            ours, peers = [], []
            for _ in range(rounds):
                ours.append(downloads_a_second(link, 4))
                peers.append(downloads_a_second(f"http://127.0.0.1:{nginx.port}/{size}", 4))
            mine, theirs = statistics.median(ours), statistics.median(peers)
            line(
                f"download of {size // MIB} MB, 4 connections", f"{mine * size / MIB:.0f} MiB/s",
                f"nginx with sendfile: {theirs * size / MIB:.0f} MiB/s", mine / theirs, at_least=wanted)

        peak = peak_of_eight(credentials, process) / MIB
        line("memory, eight uploads of 100 MB at once", f"{peak:.0f} MiB at most", "128 MiB", peak / 128, at_most=1)
    finally:
        if nginx is not None:
            nginx.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()

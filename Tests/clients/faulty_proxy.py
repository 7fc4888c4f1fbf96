"""A TCP proxy that loses requests and answers on their way, by chance from a seed."""

import random
import socket
import socketserver
import struct
import threading


class FaultyProxy:
    """Takes requests of one connection each on `port` and hands them to `upstream`; every fifth gets through at the latest.

    Beside what it lets through it cuts requests at any byte, cuts answers at any byte, sends requests twice, and refuses
    connections; half of the cuts are resets.
    """

    def __init__(self, upstream, seed):
        self.faults = 0
        self._upstream = upstream
        self._random = random.Random(seed)
        self._in_a_row = 0
        self._lock = threading.Lock()
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self):
                proxy._serve(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address = daemon_threads = True

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()

    def _choose(self, length):
        with self._lock:
            if self._in_a_row == 4 or self._random.random() < 0.4:
                self._in_a_row = 0
                return "none", 0, False
            self._in_a_row += 1
            self.faults += 1
            kind = self._random.choice(["request", "request", "answer", "answer", "twice", "refused"])
            return kind, self._random.randint(0, length if kind == "request" else 1500), self._random.random() < 0.5

    def _serve(self, client):
        request = read_request(client)
        if request is None:
            return
        kind, count, with_reset = self._choose(len(request))
        if kind == "refused":
            return end(client, True)
        with socket.create_connection(self._upstream, timeout=60) as server:
            if kind == "request":
                server.sendall(request[:count])
                end(server, with_reset)
                return end(client, with_reset)
            server.sendall(request)
            answer = read_all(server)
        if kind == "twice":
            with socket.create_connection(self._upstream, timeout=60) as server:
                server.sendall(request)
                answer = read_all(server)
        client.sendall(answer[:count] if kind == "answer" else answer)
        end(client, kind == "answer" and with_reset)


def end(connection, with_reset):
    if with_reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def read_all(connection):
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def read_request(connection):
    """A whole request that says its length; None when the client went away before."""
    data = bytearray()
    while True:
        head, mark, body = data.partition(b"\r\n\r\n")
        if mark:
            lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
            if len(body) >= (int(lengths[0]) if lengths else 0):
                return bytes(data)
        part = connection.recv(65536)
        if not part:
            return None
        data += part

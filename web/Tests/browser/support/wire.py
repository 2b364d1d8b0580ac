"""Calls to the services by the wire, as docs/wire-protocol.md has them."""

import itertools
import json
import socket
import struct


class Refusal(Exception):
    """Why a call was not done."""

    def __init__(self, status, error):
        super().__init__(f"{error['reason']}: {error['message']}")
        self.status = status
        self.reason = error["reason"]


class Wire:
    """One connection to one service; one call after the other."""

    def __init__(self, path, patience=10.0):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(patience + 1)
        try:
            self.socket.connect(str(path))
        except OSError:
            self.socket.close()
            raise
        self.timeout = int(patience * 1000)
        self.ids = itertools.count(1)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def call(self, method, /, **body):
        id = next(self.ids)
        message = json.dumps({"id": id, "method": method, "timeout": self.timeout, "body": body}).encode()
        self.socket.sendall(struct.pack(">I", len(message)) + message)
        while True:
            answer = json.loads(self._read(struct.unpack(">I", self._read(4))[0]))
            if answer.get("id") not in (id, 0):
                continue
            if answer["status"] != 0:
                raise Refusal(answer["status"], answer["error"])
            return answer["body"]

    def _read(self, count):
        data = bytearray()
        while len(data) < count:
            more = self.socket.recv(count - len(data))
            if not more:
                raise ConnectionError("the service closed the connection")
            data += more
        return bytes(data)

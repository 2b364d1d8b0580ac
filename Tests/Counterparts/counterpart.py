"""HTTPS servers on 127.0.0.1 that a test can make misbehave; what the counterparts of the gateway's tests share.

One process serves all tests, since Python takes its time to start. It reads lines from standard input, and ends with it:

    + DIRECTORY     starts a server; DIRECTORY holds its `server.pem` and `server.key`
    - DIRECTORY     stops that server

A server writes its port into `port` in its directory once it listens, and removes that file once it does not. It appends
each request that it read whole to `requests`, a JSON object a line. What it is to do with the next requests it reads
from `orders`, a line for each: see `OneRequest.misbehave`.
"""

import contextlib
import http.server
import json
import os
import socket
import ssl
import struct
import sys
import threading


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512

    def __init__(self, handler, directory):
        super().__init__(("127.0.0.1", 0), handler)
        self.directory = directory
        self.lock = threading.Lock()
        self.done = 0
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path("server.pem"), self.path("server.key"))

    def path(self, name):
        return os.path.join(self.directory, name)

    def finish_request(self, request, address):
        # The handshake belongs to the connection's own thread: one that stalls must not hold up the others.
        request.settimeout(60)
        try:
            request = self.context.wrap_socket(request, server_side=True)
        except OSError:
            return
        super().finish_request(request, address)

    def handle_error(self, request, address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, address)

    def order(self):
        """What to do with the request that was just read."""
        with self.lock:
            try:
                with open(self.path("orders")) as file:
                    orders = file.read().split("\n")
            except FileNotFoundError:
                orders = []
            self.done += 1
            return orders[self.done - 1] if self.done <= len(orders) else ""

    def note(self, **what):
        with self.lock, open(self.path("requests"), "a") as file:
            file.write(json.dumps(what) + "\n")


class OneRequest(http.server.BaseHTTPRequestHandler):
    """A connection; `do_POST` reads a request whole, and answers it unless it was ordered to misbehave."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.count = 0
        self.is_mute = False

    def log_message(self, *_):
        pass

    def do_GET(self):
        # The gateway makes none: it would be a redirect that was followed.
        self.server.note(method="GET", path=self.path)
        self.answer(200, "text/plain", "")

    def do_POST(self):
        self.count += 1
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        order = self.server.order()
        self.server.note(
            method="POST", path=self.path, body=body, order=order, count=self.count,
            headers={name.lower(): value for name, value in self.headers.items()})
        if not self.misbehave(*order.split(" ")):
            self.serve(body)

    def serve(self, body):
        raise NotImplementedError

    def misbehave(self, word, *more):
        """Does what was ordered, if anything was."""
        if word == "hang":
            self.hang()
        elif word == "mute":
            # It is served, and the other side never hears of it.
            self.is_mute = True
            return False
        elif word == "reset":
            linger = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
            self.close_connection = True
        elif word == "close":
            self.close_connection = True
        elif word == "half":
            self.answer(200, "application/json", '{"sid":', length=1000)
            self.close_connection = True
        elif word == "long":
            self.answer(200, "application/json", " " * int(more[0]))
        elif word == "garbage":
            self.answer(int(more[0]), "application/json", '{"sid": "SM')
        elif word == "status":
            # status NUMBER [RETRY-AFTER]
            self.answer(int(more[0]), "text/html", "<h1>No.</h1>", more[1:])
        elif word == "redirect":
            self.send_response(302)
            self.send_header("Location", f"https://{self.headers['Host']}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif word == "refuse":
            # refuse STATUS CODE [RETRY-AFTER]
            self.refuse(int(more[0]), more[1], more[2:])
        else:
            return False
        return True

    def refuse(self, status, code, retry_after):
        raise NotImplementedError

    def hang(self):
        """Until the other side has enough of it."""
        self.connection.recv(1)
        self.close_connection = True

    def answer(self, status, kind, text, retry_after=(), length=None):
        if self.is_mute:
            return self.hang()
        body = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length or len(body)))
        if retry_after:
            self.send_header("Retry-After", retry_after[0])
        self.end_headers()
        self.wfile.write(body)


def start(handler, directory):
    server = Server(handler, directory)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    # Whole or not at all, since the test looks for it.
    with open(server.path("port.new"), "w") as file:
        file.write(str(server.server_address[1]))
    os.rename(server.path("port.new"), server.path("port"))
    return server


def stop(server):
    server.shutdown()
    server.server_close()
    with contextlib.suppress(FileNotFoundError):
        os.remove(server.path("port"))


def run(handler):
    servers = {}
    for line in sys.stdin:
        sign, _, directory = line.strip().partition(" ")
        if sign == "+":
            servers[directory] = start(handler, directory)
        else:
            stop(servers.pop(directory))

"""The services and the front end as processes of their own, with a firm, for tests that come from outside."""
import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import tempfile
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILD = os.environ.get("CLIENTHUB_BUILD", "debug")
PASSWORD = "april-showers-1040"
SESSION = "__Host-session"
# Generous: a test that needs so long has failed.
LIMIT = 60


def wait_until(condition, what):
    """Returns the first true value of a condition."""
    end = time.monotonic() + LIMIT
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited for {what} for {LIMIT} s")
        time.sleep(0.05)
    return value


def free_port():
    """A port of this host that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def totp(secret):
    """The code of an authenticator app now (RFC 6238)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class Process:
    """A program, until it is stopped."""

    def __init__(self, words, log):
        self.words = [str(word) for word in words]
        self.log = log
        self.start()

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(self.words, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def check(self):
        """Raises where the program has ended."""
        if self.process.poll() is not None:
            raise RuntimeError(f"{self.words[0]} ended with {self.process.returncode}:\n{self.log.read_text()}")

    def stop(self):
        """Has it end, and returns its status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=LIMIT)


class Stack:
    """All processes, in a directory of their own. `origin` is what the browser's address bar shows."""

    def __init__(self, origin="https://hub.example.com", settings=None):
        self.directory = pathlib.Path(tempfile.mkdtemp(prefix="clienthub-"))
        self.port = free_port()
        self.origin = origin
        self.processes = {}
        try:
            self._start(settings or {})
        except BaseException:
            self.close()
            raise

    def _start(self, settings):
        for key in ("otp", "sms"):
            path = self.directory / f"{key}.key"
            path.write_text(f"1 {base64.b64encode(os.urandom(32)).decode()}\n")
            path.chmod(0o600)
        self._service("sms", "SMSGateway", {
            "key": str(self.directory / "sms.key"),
            "providers": [{"name": "paper", "kind": "outbox", "directory": "outbox"}]})
        self._service("otp", "OTPService", {"key": str(self.directory / "otp.key"), "sms": "sms.sock"})
        self._service("auth", "AuthService", {"otp": "otp.sock"})
        self._run("web", ROOT / "web/.build" / BUILD / "ClientHubWeb", {
            "listen": f"127.0.0.1:{self.port}", "origin": self.origin, "auth": "auth.sock", "otp": "otp.sock",
            "sms": "sms.sock", "firm": "demo", **settings})
        self.wait_for_web()

    def _service(self, name, program, settings):
        self._run(name, ROOT / ".build" / BUILD / program,
                  {"socket": f"{name}.sock", "database": f"{name}.db", **settings})
        self.wait_for(name)

    def _run(self, name, program, settings):
        configuration = self.directory / f"{name}.json"
        configuration.write_text(json.dumps(settings))
        self.processes[name] = Process([program, "--config", configuration], self.directory / f"{name}.log")

    def wait_for(self, name):
        """Waits until a service answers."""
        def answers():
            self.processes[name].check()
            try:
                return self.call("wire.Health", service=name)
            except (ConnectionError, FileNotFoundError):
                return None
        wait_until(answers, name)

    def wait_for_web(self):
        """Waits until pages can be shown."""
        def answers():
            self.processes["web"].check()
            try:
                return self.get("/healthz")[0] == 200
            except ConnectionError:
                return False
        wait_until(answers, "the front end")

    def stop(self, name):
        return self.processes[name].stop()

    def start(self, name):
        """Starts again what was stopped."""
        self.processes[name].start()
        self.wait_for_web() if name == "web" else self.wait_for(name)

    def close(self):
        for name in reversed(self.processes):
            self.stop(name)
        shutil.rmtree(self.directory)

    def call(self, method, /, service="auth", **body):
        """Makes a call to a service; what it answers."""
        message = json.dumps({"id": 1, "method": method, "timeout": LIMIT * 1000, "body": body}).encode()
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self.directory / f"{service}.sock"))
            connection.sendall(struct.pack(">I", len(message)) + message)
            length = connection.recv(4, socket.MSG_WAITALL)
            if len(length) < 4:
                raise ConnectionResetError(f"{service} closed the connection")
            answer = json.loads(connection.recv(struct.unpack(">I", length)[0], socket.MSG_WAITALL))
        if answer["status"] != 0:
            raise RuntimeError(f"{method}: {answer['error']}")
        return answer["body"]

    def get(self, path, headers=None):
        """What the front end itself answers on loopback: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=LIMIT)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()

    # People

    def create_firm(self):
        """The firm `demo` and its owner, who has set 2FA up; the owner's session."""
        self.call("auth.CreateFirm", slug="demo", name="Demo Tax & Books",
                  owner={"name": "Olivia Owner", "email": "owner@demo.example", "password": PASSWORD})
        return self.set_up(self.log_in("owner@demo.example"))[0]

    def create_client(self, name, email):
        return self.call("auth.CreateClient", firm="demo", name=name, email=email, password=PASSWORD)["client"]

    def log_in(self, email):
        """A new session."""
        return self.call("auth.LogIn", firm="demo", email=email, password=PASSWORD)["session"]

    def set_up(self, session):
        """Sets an authenticator up; the session that takes the place of the other, and the secret."""
        secret = self.call("auth.BeginSetUp", session=session, method="authenticator")["secret"]
        done = self.call("auth.ConfirmSetUp", session=session, method="authenticator", code=totp(secret))
        return done["session"], secret


class Browser:
    """What a browser does with pages over TLS: it keeps cookies, and follows no redirect by itself."""

    def __init__(self, port, certificate, source=None):
        self.port = port
        self.context = ssl.create_default_context(cafile=certificate)
        self.source = source
        self.cookies = {}

    def request(self, method, path, body=None, headers=None):
        """An answer, read whole: `status`, `headers`, `text`."""
        connection = http.client.HTTPSConnection(
            "localhost", self.port, context=self.context, timeout=LIMIT, source_address=self.source)
        try:
            headers = dict(headers or {})
            if self.cookies:
                headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            answer.text = answer.read()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies[name] = value
                if not value:
                    del self.cookies[name]
            return answer
        finally:
            connection.close()

    def get(self, path, headers=None):
        return self.request("GET", path, headers=headers)

    def send_form(self, path, fields, headers=None):
        """Opens a page and sends its form."""
        page = self.get(path).text.decode()
        token = re.search(r'name="_token" value="([^"]+)"', page)[1]
        body = urllib.parse.urlencode({"_token": token, **fields})
        return self.request("POST", path.partition("?")[0], body=body, headers={
            "Content-Type": "application/x-www-form-urlencoded", **(headers or {})})

"""The product itself: the four executables in a scratch directory, each with a configuration of its own."""

import atexit
import base64
import ctypes
import http.client
import itertools
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from .patience import wait_for
from .people import PASSWORD, App, Firm, Person, Phone
from .places import program
from .wire import Wire

NAMES = [
    "Carla Cliente", "Ben Okafor", "Dana Whitfield", "Elena Petrova", "Frank Huang", "Grace Lindqvist", "Hugo Martin",
    "Iris Cohen", "Jamal Reyes",
]


def _end_with_parent():
    """Lets the kernel end a service whose test run was killed."""
    PR_SET_PDEATHSIG = 1
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


class Service:
    """One process of the product, which can be stopped and started again."""

    def __init__(self, program, configuration, log, is_ready):
        self.program, self.configuration, self.log, self.is_ready = program, configuration, log, is_ready
        self.process = None

    def start(self):
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [self.program, "--config", self.configuration], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=_end_with_parent)
        wait_for(f"{self.program.name} that serves", self._serves_or_fails)

    def _serves_or_fails(self):
        if self.process.poll() is not None:
            end = "\n".join(self.log.read_text().splitlines()[-10:])
            raise AssertionError(f"{self.program.name} ended with status {self.process.returncode}:\n{end}")
        try:
            return self.is_ready()
        except OSError:
            return False

    def stop(self):
        """Ends it as systemd would, and holds it to a clean end."""
        if self.process is None:
            return
        process, self.process = self.process, None
        process.terminate()
        try:
            status = process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise AssertionError(f"{self.program.name} does not stop") from None
        if status != 0:
            raise AssertionError(f"{self.program.name} ended with status {status}; see {self.log}")


class Hub:
    """The running product. Tests share one, each with firms of its own."""

    _shared = None

    @classmethod
    def shared(cls):
        if cls._shared is None:
            cls._shared = cls()
            # A signal that ends the run must not leave services behind.
            signal.signal(signal.SIGTERM, lambda *_: exit(143))
            atexit.register(cls._shared.close)
            cls._shared.start()
        return cls._shared

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="clienthub-browser-"))
        self.outbox = self.folder / "outbox"
        self.numbers = itertools.count(1)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.origin = f"http://localhost:{self.port}"
        self.sms = self._service("SMSGateway", "sms", self._sms())
        self.otp = self._service("OTPService", "otp", self._otp())
        self.auth = self._service("AuthService", "auth", self._auth())
        self.web = self._service("ClientHubWeb", "web", self._web())
        self.services = [self.sms, self.otp, self.auth, self.web]

    def start(self):
        for service in self.services:
            service.start()

    def close(self):
        try:
            for service in reversed(self.services):
                service.stop()
        finally:
            for service in self.services:
                if service.process is not None:
                    service.process.kill()
        # What went wrong stays to be looked at.
        shutil.rmtree(self.folder)

    @property
    def is_whole(self):
        """Whether no service is stopped."""
        return all(service.process for service in self.services)

    # Configurations

    def _service(self, executable, name, configuration):
        file = self.folder / f"{name}.json"
        file.write_text(json.dumps(configuration, indent=2))
        return Service(
            program(executable), file, self.folder / f"{name}.log",
            self._web_is_ready if name == "web" else lambda: self._is_ready(name))

    def socket(self, name):
        return str(self.folder / f"{name}.sock")

    def _common(self, name):
        return {
            "socket": self.socket(name), "database": str(self.folder / f"{name}.db"),
            "backups": str(self.folder / "backups"),
        }

    def _key(self, name):
        file = self.folder / f"{name}.key"
        file.write_text(f"1 {base64.b64encode(os.urandom(32)).decode()}\n")
        file.chmod(0o600)
        return str(file)

    def _sms(self):
        # The limits are the gateway's own tests' matter; here a few numbers get many codes.
        limits = dict.fromkeys(["numberPerTenMinutes", "numberPerHour", "numberPerDay", "prefixPerHour"], 1000)
        outbox = {"name": "outbox", "kind": "outbox", "directory": str(self.outbox)}
        return self._common("sms") | {"key": self._key("sms"), "limits": limits, "providers": [outbox]}

    def _otp(self):
        return self._common("otp") | {"key": self._key("otp"), "sms": self.socket("sms")}

    def _auth(self):
        return self._common("auth") | {"otp": self.socket("otp"), "domain": "localhost"}

    def _web(self):
        return {
            "demo": True, "listen": f"127.0.0.1:{self.port}", "origin": self.origin, "key": self._key("web"),
            "auth": self.socket("auth"), "otp": self.socket("otp"), "sms": self.socket("sms"),
            "phone": str(self.outbox),
        }

    def _is_ready(self, name):
        with self.wire(name) as wire:
            return wire.call("wire.Health")["status"] != "draining"

    def _web_is_ready(self):
        return self.get("/healthz").status == 200

    # Calls

    def wire(self, name="auth"):
        return Wire(self.socket(name))

    def call(self, method, /, **body):
        with self.wire(method.split(".")[0]) as wire:
            return wire.call(method, **body)

    def get(self, path, session=None):
        """A plain GET, as a program makes it; redirects are not followed."""
        headers = {"Host": self.origin.split("//")[1]}
        if session:
            headers["Cookie"] = f"__Host-session={session}"
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            answer.text = answer.read().decode()
            return answer
        finally:
            connection.close()

    def pass_time(self, subject, seconds):
        """Lets time pass for somebody's codes: all that OTPService keeps of them becomes so much older."""
        milliseconds, subject = seconds * 1000, bytes.fromhex(subject.replace("-", ""))
        database = sqlite3.connect(self.folder / "otp.db", timeout=30)
        try:
            with database:
                database.execute(
                    "UPDATE chain SET last_sent = last_sent - ?1, expires = expires - ?1 WHERE subject = ?2",
                    (milliseconds, subject))
                database.execute(
                    "UPDATE factor SET expires = expires - ?1, last_step = last_step - ?2 WHERE subject = ?3",
                    (milliseconds, seconds // 30, subject))
                database.execute("UPDATE attempt SET last = last - ?1 WHERE subject = ?2", (milliseconds, subject))
        finally:
            database.close()

    # People

    def firm(self, clients=1, name="Harbor Tax & Books"):
        """A firm with its owner, who has an authenticator app, and clients who have nothing yet."""
        slug = f"harbor-{next(self.numbers)}"
        firm = Firm(slug, name)
        owner = {"name": "Olivia Harbor", "email": f"olivia@{slug}.example", "password": PASSWORD}
        made = self.call("auth.CreateFirm", slug=slug, name=name, owner=owner)
        firm.owner = Person(firm, owner["name"], owner["email"], made["owner"])
        for number in range(clients):
            self.client(firm, NAMES[number])
        firm.session = self.enrol(firm.owner)
        return firm

    def client(self, firm, name):
        email = f"{name.split()[0].lower()}@{firm.slug}.example"
        made = self.call("auth.CreateClient", firm=firm.slug, name=name, email=email, password=PASSWORD)
        client = Person(firm, name, email, made["client"])
        firm.clients.append(client)
        return client

    def phone(self):
        return Phone(self.outbox, f"415555{2000 + next(self.numbers):04}")

    def log_in(self, person):
        """A session by the wire, with its second factor proved where there is an app."""
        reply = self.call("auth.LogIn", firm=person.firm.slug, email=person.email, password=person.password)
        session = reply["session"]
        if reply["gate"]["state"] == "verify" and person.app:
            code = person.app.code()
            session = self.call("auth.Verify", session=session, method="authenticator", code=code)["session"]
        return session

    def enrol(self, person, session=None):
        """Sets an authenticator app up by the wire; gives the session that goes on."""
        session = session or self.log_in(person)
        begun = self.call("auth.BeginSetUp", session=session, method="authenticator")
        person.app = App(self, person.id, begun["secret"])
        done = self.call("auth.ConfirmSetUp", session=session, method="authenticator", code=person.app.code())
        person.recovery_codes = done["recoveryCodes"]
        return done["session"]

    def enrol_phone(self, person):
        """Sets text messages up by the wire; gives the phone."""
        session, phone = self.log_in(person), self.phone()
        self.call("auth.BeginSetUp", session=session, method="sms", phone=phone.typed)
        done = self.call("auth.ConfirmSetUp", session=session, method="sms", code=phone.next_code())
        person.recovery_codes = done.get("recoveryCodes", person.recovery_codes)
        # Whoever logs in next is sent a new code at once.
        self.pass_time(person.id, 600)
        return phone

    def require(self, firm, required=True):
        """The firm's toggle, by the wire."""
        version = self.settings(firm)["version"]
        self.call("auth.UpdateSettings", session=firm.session, version=version, twoFactorRequired=required)

    def settings(self, firm):
        return self.call("auth.GetSettings", session=firm.session)

    def events(self, firm, person):
        """What happened with somebody, newest first."""
        return self.call("auth.ListActivity", session=firm.session, client=person.id, limit=200)["events"]

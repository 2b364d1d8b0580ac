"""People as the tests know them: their passwords, their authenticator apps, their phones."""

import json
import subprocess
import time
from dataclasses import dataclass, field

from .patience import wait_for

PASSWORD = "april-showers-1040"


@dataclass
class Person:
    firm: "Firm"
    name: str
    email: str
    id: str
    password: str = PASSWORD
    app: "App | None" = None
    recovery_codes: list = field(default_factory=list)


@dataclass
class Firm:
    slug: str
    name: str
    owner: Person = None
    # One of the owner's sessions, proved by the second factor, for calls by the wire.
    session: str = ""
    clients: list = field(default_factory=list)


class App:
    """An authenticator app: oathtool with the secret of a QR code."""

    def __init__(self, hub, subject, secret):
        self.hub, self.subject, self.secret = hub, subject, secret
        self.last = 0

    def code(self):
        """A code that was never given before. Where that is one of a later half minute, the half minute passes."""
        now = int(time.time()) // 30
        if self.last > now:
            self.hub.pass_time(self.subject, 300)
            self.last -= 10
        self.last = max(now, self.last + 1)
        return self._at(self.last)

    def last_code(self):
        """The code that was given last."""
        return self._at(self.last)

    def _at(self, step):
        moment = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(step * 30 + 15))
        command = ["oathtool", "--totp", "--base32", "--now", moment, self.secret]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Phone:
    """A phone that text messages come to: what the outbox has for its number."""

    def __init__(self, outbox, digits):
        self.outbox, self.number = outbox, "+1" + digits
        # As people write it.
        self.typed = f"({digits[:3]}) {digits[3:6]}-{digits[6:]}"
        self.read = 0

    def messages(self):
        files = sorted(self.outbox.glob("*.json")) if self.outbox.exists() else []
        messages = [json.loads(file.read_text()) for file in files if not file.name.startswith(".")]
        return [message["text"] for message in messages if message["to"] == self.number]

    def next_code(self):
        """The code of the next message that was not read yet, which may still be on its way."""
        wait_for(f"message number {self.read + 1} for {self.number}", lambda: len(self.messages()) > self.read)
        text = self.messages()[self.read]
        self.read += 1
        return text.split("code: ")[1].split(".")[0]

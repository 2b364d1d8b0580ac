"""People of a test: who they are, what their apps and phones show, and what their browsers do with the pages."""
import base64
import hashlib
import hmac
import http.client
import json
import re
import struct
import time
import urllib.parse

from places import LIMIT, wait_until

PASSWORD = "april-showers-1040"


def totp(secret, step=0):
    """The code of an authenticator app (RFC 6238), so many steps from now."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(time.time()) // 30 + step), hashlib.sha1).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at:at + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def texted_code(machine, number):
    """The code of the newest text message to a number, once there is one that was not asked for before."""
    outbox = machine.root.place("/var/lib/clienthub/sms/outbox")

    def newest():
        for file in sorted(outbox.glob("[!.]*.json"), reverse=True):
            message = json.loads(file.read_text())
            if message["to"] == number and file.name not in texted_code.seen:
                texted_code.seen.add(file.name)
                return re.search(r"\d{6}", message["text"]).group()
        return None
    return wait_until(newest, f"a message to {number}")


texted_code.seen = set()


class Browser:
    """A person's browser at the front end's port, as nginx would pass it on: it keeps cookies and follows redirects."""

    def __init__(self, origin="https://hub.example.com"):
        self.host = origin.removeprefix("https://")
        self.origin = origin
        self.cookies = {}
        self.place = "/"
        self.page = ""

    def request(self, method, path, fields=None):
        """Opens a path; the status of the page that it ends at."""
        for _ in range(10):
            connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=LIMIT)
            headers = {"Host": self.host, "X-Forwarded-For": "203.0.113.7",
                       "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
            body = None
            if method == "POST":
                body = urllib.parse.urlencode(fields)
                headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": self.origin}
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            self.page = answer.read().decode()
            connection.close()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, _, value = line.partition(";")[0].partition("=")
                self.cookies.pop(name, None)
                if value:
                    self.cookies[name] = value
            self.place = path
            if answer.status not in (301, 302, 303, 307, 308):
                return answer.status
            method, path = "GET", answer.headers["Location"].removeprefix(self.origin)
        raise RuntimeError(f"redirected without end: {path}")

    def open(self, path):
        return self.request("GET", path)

    def send(self, action=None, **fields):
        """Sends the form of the page that leads to `action`, its hidden fields with it."""
        for form in re.findall(r"<form\b.*?</form>", self.page, re.DOTALL):
            target = re.search(r'action="([^"]*)"', form)
            target = target[1] if target else self.place
            if action is None or target.partition("?")[0] == action:
                hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))
                return self.request("POST", target, {**hidden, **fields})
        raise LookupError(f"{self.place} has no form for {action}:\n{self.page}")

    def log_in(self, email):
        self.open("/log-in?firm=demo")
        return self.send("/log-in", firm="demo", email=email, password=PASSWORD)

"""A machine: a Debian in a folder, booted by systemd-nspawn, with systemd as its first process."""
import ctypes
import http.client
import json
import os
import pathlib
import re
import socket
import struct
import subprocess
import time

from places import LIMIT, WORK, run, wait_until

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)


class Refused(Exception):
    """A call's refusal: its reason."""


class Machine:
    """Boots a root. From then on this process uses the machine's network, which is its own loopback alone."""

    def __init__(self, root):
        self.root = root
        self.log = open(WORK / "console.log", "wb")
        self.began = time.monotonic()
        # A network of its own, so that the ports of this host are not in its way.
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", f"--directory={root.path}", "--boot", "--register=no", "--keep-unit",
             "--private-network", "--console=pipe"],
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        # Of this thread: a process' first thread may be in another network.
        self.own_network = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.leader = wait_until(self._leader, "the first process of the machine")

    def _leader(self):
        if self.nspawn.poll() is not None:
            raise RuntimeError(f"systemd-nspawn ended: {(WORK / 'console.log').read_text()}")
        children = pathlib.Path(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children").read_text().split()
        return next((child for child in children
                     if pathlib.Path(f"/proc/{child}/comm").read_text().strip() == "systemd"), None)

    def wait_for_boot(self):
        """Waits until the boot is done; what systemd says of it then."""
        def state():
            done = self.attempt("systemctl", "is-system-running")
            return done.stdout.strip() in ("running", "degraded") and done.stdout.strip()
        result = wait_until(state, "the boot")
        self.enter_network(f"/proc/{self.leader}/ns/net")
        return result

    def enter_network(self, path):
        descriptor = os.open(path, os.O_RDONLY) if isinstance(path, str) else path
        if LIBC.setns(descriptor, CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "setns")

    def close(self):
        """Shuts it down, once."""
        if self.log.closed:
            return
        self.enter_network(self.own_network)
        self.nspawn.terminate()
        try:
            self.nspawn.wait(timeout=LIMIT)
        except subprocess.TimeoutExpired:
            self.nspawn.kill()
            self.nspawn.wait()
        self.log.close()
        os.close(self.own_network)

    # Commands

    def attempt(self, *words):
        return subprocess.run(
            ["nsenter", "--target", self.leader, "--mount", "--uts", "--ipc", "--pid", "--cgroup", "--net",
             "env", "-i", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C.UTF-8", "DEBIAN_FRONTEND=noninteractive",
             *map(str, words)],
            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)

    def run(self, *words):
        done = self.attempt(*words)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}")
        return done.stdout.rstrip("\n")

    def shell(self, text):
        return self.run("sh", "-ec", text)

    def show(self, unit, name):
        """A property of a unit."""
        return self.run("systemctl", "show", "--value", f"--property={name}", unit)

    def pid(self, service):
        """The number of a service's process, in the machine."""
        return int(self.show(f"clienthub-{service}.service", "MainPID"))

    def host_pid(self, service):
        """The same as this host counts."""
        inside = self.pid(service)
        for status in pathlib.Path("/proc").glob("[0-9]*/status"):
            try:
                text = status.read_text()
            except OSError:
                continue
            numbers = re.search(r"^NSpid:\s+(.*)$", text, re.MULTILINE)
            if numbers and numbers[1].split()[1:] == [str(inside)] and self._is_ours(status.parent):
                return int(status.parent.name)
        raise LookupError(f"no process {inside} of the machine")

    def _is_ours(self, process):
        try:
            return os.readlink(process / "ns/pid") == os.readlink(f"/proc/{self.leader}/ns/pid")
        except OSError:
            return False

    def journal(self, unit, *more):
        return self.run("journalctl", "--no-pager", "--output=cat", f"--unit={unit}", *more)

    def active(self, unit):
        return self.attempt("systemctl", "is-active", unit).stdout.strip()

    def wait_active(self, unit):
        def state():
            now = self.active(unit)
            if now == "failed":
                raise RuntimeError(f"{unit} failed:\n{self.journal(unit)}")
            return now == "active"
        wait_until(state, f"{unit} to be active")

    # Calls

    def connect(self, service):
        """A connection to a service's socket, as root."""
        connection = socket.socket(socket.AF_UNIX)
        connection.settimeout(LIMIT)
        connection.connect(f"/proc/{self.leader}/root/run/clienthub/{service}.sock")
        return connection

    def call(self, wire, /, service="auth", **body):
        """Makes a call as root; what it answers."""
        with self.connect(service) as connection:
            return ask(connection, wire, body)

    def get(self, path, headers=None):
        """What the front end answers: status, headers, body."""
        connection = http.client.HTTPConnection("127.0.0.1", 8080, timeout=LIMIT)
        try:
            connection.request("GET", path, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read().decode()
        finally:
            connection.close()


def ask(connection, method, body=None, number=1):
    """Makes a call on a connection; raises `Refused` with the reason, and ConnectionError where no answer came."""
    message = json.dumps({"id": number, "method": method, "timeout": LIMIT * 1000, "body": body or {}}).encode()
    connection.sendall(struct.pack(">I", len(message)) + message)
    # A goaway says that no new call may be made; the one that was is answered all the same.
    while True:
        length = connection.recv(4, socket.MSG_WAITALL)
        if len(length) < 4:
            raise ConnectionResetError("the connection was closed without an answer")
        answer = json.loads(connection.recv(struct.unpack(">I", length)[0], socket.MSG_WAITALL))
        if not answer.get("goaway"):
            break
    if answer["status"] != 0:
        raise Refused(answer["error"]["reason"])
    return answer.get("body", {})

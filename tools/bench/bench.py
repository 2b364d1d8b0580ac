"""What the benchmarks share: calls, servers that are measured, and the page that the results go to."""

import json
import os
import platform
import signal
import socket
import struct
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def call(path, method, **body):
    """One call in JSON; its answer's body."""
    message = json.dumps({"id": 1, "method": method, "timeout": 10000, "body": body}).encode()
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        connection.sendall(struct.pack(">I", len(message)) + message)
        length = struct.unpack(">I", connection.recv(4, socket.MSG_WAITALL))[0]
        answer = json.loads(connection.recv(length, socket.MSG_WAITALL))
    if answer["status"] != 0:
        sys.exit(f"{method}: {answer['error']}")
    return answer["body"]


class Process:
    """A server that is being measured, by default on the first processor."""

    def __init__(self, name, command, path, pinned=True):
        self.name, self.path = name, path
        pin = ["taskset", "-c", "0"] if pinned and os.cpu_count() > 1 else []
        self.process = subprocess.Popen(pin + command, stderr=subprocess.DEVNULL)
        end = time.monotonic() + 30
        while True:
            try:
                self.connect().close()
                return
            except OSError:
                if time.monotonic() > end or self.process.poll() is not None:
                    sys.exit(f"{name} did not start")
                time.sleep(0.02)

    def connect(self):
        """A connection: to a Unix socket's path, or to an address and a port."""
        if isinstance(self.path, tuple):
            return socket.create_connection(self.path)
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(self.path)
        except OSError:
            connection.close()
            raise
        return connection

    def processor_seconds(self):
        with open(f"/proc/{self.process.pid}/schedstat") as file:
            main = int(file.read().split()[0])
        threads = f"/proc/{self.process.pid}/task"
        total = 0
        for thread in os.listdir(threads):
            with open(f"{threads}/{thread}/schedstat") as file:
                total += int(file.read().split()[0])
        return max(main, total) / 1e9

    def resident_mebibytes(self):
        with open(f"/proc/{self.process.pid}/statm") as file:
            return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE") / (1 << 20)

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)


def commits(scratch, callers, seconds):
    """The floor of durable writes: rows a second that SQLite alone writes, as many to a transaction as there are callers."""
    return float(subprocess.run(
        ["taskset", "-c", "0"] * (os.cpu_count() > 1)
        + [os.path.join(ROOT, ".build", "bench", "commits"), os.path.join(scratch, "floor.db"), str(callers),
           str(seconds)], capture_output=True, text=True, check=True).stdout)


def write_secret(path, text):
    """Makes a file that this user alone can read."""
    with open(path, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write(text)


def processor():
    with open("/proc/cpuinfo") as file:
        names = [line.split(":")[1].strip() for line in file if line.startswith("model name")]
    return names[0] if names else platform.machine()


def machine():
    """The machine and the compiler, and the day."""
    swift = subprocess.run(["swift", "--version"], capture_output=True, text=True, check=False).stdout.split("\n")[0]
    return f"{os.cpu_count()} × {processor()}, Linux {platform.release()}, {swift}, {time.strftime('%Y-%m-%d')}"


def write(page, mark, report):
    """Puts a report into a page, between its two marks."""
    begin, end = f"<!-- measured: {mark} -->", f"<!-- end: {mark} -->"
    with open(page) as file:
        text = file.read()
    head, rest = text.split(begin)
    tail = rest.split(end)[1]
    with open(page, "w") as file:
        file.write(f"{head}{begin}\n\n" + "\n".join(report) + f"\n\n{end}{tail}")

#!/usr/bin/env python3
"""Measures the SMS gateway: durable sms.Submit beside SQLite's own group commit, and how fast a queue empties by SMPP;
with no past, and with a million messages that were sent before.

usage: sms.py [--runs N] [--seconds S] [--past N] [--page FILE]

Each run has a gateway of its own. While its carrier is away 64 callers fill its queue, by turns with commits.c, which
writes 64 rows in a transaction on the same disk; then it is started again with its carrier there, the smpp34 server of
the tests, and empties the queue through a window of 100. Each figure is the median of the runs.
"""

import argparse
import json
import os
import random
import re
import sqlite3
import statistics
import struct
import subprocess
import sys
import tempfile
import time

from authorize import cbor, measure
from bench import ROOT, Process, call, commits, machine, write, write_secret

CALLERS = 64
WINDOW = 100


def frame(scratch):
    """A file with a request whose key and number callers.c makes another each time."""
    path = os.path.join(scratch, "frame")
    request = cbor({"id": 1, "method": "sms.Submit", "timeout": 60000, "body": {
        # The number's end is none that the test's server does something special for.
        "key": "benchmark-########", "to": "+141523#####", "code": "123456", "purpose": "verify",
        "expires": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 3500)),
        "firm": "01920000-0000-7000-8000-000000000001"}})
    with open(path, "wb") as file:
        file.write(struct.pack(">I", len(request)) + request)
    return path


class Gateway:
    """A gateway over a directory of its own."""

    def __init__(self, scratch):
        self.scratch = scratch
        self.path = os.path.join(scratch, "sms.sock")

    def start(self, port):
        password = os.path.join(self.scratch, "password")
        write_secret(password, "secret\n")
        configuration = os.path.join(self.scratch, "sms.json")
        with open(configuration, "w") as file:
            json.dump({
                "socket": self.path, "database": os.path.join(self.scratch, "sms.db"),
                "queue": {"limit": 1000000},
                "limits": {
                    "numberPerTenMinutes": 1000, "numberPerHour": 1000, "numberPerDay": 1000,
                    "prefixPerHour": 1000000, "firmPerDay": 10000000, "countryPerDay": 100000000,
                    "pumping": "record"},
                "providers": [{
                    "name": "carrier", "kind": "smpp", "host": "127.0.0.1", "port": port, "systemID": "clienthub",
                    "password": password, "source": "32665", "window": WINDOW, "rate": 100000}],
            }, file)
        return Process("SMSGateway",
                       [os.path.join(ROOT, ".build", "release", "SMSGateway"), "--config", configuration], self.path)

    def sent(self):
        text = call(self.path, "wire.Metrics")["text"]
        return int(re.search(r'^sms_sent_total\{provider="carrier"\} (\d+)', text, re.M)[1])

    def states(self):
        return call(self.path, "sms.Stats")["states"]


def carrier(scratch):
    """The server of the tests that takes every message, on the second processor; and its port."""
    journal = os.path.join(scratch, "journal")
    process = subprocess.Popen(
        (["taskset", "-c", "1"] if os.cpu_count() > 1 else [])
        + [os.path.join(ROOT, ".venv", "bin", "python"), "-B",
           os.path.join(ROOT, "Tests", "SMPPServers", "smpp34-server"), journal, "--bare"],
        stderr=subprocess.DEVNULL)
    end = time.monotonic() + 30
    while time.monotonic() < end:
        if os.path.exists(journal):
            with open(journal) as file:
                line = file.readline()
            if line.endswith("\n"):
                return process, json.loads(line)["port"]
        time.sleep(0.02)
    process.kill()
    sys.exit("the carrier did not start: scripts/setup test?")


def drain(gateway, waiting):
    """Messages a second, from the first tenth that is gone to the last one that goes."""
    def until(count):
        end = time.monotonic() + 600
        while True:
            sent = gateway.sent()
            if sent >= count:
                return sent, time.monotonic()
            if time.monotonic() > end:
                sys.exit(f"of {waiting} messages {sent} were sent: {gateway.states()}")
            time.sleep(0.02)
    first, begun = until(waiting // 10)
    last, ended = until(waiting)
    return (last - first) / (ended - begun)


def fill(database, count):
    """Puts messages into a database that were delivered last week."""
    connection = sqlite3.connect(database)
    with connection:
        # They are counted at once instead of one by one.
        trigger, = connection.execute("SELECT sql FROM sqlite_master WHERE name = 'message_comes'").fetchone()
        connection.execute("DROP TRIGGER message_comes")
        begun = int(time.time() * 1000) - 7 * 86400 * 1000
        connection.executemany(
            """
            INSERT INTO message (id, key, order_hash, number_hash, prefix_hash, prefix_scope, masked, country, firm,
                                 purpose, state, provider, provider_id, attempts, created, updated, expires, due)
            VALUES (?1, ?2, ?3, ?3, ?3, 'prefixProved', '+1••••••••00', 'US', ?4, 'verify', 'delivered', 'carrier', ?2,
                    1, ?5, ?5, ?5, ?5)
            """,
            ((struct.pack(">QQ", (begun + n // 10) << 16 | 0x7000, 1 << 63 | n), f"past-{n}",
              random.randbytes(32), bytes(16), begun + n // 10) for n in range(count)))
        connection.execute("UPDATE tally SET count = count + ? WHERE state = 'delivered'", (count,))
        connection.execute(trigger)
    connection.close()


def submit_and_drain(scratch, seconds, past):
    gateway = Gateway(scratch)
    # Nobody listens at this port.
    server = gateway.start(1)
    if past:
        server.stop()
        fill(os.path.join(scratch, "sms.db"), past)
        server = gateway.start(1)
    rate, median, late, _ = measure(server, frame(scratch), CALLERS, seconds)
    server.stop()
    smsc, port = carrier(scratch)
    try:
        server = gateway.start(port)
        # All of them, those too whose callers were gone before the answer.
        waiting = sum(gateway.states().values()) - past
        pace = drain(gateway, waiting)
        resident = server.resident_mebibytes()
        states = gateway.states()
        server.stop()
    finally:
        smsc.kill()
        smsc.wait()
    if states["sent"] != waiting:
        sys.exit(f"of {waiting} messages not all were sent: {states}")
    return {"rate": rate, "median": median, "late": late, "waiting": waiting, "pace": pace, "resident": resident}


def run(seconds, past):
    with tempfile.TemporaryDirectory(dir=os.path.join(ROOT, ".build", "bench")) as scratch:
        floor = commits(scratch, CALLERS, seconds)
        figures = submit_and_drain(scratch, seconds, 0)
    with tempfile.TemporaryDirectory(dir=os.path.join(ROOT, ".build", "bench")) as scratch:
        later = submit_and_drain(scratch, seconds, past)
    return {"floor": floor, "part": figures["rate"] / floor} | figures | {
        f"{name} later": value for name, value in later.items()} | {
        "rate kept": later["rate"] / figures["rate"], "pace kept": later["pace"] / figures["pace"]}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--past", type=int, default=1_000_000)
    parser.add_argument("--page")
    options = parser.parse_args()
    runs = []
    for _ in range(options.runs):
        runs.append(run(options.seconds, options.past))
        print({name: round(value, 2) for name, value in runs[-1].items()}, file=sys.stderr)
    middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    report = [
        f"{machine()}; medians of {options.runs} runs of {options.seconds:g} s, the gateway on a processor, callers and "
        "carrier on the other.", "",
        f"| what | a second | of the floor | p50 µs | p99 µs | a second, {options.past:,} messages later | kept |",
        "|---|---|---|---|---|---|---|",
        f"| SQLite, {CALLERS} rows a transaction | {middle['floor']:,.0f} | 100% | – | – | – | – |",
        f"| `sms.Submit`, {CALLERS} callers | {middle['rate']:,.0f} | {middle['part']:.0%} | {middle['median']:.1f} "
        f"| {middle['late']:.1f} | {middle['rate later']:,.0f} | {middle['rate kept']:.0%} |",
        f"| sent by SMPP, window of {WINDOW} | {middle['pace']:,.0f} | – | – | – | {middle['pace later']:,.0f} "
        f"| {middle['pace kept']:.0%} |",
        "", f"The queue held {middle['waiting']:,.0f} messages. SMSGateway resident once it was empty: "
        f"{middle['resident']:.1f} MiB, and {middle['resident later']:.1f} MiB after {options.past:,} messages."]
    print("\n".join(report))
    if options.page:
        write(options.page, "sms", report)


if __name__ == "__main__":
    main()

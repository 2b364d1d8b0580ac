#!/usr/bin/env python3
"""Measures otp.Verify of authenticators' codes, whose use is on disk before the answer, beside SQLite's own group commit.

usage: otp.py [--runs N] [--seconds S] [--subjects N] [--page FILE]

Each run has a service of its own, in which so many people set an authenticator up. Then 64 callers send the next code of
each, once, by turns with commits.c, which writes 64 rows in a transaction on the same disk. Each figure is the median of
the runs.
"""

import argparse
import base64
import hmac
import json
import os
import socket
import statistics
import struct
import tempfile
import time
import uuid

from authorize import cbor, measure
from bench import ROOT, Process, commits, machine, write, write_secret

CALLERS = 64
STEP = 30
# Calls in flight while people are set up.
WINDOW = 128


def code(secret, step):
    """RFC 6238's, of six digits."""
    digest = hmac.digest(secret, struct.pack(">Q", step), "sha1")
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


def framed(method, body):
    message = cbor({"id": 1, "method": method, "timeout": 60000, "body": body})
    return struct.pack(">I", len(message)) + message


def many(path, method, bodies):
    """Makes many calls over one connection, and gives their answers in order."""
    connection = socket.socket(socket.AF_UNIX)
    connection.connect(path)
    stream = connection.makefile("rb")
    answers, sent = {}, 0
    while len(answers) < len(bodies):
        while sent < len(bodies) and sent - len(answers) < WINDOW:
            message = json.dumps(
                {"id": sent + 1, "method": method, "timeout": 60000, "body": bodies[sent]}).encode()
            connection.sendall(struct.pack(">I", len(message)) + message)
            sent += 1
        answer = json.loads(stream.read(struct.unpack(">I", stream.read(4))[0]))
        if answer["status"] != 0:
            raise SystemExit(f"{method}: {answer}")
        answers[answer["id"]] = answer["body"]
    connection.close()
    return [answers[number + 1] for number in range(len(bodies))]


def set_up(path, count):
    """People with an authenticator: each one's secret, by subject, and the step after the one that they began with."""
    firm = str(uuid.uuid4())
    subjects = [f"01920000-0000-7000-8000-{number:012x}" for number in range(count)]
    begun = many(path, "otp.Begin", [
        {"subject": subject, "method": "authenticator", "account": "a@example.com", "issuer": "Bench", "firm": firm}
        for subject in subjects])
    secrets = [base64.b32decode(answer["secret"] + "=" * (-len(answer["secret"]) % 8)) for answer in begun]
    # All with the code of one step, at whatever moment: the services take the one before as well.
    step = int(time.time()) // STEP
    many(path, "otp.Confirm", [
        {"subject": subject, "method": "authenticator", "code": code(secret, step)}
        for subject, secret in zip(subjects, secrets)])
    return dict(zip(subjects, secrets)), step + 1


def run(seconds, count):
    with tempfile.TemporaryDirectory(dir=os.path.join(ROOT, ".build", "bench")) as scratch:
        floor = commits(scratch, CALLERS, seconds)
        path, key = os.path.join(scratch, "otp.sock"), os.path.join(scratch, "otp.key")
        write_secret(key, f"1 {base64.b64encode(os.urandom(32)).decode()}\n")
        configuration = os.path.join(scratch, "otp.json")
        with open(configuration, "w") as file:
            json.dump({"socket": path, "database": os.path.join(scratch, "otp.db"), "key": key,
                       "sms": os.path.join(scratch, "sms.sock")}, file)
        server = Process("OTPService",
                         [os.path.join(ROOT, ".build", "release", "OTPService"), "--config", configuration], path)
        idle = server.resident_mebibytes()
        people, step = set_up(path, count)
        # The next step's codes are taken from half a minute before it begins.
        while time.time() < (step - 1) * STEP:
            time.sleep(0.1)
        frames = os.path.join(scratch, "frames")
        with open(frames, "wb") as file:
            file.writelines(
                framed("otp.Verify", {"subject": subject, "method": "authenticator", "code": code(secret, step)})
                for subject, secret in people.items())
        rate, median, late, cost = measure(server, frames, CALLERS, seconds)
        resident = server.resident_mebibytes()
        server.stop()
        return {"floor": floor, "rate": rate, "part": rate / floor, "median": median, "late": late, "cost": cost,
                "idle": idle, "resident": resident}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--subjects", type=int, default=60_000)
    parser.add_argument("--page")
    options = parser.parse_args()
    runs = []
    for _ in range(options.runs):
        runs.append(run(options.seconds, options.subjects))
        print({name: round(value, 2) for name, value in runs[-1].items()})
    middle = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    report = [
        f"{machine()}; medians of {options.runs} runs of {options.seconds:g} s, service and callers on a processor each.",
        "",
        "| what | a second | of the floor | p50 µs | p99 µs | server CPU µs a call |",
        "|---|---|---|---|---|---|",
        f"| SQLite, {CALLERS} rows a transaction | {middle['floor']:,.0f} | 100% | – | – | – |",
        f"| `otp.Verify`, {CALLERS} callers | {middle['rate']:,.0f} | {middle['part']:.0%} | {middle['median']:.1f} "
        f"| {middle['late']:.1f} | {middle['cost']:.1f} |",
        "", f"OTPService resident: {middle['idle']:.1f} MiB when started, {middle['resident']:.1f} MiB after the run with "
        f"{options.subjects:,} people."]
    print("\n".join(report))
    if options.page:
        write(options.page, "otp", report)


if __name__ == "__main__":
    main()

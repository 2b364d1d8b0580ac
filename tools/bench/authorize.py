#!/usr/bin/env python3
"""Measures auth.Authorize beside a C epoll echo server and a gRPC C++ server, in one run: calls a second, latency,
processor time a call.

usage: authorize.py [--runs N] [--seconds S] [--page FILE]

The server has the first processor and the callers have the second; each figure is the median of the runs, and the
servers take turns, so that a machine whose speed drifts treats them alike. With --page the table is written to FILE too.
"""

import argparse
import json
import os
import statistics
import struct
import subprocess
import sys
import tempfile

from bench import ROOT, Process, call, machine, write


def cbor(value):
    """The few kinds of CBOR that a request needs."""
    def head(kind, number):
        if number < 24:
            return bytes([kind << 5 | number])
        return bytes([kind << 5 | 24, number]) if number < 256 else bytes([kind << 5 | 25]) + number.to_bytes(2, "big")
    if isinstance(value, dict):
        return head(5, len(value)) + b"".join(cbor(k) + cbor(v) for k, v in value.items())
    if isinstance(value, str):
        return head(3, len(value.encode())) + value.encode()
    return head(0, value)


def measure(server, frame, callers, seconds):
    """Calls a second, the median and the 99th percentile of the latency in µs, and the server's processor µs a call."""
    return measured_by([os.path.join(ROOT, ".build", "bench", "callers"), server.path, frame], server, callers, seconds)


def measure_grpc(server, callers, seconds):
    return measured_by([os.path.join(ROOT, ".build", "bench", "grpc-callers"), server.path], server, callers, seconds)


def measured_by(program, server, callers, seconds):
    pinned = ["taskset", "-c", "1"] if os.cpu_count() > 1 else []
    before = server.processor_seconds()
    result = subprocess.run(
        pinned + program + [str(callers), str(seconds)], capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"callers of {server.name}: {result.stderr.strip()}")
    rate, median, late = map(float, result.stdout.split())
    # The callers count the calls after a warm-up of a tenth of the time.
    return rate, median, late, (server.processor_seconds() - before) / (rate * seconds * 1.1) * 1e6


def start(scratch):
    """The servers, and the file with the frame that all but gRPC's are sent."""
    echo_path, auth_path = os.path.join(scratch, "echo.sock"), os.path.join(scratch, "auth.sock")
    grpc_path = os.path.join(scratch, "grpc.sock")
    configuration = os.path.join(scratch, "auth.json")
    with open(configuration, "w") as file:
        json.dump({"socket": auth_path, "database": os.path.join(scratch, "auth.db"),
                   "otp": os.path.join(scratch, "otp.sock")}, file)
    echo = Process("echo", [os.path.join(ROOT, ".build", "bench", "echo"), echo_path], echo_path)
    grpc = Process("gRPC", [os.path.join(ROOT, ".build", "bench", "grpc-server"), grpc_path], grpc_path)
    auth = Process("AuthService",
                   [os.path.join(ROOT, ".build", "release", "AuthService"), "--config", configuration], auth_path)
    idle = auth.resident_mebibytes()
    password = "a long pass phrase for the benchmark"
    call(auth_path, "auth.CreateFirm", slug="bench", name="Bench",
         owner={"name": "Olga Owner", "email": "owner@bench.example", "password": password})
    call(auth_path, "auth.CreateClient", firm="bench", name="Clara Client", email="clara@bench.example",
         password=password)
    session = call(auth_path, "auth.LogIn", firm="bench", email="clara@bench.example", password=password)["session"]
    request = cbor({"id": 1, "method": "auth.Authorize", "timeout": 5000,
                    "body": {"session": session, "path": "/documents/2026/return"}})
    frame = os.path.join(scratch, "frame")
    with open(frame, "wb") as file:
        file.write(struct.pack(">I", len(request)) + request)
    return echo, grpc, auth, frame, idle


def table(echo, grpc, auth, frame, idle, runs, seconds):
    names = {echo: "C epoll echo", grpc: "gRPC C++, async", auth: "`auth.Authorize`"}
    lines = ["| callers | server | calls/s | of the floor | of gRPC | p50 µs | p99 µs | server CPU µs a call |",
             "|---|---|---|---|---|---|---|---|"]
    for callers in (1, 8, 64):
        results = {server: [] for server in names}
        for _ in range(runs):
            for server, runs_of_it in results.items():
                runs_of_it.append(measure_grpc(server, callers, seconds) if server is grpc
                                  else measure(server, frame, callers, seconds))
        for server, name in names.items():
            rate, median, late, cost = (statistics.median(run[i] for run in results[server]) for i in range(4))
            of_floor, of_grpc = (
                statistics.median(mine[0] / other[0] for mine, other in zip(results[server], results[peer]))
                for peer in (echo, grpc))
            lines.append(f"| {callers} | {name} | {rate:,.0f} | {of_floor:.0%} | {of_grpc:.2f} × | {median:.1f} "
                         f"| {late:.1f} | {cost:.2f} |")
            print(lines[-1], file=sys.stderr)
    lines += ["", f"AuthService resident: {idle:.1f} MiB when started, {auth.resident_mebibytes():.1f} MiB after the run."]
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        echo, grpc, auth, frame, idle = start(scratch)
        try:
            lines = table(echo, grpc, auth, frame, idle, options.runs, options.seconds)
        finally:
            for server in (echo, grpc, auth):
                server.stop()
    report = [f"{machine()}; medians of {options.runs} runs of {options.seconds:g} s, server and callers on a processor each.", ""]
    report += lines
    print("\n".join(report))
    if options.page:
        write(options.page, "authorize", report)


if __name__ == "__main__":
    main()

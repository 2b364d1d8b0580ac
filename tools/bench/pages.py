#!/usr/bin/env python3
"""Measures a page of the front end behind the gate beside the same page without it, in one run.

usage: pages.py [--runs N] [--seconds S] [--page FILE]

The two addresses take turns; each figure is the median of the runs. With --page the table is written to FILE too.
"""

import argparse
import http.client
import json
import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import urllib.parse

from bench import ROOT, Process, call, machine, write

PASSWORD = "a long pass phrase for the benchmark"
CONNECTIONS = 32


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hub:
    """AuthService and the front end, with a client whose pages are open."""

    def __init__(self, scratch):
        path, port = os.path.join(scratch, "auth.sock"), free_port()
        self.host = f"127.0.0.1:{port}"
        self.auth = Process("AuthService", self.command(scratch, "AuthService", ".", {
            "socket": path, "database": os.path.join(scratch, "auth.db"), "otp": os.path.join(scratch, "otp.sock")}),
            path, pinned=False)
        self.web = Process("ClientHubWeb", self.command(scratch, "ClientHubWeb", "web", {
            "demo": True, "listen": self.host, "origin": f"http://{self.host}", "auth": path, "firm": "bench"}),
            ("127.0.0.1", port), pinned=False)
        call(path, "auth.CreateFirm", slug="bench", name="Bench",
             owner={"name": "Olga Owner", "email": "owner@bench.example", "password": PASSWORD})
        call(path, "auth.CreateClient", firm="bench", name="Clara Client", email="clara@bench.example", password=PASSWORD)
        self.cookie = self.log_in()

    @staticmethod
    def command(scratch, program, package, settings):
        file = os.path.join(scratch, f"{program}.json")
        with open(file, "w") as configuration:
            json.dump(settings, configuration)
        return [os.path.join(ROOT, package, ".build", "release", program), "--config", file]

    def log_in(self):
        """The cookies of a browser in which the client has logged in by the form."""
        cookies = {}

        def request(method, path, body=None):
            connection = http.client.HTTPConnection(self.host)
            headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
            if body is not None:
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            for line in answer.headers.get_all("Set-Cookie", []):
                name, value = line.split(";")[0].split("=", 1)
                cookies[name] = value
            return answer.read().decode()

        token = re.search(r'name="_token" value="([^"]+)"', request("GET", "/log-in")).group(1)
        request("POST", "/log-in", urllib.parse.urlencode(
            {"_token": token, "email": "clara@bench.example", "password": PASSWORD}))
        if "Clara Client" not in request("GET", "/"):
            sys.exit("the client did not get in")
        # What a page leaves for the next one is no part of a page that is opened again and again.
        return "; ".join(f"{name}={value}" for name, value in cookies.items() if name != "__Host-notes")

    def stop(self):
        self.web.stop()
        self.auth.stop()


def measure(hub, path, seconds):
    """Pages a second, the median and the 99th percentile in ms, and ms of the front end's processor time a page."""
    before = hub.web.processor_seconds()
    run = subprocess.run(
        ["wrk", "--threads", "1", "--connections", str(CONNECTIONS), "--duration", f"{seconds}s", "--latency",
         "--header", f"Cookie: {hub.cookie}", f"http://{hub.host}{path}"], capture_output=True, text=True, check=False)
    if run.returncode != 0 or "Non-2xx" in run.stdout or "Socket errors" in run.stdout:
        sys.exit(f"{path}: {run.stdout}{run.stderr}")
    cost = hub.web.processor_seconds() - before
    pages = int(re.search(r"(\d+) requests in", run.stdout).group(1))
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", run.stdout).group(1))
    late = {share: milliseconds(text) for share, text in re.findall(r"(50|99)%\s+([\d.]+\w+)", run.stdout)}
    return rate, late["50"], late["99"], cost / pages * 1_000


def milliseconds(text):
    number, unit = re.fullmatch(r"([\d.]+)(us|ms|s)", text).groups()
    return float(number) * {"us": 0.001, "ms": 1, "s": 1_000}[unit]


def table(hub, runs, seconds):
    pages = {"/": "behind the gate", "/demo/home-without-gate": "without the gate"}
    results = {path: [] for path in pages}
    for path in pages:
        measure(hub, path, 1)
    for _ in range(runs):
        for path in pages:
            results[path].append(measure(hub, path, seconds))
    lines = ["| a client's home | pages/s | of that without the gate | p50 ms | p99 ms | the front end's CPU ms a page |",
             "|---|---|---|---|---|---|"]
    bare = "/demo/home-without-gate"
    for path, name in pages.items():
        rate, median, late, cost = (statistics.median(run[i] for run in results[path]) for i in range(4))
        part = statistics.median(one[0] / other[0] for one, other in zip(results[path], results[bare]))
        lines.append(f"| {name} | {rate:,.0f} | {part:.0%} | {median:.2f} | {late:.2f} | {cost:.3f} |")
    lines += ["", f"Front end resident: {hub.web.resident_mebibytes():.1f} MiB after the run."]
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        hub = Hub(scratch)
        try:
            lines = table(hub, options.runs, options.seconds)
        finally:
            hub.stop()
    report = [f"{machine()}; medians of {options.runs} runs of {options.seconds} s, {CONNECTIONS} connections.", ""] + lines
    print("\n".join(report))
    if options.page:
        write(options.page, "pages", report)


if __name__ == "__main__":
    main()

"""Runs the browser tests, in two processes: `python web/Tests/browser [-k PATTERN …] [-j PROCESSES]`.

Each process has services and a Chromium of its own. The tests of a class stay together, and what takes longest begins
first. The closing lines are unittest's."""

import argparse
import io
import json
import queue
import subprocess
import sys
import threading
import time
import unittest
from pathlib import Path

HERE = Path(__file__).resolve().parent
# Walks of their own, which are no shorter for being in one class.
LONG = "test_every_page."


def names(suite):
    for test in suite:
        if isinstance(test, unittest.TestSuite):
            yield from names(test)
        elif isinstance(test, unittest.loader._FailedTest):
            raise SystemExit(str(test._exception))
        else:
            yield test.id()


def groups(patterns):
    """The tests to run, those that belong together in a list."""
    loader = unittest.TestLoader()
    loader.testNamePatterns = [pattern if "*" in pattern else f"*{pattern}*" for pattern in patterns] or None
    together = {}
    for name in names(loader.discover(str(HERE))):
        together.setdefault(name if name.startswith(LONG) else name.rsplit(".", 1)[0], []).append(name)
    return sorted(together.values(), key=lambda group: (not group[0].startswith(LONG), -len(group)))


def work():
    """Runs each group that is named on standard input, and tells how it went on standard output."""
    for line in sys.stdin:
        report = io.StringIO()
        suite = unittest.TestLoader().loadTestsFromNames(json.loads(line))
        result = unittest.TextTestRunner(stream=report, verbosity=2).run(suite)
        told = {
            "ran": result.testsRun, "failures": len(result.failures), "errors": len(result.errors),
            "skipped": len(result.skipped), "report": report.getvalue(),
        }
        print(json.dumps(told), flush=True)


def command(waiting, told):
    """Has one process run groups until none waits."""
    process = subprocess.Popen([sys.executable, str(HERE), "--work"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        while True:
            try:
                group = waiting.get_nowait()
            except queue.Empty:
                break
            print(json.dumps(group), file=process.stdin, flush=True)
            answer = process.stdout.readline()
            if not answer:
                told.append({"ran": len(group), "failures": 0, "errors": 1, "skipped": 0, "report": f"the process ended during {group}\n"})
                break
            told.append(json.loads(answer))
            print(told[-1]["report"].split("\n\n")[0], file=sys.stderr, flush=True)
    finally:
        process.stdin.close()
        if process.wait() != 0:
            told.append({"ran": 0, "failures": 0, "errors": 1, "skipped": 0, "report": "a process did not end well\n"})


def main():
    parser = argparse.ArgumentParser(prog="browser-tests")
    parser.add_argument("-k", dest="patterns", action="append", default=[], help="only tests whose names have this")
    parser.add_argument("-j", dest="processes", type=int, default=2, help="processes at a time; 2 by default")
    parser.add_argument("--work", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.work:
        return work()
    waiting, told, start = queue.Queue(), [], time.monotonic()
    for group in groups(arguments.patterns):
        waiting.put(group)
    threads = [threading.Thread(target=command, args=(waiting, told)) for _ in range(min(arguments.processes, waiting.qsize()))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    def count(what):
        return sum(each[what] for each in told)

    for each in told:
        if each["failures"] or each["errors"]:
            print(each["report"], file=sys.stderr)
    print(f"{'-' * 70}\nRan {count('ran')} tests in {time.monotonic() - start:.3f}s\n", file=sys.stderr)
    bad = [f"{what}={count(what)}" for what in ["failures", "errors"] if count(what)]
    if bad or not count("ran"):
        raise SystemExit(f"FAILED ({', '.join(bad) or 'no tests'})")
    print("OK", file=sys.stderr)


if __name__ == "__main__":
    main()

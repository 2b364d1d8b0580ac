"""Where things are, and patience."""
import os
import pathlib
import subprocess
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
UNITS = DEPLOY / "systemd"
WORK = ROOT / ".build/systemd"
# Generous: a test that needs so long has failed.
LIMIT = 60


def deb():
    """The package under test, which scripts/test-systemd has built."""
    return pathlib.Path(os.environ["CLIENTHUB_DEB"])


def run(*words, **options):
    """What a command prints, without the last newline; raises with what it said where it fails."""
    done = subprocess.run([str(word) for word in words], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, **options)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(map(str, words))} ended with {done.returncode}:\n{done.stdout}")
    return done.stdout.rstrip("\n")


def wait_until(condition, what):
    """Returns the first true value of a condition."""
    end = time.monotonic() + LIMIT
    while not (value := condition()):
        if time.monotonic() > end:
            raise TimeoutError(f"waited for {what} for {LIMIT} s")
        time.sleep(0.05)
    return value

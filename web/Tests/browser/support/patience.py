"""Waiting for what happens by itself. Nothing in these tests is judged by how long it takes."""

import time

# Seconds. No test comes near it unless something is broken.
LIMIT = 60


def wait_for(what, condition, limit=LIMIT):
    """Waits until `condition()` gives something true, and gives that back; `what` says what is missing in the end."""
    end = time.monotonic() + limit
    while True:
        found = condition()
        if found:
            return found
        if time.monotonic() > end:
            raise AssertionError(f"within {limit} s there was no {what}")
        time.sleep(0.02)

"""Waiting: every wait has a deadline and says what it waited for."""

import time

POLL = 0.01  # s between two looks

# s for what is done in milliseconds: a bound for failures, and no measurement.
# A busy host, or one with a slow disk, takes seconds for it.
PATIENCE = 60


class HarnessError(Exception):
    """The machine could not be made: says nothing about init."""


def until(check, what, show=lambda: "", seconds=PATIENCE):
    """Polls check() until it answers something true, and returns that.

    At the deadline the test fails with `what` and the text of show().
    """
    deadline = time.monotonic() + seconds
    while True:
        answer = check()
        if answer:
            return answer
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {seconds} s: {what}\n{show()}")
        time.sleep(POLL)


def stays(check, seconds, what, show=lambda: ""):
    """Fails as soon as check() is false within the given time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not check():
            raise AssertionError(f"not so for {seconds} s: {what}\n{show()}")
        time.sleep(POLL)

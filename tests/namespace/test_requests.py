"""A thousand requests while processes die and the inittab is reloaded: none of
them affects another entry, and in the end each entry is as requested."""

import json
import os
import random
import signal
import time

import pytest

from harness import wait
from harness.container import RESTART, START, STOP

VERBS = [STOP, STOP, START, START, RESTART, RESTART, RESTART]
REQUESTS = 1000
SEED = int(os.environ.get("SEED", "0")) or random.randrange(1, 10**6)

# Writes its name to /signalled when it gets SIGTERM.
SERVICE = ("#!/bin/sh\ntrap \"echo $1 >>/signalled; exit\" TERM\n/t up\n"
           "sleep 1000 &\nwait\n")


class Table:
    """Random inittabs. Who is kept is in all of them, never the same place."""

    KEPT = [f"::respawn:/service kept{n}" for n in range(4)]

    def __init__(self, dice):
        self._dice = dice

    def line(self, n):
        action = self._dice.choice(["respawn", "respawn", "once"])
        return f"::{action}:/service other{n}"

    def text(self):
        others = self._dice.sample(range(10), self._dice.randrange(4, 10))
        lines = self.KEPT + [self.line(n) for n in others]
        self._dice.shuffle(lines)
        return "\n".join(lines) + "\n"


def entries(box):
    done = box.run("/initctl", "status", "-j")
    assert done.returncode == 0, done
    return json.loads(done.stdout)["entries"]


def kept_pids(found):
    return {e["command"]: e["pid"] for e in found if "kept" in e["command"]}


def learn(found, names):
    """A number stands for one command and tty, for ever."""
    for entry in found:
        name = entry["tty"], entry["command"]
        assert names.setdefault(entry["number"], name) == name


def is_as_asked(entry, asked):
    if asked.get(entry["number"]) == STOP:
        return entry["state"] == "stopped"
    if entry["action"] == "respawn":
        return entry["state"] == "running"
    return True  # it may have run before it was one of these


@pytest.mark.needs_root
def test_a_thousand_requests_touch_who_is_meant(start, product):
    dice = random.Random(SEED)
    print("SEED =", SEED)
    table = Table(dice)
    box = start(table.text(), files={
        "/service": SERVICE, "/initctl": product("INITCTL").read_bytes(),
        "/signalled": ""})
    box.wait_said("up", count=4)
    wait.until(lambda: all(e["pid"] for e in entries(box)), "all to run",
               box.show)
    first = kept_pids(entries(box))
    names, asked = {}, {}
    for count in range(REQUESTS):
        if count % 20 == 0:
            found = entries(box)
            learn(found, names)
            numbers = [n for n in names if "kept" not in names[n][1]]
            numbers += [0, max(numbers) + 1000, (1 << 28) - 1]
        if count % 25 == 24:
            box.write("/etc/inittab", table.text())
            box.signal(signal.SIGHUP)
        if count % 10 == 5:  # a death
            pids = [e["pid"] for e in found
                    if e["pid"] and "kept" not in e["command"]]
            if pids:
                box.run("/bin/kill", "-9", str(dice.choice(pids)))
        verb, number = dice.choice(VERBS), dice.choice(numbers)
        box.request(verb, number)
        asked[number] = verb
        time.sleep(0.005)  # or all of them would come at one moment
    wait.until(lambda: all(is_as_asked(e, asked) for e in entries(box)),
               "each to be as it was asked to be",
               lambda: box.show() + str(asked) + str(entries(box)))
    learn(entries(box), names)
    assert kept_pids(entries(box)) == first
    ended = box.read("/signalled").split()
    assert len(ended) > 10 and not [name for name in ended if "kept" in name]

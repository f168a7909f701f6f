"""One inittab under both inits, and what differs in what they do with it.

The command of these inittabs is /t, programs/recorder.c: it notes all that it
was started with.  A run is turned into facts, {aspect: value}; two runs are
the same when their facts are.
"""

import contextlib
import fnmatch
import json
import os
import re
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from harness import wait
from harness.container import Container, Event

SETTLED_AT_LAST = 60  # s
NAP = 1.1  # s that busybox init sleeps after it has reaped
SETTLED = 0.4  # s without a start, a message or an end, and all asleep
PROMPT = "Please press Enter to activate this console."

NO_NAME = "/cannot/run/nothing"  # stands for busybox's can't run ''

# An aspect that only ours has, in every shutdown and ctrlaltdel entry.
REASON = "start * environment INIT_REASON"

# What init says: pattern, what it comes down to, and the row of
# doc/compatibility.md that lets only one of them say it (None: both do).
MESSAGES = [
    (r"Bad inittab entry at line (\d+)", "bad line {}", None),
    (r"init: /etc/inittab:(\d+):\d+: bad inittab entry: .*", "bad line {}",
     None),
    (r"init: /etc/inittab: bad inittab entries in all: (\d+)", "{} bad lines",
     "messages"),
    (r"(?:init: )?can't run '?(.*?)'?: .*", "can't run {}", None),
    (r"(?:init: )?can't open /dev/(.*): .*", "can't open {}", None),
    (r"(?:init: )?can't fork.*", "can't fork", None),
    (r"init: '(.*)' (exited with \d+|was killed by signal \d+)", "{} {}",
     "a sysinit, wait or shutdown entry that fails"),
    (r"init: '(.*)' .*; it keeps failing, so its restarts are delayed",
     "{} keeps failing", "a failing service"),
    (r"init: the built-in table is used: .*", "built-in table", "messages"),
    (r"init: the table in use is kept: .*", "kept",
     "a reload when the inittab is gone, or has no entry"),
    (r"init: /etc/inittab reloaded", "reloaded", "messages"),
    (r"init: going down for (.*)", "going down for {}", "messages"),
    (r"init: (?:no longer )?waiting for .*", "waiting", "messages"),
    (r"init: some processes are still running, sending SIGKILL", "killing", "messages"),
    (r"The system is going down NOW!|Sent SIG.* to all processes"
     r"|Requesting system .*", "stages of the shutdown", "messages"),
]

ONE_SIDED = {row for _, _, row in MESSAGES if row}
# Rows about messages that only one init prints. Any test may cause them.
INCIDENTAL = {"messages", "a sysinit, wait or shutdown entry that fails"}


class Box(Container):
    """A container whose trace is that of the recorder.

    name    of its init, "kindling" or "busybox"
    facts   see look()
    """

    def __init__(self, name, *arguments, **options):
        self.name = name
        super().__init__(*arguments, **options)

    def events(self):
        # a line whose end is still to be written is not there yet
        whole, _, _ = self.read("/trace").rpartition("\n")
        return [json.loads(line) for line in whole.splitlines()]

    def trace(self):
        return [Event(event["time"], words(event)) for event in self.events()
                if event["what"] == "start"]

    def gaps(self, text):
        """Seconds between the starts of a command."""
        times = self.times(text)
        return [later - sooner for sooner, later in zip(times, times[1:])]

    def runs(self):
        """Is it init by now, and not what is to become it?"""
        try:
            return (os.readlink(f"/proc/{self.pid}/exe") !=
                    os.path.realpath(sys.executable))
        except FileNotFoundError:  # it has ended
            return True

    def wait_if_ours(self, check, seconds, what):
        """Waits for what only our init does; sees that the other does not
        for so many seconds."""
        if self.name == "kindling":
            wait.until(check, what, self.show)
        else:
            wait.stays(lambda: not check(), seconds, f"not {what}", self.show)

    def is_busy(self, processes):
        """Does init, or one of these, run or wait for a processor or disk?"""
        states = [process.state for process in processes]
        with contextlib.suppress(FileNotFoundError):  # init has ended
            states.append(self.status()["State"][0])
        return "R" in states or "D" in states

    def texts(self):
        """What is on each terminal."""
        return [tty.text() for tty in [self.console, *self.ttys.values()]]

    def wait_settled(self):
        """Until nothing has happened for a while, and nobody was about to."""
        wait.until(self.runs, "init", self.show)
        seen, since = None, time.monotonic()
        deadline = since + SETTLED_AT_LAST
        while time.monotonic() - since < SETTLED:
            processes = self.processes()
            now = (self.read("/trace"), self.texts(),
                   [process.pid for process in processes])
            if now != seen or self.is_busy(processes):
                seen, since = now, time.monotonic()
            assert since < deadline, self.show()
            time.sleep(0.02)

    def wait_later(self):
        """Until a request was served, by who naps before, and led to all that
        it leads to."""
        time.sleep(NAP)
        self.wait_settled()

    def look(self):
        """Notes the facts of this run so far: they are what is compared."""
        self.facts = facts(self)


def words(event):
    """What names a start: its arguments but for those to the recorder."""
    return " ".join(word for word in event["argv"][1:]
                    if not word.startswith("+"))


def device_names(box):
    """{"136:5": "tty2"}: what the recorder calls its terminals."""
    names = {"1:3": "null", "5:0": "tty"}
    for name, path in box.tty_paths.items():
        device = os.stat(path).st_rdev
        names[f"{os.major(device)}:{os.minor(device)}"] = name
    return names


def start_facts(event, devices):
    """What a start is like, whenever and with whatever pid it came."""
    def named(where):
        return devices.get(where) or re.sub(r":\[\d+\]$|.*(?=/log$)", "", where)

    controlling = event["tty"] and (
        f"{event['tty'] >> 8 & 0xfff}:"
        f"{event['tty'] & 0xff | event['tty'] >> 12 & 0xfff00}")
    found = {
        "argv": event["argv"],
        "leads its session": event["pid"] == event["session"],
        "leads its group": event["pid"] == event["group"],
        "child of init": event["parent"] == 1,
        "controlling tty": devices.get(controlling, controlling),
        "in the foreground": event["foreground"] == event["group"],
        "descriptors": {number: [named(where), flags] for number,
                        (where, flags) in event["descriptors"].items()},
    }
    for name in ("umask", "directory", "termios", "blocked", "ignored", "core"):
        found[name] = event.get(name)
    for variable in event["environment"]:
        name, _, value = variable.partition("=")
        found[f"environment {name}"] = value
    return found


def message_facts(text, where=""):
    """{"message X": ...} for what init says, {"output X": ...} for the rest."""
    found = {}
    for line in text.replace(PROMPT, "").splitlines():
        line = line.strip()
        for pattern, short, row in MESSAGES:
            # init writes a line at once; a shell may have begun one before
            match = re.search(f"(?:{pattern})$", line)
            if match:
                name = f"message {short.format(*match.groups())}{where}"
                found[name] = row or "both"
                break
        else:
            if line:
                found[f"output {line}{where}"] = True
    return found


def facts(box):
    """All that can be compared of a run."""
    devices = device_names(box)
    events = box.events()
    found, count, order = {}, {}, []
    # Children start side by side; their pids tell who was forked first.
    starts = sorted((event for event in events if event["what"] == "start"),
                    key=lambda event: (event["session"], event["time"]))
    for event in starts:
        name = words(event)
        order.append(name)
        count[name] = count.get(name, 0) + 1
        for aspect, value in start_facts(event, devices).items():
            found[f"start {name!r} {count[name]} {aspect}"] = value
    found["order"] = order
    for event in events:
        if event["what"] in ("signal", "read"):
            owner = next(words(start) for start in starts
                         if start["pid"] == event["pid"])
            found.setdefault(f"{event['what']} {owner}", []).append(
                event.get("signal", [event.get("result"), event.get("text")]))
    found |= message_facts(box.console.text())
    for name, tty in box.ttys.items():
        found |= message_facts(tty.text(), f" on {name}")
    for name, tty in {"console": box.console, **box.ttys}.items():
        found[f"prompts on {name}"] = tty.text().count(PROMPT)
    found["end"] = box.wait_end() if box.ended() else "lives"
    return found


def first_starts(facts, is_kept_running=lambda name: True):
    """The facts without what comes of starting again: how often that is, is
    a matter of when it was looked; without what shells say, who talk at the
    same time; and with a name for what has none."""
    found = {}
    for name, value in facts.items():
        name = re.sub(r"\?(?= on |$)", "", name)  # a carriage return
        name = re.sub("(?<=can't run )(?= on |$)", NO_NAME, name)
        if name.startswith("prompts on "):
            value = value > 0
        again = re.match(r"start (.*) ([2-9]|\d\d+) [\w ]+$", name)
        if not (again and is_kept_running(again[1]) or
                name.startswith("output ")):
            found[name] = value
    found["order"] = [name for at, name in enumerate(facts["order"])
                      if name not in facts["order"][:at]
                      or not is_kept_running(name)]
    return found


def without_races(facts, crowded):
    """Who of many on a terminal gets it for controlling is who comes first."""
    return {name: value for name, value in facts.items()
            if not name.endswith((" controlling tty", " in the foreground"))
            or facts[re.sub(" [a-z]+ [a-z ]+$", " descriptors", name)]["0"][0]
            not in crowded}


def differences(ours, busybox, rows=ONE_SIDED):
    """{aspect: (ours, busybox)} where they differ, but for what these rows
    let one of them say."""
    return {aspect: (ours.get(aspect), busybox.get(aspect))
            for aspect in sorted(ours.keys() | busybox.keys())
            if ours.get(aspect) != busybox.get(aspect)
            and not (aspect.startswith("message ") and
                     (ours.get(aspect) or busybox.get(aspect)) in rows)}


class Pair:
    """Two boxes that were given the same, and what was seen of each; rows:
    those that the test shows."""

    def __init__(self, ours, busybox, rows=()):
        self.ours, self.busybox = ours, busybox
        self.rows = INCIDENTAL.union(rows)
        self.differed = False

    def same(self, ignoring=()):
        """Fails for any difference but in these aspects (fnmatch)."""
        found = {aspect: values for aspect, values
                 in differences(self.ours.facts, self.busybox.facts,
                                self.rows).items()
                 if not any(fnmatch.fnmatchcase(aspect, pattern)
                            for pattern in ignoring)}
        assert not found, "\n".join(
            [f"{aspect}\n  kindling: {ours}\n  busybox:  {theirs}"
             for aspect, (ours, theirs) in found.items()] + [self.show()])

    def differ(self, look, ours, busybox):
        """Each looks as it should, and not the same.  look(box) is
        order, fact(NAME), or whatever can be seen."""
        self.differed = True
        seen = [look(box) for box in (self.ours, self.busybox)]
        assert seen == [ours, busybox], self.show()
        assert seen[0] != seen[1]

    def both_see(self, look, expected):
        """They look the same, and like that."""
        seen = [look(box) for box in (self.ours, self.busybox)]
        assert seen == [expected, expected], self.show()

    def show(self):
        return (f"=== kindling\n{self.ours.show()}\n"
                f"=== busybox\n{self.busybox.show()}")


def order(box):
    """What was started, in the order of the forks."""
    return box.facts["order"]


def fact(name):
    """A look at one aspect."""
    return lambda box: box.facts.get(name)


def run_scripts(boxes, script):
    """script(box) is all that happens to each, at the same time."""
    def run(box):
        script(box)
        box.look()

    with ThreadPoolExecutor(len(boxes)) as threads:
        list(threads.map(run, boxes))


def run_both(make, script, rows=()):
    """make(name) makes a box."""
    # Not in the threads: what they start ends with them (launcher.py).
    boxes = [make(name) for name in ("kindling", "busybox")]
    run_scripts(boxes, script)
    return Pair(*boxes, rows)

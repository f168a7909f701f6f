"""Real faults at random instructions of init, each of which it survives.

FAULTS is the least number of faults in all; SEED repeats a run as far as the
clocks allow. Each life has four and mostly a fifth: one at boot, three while
events come in, one during shutdown. After each fault, init lives and has
reported it, each entry that should have a process has exactly one, no entry
has run twice, no request is lost, and no zombie is left.
"""

import os
import random
import signal
import time

import pytest

from harness import fault, wait
from harness.container import RESTART, START, STOP

pytestmark = pytest.mark.needs_root

FAULTS = int(os.environ.get("FAULTS") or 50)
SEED = int(os.environ.get("SEED") or random.randrange(1 << 32))
A_LIFE = 4

INITTAB = """\
::sysinit:/t sysinit
::wait:/t wait
::once:/t once
::respawn:/bin/sleep 1001
::respawn:/bin/sleep 1002
console::askfirst:-/bin/sh
::ctrlaltdel:/t cad
::shutdown:/t down1
::shutdown:/t down2; sleep 0.2
::once:trap '' TERM; i=0; while [ $i -lt 9 ]; do sleep 0.1; i=$((i+1)); done
"""
MORE = "::respawn:/bin/sleep 1003\n" + "# nothing\n" * 40

# Instructions from an event to the next sleep, as they were seen, without those
# of the vdso. So that most faults are not where init goes to sleep.
STEPS = {"boot": 32000, "start": 1300, "kill": 1000, "orphans": 2500,
         "reload": 45000, "cad": 1200, "pause": 950, "upgrade": 2700,
         "unknown": 950, "ask": 1000, "restart": 1500, "stop": 1500,
         "down": 3000}


class Life:
    def __init__(self, start, product, injector, dice, record):
        self.dice, self.injector, self.record = dice, injector, record
        self.functions = fault.functions(product("INIT"))
        self.more, self.cads, self.upgrades = False, 0, 0
        self.stopped = False
        self.box = start(INITTAB, gate=True)

    def inject(self, event, wakes):
        kind = self.dice.choice(fault.KINDS)
        steps = self.dice.randrange(STEPS[event])
        return self.injector(self.box.pid, kind, wakes, steps)

    def note(self, result):
        """Init has said that it goes on, after this fault; where it was."""
        kind, number, address, _ = result
        match = self.box.wait_for(
            rf"init: survived signal {number} at 0x[0-9a-f]+ in phase ([\w-]+)\n|"
            rf"init: started again after signal {number} at 0x")
        phase = match[1] or ("resume" if self.is_up else "boot")
        self.record("fault", {"kind": kind, "phase": phase,
                              "function": fault.function_at(
                                  self.functions, address)})

    # What happens, and what must have come of it.

    def kill(self):
        victim = self.box.find("sleep 1001")[0]
        os.kill(victim.pid, signal.SIGKILL)
        self.box.wait_gone(victim.pid)

    def orphans(self):
        self.box.run("sh", "-c", "for i in 1 2 3 4 5; do (sleep 0.01 &); done")

    def reload(self):
        self.more = not self.more
        self.box.reload(INITTAB + (MORE if self.more else ""))

    def cad(self):
        self.cads += 1
        self.box.signal(signal.SIGINT)

    def pause(self):
        self.box.signal(signal.SIGTSTP)
        self.box.signal(signal.SIGCONT)

    def upgrade(self):
        self.upgrades += 1
        self.box.run("/init", "u")

    def unknown(self):
        self.box.signal(signal.SIGWINCH)

    def ask(self):
        victim = [p for p in self.box.find("init")][0]
        os.kill(victim.pid, signal.SIGKILL)
        self.box.wait_gone(victim.pid)

    def restart(self):
        """Of the fourth line."""
        victim = self.box.find("sleep 1001")[0]
        self.box.request(RESTART, 4)
        self.box.wait_gone(victim.pid)

    def stop(self):
        """The fifth, or its start."""
        self.stopped = not self.stopped
        self.box.request(STOP if self.stopped else START, 5)

    def state(self):
        """How it is, in the words of how it is to be."""
        said, found = self.box.said(), self.box.processes()
        count = {f"sleep {n}": sum(p.command == f"/bin/sleep {n}"
                                   for p in found) for n in (1001, 1002, 1003)}
        count.update({word: said.count(word)
                      for word in ("sysinit", "wait", "once", "cad")})
        count["asking"] = sum(p.command.startswith("init") for p in found)
        count["zombies"] = sum(p.state == "Z" for p in found)
        count["upgrades"] = len(self.box.console.lines("re-executed as kindling"))
        return count

    def check(self):
        wanted = {"sleep 1001": 1, "sleep 1002": int(not self.stopped),
                  "sleep 1003": int(self.more), "sysinit": 1, "wait": 1,
                  "once": 1, "cad": self.cads, "asking": 1, "zombies": 0,
                  "upgrades": self.upgrades}
        wait.until(lambda: self.state() == wanted, f"this state: {wanted}",
                   lambda: f"{self.state()}\n{self.box.show()}")
        assert not self.box.ended()

    # The parts of a life.

    def boot(self):
        """From the exec on, or from one of the first times that it wakes."""
        self.is_up = False
        wakes = self.dice.choice([0, 0, 1, 2, 3])
        injector = self.inject("start" if wakes else "boot", wakes)
        self.box.open_gate()
        self.note(injector.result())
        self.check()
        self.is_up = True

    def run(self):
        events = [self.kill, self.orphans, self.reload, self.cad, self.pause,
                  self.upgrade, self.unknown, self.ask, self.restart,
                  self.stop]
        event = self.dice.choice(events)
        injector = self.inject(event.__name__, self.dice.randint(1, 3))
        event()
        for _ in range(3):  # whatever it waits for, it wakes up often enough
            time.sleep(0.1)
            self.box.signal(signal.SIGWINCH)
        result = injector.result()
        assert result, f"no fault after {event.__name__}: {self.box.show()}"
        self.note(result)
        self.check()

    def down(self):
        """From going down to the end: after any number of wake-ups."""
        number, how = self.dice.choice([(signal.SIGTERM, "SIGHUP"),
                                        (signal.SIGUSR2, "SIGINT")])
        injector = self.inject("down", self.dice.choice(
            [1, 2, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8]))
        self.box.signal(number)
        result = injector.result()
        assert self.box.wait_end(wait.PATIENCE) == how
        # The last of all: reboot(2) may come before what init says.
        if result and len(self.box.console.lines("init: (survived|started again)")) \
                == 1 + A_LIFE:
            self.note(result)
        said = self.box.said()
        assert [said.count(word) for word in
                ("sysinit", "wait", "once", "down1", "down2")] == [1] * 5


@pytest.mark.parametrize("number", range(max(1, FAULTS // A_LIFE)))
def test_a_life_with_faults(start, product, injector, record_property, number):
    life = Life(start, product, injector, random.Random(f"{SEED}-{number}"),
                record_property)
    print(f"SEED={SEED}")
    life.boot()
    for _ in range(A_LIFE - 1):
        life.run()
    life.down()

"""Statements 41 to 48: from boot to the shutdown, and reloads."""

import os
import signal
import struct
import threading
import time

import pytest

from common import END, GO_DOWN, end, goes_down, row, statement
from harness import wait
from pair import REASON, fact, order

EDITED = "entries gone or changed at a reload"
LATE = 0.4  # s that a busy host may be late


@statement(41, 42)
def test_what_ended_starts_again(both):
    """A quick exit 0 starts once a second under both, for ever."""
    pair = both("::respawn:/t tick\n::respawn:/t +stay end\n",
                lambda box: box.wait_said("tick", count=4))
    for box in (pair.ours, pair.busybox):
        least, median, _ = sorted(box.gaps("tick")[:3])  # one may be late
        assert least > 0.1 and 1 - LATE < median < 1 + LATE
    pair.same(ignoring=["order", "start 'tick' [45]*"])


@statement(42)
@row("a service that died")
def test_a_service_that_died(both):
    """It had lived more than a second."""
    def script(box):
        box.wait_said("a", count=4)
        box.late = min(box.gaps("a")) - 1.2

    pair = both("::respawn:/t +sleep1200 a\n", script)
    pair.differ(lambda box: box.late > 0.7, False, True)


@statement(42)
@row("a failing service")
def test_a_failing_service(both):
    """At 0, 1, 2, 3, 4, 6 and 10 s, or once a second."""
    def script(box):
        box.wait_said("a", count=7)
        box.took = box.times("a")[6] - box.times("a")[0]

    pair = both("::respawn:/t +exit1 a\n", script)
    pair.differ(lambda box: box.took > 9, True, False)
    pair.differ(fact("message /t +exit1 a keeps failing"),
                "a failing service", None)


@pytest.mark.needs_root
@row("a failed fork")
def test_a_failed_fork(full_cgroup, both):
    """No process can be made when the service dies, and then some can."""
    def script(box):
        first = box.wait_process("sleep 1000")
        (full_cgroup / "cgroup.procs").write_text(str(box.pid))
        full.wait(10)
        os.kill(first.pid, signal.SIGKILL)
        box.wait_gone(first.pid)
        wait.stays(lambda: not box.find("sleep 1000"), 2.5, "no room to fork")
        if full.wait(10) == 0:
            (full_cgroup / "pids.max").write_text("max")
        box.wait_if_ours(lambda: box.find("sleep 1000"), 2.5, "a process")
        box.back = len(box.find("sleep 1000"))

    full = threading.Barrier(2)
    pair = both("::respawn:/bin/sleep 1000\n", script)
    pair.differ(lambda box: box.back, 1, 0)
    pair.same()


@statement(45)
@row("orphans that have exited")
def test_orphans(both):
    """Busybox naps for a second after each reaping."""
    def script(box):
        end(box)
        box.run("/bin/sh", "-c", "for n in 1 2 3 4 5 6 7 8; do "
                "(sleep 0.$n & ) ; done")
        seen = []
        wait.until(lambda: seen.append(len(box.zombies())) or
                   not box.find("sleep") and not box.zombies(), "an end",
                   box.show)
        box.most = max(seen)

    pair = both(END, script)
    pair.differ(lambda box: box.most > 3, False, True)
    pair.same()


@statement(45)
@row("messages")
def test_a_childs_end_in_syslog(both):
    """And nothing of that from kindling."""
    def script(box):
        box.wait_said("tick", count=3)
        wait.until(lambda: box.name == "kindling" or "Scheduling for restart"
                   in box.read("/syslog"), "a line of syslog", box.show)

    pair = both("::sysinit:/sbin/syslogd -O /syslog\n::respawn:/t tick\n",
                script)
    pair.differ(lambda box: "exited. Scheduling" in box.read("/syslog"),
                False, True)


UTMP = struct.Struct("hi32s4s32s256shhiii16s20s")  # utmp(5), 384 bytes
LOGIN_PROCESS, DEAD_PROCESS = 6, 8


@statement(45)
@row("utmp")
def test_utmp(both):
    """Busybox notes the end of whoever has a record there."""
    def script(box):
        end(box)
        pid = box.wait_process("sleep 1000")
        record = UTMP.pack(LOGIN_PROCESS, pid.inner, b"tty2", b"2", b"LOGIN",
                           b"", 0, 0, 0, 0, 0, b"", b"")
        box.path("/run").mkdir(exist_ok=True)
        box.path("/var/run").mkdir(parents=True, exist_ok=True)
        for name in ("/var/run/utmp", "/run/utmp"):
            box.path(name).write_bytes(record)
        box.run("/bin/kill", str(pid.inner))
        box.wait_gone(pid.pid)
        wait.until(lambda: len(box.find("sleep 1000")) == 1, "another")
        box.kind = UTMP.unpack(box.path("/var/run/utmp").read_bytes())[0]

    pair = both("::respawn:/bin/sleep 1000\n" + END, script)
    pair.differ(lambda box: box.kind, LOGIN_PROCESS, DEAD_PROCESS)


@statement(46)
def test_a_reload_keeps_what_is_the_same(both):
    def script(box):
        end(box)
        box.wait_said("a")
        before = {box.wait_process(name).pid for name in ("stay a", "stay end")}
        box.reload("::ctrlaltdel:/t cad\n::respawn:/t +stay b\n" + END +
                   "::respawn:/t +stay a\n")
        box.wait_said("b")
        box.kept = before == {box.wait_process(name).pid
                              for name in ("stay a", "stay end")}
        box.signal(signal.SIGINT)
        box.wait_said("cad")

    pair = both("::respawn:/t +stay a\n" + END, script)
    pair.both_see(lambda box: box.kept, True)
    pair.same(ignoring=[REASON])


@statement(46)
def test_a_process_whose_entry_is_gone_gets_TERM(both):
    """If it was a respawn entry; the process of a once entry is left alone."""
    def script(box):
        end(box)
        box.wait_said("a")
        box.wait_said("b")
        box.reload("::respawn:/t +stay c\n" + END)
        box.wait_said("c")
        box.wait_settled()

    pair = both("::respawn:/t +stay a\n::once:/t +stay b\n" + END, script)
    pair.both_see(fact("signal a"), [signal.SIGTERM])
    pair.both_see(lambda box: len(box.find("stay b")), 1)
    pair.same()


@statement(46)
@row(EDITED)
def test_the_group_of_what_is_gone(both):
    """Busybox tells only the shell."""
    def script(box):
        box.wait_said("a")
        box.reload(END)
        end(box)
        box.wait_settled()

    pair = both("::respawn:/group\n", script, files={
        "/group": "#!/bin/sh\n/t +stay a &\nwait\n"})
    pair.differ(fact("signal a"), [signal.SIGTERM], None)


@statement(46)
@row(EDITED)
@pytest.mark.slow
def test_what_is_gone_and_deaf(both):
    def script(box):
        box.wait_said("a")
        box.reload(END)
        end(box)
        box.wait_if_ours(lambda: not box.find("deaf"), 13, "its end")
        box.left = len(box.find("deaf"))

    pair = both("::respawn:/t +deaf a\n", script)
    pair.differ(lambda box: box.left, 0, 1)
    pair.same(ignoring=["signal a"])


@statement(48)
@row(EDITED)
def test_a_successor_on_a_tty(both):
    """Busybox has two of them there for a while."""
    def script(box):
        box.wait_said("a")
        box.reload("tty2::respawn:/t +stay b\n")
        box.wait_said("b")
        wait.until(lambda: not box.find("last"), "its end", box.show)

    pair = both("tty2::respawn:/t +stay +last4000 a\n", script, ttys=["tty2"])
    pair.differ(lambda box: [event["what"] for event in box.events()[1:]],
                ["signal", "end", "start"], ["signal", "start", "end"])
    pair.same(ignoring=["*controlling tty", "*foreground"])


@statement(48)
@row("a running once entry that becomes a respawn entry")
def test_once_becomes_respawn(both):
    def script(box):
        end(box)
        box.wait_said("a")
        box.reload("::respawn:/t +stay a\n::respawn:/t +stay b\n" + END)
        box.wait_said("b")
        box.wait_settled()
        box.copies = len(box.find("stay a"))

    pair = both("::once:/t +stay a\n" + END, script)
    pair.differ(lambda box: box.copies, 1, 2)
    pair.same(ignoring=["order", "start 'a' 2*"])


@statement(48)
def test_respawn_becomes_once(both):
    """It lives on, and is not started again."""
    def script(box):
        end(box)
        box.wait_said("a")
        box.reload("::once:/t +stay a\n::respawn:/t +stay b\n" + END)
        box.wait_said("b")
        box.run("killall", "-KILL", "t")
        box.wait_said("end", count=2)
        box.wait_said("b", count=2)
        box.wait_settled()

    pair = both("::respawn:/t +stay a\n" + END, script)
    pair.both_see(lambda box: len(box.find("stay a")), 0)
    pair.same(ignoring=["order"])


@statement(46)
@row("a reload when the inittab is gone, or has no entry")
@pytest.mark.parametrize("text", [None, "", "garbage\n"])
def test_a_reload_without_entries(both, text):
    def script(box):
        end(box)
        if text is None:
            box.path("/etc/inittab").unlink()
            box.signal(signal.SIGHUP)
        else:
            box.reload(text)
        wait.until(lambda: box.name == "kindling" or not box.find("stay end"),
                   "its end", box.show)
        box.wait_settled()
        box.alive = len(box.find("stay end"))

    pair = both(END, script, ttys=["tty2"])
    pair.differ(lambda box: box.alive, 1, 0)
    pair.same(ignoring=["prompts on *", "signal end"])


@statement(47)
def test_a_reload_runs_nothing_that_is_past(both):
    def script(box):
        end(box)
        box.reload("::sysinit:/t never\n::wait:/t never\n::once:/t never\n"
                   "::sysinit:/t a\n::respawn:/t +stay b\n" + END)
        box.wait_said("b")
        box.wait_settled()

    pair = both("::sysinit:/t a\n" + END, script)
    pair.both_see(order, ["a", "end", "b"])
    pair.same()


@statement(47)
def test_a_reload_during_sysinit(both):
    """The new wait and once entries run, the new sysinit ones do not."""
    def script(box):
        box.wait_said("a")
        box.reload("::sysinit:/t +sleep2000 a\n::sysinit:/t never\n"
                   "::wait:/t b\n::once:/t c\n" + END)
        end(box)

    pair = both("::sysinit:/t +sleep2000 a\n::wait:/t old\n" + END, script)
    pair.both_see(order, ["a", "b", "c", "end"])
    pair.same()


@statement(43, 51)
@row("a signal while a sysinit or wait entry hangs")
@pytest.mark.parametrize("action", ["sysinit", "wait"])
def test_a_request_while_an_entry_hangs(both, action):
    def script(box):
        box.wait_said("hangs")
        box.signal(signal.SIGUSR2)
        if box.name == "kindling":
            box.wait_end()
        box.wait_later()

    pair = both(f"::{action}:/t +stay hangs\n" + END, script)
    pair.differ(fact("signal hangs"), [signal.SIGTERM], None)
    assert fact("end")(pair.ours) == "SIGINT" and not goes_down(pair.busybox)
    pair.same(ignoring=["end", "signal hangs"])


@statement(47)
@row("a reload while sysinit or wait entries run")
@pytest.mark.parametrize("action", ["sysinit", "wait"])
def test_a_reload_in_the_middle(both, action):
    """"b" is gone from the file when its turn would come."""
    def script(box):
        box.wait_said("a")
        box.reload(f"::{action}:/t +sleep2000 a\n" + END)
        end(box)

    pair = both(f"::{action}:/t +sleep2000 a\n::{action}:/t b\n" + END, script)
    pair.differ(order, ["a", "end"], ["a", "b", "end"])
    pair.same(ignoring=["order", "start 'b'*"])


@statement(44)
@row("several requests pending")
def test_several_signals(both):
    """TERM (15) and USR2 (12), while init is stopped from outside."""
    def script(box):
        end(box)
        box.signal(signal.SIGSTOP)
        wait.until(lambda: box.status()["State"][0] == "T", "a stop")
        box.signal(signal.SIGTERM)
        box.signal(signal.SIGUSR2)
        box.signal(signal.SIGCONT)
        box.wait_end(GO_DOWN)

    pair = both(END, script)
    pair.differ(fact("end"), "SIGHUP", "SIGINT")
    pair.same(ignoring=["end"])

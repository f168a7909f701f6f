"""initctl: init is looked into, and asked for things, while it runs."""

import collections
import fcntl
import json
import os
import pty
import random
import re
import signal
import struct
import subprocess
import termios
import threading
import time

import pytest

from harness import wait
from harness.container import UNTIL_GO, uptime
from harness.fixtures import INIT

pytestmark = pytest.mark.needs_root

SLOW = 5  # s that half a second may become on a busy host

DONE, REFUSED, USAGE, NO_ENTRY, NOT_PERMITTED = range(5)

INITTAB = """\
::sysinit:/t sysinit
::wait:/bin/sleep 0.3
::once:/t once
::respawn:/bin/sleep 1000
tty1::respawn:-/bin/sh -c "read x"
tty2::askfirst:-/bin/sh
::shutdown:/t shutdown
"""

Answer = collections.namedtuple("Answer", "status out err")

# /deaf: what SIGTERM does not end
DEAF = "#!/bin/sh\ntrap '' TERM\n/t deaf\nwhile :; do sleep 1000; done\n"


class Machine:
    """A container with /initctl in it."""

    def __init__(self, box):
        self.box = box

    def __call__(self, *words, name="/initctl", seconds=wait.PATIENCE):
        done = self.box.run(name, *words, seconds=seconds)
        return Answer(done.returncode, done.stdout, done.stderr)

    def kill(self, process, *words):
        """What popen() made, and nsenter with it."""
        for inner in self.box.find(" ".join(["/initctl", *words])):
            os.kill(inner.pid, signal.SIGKILL)
        process.kill()
        process.communicate(timeout=wait.PATIENCE)

    def popen(self, *words, **options):
        return subprocess.Popen(
            ["nsenter", f"--target={self.box.pid}", "--mount", "--pid",
             "--root", "--wd", "/initctl", *words], text=True,
            stdin=subprocess.DEVNULL, **options)

    def status(self):
        done = self("status", "-j")
        assert (done.status, done.err) == (DONE, ""), done
        return json.loads(done.out)

    def entry(self, number):
        return next(entry for entry in self.status()["entries"]
                    if entry["number"] == number)

    def state(self, number):
        return self.entry(number)["state"]

    def log(self):
        done = self("log", "-j")
        assert (done.status, done.err) == (DONE, ""), done
        return [json.loads(line) for line in done.out.splitlines()]

    def row(self, number):
        """That of the text: its words."""
        return next(line.split() for line in self("status").out.splitlines()
                    if line.split()[0] == str(number))

    def wait_state(self, number, state):
        wait.until(lambda: self.state(number) == state, f"{number} {state}",
                   self.box.show)


@pytest.fixture
def begin(start, product):
    """begin(INITTAB, ...): as start(), a Machine."""
    def begin_one(inittab, files=None, **options):
        is_seen = "/init" not in (files or {})
        files = {"/initctl": product("INITCTL").read_bytes(),
                 "/deaf": DEAF, **(files or {})}
        made = Machine(start(inittab, files=files, **options))
        if is_seen:
            wait.until(lambda: made().status == DONE, "init",
                       made.box.show)
        return made

    return begin_one


@pytest.fixture
def machine(begin):
    made = begin(INITTAB, ttys=("tty1", "tty2"))
    made.wait_state(3, "done")
    made.wait_state(6, "asking")
    return made


# --- status

def test_status_as_json(machine):
    before = time.monotonic()
    status = machine.status()
    assert before - 1 < status.pop("uptime") < time.monotonic() + 1
    version = re.search(r'^VERSION = (.*)', (INIT.parent / "Makefile")
                        .read_text(), re.M)[1]
    assert {key: status[key] for key in status if key != "entries"} == {
        "version": version, "phase": "run", "faults": 0, "paused": False,
        "pid1": "/init"}
    service = machine.box.wait_process("/bin/sleep 1000")
    entry = machine.entry(4)
    assert 0 <= entry.pop("uptime") < uptime() - machine.box.started + 1
    assert entry == {
        "number": 4, "tty": None, "action": "respawn",
        "command": "/bin/sleep 1000", "state": "running", "why": None,
        "pid": service.inner, "starts": 1, "status": None,
        "signal": None, "due": None}
    assert [(e["number"], e["tty"], e["action"], e["state"], e["status"])
            for e in status["entries"]] == [
        (1, None, "sysinit", "done", 0), (2, None, "wait", "done", 0),
        (3, None, "once", "done", 0), (4, None, "respawn", "running", None),
        (5, "tty1", "respawn", "running", None),
        (6, "tty2", "askfirst", "asking", None),
        (7, None, "shutdown", None, None)]


def test_long_options(machine):
    assert json.loads(machine("--json").out).keys() == machine.status().keys()
    assert json.loads(machine("status", "--json").out)["phase"] == "run"
    assert machine("log", "--json").out == machine("log", "-j").out


def test_status_as_text(machine):
    lines = machine().out.splitlines()
    assert re.fullmatch(r"phase run, up (\d+ \w+ )?\d+ \w+; kindling init "
                        r"[0-9.]+", lines[0])
    assert lines[1].split() == ["#", "TTY", "ACTION", "STATE", "PID", "UP",
                                "STARTS", "EXIT", "COMMAND"]
    assert len(lines) == 9
    assert machine.row(1) == ["1", "-", "sysinit", "done", "-", "-", "1", "0",
                              "/t", "sysinit"]
    row = machine.row(5)
    assert row[:4] == ["5", "tty1", "respawn", "running"]
    assert row[6:] == ["1", "-", "-/bin/sh", "-c", '"read', 'x"']
    assert re.fullmatch(r"\d+s", row[5])
    at = lines[1].index("COMMAND")
    assert all(line[at - 1] == " " != line[at] for line in lines[1:])
    assert machine("status") .status == machine("-j").status == DONE


def test_who_was_asked_runs(machine):
    machine.box.ttys["tty2"].send("\r")
    machine.wait_state(6, "running")


def test_all_the_ends_of_a_child(begin):
    machine = begin("::once:/bin/sh -c 'exit 7'\n::once:/bin/sh -c 'kill -9 $$'\n"
                    "::once:/bin/sh -c 'kill -34 $$'\n::wait:/bin/true\n"
                    "::respawn:/bin/sleep 0.1\n")
    for number in 1, 2, 3:
        machine.wait_state(number, "done")
    wait.until(lambda: machine.entry(5)["starts"] > 1, "a second start")
    ends = {n: machine.entry(n) for n in (1, 2, 3, 4, 5)}
    assert [(ends[n]["status"], ends[n]["signal"]) for n in ends] == [
        (7, None), (None, 9), (None, 34), (0, None), (0, None)]
    assert [machine.row(n)[7] for n in (1, 2, 4)] == ["7", "SIGKILL", "0"]
    assert machine.row(3)[7:9] == ["signal", "34"]


def throttled(machine, numbers):
    """These entries, if just now each is; they are tried now and then."""
    entries = [entry for entry in machine.status()["entries"]
               if entry["number"] in numbers]
    return all(e["state"] == "throttled" for e in entries) and entries


def test_waiting_and_throttled(begin):
    machine = begin(
        "::respawn:/bin/sleep 0.1\n::respawn:/bin/false\n"
        "::respawn:/no/such\n::respawn:/etc/inittab.d\n"
        "nosuchtty::respawn:/bin/sleep 1000\n",
        files={"/etc/inittab.d/x": ""})
    entry = wait.until(lambda: next((e for e in [machine.entry(1)]
                                     if e["state"] == "waiting"), None),
                       "an entry that waits")
    assert 0 < entry["due"] <= 1 and entry["why"] is None
    wait.until(lambda: machine.row(1)[3:6] == ["waiting", "1", "s"], "a row")
    why = {2: "keeps failing", 3: "not found", 4: "can't run", 5: "no tty"}
    entries = wait.until(lambda: throttled(machine, why), "all throttled")
    assert {e["number"]: e["why"] for e in entries} == why
    assert all(e["due"] <= 4 for e in entries)  # 2, or once more
    wait.until(lambda: re.search(
        r"^3 +- +respawn +throttled \d s: not found +\d+ 127 +/no",
        machine().out.replace("\n ", "\n"), re.M), "a line", machine.box.show)


def test_before_the_machine_is_up(begin):
    machine = begin(f"::sysinit:/t one; {UNTIL_GO}\n::wait:/t two\n"
                    "::once:/t three\n::respawn:/bin/sleep 1000\n"
                    "::ctrlaltdel:/t cad\n")
    machine.box.wait_said("one")
    status = machine.status()
    assert status["phase"] == "sysinit"
    assert [e["state"] for e in status["entries"]] == [
        "running", "pending", "pending", "pending", None]
    for verb, number in ("start", "2"), ("restart", "1"), ("start", "3"):
        done = machine(verb, number)
        assert done.status == REFUSED and not done.out
        assert "boot has not finished" in done.err
    assert machine("stop", "3").status == DONE
    machine.box.go()
    machine.wait_state(4, "running")
    assert machine.state(3) == "stopped"
    assert "three" not in machine.box.said()
    assert machine("start", "3").status == DONE
    assert len(machine.box.wait_said("three")) == 1


def test_an_entry_that_left_the_inittab(begin):
    machine = begin("::sysinit:/t up\ntty1::respawn:/deaf\n"
                    "::once:/bin/sleep 500\n", ttys=("tty1",))
    machine.box.wait_said("deaf")
    machine.box.reload("::sysinit:/t up\ntty1::respawn:/bin/sleep 600\n")
    machine.box.wait_for("reloaded")
    machine.wait_state(4, "blocked")
    states = [(e["number"], e["state"]) for e in machine.status()["entries"]]
    assert states == [(1, "done"), (4, "blocked"), (2, "stopping"),
                      (3, "orphaned")]
    # by its tty the one that is in the inittab is meant, by its name the
    # other: nothing else has that
    assert machine("stop", "sleep").out.startswith("4 ")
    done = machine("start", "deaf")
    assert done.status == REFUSED and "removed from the inittab" in done.err
    assert machine("stop", "3").out == "3 (sleep) stopped\n"
    assert not machine.box.find("sleep 500")


def test_a_repeated_entry_is_one(begin):
    machine = begin("::respawn:/bin/sleep 100\n::respawn:/bin/sleep 200\n"
                    "::respawn:/bin/sleep 100\n")
    machine.wait_state(2, "running")
    assert [e["command"] for e in machine.status()["entries"]] == [
        "/bin/sleep 200", "/bin/sleep 100"]


def test_any_bytes_are_harmless(begin):
    machine = begin(b"::once:/t \x1b[2J\xff\"q\\\xc3\xa4\n".decode("latin-1")
                    .encode("latin-1"))
    machine.wait_state(1, "done")
    assert machine.entry(1)["command"] == "/t \x1b[2J\xff\"q\\\xc3\xa4"
    assert "/t ?[2J?\"q\\??\n" in machine().out
    assert "/t ?[2J?\"q\\?? pid" in machine("log").out


@pytest.mark.parametrize("width, cut", [(80, 80), (60, 60), (200, 200),
                                        (0, 80), (20, 20)])
def test_on_a_terminal_lines_are_cut(begin, width, cut):
    machine = begin("::respawn:/bin/sleep 1000" + " 0" * 150 + "\n")
    machine.wait_state(1, "running")
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("4H", 24, width, 0, 0))
    with machine.popen(stdout=slave) as process:
        assert process.wait(10) == DONE
    output = ""
    while output.count("\r\n") < 3:
        output += os.read(master, 65536).decode()
    os.close(slave)
    os.close(master)
    line = output.split("\r\n")[2]
    room = line.find("/bin/sleep")
    assert len(line) == cut if room > 0 else len(line) < 80
    assert len(machine().out.splitlines()[2]) > 300


def test_faults_are_reported(begin, injector):
    machine = begin(INITTAB, ttys=("tty1", "tty2"))
    machine.wait_state(6, "asking")
    for number in 1, 2:
        assert injector(machine.box.pid, "jump-to-0").result()
        wait.until(lambda: machine.status()["faults"] == number, "a fault")
        words = ["1 fault", "2 faults"][number - 1]
        assert f"; {words} survived\n" in machine().out
    fault = machine.log()[-1]
    assert (fault["event"], fault["signal"]) == ("fault", 11)
    assert "  survived SIGSEGV\n" in machine("log").out


def test_it_reads_while_init_changes_its_state(begin):
    """Whatever is read is whole, and none of it is refused."""
    machine = begin("".join(f"::respawn:/bin/true {n}\n" for n in range(40)))
    for _ in range(40):
        if _ % 4 == 0:
            machine.box.signal(signal.SIGHUP)
        entries = machine.status()["entries"]
        assert len(entries) == 40
        for entry in entries:
            assert (entry["pid"] is None) == (entry["uptime"] is None)
            assert entry["status"] in (0, None)


# --- stop, start, restart

def test_stop_and_start(machine):
    pid = machine.entry(4)["pid"]
    assert machine("stop", "sleep").status == NO_ENTRY  # 2 is one, too
    assert machine("stop", "4") == (DONE, "4 (sleep) stopped\n", "")
    entry = machine.entry(4)
    assert (entry["state"], entry["pid"], entry["signal"]) == ("stopped", None,
                                                               15)
    wait.stays(lambda: machine.state(4) == "stopped", 1.2, "it stays so")
    assert machine("stop", "4") == (DONE, "4 (sleep) stopped\n", "")
    done = machine("start", "4")
    entry = machine.entry(4)
    assert entry["pid"] not in (None, pid) and entry["starts"] == 2
    assert done == (DONE, f"4 (sleep) started, pid {entry['pid']}\n", "")
    assert machine("start", "4") == (
        DONE, f"4 (sleep) is already running, pid {entry['pid']}\n", "")
    assert machine.entry(4)["starts"] == 2


def test_what_is_stopped_is_so_after_a_reload_and_an_upgrade(machine):
    assert machine("stop", "tty1", "4").out == ("5 (sh) stopped\n"
                                                "4 (sleep) stopped\n")
    machine.box.write("/etc/inittab", INITTAB + "::respawn:/bin/sleep 2000\n")
    assert machine("reload") == (DONE, "reloaded\n", "")
    assert machine("upgrade") == (DONE, "upgraded\n", "")
    machine.wait_state(8, "running")
    assert (machine.state(4), machine.state(5)) == ("stopped", "stopped")
    done = machine("start", "/dev/tty1", "4")
    assert done.status == DONE
    assert re.fullmatch(r"5 \(sh\) started, pid \d+\n4 \(sleep\) started, pid"
                        r" \d+\n", done.out)


def test_restart(machine):
    pid = machine.entry(4)["pid"]
    assert machine("restart", "4").status == DONE
    entry = machine.entry(4)
    assert entry["pid"] != pid and entry["starts"] == 2
    assert entry["signal"] == 15 and entry["state"] == "running"
    assert machine("stop", "4").status == DONE
    assert machine("restart", "4").status == DONE
    assert machine.state(4) == "running"


def test_over_a_reload(machine):
    """The state that was read is dropped while the outcome is waited for."""
    process = machine.popen("restart", "4", stdout=subprocess.PIPE)
    for _ in range(20):
        machine.box.signal(signal.SIGHUP)
        time.sleep(0.02)
    said, _ = process.communicate(timeout=wait.PATIENCE)
    assert said.startswith("4 (sleep) started")
    assert process.returncode == DONE


@pytest.mark.slow
def test_a_deaf_one_is_killed(begin):
    machine = begin("::respawn:/deaf\n::respawn:/bin/sleep 100\n")
    machine.box.wait_said("deaf")
    process = machine.popen("stop", "2", "1", stdout=subprocess.PIPE)
    machine.wait_state(1, "stopping")
    out, _ = process.communicate(timeout=wait.PATIENCE)
    assert process.returncode == DONE
    assert re.fullmatch(r"2 \(sleep\) stopped\n1 \(deaf\) stopped by "
                        r"SIGKILL, after 1[0-2] s\n", out)


@pytest.mark.parametrize("words", [["--no-wait", "1"], ["1", "--no-wait"]])
def test_no_wait(begin, words):
    machine = begin("::respawn:/deaf\n")
    machine.box.wait_said("deaf")
    assert machine("stop", *words) == (DONE, "", "")
    machine.wait_state(1, "stopping")


@pytest.mark.parametrize("command, why", [
    ("/bin/false", "exited with 1"),
    ("/no/such", "exited with 127: not found"),
    ("/bin/sh -c 'kill -9 $$'", "was killed by SIGKILL")])
def test_a_start_that_fails(begin, command, why):
    machine = begin(f"::respawn:{command}\n::once:{command}\n")
    machine.wait_state(1, "throttled")
    for number in "1", "2":
        # on a busy host a start has succeeded before the command has failed
        tries = (machine("start", number) for _ in range(5))
        done = next(done for done in tries if done.status == REFUSED)
        assert not done.out
        assert re.fullmatch(rf"initctl: {number} \(\w+\) {why}\n", done.err)


def test_a_throttled_entry_is_started(begin):
    machine = begin("::respawn:test -e /good && exec sleep 1000\n")
    wait.until(lambda: (machine.entry(1)["due"] or 0) > 3, "a long delay")
    machine.box.write("/good", "")
    due = time.monotonic() + machine.entry(1)["due"]  # or a little later
    assert machine("start", "1").status == DONE
    assert machine.state(1) == "running"
    started = [e["time"] for e in machine.log() if e["event"] == "started"]
    assert started[-1] < due


def test_one_time_entries_run_again(machine):
    outs = set()
    assert machine("start", "1", "t") == (
        NO_ENTRY, "", machine("start", "t").err)  # more than one of them
    for count, (number, text) in enumerate([("1", "sysinit"), ("3", "once")] * 5):
        done = machine("start", number)
        assert done.status == DONE
        machine.box.wait_said(text, count=count // 2 + 2)
        machine.wait_state(int(number), "done")
        outs.add(done.out)
    assert machine.box.said() == ["sysinit", "once"] * 6
    # on a busy host some exit only later
    assert {f"{number} (t) started, and exited with 0\n" for number in (1, 3)
            } <= outs


def test_who_is_meant(machine):
    done = machine("restart", "sh")
    assert done.status == NO_ENTRY and not done.out
    assert done.err == (
        "initctl: more than one entry matches 'sh'\n"
        "initctl: candidate 5: tty1 -/bin/sh -c \"read x\"\n"
        "initctl: candidate 6: tty2 -/bin/sh\n")
    before = machine.entry(5)["pid"], machine.entry(4)["pid"]
    for word in "nothing", "0", "99", "4294967300", "/bin/sleep", "":
        done = machine("restart", "5", word)  # and nothing is sent
        assert done.status == NO_ENTRY and "no entry matches" in done.err
    assert machine("restart", "4", "sh").status == NO_ENTRY
    assert (machine.entry(5)["pid"], machine.entry(4)["pid"]) == before
    assert machine("restart", "tty1").out.startswith("5 (sh) started")
    assert machine("restart", "/dev/tty1").out.startswith("5 (sh) started")
    assert machine("restart", "\x1b[2J").err == (
        "initctl: no entry matches '?[2J'\n")


@pytest.mark.parametrize("verb", ["stop", "start", "restart"])
def test_entries_that_have_their_time(begin, verb):
    machine = begin("::respawn:/bin/sleep 1000\n::ctrlaltdel:/t cad\n"
                    "::shutdown:/t shutdown\n::restart:/bin/sleep\n")
    machine.wait_state(1, "running")
    for number in "2", "3", "4":
        done = machine(verb, "1", number)
        assert done.status == REFUSED and "on an event only" in done.err
    assert machine.entry(1)["starts"] == 1
    assert machine.state(1) == "running"


def test_the_job_is_not_stopped(begin):
    machine = begin("::respawn:/bin/sleep 2000\n",
                    argv=("init", "--", "/bin/sleep", "1000"))
    machine.box.wait_process("sleep 1000")
    job = wait.until(lambda: next((e for e in machine.status()["entries"]
                                   if e["state"] == "running"), None),
                     "a running entry")
    assert job["action"] == "job"
    done = machine("stop", str(job["number"]))
    assert done.status == REFUSED and "it is the job" in done.err
    assert "only" in machine("reload").err


def test_a_paused_init_is_warned_of(machine):
    machine.box.signal(signal.SIGTSTP)
    wait.until(lambda: machine.status()["paused"], "paused")
    assert "; paused" in machine().out
    process = machine.popen("restart", "4", stderr=subprocess.PIPE,
                            stdout=subprocess.PIPE)
    machine.wait_state(4, "stopping")  # noted, and no more
    wait.stays(lambda: process.poll() is None, 0.3, "a wait for SIGCONT")
    machine.box.signal(signal.SIGCONT)
    out, err = process.communicate(timeout=wait.PATIENCE)
    assert "init is paused" in err and "4 (sleep) started" in out


def test_requests_are_refused_during_shutdown(begin):
    machine = begin("::respawn:/bin/sleep 1000\n"
                    "::shutdown:/t down; sleep 30\n")
    machine.wait_state(1, "running")
    assert machine("poweroff").status == DONE
    machine.box.wait_said("down")
    assert machine.status()["phase"] == "shutdown"
    for words in (["stop", "1"], ["reload"], ["upgrade"]):
        done = machine(*words)
        assert done.status == REFUSED and "going down" in done.err
    assert machine("poweroff", "--now").status == DONE
    assert machine.box.wait_end(wait.PATIENCE) == "SIGINT"


# --- reload, upgrade

def test_a_reload_that_fails(machine):
    machine.box.write("/etc/inittab", "# nothing\n")
    started = time.monotonic()
    done = machine("reload")
    assert done.status == REFUSED and not done.out
    assert done.err == ("initctl: reload failed, the previous inittab stays "
                        "in use: see the console or dmesg\n")
    assert time.monotonic() - started < 5  # TIMEOUT of cmd_control.c
    assert len(machine.status()["entries"]) == 7


def test_an_upgrade_that_fails(machine):
    machine.box.write("/init", "#!/bin/sh\n")
    done = machine("upgrade")
    assert (done.status, done.out) == (REFUSED, "")
    assert done.err == "initctl: upgrade failed: see the console or dmesg\n"


# --- the end

@pytest.mark.parametrize("name, words, end", [
    ("/initctl", ["poweroff"], "SIGINT"), ("/initctl", ["halt"], "SIGINT"),
    ("/initctl", ["reboot"], "SIGHUP"), ("/halt", [], "SIGINT"),
    ("/poweroff", ["-n"], "SIGINT"), ("/reboot", ["-p"], "SIGHUP"),
    ("/shutdown", ["-h", "now"], "SIGINT"),
    ("/shutdown", ["-r", "+0"], "SIGHUP"),
    ("/shutdown", ["-P", "now"], "SIGINT"),
    ("/shutdown", ["-H", "now"], "SIGINT")])
def test_the_machine_ends(begin, product, name, words, end):
    machine = begin("::respawn:/bin/sleep 1000\n::shutdown:/t $1 down\n",
                    files={name: product("INITCTL").read_bytes()})
    machine.wait_state(1, "running")
    machine(*words, name=name)
    assert machine.box.wait_end(wait.PATIENCE) == end
    assert machine.box.said() == ["down"]
    kind = {"/initctl": words[:1], "/shutdown": [
        {"-h": "poweroff", "-P": "poweroff", "-r": "reboot",
         "-H": "halt"}.get((words or [""])[0])]}.get(name, [name[1:]])[0]
    machine.box.console.expect(f"going down for {kind}")


@pytest.mark.parametrize("name, words, end", [
    ("/halt", ["-f"], "SIGINT"), ("/halt", ["-fp"], "SIGINT"),
    ("/poweroff", ["-n", "-f"], "SIGINT"), ("/reboot", ["-fn"], "SIGHUP"),
    ("/reboot", ["-fd4"], "SIGHUP"), ("/reboot", ["-f", "-d", "4"], "SIGHUP")])
def test_at_once(begin, product, name, words, end):
    machine = begin("::respawn:/bin/sleep 1000\n::shutdown:/t down\n",
                    files={name: product("INITCTL").read_bytes()})
    machine.wait_state(1, "running")
    started = time.monotonic()
    machine(*words, name=name)
    assert machine.box.wait_end() == end
    assert machine.box.said() == []
    assert (time.monotonic() - started > 4) == ("4" in "".join(words))


@pytest.mark.slow
def test_now_means_no_grace(begin):
    machine = begin("::respawn:/deaf\n")
    machine.box.wait_said("deaf")
    machine("reboot", "--now")
    assert machine.box.wait_end() == "SIGHUP"


def test_a_wrong_call_of_halt_and_its_like(begin, product):
    names = ("/halt", "/reboot", "/poweroff", "/shutdown")
    machine = begin("::respawn:/bin/sleep 1000\n", files={
        name: product("INITCTL").read_bytes() for name in names})
    for name, *words in [
            ("/halt", "-x"), ("/halt", "now"), ("/reboot", "-d"),
            ("/reboot", "-d", "x"), ("/poweroff", "-fd1x"), ("/poweroff", "-"),
            ("/reboot", "-d", "99999999999"), ("/shutdown",),
            ("/shutdown", "now"), ("/shutdown", "-h"),
            ("/shutdown", "-x", "now"), ("/shutdown", "-h", "now", "bye"),
            ("/shutdown", "-hr", "now"), ("/initctl", "poweroff", "--nwo"),
            ("/initctl", "halt", "--now", "x")]:
        done = machine(*words, name=name)
        assert (done.status, done.out) == (USAGE, ""), (name, words)
        assert done.err.startswith("usage: "), (name, words)
    for name in names:
        done = machine("--help", name=name)
        assert done.status == DONE and done.out.startswith("usage: ")
    for moment in "+1", "12:00", "", "now+":
        assert machine("-h", moment, name="/shutdown") == (
            USAGE, "", "initctl: shutdown: the only supported time is now\n")
    assert machine.status()["phase"] == "run"


# --- log, times

def test_the_log(machine):
    events = machine.log()
    assert [event["event"] for event in events[:7]] == [
        "boot", "phase", "started", "exited", "phase", "started", "exited"]
    assert [e["phase"] for e in events if e["event"] == "phase"] == [
        "sysinit", "wait", "once", "run"]
    times = [event["time"] for event in events]
    assert times == sorted(times)
    assert 0 < time.monotonic() - times[0] < uptime() - machine.box.started + 1
    pid = events[5]["pid"]
    assert {**events[5], "time": 0} == {
        "time": 0, "event": "started", "entry": 2, "tty": None,
        "action": "wait", "command": "/bin/sleep 0.3", "pid": pid}
    assert events[6]["status"] == 0 and "signal" not in events[6]
    took = events[6]["time"] - events[5]["time"]
    assert 0.1 < took < SLOW
    lines = machine("log").out.splitlines()
    assert len(lines) == len(events)
    assert re.fullmatch(r" *\d+\.\d{6}  boot", lines[0])
    assert re.fullmatch(r" *\d+\.\d{6}  phase sysinit", lines[1])
    assert lines[5].endswith(f"  started    2 - /bin/sleep 0.3 pid {pid}")
    after = re.search(rf"  exited     2 - /bin/sleep 0\.3 pid {pid} with 0, "
                      r"after (\d+\.\d{3}) s$", lines[6])
    assert float(after[1]) == pytest.approx(took, abs=0.002)
    assert any("tty1 -/bin/sh -c" in line for line in lines)


def test_what_else_the_log_knows(machine):
    machine("stop", "4")
    assert re.search(r" exited     4 - /bin/sleep 1000 pid \d+ by SIGTERM, "
                     r"after \d+\.\d{3} s\n", machine("log").out)
    assert machine.log()[-1]["signal"] == 15
    machine.box.write("/etc/inittab", "::respawn:/bin/false\n"
                      "::respawn:/bin/sleep 3000\n")
    machine("reload")
    machine("upgrade")
    wait.until(lambda: machine.log()[-1]["event"] == "throttled", "throttled",
               machine.box.show)
    events = machine.log()
    assert {"reloaded", "upgraded"} <= {event["event"] for event in events}
    # an entry that is gone has a number only
    gone = next(e for e in events if e.get("entry") == 1)
    assert set(gone) == {"time", "event", "entry", "pid"}
    text = machine("log").out
    assert re.search(r"  throttled  8 - /bin/false\n", text)
    assert re.search(r"  started    1 pid \d+\n", text)


def test_the_log_is_followed(machine):
    process = machine.popen("log", "-f", "-j", stdout=subprocess.PIPE)
    try:
        seen = [json.loads(process.stdout.readline())
                for _ in machine.log()]
        machine("stop", "4")
        machine("reload")
        machine("upgrade")
        machine("start", "4")
        seen += [json.loads(process.stdout.readline()) for _ in range(4)]
    finally:
        machine.kill(process, "log", "-f")
    assert [event["event"] for event in seen[-4:]] == [
        "exited", "reloaded", "upgraded", "started"]
    assert seen == machine.log()


def test_missed_events_are_reported(begin):
    """A ring that has turned between two looks: initctl is stopped."""
    machine = begin("".join(f"::respawn:/bin/true {n}\n" for n in range(100)))
    process = machine.popen("log", "-f", stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE)
    try:
        process.stdout.readline()
        inner = wait.until(lambda: machine.box.find("initctl log -f"), "it")
        os.kill(inner[-1].pid, signal.SIGSTOP)
        before = machine.log()[-1]["time"]
        wait.until(lambda: machine.log()[0]["time"] > before + 1,
                   "many events")
        process.send_signal(signal.SIGCONT)  # nsenter passes it on
        line = process.stderr.readline()
    finally:
        machine.kill(process, "log", "-f")
    assert re.fullmatch(r"initctl: \d+ events were missed\n", line)


def test_the_ring_turns(begin):
    machine = begin("".join(f"::respawn:/bin/true {n}\n" for n in range(100)))
    wait.until(lambda: machine.log()[0]["event"] not in ("boot", "phase"),
               "256 events")
    events = machine.log()
    assert len(events) == 256
    times = [event["time"] for event in events]
    assert times == sorted(times)
    assert "The boot is no longer in the log" in machine("times").out


def test_the_times_of_the_boot(begin):
    machine = begin("::sysinit:/bin/sleep 0.2\n::wait:/bin/sleep 0.4\n"
                    "::sysinit:/bin/true\n::respawn:/bin/sleep 1000\n"
                    "::respawn:/getty 38400\n::respawn:/bin/sleep 2000\n",
                    files={"/getty": "#!/bin/sh\nexec sleep 3000\n"})
    machine.wait_state(6, "running")
    machine("start", "2")  # and that is no part of it
    lines = [line.split(" s ") for line in machine("times").out.splitlines()]
    texts = [" ".join(text.split()) for _, text in lines]
    seconds = [float(number) for number, _ in lines]
    took = dict(zip(texts[:3], seconds))
    assert took.keys() == {"1 - /bin/sleep 0.2", "2 - /bin/sleep 0.4",
                           "3 - /bin/true"}
    assert list(took.values()) == sorted(took.values(), reverse=True)
    assert texts[3:] == [
        "from the start of the kernel to init", "from init to sysinit",
        "sysinit and wait", "from wait to the first getty", "total"]
    assert 0.3 < took["2 - /bin/sleep 0.4"] < SLOW
    assert 0.1 < took["1 - /bin/sleep 0.2"] < SLOW
    assert seconds[5] >= sum(seconds[:3]) - 0.01
    assert seconds[7] == pytest.approx(sum(seconds[3:7]), abs=0.01)
    getty = next(e for e in machine.log() if e.get("entry") == 5)
    assert seconds[7] == pytest.approx(getty["time"], abs=0.002)


def test_a_boot_that_is_not_over(begin):
    machine = begin("::sysinit:/t on; sleep 1000\n::respawn:/bin/sleep 10\n")
    machine.box.wait_said("on")
    out = machine("times").out
    assert "1 - /t on; sleep 1000\n" in out
    assert out.endswith("The boot has not finished.\n")


# --- what can't be seen

VERBS_THAT_LOOK = [[], ["-j"], ["log"], ["log", "-f"], ["times"],
                   ["stop", "1"], ["start", "1"], ["restart", "1"],
                   ["reload"], ["upgrade"]]


def test_not_for_ordinary_users(machine):
    """Neither what init knows, nor what it does."""
    machine.box.write("/etc/passwd", "root::0:0::/:/bin/sh\n"
                      "nobody::65534:65534::/:/bin/sh\n")
    before = machine.status()
    for words in [*VERBS_THAT_LOOK, ["poweroff"], ["halt", "--now"]]:
        done = subprocess.run(
            ["nsenter", f"--target={machine.box.pid}", "--mount", "--pid",
             "--root", "--wd", "--setuid=65534", "--setgid=65534",
             "/initctl", *words], capture_output=True, text=True,
            timeout=wait.PATIENCE, stdin=subprocess.DEVNULL)
        assert (done.returncode, done.stdout) == (NOT_PERMITTED, ""), words
        assert re.match("initctl: only root may ", done.stderr)
    after = machine.status()
    assert after["phase"] == "run"
    assert ([e["pid"] for e in after["entries"]] ==
            [e["pid"] for e in before["entries"]])


def test_another_init(start, product):
    """busybox init is asked to end, which is all that it understands."""
    box = start("::respawn:/bin/sleep 1000\n::shutdown:/t down\n", files={
        "/init": product("BUSYBOX").read_bytes(),
        "/initctl": product("INITCTL").read_bytes()})
    machine = Machine(box)
    box.wait_process("sleep 1000")
    for words in VERBS_THAT_LOOK:
        done = machine(*words)
        assert (done.status, done.out) == (REFUSED, ""), words
        assert done.err == "initctl: PID 1 is another program: init\n"
    machine("poweroff", "--now")
    box.wait_said("down")
    box.wait_end(wait.PATIENCE)


@pytest.mark.parametrize("name", ["tail", "b\x1b[2J"])
def test_another_init_is_named(start, product, name):
    """And gets no signal."""
    script = ("#!/bin/sh\ntrap '/t signalled' TERM USR1 USR2 HUP\n"
              f"printf '%s' '{name}' >/proc/self/comm\n/t up\n"
              "while :; do sleep 0.1; done\n")
    box = start("", files={"/init": script,
                           "/initctl": product("INITCTL").read_bytes()})
    machine = Machine(box)
    box.wait_said("up")
    shown = name.replace("\x1b", "?")
    for words in [*VERBS_THAT_LOOK, ["poweroff"], ["reboot", "--now"],
                  ["halt"]]:
        assert machine(*words) == (
            REFUSED, "", f"initctl: PID 1 is another program: {shown}\n")
    wait.stays(lambda: box.said() == ["up"], 0.3, "silence", box.show)


def test_another_version_of_the_state(begin, variant, state_version):
    other = state_version + 1
    machine = begin("::respawn:/bin/sleep 1000\n",
                    files={"/init": variant(version=other)})
    machine.box.wait_process("sleep 1000")
    for words in VERBS_THAT_LOOK:
        done = machine(*words)
        assert (done.status, done.out) == (REFUSED, ""), words
        assert done.err == (
            f"initctl: the state of init has version {other:08x}, but this "
            f"program needs version {state_version:08x}\n")
    machine("reboot")
    assert machine.box.wait_end(wait.PATIENCE) == "SIGHUP"


def test_without_proc(machine):
    machine.box.run("/bin/umount", "/proc")
    for words in VERBS_THAT_LOOK:
        done = machine(*words)
        assert (done.status, done.out) == (REFUSED, ""), words
        assert "is /proc mounted?" in done.err
    machine("poweroff")
    assert machine.box.wait_end(wait.PATIENCE) == "SIGINT"


def test_a_kernel_without_memfd(begin, product, program):
    machine = begin("::respawn:/bin/sleep 1000\n", argv=(
        "deny", "memfd_create", "--", "/kindling", "init"), files={
            "/init": program("deny"),
            "/kindling": product("INIT").read_bytes()})
    machine.box.wait_process("sleep 1000")
    done = machine()
    assert (done.status, done.out) == (REFUSED, "")
    assert "this kernel has no memfd" in done.err
    machine("reboot")
    assert machine.box.wait_end(wait.PATIENCE) == "SIGHUP"


@pytest.fixture
def stopped(begin):
    """A machine whose init stands still, and the file of its state."""
    machine = begin("::respawn:/bin/sleep 1000\ntty1::once:/bin/true\n")
    machine.wait_state(2, "done")
    file = os.open(machine.box.state_path(), os.O_RDWR)
    wait.until(lambda: machine.box.status()["State"][0] == "S", "a sleep")
    os.kill(machine.box.pid, signal.SIGSTOP)
    yield machine, file
    os.close(file)
    os.kill(machine.box.pid, signal.SIGKILL)


def write_number(file, number, at):
    os.pwrite(file, (number & 0xffffffff).to_bytes(4, "little"), at)


def read_number(file, at):
    return int.from_bytes(os.pread(file, 4, at), "little")


def test_a_change_is_waited_for(stopped, layout):
    machine, file = stopped
    sequence_at = layout["sequence"]
    even = os.pread(file, 4, sequence_at)
    os.pwrite(file, bytes([even[0] | 1]), sequence_at)
    started = time.monotonic()
    done = machine()
    assert done.status == REFUSED and not done.out
    assert "the state of init keeps changing" in done.err
    assert time.monotonic() - started >= 2  # SNAPSHOT_TIMEOUT
    process = machine.popen(stdout=subprocess.PIPE)
    wait.stays(lambda: process.poll() is None, 0.2, "another look")
    os.pwrite(file, even, sequence_at)
    assert "phase run" in process.communicate(timeout=wait.PATIENCE)[0]
    assert process.returncode == DONE


def test_what_is_read_is_whole(stopped, layout):
    """Two numbers that lie far apart change together, all the time."""
    machine, file = stopped
    sequence_at = layout["sequence"]
    starts = (layout["table"] + read_number(file, layout["slots_at"])
              + layout["starts"])
    done = threading.Event()

    def change():
        number, sequence = 1, read_number(file, sequence_at) | 1
        while not done.is_set():
            write_number(file, sequence, sequence_at)
            write_number(file, number, layout["faults"])
            write_number(file, number, starts)
            write_number(file, sequence + 1, sequence_at)
            number, sequence = number % 1000000 + 1, sequence + 2
            time.sleep(0)

    writer = threading.Thread(target=change)
    writer.start()
    try:
        script = "for i in $(seq 150); do /initctl -j 2>/dev/null; done; :"
        looks = machine.box.run("/bin/sh", "-c", script, seconds=400)
    finally:
        done.set()
        writer.join()
    seen = [json.loads(line) for line in looks.stdout.splitlines()]
    assert len(seen) > 20
    assert all(look["faults"] == look["entries"][0]["starts"]
               for look in seen)


@pytest.mark.parametrize("offset, data, words", [
    (0, b"\0\0\0\0", "in private memory"),  # the magic number
    (8, b"\1\0\0\0", "is invalid"),  # the size
    (16, b"\1\0\0\0", "in private memory")],  # the descriptor
    ids=["magic", "size", "descriptor"])
def test_what_only_looks_like_a_state(stopped, offset, data, words):
    machine, file = stopped
    os.pwrite(file, data, offset)
    for verb in [], ["log"]:
        done = machine(*verb)
        assert (done.status, done.out) == (REFUSED, "")
        assert words in done.err


def test_a_state_that_makes_no_sense(stopped):
    """Whatever the bytes are, initctl ends well."""
    machine, file = stopped
    good = os.pread(file, os.fstat(file).st_size, 0)
    refused = 0
    for seed in range(30):
        dice = random.Random(seed)
        for _ in range(40):
            os.pwrite(file, dice.randbytes(4), dice.randrange(24, len(good) - 4))
        for words in ([], ["-j"], ["log"], ["times"]):
            done = machine(*words)
            assert done.status in (DONE, REFUSED), (seed, words, done)
            refused += done.status
            if done.status:
                break
        os.pwrite(file, good, 0)
    assert machine().status == DONE
    assert refused

"""initctl in a machine: each of its commands, by root and by another user."""

import json
import re

import pytest

from harness import wait
from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT, run

INITTAB = """::sysinit:/etc/init.d/rcS
::wait:/bin/sleep 0.2
::once:/bin/true
::respawn:/sbin/getty -L ttyS0 115200 vt100
tty1::askfirst:-/bin/sh
::respawn:/bin/sleep 1000
::respawn:/no/such -x
tty9x::respawn:/sbin/getty 38400 tty9x
::ctrlaltdel:/sbin/reboot -n
"""
LINKS = ("telinit", "halt", "poweroff", "reboot", "shutdown")


DELAYED = "restarts are delayed"


def throttled(machine, count):
    """Waits for so many messages about entries that fail: none is to come into
    the output of what follows."""
    wait.until(lambda: len(machine.console.lines(DELAYED)) >= count,
               f"{count} that are throttled", machine.show)


@pytest.fixture(scope="module")
def machine(boot_for_module):
    """Never the end of it: that is for machines of their own."""
    machine = boot_for_module("quiet", files={"/etc/inittab": INITTAB})
    machine.login()
    throttled(machine, 2)
    return machine


def fails(machine, command, status):
    output, got = machine.run(command)
    assert got == status, machine.show()
    return output


def entries(machine):
    return json.loads(run(machine, "initctl status -j"))["entries"]


def test_status_fits_the_line(machine):
    output = run(machine, "initctl")
    lines = output.splitlines()
    assert re.match(r"phase run, up (\d+ min )?\d+ s; kindling init \d", lines[0])
    assert len(lines) == 2 + len(INITTAB.splitlines())
    assert all(len(line) <= 80 for line in lines)
    states = {e["command"]: e["state"] for e in entries(machine)}
    assert states["/etc/init.d/rcS"] == states["/bin/true"] == "done"
    assert states["-/bin/sh"] == "asking"
    assert states["/bin/sleep 1000"] == "running"


def test_stop_start_and_restart(machine):
    assert run(machine, "initctl stop 6") == "6 (sleep) stopped\n"
    assert run(machine, "pidof sleep || echo none") == "none\n"
    assert "reloaded" in run(machine, "initctl reload")
    assert entries(machine)[5]["state"] == "stopped"
    started = run(machine, "initctl start 6")
    pid = re.fullmatch(r"6 \(sleep\) started, pid (\d+)\n", started)[1]
    assert run(machine, "pidof sleep") == f"{pid}\n"
    restarted = run(machine, "initctl restart tty1 6").splitlines()
    assert re.fullmatch(r"5 \(sh\) started, pid \d+", restarted[0])
    assert run(machine, "pidof sleep") != f"{pid}\n"
    assert run(machine, "initctl restart --no-wait 6") == ""


def test_what_can_not_be_done_is_refused(machine):
    before = len(machine.console.lines(DELAYED))
    assert "not found" in fails(machine, "initctl start such", 1)
    assert "on an event only" in fails(machine, "initctl stop 9", 1)
    assert "candidate" in fails(machine, "initctl stop getty", 3)
    fails(machine, "initctl stop 99", 3)
    fails(machine, "initctl stop", 2)
    fails(machine, "initctl nonsense", 2)
    throttled(machine, before + 1)


def test_log_times_and_upgrade(machine):
    assert "upgraded" in run(machine, "initctl upgrade")
    events = [json.loads(line) for line in
              run(machine, "initctl log -j").splitlines()]
    what = {event["event"] for event in events}
    assert {"boot", "phase", "started", "exited", "throttled", "upgraded"} <= what
    times = [event["time"] for event in events]
    assert times == sorted(times) and events[0]["event"] == "boot"
    text = run(machine, "initctl log").splitlines()
    assert len(text) >= len(events)
    times = run(machine, "initctl times").splitlines()
    # the slowest first, which on a fast machine is the sleep
    assert {re.fullmatch(r" +\d+\.\d+ s +(\d) - (.*)", line).groups()
            for line in times[:2]} == {("1", "/etc/init.d/rcS"),
                                       ("2", "/bin/sleep 0.2")}
    assert "from the start of the kernel to init" in times[2]
    assert "total" in times[-1]
    followed = run(machine, "timeout 5 initctl log -f >>/tmp/f & until [ -s "
                   "/tmp/f ]; do sleep 0.1; done; >/tmp/f; kill -HUP 1; "
                   "until grep -q reloaded /tmp/f; do sleep 0.1; done; kill $!; "
                   "tail -n 1 /tmp/f")
    assert "reloaded" in followed


def test_each_command_has_help(machine):
    for verb in ("", "status", "stop", "start", "restart", "reload", "upgrade",
                 "poweroff", "reboot", "halt", "log", "times", "check"):
        assert run(machine, f"initctl {verb} --help").startswith("usage: ")


def test_an_ordinary_user_gets_nothing(machine):
    """No status, no request, and not a byte of the state."""
    run(machine, "echo user:x:1000:1000::/:/bin/sh >>/etc/passwd")

    def as_user(command):
        return machine.run(f"su user -c '{command}'")

    served = "initctl log | grep -c -e loaded -e graded -e phase -e sleep"
    before = run(machine, served)
    pid = run(machine, "pidof sleep")
    for command in ("", "status -j", "log", "times", "stop 6", "start 6",
                    "restart 6", "reload", "upgrade", "poweroff", "reboot",
                    "halt", "poweroff --now"):
        output, status = as_user(f"initctl {command}")
        assert status == 4 and "only root" in output, (command, output)
    for command in ("ls /proc/1/fd/", "cat /proc/1/fd/*", "cat /proc/1/mem",
                    "cat /proc/1/map_files/*", "kill -40 1", "kill -TERM 1"):
        output, status = as_user(command)
        assert status != 0 and len(output) < 400, (command, output)
    assert run(machine, served) == before
    assert run(machine, "pidof sleep") == pid


@pytest.mark.parametrize("command, end", [
    ("initctl poweroff", POWERED_OFF), ("initctl poweroff --now", POWERED_OFF),
    ("initctl reboot", REBOOTED), ("/tmp/poweroff", POWERED_OFF),
    ("/tmp/reboot", REBOOTED), ("/tmp/shutdown -h now", POWERED_OFF),
    ("/tmp/shutdown -r now", REBOOTED), ("/tmp/poweroff -f", POWERED_OFF),
    ("/tmp/telinit 0", POWERED_OFF)])
def test_endings(boot, command, end):
    machine = boot("quiet")
    machine.login()
    for name in LINKS:
        run(machine, f"ln -s /sbin/initctl /tmp/{name}")
    machine.send(f"{command}\n")
    assert machine.ended(BOOT) == end


@pytest.mark.parametrize("command", ["initctl halt", "/tmp/halt"])
def test_halt(boot, command):
    machine = boot()
    machine.login()
    run(machine, "ln -s /sbin/initctl /tmp/halt; echo 7 >/proc/sys/kernel/printk")
    machine.send(f"{command}\n")
    machine.expect("System halted", BOOT)


def test_another_init_is_recognized(boot):
    machine = boot("quiet rdinit=/sbin/other", files={
        "/sbin/other": "#!/bin/sh\nmount -t proc proc /proc\nsh -i\n"
        "sleep 1000\n"})
    machine.expect("# ", BOOT)
    assert "PID 1 is another program: other" in fails(machine, "initctl", 1)
    assert "another program" in fails(machine, "initctl poweroff", 1)

"""What takes a machine to see: both inits in QEMU, on the image's initrd.

Each of the machines that are looked at here is one boot, shared.
"""

import json

import pytest

from common import row, statement
from harness.machine import POWERED_OFF, REBOOTED
from harness.shell import BOOT, run
from pair import words

pytestmark = pytest.mark.xdist_group("machine")  # they share two boots

SERIAL, SCREEN, CONSOLE = "4:64", "4:1", "5:1"  # devices, as the recorder says

# Before init: what a script that starts it may have left open.
BEGIN = "#!/bin/sh\nexec 7</etc/passwd\nexec /sbin/init\n"

LOOK = """#!/bin/sh
[ -e /proc/mounts ] || mount -t proc proc /proc
cat /proc/mounts >/mounts
cat /proc/sys/kernel/printk >/printk
exec /etc/init.d/rcS
"""

INITTAB = """
::sysinit:/look
::wait:/t a
::wait:-/t b
tty1::wait:/t c
tty0::wait:/t e
::wait:/t +exit1 d
::shutdown:/t down
::restart:/bin/sh -c 'echo "took" over; sleep 1000'
::respawn:/sbin/getty -L ttyS0 115200 vt100
"""


class Seen:
    """What a machine that runs says when it is asked."""

    def __init__(self, machine):
        self.machine = machine
        events = map(json.loads, run(machine, "cat /trace").splitlines())
        self.starts = {words(event): event for event in events}
        self.mounts = {line.split()[1]: line.split()[2] for line in
                       run(machine, "cat /mounts").splitlines()}
        self.printk = run(machine, "cat /printk").split()
        self.kmsg = run(machine, "dmesg")

    def environment(self, name):
        return dict(variable.split("=", 1) for variable
                    in self.starts[name]["environment"])

    def input(self, name):
        """The device on descriptor 0."""
        return self.starts[name]["descriptors"]["0"][0]


@pytest.fixture(scope="module")
def start(boot_for_module, product, program):
    """start("kindling"), start("busybox"): booted, and logged in."""
    def make(init):
        program_of = {"kindling": "INIT", "busybox": "BUSYBOX"}[init]
        machine = boot_for_module("rdinit=/begin", files={
            "/sbin/init": product(program_of).read_bytes(), "/begin": BEGIN,
            "/look": LOOK, "/etc/inittab": INITTAB, "/t": program("recorder")})
        machine.login()
        return machine

    return make


@pytest.fixture(scope="module")
def seen(start):
    """(kindling, busybox) as Seen."""
    machines = [start(init) for init in ("kindling", "busybox")]
    return [Seen(machine) for machine in machines]


def look(seen, what):
    return [what(each) for each in seen]


@statement(18, 19, 34)
def test_what_no_row_tells_of_is_the_same(seen):
    """As in a container."""
    ours, busybox = seen
    assert list(ours.starts) == list(busybox.starts) == list("abced")
    for name in "abcd":
        for aspect in ("argv", "umask", "directory", "blocked", "ignored", "core",
                       "termios", "tty"):
            assert (ours.starts[name].get(aspect) ==
                    busybox.starts[name].get(aspect)), (name, aspect)


@statement(38)
@row("TERM")
def test_term(seen):
    """Of an entry on the first screen; the console is the serial line."""
    assert look(seen, lambda each: [each.environment(name)["TERM"] for name
                                    in "ac"]) == [["vt102", "linux"],
                                                  ["vt102", "vt102"]]


@statement(20)
@row("a shell on the console (askfirst, or a dash)")
def test_a_shell_on_the_console(seen):
    assert look(seen, lambda each: [each.input(name) for name in "abc"]) == [
        [CONSOLE, SERIAL, SCREEN], [CONSOLE, CONSOLE, SCREEN]]


@statement(19)
@row("`tty0` as a tty")
def test_the_screen_that_is_shown(seen):
    """The kernel makes tty0 nobody's controlling terminal by opening it."""
    assert look(seen, lambda each: each.starts["e"]["tty"] != 0) == [True,
                                                                     False]


@row("mounts, kernel.printk")
def test_mounts(seen):
    """Before the first script; the kernel mounts nothing in an initrd."""
    early = {"/dev": "devtmpfs", "/sys": "sysfs", "/dev/pts": "devpts",
             "/dev/shm": "tmpfs", "/run": "tmpfs"}
    assert look(seen, lambda each: early.items() <= each.mounts.items()) == [
        True, False]


@row("mounts, kernel.printk")
def test_printk(seen):
    ours, busybox = look(seen, lambda each: each.printk[0])
    assert ours == "2" and busybox != "2"


@statement(31)
@row("messages")
def test_messages_of_the_kernel(seen):
    """What failed is in dmesg; busybox's syslog does not run yet."""
    assert look(seen, lambda each: "init: '/t +exit1 d' exited with 1" in
                each.kmsg) == [True, False]


@statement(37)
@row("descriptors above 2, open when init started")
def test_further_descriptors(seen):
    assert look(seen, lambda each: "7" in each.starts["a"]["descriptors"]
                ) == [False, True]


@statement(50)
@row("SIGPWR")
def test_pwr(seen):
    """The last of these: it ends the machines."""
    ours, busybox = (each.machine for each in seen)
    for machine in (ours, busybox):
        machine.send("kill -PWR 1\n")
    assert ours.ended() == POWERED_OFF
    busybox.expect("System halted", BOOT)
    assert busybox.is_up()


@pytest.mark.parametrize("init", ["kindling", "busybox"])
@statement(50)
def test_a_halt_is_no_poweroff(start, init):
    machine = start(init)
    machine.send("kill -USR1 1\n")
    machine.expect("System halted", BOOT)
    assert machine.is_up()


@pytest.mark.parametrize("init", ["kindling", "busybox"])
@statement(53)
def test_after_a_restart_the_kernel_has_ctrl_alt_del(start, init):
    """What took over as PID 1 gets no signal: the machine is reset."""
    machine = start(init)
    machine.send("kill -QUIT 1\n")
    machine.expect("took over", BOOT)
    machine.send_keys("ctrl", "alt", "delete")
    assert machine.ended() == REBOOTED

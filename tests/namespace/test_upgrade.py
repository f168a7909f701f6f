"""Another file of init takes over while all goes on."""

import ctypes
import os
import signal

import pytest

from harness import wait

pytestmark = pytest.mark.needs_root


INITTAB = """\
::sysinit:/t sysinit
::wait:/t wait
::once:/t once
::respawn:/bin/sleep 1000
::respawn:/bin/sleep 2000
::shutdown:/t shutdown
"""


class Machine:
    def __init__(self, box):
        self.box = box
        box.wait_said("once")
        wait.until(lambda: len(self.pids()) == 2, "services", box.show)
        self.before = self.pids()

    def pids(self):
        return {p.command: p.pid for p in self.box.children()
                if "sleep" in p.command}

    def ask(self):
        """init u, of the program that runs: its file may be another now."""
        with open(f"/proc/{self.box.pid}/exe", "rb") as file:
            self.box.write("/asker", file.read())
        done = self.box.run("/asker", "u")
        assert (done.returncode, done.stderr) == (0, "")

    def exe(self):
        with open(f"/proc/{self.box.pid}/exe", "rb") as file:
            return file.read()

    def goes_on(self):
        """Nothing started twice, nothing lost, all works."""
        assert self.pids() == self.before
        assert self.box.said() == ["sysinit", "wait", "once"]
        pid = self.before["/bin/sleep 1000"]
        os.kill(pid, signal.SIGKILL)
        wait.until(lambda: self.pids().get("/bin/sleep 1000", pid) != pid,
                   "a new one", self.box.show)
        self.box.signal(signal.SIGUSR2)
        assert self.box.wait_end(wait.PATIENCE) == "SIGINT"


@pytest.fixture
def machine(start):
    return Machine(start(INITTAB))


def test_the_same_version_takes_over(machine, variant):
    old, new = machine.exe(), variant()
    assert new != old
    machine.box.write("/init", new)
    machine.ask()
    machine.box.wait_for("init: re-executed as kindling init other\n")
    assert machine.exe() == new
    machine.box.write("/init", old)  # and back again
    machine.ask()
    machine.box.wait_for(r"init: re-executed as kindling init [0-9.]+\n")
    assert machine.exe() == old
    machine.goes_on()


def test_what_is_as_before(machine):
    """Descriptors, name, signals."""
    def look():
        directory = f"/proc/{machine.box.pid}/fd"
        return (machine.box.status()["Name"], machine.box.status()["SigBlk"],
                sorted(os.readlink(f"{directory}/{fd}")
                       for fd in os.listdir(directory)))

    def asleep():
        """Awake it has other signals blocked, and the console open."""
        wait.until(lambda: int(machine.box.status()["SigBlk"], 16) == 0,
                   "a sleep", machine.box.show)
        return look()

    machine.ask()  # from here on its file is one in memory
    machine.box.wait_for("re-executed as")
    before = asleep()
    machine.ask()
    wait.until(lambda: len(machine.box.console.lines("re-executed as")) == 2,
               "once more", machine.box.show)
    wait.until(lambda: asleep() == before, "the same", machine.box.show)


def test_the_new_image_is_the_copy_that_was_checked(machine, variant):
    """Whatever its name leads to meanwhile."""
    new = variant("check_replaces_file")
    machine.box.write("/init", new)
    machine.box.write("/other", "#!/bin/sh\necho another program\n")
    machine.ask()
    machine.box.wait_for("init: re-executed as kindling init other\n")
    assert machine.box.path("/init").read_text().endswith("program\n")
    assert machine.exe() == new
    assert (os.readlink(f"/proc/{machine.box.pid}/exe") ==
            "/memfd:init (deleted)")
    machine.goes_on()


@pytest.mark.parametrize("step", [-1, 1], ids=["older", "newer"])
def test_another_version_of_the_state_is_refused(machine, variant,
                                                 state_version, step):
    old = machine.exe()
    machine.box.write("/init", variant(version=state_version + step))
    machine.ask()
    machine.box.wait_for("init: no upgrade: the new file does not accept the "
                         "state\n")
    assert machine.exe() == old
    machine.goes_on()


@pytest.mark.parametrize("file", [
    "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexit 1\n", "#!/bin/sh\nkill -9 $$\n",
    "\x7fELF and no more", "", None],
    ids=["true", "false", "killed", "no program", "empty", "none"])
def test_a_file_that_is_no_such_init(machine, file):
    old = machine.exe()
    if file is None:
        machine.box.path("/init").unlink()
    else:
        machine.box.write("/init", file)
    machine.ask()
    machine.box.wait_for("init: no upgrade")
    assert machine.exe() == old
    machine.goes_on()


def test_busybox_init_is_refused(machine, product):
    machine.box.write("/init", product("BUSYBOX").read_bytes())
    machine.ask()
    machine.box.wait_for("init: no upgrade")
    machine.goes_on()


def test_a_file_that_hangs(machine, program):
    """It has two seconds, whatever signals it ignores, and init does not wait
    for it; then it is killed, and another one can be tried."""
    old = machine.exe()
    hangs = "init --check-state"
    machine.box.write("/init", program("deaf"))
    machine.ask()
    machine.box.wait_process(hangs)
    machine.box.run("/asker", "u")  # a second request is the same one
    os.kill(machine.before["/bin/sleep 1000"], signal.SIGKILL)
    wait.until(lambda: machine.pids().get("/bin/sleep 1000") not in
               (None, machine.before["/bin/sleep 1000"]), "a new one",
               machine.box.show)
    assert machine.box.find(hangs)
    machine.box.wait_for("init: no upgrade: /init: Operation timed out\n")
    wait.until(lambda: not machine.box.find(hangs), "its end",
               machine.box.show)
    assert len(machine.box.console.lines("no upgrade")) == 1
    machine.before = machine.pids()
    machine.box.write("/init", old)
    machine.ask()
    machine.box.wait_for("re-executed as")
    machine.goes_on()


def test_a_file_that_can_not_be_executed(machine):
    machine.box.path("/init").chmod(0o644)
    machine.ask()
    machine.box.wait_for("init: no upgrade")
    machine.goes_on()


def test_back_to_the_image_before(machine, variant):
    """What promised to know the state, and does not, hands it back."""
    old = machine.exe()
    machine.box.write("/init", variant("state_given_back"))
    machine.ask()
    machine.box.wait_for("init: no upgrade: the new file rejected the state")
    assert machine.exe() == old
    machine.goes_on()


def test_a_state_that_neither_image_knows(machine, variant):
    """The new one spoils it, and the one before can't have it back, either:
    that ends in a table of the inittab, not in going to and fro."""
    machine.box.write("/init", variant("state_spoiled"))
    machine.ask()
    machine.box.wait_for("init: the state is lost: respawn entries are "
                         "started again")
    wait.until(lambda: len(machine.box.find("sleep 1000")) == 2,
               "a second service", machine.box.show)
    assert machine.box.said() == ["sysinit", "wait", "once"]
    assert "re-executed as" not in machine.box.console.text()
    machine.box.write("/init", variant())  # its name is still known
    machine.ask()
    machine.box.wait_for("init: re-executed as kindling init other\n")
    machine.box.signal(signal.SIGUSR2)
    assert machine.box.wait_end(wait.PATIENCE) == "SIGINT"


def test_the_option_of_an_image_is_no_option_of_a_user(start):
    """Nor of the kernel's command line."""
    box = start(INITTAB, argv=("/init", "--resume", "/init"))
    box.wait_said("once")
    assert box.said() == ["sysinit", "wait", "once"]
    assert "the state is lost" not in box.console.text()


libc = ctypes.CDLL(None, use_errno=True)


def queue(pid, number, value):
    """sigqueue(3): the value fills the whole union."""
    assert libc.sigqueue(pid, number, ctypes.c_void_p(value)) == 0


def test_a_queued_signal_is_a_request(machine):
    queue(machine.box.pid, 40, 1 << 28)
    machine.box.wait_for("re-executed as kindling init")
    machine.goes_on()


@pytest.mark.parametrize("value", [0, 1, 2 << 28, 0xffffffff])
def test_an_unknown_request_is_nothing(machine, value):
    queue(machine.box.pid, 40, value)
    machine.goes_on()
    assert "re-executed as" not in machine.box.console.text()


def test_the_signal_alone_is_nothing(machine):
    machine.box.signal(40)
    machine.goes_on()
    assert "re-executed as" not in machine.box.console.text()


def test_an_upgrade_while_sysinit_hangs(start):
    box = start("::sysinit:/t one; sleep 1; /t two\n::once:/t up\n")
    box.wait_said("one")
    queue(box.pid, 40, 1 << 28)
    box.wait_for("re-executed as")
    box.wait_said("up")
    assert box.said() == ["one", "two", "up"]


# --- kernels that can't

def denied(start, product, program, *calls):
    box = start(INITTAB, argv=("deny", *calls, "--", "/kindling", "init"),
                files={"/init": program("deny"),
                       "/kindling": product("INIT").read_bytes()})
    box.wait_for("init: no memfd, no execveat, or no descriptor for them: no "
                 "recovery, no upgrade\n")
    return Machine(box)


def test_without_room_for_its_descriptors(start):
    """A limit that init is born with: it is said, and all else works."""
    box = start(INITTAB, nofile=64)
    box.wait_for("init: no memfd, no execveat, or no descriptor")
    Machine(box).goes_on()


def test_descriptors_that_are_in_the_way(start, injector):
    """Where a container's manager has left some open is what init wants for
    itself, and nothing else is free below; after each image likewise."""
    machine = Machine(start(INITTAB, further=range(3, 110)))
    for _ in range(2):
        machine.ask()
        machine.box.wait_for("re-executed as")
        assert injector(machine.box.pid, "jump-to-0").result()
        machine.box.wait_for("survived signal 11")
    machine.goes_on()


@pytest.mark.parametrize("calls", [["memfd_create"], ["execveat"],
                                   ["memfd_create", "execveat"]])
def test_all_else_works(start, product, program, calls):
    machine = denied(start, product, program, *calls)
    machine.box.reload(INITTAB + "::respawn:sleep 3000\n")
    machine.box.wait_process("sleep 3000")
    machine.before = machine.pids()
    machine.goes_on()


@pytest.mark.parametrize("calls", [["memfd_create"], ["execveat"]])
def test_no_upgrade(start, product, program, calls):
    machine = denied(start, product, program, *calls)
    machine.ask()
    machine.box.wait_for("init: no upgrade")
    machine.goes_on()


@pytest.mark.parametrize("calls", [["memfd_create"], ["execveat"]])
def test_a_fault_leads_to_the_smallest_loop(start, product, program, injector,
                                            calls):
    machine = denied(start, product, program, *calls)
    assert injector(machine.box.pid, "jump-to-0").result()
    machine.box.wait_for("init: can't continue after signal 11")
    machine.box.signal(signal.SIGTERM)
    assert machine.box.wait_end(wait.PATIENCE) == "SIGHUP"

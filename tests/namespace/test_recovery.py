"""Faults of init itself: it goes on, children and all."""

import os
import signal
import time

import pytest

from harness import fault, wait
from harness.container import UNTIL_GO

pytestmark = pytest.mark.needs_root

INITTAB = """\
::sysinit:/t sysinit
::wait:/t wait
::once:/t once
::respawn:/bin/sleep 1000
::respawn:/bin/sleep 2000
console::askfirst:-/bin/sh
::ctrlaltdel:/t cad
::shutdown:/t shutdown
"""


class Victim:
    """A container whose init is to have faults."""

    def __init__(self, box, init, injector):
        self.box, self.init, self.injector = box, init, injector

    def up(self):
        self.box.wait_for("press Enter")
        return self.alone(3)

    def alone(self, count=2):
        """Up, without a shell on the console."""
        self.box.wait_said("once")
        for service in "/bin/sleep 1000", "/bin/sleep 2000":
            self.box.wait_process(service)
        wait.until(lambda: len(self.pids()) == count, f"{count} children",
                   self.box.show)
        return self

    def inject(self, kind="jump-to-0", pid=None):
        """Returns the signal of the fault."""
        result = self.injector(pid or self.box.pid, kind).result()
        assert result
        return result[1]

    def fault(self, kind="jump-to-0", phase=r"[\w-]+"):
        """Returns when init has said that it goes on."""
        number = self.inject(kind)
        self.box.wait_for(rf"init: survived signal {number} at "
                          rf"0x[0-9a-f]+ in phase {phase}\n")

    def pids(self):
        return {p.command: p.pid for p in self.box.children()}

    def works(self):
        """One-time entries ran once; a service comes back; no zombie."""
        assert self.box.said()[:3] == ["sysinit", "wait", "once"]
        old = self.pids()["/bin/sleep 1000"]
        os.kill(old, signal.SIGKILL)
        wait.until(lambda: self.pids().get("/bin/sleep 1000", old) != old,
                   "a new one", self.box.show)
        assert len(self.pids()) == 3
        assert not self.box.zombies()

    def ends(self, number=signal.SIGUSR2, how="SIGINT"):
        self.box.signal(number)
        assert self.box.wait_end(wait.PATIENCE) == how
        assert self.box.said().count("shutdown") == 1


@pytest.fixture
def victim(start, product, injector):
    def make(inittab=INITTAB, **options):
        return Victim(start(inittab, **options), product("INIT"), injector)
    return make


@pytest.mark.parametrize("kind", fault.KINDS)
def test_each_kind_of_fault_is_survived(victim, kind):
    """Same children, same pids, nothing started twice; and all goes on."""
    machine = victim().up()
    before = machine.pids()
    machine.fault(kind, "run")
    assert machine.pids() == before
    machine.works()
    machine.ends()


def test_a_fault_before_there_is_a_state(victim):
    """init begins again, and says so; nothing has run yet."""
    machine = victim(gate=True)
    injector = machine.injector(machine.box.pid, "jump-to-0", 0, 1000)
    machine.box.open_gate()
    assert injector.result()
    machine.box.wait_for("init: started again after signal 11 at 0x0\n")
    machine.up().works()
    machine.ends()


def test_a_fault_at_each_boot(start, variant):
    """Once it begins again, but not for ever."""
    box = start(INITTAB, files={"/init": variant("trap_at_boot")})
    box.wait_for("/ # ")
    wait.until(lambda: box.console.lines("init: can't continue after signal 4"),
               "a message", box.show)
    box.signal(signal.SIGTERM)
    assert box.wait_end(wait.PATIENCE) == "SIGHUP"


def test_five_faults_in_a_row(victim):
    machine = victim().up()
    before = machine.pids()
    for kind in fault.KINDS[:5]:
        machine.fault(kind)
    assert machine.pids() == before
    machine.works()
    machine.ends(signal.SIGTERM, "SIGHUP")


def test_what_it_looks_like_afterwards(victim):
    """Its name, its descriptors, its signals: as before."""
    machine = victim().up()

    def look():
        status = machine.box.status()
        directory = f"/proc/{machine.box.pid}/fd"
        return ([status[name] for name in ("Name", "SigBlk", "SigIgn",
                                           "SigCgt", "Umask")],
                {fd: os.readlink(f"{directory}/{fd}")
                 for fd in os.listdir(directory)
                 if "memfd" not in os.readlink(f"{directory}/{fd}")},
                os.readlink(f"/proc/{machine.box.pid}/cwd"))

    def asleep():
        """Awake it has other signals blocked, and the console open."""
        wait.until(lambda: int(machine.box.status()["SigBlk"], 16) == 0,
                   "a sleep", machine.box.show)
        return look()

    before = asleep()
    for _ in range(2):
        machine.fault()
        wait.until(lambda: asleep() == before, f"{before}",
                   lambda: f"{look()}\n{machine.box.show()}")


def test_children_inherit_nothing_of_it(victim):
    """A service that is started afterwards has only its three descriptors."""
    machine = victim().up()
    machine.fault()
    machine.works()
    pid = machine.pids()["/bin/sleep 1000"]
    assert sorted(os.listdir(f"/proc/{pid}/fd")) == ["0", "1", "2"]


@pytest.mark.parametrize("action", ["sysinit", "wait"])
def test_a_fault_while_an_entry_is_waited_for(victim, action):
    machine = victim(f"::{action}:/t one; {UNTIL_GO}\n::{action}:/t two\n"
                     "::respawn:/t up; exec sleep 1000\n")
    machine.box.wait_said("one")
    machine.fault(phase=action)
    machine.box.go()
    machine.box.wait_said("up")
    machine.box.signal(signal.SIGUSR2)
    assert machine.box.wait_end(wait.PATIENCE) == "SIGINT"
    assert machine.box.said() == ["one", "two", "up"]


def test_a_fault_while_a_ctrlaltdel_entry_runs(victim):
    machine = victim("::once:/t up\n"
                     f"::ctrlaltdel:/t cad; {UNTIL_GO}; /t cad2\n"
                     "::ctrlaltdel:/t cad3\n")
    machine.box.wait_said("up")
    machine.box.signal(signal.SIGINT)
    machine.box.wait_said("cad")
    machine.fault(phase="run")
    machine.box.go()
    machine.box.wait_said("cad3")
    assert machine.box.said() == ["up", "cad", "cad2", "cad3"]


def test_a_fault_while_a_shutdown_entry_runs(victim):
    machine = victim(f"::once:/t up\n::shutdown:/t one; {UNTIL_GO}\n"
                     "::shutdown:/t two\n")
    machine.box.wait_said("up")
    machine.box.signal(signal.SIGTERM)
    machine.box.wait_said("one")
    machine.fault(phase="shutdown")
    machine.box.go()
    assert machine.box.wait_end(wait.PATIENCE) == "SIGHUP"
    assert machine.box.said() == ["up", "one", "two"]


def test_a_fault_in_the_grace(victim):
    """What needs its time still has it, counted from TERM."""
    machine = victim(f"::once:trap '' TERM; /t up; {UNTIL_GO}; /t saved; exit\n")
    machine.box.wait_said("up")
    machine.box.signal(signal.SIGUSR2)
    machine.box.wait_for("going down")
    time.sleep(0.3)
    machine.fault(phase="grace")
    machine.box.go()
    assert machine.box.wait_end(wait.PATIENCE) == "SIGINT"
    assert "saved" in machine.box.said()


def test_a_failing_service_is_throttled_as_before(victim):
    """A fault neither restarts nor shortens the delay before the respawn."""
    machine = victim("::respawn:/t x; exit 1\n")
    machine.box.wait_for("its restarts are delayed")
    count = len(machine.box.times("x"))
    time.sleep(1.5)  # of the delay of 2, which must not begin again
    machine.fault()
    times = machine.box.wait_said("x", count=count + 1)
    assert 1.9 < times[count] - times[count - 1] < 3.4


def test_the_reload_goes_on_working(victim):
    machine = victim().up()
    machine.fault()
    before = machine.pids()
    machine.box.reload(INITTAB.replace("2000", "3000"))
    machine.box.wait_process("sleep 3000")
    wait.until(lambda: not machine.box.find("sleep 2000"), "its end",
               machine.box.show)
    machine.fault()
    assert machine.pids()["/bin/sleep 1000"] == before["/bin/sleep 1000"]
    machine.works()


def test_a_reload_that_fails_again_is_given_up(start, variant):
    """It is tried twice; then the table in use is kept, and all goes on."""
    box = start(INITTAB, files={"/init": variant("trap_at_reload")})
    box.wait_for("press Enter")
    box.reload(INITTAB.replace("2000", "3000"))
    box.wait_for("init: /etc/inittab is not used: init faulted while "
                 "parsing it")
    assert len(box.console.lines("init: survived signal 4")) == 2
    box.wait_process("sleep 2000")
    assert not box.find("sleep 3000")
    box.signal(signal.SIGUSR2)
    assert box.wait_end(wait.PATIENCE) == "SIGINT"


def test_a_first_inittab_that_faults_is_given_up(start, variant):
    """The built-in table is used instead, and a better one can be loaded."""
    box = start("trap\n::respawn:/bin/sleep 1000\n",
                files={"/init": variant("trap_in_parser")})
    box.wait_for("init: /etc/inittab is not used: init faulted while "
                 "parsing it\n")
    box.wait_for("init: the built-in table is used: /etc/inittab: ")
    box.wait_for("press Enter")
    assert len(box.console.lines("init: survived signal 4")) == 2
    box.reload(INITTAB)
    box.wait_process("sleep 1000")


def test_without_proc_and_with_its_file_gone(victim):
    """The image is held by a descriptor, not found by a name."""
    machine = victim().up()
    assert machine.box.run("umount", "-l", "/proc").returncode == 0
    machine.box.path("/init").unlink()
    before = machine.pids()
    machine.fault()
    assert machine.pids() == before
    machine.fault()
    old = before["/bin/sleep 1000"]
    os.kill(old, signal.SIGKILL)
    wait.until(lambda: machine.pids().get("/bin/sleep 1000", old) != old,
               "a new one", machine.box.show)
    machine.box.signal(signal.SIGUSR2)
    assert machine.box.wait_end(wait.PATIENCE) == "SIGINT"


def test_with_its_file_replaced(victim):
    machine = victim().up()
    machine.box.write("/init", "#!/bin/sh\necho wrong\n")
    before = machine.pids()
    machine.fault()
    assert machine.pids() == before
    machine.works()


def test_sent_fault_signals_are_named_and_ignored(victim):
    machine = victim().up()
    for name in "SEGV BUS ILL FPE ABRT TRAP SYS".split():
        assert machine.box.run("kill", f"-{name}", "1").returncode == 0
        number = int(getattr(signal, f"SIG{name}"))
        machine.box.wait_for(rf"init: signal {number} from pid \d+ ignored\n")
    machine.works()
    assert "survived" not in machine.box.console.show()


def test_a_flood_of_sent_fault_signals(victim):
    machine = victim().up()
    machine.box.run("sh", "-c", "i=0; while [ $i -lt 3000 ]; do kill -11 1; "
                    "kill -4 1; i=$((i+1)); done")
    machine.works()
    machine.ends()


def test_a_fault_of_a_child_is_the_childs(victim):
    """A process that waits for Enter is still the program init."""
    machine = victim().up()
    asking = machine.pids()["init"]
    machine.inject(pid=asking)
    machine.box.wait_gone(asking)
    machine.box.wait_for("press Enter")
    assert "survived" not in machine.box.console.show()
    machine.works()


# --- a state that is of no use

@pytest.mark.parametrize("where", ["magic", "plan"])
def test_a_lost_state(victim, where):
    """respawn and askfirst entries start anew, what runs once does not."""
    machine = victim().up()
    with open(machine.box.state_path(), "r+b", buffering=0) as state:
        size = state.seek(0, os.SEEK_END)
        state.seek(0 if where == "magic" else size // 2)
        state.write(b"\xa5" * (4 if where == "magic" else size // 2 - 64))
    machine.inject()
    machine.box.wait_for("init: the state is lost: respawn entries are "
                         "started again")
    wait.until(lambda: len(machine.box.find("sleep 1000")) == 2,
               "a second service", machine.box.show)
    machine.ends()
    assert machine.box.said() == ["sysinit", "wait", "once", "shutdown"]
    assert "re-executed as" not in machine.box.console.text()


# --- too many faults

def hopeless(machine):
    for _ in range(5):
        machine.fault()
    machine.inject()
    # not consumed: the shell may have written its prompt before
    wait.until(lambda: machine.box.console.lines(
        "init: can't continue after signal 11 at 0x0: only a shell, poweroff, "
        "reboot and halt are left"), "the last resort", machine.box.show)


@pytest.mark.parametrize("number, how", [
    (signal.SIGUSR1, "SIGINT"), (signal.SIGUSR2, "SIGINT"),
    (signal.SIGTERM, "SIGHUP"), (37, "SIGINT"), (38, "SIGINT"),
    (39, "SIGHUP"), (signal.SIGINT, "SIGHUP")])
def test_the_smallest_loop_ends_the_machine(victim, number, how):
    machine = victim().up()
    hopeless(machine)
    machine.box.signal(number)
    assert machine.box.wait_end(wait.PATIENCE) == how


def test_the_smallest_loop_reaps_and_has_a_shell(victim):
    machine = victim(INITTAB.replace("console::askfirst", "#")).alone()
    before = machine.pids()
    hopeless(machine)
    machine.box.signal(signal.SIGHUP)  # nothing it knows of
    assert machine.pids().items() >= before.items()
    os.kill(before["/bin/sleep 1000"], signal.SIGKILL)
    machine.box.wait_gone(before["/bin/sleep 1000"])
    for number in (42, 43):
        machine.box.wait_for("/ # ")
        machine.box.console.send(f"echo $((40+{number - 40}))\n")
        machine.box.wait_for(f"\n{number}\n")
        machine.box.wait_for("/ # ")
        machine.box.console.send("exit\n")  # a new one follows
    wait.until(lambda: not machine.box.zombies(), "no zombie", machine.box.show)


def test_the_smallest_loop_survives_faults_of_its_own(victim):
    machine = victim().up()
    hopeless(machine)
    for kind in fault.KINDS[:5] * 4:
        time.sleep(0.05)
        machine.inject(kind)
    time.sleep(1.5)
    machine.box.signal(signal.SIGTERM)
    assert machine.box.wait_end(wait.PATIENCE) == "SIGHUP"


@pytest.mark.slow
def test_six_faults_that_are_far_apart(victim):
    machine = victim().up()
    for _ in range(5):
        machine.fault()
    time.sleep(10)
    machine.fault()
    machine.works()


def test_a_fault_in_the_handler(victim):
    """It calls what is no instruction."""
    machine = victim().up()
    address = fault.address_of(machine.init, "reexec_with_state")
    assert machine.injector(machine.box.pid, "poke", address).result()
    machine.inject()
    machine.box.wait_for(f"init: can't continue after signal 4 at {address:#x}")
    machine.box.signal(signal.SIGTERM)
    assert machine.box.wait_end(wait.PATIENCE) == "SIGHUP"

"""Terminals: names, controlling terminal, settings, "press Enter"."""

import re
import signal

import pytest

from harness import wait

READ = "#!/bin/sh\n/t begin\n/t read $(dd bs=100 count=1 2>/dev/null)\n"


@pytest.mark.parametrize("name", ["tty2", "/dev/tty2", "/dev//tty2",
                                  "//tty2", "/tty2"])
def test_a_terminal_is_named_with_or_without_dev(start, name):
    box = start(f"{name}::once:/bin/echo hello\n", ttys=["tty2"])
    box.ttys["tty2"].expect("hello")
    assert "hello" not in box.console.text()


def test_a_terminal_in_a_subdirectory(start):
    box = start("pts/null::once:/t up\n::sysinit:/bin/mkdir /dev/sub\n"
                "::sysinit:/bin/ln -s ../tty2 /dev/sub/two\n"
                "sub/two::once:/bin/echo hello\n", ttys=["tty2"])
    box.ttys["tty2"].expect("hello")


def test_a_long_terminal_name(start):
    name = "t" * 100
    box = start(f"::sysinit:/bin/ln -s tty2 /dev/{name}\n"
                f"{name}::once:/bin/echo hello\n", ttys=["tty2"])
    box.ttys["tty2"].expect("hello")


def test_null_is_a_terminal_too(start):
    box = start("null::once:/t quiet\n")
    box.wait_said("quiet")


def stat(box, command):
    """tty_nr and tpgid of a process: proc(5)."""
    pid = box.wait_process(command).pid
    with open(f"/proc/{pid}/stat") as file:
        words = file.read().rsplit(")")[1].split()
    return int(words[4]), int(words[5])


def test_a_named_terminal_becomes_the_controlling_one(start):
    box = start("tty2::respawn:/bin/sleep 1000\n", ttys=["tty2"])
    number, foreground = stat(box, "sleep 1000")
    assert number != 0 and foreground == box.find("sleep 1000")[0].pid


def test_a_dash_makes_the_console_the_controlling_terminal(start):
    box = start("::respawn:-/bin/sleep 1000\n")
    wait.until(lambda: stat(box, "sleep 1000")[0] != 0,
               "a controlling terminal", box.show)


def test_all_three_descriptors_are_the_terminal(start):
    box = start("tty2::once:/look\n", ttys=["tty2"], files={
        "/look": "#!/bin/sh\nfor n in 0 1 2; do\n"
                 "/t $n $(readlink /proc/$$/fd/$n)\ndone\n/t end\n"})
    box.wait_said("end")
    assert box.said() == [f"{n} /dev/tty2" for n in range(3)] + ["end"]


def test_reading_the_terminal_waits(start):
    """O_NONBLOCK must not stay: dd would end at once, as read of ash won't."""
    box = start("tty2::once:/read\n::once:/read\n", ttys=["tty2"],
                files={"/read": READ})
    box.wait_said("begin", count=2)
    wait.stays(lambda: len(box.said()) == 2, 0.5, "no end", box.show)
    box.console.send("one\n")
    box.wait_said("read one")
    box.ttys["tty2"].send("two\n")
    box.wait_said("read two")


def test_CONSOLE_is_where_init_talks(start):
    box = start("::once:/bin/echo hello\n", ttys=["tty2"],
                env={"CONSOLE": "/dev/tty2", "TERM": "linux"})
    box.ttys["tty2"].expect("hello")


def test_reading_from_CONSOLE_waits(start):
    box = start("::once:/read\n", ttys=["tty2"],
                env={"CONSOLE": "/dev/tty2"}, files={"/read": READ})
    box.wait_said("begin")
    wait.stays(lambda: len(box.said()) == 1, 0.5, "no end", box.show)
    box.ttys["tty2"].send("one\n")
    box.wait_said("read one")


def test_askfirst_waits_for_enter(start):
    box = start("::askfirst:/t asked\n::respawn:/t tick\n")
    box.wait_for("Please press Enter to activate this console")
    box.wait_said("tick", count=2)
    assert "asked" not in box.said()
    box.console.send("\n")
    box.wait_said("asked")


def test_askfirst_asks_again(start):
    box = start("tty2::askfirst:/t asked\n", ttys=["tty2"])
    for count in (1, 2):
        box.ttys["tty2"].expect("press Enter")
        wait.stays(lambda: box.said().count("asked") == count - 1, 0.3,
                   "a wait", box.show)
        box.ttys["tty2"].send("words before\n")
        box.wait_said("asked", count=count)


def test_askfirst_gives_its_shell_job_control(start):
    box = start("::askfirst:-/bin/sh\n")
    box.wait_for("press Enter")
    box.console.send("\n")
    box.wait_for("# ")
    box.console.send("sleep 1000\n")
    box.wait_process("sleep 1000")
    box.console.send("\x03/t int$(jobs)errupted\n")
    box.wait_said("interrupted")
    assert not box.console.lines("can't access tty"), box.show()


def test_the_terminal_is_made_sane_at_each_start(start):
    box = start("tty2::respawn:/spoil\n", ttys=["tty2"], files={
        "/spoil": "#!/bin/sh\nstty -a >/stty.$(wc -l </count)\n"
                  "echo >>/count\n/t born\n"
                  "stty raw -echo intr ^A\nsleep 1\n", "/count": ""})
    box.wait_said("born", count=2)
    second = box.read("/stty.1")
    assert "intr = ^C" in second
    for word in ("icanon", "echo", "isig", "icrnl", "opost", "onlcr"):
        assert re.search(rf"(?<![-\w]){word}\b", second), second


def test_the_size_of_the_terminal_stays(start):
    box = start("tty2::respawn:/look\n", ttys=["tty2"], files={
        "/look": "#!/bin/sh\n/t $(stty size)\n"
                 "stty rows 33 columns 77\nsleep 1\n"})
    box.wait_said("33 77")


def test_a_terminal_that_cannot_be_opened_is_reported_once(start):
    box = start("nosuch::respawn:/t never\n::respawn:/t tick\n")
    box.wait_said("tick", count=4)
    assert len(box.console.lines("nosuch")) == 1, box.show()
    assert "never" not in box.said()


def test_a_terminal_that_appears_later_is_used(start):
    box = start("late::respawn:/t late\n::respawn:/t tick\n", ttys=["tty2"])
    box.wait_said("tick", count=2)
    assert box.run("ln", "-s", "tty2", "/dev/late").returncode == 0
    box.wait_said("late")


def test_after_an_unopenable_terminal_the_next_entry_runs(start):
    box = start("nosuch::sysinit:/t never\nnosuch::wait:/t never\n"
                "::wait:/t wait\n")
    box.wait_said("wait")


def test_a_file_as_terminal(start):
    """A terminal that is none: the entry runs all the same."""
    box = start("::sysinit:/bin/touch /dev/file\nfile::once:/bin/echo hello\n"
                "::once:/t end\n")
    box.wait_said("end")
    wait.until(lambda: "hello" in box.run("cat", "/dev/file").stdout,
               "hello in the file", box.show)

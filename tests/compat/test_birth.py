"""Statements 33 to 40: init's own start."""

import os
import pathlib
import signal

import pytest

from common import END, GO_DOWN, end, ends_by, goes_down, row, statement
from harness import wait
from pair import REASON, fact, order

CONSOLE = "CONSOLE="


def environment(name, entry="a"):
    return fact(f"start {entry!r} 1 environment {name}")


@statement(33)
def test_init_q_reloads(both):
    def script(box):
        end(box)
        box.write("/etc/inittab", "::respawn:/t +stay b\n" + END)
        box.exited = box.run("/init", "-q").returncode
        box.wait_said("b")

    pair = both(END, script)
    pair.both_see(lambda box: box.exited, 0)
    pair.same()


@statement(33)
@pytest.mark.parametrize("words", [[], ["5"], ["nonsense"]])
def test_another_process_is_no_init(both, words):
    def script(box):
        end(box)
        box.exited = box.run("/init", *words).returncode

    both(END, script).both_see(lambda box: box.exited, 1)


@statement(33)
@row("`init q`, `init 0`, `init 6`")
@pytest.mark.parametrize("word, outcome", [("0", "SIGINT"), ("6", "SIGHUP")])
def test_habits_of_telinit(both, word, outcome):
    def script(box):
        end(box)
        box.exited = box.run("/init", word).returncode
        if box.name == "kindling":
            box.wait_end()
        box.wait_later()

    pair = both(END, script)
    pair.differ(goes_down, True, False)
    assert fact("end")(pair.ours) == outcome and pair.busybox.exited == 1
    pair.same(ignoring=["end", "signal end"])


@statement(35)
def test_the_environment(both):
    given = {"HOME": "/", "TERM": "xterm", "PATH": "/evil", "SHELL": "/evil",
             "USER": "evil", "COLOR": "a b=c", "EMPTY": ""}
    pair = both("::wait:/t a\n" + END, end, env=given,
                argv=("init", "5", "more"))
    for name, value in (("PATH", "/sbin:/usr/sbin:/bin:/usr/bin"),
                        ("RUNLEVEL", "5"), ("COLOR", "a b=c")):
        pair.both_see(environment(name), value)
    pair.same()
    both("::wait:/t a\n" + END, end, env={"HOME": "/"}).same()


@statement(35)
@row("HOME")
@pytest.mark.parametrize("given", [{"HOME": "/some"}, {}])
def test_home(both, given):
    pair = both("::wait:/t a\n" + END, end, env=given)
    pair.differ(environment("HOME"), given.get("HOME"), "/")
    pair.same(ignoring=["*environment HOME"])


@statement(36)
@row(CONSOLE)
@pytest.mark.parametrize("name", ["CONSOLE", "console"])
def test_a_console_that_is_named(both, name):
    """Busybox leaves it non-blocking: nothing can be read there."""
    def script(box):
        end(box)
        box.ttys["tty2"].send("x\n")
        box.wait_settled()

    pair = both("::wait:/t a\n::respawn:/t +read9 +stay end\n",
                script, ttys=["tty2"],
                env={"HOME": "/", name: "/dev/tty2"})
    pair.differ(fact("start 'a' 1 descriptors"),
                {str(n): ["tty2", os.O_RDWR] for n in range(3)},
                {str(n): ["tty2", os.O_RDWR | os.O_NONBLOCK]
                 for n in range(3)})
    pair.differ(fact("read end"), [[2, "x\n"]], [[-11, ""]])
    pair.same(ignoring=["*descriptors", "read end"])


@statement(36)
def test_a_console_that_is_not_there(both):
    both("::wait:/t a\n" + END, end,
         env={"HOME": "/", "CONSOLE": "/dev/nosuch"}).same()


@statement(37)
@row("descriptors 0 to 2, closed when init started")
def test_closed_descriptors(both):
    pair = both("::wait:/t a\n" + END, end, stdio=(None, None, None))
    pair.differ(fact("start 'a' 1 descriptors"),
                {str(n): ["console", os.O_RDWR] for n in range(3)},
                {str(n): ["null", os.O_RDWR] for n in range(3)})
    pair.same(ignoring=["*descriptors", "*termios", "message *"])


@statement(37)
def test_other_descriptors_at_birth(both):
    both("::wait:/t a\n" + END, end, stdio=("null", "file", "file")).same()


@statement(38)
@pytest.mark.parametrize("term", [None, "linux", "xterm"])
def test_term_on_what_is_no_screen(both, term):
    given = {"HOME": "/"} | ({"TERM": term} if term else {})
    pair = both("::wait:/t a\ntty2::wait:/t b\n" + END, end, env=given,
                ttys=["tty2"])
    pair.both_see(environment("TERM", "b"), term if term == "xterm"
                  else "vt102")
    pair.same()


SINGLE = "::sysinit:/t sysinit\n::shutdown:/t shutdown\n" + END


@statement(39)
@pytest.mark.parametrize("word", ["single", "-s", "1"])
def test_single_user(both, word):
    """A shell and no inittab; then a reload, which reads it."""
    def script(box):
        box.wait_for("# ")
        box.console.send("exec /t in single user\n")
        box.wait_said("in single user")
        box.wait_for("# ")
        box.signal(signal.SIGHUP)
        ends_by(signal.SIGUSR2)(box)

    pair = both(SINGLE, script, argv=("init", word))
    pair.both_see(order, ["in single user", "end", "shutdown"])
    pair.same(ignoring=["output *", REASON])


@statement(39)
@pytest.mark.parametrize("word", ["single", "-s"])
def test_single_user_goes_down(both, word):
    """No entry runs, and Ctrl-Alt-Del has none either."""
    def script(box):
        box.wait_for("# ")
        box.signal(signal.SIGINT)
        box.wait_settled()
        box.signal(signal.SIGTERM)
        box.wait_end(GO_DOWN)

    pair = both(SINGLE, script, argv=("init", word))
    pair.both_see(order, [])
    pair.both_see(fact("end"), "SIGHUP")
    pair.same(ignoring=["output *"])


@statement(39)
@row("`S` as the first word for init")
def test_single_user_by_another_name(both):
    def script(box):
        if box.name == "kindling":
            box.wait_for("# ")
        else:
            end(box)

    pair = both(END, script, argv=("init", "S"))
    pair.differ(order, [], ["end"])


@statement(39)
@row("words after `--`")
def test_words_after_dashes(both):
    """Of these a container gives the dashes, too; the kernel does not."""
    def script(box):
        if box.name == "kindling":
            box.wait_end(GO_DOWN)
        else:
            end(box)

    pair = both(END, script, argv=("init", "--", "/t", "job"))
    pair.differ(order, ["job"], ["end"])


@statement(39)
@pytest.mark.parametrize("word", ["emergency", "0", "auto"])
def test_other_words(both, word):
    pair = both(END, end, argv=("init", word))
    pair.both_see(environment("RUNLEVEL", "end"), word)
    pair.same()


@statement(40)
@row("arguments of PID 1")
def test_arguments(both):
    def script(box):
        end(box)
        box.line = pathlib.Path(f"/proc/{box.pid}/cmdline").read_bytes()

    pair = both(END, script, argv=("/sbin/init", "auto", "x"))
    pair.differ(lambda box: box.line, b"/sbin/init\0auto\0x\0",
                b"init".ljust(18, b"\0"))
    pair.same()


@statement(37)
def test_further_descriptors_at_birth(both):
    """In a container they are handed on, as sockets may be meant to be."""
    pair = both("::wait:/t a\n" + END, end, further=[7])
    pair.both_see(lambda box: sorted(box.facts["start 'a' 1 descriptors"]),
                  ["0", "1", "2", "7"])
    pair.same()


@row("`init u`")
def test_init_u(both):
    def script(box):
        end(box)
        box.exited = box.run("/init", "u").returncode
        if box.name == "kindling":
            box.wait_for("re-executed as kindling init")

    pair = both(END, script)
    pair.differ(lambda box: box.exited, 0, 1)
    pair.both_see(fact("end"), "lives")


@row("a fault of init itself")
def test_a_fault(both, injector):
    """Its services run on under ours; nobody outlives PID 1."""
    def script(box):
        end(box)
        assert injector(box.pid, "jump-to-0").result()
        if box.name == "kindling":
            box.wait_for("survived signal 11 at 0x0 in phase run")
        else:
            box.wait_end()

    pair = both(END, script)
    pair.differ(fact("end"), "lives", "SIGSEGV")

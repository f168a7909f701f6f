"""Statements 18 to 32: from an entry to a process."""

import os
import pathlib
import signal
import string
import termios

import pytest

from common import END, end, end_and, row, statement
from harness import wait
from pair import fact, order

AS_WRITTEN = "`a; b`, `cd /x && y`, `X=1 y`, `if ...` as a command"
ASH = "SIGQUIT in a command with shell characters"
NO_TTY = "a tty that can't be opened"
CONSOLE_SHELL = "a shell on the console (askfirst, or a dash)"
MESSAGES = "messages"
SYSLOG = "::sysinit:/sbin/syslogd -O /syslog\n"


@statement(18, 19, 34)
def test_how_a_child_is_started(both):
    """Session, signals, descriptors, terminal, directory: all that is noted."""
    pair = both("::wait:/t a\ntty2::wait:/t b\ntty2::once:/t +stay c\n"
                "::once:-/t +stay d\ntty3::once:-/t e\n" + END, end,
                ttys=["tty2", "tty3"], cwd="/tmp")
    pair.both_see(fact("start 'b' 1 controlling tty"), "tty2")
    pair.both_see(fact("start 'b' 1 in the foreground"), True)
    pair.both_see(fact("start 'b' 1 descriptors"),
                  {str(n): ["tty2", os.O_RDWR] for n in range(3)})
    pair.both_see(fact("start 'a' 1 leads its session"), True)
    pair.both_see(fact("start 'a' 1 directory"), "/")
    pair.same()


@row("signals that were ignored or blocked when init started")
def test_signals_ignored_at_birth(both):
    pair = both("::wait:/t a\n" + END, end, ignore=[signal.SIGPIPE],
                block=[signal.SIGUSR1])
    pair.differ(fact("start 'a' 1 ignored"), "0", "1000")
    pair.same(ignoring=["*ignored"])


@statement(20)
def test_the_console_without_a_dash_and_with_one(both):
    pair = both("::wait:/t a\n::wait:-/t b\n" + END, end)
    pair.both_see(fact("start 'a' 1 controlling tty"), 0)
    pair.both_see(fact("start 'b' 1 controlling tty"), "console")
    pair.same()


@statement(20)
@row(CONSOLE_SHELL)
def test_askfirst_on_the_console(both):
    def script(box):
        box.wait_for("press Enter")
        box.console.send("\n")
        end(box)

    pair = both("::askfirst:/t +stay end\n", script)
    pair.differ(fact("start 'end' 1 controlling tty"), "console", 0)
    pair.same(ignoring=["*controlling tty", "*foreground"])


@statement(21)
@row(NO_TTY)
def test_a_tty_that_cannot_be_opened(both):
    """Debian's busybox looks whether it is there, and forgets the entry."""
    def script(box):
        end(box)
        wait.until(lambda: box.name == "busybox" or
                   box.console.lines("can't open /dev/tty9"), "a line")
        box.run("ln", "-s", "tty2", "/dev/tty9")
        box.signal(signal.SIGCHLD)  # whoever looks again does so now
        wait.until(lambda: box.name == "busybox" or "a" in box.said(), "a")
        box.wait_settled()

    pair = both("tty8::wait:/t never\ntty9::respawn:/t +stay a\n" + END,
                script, ttys=["tty2"])
    pair.differ(order, ["end", "a"], ["end"])
    pair.differ(fact("message can't open tty9"), "both", None)
    pair.same(ignoring=["order", "start 'a'*", "message can't open*"])


@statement(22)
def test_terminals_are_made_sane(both):
    spoil = "stty -F /dev/tty2 raw -echo intr ^A erase ^H -ixoff"
    pair = both(f"::sysinit:{spoil}\n::sysinit:stty raw -echo intr ^A\n"
                "::wait:/t a\ntty2::wait:/t b\n" + END, end, ttys=["tty2"])
    pair.both_see(lambda box: [box.facts[f"start {name!r} 1 termios"].split()
                               [3:6] for name in ("a", "b")],
                  [["8a3b", "0", "3"]] * 2)
    pair.same()


@statement(22)
def test_the_console_is_made_sane_at_birth(both):
    """Seen from the other end of it: nothing was started."""
    def script(box):
        wait.until(lambda: termios.tcgetattr(box.console.fd)[0] &
                   termios.IXOFF, "a sane console", box.show)
        box.state = termios.tcgetattr(box.console.fd)

    pair = both("::ctrlaltdel:/t never\n", script)
    assert pair.ours.state == pair.busybox.state
    pair.same()


@statement(23)
def test_askfirst(both):
    """It takes a line of any kind for an answer, and asks again."""
    def script(box):
        tty = box.ttys["tty2"]
        tty.expect("press Enter to activate this console. ")
        box.wait_settled()
        assert not box.said()
        tty.send("words, then\n")
        box.wait_said("asked")
        tty.expect("press Enter")

    pair = both("tty2::askfirst:/t +sleep1100 asked\n", script, ttys=["tty2"])
    pair.both_see(fact("prompts on tty2"), 2)
    pair.same()


@statement(23)
def test_askfirst_without_input(both):
    pair = both("null::askfirst:/t +stay a\n" + END,
                lambda box: (end(box), box.wait_said("a")))
    pair.same()


PUNCTUATION = [c for c in string.punctuation if c != "#"]
SHELL_CHARACTERS = "~`!$^&*()=|\\{}[];\"'<>?"


@statement(24)
@row(AS_WRITTEN)
def test_which_characters_want_a_shell(both):
    """Here /bin/sh is the recorder."""
    pair = both("".join(f"::wait:/t {number} x{c}y\n" for number, c
                        in enumerate(PUNCTUATION)) + END, end,
                userland="recorder")
    pair.both_see(lambda box: "".join(
        c for c, event in zip(PUNCTUATION, box.events())
        if event["argv"][0] == "/bin/sh"),
        "".join(c for c in PUNCTUATION if c in SHELL_CHARACTERS))
    pair.differ(lambda box: box.events()[0]["argv"],
                ["/bin/sh", "-c", "/t 0 x!y"],
                ["/bin/sh", "-c", "exec /t 0 x!y"])
    pair.same(ignoring=["order", "start ?-c*"])


@statement(25, 29)
@row(AS_WRITTEN)
def test_the_shell_of_a_command_with_a_dash(both):
    pair = both("::wait:-/t 'a'\n" + END, end, userland="recorder")
    pair.differ(lambda box: box.events()[0]["argv"],
                ["-/bin/sh", "-c", "/t 'a'"],
                ["-/bin/sh", "-c", "exec /t 'a'"])
    pair.same(ignoring=["order", "start ?-c*"])


# A command, what kindling's starts of it, and what busybox does.
COMMANDS = [
    ("/t a; /t b", ["a", "b"], ["a"]),
    ("/t a && /t b", ["a", "b"], ["a"]),
    ("/bin/false || /t b", ["b"], []),
    ("cd /tmp && /t a", ["a"], []),
    ("X=1 /t a", ["a"], []),
    ("X=1; /t x$X", ["x1"], []),
    ("if true; then /t a; fi", ["a"], []),
    ("for n in 1 2; do /t $n; done", ["1", "2"], []),
    ("{ /t a; }", ["a"], []),
    ("! /t a", ["a"], []),
    ("(/t a)", ["a"], []),
]


@statement(26)
@row(AS_WRITTEN)
@pytest.mark.parametrize("command, ours, busybox", COMMANDS)
def test_a_command_for_the_shell(both, command, ours, busybox):
    pair = both(f"::wait:{command}\n" + END, end)
    pair.differ(lambda box: order(box)[:-1], ours, busybox)
    pair.same(ignoring=["order", "start [!']*", "start '[!e]*", "output *",
                        "message *exited with*"])


@statement(26)
@row(ASH)
@pytest.mark.parametrize("command, words", [
    ("/t 'a  b' >/dev/null", "a  b"), ("/t $((1 + 1)) `echo x`", "2 x"),
    ("/t \"$HOME\" *tab", "/ *tab")])
def test_a_single_command_for_the_shell(both, command, words):
    """As ever, but that ash executes its last command without resetting
    SIGQUIT, which it ignores itself; its exec does reset it."""
    pair = both(f"::wait:{command}\n" + END, end)
    pair.both_see(order, [words, "end"])
    pair.differ(fact(f"start {words!r} 1 ignored"), "4", "0")
    pair.same(ignoring=["*ignored"])


@statement(26)
@row(AS_WRITTEN)
def test_exec_in_a_command(both):
    """It resets SIGQUIT: see the row of that.  Busybox has "exec exec"."""
    pair = both("::wait:exec /t 'a'\n" + END, end)
    pair.differ(order, ["a", "end"], ["end"])
    assert pair.ours.facts["start 'a' 1 ignored"] == "0"
    assert pair.ours.facts["start 'a' 1 leads its session"]


@statement(27)
@row("a script without `#!`")
def test_a_script_without_an_interpreter_line(both):
    """Who runs it, and with what: the shell counts how deep it is."""
    pair = both("::wait:/script\n" + END, end,
                files={"/script": "/t a $SHLVL\n"})
    pair.differ(lambda box: order(box)[0], "a 2", "a 1")


@statement(27)
@row("a command without a slash that is an applet")
def test_a_command_that_is_an_applet(both):
    """Debian's busybox looks at itself first."""
    pair = both("::wait:uname a\n::wait:/bin/uname b\n" + END, end,
                userland="recorder")
    pair.differ(order, ["a", "b", "end"], ["b", "end"])
    pair.same(ignoring=["order", "start 'a'*", "output *"])


@statement(25)
def test_a_pipe(both):
    pair = both("::wait:/t a | /bin/cat\n" + END, end)
    pair.both_see(order, ["a", "end"])
    pair.same()


@statement(27)
def test_a_command_without_a_shell(both):
    pair = both("::wait:/t  a\t b  c,d:e@f%g +h-i _j/k.l ~ \n::wait:t x\n"
                "::wait:echo y\n".replace(" ~", "") + END, end,
                files={"/sub/t": ""})
    pair.both_see(lambda box: order(box)[0], "a b c,d:e@f%g _j/k.l")
    pair.both_see(fact("output y"), True)
    pair.same()


@statement(29)
def test_a_dash(both):
    pair = both("::wait:-/t a\n::wait:/t -/t b\n::wait:-/bin/sh -c echo\n" +
                END, end)
    pair.both_see(fact("start 'a' 1 argv"), ["-/t", "a"])
    pair.same()


@statement(30)
def test_a_command_that_cannot_be_run(both):
    """It is named, and the next one runs."""
    pair = both("::wait:/no/such\n::wait:/tmp x\n::wait:nosuch\n"
                "::wait:/bin/busybox/x\n" + END, end_and("/bin/busybox/x"))
    pair.both_see(lambda box: sorted(
        name for name in box.facts if "can't run" in name),
        [f"message can't run {name}" for name in
         ("/bin/busybox/x", "/no/such", "/tmp", "nosuch")])
    pair.same()


def exit_code(pid):
    """The status of a zombie (proc(5), stat, field 52)."""
    text = pathlib.Path(f"/proc/{pid}/stat").read_text()
    return os.waitstatus_to_exitcode(int(text.rsplit(")")[1].split()[49]))


@statement(30)
@row("exit status of a command that can't be found, or run")
@pytest.mark.parametrize("command, status", [("/no/such", 127), ("/tmp", 126)])
def test_its_exit_status(both, command, status):
    """Seen on its zombie, while init is stopped from outside."""
    def script(box):
        box.ttys["tty2"].expect("press Enter")
        box.signal(signal.SIGSTOP)
        box.ttys["tty2"].send("\n")
        zombie = wait.until(box.zombies, "a zombie", box.show)[0]
        box.exited = exit_code(zombie.pid)

    pair = both(f"tty2::askfirst:{command}\n", script, ttys=["tty2"])
    pair.differ(lambda box: box.exited, status, 255)


@statement(30)
@row("a sysinit, wait or shutdown entry that fails")
@pytest.mark.parametrize("command, report", [
    ("/no/such", "exited with 127"), ("/t +exit3 a", "exited with 3"),
    ("/t +kill9 a", "was killed by signal 9")])
@pytest.mark.parametrize("action", ["sysinit", "wait"])
def test_a_failure_is_said(both, action, command, report):
    pair = both(f"::{action}:{command}\n" + END, end)
    pair.differ(lambda box: f"message {command} {report}" in box.facts,
                True, False)
    pair.same()


@statement(30)
def test_failing_entries_hold_up_nothing(both):
    pair = both("::sysinit:/t +exit3 a\n::sysinit:/t +kill9 b\n"
                "::wait:/t +exit1 c\n::once:/t +exit1 d\n" + END, end)
    pair.both_see(order, ["a", "b", "c", "d", "end"])
    pair.same()


@statement(31)
@row(MESSAGES)
def test_messages(both):
    """What syslog has of it, and how long a line may be."""
    def script(box):
        box.wait_for("can't run")
        box.wait_said("tick", count=2)
        wait.until(lambda: box.name == "kindling" or "starting pid" in
                   box.read("/syslog"), "a line of syslog", box.show)

    pair = both(f"{SYSLOG}::wait:/{'x' * 200}\n::respawn:/t tick\n", script)
    pair.differ(lambda box: "starting pid" in box.read("/syslog"), False, True)
    pair.differ(lambda box: len(box.console.lines("can't run")[0]) > 200,
                True, False)
    pair.same(ignoring=["message can't run*", "output can't run*", "order",
                        "start 'tick'*"])


@statement(32)
@row("core files, with a file /.init_enable_core")
def test_core_files(both):
    pair = both("::wait:/t a\n" + END, end, files={"/.init_enable_core": ""})
    pair.differ(fact("start 'a' 1 core"), 0, -1)
    pair.same(ignoring=["*core"])


@statement(32)
@row("umask")
def test_umask(both):
    pair = both("::wait:/t a\n" + END, end, umask=0)
    pair.differ(fact("start 'a' 1 umask"), 0o022, 0)
    pair.same(ignoring=["*umask"])

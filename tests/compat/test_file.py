"""Statements 1 to 17: the file, and what becomes of its lines."""

import signal

import pytest

from common import CAP_SYS_ADMIN, END, GO_DOWN, end, row, statement
from harness.container import REBOOTED
from pair import REASON, fact, order

FORGIVEN = "whitespace around fields, CR at the line's end, indented comments"
NUMBER_SIGN = "`#` inside a word or quotes"
TWO_ACTIONS = "the same tty and command under two actions"
NO_ENTRY = "an empty inittab, or a directory"
GETTYS = ("tty2", "tty3", "tty4")


@statement(1)
def test_a_long_line_arrives_whole(both):
    pair = both(f"::wait:/t {'x' * 20000} {'y' * 3}\n" + END, end)
    pair.both_see(order, [f"{'x' * 20000} yyy", "end"])
    pair.same()


@statement(2, 17)
def test_the_built_in_table(both):
    """Prompts on four terminals, rcS, and what a missing one leads to."""
    def script(box):
        for tty in [box.console, *box.ttys.values()]:
            tty.expect("press Enter")
        box.ttys["tty3"].send("\n")
        box.ttys["tty3"].expect("# ")
        box.ttys["tty3"].send("exec /t end\n")
        end(box)
        box.ttys["tty3"].expect("press Enter")

    pair = both(None, script, ttys=GETTYS)
    pair.both_see(fact("message can't run /etc/init.d/rcS"), "both")
    pair.same(ignoring=["output *"])  # a prompt has the host's name
    pair = both(None, script, ttys=GETTYS,
                files={"/etc/init.d/rcS": "#!/bin/sh\n/t rcS\n"})
    pair.both_see(order, ["rcS", "end"])
    pair.same(ignoring=["output *"])


@statement(17)
@row("without an inittab, at shutdown")
def test_the_built_in_table_at_shutdown(both):
    """Ctrl-Alt-Del reboots. Without CAP_SYS_ADMIN every umount fails."""
    def script(box):
        box.wait_for("press Enter")
        box.signal(signal.SIGINT)
        box.wait_end(GO_DOWN)

    pair = both(None, script, ttys=GETTYS, drop=[CAP_SYS_ADMIN])
    pair.both_see(fact("end"), REBOOTED)
    pair.differ(lambda box: bool(box.console.lines("^umount: ")), False, True)
    pair.same(ignoring=["output umount: *", "output swapoff: *"])


@statement(2)
@row(NO_ENTRY)
@pytest.mark.parametrize("text", ["", "# only this\n", "garbage\n"])
def test_no_entry(both, text):
    def script(box):
        if box.name == "kindling":
            box.wait_for("press Enter")
        box.wait_settled()

    pair = both(text, script, ttys=GETTYS)
    pair.differ(fact("prompts on tty4"), 1, 0)
    pair.same(ignoring=["prompts on *", "message can't run /etc/init.d/rcS"])


@statement(1)
@row("an inittab over 16 MiB")
def test_a_huge_file(both):
    def script(box):
        if box.name == "kindling":
            box.wait_for("press Enter")
        else:
            box.wait_said("end")

    pair = both(("#" * 99 + "\n") * 170000 + END, script)
    pair.differ(order, [], ["end"])


@statement(2)
@row(NO_ENTRY)
def test_a_directory(both):
    def script(box):
        if box.name == "kindling":
            box.wait_for("press Enter")
        box.wait_settled()

    pair = both(None, script, ttys=GETTYS, files={"/etc/inittab/x": ""})
    pair.differ(fact("prompts on console"), 1, 0)
    pair.same(ignoring=["prompts on *", "message can't run /etc/init.d/rcS"])


@statement(3)
def test_comments_and_empty_lines(both):
    both("# one\n\n#::once:/t never\n::wait:/t a\n#\n" + END, end).same()


@statement(3)
@row(FORGIVEN)
@pytest.mark.parametrize("line", ["   ", "\t", "  # indented", "\t#"])
def test_whitespace_before_a_comment_or_nothing(both, line):
    pair = both(f"::wait:/t a\n{line}\n" + END, end)
    pair.differ(fact("message bad line 2"), None, "both")
    pair.same(ignoring=["message bad line 2"])


@statement(4, 5)
def test_joined_lines(both):
    """Nothing is inserted, and leading spaces of the next line stay."""
    pair = both("::wait:/t one\\\ntwo\\\n three\n::wa\\\nit:/t b\n" + END +
                "::once:/t last\\", end)
    pair.both_see(lambda box: order(box)[:2], ["onetwo three", "b"])
    pair.same()


@statement(4)
@row("a comment that ends in `\\`")
def test_a_comment_that_ends_in_a_backslash(both):
    pair = both("# one \\\n::wait:/t swallowed\n" + END, end)
    pair.differ(order, ["swallowed", "end"], ["end"])
    pair.same(ignoring=["order", "start 'swallowed'*"])


@statement(4)
@row("a bad line that was joined")
def test_a_bad_line_that_was_joined(both):
    pair = both("::wait:/t a\ngar\\\nbage\n" + END, end)
    pair.differ(lambda box: [name for name in box.facts if "bad line" in name],
                ["message bad line 2"], ["message bad line 3"])
    pair.same(ignoring=["message bad line*"])


@statement(5)
def test_a_last_line_without_newline(both):
    both(END + "::wait:/t last", end).same()


@statement(5)
def test_nul_and_byte_order_mark(both):
    pair = both("\ufeff::wait:/t never\n::wait:/t a\0 b\n\0::wait:/t never\n" +
                END, end)
    pair.both_see(order, ["a", "end"])
    pair.same(ignoring=["message can't open *"])  # Debian's drops it, see 21


@statement(6)
@row(FORGIVEN)
def test_carriage_returns(both):
    pair = both("::wait:/t a\r\n\r\n::wait:/t\r\n" + END, end)
    pair.differ(lambda box: [event["argv"][1:] for event in box.events()][:1],
                [["a"]], [["a\r"]])
    pair.differ(fact("message bad line 2"), None, "both")
    pair.same(ignoring=["order", "start*", "message bad line 2",
                        "message can't run /t*"])


@statement(7, 11)
def test_colons_and_the_second_field(both):
    pair = both("::wait:/t one:two::three:\n:2345:wait:/t b\n"
                ": x y :wait:/t c\n" + END, end)
    pair.both_see(order, ["one:two::three:", "b", "c", "end"])
    pair.same()


@statement(7, 10, 28)
@row(FORGIVEN)
@pytest.mark.parametrize("line, as_busybox", [
    (":: wait:/t a", "bad line 1"), ("::wait :/t a", "bad line 1"),
    ("::\twait\t:/t a", "bad line 1"), ("::wait: /t a", "can't run "),
    ("::wait:\t/t a", "can't run "), ("::wait:- /t a", "can't run "),
    (" ::wait:/t a", ""), ("tty2 ::wait:/t a", "")])
def test_whitespace_around_fields(both, line, as_busybox):
    pair = both(line + "\n" + END, end, ttys=["tty2"])
    pair.differ(order, ["a", "end"], ["end"])
    pair.same(ignoring=["order", "start 'a'*", f"message {as_busybox}"])


@statement(8)
@row(NUMBER_SIGN)
@pytest.mark.parametrize("line, ours, as_busybox", [
    ("::wait:/t hash#mid end", "hash#mid end", ["hash"]),
    ("::wait:/t 'a #b'", "a #b", []),
    ("::wait:X=abc; /t ${#X}", "3", []),
    ("::wait:/t http://host/page#part", "http://host/page#part",
     ["http://host/page"]),
])
def test_a_number_sign_inside(both, line, ours, as_busybox):
    pair = both(line + "\n" + END, end)
    pair.differ(lambda box: order(box)[:-1], [ours], as_busybox)
    pair.same(ignoring=["order", "start*", "output *", "message *"])


@statement(8)
def test_a_comment_behind_a_command(both):
    pair = both("::wait:/t a # why\n::wait:/t b\t#\n::wait:#/t never\n"
                "::#wait:/t never\n" + END, end)
    pair.both_see(order, ["a", "b", "end"])
    pair.same()


@statement(9, 10)
def test_bad_entries(both):
    pair = both("::wait:/t a\n::wait\n::wait:\n::\ngarbage\n::SYSINIT:/t x\n"
                "::initdefault:/t x\n:::/t x\n::off:/t x\n::wait:/t b\n" +
                END, end)
    pair.both_see(lambda box: order(box), ["a", "b", "end"])
    pair.both_see(lambda box: sorted(name for name in box.facts
                                     if "bad line" in name),
                  [f"message bad line {n}" for n in range(2, 10)])
    pair.same()


@statement(12)
def test_spellings_of_a_tty(both):
    pair = both("".join(f"{name}::wait:/t {number}\n" for number, name in
                        enumerate(("tty2", "/dev/tty2", "//tty2", "/tty2",
                                   "/dev//tty2", "null", "/dev/null"))) +
                "::sysinit:/bin/mkdir /dev/sub\n"
                "::sysinit:/bin/ln -s ../tty2 /dev/sub/two\n"
                "sub/two::wait:/t 7\n" + END, end, ttys=["tty2"])
    pair.both_see(fact("start '4' 1 descriptors"),
                  {str(n): ["tty2", 2] for n in range(3)})
    pair.both_see(fact("start '5' 1 descriptors"),
                  {str(n): ["null", 2] for n in range(3)})
    pair.both_see(fact("start '7' 1 controlling tty"), "tty2")
    pair.same()


@statement(12)
@row("`console` as the tty of a command that is no shell, in a container")
def test_the_console_by_name(both):
    """Busybox's end of it hangs up the console, for init too."""
    pair = both("console::wait:/t a\n" + END, end)
    pair.differ(fact("start 'a' 1 controlling tty"), 0, "console")
    pair.same(ignoring=["start 'a' 1 controlling tty",
                        "start 'a' 1 in the foreground"])


@statement(13)
@row("a tty's name over 26 bytes")
def test_a_long_name_of_a_tty(both):
    name = "long" * 7
    pair = both(f"{name}::wait:/t a\n" + END, end, ttys=[name])
    pair.differ(order, ["a", "end"], ["end"])
    pair.same(ignoring=["order", "start 'a'*"])


@statement(14)
def test_an_exact_repeat(both):
    """One entry, at the later place; other spacing is another command."""
    pair = both("::wait:/t a\n::wait:/t b\n::wait:/t a\n::wait:/t  a\n" + END,
                end)
    pair.both_see(order, ["b", "a", "a", "end"])
    pair.same()


@statement(14)
@row(TWO_ACTIONS)
def test_one_command_under_two_actions(both):
    pair = both("::sysinit:/t a\n::wait:/t b\n::once:/t a\n" + END, end)
    pair.differ(order, ["a", "b", "a", "end"], ["b", "a", "end"])
    pair.same(ignoring=["order", "start 'a' 2*"])


@statement(14)
def test_respawn_and_askfirst_of_one_command(both):
    """Much-copied guides have both lines: one program there, under both."""
    def script(box):
        box.wait_said("a")
        box.wait_said("end")
        box.wait_settled()

    pair = both("::askfirst:/t +stay a\n" + END + "::respawn:/t +stay a\n",
                script)
    pair.both_see(order, ["end", "a"])
    pair.same()


@statement(15)
def test_one_command_on_two_ttys_and_two_on_one(both):
    pair = both("tty2::wait:/t a\ntty3::wait:/t a\ntty2::wait:/t b\n" + END,
                end, ttys=["tty2", "tty3"])
    pair.both_see(order, ["a", "a", "b", "end"])
    pair.same()


ALL = """::shutdown:/t down 1
::restart:/t restart 1
::askfirst:/t never
::respawn:/t +stay respawn 1
::once:/t once 1
::wait:/t +sleep100 wait 1
::sysinit:/t +sleep100 sysinit 1
::ctrlaltdel:/t +sleep100 cad 1
::once:/t +sleep300 once 2
::respawn:/t +stay respawn 2
::wait:/t wait 2
::sysinit:/t sysinit 2
::ctrlaltdel:/t cad 2
::shutdown:/t +sleep100 down 2
::shutdown:/t down 3
::restart:/t restart 2
"""


@statement(16, 41, 49, 53)
def test_the_order_of_all_actions(both):
    """Ctrl-Alt-Del, and in the end the restart entry takes over."""
    def script(box):
        box.wait_said("respawn 2")
        box.signal(signal.SIGINT)
        box.wait_said("cad 2")
        box.wait_settled()
        box.signal(signal.SIGQUIT)
        box.wait_end(GO_DOWN)

    pair = both(ALL, script)
    pair.both_see(lambda box: [event["argv"][-2:] for event in box.events()
                               if event["pid"] == 1], [["restart", "1"]])
    pair.both_see(order, [
        "restart 1", "sysinit 1", "sysinit 2", "wait 1", "wait 2", "once 1",
        "once 2", "respawn 1", "respawn 2", "cad 1", "cad 2", "down 1",
        "down 2", "down 3"])
    pair.same(ignoring=[REASON])

"""The file: absent, empty, broken in places, long."""

import signal

import pytest

from harness import wait

GETTYS = ("tty2", "tty3", "tty4")


def check_built_in_shells(box):
    """askfirst shells on the console and tty2 to tty4."""
    box.wait_for("press Enter to activate this console")
    for tty in box.ttys.values():
        tty.expect("press Enter to activate this console")


def test_without_inittab_shells_wait_on_four_terminals(start):
    box = start(None, ttys=GETTYS)
    check_built_in_shells(box)


def test_without_inittab_rcS_runs(start):
    box = start(None, ttys=GETTYS,
                files={"/etc/init.d/rcS": "#!/bin/sh\n/t rcS\n"})
    box.wait_said("rcS")
    check_built_in_shells(box)


def test_without_inittab_a_missing_rcS_is_reported(start):
    box = start(None, ttys=GETTYS)
    box.wait_for("/etc/init.d/rcS")
    check_built_in_shells(box)


def test_without_inittab_the_shell_works(start):
    box = start(None, ttys=GETTYS)
    box.wait_for("press Enter")
    box.console.send("\n")
    box.wait_for("# ")
    box.console.send("/t typed; tty2=no\n")
    box.wait_said("typed")


@pytest.mark.parametrize("text", [
    "", "\n\n", "# only a comment\n", "garbage\n", "::nosuch:/t never\n",
    "::once\n", "\0\0\0\n"],
    ids=["empty", "blank lines", "comment", "garbage", "unknown action",
         "too few fields", "zeros"])
def test_an_inittab_without_entries_gives_the_built_in_table(start, text):
    box = start(text, ttys=GETTYS)
    check_built_in_shells(box)
    assert box.console.lines("inittab"), box.show()


def test_an_inittab_that_is_a_directory_gives_the_built_in_table(start):
    box = start(None, ttys=GETTYS, files={"/etc/inittab/x": ""})
    check_built_in_shells(box)


BROKEN = """# line 1
::once:/t good 2
garbage on line 3
::nosuch:/t bad 4
::once:/t good 5
::once
::once:
::once:/t good 8
"""


def test_good_lines_run_among_bad_ones(start):
    box = start(BROKEN)
    for number in (2, 5, 8):
        box.wait_said(f"good {number}")
    assert len(box.said()) == 3


@pytest.mark.parametrize("number", [3, 4, 6, 7])
def test_a_bad_line_is_reported_with_its_number(start, number):
    box = start(BROKEN)
    box.wait_said("good 8")
    wait.until(lambda: box.console.lines(rf"inittab\D*{number}\b"),
               f"line {number} reported", box.show)


def test_good_lines_are_not_reported(start):
    box = start(BROKEN)
    box.wait_said("good 8")
    box.wait_for(r"inittab\D*7\b")
    assert not box.console.lines(r"inittab\D*[1258]\b"), box.show()


def test_comments_and_blank_lines(start):
    box = start("# ::once:/t never\n\n#\n::once:/t one\n\n\n"
                "#::once:/t never\n::wait:/t wait\n")
    box.wait_said("one")
    assert box.said() == ["wait", "one"]
    assert not box.console.lines("inittab"), box.show()


def test_a_backslash_joins_lines(start):
    box = start("::once:/t one\\\n two\\\nthree\n::wait:/t next\n")
    box.wait_said("one twothree")
    assert "next" in box.said()


def test_the_last_line_needs_no_newline(start):
    box = start("::wait:/t wait\n::once:/t last")
    box.wait_said("last")


def test_a_file_with_carriage_returns(start):
    box = start("# comment\r\n\r\n::wait:/t one\r\n::once:/bin/true\r\n"
                "::once:/t two\r\n")
    box.wait_said("two")
    assert "one" in box.said()
    assert not box.console.lines("inittab|/bin/true"), box.show()


def test_whitespace_around_fields(start):
    box = start("  # comment\n   \n :: wait : /t one\n::once:\t/t two \n")
    box.wait_said("two")
    assert "one" in box.said()


def test_the_second_field_is_ignored(start):
    box = start(":2345:once:/t second\n")
    box.wait_said("second")


def test_further_colons_belong_to_the_command(start):
    box = start("::once:/t one:two::three\n")
    box.wait_said("one:two::three")


def test_an_exact_repeat_is_one_entry(start):
    box = start("::once:/t twice\n::once:/t twice\n::respawn:/t end\n")
    box.wait_said("end", count=2)
    assert box.said().count("twice") == 1


def test_one_command_on_two_terminals_is_two_entries(start):
    box = start("tty2::once:/t both\ntty3::once:/t both\n", ttys=GETTYS)
    box.wait_said("both", count=2)


def test_a_megabyte_of_inittab(start):
    comment = "# " + "x" * 100 + "\n"
    text = "".join(comment * 500 + f"::wait:/t {n}\n" for n in range(20))
    assert len(text) > 1 << 20 - 1
    box = start(text)
    box.wait_said("19")
    assert box.said() == [str(n) for n in range(20)]


@pytest.mark.slow
def test_ten_thousand_entries_run(start):
    box = start("".join(f"::once:echo {n} >>/ran\n" for n in range(10000)),
                files={"/ran": ""})
    wait.until(lambda: box.read("/ran").count("\n") == 10000, "10000 entries",
               lambda: box.read("/ran")[-100:])
    ran = [int(line) for line in box.read("/ran").split()]
    assert sorted(ran) == list(range(10000))


def test_ten_thousand_entries_can_still_be_ended(start):
    box = start("::respawn:/bin/sleep 1000\n" +
                "".join(f"::shutdown:/t {n}\n" for n in range(5)) +
                "".join(f"::ctrlaltdel:/t never {n}\n"
                        for n in range(10000)))
    box.wait_process("sleep 1000")
    box.signal(signal.SIGUSR2)
    assert box.wait_end(wait.PATIENCE) == "SIGINT"
    assert box.said() == [str(n) for n in range(5)]


def test_a_line_of_200_kB(start):
    words = 20000
    box = start(f"::wait:/count{' ninebytes' * words}\n::once:/t end\n",
                files={"/count": "#!/bin/sh\n/t words $#\n"})
    box.wait_said("end")
    assert box.said()[0] == f"words {words}"

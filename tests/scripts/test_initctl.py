"""initctl, as far as it needs no init: check, usage, names."""

import os
import re
import subprocess

import pytest

from conftest import REPOSITORY


@pytest.fixture
def initctl(product, tmp_path):
    """initctl(word, ...): runs it where the test's files are."""

    def run(*words, text=b"", name="initctl", **options):
        return subprocess.run([name, *words], input=text, timeout=60,
                              executable=product("INITCTL"), cwd=tmp_path,
                              capture_output=True, check=False, **options)

    return run


@pytest.fixture
def check(initctl, tmp_path):
    """check(bytes): (what is printed of a file t with them, the status)."""

    def run(text):
        (tmp_path / "t").write_bytes(text)
        done = initctl("check", "t")
        assert not done.stderr
        return done.stdout.decode("ascii"), done.returncode

    return run


def test_a_finding_is_a_message_the_line_and_a_caret(check):
    assert check(b"# x\ntty1::respwan:/sbin/getty 38400 tty1\r\n::once:a\n"
                 ) == ("""\
t:2:7: unknown action 'respwan'; did you mean 'respawn'?
tty1::respwan:/sbin/getty 38400 tty1
      ^
""", 1)


def test_the_caret_goes_through_tabs_and_joints(check):
    printed, _ = check(b"::once:x \\\n\t\ty\t a#b\tc\n")
    assert printed.splitlines()[1:] == ["\t\ty\t a#b\tc", "\t\t \t  ^"]
    assert printed.startswith("t:2:7: ")


def test_the_caret_may_stand_behind_the_line(check):
    assert check(b"::once:a\nbad")[0].splitlines()[1:] == ["bad", "   ^"]


def test_the_manual_shows_what_is_printed(check):
    manual = subprocess.run(
        ["mandoc", "-T", "ascii", REPOSITORY / "doc/initctl.8"], check=True,
        capture_output=True, text=True).stdout
    shown = re.search(r"\$ initctl check rootfs/etc/inittab\n((?:     .*\n)+)",
                      manual)[1].replace("\n     ", "\n")[5:]
    inittab = ["# x"] * 10
    for number, line in re.findall(r":(\d+):\d+: .*\n(.*)\n", shown):
        inittab[int(number) - 1] = line
    printed, _ = check("\n".join(inittab).encode())
    assert printed == shown.replace("rootfs/etc/inittab:", "t:")


def test_a_clean_inittab_is_silence(check):
    assert check(b"::once:a\n") == ("", 0)


@pytest.mark.parametrize("inittab", ["rootfs", "rootfs-shell"])
def test_the_inittabs_here_are_clean(check, inittab):
    assert check((REPOSITORY / inittab / "etc/inittab").read_bytes()
                 ) == ("", 0)


def test_the_inittab_of_the_readme_is_clean(check):
    section = (REPOSITORY / "README.md").read_text().split("\n## inittab\n")[1]
    inittab = re.findall(r"^    (.*)$", section.split("\n## ")[0], re.M)
    assert len(inittab) > 8
    assert check("\n".join(inittab).encode()) == ("", 0)


def test_good_inittabs_of_real_systems_are_clean(initctl):
    """A finding in one of these would be a false alarm."""
    directory = REPOSITORY / "tests/compat/inittabs"
    clean = ["alpine", "floppinux", "floppy-linux", "huawei-eg8145", "kiss",
             "linuxkit", "mitel", "mylinux", "openwrt-askfirst",
             "openwrt-x86", "puppy", "roborock", "xokey"]
    assert clean == sorted(
        path.name for path in directory.iterdir() if path.name != "README"
        and initctl("check", path).returncode == 0)


def test_findings_come_by_line_and_all_of_them(check):
    printed, status = check(b"::restart:r\nbad\n\n::once:a#'\n::ctrlaltdel:x\n"
                            b"::once:a\0b\n::bad:\\\nx\n::restart:b\n")
    places = re.findall(r"^t:(\d+):(\d+): ", printed, re.M)
    assert places == [("2", "4"), ("4", "9"), ("4", "10"), ("5", "14"),
                      ("6", "9"), ("7", "3"), ("9", "11")]
    assert status == 1


def test_escape_sequences_do_not_reach_the_terminal(check):
    printed, _ = check(b"\x1b[2J\x9b\xc2\x9b\x7f::\x1b]0;x\x07:\x1b#\x07\n")
    assert not re.search(r"[^ -~\n]", printed)
    assert "?[2J????::?]0;x?:?#?\n" in printed


def test_bytes_of_noise_are_harmless(check):
    printed, status = check(os.urandom(100000) + b"\nx\n")
    assert status == 1 and not re.search(r"[^ -~\t\n]", printed)


@pytest.mark.parametrize("before, after", [(20, 500), (500, 0), (300, 300),
                                           (20, 20)])
def test_a_long_line_is_cut_around_its_column(check, before, after):
    printed, _ = check(b"::once:" + b"a" * before + b"\t'#" + b"b" * after
                       + b"'\n")
    line, caret = printed.splitlines()[1:3]
    assert len(line) <= 82 and line[caret.index("^")] == "#"
    assert caret.count("\t") == 1 and caret.index("\t") == line.index("\t")
    assert line.startswith("...") == (before >= 300)
    assert line.endswith("...") == (after >= 300)


def test_a_long_name_is_cut(check):
    printed, _ = check(b"tty " + b"x" * 100000 + b"::once:a\n")
    assert all(len(line) < 200 for line in printed.splitlines())


def test_standard_input_is_a_file(initctl):
    done = initctl("check", "-", text=b"bad\n::once:a\n")
    assert done.stdout.startswith(b"-:1:4: needs four fields")
    assert done.returncode == 1


def test_an_empty_file_is_one_finding(check):
    assert check(b"") == ("t:1:1: no entry at all: init will use its built-in "
                          "table\n\n^\n", 1)


def test_several_files_are_all_checked_and_the_worst_counts(initctl, tmp_path):
    (tmp_path / "good").write_text("::once:a\n")
    (tmp_path / "bad").write_text("bad\n::once:a\n")
    assert initctl("check", "good", "good").returncode == 0
    assert initctl("check", "bad", "good").returncode == 1
    done = initctl("check", "bad", "none", ".", "bad", "good")
    assert done.returncode == 2 and done.stdout.count(b"bad:1:4: ") == 2
    assert done.stderr == (b"initctl: none: No such file or directory\n"
                           b"initctl: .: Is a directory\n")


def test_a_file_that_is_too_large_is_not_read_on(initctl):
    done = initctl("check", "/dev/zero")
    assert done.stdout.startswith(b"/dev/zero:1:1: larger than 16 MiB: ")
    assert done.returncode == 1


def test_many_lines_are_quick(initctl, tmp_path):
    (tmp_path / "many").write_text("".join(
        f"tty{i}::respawn:/sbin/getty {i}\n" for i in range(300000)))
    assert initctl("check", "many").returncode == 0


@pytest.mark.parametrize("words, status", [
    (["check", "/dev/null"], 2), (["check", "noise"], 2),
    (["check", "--help"], 2), (["--help"], 1), (["log", "--help"], 1)])
def test_output_that_fails_is_a_failure(product, tmp_path, words, status):
    (tmp_path / "noise").write_bytes(b"x\n" * 5000)
    with open("/dev/full", "w", encoding="ascii") as full:
        done = subprocess.run([product("INITCTL"), *words], stdout=full,
                              stderr=subprocess.PIPE, check=False,
                              cwd=tmp_path)
    assert done.returncode == status
    assert done.stderr == (b"initctl: standard output: No space left on "
                           b"device\n")


VERBS = ["status", "stop", "start", "restart", "reload", "upgrade",
         "poweroff", "reboot", "halt", "log", "times", "check"]


@pytest.mark.parametrize("words", [
    ["chek"], ["check"], ["check", "-x"], ["--hlep"], ["status", "-x"],
    ["-j", "x"], ["stop"], ["start", "--now", "1"], ["reload", "x"],
    ["upgrade", "-f"], ["log", "x"], ["log", "-f", "-x"], ["times", "-j"],
    ["times", "--json"], ["status", "--follow"], ["stop", "--json", "1"],
    ["stop", "1", "--now"], ["poweroff", "--no-wait"], ["-h"], ["", "-j"],
    ["log", "--json=x"], ["status", "--version"], ["check", "--"]])
def test_a_wrong_call_gets_the_usage(initctl, words):
    done = initctl(*words)
    assert done.returncode == 2 and not done.stdout
    assert done.stderr.startswith(b"usage: initctl ")


@pytest.mark.parametrize("words, begin", [
    (["--help"], b"usage: initctl [status] [-j] "),
    (["--version"], b"kindling initctl "),
    *([[verb, "--help"], b"usage: initctl "] for verb in VERBS)])
def test_help_is_output(initctl, words, begin):
    done = initctl(*words)
    assert done.returncode == 0 and not done.stderr
    assert done.stdout.startswith(begin)


@pytest.mark.parametrize("words", [
    ["check", "t", "--"], ["check", "--", "-x"], ["check", "-", "--", "-x"]])
def test_options_end_at_two_dashes(initctl, tmp_path, words):
    for name in "t", "-x":
        (tmp_path / name).write_text("::once:a\n")
    assert initctl(*words, text=b"::once:a\n").returncode == 0


def test_an_option_counts_wherever_it_stands(initctl):
    assert initctl("stop", "1", "--help").stdout == initctl(
        "stop", "--help").stdout
    assert initctl("-j", "--version").stdout == initctl("--version").stdout
    for words in ["check", "x", "-y"], ["stop", "1", "-y"]:
        assert initctl(*words).returncode == 2


def test_the_help_names_each_verb_and_so_does_the_verb(initctl):
    whole = initctl("--help").stdout.decode()
    for verb in VERBS:
        pattern = rf"^(usage:|      ) initctl [^ ]*\b{verb}\b"
        assert re.search(pattern, whole, re.M), verb
        own = initctl(verb, "--help").stdout.decode()
        assert re.search(pattern, own, re.M), verb
        assert all(len(line) <= 80 for line in (whole + own).splitlines())


@pytest.mark.parametrize("name", ["telinit", "/sbin/telinit"])
def test_by_the_name_telinit_it_is_telinit(initctl, name):
    done = initctl("--version", name=name)
    assert done.returncode == 0
    assert done.stdout.startswith(b"kindling init ")
    assert initctl(name=name).returncode == 1


def test_it_is_installed_beside_init_with_telinit(product, tmp_path):
    def install():
        done = subprocess.run([REPOSITORY / "scripts/install-init",
                               product("INIT"), product("INITCTL"), sbin],
                              capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    sbin = tmp_path / "sbin"
    install()
    install()
    assert os.readlink(sbin / "telinit") == "initctl"
    assert (sbin / "initctl").read_bytes() == product("INITCTL").read_bytes()
    assert not (sbin / "init.old").exists()  # ours is not kept as the old one


@pytest.mark.parametrize("theirs", ["file", "link"])
def test_programs_of_another_init_are_kept(product, tmp_path, theirs):
    for name in "telinit", "initctl":
        path = tmp_path / name
        if theirs == "file":
            path.write_text("theirs")
        else:
            path.symlink_to("../bin/theirs")
    for _ in range(2):
        subprocess.run([REPOSITORY / "scripts/install-init", product("INIT"),
                        product("INITCTL"), tmp_path], check=True)
    if theirs == "file":
        assert (tmp_path / "telinit").read_text() == "theirs"
        assert (tmp_path / "init.old/initctl").read_text() == "theirs"
    else:
        assert os.readlink(tmp_path / "telinit") == "../bin/theirs"
        assert os.readlink(tmp_path / "init.old/initctl") == "../../bin/theirs"
    assert ((tmp_path / "initctl").read_bytes() ==
            product("INITCTL").read_bytes())

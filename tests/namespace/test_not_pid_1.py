"""Init called as an ordinary program."""

import subprocess

import pytest

from harness.container import REBOOTED, STOPPED


def call(product, *arguments):
    """Never with -q here: it would reach the PID 1 of this machine."""
    return subprocess.run([product("INIT"), *arguments], timeout=60,
                          text=True, capture_output=True)


def test_version(product):
    answer = call(product, "--version")
    assert answer.returncode == 0
    assert len(answer.stdout.splitlines()) == 1 and not answer.stderr


@pytest.mark.parametrize("arguments", [
    [], ["-x"], ["nonsense"], ["--help"], ["--versions"]],
    ids=lambda words: " ".join(words) or "nothing")
def test_anything_else_is_one_line_of_usage(product, arguments):
    answer = call(product, *arguments)
    assert answer.returncode == 1
    assert len(answer.stderr.splitlines()) == 1 and not answer.stdout
    assert "usage" in answer.stderr.lower()


# As init, and as telinit, a name of initctl.
CALLERS = pytest.mark.parametrize("program, name", [
    ("INIT", "/init"), ("INITCTL", "/telinit")], ids=["init", "telinit"])


def with_caller(start, product, program, name):
    """A machine with a service and with that program."""
    box = start("::respawn:/bin/sleep 1000\n",
                files={name: product(program).read_bytes()})
    box.wait_process("sleep 1000")
    return box


@CALLERS
@pytest.mark.parametrize("word", ["-q", "q", "Q"])
def test_q_reloads(start, product, program, name, word):
    box = with_caller(start, product, program, name)
    box.write("/etc/inittab",
              "::respawn:/bin/sleep 1000\n::respawn:/bin/sleep 2000\n")
    answer = box.run(name, word)
    assert answer.returncode == 0 and not answer.stdout + answer.stderr
    box.wait_process("sleep 2000")


@CALLERS
@pytest.mark.parametrize("word, how", [("0", STOPPED), ("6", REBOOTED)])
def test_0_and_6_end_the_machine(start, product, program, name, word, how):
    box = with_caller(start, product, program, name)
    box.run(name, word)
    assert box.wait_end() == how
    assert box.console.lines("going down for " + (
        "poweroff" if word == "0" else "reboot"))

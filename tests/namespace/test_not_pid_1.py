"""Init called as an ordinary program."""

import subprocess

import pytest


def call(product, *arguments):
    """Never with -q here: it would reach the PID 1 of this machine."""
    return subprocess.run([product("INIT"), *arguments], timeout=10,
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


def test_q_reloads(start):
    box = start("::respawn:/bin/sleep 1000\n")
    box.wait_process("sleep 1000")
    box.write("/etc/inittab",
              "::respawn:/bin/sleep 1000\n::respawn:/bin/sleep 2000\n")
    answer = box.run("/init", "-q")
    assert answer.returncode == 0 and not answer.stdout + answer.stderr
    box.wait_process("sleep 2000")

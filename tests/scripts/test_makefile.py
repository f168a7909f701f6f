"""The Makefile: what its targets make, and what they say."""

import os
import shutil
import subprocess

import pytest

from conftest import REPOSITORY

SOURCES = ("Makefile", "init", "initctl", "rootfs", "scripts")


@pytest.fixture
def tree(tmp_path):
    """tree(NAME): a copy of what make needs for an initrd, in NAME."""
    def copy(name="tree"):
        for source in SOURCES:
            if (REPOSITORY / source).is_dir():
                shutil.copytree(REPOSITORY / source, tmp_path / name / source)
            else:
                (tmp_path / name).mkdir()
                shutil.copy2(REPOSITORY / source, tmp_path / name)
        return tmp_path / name

    return copy


def make(directory, *words, **environment):
    """make, as from a terminal: without the flags of a calling make."""
    inherited = {name: value for name, value in os.environ.items()
                 if name not in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL")}
    return subprocess.run(["make", *words], cwd=directory, text=True,
                          capture_output=True, stdin=subprocess.DEVNULL,
                          timeout=300, env={**inherited, **environment})


def output_of(*command):
    return subprocess.run(command, check=True, text=True, timeout=60,
                          capture_output=True).stdout


def test_addresses_have_source_lines(product):
    """As README says; without a path of the machine that compiled it."""
    program = product("INIT").with_name("init.debug")
    [address] = [line.split()[0] for line in output_of("nm", program)
                 .splitlines() if line.endswith(" T main")]
    name, place = output_of("addr2line", "-fe", program,
                            f"0x{address}").splitlines()
    assert name == "main" and place.startswith("./init/main.c:")
    assert str(REPOSITORY).encode() not in program.read_bytes()


@pytest.mark.parametrize("name", ["my kindling", "q\"u,o$t:e=%#;&(x) `y\\z"])
def test_a_directory_with_special_characters_makes_the_same(product, tree,
                                                            name):
    top = tree(name)
    done = make(top, "-j2", "build/init")
    assert done.returncode == 0, done.stderr
    assert ((top / "build/init").read_bytes() ==
            product("INIT").read_bytes())
    assert (os.fsencode(top) not in
            (top / "build/init.debug").read_bytes())


def test_a_quote_in_the_name_of_the_directory_is_refused(tree):
    top = tree("it's")
    done = make(top)
    assert done.returncode == 2 and done.stdout == ""
    assert "name has a quote" in done.stderr
    assert done.stderr.count("\n") == 1 and not (top / "build").exists()


def test_nothing_runs_while_make_reads_the_makefile(tree, tmp_path):
    """$(shell) would run before "make deps" has installed the tools."""
    shell = tmp_path / "shell"
    shell.write_text("#!/bin/sh\necho \"$*\" >>\"${0%/*}/ran\"\n")
    shell.chmod(0o755)
    done = make(tree(), "-n", f"SHELL={shell}", "help", "clean", "all")
    assert done.returncode == 0, done.stderr
    assert "rm -rf build" in done.stdout
    assert not (tmp_path / "ran").exists(), (tmp_path / "ran").read_text()

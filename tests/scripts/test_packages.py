"""packages.txt and install-packages, with an apt-get of the test's own."""

import os
import re
import subprocess

import pytest

from conftest import REPOSITORY

LIST = """\
# a comment
one: the first group
alpha		why
beta

two: the second
beta		again
gamma		x: why
"""
# What apt-get says, in its own words. dpkg knows beta as installed.
APT = """#!/bin/sh
echo "$@" >>"$NOTES/asked"
case " $* " in
*' --assume-no '*)
	echo "0 upgraded, 12 newly installed, 0 to remove and 3 not upgraded."
	echo "Need to get ${GET-58.2 MB} of archives."
	echo "After this operation, 211 MB of additional disk space will be used."
	exit 1 ;;
*" ${FAILS-none} "*) echo "E: no such thing" >&2; exit 100 ;;
esac
"""
DPKG = """#!/bin/sh
case " ${INSTALLED-beta} " in *" $4 "*) echo installed ;; esac
"""


@pytest.fixture
def install(tmp_path):
    """install(GROUP..., NAME=VALUE...): (outcome, what apt-get was asked)"""
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in (("apt-get", APT), ("dpkg-query", DPKG),
                       ("id", "#!/bin/sh\necho ${ID-0}\n")):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    (tmp_path / "list").write_text(LIST)

    def run(*groups, **environment):
        notes = tmp_path / "asked"
        notes.unlink(missing_ok=True)
        done = subprocess.run(
            [REPOSITORY / "scripts/install-packages", tmp_path / "list",
             *groups], text=True, capture_output=True, timeout=60,
            env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}",
                 "NOTES": str(tmp_path), **environment})
        asked = notes.read_text().splitlines() if notes.exists() else []
        return done, asked

    return run


@pytest.mark.parametrize("groups, packages", [
    (["one"], "alpha"), (["two"], "gamma"), (["one", "two"], "alpha gamma"),
    (["two", "one", "two"], "gamma alpha")])
def test_what_is_missing_of_the_groups_is_installed(install, groups, packages):
    done, asked = install(*groups)
    assert done.returncode == 0, done.stderr
    assert [line.split()[0] for line in asked] == ["update", "install",
                                                   "install"]
    assert re.fullmatch(rf"install -q --no-install-recommends -y .* {packages}",
                        asked[-1])


def test_a_package_of_two_groups_is_asked_for_once(install):
    _, asked = install("one", "two", INSTALLED="none")
    assert asked[-1].endswith(" alpha beta gamma")


def test_the_size_is_told_before_it_is_taken(install):
    done, asked = install("one")
    assert ("install-packages: 12 packages: 58.2 MB to download, 211 MB of "
            "disk\n") in done.stdout
    assert "--assume-no" in asked[1] and "--assume-no" not in asked[2]
    done, _ = install("one", GET="1,234 kB/58.2 MB")
    assert " 12 packages: 1,234 kB to download, " in done.stdout


def test_without_missing_packages_apt_is_not_asked(install):
    done, asked = install("one", INSTALLED="beta alpha")
    assert done.returncode == 0 and not asked and not done.stdout


def test_an_ordinary_user_gets_the_command(install):
    done, asked = install("two", ID="1000")
    assert done.returncode == 1 and not asked
    assert done.stderr.endswith(
        "apt-get install --no-install-recommends gamma\n")


def test_an_unknown_group_is_named(install):
    done, asked = install("one", "three")
    assert done.returncode == 1 and not asked
    assert "has no group three" in done.stderr


def test_a_group_is_not_found_by_its_beginning(install):
    done, asked = install("on")
    assert done.returncode == 1 and not asked
    assert "has no group on\n" in done.stderr


@pytest.mark.parametrize("step", ["update", "-y"])
def test_a_failure_of_apt_is_reported(install, step):
    done, _ = install("one", FAILS=step)
    assert done.returncode == 1 and "is the network up" in done.stderr
    assert "E: no such thing" in done.stderr


def groups():
    """{group: packages} of packages.txt"""
    found = {}
    for line in (REPOSITORY / "packages.txt").read_text().splitlines():
        if heading := re.match(r"([a-z]+): \S", line):
            packages = found[heading[1]] = []
        elif line and not line.startswith("#"):
            packages.append(line.split()[0])
    return found


def test_each_group_has_packages_each_once():
    for name, packages in groups().items():
        assert packages and len(packages) == len(set(packages)), name


def deps(*words):
    """The groups that "make deps WORDS" installs."""
    done = subprocess.run(["make", "-n", "deps", *words], cwd=REPOSITORY,
                          text=True, capture_output=True, timeout=60,
                          env={name: value for name, value
                               in os.environ.items()
                               if name not in ("MAKEFLAGS", "MAKELEVEL")})
    assert done.returncode == 0, done.stderr
    [line] = re.findall(r"^scripts/install-packages packages\.txt (.*)$",
                        done.stdout, re.M)
    return line.split()


def test_deps_alone_installs_all_groups():
    assert deps() == list(groups())


@pytest.mark.parametrize("words, found", [
    ("all", "build"), ("run", "build qemu kernel"),
    ("KERNEL=debian run", "build qemu"),
    ("KERNEL=README.md run-disk", "build qemu disk"),
    ("menuconfig", "kernel menuconfig"), ("lint", "build lint"),
    ("run-tiny", "build qemu kernel tiny"),
    ("check", "build qemu kernel menuconfig disk tiny tests"),
    ("check lint", "build qemu kernel menuconfig disk tiny tests lint"),
    ("bench", "build qemu kernel bench"), ("savekernelconfig", "kernel"),
    ("panic-demo", "build qemu kernel disk"), ("initrd-tiny", "build tiny"),
    ("check-faults", "build qemu kernel disk tests"), ("fuzz", "fuzz"),
    ("bench-quick", "build qemu kernel bench"), ("install", "build")])
def test_deps_installs_what_the_other_goals_need(words, found):
    assert deps(*words.split()) == found.split()


def test_with_an_unknown_goal_deps_installs_all():
    assert deps("run", "build/disk.img") == list(groups())

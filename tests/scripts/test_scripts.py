"""What each script does when it is not given what it wants."""

import os
import subprocess

import pytest

from conftest import REPOSITORY

SCRIPTS = sorted(path.name for path in (REPOSITORY / "scripts").iterdir()
                 if path.is_file())


def run(name, *arguments, **environment):
    return subprocess.run([REPOSITORY / "scripts" / name, *arguments],
                          text=True, capture_output=True, timeout=60,
                          stdin=subprocess.DEVNULL,
                          env={**os.environ, **environment})


@pytest.mark.parametrize("name", SCRIPTS)
def test_each_script_tells_its_usage(name):
    done = run(name, "-h")
    assert done.returncode == 0 and done.stdout.startswith("usage: " + name)


@pytest.mark.parametrize("name", [name for name in SCRIPTS
                                  if name not in ("kvm-works", "lint")])
def test_without_arguments_it_fails_with_its_usage(name):
    done = run(name)
    assert done.returncode == 2 and "usage: " + name in done.stderr


def test_a_symbol_that_did_not_take_is_named(tmp_path):
    (tmp_path / "got").write_text("CONFIG_A=y\n# CONFIG_B is not set\n"
                                  "CONFIG_C=y\nCONFIG_S=\"x\"\n")
    (tmp_path / "list").write_text("# why\nCONFIG_A=y\nCONFIG_B=y\n"
                                   "CONFIG_C=n\nCONFIG_D=n\nCONFIG_S=\"x\"\n")
    done = run("check-kernel-config", tmp_path / "got", tmp_path / "list")
    assert done.returncode == 1
    named = [line.split(":")[0] for line in done.stderr.splitlines()
             if line.startswith("CONFIG_")]
    assert named == ["CONFIG_B", "CONFIG_C"]


def test_unknown_kernel_sources_are_refused(tmp_path):
    (tmp_path / "sources").write_text("# none\n")
    (tmp_path / "omitted").write_text("# nothing\n")
    (tmp_path / "tarball").write_text("what is this\n")
    done = run("unpack-kernel", tmp_path / "sources", tmp_path / "omitted",
               tmp_path / "tarball", tmp_path / "tree")
    assert done.returncode == 1 and "KERNEL_SHA256=" in done.stderr
    assert not (tmp_path / "tree").exists()


def test_a_password_is_hashed_and_an_empty_one_is_none(tmp_path):
    (tmp_path / "shadow").write_text("root::1:0:::::\nnobody:*:1::::::\n")
    output = tmp_path / "out"
    run("make-shadow", tmp_path / "shadow", output, ROOT_PASSWORD="a$b c")
    root = output.read_text().splitlines()[0].split(":")
    _, kind, salt, _ = root[1].split("$")
    again = subprocess.run(["openssl", "passwd", "-6", "-salt", salt, "a$b c"],
                           text=True, capture_output=True, check=True).stdout
    assert kind == "6" and root[1] == again.strip() and root[2] == "1"
    assert output.stat().st_mode & 0o777 == 0o600
    run("make-shadow", tmp_path / "shadow", output, ROOT_PASSWORD="")
    assert output.read_text() == (tmp_path / "shadow").read_text()


@pytest.mark.parametrize("target", ["/bin/busybox", "../bin/busybox"])
def test_the_replaced_init_keeps_its_name_and_its_target(tmp_path, product,
                                                         target):
    (tmp_path / "sbin").mkdir()
    (tmp_path / "sbin/init").symlink_to(target)
    for _ in range(2):  # the second time ours is not taken for the old one
        done = run("install-init", product("INIT"), product("INITCTL"),
                   tmp_path / "sbin")
        assert done.returncode == 0, done.stderr
    kept = os.readlink(tmp_path / "sbin/init.old/init")
    place = os.path.normpath(os.path.join("/sbin/init.old", kept))
    assert place == "/bin/busybox"
    assert ((tmp_path / "sbin/init").read_bytes() ==
            product("INIT").read_bytes())


def installed(product, root, *variables):
    """The files below root after make install, by path."""
    assert product("INIT") and product("INITCTL")
    done = subprocess.run(
        ["make", "-C", REPOSITORY, "-o", "build/init", "-o", "build/initctl",
         "install", f"DESTDIR={root}", *variables],
        text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    return {str(path.relative_to(root)): path for path in root.rglob("*")
            if path.is_file()}


def test_install_brings_programs_manuals_and_examples(product, tmp_path):
    files = installed(product, tmp_path)
    assert {"usr/local/sbin/init", "usr/local/sbin/initctl"} <= set(files)
    assert ({name for name in files if "/sbin/" not in name} ==
            {"usr/local/share/man/man5/inittab.5",
             "usr/local/share/man/man8/init.8",
             "usr/local/share/man/man8/initctl.8"} |
            {f"usr/local/share/doc/kindling/examples/{path.name}"
             for path in (REPOSITORY / "doc/examples").iterdir()})
    page = files["usr/local/share/man/man8/init.8"]
    assert page.read_bytes() == (REPOSITORY / "doc/init.8").read_bytes()
    assert page.stat().st_mode & 0o777 == 0o644


def test_manuals_of_a_whole_system_are_below_usr(product, tmp_path):
    files = installed(product, tmp_path, "PREFIX=")
    assert {"sbin/init", "usr/share/man/man8/init.8"} <= set(files)


def test_a_directory_without_manuals_is_refused(tmp_path):
    (tmp_path / "doc").mkdir()
    done = run("install-manuals", tmp_path / "doc", tmp_path / "share")
    assert done.returncode == 1 and "no page in" in done.stderr
    assert not (tmp_path / "share").exists()


def test_qemu_is_not_started_without_a_kernel(tmp_path):
    done = run("run-qemu", tmp_path / "none", ACCEL="tcg")
    assert done.returncode == 1 and "make kernel" in done.stderr


def test_an_unknown_accelerator_is_refused(tmp_path):
    (tmp_path / "file").touch()
    done = run("run-qemu", tmp_path / "file", ACCEL="xen")
    assert done.returncode == 1 and "kvm or tcg" in done.stderr


def test_what_a_fuzzer_finds_is_named(tmp_path):
    fuzzer = tmp_path / "thing"
    fuzzer.write_text("#!/bin/sh\necho 'a.c:1: does not hold: x == y'\n"
                      "echo \"./; Test unit written to $0-crash-1\"\n"
                      "exit 77\n")
    fuzzer.chmod(0o755)
    done = run("run-fuzzer", fuzzer, "corpus/thing", "1", "")
    assert done.returncode == 1 and done.stdout == ""
    assert "a.c:1: does not hold: x == y" in done.stderr
    assert f"{fuzzer} {fuzzer}-crash-1\n" in done.stderr
    assert f"mv {fuzzer}-crash-1 corpus/thing/\n" in done.stderr


def test_a_fuzzer_gets_seconds_or_runs(tmp_path):
    fuzzer = tmp_path / "thing"
    fuzzer.write_text("#!/bin/sh\necho \"Done 7 runs in $* second(s)\"\n")
    fuzzer.chmod(0o755)
    done = run("run-fuzzer", fuzzer, "corpus/thing", "9", "")
    assert done.returncode == 0
    assert done.stdout.startswith(f"{fuzzer}: 7 runs in ")
    assert " -max_total_time=9 " in done.stdout
    assert f" {tmp_path}/corpus/thing corpus/thing s\n" in done.stdout
    done = run("run-fuzzer", fuzzer, "corpus/thing", "9", "100")
    assert " -runs=100 " in done.stdout and "time=9" not in done.stdout


@pytest.mark.parametrize("name", ["build-kernel", "build-busybox"])
def test_a_cache_that_a_build_cannot_take_is_refused(tmp_path, name):
    (tmp_path / "source").write_text("not unpacked\n")
    (tmp_path / "list").write_text("CONFIG_A=y\n")
    lists = {"build-kernel": ["list", "source", "my cache", "output", "list"],
             "build-busybox": ["list", "my cache", "output"]}[name]
    done = run(name, tmp_path / "source",
               *(tmp_path / word for word in lists))
    assert done.returncode == 1
    assert "my cache" in done.stderr and "has a space" in done.stderr
    assert "CACHE=" in done.stderr and not (tmp_path / "output").exists()


@pytest.mark.parametrize("path, good", [
    ("/home/a_b.c/d+e@f,g~h-i/\u00fc", True), ("/a b", False),
    ("/a:b", False), ("/a'b", False), ("/a\n", False), ("/a$b", False)])
def test_a_path_with_special_characters_is_refused(path, good):
    assert run("check-path", "/plain", path).returncode == (0 if good else 1)


def test_busybox_is_not_built_of_nothing(tmp_path):
    (tmp_path / "list").write_text("CONFIG_ASH=y\n")
    done = run("build-busybox", tmp_path / "none", tmp_path / "list",
               tmp_path / "cache", tmp_path / "busybox")
    assert done.returncode == 1 and "no source of busybox" in done.stderr
    assert not (tmp_path / "cache").exists()

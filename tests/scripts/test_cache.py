"""The cache of kernels and sources: its size, and how entries leave it."""

import fcntl
import os
import subprocess
import time

import pytest

from conftest import REPOSITORY

ENTRIES = ["linux-0123", "linux-image-cloud-amd64", "objects-0123",
           "kernel-0123", "busybox-0123", "source-busybox", "peers-0123"]
OLD = 31 * 24 * 3600  # s


@pytest.fixture
def cache(tmp_path):
    for name in [*ENTRIES, "of-the-user"]:
        (tmp_path / "cache" / name).mkdir(parents=True)
        (tmp_path / "cache" / name / "file").write_text("x" * 10000)
    (tmp_path / "cache/objects-0123.lock").touch()
    return tmp_path / "cache"


def clean(*words):
    return subprocess.run([REPOSITORY / "scripts/clean-cache", *words],
                          text=True, capture_output=True, timeout=60)


def names(cache):
    return {path.name for path in cache.iterdir()}


def test_help_tells_its_size_and_keeps_it(cache):
    done = subprocess.run(["make", "--no-print-directory", "help",
                           f"CACHE={cache}"], cwd=REPOSITORY, text=True,
                          capture_output=True, timeout=60)
    size = subprocess.run(["du", "-sh", cache], text=True, check=True,
                          capture_output=True).stdout.split()[0]
    assert done.stdout.splitlines()[-1] == f"The cache, {cache}: {size}"
    assert len(names(cache)) == 9
    assert clean("-n", cache / "none").stdout.endswith("/none: empty\n")


def test_all_of_ours_is_removed_and_no_other_file(cache):
    done = subprocess.run(["make", "clean-cache", f"CACHE={cache}"],
                          cwd=REPOSITORY, text=True, capture_output=True,
                          timeout=60)
    assert done.returncode == 0, done.stderr
    assert names(cache) == {"of-the-user", "objects-0123.lock"}


def test_only_what_was_not_used_for_long_goes_by_itself(cache):
    used = time.time() - OLD
    for name in ("linux-0123", "kernel-0123", "of-the-user"):
        os.utime(cache / name, (used, used))
    assert clean("-o", cache).returncode == 0
    assert names(cache) == {*ENTRIES, "of-the-user",
                            "objects-0123.lock"} - {"linux-0123", "kernel-0123"}


@pytest.mark.parametrize("option, status", [((), 1), (("-o",), 0)])
def test_during_a_build_nothing_goes(cache, option, status):
    os.utime(cache / "linux-0123", (0, 0))
    with open(cache / "objects-0123.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = clean(*option, cache)
    assert done.returncode == status and len(names(cache)) == 9
    assert ("is being built" in done.stderr) == bool(status)


def test_without_a_cache_there_is_nothing_to_do(tmp_path):
    assert clean(tmp_path / "none").returncode == 0

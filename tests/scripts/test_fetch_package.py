"""fetch-package and fetch-kernel, with apt's programs of the test's own: no
network is needed."""

import os
import subprocess

import pytest

from conftest import REPOSITORY

# Records the sources.list that it is given, and its arguments.
APT = """#!/bin/sh
[ "$1" != indextargets ] || {
	echo "http://example.org/debian/ $CODENAME main"
	echo "http://example.org/vendor/ stable main"
	exit 0
}
cp "$(sed -n 's/^Dir::Etc::sourcelist "\\(.*\\)";/\\1/p' "$APT_CONFIG")" \
	"$NOTES/sources"
echo "$@" >>"$NOTES/asked"
case $1 in
source) echo "$3" >"$3.dsc" ;;
download) cp "$NOTES/kernel.deb" "$2_1.deb" ;;
esac
[ "$1" != "${FAILS-}" ] || { echo "E: no such thing" >&2; exit 100; }
"""


# What a metapackage depends on, in the words of apt-cache.
CACHE = """#!/bin/sh
echo "$2"
[ "$2" = empty ] || echo "  Depends: $2-6.1.0-9"
echo "  Recommends: other"
"""


def make_deb(path, directory):
    """A package with a kernel, as Debian's, and a file beside it."""
    for name in ("boot/vmlinuz-6.1.0-9", "boot/config-6.1.0-9",
                 "boot/System.map-6.1.0-9", "lib/modules/x.ko"):
        (directory / name).parent.mkdir(parents=True, exist_ok=True)
        (directory / name).write_text(name)
    (directory / "DEBIAN").mkdir()
    (directory / "DEBIAN/control").write_text(
        "Package: thing\nVersion: 1\nArchitecture: all\n"
        "Maintainer: test <test@example.org>\nDescription: test\n")
    subprocess.run(["dpkg-deb", "-b", directory, path], check=True,
                   capture_output=True)


@pytest.fixture
def fetch(tmp_path):
    """fetch(FAILS=...): the outcome, with the directory of the package.

    script and words: what runs, and what it is given
    """
    tools = tmp_path / "tools"
    tools.mkdir()
    for name, text in (("apt-get", APT), ("apt-cache", CACHE)):
        (tools / name).write_text(text)
        (tools / name).chmod(0o755)
    make_deb(tmp_path / "kernel.deb", tmp_path / "deb")
    directory = tmp_path / "cache/thing"

    def run(script="fetch-package", words=("-s", "thing", directory),
            **environment):
        codename = subprocess.run(
            ["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"],
            text=True, capture_output=True, check=True).stdout.strip()
        return subprocess.run(
            [REPOSITORY / "scripts" / script, *words],
            text=True, capture_output=True, timeout=60,
            env={**os.environ, "PATH": f"{tools}:{os.environ['PATH']}",
                 "NOTES": str(tmp_path), "CODENAME": codename,
                 **environment})

    run.directory = directory
    run.notes = tmp_path
    return run


def test_it_asks_debian_and_no_other_vendor(fetch):
    done = fetch()
    assert done.returncode == 0, done.stderr
    sources = (fetch.notes / "sources").read_text()
    assert sources.startswith("deb-src [signed-by=/usr/share/keyrings/debian-")
    assert "example.org/debian/" in sources and "vendor" not in sources


def test_only_the_source_is_left(fetch):
    assert fetch().returncode == 0
    assert [path.name for path in fetch.directory.iterdir()] == ["thing.dsc"]
    assert list(fetch.directory.parent.iterdir()) == [fetch.directory]


def test_what_is_there_is_not_fetched_again(fetch):
    assert fetch().returncode == 0
    (fetch.notes / "asked").unlink()
    assert fetch().returncode == 0
    assert not (fetch.notes / "asked").exists()


@pytest.mark.parametrize("step", ["update", "source"])
def test_a_failure_is_reported_and_leaves_nothing(fetch, step):
    done = fetch(FAILS=step)
    assert done.returncode == 1 and "is the network up" in done.stderr
    assert "E: no such thing" in done.stderr
    assert not list(fetch.directory.parent.iterdir())


def test_a_system_without_debian_is_refused(fetch):
    done = fetch(CODENAME="other")
    assert done.returncode == 1 and "no line for Debian's" in done.stderr


def test_a_package_is_fetched_from_the_same_places(fetch):
    done = fetch(words=("thing", fetch.directory))
    assert done.returncode == 0, done.stderr
    assert (fetch.notes / "sources").read_text().startswith("deb [signed-by=")
    assert [path.name for path in fetch.directory.iterdir()] == ["thing_1.deb"]
    (fetch.notes / "asked").unlink()
    assert fetch(words=("thing", fetch.directory)).returncode == 0
    assert not (fetch.notes / "asked").exists()


def test_of_a_metapackage_comes_what_it_depends_on(fetch):
    done = fetch(words=("-d", "thing", fetch.directory))
    assert done.returncode == 0, done.stderr
    assert [path.name for path in fetch.directory.iterdir()] == [
        "thing-6.1.0-9_1.deb"]
    assert "fetch-package: fetching thing-6.1.0-9\n" in done.stdout


def test_a_metapackage_of_nothing_is_refused(fetch):
    done = fetch(words=("-d", "empty", fetch.directory))
    assert done.returncode == 1 and "depends on no package" in done.stderr
    assert not fetch.directory.exists()


@pytest.fixture
def fetch_kernel(fetch):
    """fetch_kernel(NAME=VALUE...): the outcome; output is the kernel."""
    def run(**environment):
        return fetch("fetch-kernel", ("thing", fetch.directory.parent,
                                      run.output), **environment)

    run.output = fetch.notes / "build/bzImage"
    run.cache = fetch.directory.parent
    run.notes = fetch.notes
    return run


def test_a_kernel_of_debian_and_its_configuration(fetch_kernel):
    done = fetch_kernel()
    assert done.returncode == 0, done.stderr
    output = fetch_kernel.output
    assert output.read_text() == "boot/vmlinuz-6.1.0-9"
    assert (output.with_name("bzImage.config").read_text() ==
            "boot/config-6.1.0-9")
    assert {path.name for path in output.parent.iterdir()} == {
        "bzImage", "bzImage.config"}
    assert [path.name for path in fetch_kernel.cache.iterdir()] == ["thing"]
    assert {path.name for path in (fetch_kernel.cache / "thing").iterdir()} == {
        "bzImage", "config"}


def test_a_kernel_of_the_cache_needs_no_network(fetch_kernel):
    assert fetch_kernel().returncode == 0
    (fetch_kernel.notes / "asked").unlink()
    fetch_kernel.output.unlink()
    old = [fetch_kernel.cache / name for name in ("thing", "kernel-0123")]
    old[1].mkdir()
    for path in old:
        os.utime(path, (0, 0))
    assert fetch_kernel(FAILS="update").returncode == 0
    assert old[0].stat().st_mtime > 0 and not old[1].exists()
    assert fetch_kernel.output.exists()
    assert not (fetch_kernel.notes / "asked").exists()


def test_without_the_package_there_is_no_kernel(fetch_kernel):
    done = fetch_kernel(FAILS="download")
    assert done.returncode == 1 and "is the network up" in done.stderr
    assert not fetch_kernel.output.exists()
    assert not list(fetch_kernel.cache.iterdir())

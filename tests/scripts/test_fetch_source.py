"""fetch-source, with an apt-get of the test's own: no network is needed."""

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
[ "$1" = update ] || echo "$3" >"$3.dsc"
[ "$1" != "${FAILS-}" ] || { echo "E: no such thing" >&2; exit 100; }
"""


@pytest.fixture
def fetch(tmp_path):
    """fetch(FAILS=...): the outcome, with the directory of the source."""
    tools = tmp_path / "tools"
    tools.mkdir()
    (tools / "apt-get").write_text(APT)
    (tools / "apt-get").chmod(0o755)
    directory = tmp_path / "cache/thing"

    def run(**environment):
        codename = subprocess.run(
            ["sh", "-c", ". /etc/os-release; echo $VERSION_CODENAME"],
            text=True, capture_output=True, check=True).stdout.strip()
        return subprocess.run(
            [REPOSITORY / "scripts/fetch-source", "thing", directory],
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

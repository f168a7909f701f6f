"""The inittabs of real systems under both inits, and the findings of "initctl
check" in them.

Every command, shells included, is the recorder, so nothing that those systems
do is done here. Both inits must start the same processes in the same way.
"""

import re
import signal
import subprocess

import pytest

import generate
import pair
from common import GO_DOWN
from harness.container import STOPPED
from tables import HERE

DIRECTORY = HERE / "inittabs"
NAMES = sorted(path.name for path in DIRECTORY.iterdir()
               if path.name not in ("README", "findings"))

# It has no entry: under busybox there is no shell, under kindling there are.
WITHOUT_ENTRY = "uclinux"


def text_of(name):
    return (DIRECTORY / name).read_text()


def with_paths(text):
    """Commands without a slash are busybox's own applets for busybox init."""
    return re.sub(r"(?m)^([^#:\n]*:[^:\n]*:[a-z]+:-?)(?=[a-z])", r"\1/bin/",
                  text)


def commands(text):
    """Every path that stands in it."""
    return set(re.findall(r"(?<![\w.])(/(?:\w[-.\w]*/)*[-.\w]+)", text))


def terminals(text):
    """The ttys that the machine has: all that look like one."""
    named = {re.sub("^/dev/", "", line.split(":")[0])
             for line in text.splitlines()}
    return sorted(name for name in named
                  if re.fullmatch(r"tty(S|AMA|USB)?\d+|hvc\d+", name))


@pytest.fixture(scope="module")
def programs(tmp_path_factory, recorder):
    """bin, sbin and usr with all commands of all systems, each the recorder."""
    directory = tmp_path_factory.mktemp("programs")
    for name in ("bin", "sbin", "usr/bin", "usr/sbin"):
        (directory / name).mkdir(parents=True)
    texts = [with_paths(text_of(name)) for name in NAMES]
    for path in {"/bin/sh"}.union(*map(commands, texts)):
        if path.startswith(("/bin/", "/sbin/", "/usr/")):
            program = directory / path[1:]
            program.parent.mkdir(parents=True, exist_ok=True)
            program.write_bytes(recorder)
            program.chmod(0o755)
    return directory


def live(box):
    """Boot, Enter everywhere, Ctrl-Alt-Del, and a poweroff."""
    box.wait_settled()
    for tty in [box.console, *box.ttys.values()]:
        tty.send("\n")
    box.wait_settled()
    box.signal(signal.SIGINT)
    box.wait_later()
    box.signal(signal.SIGUSR2)
    box.wait_end(2 * GO_DOWN)


@pytest.mark.parametrize("name", NAMES)
def test_a_system_is_started_the_same(request, both, programs, recorder, name):
    text = with_paths(text_of(name))
    paths = commands(text)
    files = {path: recorder for path in paths
             if re.match("/(etc|opt|root|var|lib)/", path)
             and path != "/etc/inittab"
             and not any(other.startswith(f"{path}/") for other in paths)}
    made = both(text, live, userland=programs, files=files,
                ttys=terminals(text))
    seen = [pair.without_races(as_written(pair.first_starts(box.facts)),
                               generate.crowded([text]) | {"console"})
            for box in (made.ours, made.busybox)]
    assert seen[0]["end"] == seen[1]["end"] == STOPPED
    differing = [aspect for aspect in pair.differences(*seen)
                 if not re.search("INIT_REASON$|can't open ", aspect)]
    if name == WITHOUT_ENTRY:
        assert [box["prompts on console"] > 0 for box in seen] == [True, False]
    else:
        assert not differing, made.show()


def as_written(facts):
    """The facts as if nobody put "exec " before a command for the shell."""
    found = {}
    for name, value in facts.items():
        if name.endswith(" argv"):
            value = [word.removeprefix("exec ") for word in value]
        found[re.sub("(?<=-c )exec ", "", name)] = value
    found["order"] = [name.replace("-c exec ", "-c ", 1)
                      for name in facts["order"]]
    return found


def test_what_initctl_says_of_them(product):
    """The file findings has the expected output: look at each change of it."""
    done = subprocess.run([product("INITCTL"), "check", *NAMES], cwd=DIRECTORY,
                          text=True, capture_output=True, timeout=60)
    assert done.returncode == 1 and not done.stderr
    lines = [line for line in done.stdout.splitlines()
             if re.match(r"[-\w]+:\d+:\d+: ", line)]
    assert lines == (DIRECTORY / "findings").read_text().splitlines()

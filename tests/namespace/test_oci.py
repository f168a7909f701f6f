"""Under an OCI runtime, in a container made of our image: what tini is for."""

import gzip
import json
import os
import pty
import signal
import subprocess
import uuid

import pytest

from harness import wait
from harness.console import Console
from harness.shell import BOOT, PROMPT, Shell

KILLED = ("TERM", 128 + signal.SIGTERM), ("QUIT", 128 + signal.SIGQUIT)


@pytest.fixture(scope="module")
def root(product, tmp_path_factory):
    """The image as a directory. The runtime makes the device nodes."""
    directory = tmp_path_factory.mktemp("root")
    with gzip.open(product("INITRD")) as archive:
        subprocess.run(["cpio", "-id", "--quiet"], cwd=directory, check=True,
                       input=archive.read())
    return directory


class Bundle:
    """A container that runs words; close() ends it."""

    def __init__(self, directory, root, terminal=False, **process):
        self.name = f"kindling-{uuid.uuid4()}"
        self._directory = directory
        subprocess.run(["runc", "spec"], cwd=directory, check=True)
        file = directory / "config.json"
        config = json.loads(file.read_text())
        config["root"] = {"path": str(root), "readonly": True}
        config["process"].update(terminal=terminal, **process)
        file.write_text(json.dumps(config))

    def command(self):
        return ["runc", "run", self.name]

    def run(self):
        return subprocess.run(self.command(), cwd=self._directory, timeout=60,
                              capture_output=True, text=True,
                              stdin=subprocess.DEVNULL)

    def start(self, **options):
        return subprocess.Popen(self.command(), cwd=self._directory, **options)

    def kill(self, name):
        subprocess.run(["runc", "kill", self.name, name], check=True)

    def close(self):
        subprocess.run(["runc", "delete", "-f", self.name],
                       stderr=subprocess.DEVNULL, check=False)


@pytest.fixture
def bundle(root, tmp_path):
    made = []

    def make(*words, **options):
        made.append(Bundle(tmp_path, root, args=["/sbin/init", "--", *words],
                           **options))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.mark.parametrize("command, status", [
    ("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)])
def test_the_status_is_the_commands(bundle, command, status):
    done = bundle("sh", "-c", command).run()
    assert (done.returncode, done.stdout, done.stderr) == (status, "", "")


def test_what_is_not_there(bundle):
    done = bundle("no-such").run()
    assert done.returncode == 127
    assert "can't run no-such: No such file or directory" in done.stderr


@pytest.mark.parametrize("name, status", KILLED)
def test_a_stop_ends_it_at_once(bundle, name, status):
    box = bundle("cat")  # busybox's sh would ignore a QUIT until its exec
    with box.start(stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
                   ) as process:
        process.stdin.write("up\n")
        process.stdin.flush()
        assert process.stdout.readline() == "up\n"
        box.kill(name)
        assert process.wait(30) == status


def test_orphans_are_reaped(bundle):
    done = bundle("sh", "-c", "for i in 1 2 3 4 5; do (sleep 0.1 & ) ; done;"
                  "sleep 1; ps -o stat,args | grep -c '^Z'").run()
    assert done.stdout == "0\n"


def test_a_shell_has_job_control_and_ctrl_c(bundle):
    """As docker run -it: the terminal is init's, and the job's group has it."""
    master, slave = pty.openpty()
    box = bundle("sh", terminal=True, env=["PATH=/bin:/sbin", "TERM=vt100"])
    process = box.start(stdin=slave, stdout=slave, stderr=slave,
                        start_new_session=True)
    os.close(slave)
    console = Console(master, "console")
    try:
        shell = Shell(console)
        shell.expect(PROMPT, BOOT)
        assert "job control turned off" not in console.text()
        shell.start_job()
        shell.interrupt()
        shell.send("exit 9\n")
        wait.until(lambda: process.poll() is not None, "the end",
                   console.show, seconds=BOOT)
        assert process.returncode == 9
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        console.close()

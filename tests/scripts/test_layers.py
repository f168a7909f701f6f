"""Layers: an include that the architecture forbids is refused, by the compiler
where the include path can tell, else by check-layers."""

import pathlib
import shutil
import subprocess

import pytest

REPOSITORY = pathlib.Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path):
    """A copy of the sources, and of what was built of them; tree(FILE, TEXT)
    adds a file, or text at the end of one that is there."""
    for name in ("Makefile", "init", "initctl", "scripts", "build/obj",
                 "build/generated"):
        source = REPOSITORY / name
        if source.is_dir():
            shutil.copytree(source, tmp_path / name)
        else:
            shutil.copy2(source, tmp_path / name)

    def add(file, text):
        with open(tmp_path / file, "a", encoding="ascii") as stray:
            stray.write(text)
        return tmp_path

    return add


def make(top, *targets):
    return subprocess.run(["make", *targets], cwd=top, text=True,
                          capture_output=True, check=False)


@pytest.mark.parametrize("directory, header", [
    ("init/core", "log.h"), ("init/core", "state.h"), ("init/core", "boot.h"),
    ("init/sys", "state.h"), ("init/sys", "record_events.h"),
    ("init/shared", "log.h"), ("init/shared", "boot.h"),
    ("initctl/lint", "state.h"), ("initctl/lint", "snapshot.h"),
    ("initctl", "log.h"), ("initctl", "reexec.h"),
    ("init", "snapshot.h"),
])
def test_the_compiler_finds_no_header_of_another_layer(tree, directory,
                                                       header):
    top = tree(f"{directory}/stray.c", f'#include "{header}"\n')
    done = make(top, f"build/obj/{directory}/stray.o")
    assert done.returncode != 0
    assert f"{header}: No such file" in done.stderr


@pytest.mark.parametrize("file, text, complaint", [
    ("init/sys/stray.c", '#include "plan.h"\nint stray = PHASE_RUN;\n',
     "stray.o includes init/core/plan.h"),
    ("init/sys/stray.c", '#include "mount.h"\n#include "tty.h"\n',
     "stray.o includes init/sys/mount.h"),
    ("init/stray.c", '#define _GNU_SOURCE\n#include "recover.h"\n',
     "stray.o includes init/recover.h, which is for main.c alone"),
    ("init/core/respawn.c", '#include "plan_internal.h"\n'
     "int64_t stray(int64_t now);\n"
     "int64_t stray(int64_t now) { return deadline_after(0, now); }\n",
     "files of init/core call each other in a cycle"),
    ("init/shared/stray.h", "struct stray { struct plan plan; };\n",
     "init/shared/stray.h does not compile on its own"),
])
def test_check_layers_refuses(tree, file, text, complaint):
    done = make(tree(file, text), "check-layers")
    assert done.returncode != 0
    assert complaint in done.stderr

"""The version of the state is a hash of its layout, and of nothing else."""

import re
import shutil
import subprocess

import pytest

from conftest import REPOSITORY


@pytest.fixture
def version(tmp_path):
    """version(FILE, OLD, NEW): of the headers, with OLD replaced there."""
    for layer in ("core", "shared"):
        shutil.copytree(REPOSITORY / "init" / layer, tmp_path / layer)

    def of(file=None, old="", new=""):
        if file:
            text = (tmp_path / file).read_text(encoding="ascii")
            assert text.count(old) == 1, f"{file}: {old}"
            (tmp_path / file).write_text(text.replace(old, new))
        done = subprocess.run(
            [REPOSITORY / "scripts/state-version", "gcc", "shared/state.h",
             "-iquote", "core", "-iquote", "shared"],
            cwd=tmp_path, text=True, capture_output=True, check=False)
        assert done.returncode == 0, done.stderr
        return re.search(r"STATE_VERSION (0x[0-9a-f]{8})u\n", done.stdout)[1]

    return of


@pytest.mark.parametrize("file, old, new", [
    # a field has another name; two fields of one size change places
    ("core/table.h", "\tuint32_t starts;\n", "\tuint32_t born;\n"),
    ("core/types.h", "\tuint32_t tty;	  /* name below /dev; \"\" is the "
     "console */\n\tuint32_t command; /* never empty */\n",
     "\tuint32_t command;\n\tuint32_t tty;\n"),
    # a value of an enumeration, a size, a type
    ("core/plan.h", "\tPHASE_JOB,\n\tPHASE_ONCE,\n",
     "\tPHASE_ONCE,\n\tPHASE_JOB,\n"),
    ("core/plan.h", "#define PLAN_MAX_HUNG 16", "#define PLAN_MAX_HUNG 17"),
    ("shared/state.h", "\tbool unreaped;", "\tint unreaped;"),
])
def test_another_layout_is_another_version(version, file, old, new):
    assert version() != version(file, old, new)


@pytest.mark.parametrize("file, old, new", [
    ("shared/state.h", "struct mailboxes {\n",
     "/* a comment */\nstruct mailboxes { /* and another */\n"),
    ("core/plan.h", "const char *plan_phase_name(enum phase phase);",
     "const char *plan_phase_name(enum phase);\nint another(struct plan *p);"),
    ("core/plan.h", "#define PLAN_GRACE 10000", "#define PLAN_GRACE 9000"),
])
def test_what_is_no_layout_leaves_the_version(version, file, old, new):
    assert version() == version(file, old, new)

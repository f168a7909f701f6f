"""build-kernel and unpack-kernel, with sources whose build takes no time."""

import hashlib
import os
import re
import subprocess
import tarfile

import pytest

from conftest import REPOSITORY

# What build-kernel needs of kbuild: configurations, a dry run that prints its
# commands, and lines about what is made.
MAKEFILE = """\
MAKEFLAGS += --no-print-directory
ifneq ($(O),)
tinyconfig olddefconfig prepare bzImage:
	+@mkdir -p $(O)
	+@$(MAKE) -C $(O) -f $(CURDIR)/Makefile O= TREE=$(CURDIR) $@
else
tinyconfig: ; echo CONFIG_TINY=y >.config
olddefconfig: ; cp .config .config.new && mv .config.new .config
prepare: ; @echo '  CC      prepared.o'
bzImage: arch/x86/boot/bzImage
arch/x86/boot/bzImage: one.o two.o
	@mkdir -p $(@D)
	cat $^ >$@
	cp /bin/true vmlinux
	touch System.map
%.o: $(TREE)/%.c
	@echo '  CC      $@'
	cp $< $@
endif
"""
FILES = {"Makefile": MAKEFILE, "one.c": "1", "two.c": "2",
         "drivers/gpu/drm/card.c": "card", "drivers/gpu/drm/Kconfig": "k",
         "drivers/gpu/drm/x/deep.h": "deep", "drivers/gpu/other.c": "other",
         "include/drivers/gpu/drm/api.h": "for others",
         "arch/arm/boot/x.dts": "board", "Documentation/a/b.rst": "text"}
OMITTED = ("# comment\ndrivers/gpu/drm/*.[chS]\tDRM\narch/*/*.dts\t-\n"
           "Documentation/*/*\t-\n")


class Kernel:
    """Sources, lists and a cache in a directory."""

    def __init__(self, directory):
        self.directory, self.cache = directory, directory / "cache"
        self.tarball = directory / "linux.tar.xz"
        self.pack(FILES)
        self.write("omitted", OMITTED)
        self.write("list", "CONFIG_A=y\n")

    def pack(self, files):
        tree = self.directory / "linux-6"
        for name, text in files.items():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).write_text(text)
        with tarfile.open(self.tarball, "w:xz") as tar:
            tar.add(tree, tree.name)
        sha256 = hashlib.sha256(self.tarball.read_bytes()).hexdigest()
        self.write("sources", f"6\t{sha256}\ttest\n")

    def write(self, name, text):
        (self.directory / name).write_text(text)

    def run(self, script, *words):
        return subprocess.run(
            [REPOSITORY / "scripts" / script,
             *(str(self.directory / word) for word in words)],
            text=True, capture_output=True, timeout=60)

    def build(self):
        return self.run("build-kernel", "sources", "omitted", "linux.tar.xz",
                        "cache", "bzImage", "list")

    def unpack(self, *config):
        return self.run("unpack-kernel", "sources", "omitted", "linux.tar.xz",
                        "tree", *config)

    def tree(self):
        """The files that have been unpacked."""
        top = self.directory / "tree"
        return {str(path.relative_to(top)) for path in top.rglob("*")
                if path.is_file() and path.name != ".omitted"}


@pytest.fixture
def kernel(tmp_path):
    return Kernel(tmp_path)


CODE = {"drivers/gpu/drm/card.c", "drivers/gpu/drm/x/deep.h"}
NEVER = {"arch/arm/boot/x.dts", "Documentation/a/b.rst"}


def test_parts_that_no_symbol_needs_are_left_out(kernel):
    assert kernel.unpack().returncode == 0
    assert kernel.tree() == set(FILES) - CODE - NEVER


@pytest.mark.parametrize("value", ["y", "m"])
def test_a_part_comes_with_its_symbol(kernel, value):
    kernel.write("config", f"# CONFIG_X is not set\nCONFIG_DRM={value}\n")
    assert kernel.unpack().returncode == 0
    assert kernel.unpack("config").returncode == 0
    assert kernel.tree() == set(FILES) - NEVER
    assert "drm" not in (kernel.directory / "tree/.omitted").read_text()
    done = kernel.unpack("config")
    assert done.returncode == 0 and not done.stdout  # nothing more to do


@pytest.mark.parametrize("line", ["# CONFIG_DRM is not set", "CONFIG_DRM_X=y",
                                  "CONFIG_DRM=n", ""])
def test_other_symbols_bring_nothing(kernel, line):
    kernel.write("config", line + "\n")
    assert kernel.unpack("config").returncode == 0
    assert kernel.tree() == set(FILES) - CODE - NEVER


def test_sources_of_another_sum_are_refused(kernel):
    kernel.write("sources", f"6\t{'0' * 64}\ttest\n")
    done = kernel.unpack()
    assert done.returncode == 1 and "unknown kernel sources" in done.stderr
    assert not kernel.directory.joinpath("tree").exists()


def test_what_a_later_list_does_not_omit_is_unpacked(kernel):
    assert kernel.unpack().returncode == 0
    kernel.write("omitted", "Documentation/*/*\t-\n")
    assert kernel.unpack().returncode == 0
    assert kernel.tree() == set(FILES) - {"Documentation/a/b.rst"}


def test_sources_that_were_unpacked_whole_stay(kernel):
    tree = kernel.directory / "tree"
    tree.mkdir()
    (tree / "file").write_text("kept")
    kernel.write("config", "CONFIG_DRM=y\n")
    assert kernel.unpack("config").returncode == 0
    assert kernel.tree() == {"file"}


def test_each_step_of_a_build_is_told(kernel):
    done = kernel.build()
    assert done.returncode == 0, done.stderr
    said = re.sub(r"\d+ s", "N s", done.stdout).splitlines()
    assert said[0].startswith("kernel: the first build takes ")
    assert said[1:] == [
        "kernel: unpacking the sources", "kernel: make tinyconfig",
        "kernel: make olddefconfig", "kernel: prepare [1] N s, done",
        "kernel: counting the files to make", "kernel: bzImage [2/2] N s, done",
        f"kernel: {kernel.directory}/bzImage from "
        f"{next(kernel.cache.glob('kernel-*'))}"]


def test_a_build_leaves_the_kernel_and_its_configuration(kernel):
    assert kernel.build().returncode == 0
    assert (kernel.directory / "bzImage").read_text() == "12"
    assert (kernel.directory / "bzImage.config").read_text() == (
        "CONFIG_TINY=y\nCONFIG_A=y\n")
    assert (kernel.directory / "bzImage.elf").read_bytes()[:4] == b"\x7fELF"


def test_a_kernel_of_the_cache_is_copied_without_a_word_too_many(kernel):
    assert kernel.build().returncode == 0
    (kernel.directory / "bzImage").unlink()
    [kept] = kernel.cache.glob("kernel-*")
    os.utime(kept, (0, 0))
    done = kernel.build()
    assert done.returncode == 0 and done.stdout.count("\n") == 1
    assert (kernel.directory / "bzImage").read_text() == "12"
    assert kept.is_dir() and kept.stat().st_mtime > 0  # used, so not old


def test_what_was_not_used_for_long_leaves_the_cache(kernel):
    old = kernel.cache / "kernel-of-another-config"
    old.mkdir(parents=True)
    os.utime(old, (0, 0))
    assert kernel.build().returncode == 0
    assert not old.exists()


def test_a_build_unpacks_what_its_symbols_need(kernel):
    kernel.write("list", "CONFIG_DRM=y\n")
    assert kernel.build().returncode == 0
    [tree] = kernel.cache.glob("linux-*")
    assert all((tree / name).exists() for name in CODE)


def test_sources_and_objects_of_a_build_are_not_old(kernel):
    """Else they would leave the cache at its end."""
    assert kernel.build().returncode == 0
    used = [*kernel.cache.glob("linux-*"), *kernel.cache.glob("objects-*[!k]")]
    for path in used:
        os.utime(path, (0, 0))
    kernel.write("list", "CONFIG_B=y\n")
    assert kernel.build().returncode == 0
    assert len(used) == 2 and all(path.is_dir() for path in used)


def test_another_list_makes_another_kernel_but_a_comment_does_not(kernel):
    assert kernel.build().returncode == 0
    kernel.write("list", "# why\nCONFIG_A=y\n")
    assert kernel.build().stdout.count("\n") == 1
    kernel.write("list", "CONFIG_B=y\n")
    done = kernel.build()
    assert done.returncode == 0 and "the first build" not in done.stdout
    assert (kernel.directory / "bzImage.config").read_text() == (
        "CONFIG_TINY=y\nCONFIG_B=y\n")


def test_a_symbol_that_does_not_take_fails_the_build(kernel):
    kernel.pack({"Makefile": MAKEFILE.replace(
        "cp .config .config.new", "grep -v CONFIG_A .config >.config.new")})
    done = kernel.build()
    assert done.returncode == 1 and "CONFIG_A: wanted y" in done.stderr
    assert not (kernel.directory / "bzImage").exists()


def test_others_may_read_the_tree(kernel):
    assert kernel.unpack().returncode == 0
    assert (kernel.directory / "tree").stat().st_mode & 0o777 == 0o755


def test_a_build_that_fails_shows_its_log(kernel):
    kernel.pack({"Makefile": MAKEFILE.replace("cp /bin/true vmlinux",
                                              "echo broken; false")})
    done = kernel.build()
    assert done.returncode == 1 and "broken\n" in done.stderr
    assert "make bzImage failed; the log is " in done.stderr
    assert not (kernel.directory / "bzImage").exists()

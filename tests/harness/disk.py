"""Disk images: made, and looked at when their machine has ended.

A filesystem is named by its image, or, on the partition that make-disk made,
by root_of(image), which is what the e2fsprogs understand.
"""

import os
import pathlib
import subprocess

ROOTFS = pathlib.Path(__file__).resolve().parents[2] / "rootfs"
SCRIPTS = ROOTFS.parent / "scripts"
OFFSET = 2048 * 512  # of make-disk's partition
# The tools live where an ordinary user's PATH does not look.
TOOLS = {**os.environ, "LC_ALL": "C",
         "PATH": os.environ["PATH"] + ":/usr/sbin:/sbin"}


def run(*words, check=True, **options):
    done = subprocess.run(words, capture_output=True, env=TOOLS,
                          stdin=subprocess.DEVNULL, timeout=60, **options)
    assert not check or done.returncode == 0, (
        f"{words}: status {done.returncode}\n{done.stdout.decode()}\n"
        f"{done.stderr.decode()}")
    return done


def make_root(image, busybox, init, files, removed=(), size="48M"):
    """A bootable disk: rootfs/, with files laid over it.

    files: {path: text or bytes}, each executable; removed: names taken out.
    """
    sources = image.parent / f"{image.name}.files"
    sources.mkdir()
    add = [f"/sbin/init={init}"]
    for number, (path, data) in enumerate(files.items()):
        source = sources / str(number)
        source.write_bytes(data if isinstance(data, bytes) else data.encode())
        source.chmod(0o755)
        add.append(f"{path}={source}")
    listed = run(SCRIPTS / "list-rootfs", ROOTFS, busybox,
                 *(word for pair in add for word in ("--add", pair))).stdout
    gone = {os.fsencode(path) for path in removed}
    lines = [line for line in listed.splitlines(keepends=True)
             if line.split(b"\t")[1] not in gone]
    (sources / "list").write_bytes(b"".join(lines))
    run(SCRIPTS / "make-disk", sources / "list", image, "-s", size)
    return image


def make_ext3(image, size="8M", contents=None):
    """A filesystem on a whole disk; contents: {name in its root: a file}."""
    make_empty(image, size)
    run("mke2fs", "-q", "-F", "-t", "ext3", "-b", "1024", "-J", "size=1",
        image)
    for name, source in (contents or {}).items():
        run("debugfs", "-w", "-R", f'write "{source}" {name}', image)
    return image


def make_empty(image, size="8M"):
    run("truncate", "-s", size, image)
    return image


def root_of(image):
    """The filesystem of a disk of make_root()."""
    return f"{image}?offset={OFFSET}"


def copy(image, output):
    run("cp", "--sparse=always", image, output)
    return output


def journal_needs_recovery(filesystem):
    """Was it left as by a power cut?"""
    text = run("dumpe2fs", "-h", filesystem).stdout.decode()
    features = [line for line in text.splitlines()
                if line.startswith("Filesystem features:")]
    assert features, text
    return "needs_recovery" in features[0].split()


def fsck(filesystem):
    """(status, text) of a check that changes nothing; 0: nothing to do."""
    done = run("e2fsck", "-fn", filesystem, check=False)
    return done.returncode, (done.stdout + done.stderr).decode()


def complaints(filesystem):
    """Why it is not as an orderly unmount leaves it; "" when it is."""
    status, text = fsck(filesystem)
    if status:
        return f"e2fsck -fn: status {status}\n{text}"
    if journal_needs_recovery(filesystem):
        return f"needs_recovery, and else nothing to repair\n{text}"
    return ""


def exists(filesystem, path):
    done = run("debugfs", "-R", f'stat "{path}"', filesystem)
    return b"File not found" not in done.stderr


def read(filesystem, path):
    """A file's bytes."""
    assert exists(filesystem, path), f"no {path} in {filesystem}"
    return run("debugfs", "-R", f'cat "{path}"', filesystem).stdout


def extract(filesystem, path, output):
    """Copies a file out, such as an image that was mounted in the guest."""
    run("debugfs", "-R", f'dump "{path}" "{output}"', filesystem)
    assert output.is_file(), f"{path} is not in {filesystem}"
    return output

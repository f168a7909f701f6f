"""The inits that are compared: their files, and each one's own configuration
for the same things: one start script, one getty, one service."""

import dataclasses
import pathlib
import re
import subprocess

from guest import REPOSITORY, Link

LIBRARIES = "/lib/x86_64-linux-gnu"
LOADER = "/lib64/ld-linux-x86-64.so.2"
SHELL = "#!/bin/sh\nPATH=/sbin:/bin:/usr/sbin:/usr/bin\n"


@dataclasses.dataclass
class Peer:
    """An init.

    files      {path in the guest: file here, or Link}; /sbin/init is PID 1
    configure  a function: {path: text} for a guest.Setup
    """

    name: str
    version: str
    files: dict
    configure: callable
    poweroff: str = "/sbin/poweroff"
    reboot: str = "/sbin/reboot"
    inittab: bool = False  # it reads busybox's

    def sizes(self):
        """Bytes of PID 1, of its libraries, of what it runs besides."""
        init = self.files["/sbin/init"]
        if isinstance(init, Link):
            init = self.files.get(init.target, pathlib.Path("/bin/busybox"))
        parts = {"init": init.stat().st_size, "libraries": 0, "helpers": 0}
        for path, file in self.files.items():
            if isinstance(file, Link) or file == init:
                continue
            kind = "libraries" if ".so" in path else "helpers"
            parts[kind] += file.stat().st_size
        return parts


def needed(file):
    text = subprocess.run(["readelf", "-d", file], check=True,
                          capture_output=True, text=True).stdout
    return re.findall(r"\(NEEDED\).*\[(.*)\]", text)


def libraries(files, directories):
    """{path in the guest: file}: all that these programs are linked with."""
    found, left = {}, [file for file in files if not isinstance(file, Link)]
    while left:
        for name in needed(left.pop()):
            path = f"{LIBRARIES}/{name}"
            if path in found or name.startswith("ld-linux"):
                continue
            found[path] = next(directory / name for directory in directories
                               if (directory / name).exists())
            left.append(found[path])
    if found:
        found[LOADER] = pathlib.Path(LOADER)
    return found


def busybox_inittab(setup):
    """The same file for busybox and for ours."""
    lines = [f"::sysinit:{setup.start}"]
    lines += [f"::once:{command}" for command in setup.once_commands()]
    lines += [f"ttyS0::respawn:{setup.getty}"]
    lines += [f"::respawn:{command}" for _, command in setup.services]
    lines += ["::ctrlaltdel:/sbin/reboot"]
    lines += [f"::shutdown:{command}" for command in setup.hooks]
    return {"/etc/inittab": "\n".join(lines) + "\n"}


def sysvinit_files(setup):
    """The shutdown is what Debian's sendsigs, umount and halt do, in short."""
    lines = ["id:2:initdefault:", f"si::sysinit:{setup.start}"]
    lines += [f"{number:04x}:2:once:{command}"
              for number, command in enumerate(setup.once_commands(), 4096)]
    lines += [f"T0:2:respawn:{setup.getty}"]
    lines += [f"s{number}:2:respawn:{command}"
              for number, (_, command) in enumerate(setup.services)]
    lines += ["ca:12345:ctrlaltdel:/sbin/shutdown -r now",
              "l0:0:wait:/etc/rc.down 0", "l6:6:wait:/etc/rc.down 6"]
    down = SHELL + """/sbin/killall5 -15 -o $PPID
n=0
while [ $n -lt 10 ]; do
	/sbin/killall5 -18 || break
	sleep 1
	n=$((n+1))
done
/sbin/killall5 -9
""" + "\n".join(setup.hooks) + """
sync
[ "$1" = 6 ] && exec /sbin/reboot -d -f
exec /sbin/halt -d -f -p
"""
    return {"/etc/inittab": "\n".join(lines) + "\n", "/etc/rc.down": down,
            "/run/utmp": "", "/var/log/wtmp": ""}


def runit_files(setup):
    once = "".join(f"{command} &\n" for command in setup.once_commands())
    hooks = "\n".join(setup.hooks)
    control = "/run/runit.stopit /run/runit.reboot"
    files = {
        "/etc/runit/1": SHELL + f"{setup.start}\nmkdir -p /run/runit\n"
        f": >/run/runit.stopit\n: >/run/runit.reboot\nchmod 0 {control}\n",
        "/etc/runit/2": SHELL + once +
        "exec env - PATH=$PATH runsvdir -P /etc/service\n",
        "/etc/runit/3": SHELL + "exec 2>&1\nsv force-stop /etc/service/*\n"
        f"sv exit /etc/service/*\n{hooks}\nexit 0\n",
        "/etc/runit/ctrlaltdel": SHELL + f"chmod 100 {control}\n"}
    for name, command in (("getty", setup.getty), *setup.services):
        files[f"/etc/service/{name}/run"] = (
            f"#!/bin/sh\nexec 2>&1\nexec {command}\n")
    return files


def finit_files(setup):
    """It runs [06] entries at boot, too, so a hook looks for the getty."""
    lines = ["host box", "runlevel 2",
             f"run :start [S] {setup.start} -- start"]
    lines += [f"task :{number} [2] {command} -- once"
              for number, command in enumerate(setup.once_commands())]
    lines += [f"tty [12345] {setup.getty} ttyS0 noclear nowait"]
    lines += [f"service :{name} [2345] {command} -- {name}"
              for name, command in setup.services]
    files = {}
    for number, command in enumerate(setup.hooks):
        lines.append(f"run :hook{number} [06] /h/hook{number} -- hook")
        files[f"/h/hook{number}"] = (
            SHELL + f"[ -e /run/h.getty ] || exit 0\nexec {command}\n")
    return {**files, "/etc/finit.conf": "\n".join(lines) + "\n"}


def package_version(listed, name):
    return next(line.split()[2] for line in listed.splitlines()
                if line.split()[1:2] == [name])


def ours(init):
    text = (REPOSITORY / "Makefile").read_text()
    version = re.search(r"^VERSION = (.*)", text, re.M)[1]
    return Peer("kindling", version, {"/sbin/init": init}, busybox_inittab,
                inittab=True)


def busybox(program):
    text = subprocess.run([program, "--help"], capture_output=True,
                          text=True).stdout
    return Peer("busybox", re.search(r"v(\S+ \(.*?\))", text)[1],
                {"/sbin/init": Link("/bin/busybox")}, busybox_inittab,
                inittab=True)


def busybox_musl(fetched, listed):
    version = package_version(listed, "busybox") + ", init alone, musl"
    return Peer("busybox-musl", version,
                {"/sbin/init": fetched / "busybox-musl/init"},
                busybox_inittab, inittab=True)


def sysvinit(fetched, listed):
    core = fetched / "sysvinit-core/sbin"
    files = {"/sbin/init": core / "init", "/sbin/halt": core / "halt",
             "/sbin/shutdown": core / "shutdown",
             "/sbin/poweroff": Link("halt"), "/sbin/reboot": Link("halt"),
             "/sbin/telinit": Link("init"),
             "/sbin/killall5": fetched / "sysvinit-utils/sbin/killall5"}
    files |= libraries(files.values(), [pathlib.Path(LIBRARIES)])
    return Peer("sysvinit", package_version(listed, "sysvinit-core"), files,
                sysvinit_files)


def runit(fetched, listed):
    root = fetched / "runit"
    init = "/lib/runit/runit-init"
    files = {"/sbin/init": Link(init), init: root / init[1:],
             "/sbin/runit": root / "sbin/runit"}
    files |= {f"/usr/bin/{name}": root / f"usr/bin/{name}"
              for name in ("runsv", "runsvdir", "sv")}
    files |= libraries(files.values(), [pathlib.Path(LIBRARIES)])
    return Peer("runit", package_version(listed, "runit"), files, runit_files,
                poweroff=f"{init} 0", reboot=f"{init} 6")


def finit(fetched, listed):
    root = fetched / "finit"
    files = {"/sbin/init": root / "sbin/finit", "/sbin/finit": Link("init")}
    for name in ("initctl", "reboot", "getty", "logit", "sulogin"):
        files[f"/lib/finit/{name}"] = root / f"lib/finit/{name}"
    files["/sbin/initctl"] = Link("/lib/finit/initctl")
    files |= {f"/sbin/{name}": Link("/lib/finit/reboot")
              for name in ("poweroff", "reboot", "halt")}
    own = [fetched / f"{name}/usr/lib/x86_64-linux-gnu"
           for name in ("libuev3", "libite5")]
    files |= libraries(files.values(), [*own, pathlib.Path(LIBRARIES)])
    return Peer("finit", package_version(listed, "finit"), files, finit_files)


NAMES = ("kindling", "busybox", "busybox-musl", "sysvinit", "runit", "finit")


def find(names, init, program, cache):
    """These peers; what is fetched is only fetched when it is wanted."""
    found = {"kindling": lambda: ours(init), "busybox": lambda: busybox(program)}
    if set(names) - set(found):
        here = pathlib.Path(__file__).parent
        done = subprocess.run([here / "fetch-peers", here / "peers.txt", cache],
                              check=True, stdout=subprocess.PIPE, text=True)
        fetched = pathlib.Path(done.stdout.strip())
        listed = (here / "peers.txt").read_text()
        for maker in (busybox_musl, sysvinit, runit, finit):
            name = maker.__name__.replace("_", "-")
            found[name] = lambda maker=maker: maker(fetched, listed)
    return [found[name]() for name in names]

"""The rows of the comparison: each measures one peer, and answers values.

A row answers {measure: value} for one peer; a value is a number, a text, or a
list of numbers (its runs, all of them kept). What table.MEASURES says of each
measure is how it is shown.
"""

import re
import statistics
import subprocess
import sys

from guest import MOUNTS, Failed, Setup

from harness import disk
from table import OURS

GETTYS_UP = "/h/tool up a\n"
DONE = "/h/tool cpu done\n"
FORKS = {56, 57, 58, 435}  # clone, fork, vfork, clone3 of x86-64
WAITS = {61, 247}  # wait4, waitid
GROWTH = (1, 10, 100, 1000, 10000)
LIVE = 10000  # entries that stay, of the reap row
SIZES = range(20, 49)  # MiB that are tried
PATIENCE = 300  # s of ours for what a peer does with 10,000 entries, and then
LATE = "not in 5 min"
HANGS = 60  # s of the guest after which a poweroff never comes
FAULT = "segfault at 1 ip 0000000000000001"  # the kernel's line for fault.c


class Bench:
    """What the rows need: images, machines, and a place for their logs."""

    def __init__(self, maker, logs, quick):
        self.maker, self.logs, self.quick = maker, logs, quick

    def run(self, peer, name, setup, kind="initrd", **options):
        image = self.maker.image(peer, setup, kind)
        return self.maker.run(image, log=self.log(peer, name), **options)

    def log(self, peer, name):
        return self.logs / f"{name}-{peer.name}.txt"


def size(_bench, peer):
    sizes = peer.sizes()
    return {"size.init": sizes["init"], "size.all": sum(sizes.values())}


def memory(bench, peer):
    setup = Setup(driver=GETTYS_UP + "sleep 3\n/h/tool memory")
    said = bench.run(peer, "memory", setup, kind="disk", until="memory",
                     icount=False)
    line = said.line("memory")
    return {"memory.rss": line["rss"], "memory.anon": line["anon"],
            "memory.dirty": line["dirty"],
            "memory.processes": line["processes"],
            "memory.others": line["others_anon"]}


def boot(bench, peer):
    """Twice, to see that it repeats; the prompt and PID 1's part apart."""
    image = bench.maker.image(peer, Setup())
    runs = [bench.maker.run(image, init="/h/preinit", until="getty",
                            log=bench.log(peer, f"boot{number}")).line("getty")
            for number in (1, 2)]
    values = {"boot.getty": [run["ns"] for run in runs],
              "boot.cpu": [run["cpu_ns"] for run in runs]}
    profile = bench.maker.run(image, init="/h/profile0", until="profile",
                              log=bench.log(peer, "profile")).line("profile")
    values |= {"boot.user": profile["user_ns"], "boot.calls": profile["calls"]}
    said = bench.run(peer, "prompt", Setup(getty="/h/prompt"), until="prompt")
    values["boot.prompt"] = said.line("prompt")["ns"]
    if peer.inittab:
        values |= boot_less(bench, peer)
    return values


def boot_less(bench, peer):
    """Without the mounts in the script, and with hardly a script at all."""
    values = {}
    for name, setup in (("lean", Setup(script="")),
                        ("outside", Setup(start="/h/nop"))):
        said = bench.run(peer, name, setup, init="/h/preinit", until="getty")
        values[f"boot.{name}"] = said.line("getty")["ns"]
    return values


def down(bench, peer):
    values = {}
    for name in ("poweroff", "reboot"):
        setup = Setup(driver=GETTYS_UP + "sleep 2\n/h/tool mark ask\n"
                      + getattr(peer, name))
        image = bench.maker.image(peer, setup)
        runs = [bench.maker.run(image, until=None, seconds=60,
                                log=bench.log(peer, f"{name}{number}"))
                for number in (1, 2)]
        values[f"down.{name}"] = [
            round((said.at("reboot: (Power|Restart)") - said.at("BENCH ask"))
                  * 1e9) for said in runs]
    return values


def slow(bench, peer):
    """A service that has to save: did it get to, and when was all over."""
    values = {}
    for needs in (1, 3):
        setup = Setup(services=(("a", "/h/tool service a"),
                                ("slow", f"/h/tool slow {needs}")),
                      driver=GETTYS_UP + "sleep 2\n/h/tool mark ask\n"
                      + peer.poweroff)
        said = bench.run(peer, f"slow{needs}", setup, until=None, seconds=60)
        if "slow signalled" not in said.console:
            raise Failed("the service got no SIGTERM")
        values[f"slow.{needs}.saved"] = ("yes" if "slow saved" in said.console
                                         else "no")
        values[f"slow.{needs}.time"] = round(
            (said.at("reboot: ") - said.at("BENCH ask")) * 1e9)
    return values


def zombies(bench, peer):
    values = {}
    kinds = (("steady", "steady 200 10", 128), ("mass", "mass 4000", 1024),
             ("sequence", "sequence 10000", 128))
    for name, words, megabytes in kinds[:2 if bench.quick else None]:
        setup = Setup(driver=GETTYS_UP + f"sleep 3\n/h/tool {words}")
        said = bench.run(peer, name, setup, until=name, memory=megabytes,
                         seconds=300)
        line = said.line(name)
        if line["left"] > 0:
            raise Failed(f"{line['left']} of {line['made']} left")
        values |= {f"{name}.most": line["most"],
                   f"{name}.cpu": round(line["cpu_ns"] / line["made"]),
                   f"{name}.clean": line["clean_ns"]}
        if name == "mass":
            values["mass.made"] = line["made"]
    return values


def respawn(bench, peer):
    """13 s between two kills: sysvinit gives up at the tenth in two minutes."""
    setup = Setup(driver=GETTYS_UP + "/h/tool kill a 20 13\n" + DONE)
    said = bench.run(peer, "respawn", setup, seconds=300)
    times = [line["ns"] for line in said.lines("respawn") if line["ns"] >= 0]
    if not times:
        raise Failed("never back")
    return {"respawn.median": round(statistics.median(times)),
            "respawn.back": len(times), "respawn.times": times}


def storm(bench, peer):
    """An entry that fails at once, for a minute, and what the console says."""
    values = {}
    lines = {}
    for name, services in (("calm", ()), ("storm", (("f", "/h/tool fail"),))):
        setup = Setup(services=(("a", "/h/tool service a"), *services),
                      driver=GETTYS_UP + ("sleep 60\n" if name == "calm"
                                          else "/h/tool storm 60\n") + DONE)
        said = bench.run(peer, name, setup, seconds=200)
        lines[name] = said.console.count("\n")
    line = said.line("storm")
    values |= {"storm.first": line["first_10s"], "storm.all": line["all"],
               "storm.cpu": line["cpu_ns"],
               "storm.lines": max(0, lines["storm"] - lines["calm"])}
    return values


def slots(bench, peer):
    """A service dies while no task can be made; ten seconds later one can."""
    setup = Setup(driver=GETTYS_UP + "sleep 3\n/h/tool slots a 10\n" + DONE)
    said = bench.run(peer, "slots", setup, seconds=300)
    if said.line("slots held=\\d+")["early"]:
        raise Failed("a slot was free")
    time = said.line("slots(?= ns)")["ns"]
    return {"slots": time if time >= 0 else "never"}


def growth(bench, peer):
    """With more and more entries: the boot, what PID 1 took, and a reload."""
    values = {}
    for count in GROWTH[:4 if bench.quick else None]:
        try:
            values |= grown(bench, peer, count)
        except Failed:
            if count < GROWTH[-1] or peer.name == OURS:
                raise
            values[f"growth.{count}.boot"] = LATE
    return values | slope([values.get(f"growth.{count}.user")
                           for count in (100, 1000, 10000)])


def slope(users):
    """Its own instructions for one entry more: among 10,000, to among 1,000."""
    if None in users:
        return {}
    few, some, many = users
    return {"growth.slope": round((many - some) / 9000 / ((some - few) / 900),
                                  3)}


def grown(bench, peer, count):
    words = f"growth{count}"
    setup = Setup(once=count, driver=GETTYS_UP + f"""/h/tool cpu up
sleep 3
/h/tool cpu before
/h/tool memory
echo '::respawn:/h/tool service b' >>/etc/inittab
/h/tool reload b
""" + DONE)
    image = bench.maker.image(peer, setup)
    options = {"memory": 128 + count // 10,
               "seconds": PATIENCE if peer.name != OURS else 1200}
    said = bench.maker.run(image, init="/h/preinit",
                           log=bench.log(peer, words), **options)
    getty, reload = said.line("getty"), said.line("reload")
    values = {"boot": getty["ns"],
              "cpu": said.line("before")["cpu_ns"] - getty["start_cpu_ns"],
              "rss": said.line("memory")["rss"],
              "anon": said.line("memory")["anon"],
              "reload": reload["ns"], "reload_cpu": reload["cpu_ns"]}
    if count < GROWTH[-1] or peer.name == OURS:
        said = bench.maker.run(image, init="/h/profile5", until="profile",
                               log=bench.log(peer, f"{words}-profile"),
                               **options)
        values |= own(said)
    return {f"growth.{count}.{name}": value for name, value in values.items()}


def own(said):
    """PID 1's instructions: its own, and with all calls but forks and waits.

    The largest count is only asked of ours: traced, busybox takes minutes.
    """
    profile = said.line("profile")
    apart = sum(call["ns"] for call in said.lines("call")
                if call["number"] in FORKS | WAITS)
    return {"user": profile["user_ns"],
            "own": profile["user_ns"] + profile["kernel_ns"] - apart}


def reap(bench, peer):
    """Orphans while very many entries live."""
    services = tuple((f"l{number}", f"/h/tool service l{number}")
                     for number in range(LIVE))
    setup = Setup(services=(("a", "/h/tool service a"), *services),
                  driver=GETTYS_UP + f"/h/tool up l{LIVE - 1}\n"
                  "sleep 3\n/h/tool steady 50 4")
    said = bench.run(peer, "reap", setup, until="steady",
                     seconds=PATIENCE if peer.name != OURS else 1200,
                     memory=256 + LIVE // 5)
    if peer.name != OURS and said.ending and not said.lines("steady"):
        return {"reap.live": LIVE, "reap.cpu": LATE}
    line = said.line("steady")
    if line["left"] > 0:
        raise Failed(f"{line['left']} of {line['made']} left")
    return {"reap.live": LIVE, "reap.cpu": round(line["cpu_ns"] / line["made"])}


def least(bench, peer):
    """The smallest memory with a prompt. Each find is seen to hold, and one
    megabyte less to fail, so that what is said is a border."""
    values = {}
    for kind in ("initrd", "disk"):
        image = bench.maker.image(peer, Setup(driver=GETTYS_UP + DONE), kind)

        def boots(megabytes, image=image):
            said = bench.maker.run(image, memory=megabytes, seconds=15,
                                   icount=False)
            return bool(said.lines("done"))

        values[f"least.{kind}"] = border(boots)
    return values


def border(boots):
    low, high = SIZES[0], SIZES[-1]
    if not boots(high):
        raise Failed(f"no prompt with {high} MiB")
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if boots(middle) else (middle, high)
    return high


def clean(bench, peer):
    """Two filesystems, a writer on each, and the customary hook."""
    setup = Setup(
        script=MOUNTS + "mount -t ext3 /dev/vdb /mnt\n",
        services=(("a", "/h/tool service a"),
                  ("w1", "/h/tool writer root /root/data"),
                  ("w2", "/h/tool writer second /mnt/data")),
        hooks=("/bin/umount -a -r",),
        driver=GETTYS_UP + "sleep 5\n/h/tool mark ask\n" + peer.poweroff)
    second = disk.make_ext3(bench.maker.new_directory() / "second")
    root = bench.maker.image(peer, setup, "disk")
    said = bench.maker.run(root, until=None, disks=(second,), seconds=60,
                           icount=False,
                           log=bench.log(peer, "clean"))
    if said.ending != "poweroff":
        raise Failed(said.ending or "stopped")
    values, lost = {}, 0
    for name, filesystem, path in (("root", disk.root_of(root), "/root/data"),
                                   ("second", second, "/data")):
        complaint = disk.complaints(filesystem)
        values[f"clean.{name}"] = "no" if complaint else "yes"
        lost += lost_bytes(said, name, filesystem, path)
    return {**values, "clean.lost": lost}


def lost_bytes(said, name, filesystem, path):
    """How many bytes of what the writer reported as written are missing."""
    written = [line[name] for line in said.lines("wrote") if name in line]
    if not written:
        raise Failed(f"nothing was written on {name}")
    repaired = disk.copy(filesystem.split("?")[0] if isinstance(filesystem, str)
                         else filesystem, f"{path_of(filesystem)}.repaired")
    where = str(repaired) + ("?offset=%d" % disk.OFFSET
                             if "?" in str(filesystem) else "")
    subprocess.run(["e2fsck", "-fy", where], capture_output=True,
                   env=disk.TOOLS)
    data = disk.read(where, path)
    kept = len(re.findall(rb"\d{62,63}\n", data))
    return max(0, (max(written) + 1 - kept) * 64)


def path_of(filesystem):
    return str(filesystem).split("?")[0]


def hung(bench, peer):
    """A poweroff while the start script hangs."""
    setup = Setup(hangs=True, driver=f"""sleep 2
(sleep {HANGS}; /h/tool cpu late) &
/h/tool mark ask
{peer.poweroff}""")
    said = bench.run(peer, "hung", setup, until="late", seconds=180)
    if said.ending == "poweroff":
        return {"hung": round((said.at("reboot: Power") - said.at("BENCH ask"))
                              * 1e9)}
    said.line("late")
    said.at("BENCH ask")
    return {"hung": "never"}


def fault(bench, peer):
    """PID 1 jumps to nowhere; later a service dies: is it restarted?"""
    setup = Setup(driver=GETTYS_UP + "sleep 3\n/h/tool mark fault\n"
                  "/h/tool fault\n/h/tool kill a 1 2\n" + DONE)
    said = bench.run(peer, "fault", setup, seconds=180)
    if FAULT not in said.console:
        raise Failed("there was no fault")
    if said.ending == "panic":
        return {"fault": "panic"}
    return {"fault": "yes" if said.line("respawn")["ns"] >= 0 else "no"}


ALL = {row.__name__: row for row in (
    size, memory, boot, down, slow, zombies, respawn, storm, slots, growth,
    reap, least, clean, hung, fault)}
QUICK = ("size", "memory", "boot", "down", "slow", "zombies", "storm",
         "slots", "clean", "hung", "fault")
QUICK_PEERS = ("kindling", "busybox")
# Which rows only inits with busybox's inittab are asked for.
INITTAB = ("growth", "reap")

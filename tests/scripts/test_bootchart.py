"""The boot chart: what is in the picture, and that it can be read."""

import itertools
import json
import re
import subprocess
from xml.etree import ElementTree

import pytest

from conftest import REPOSITORY
from harness import picture
from harness.picture import SVG, number

LEFT, RIGHT = 24, 976  # of the time axis
KERNEL = """\
[    0.000000] Linux version 6.1.192 (kindling@kindling) (gcc) #1 SMP
[    0.000000] Command line: console=ttyS0 panic=-1 quiet initcall_debug
[    0.087247] NR_IRQS: 4352, nr_irqs: 256, preallocated irqs: 16
[    0.400000] smp: Brought up 1 node, 1 CPU
[    0.450573] devtmpfs: initialized
[    0.487709] initcall acpi_init+0x0/0x462 returned 0 after 92000 usecs
[    0.499000] initcall net_dev_init+0x0/0x232 returned 0 after 12000 usecs
[    0.555206] initcall kswapd_init+0x0/0x13 returned 0 after 15393 usecs
[    0.565616] initcall slab_sysfs_init+0x0/0xea returned 0 after 10072 usecs
[    0.583159] initcall percpu_startup+0x0/0x55 returned -19 after 14126 usecs
[    0.600000] Unpacking initramfs...
[    0.639909] initcall loop_init+0x0/0xd6 returned 0 after 20406 usecs
[    0.684413] probe of 0000:00:01.1 returned 0 after 43399 usecs
[    0.684572] initcall piix_init+0x0/0x26 [piix] returned 0 after 43602 usecs
[    0.690000] initcall at_once+0x0/0x10 returned 0 after 0 usecs
[    0.780000] sched_clock: Marking stable (796058786, 24853851)->(846184118)
[    0.800000] Freeing initrd memory: 1048K
[    1.160000] Freeing unused kernel image (initmem) memory: 1016K
[    1.190000] Run /init as init process
[    1.190010]   with arguments:
[    2.657604] tsc: Refined TSC clocksource calibration: 2596.139 MHz
"""


def at(time, event, **fields):
    return {"time": time, "event": event, **fields}


def child(pid, command, start, end=None, action="once", tty="", **outcome):
    """The start of a child, and its end if it ended; pid is its entry too."""
    what = {"entry": pid, "tty": tty or None, "action": action,
            "command": command, "pid": pid}
    ended = [] if end is None else [
        at(end, "exited", **what, **(outcome or {"status": 0}))]
    return [at(start, "started", **what)] + ended


def getty(pid, start, tty="tty1"):
    return child(pid, f"/sbin/getty 38400 {tty}", start, None, "respawn", tty)


BOOT = [
    at(1.2, "boot"), at(1.22, "phase", phase="sysinit"),
    *child(40, "/etc/init.d/rcS", 1.221, 1.396, "sysinit"),
    at(1.397, "phase", phase="wait"),
    *child(41, "/sbin/ifconfig eth0 up", 1.398, 1.431, "wait", status=1),
    at(1.432, "phase", phase="once"),
    *child(42, "/sbin/udhcpc -i eth0 -b", 1.433, 2.6),
    at(1.434, "phase", phase="run"),
    *getty(43, 1.435, "ttyS0"), *getty(44, 1.44),
    *child(45, "-/bin/sh", 1.441, None, "askfirst", "tty5")]


def run(*arguments):
    return subprocess.run([REPOSITORY / "scripts/bootchart", *arguments],
                          text=True, capture_output=True, timeout=60)


@pytest.fixture
def draw(tmp_path):
    """draw(events, the kernel's log, options): the root of the picture."""
    def draw_one(events, kernel=None, *options):
        log, output = tmp_path / "log", tmp_path / "out.svg"
        log.write_text("".join(json.dumps(event) + "\n" for event in events))
        files = [log]
        if kernel is not None:
            files += [tmp_path / "kernel"]
            files[1].write_text(kernel)
        done = run(*options, *files, output)
        assert (done.returncode, done.stderr) == (0, "")
        return ElementTree.fromstring(output.read_text())
    return draw_one


def texts(svg):
    return [text.text for text in svg.iter(SVG + "text")]


def scale(svg):
    """Pixels of a second, by the ticks of the axis."""
    ticks = {float(text.text[:-2]): number(text, "x")
             for text in svg.iter(SVG + "text")
             if re.fullmatch(r"[\d.]+ s", text.text)
             and "middle" in text.get("class")}
    last = max(ticks)
    return (ticks[last] - LEFT) / last


def groups(svg, kind):
    return [group for group in svg.iter(SVG + "g")
            if group.get("class") == kind]


def span(svg, group):
    """The time that a bar shows."""
    bar = group.find(SVG + "rect")
    start = (number(bar, "x") - LEFT) / scale(svg)
    return start, start + number(bar, "width") / scale(svg)


def group_of(svg, pid):
    found, = [group for group in groups(svg, "bar")
              if group.get("data-pid") == str(pid)]
    return found


def label(group):
    return group.find(SVG + "text").text


def bar_named(svg, name):
    found, = [group for group in groups(svg, "bar")
              if label(group).startswith(name)]
    return found


def near(times):
    return pytest.approx(times, abs=5e-4)


# --- what is drawn

def test_each_child_has_a_bar_of_its_time(draw):
    svg = draw(BOOT)
    right = (RIGHT - LEFT) / scale(svg)
    for pid, times, words in [
            (40, (1.221, 1.396), "rcS · 175 ms"),
            (41, (1.398, 1.431), "ifconfig eth0 up · 33 ms · status 1"),
            (42, (1.433, right), "udhcpc -i eth0 -b · 1.17 s"),
            (43, (1.435, right), "getty 38400 ttyS0"),
            (44, (1.44, right), "getty 38400 tty1"),
            (45, (1.441, right), "-sh (tty5)")]:
        group = group_of(svg, pid)
        assert span(svg, group) == near(times)
        assert label(group) == words
    assert len([group for group in groups(svg, "bar")
                if group.get("data-pid")]) == 6
    assert 1.05 * 1.441 < right < 1.1 * 1.441


def test_bars_that_go_on_have_an_arrow(draw):
    svg = draw(BOOT)
    arrows = [group.get("data-pid") for group in groups(svg, "bar")
              if group.find(SVG + "path") is not None]
    assert arrows == ["42", "43", "44", "45"]


def test_a_bar_has_the_colour_of_its_action(draw):
    svg = draw(BOOT + child(46, "/bin/down", 1.442, 1.443, "shutdown")
               + child(47, "/bin/odd", 1.443, 1.444, "odd"))
    for pid, kind in [(40, "sysinit"), (41, "wait"), (42, "once"),
                      (43, "respawn"), (45, "askfirst"), (46, "down"),
                      (47, "other")]:
        bar = group_of(svg, pid).find(SVG + "rect")
        assert bar.get("class") == kind
        rule = rf"^\.{kind} {{ fill: #\w+ }}"
        assert len(re.findall(rule, svg.find(SVG + "style").text, re.M)) == 2
    for kind in ("sysinit", "wait", "once", "respawn", "askfirst", "kernel",
                 "init"):
        assert kind in texts(svg)


@pytest.mark.parametrize("action, command, name", [
    ("respawn", "/sbin/getty 38400 tty1", "first getty"),
    ("askfirst", "-/bin/sh", "first service")])
def test_the_first_getty_is_marked(draw, action, command, name):
    svg = draw([at(1.0, "boot"), *child(5, "/sbin/getty-once", 1.1),
                *child(6, "/sbin/acpid", 1.2, None, "once"),
                *child(7, command, 1.25, None, action),
                *child(8, "/sbin/acpid", 1.3, None, "respawn")])
    assert f"{name} 1.250 s" in texts(svg)
    assert f"1.25 s to the {name}" in texts(svg)
    line, = [line for line in svg.iter(SVG + "line")
             if line.get("class") == "getty-line"]
    assert number(line, "x1") == number(line, "x2") == \
        pytest.approx(LEFT + 1.25 * scale(svg), abs=0.1)
    bar = group_of(svg, 7).find(SVG + "rect")
    assert number(line, "y2") == number(bar, "y") + number(bar, "height") / 2


def test_a_getty_comes_before_services_that_start_earlier(draw):
    svg = draw([*child(5, "/sbin/acpid", 1.1, None, "respawn"),
                *getty(6, 1.2)])
    assert "first getty 1.200 s" in texts(svg)


def test_a_boot_without_a_getty_has_no_mark(draw):
    svg = draw([at(1.0, "boot"), *child(5, "/bin/true", 1.1, 1.2)])
    assert "A boot without a getty" in texts(svg)
    assert "getty-line" not in [line.get("class")
                                for line in svg.iter(SVG + "line")]


def test_phases_are_bands_and_sums(draw):
    svg = draw(BOOT)
    names = [label(group) for group in groups(svg, "phase")]
    assert names == ["sysinit", "wait", "run"]  # once took 2 ms
    band = groups(svg, "phase")[0].find(SVG + "rect")
    start = (number(band, "x") - LEFT) / scale(svg)
    end = start + number(band, "width") / scale(svg)
    assert (start, end) == near((1.22, 1.397))
    assert ("kernel 1.20 s + init 20 ms + sysinit 177 ms + wait 35 ms + "
            "once 2.0 ms + run 1.0 ms") in texts(svg)


def test_inits_own_work_is_a_bar(draw):
    svg = draw(BOOT)
    assert span(svg, bar_named(svg, "init: ")) == near((1.2, 1.22))


@pytest.mark.parametrize("later", [
    child(45, "-/bin/sh", 20, None, "askfirst", "tty5"),
    [at(1.5, "reloaded"), *child(50, "/bin/new", 1.6), *getty(51, 30)],
    [at(60, "phase", phase="shutdown"),
     *child(52, "/bin/down", 60.1, 61, "shutdown")]],
    ids=["respawn", "reload", "shutdown"])
def test_later_life_does_not_squeeze_the_boot(draw, later):
    svg, longer = draw(BOOT), draw(BOOT + later)
    assert scale(longer) == scale(svg)
    assert len(groups(longer, "bar")) == len(groups(svg, "bar"))


@pytest.mark.parametrize("until, names", [
    ("100", ["0", "10 s", "20 s"]), ("1", ["0", "0.1 s", "0.2 s"]),
    ("1.7", ["0", "0.2 s", "0.4 s"]), ("0.03", ["0", "0.005 s", "0.010 s"])])
def test_ticks(draw, until, names):
    ticks = [text.text for text in draw(BOOT, None, "-u", until).iter(
        SVG + "text") if "middle" in text.get("class").split()]
    assert ticks[:3] == names and 12 <= len(ticks) <= 22
    assert ticks[:len(ticks) // 2] == ticks[len(ticks) // 2:]


def test_until_shows_later_life(draw):
    svg = draw(BOOT + [at(30, "reloaded"), at(40, "fault", signal=11),
                       at(50, "upgraded"), at(55, "no such thing"),
                       at(60, "phase", phase="shutdown"),
                       *child(52, "/bin/down", 60.1, 61, "shutdown")],
               None, "-u", "100")
    assert scale(svg) == pytest.approx((RIGHT - LEFT) / 100)
    assert span(svg, group_of(svg, 52)) == pytest.approx((60.1, 61), abs=0.01)
    assert span(svg, group_of(svg, 42))[1] == pytest.approx(2.6, abs=0.01)
    for name in ("reloaded", "fault of init", "upgraded", "shutdown"):
        assert name in texts(svg)


def test_an_entry_that_is_gone_has_its_number(draw):
    svg = draw(BOOT + [at(1.442, "started", entry=9, pid=60),
                       at(1.452, "exited", entry=9, pid=60, signal=15)])
    group = group_of(svg, 60)
    assert label(group) == "entry 9 (gone) · 10 ms · signal 15"
    assert group.find(SVG + "text").get("class").split()[-1] == "failed"
    assert group.find(SVG + "rect").get("class") == "other"


def test_an_end_belongs_to_the_last_child_with_its_pid(draw):
    svg = draw(BOOT + child(70, "/bin/a", 1.442, 1.444)
               + [at(1.445, "exited", pid=70, status=3),
                  at(1.45, "exited", pid=99, status=0)]
               + child(70, "/bin/b", 1.446, 1.45)
               + [at(1.451, "throttled", entry=70)])
    labels = [label(group) for group in groups(svg, "bar")
              if group.get("data-pid") == "70"]
    assert labels == ["a · 2.0 ms", "b · 4.0 ms · throttled"]


def test_what_a_line_holds_stays_text(draw):
    odd = "/bin/<b>&\"x\" ' ]]>\u0001\ud800\n\u4e2d"
    svg = draw(BOOT + child(60, odd, 1.442, 1.446, "a<b", "<t&"))
    assert label(group_of(svg, 60)) == \
        "<b>&\"x\" ' ]]>\ufffd\ufffd \u4e2d (<t&) · 4.0 ms"


@pytest.mark.parametrize("command, words", [
    ("/bin/a; /bin/b", "a; /bin/b"), ("-/usr/bin/x y", "-x y"),
    ("cd /x && y", "cd /x && y"), ("/x" * 50 + " z", "x z"),
    ("a" + "/" * 90, "a" + "/" * 58 + "…"), ("/ /", "/ /")])
def test_a_command_is_shortened(draw, command, words):
    svg = draw(BOOT + child(60, command, 1.442, 1.446))
    assert label(group_of(svg, 60)) == words + " · 4.0 ms"


# --- the kernel

def steps(svg):
    return {re.sub(" ·.*", "", group.find(SVG + "title").text):
            span(svg, group) for group in groups(svg, "step")}


def test_without_its_log_the_kernel_is_one_bar(draw):
    assert steps(draw(BOOT)) == {"kernel": near((0, 1.2))}


def test_steps_of_the_kernel(draw):
    svg = draw(BOOT, KERNEL)
    assert steps(svg) == {
        "early start": near((0, 0.4)), "drivers": near((0.4, 0.78)),
        "waiting for drivers": near((0.78, 1.16)),
        "freeing memory": near((1.16, 1.19)),
        "exec of init": near((1.19, 1.2))}
    assert "drivers · 380 ms" in texts(svg)
    assert "Linux 6.1.192" in texts(svg)
    assert span(svg, bar_named(svg, "unpacking the initramfs · 200 ms")) == \
        near((0.6, 0.8))


@pytest.mark.parametrize("gone, left", [
    ("smp: ", ["early start", "drivers", "waiting for drivers",
               "freeing memory", "exec of init"]),
    ("smp: |devtmpfs", ["kernel", "waiting for drivers", "freeing memory",
                        "exec of init"]),
    ("sched_clock|Freeing|Run", ["early start", "drivers"]),
    (r"(?!tsc)\w", ["kernel"])])
def test_a_missing_mark_is_a_step_less(draw, gone, left):
    kernel = "".join(line for line in KERNEL.splitlines(True)
                     if not re.search(r"\] (" + gone + ")", line))
    assert list(steps(draw(BOOT, kernel))) == left


@pytest.mark.parametrize("change", [
    lambda line: "<6>" + line, lambda line: line.replace("]", "][    T1]", 1),
    lambda line: line + "\r"])
def test_other_shapes_of_dmesg(draw, change):
    kernel = "\n".join(map(change, KERNEL.splitlines()))
    assert len(steps(draw(BOOT, kernel))) == 5


def test_the_slowest_initcalls(draw):
    svg = draw(BOOT, KERNEL)
    calls = [label(group) for group in groups(svg, "bar")
             if label(group).startswith("initcall")]
    assert calls == ["initcall acpi_init · 92 ms", "initcall net_dev_init · "
                     "12 ms", "initcall kswapd_init · 15 ms",
                     "initcall percpu_startup · 14 ms",
                     "initcall loop_init · 20 ms", "initcall piix_init · 44 ms"]
    assert span(svg, bar_named(svg, "initcall piix")) == \
        near((0.684572 - 0.043602, 0.684572))


def test_the_kernels_clock_is_set_by_the_birth_of_init(draw):
    """That of printk may be ahead of the monotonic one."""
    svg = draw([at(1.1, "boot"), *getty(5, 1.3)], KERNEL)
    assert steps(svg)["drivers"] == near((0.31, 0.69))
    assert steps(svg)["freeing memory"] == near((1.07, 1.1))


# --- that it can be read

def size_of(classes):
    size = 19 if "title" in classes else 12
    return size * (picture.BOLD if {"getty-name", "title"} & classes else 1)


def check_labels(svg):
    picture.check_texts(svg, size_of)
    for group in groups(svg, "bar") + groups(svg, "step"):
        bar, text = group.find(SVG + "rect"), group.find(SVG + "text")
        if text is not None:
            left, right, _, _ = picture.box_of(text, size_of)
            start = number(bar, "x")
            end = start + number(bar, "width")
            inside = "in" in text.get("class").split()
            assert (start <= left and right <= end) if inside else \
                (right <= start or end <= left), text.text


def many(count):
    """Entries of every action, long and short, that last from 0 to 2 s."""
    events = [at(0.9, "boot"), at(0.91, "phase", phase="sysinit")]
    for index in range(count):
        action = ["sysinit", "wait", "once", "respawn"][4 * index // count]
        start = 0.911 + index * 0.02
        took = [0, 0.01, 0.3, 2][index % 4]
        command = f"/usr/sbin/service{index} " + "Wm" * (index % 30)
        if index % 5 == 0:
            events.append(at(start - 0.001, "phase", phase=f"phase{index}"))
        events += child(100 + index, command, start, start + took, action,
                        "tty-with-a-long-name", signal=9)
        events += [at(start + took, "throttled", entry=100 + index)]
    return events + getty(99, start + 0.01)


def wide(letter):
    """Wide labels in bars that are a little longer from each to the next."""
    return getty(5, 1) + [event for index in range(60) for event in
                          child(100 + index, letter * 15, 0,
                                0.15 + index / 500)]


def every_action():
    actions = ["sysinit", "wait", "once", "respawn", "askfirst", "shutdown",
               "odd"]
    return [at(1.2, "boot"), at(1.3, "phase", phase="sysinit")] + \
        [event for pid, action in enumerate(actions)
         for event in child(pid, "/bin/x", 1.4, 2, action)]


@pytest.mark.parametrize("events", [
    BOOT, many(5), many(60), getty(5, 1e-6), getty(5, 100000.5),
    many(60)[40:], wide("W"), wide("G"), every_action()])
@pytest.mark.parametrize("kernel", [None, KERNEL], ids=["", "dmesg"])
@pytest.mark.parametrize("options", [(), ("-u", "0.95"), ("-u", "37")])
def test_labels_do_not_overlap(draw, events, kernel, options):
    check_labels(draw(events, kernel, *options))


def test_without_colours_kinds_differ(draw):
    """In lightness, or by the hatching."""
    sheet = draw(BOOT).find(SVG + "style").text
    fills = re.findall(r"^\.(\w+) \{ fill: #(\w+) \}", sheet, re.M)
    kinds = [fill for fill in fills if fill[0] not in ("paper", "band")]
    hatched = {"wait", "askfirst", "other"}
    for half in (kinds[:len(kinds) // 2], kinds[len(kinds) // 2:]):
        assert len(half) == 10
        for (one, a), (other, b) in itertools.combinations(half, 2):
            light = [sum(share * int(fill[at:at + 2], 16) for share, at in
                         ((0.2126, 0), (0.7152, 2), (0.0722, 4))) / 255
                     for fill in (a, b)]
            assert abs(light[0] - light[1]) >= 0.03 or \
                (one in hatched) != (other in hatched), (one, other)


# --- what is refused

@pytest.mark.parametrize("text, said", [
    ("", "no events in it"), ("\n \n", "no events in it"),
    ('{"time":1,"event":"boot"}\nrubbish\n', ":2: not JSON"),
    ("[1]\n", ':1: no event: a JSON object with "event"'),
    ("7\n", ":1: no event"), ('{"time":1}\n', ":1: no event"),
    ('{"event":"boot"}\n', ':1: "time" is no number'),
    ('{"time":"1","event":"boot"}\n', ':1: "time" is no number'),
    ('{"time":NaN,"event":"boot"}\n', ':1: "time" is no number'),
    ('{"time":-1,"event":"boot"}\n', ':1: "time" is no number'),
    ('{"time":true,"event":"boot"}\n', ':1: "time" is no number'),
    pytest.param(f'{{"time":1{"0" * 400},"event":"boot"}}\n',
                 ':1: "time" is no number', id="long time"),
    ('{"time":1,"event":"started","pid":[]}\n', ':1: "pid" is no number'),
    ('{"time":1,"event":"x","entry":{}}\n', ':1: "entry" is no number'),
    pytest.param("[" * 100000 + "\n", ":1: not JSON", id="deep")])
def test_what_is_no_log_is_refused(tmp_path, text, said):
    (tmp_path / "log").write_text(text)
    output = tmp_path / "out.svg"
    output.write_text("as it was")
    done = run(tmp_path / "log", output)
    assert done.returncode == 1 and done.stdout == ""
    assert done.stderr.startswith("bootchart: ") and said in done.stderr
    assert done.stderr.count("\n") == 1
    assert output.read_text() == "as it was"
    assert len(list(tmp_path.iterdir())) == 2


def test_what_is_no_kernel_log_is_refused(tmp_path):
    (tmp_path / "log").write_text('{"time":1,"event":"boot"}\n')
    (tmp_path / "kernel").write_text("Linux version 6.1\n")
    done = run(tmp_path / "log", tmp_path / "kernel", tmp_path / "out.svg")
    assert done.returncode == 1 and "no line with a time" in done.stderr
    assert not (tmp_path / "out.svg").exists()


def test_files_that_can_not_be_are_named(tmp_path):
    done = run(tmp_path / "none", tmp_path / "out.svg")
    assert done.returncode == 1 and "none" in done.stderr
    (tmp_path / "log").write_text('{"time":1,"event":"boot"}\n')
    done = run(tmp_path / "log", tmp_path / "no-directory/out.svg")
    assert done.returncode == 1 and "no-directory" in done.stderr
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("words", [
    ["one"], ["one", "two", "three", "four"], ["-u", "0", "one", "two"],
    ["-u", "x", "one", "two"], ["-x", "one", "two"]])
def test_wrong_arguments_show_the_usage(words):
    done = run(*words)
    assert done.returncode == 2 and "usage: bootchart" in done.stderr


def test_options_may_stand_anywhere(tmp_path):
    (tmp_path / "log").write_text('{"time":1,"event":"boot"}\n')
    assert run(tmp_path / "log", "-u", "2",
               tmp_path / "out.svg").returncode == 0

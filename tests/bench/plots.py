"""Pictures of the results, as SVG."""

import svg
import table

COLOURS = svg.COLOURS[:2]
COUNTS = (1, 10, 100, 1000, 10000)  # entries
PICTURES = {
    "size": ("Size and memory", [("size.all", "bytes on disk, with libraries"),
                                 ("memory.rss", "kB resident at idle")]),
    "time": ("Boot and poweroff", [
        ("boot.getty", "ms from exec of init to the getty"),
        ("down.poweroff", "ms from poweroff to the kernel's last line")]),
    "zombies": ("Orphans", [
        ("sequence.most", "10,000 orphans in a row: most zombies"),
        ("mass.clean", "4,000 at once: ms until none is left")]),
}
GROWTH = {"growth.{}.cpu": "PID 1, ms, the kernel's work for it included",
          "growth.{}.user": "its own instructions, ms"}
# What doc/benchmarks.md shows, beside the growth.
PAGE = [*PICTURES["size"][1], *PICTURES["time"][1], PICTURES["zombies"][1][0]]


def measure_of(key):
    return next(item for item in table.MEASURES if item.key == key)


def bar_of(results, measure, peer):
    value = table.value_of(results, measure, peer)
    failed = peer in results["failed"].get(measure.row, {})
    missing = "failed" if failed else "not measured"
    text = table.shown(value, measure.unit) or missing
    if value is not None and not isinstance(value, str):
        return svg.Bar(peer, value / table.SCALES.get(measure.unit, 1), text)
    return svg.Bar(peer, None, text)


def bars(results, keys):
    """A chart of each of these measures, with a bar for each peer."""
    for place, (key, title) in enumerate(keys):
        measure = measure_of(key)
        yield svg.Bars(title, [bar_of(results, measure, peer)
                               for peer in results["peers"]],
                       COLOURS[place % len(COLOURS)])


def growth(results, key, title):
    """A chart of the measure by the number of entries: a line for each peer."""
    series = []
    rows = results["rows"].get("growth", {})
    for (peer, values), colour in zip(rows.items(), svg.COLOURS):
        points = [(count, values[key.format(count)] / table.SCALES[table.MS])
                  for count in COUNTS if key.format(count) in values]
        series.append(svg.Series(peer, points, colour))
    return svg.Lines(title, series, "once entries", svg.logarithmic)


def pictures(results):
    """{name: SVG}"""
    found = {name: svg.picture(list(bars(results, keys)), 2, (410, 190), title)
             for name, (title, keys) in PICTURES.items()}
    found["growth"] = svg.picture(
        [growth(results, key, title) for key, title in GROWTH.items()],
        2, (410, 260), "Growth with the number of entries")
    found["bench"] = svg.picture(
        [*bars(results, PAGE), growth(results, "growth.{}.cpu",
                                      "PID 1, ms, by the number of entries")],
        2, (410, 210))
    return found


def write(results, directory):
    for name, text in pictures(results).items():
        (directory / f"{name}.svg").write_text(text)

"""Charts as SVG: bars, and lines through points, in panels of one picture.

The title of a panel says what its values are, with their unit. The same charts
give the same bytes.
"""

import collections
import html
import math

# Of Paul Tol's scheme "bright", which colour-blind readers can tell apart.
COLOURS = ("#4477aa", "#ee6677", "#228833", "#ccbb44", "#66ccee", "#aa3377")
FONT, TITLE_FONT = 12, 15
LINE = 18  # height of a line of text
ASCENT = 4  # from the middle of a line to its base
GAP = 6  # between a text and what it belongs to
MARGIN = 12
BAR = 0.7  # height of a bar, in rows
DOT = 3  # radius of a point
LETTER = 0.65  # em, at most, mean of a word in DejaVu Sans, a wide font
LEAST_HIGH = 10  # of a bar's axis, so that it has two ticks
ROOM_ABOVE = 1.05  # height of a linear axis, in greatest values
MOST_STEPS = 8  # of a linear axis

# White paper, for a page in dark mode, too; the outline of a text separates its
# letters from lines that cross them.
STYLE = f"""\
<style>
text {{ font-family: sans-serif; font-size: {FONT}px; fill: #1b1f27;
  paint-order: stroke; stroke: #ffffff; stroke-width: 3px;
  stroke-linejoin: round }}
.title {{ font-size: {TITLE_FONT}px }} .quiet {{ fill: #5b6474 }}
.end {{ text-anchor: end }} .middle {{ text-anchor: middle }}
.paper {{ fill: #ffffff }} .axis {{ stroke: #5b6474 }}
.grid {{ stroke: #000000; stroke-opacity: .12 }}
.curve {{ fill: none; stroke-width: 2; stroke-linejoin: round }}
</style>
"""

Frame = collections.namedtuple("Frame", "left top right bottom")
Bar = collections.namedtuple("Bar", "name value text")  # value: or None
Series = collections.namedtuple("Series", "name points colour")


def write_text(x, y, text, classes=""):
    """y is the middle of the line."""
    return f'<text class="{classes}" x="{x:.2f}" y="{y + ASCENT:.2f}">' \
           f'{html.escape(text)}</text>\n' if text else ""


def box(x, y, width, height, more):
    return f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" ' \
           f'height="{height:.2f}" {more}/>\n'


def line(x1, y1, x2, y2, classes):
    return f'<line class="{classes}" x1="{x1:.2f}" y1="{y1:.2f}" ' \
           f'x2="{x2:.2f}" y2="{y2:.2f}"/>\n'


def dot(x, y, colour):
    return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{DOT}" fill="{colour}"/>\n'


def curve(points, colour):
    """A line through these coordinates, and a dot on each."""
    path = " ".join(f"{x:.2f},{y:.2f}" for x, y in points)
    return f'<polyline class="curve" stroke="{colour}" points="{path}"/>\n' \
        + "".join(dot(x, y, colour) for x, y in points)


def widest(texts):
    """Pixels, at most."""
    return FONT * LETTER * max(map(len, texts))


def number(value):
    """1,000,000 or 0.01"""
    return f"{value:,.10g}"


class Scale:
    """Values as coordinates: low is at begin, high at end.

    of    float, or math.log10
    unit  pixels of 1, or of a decade
    """

    def __init__(self, low, high, begin, end, of=float):
        self.of, self.low, self.begin = of, of(low), begin
        self.unit = (end - begin) / ((of(high) - of(low)) or 1)

    def at(self, value):
        return self.begin + (self.of(value) - self.low) * self.unit


def powers_of_ten(low, high):
    return [10.0 ** power for power in range(math.ceil(math.log10(low)),
                                             math.floor(math.log10(high)) + 1)]


def thinned(powers, scale):
    """Not all of them, if their numbers would touch."""
    room = widest(map(number, powers)) + GAP
    return powers[::math.ceil(room / scale.unit)]


def logarithmic(values, begin, end):
    """(scale, ticks) of whole decades."""
    low = 10.0 ** math.floor(math.log10(min(values)))
    high = 10.0 ** math.ceil(math.log10(max(values)))
    return Scale(low, high, begin, end, math.log10), powers_of_ten(low, high)


def from_zero(values, begin, end):
    """(scale, ticks), linear."""
    high = max(values) * ROOM_ABOVE
    rough = high / MOST_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(step * power for step in (1, 2, 5, 10) if step * power >= rough)
    ticks = [count * step for count in range(int(high / step) + 1)]
    return Scale(0, high, begin, end), ticks


def draw_axes(frame):
    return line(frame.left, frame.top, frame.left, frame.bottom, "axis") + \
        line(frame.left, frame.bottom, frame.right, frame.bottom, "axis")


def draw_upright_grid(scale, ticks, frame):
    """A line at each tick, with its number below."""
    return "".join(
        line(scale.at(tick), frame.top, scale.at(tick), frame.bottom, "grid")
        + write_text(scale.at(tick), frame.bottom + LINE * 0.7, number(tick),
                     "quiet middle") for tick in ticks)


def draw_level_grid(scale, ticks, frame):
    """A line at each tick, with its number to the left."""
    return "".join(
        line(frame.left, scale.at(tick), frame.right, scale.at(tick), "grid")
        + write_text(frame.left - GAP, scale.at(tick), number(tick),
                     "quiet end") for tick in ticks)


class Bars:
    """Horizontal bars on a logarithmic axis, each with its text beside it.

    Without a value, or with 0, there is only the text.
    """

    def __init__(self, title, bars, colour):
        self.title, self.bars, self.colour = title, bars, colour

    def limits(self):
        """From 1, or from less, so that the least value still has a bar."""
        values = [bar.value for bar in self.bars if bar.value]
        powers = [math.ceil(math.log10(value)) - 1 for value in values]
        return 10.0 ** min([0, *powers]), max([LEAST_HIGH, *values])

    def draw(self, panel):
        frame = Frame(panel.left + widest(bar.name for bar in self.bars) + GAP,
                      panel.top + LINE + GAP,
                      panel.right - widest(bar.text for bar in self.bars) - GAP,
                      panel.bottom - LINE)
        low, high = self.limits()
        scale = Scale(low, high, frame.left, frame.right, math.log10)
        ticks = thinned(powers_of_ten(low, high), scale)
        drawn = draw_upright_grid(scale, ticks, frame)
        row = (frame.bottom - frame.top) / len(self.bars)
        for place, bar in enumerate(self.bars):
            drawn += self.draw_bar(bar, scale, frame.top + row * place, row)
        return drawn + draw_axes(frame)

    def draw_bar(self, bar, scale, top, row):
        end = scale.at(bar.value) if bar.value else scale.begin
        middle = top + row / 2
        drawn = write_text(scale.begin - GAP, middle, bar.name, "end")
        if bar.value:
            drawn += box(scale.begin, middle - row * BAR / 2,
                         end - scale.begin, row * BAR,
                         f'class="bar" fill="{self.colour}"')
        return drawn + write_text(end + GAP, middle, bar.text)


class Lines:
    """Lines through (x, y); x is logarithmic, with a tick at each.

    axis: of y, logarithmic or from_zero
    """

    def __init__(self, title, series, x_title, axis):
        self.title, self.x_title, self.axis = title, x_title, axis
        self.series = [one for one in series if one.points]

    def draw(self, panel):
        if not self.series:
            return write_text(panel.left, panel.top + LINE * 1.5,
                              "not measured", "quiet")
        xs, ys = map(set, zip(*(point for one in self.series
                                for point in one.points)))
        top, bottom = panel.top + LINE * 2.5, panel.bottom - LINE * 2
        y, levels = self.axis(ys, bottom, top)
        frame = Frame(panel.left + widest(map(number, levels)) + GAP, top,
                      panel.right, bottom)
        x = Scale(min(xs), max(xs), frame.left + GAP,
                  frame.right - widest([number(max(xs))]) / 2, math.log10)
        drawn = draw_upright_grid(x, sorted(xs), frame)
        drawn += draw_level_grid(y, levels, frame) + draw_axes(frame)
        for one in self.series:
            drawn += curve([(x.at(across), y.at(up)) for across, up
                            in one.points], one.colour)
        drawn += write_text((frame.left + frame.right) / 2, bottom + LINE * 1.7,
                            self.x_title, "quiet middle")
        return drawn + self.legend(frame.left, panel.top + LINE * 1.5)

    def legend(self, left, middle):
        """The names of the lines that have one, in one line."""
        drawn = ""
        for one in self.series:
            if not one.name:
                continue
            drawn += curve([(left, middle), (left + LINE, middle)], one.colour)
            drawn += write_text(left + LINE + GAP, middle, one.name)
            left += LINE + GAP + widest([one.name]) + 2 * GAP
        return drawn


def picture(charts, columns, size, title=""):
    """The charts in a grid of panels, each of this (width, height)."""
    across, down = size[0] + 2 * MARGIN, size[1] + MARGIN
    top = MARGIN + LINE + GAP if title else MARGIN
    width = columns * across
    height = top + math.ceil(len(charts) / columns) * down
    drawn = write_text(MARGIN, MARGIN + LINE / 2, title, "title")
    for place, chart in enumerate(charts):
        left = MARGIN + place % columns * across
        panel = Frame(left, top + place // columns * down, left + size[0],
                      top + place // columns * down + size[1])
        drawn += write_text(panel.left, panel.top + LINE / 2, chart.title) + \
            chart.draw(panel)
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" ' \
        f'height="{height}" viewBox="0 0 {width} {height}" role="img">\n' + \
        STYLE + box(0, 0, width, height, 'class="paper"') + drawn + "</svg>\n"

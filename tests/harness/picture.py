"""Whether the texts of an SVG can be read: inside of it, none over another."""

import itertools

SVG = "{http://www.w3.org/2000/svg}"
# Advance widths of DejaVu Sans, from the space to the tilde, in em / 1000: the
# widest font that a viewer may take for sans-serif. Bold is wider.
ADVANCES = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318,
    337, 636, 636, 636, 636, 636, 636, 636, 636, 636, 636, 337, 337, 838, 838,
    838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557,
    863, 748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390,
    337, 390, 838, 500, 500, 613, 635, 550, 635, 615, 352, 635, 634, 278, 278,
    579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592,
    525, 636, 337, 636, 838]
OTHER_ADVANCE, WIDE_ADVANCE, BOLD = 318, 1000, 1.13  # the dot; East Asian


def number(element, name):
    return float(element.get(name))


def width_of(text):
    """In em."""
    return sum(WIDE_ADVANCE if ord(letter) > 0x2000 else
               ADVANCES[ord(letter) - 32] if " " <= letter <= "~" else
               OTHER_ADVANCE for letter in text) / 1000


def box_of(text, size_of):
    """left, right, top, bottom; size_of(classes) is the size of its letters"""
    classes = set(text.get("class").split())
    x, base = number(text, "x"), number(text, "y")
    width = width_of(text.text) * size_of(classes)
    left = x - width if "end" in classes else \
        x - width / 2 if "middle" in classes else x
    return left, left + width, base - 9, base + 3


def meet(one, other):
    return one[0] < other[1] and other[0] < one[1] and \
        one[2] < other[3] and other[2] < one[3]


def check_texts(svg, size_of):
    boxes = [(text.text, box_of(text, size_of))
             for text in svg.iter(SVG + "text")]
    for name, (left, right, top, bottom) in boxes:
        assert 0 <= left and right <= number(svg, "width"), name
        assert 0 <= top and bottom <= number(svg, "height"), name
    for (name, one), (other_name, other) in itertools.combinations(boxes, 2):
        assert not meet(one, other), f"{name} over {other_name}"

"""What the fixtures of a test have made, for the report of its failure."""

import pytest

MADE = pytest.StashKey()  # lists of what has a method show()


def made_by(request):
    """A new list, for what a fixture makes."""
    made = []
    request.node.stash.setdefault(MADE, []).append(made)
    return made


def text_of(one):
    """What it shows; of what the test has closed, why it shows nothing: the
    failure must be reported in any case."""
    try:
        return one.show()
    except (OSError, ValueError) as error:
        return f"nothing to show: {error}"


def shown(item):
    """The texts of all that was made for this test."""
    return [text_of(one) for made in item.stash.get(MADE, []) for one in made]

"""What the fixtures of a test have made, for the report of its failure."""

import pytest

MADE = pytest.StashKey()  # lists of what has a method show()


def made_by(request):
    """A new list, for what a fixture makes."""
    made = []
    request.node.stash.setdefault(MADE, []).append(made)
    return made


def shown(item):
    """The texts of all that was made for this test."""
    return [one.show() for made in item.stash.get(MADE, []) for one in made]

"""The shape of a value: types, counts and field names, no content. Pure.

What the planner sees of a private result under `Release.SHAPE`. It never looks into text and never
names a key that data, rather than a tool, has chosen (the door asks with the tool's own fields).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import assert_never

from doorward.policies.vocabulary import Data, Release

_DEPTH = 3


def released(data: Data, form: Release, fields: Collection[str]) -> Data:
    """Return what may cross in this form.

    Args:
        data: The value.
        form: How it may cross.
        fields: Field names that the tool declares; every other key is content.
    """
    match form:
        case Release.FULL:
            return data
        case Release.SHAPE | Release.REDACTED:
            # Whoever can redact does so (`daemon.door.releases`); without pseudonyms it is the
            # shape.
            return shape(data, fields)
        case Release.NOTHING:
            return None
    assert_never(form)


def shape(data: Data, fields: Collection[str], depth: int = 0) -> Data:
    """Return the shape of a value."""
    match data:
        case None:
            return "nothing"
        case bool():
            return "yes or no"
        case int() | float():
            return "number"
        case str():
            return "text"
        case list():
            return f"list of {len(data)}"
        case dict():
            if depth >= _DEPTH:
                return f"record of {len(data)}"
            return {
                name: shape(element, fields, depth + 1)
                for name, element in data.items()
                if name in fields
            }
    assert_never(data)

"""Raised labels: what detectors found in a result becomes part of its labels, before it is used.

Only where the plan has a step that sends: nothing of another objective leaves but through a
release, and that looks for itself. Labels only grow. It judges nothing; the door calls it for each
result that it keeps.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from doorward.daemon.values.vault import Value
from doorward.policies.labels import Label
from doorward.policies.parts import label_at, texts
from doorward.policies.vocabulary import Data

MOST = 1_000_000
"""Characters of one result that are looked at; what is beyond may be anything."""

Tags = Callable[[Data], frozenset[str]]
"""Says what detectors find in a text."""


def raised(value: Value, tags: Tags) -> Value:
    """Return a value in which each text has what was found in it in its own label.

    Args:
        value: The result.
        tags: Asks the detectors.
    """
    left = MOST
    found: dict[str, frozenset[str]] = {}
    for place, text in texts(value.data):
        left -= len(text)
        new = tags(text) if left >= 0 else frozenset({"secret", "personal"})
        if new:
            found[place] = found.get(place, frozenset()) | new
    if not found:
        return value
    fields = dict(value.fields)
    for place, new in found.items():
        if place:
            mine = label_at(value.label, value.fields, place)
            fields[place] = mine.join(Label(new))
    whole = value.label.join(Label(found.get("", frozenset())))
    return replace(value, label=whole, fields=fields)

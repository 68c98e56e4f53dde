"""The labels of single parts of a value: which part has which label, and what a container has.

Pure. A place in a value is dotted: names of fields, numbers of elements, `*` for every element of
a list. What no place names has the label of the whole. It does not look at data (the device's tools
and `daemon.door.steps` say what is where) and judges nothing. `daemon.values.vault` keeps parts
with a value, `daemon.values.resolve` asks for the label of what a reference names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from doorward.policies.labels import Label, join_all
from doorward.policies.vocabulary import Data, Trust

EVERY = "*"
"""Every element of a list."""

Parts: TypeAlias = Mapping[str, Label]
"""Labels by dotted place."""


def label_at(whole: Label, parts: Parts, path: str) -> Label:
    """Return the label of what stands at a place.

    The most specific place that names it, or something around it, says its label; whatever inside
    it has a label of its own is joined to that. Hence a part may be freer than the whole, and a
    container is never freer than anything in it.

    Args:
        whole: The label of the whole value.
        parts: Labels of its parts.
        path: Dotted; empty for the whole value.
    """
    asked = _names(path)
    inside = below(parts, path).values()
    around = [
        (_rank(names), label)
        for names, label in ((_names(place), label) for place, label in parts.items())
        if len(names) <= len(asked) and _meet(names, asked)
    ]
    if not around:
        return join_all([whole, *inside])
    _, best = max(around, key=lambda each: each[0])
    return join_all([best, *inside])


def below(parts: Parts, path: str) -> dict[str, Label]:
    """Return the parts inside a place, named from there."""
    asked = _names(path)
    found = [
        (names, label)
        for names, label in ((_names(place), label) for place, label in parts.items())
        if len(names) > len(asked) and _meet(names, asked)
    ]
    found.sort(key=lambda each: _rank(each[0]))  # the more specific one stays
    return {".".join(names[len(asked) :]): label for names, label in found}


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a list as a value of its own."""

    label: Label
    parts: Parts = field(default_factory=dict)


def part_at(whole: Label, parts: Parts, path: str) -> Element:
    """Return the labels of what stands at a place, as a value of its own."""
    return Element(_around(whole, parts, path), below(parts, path))


@dataclass(frozen=True, slots=True)
class Part:
    """One datum inside a value."""

    path: str
    """Dotted, with the numbers of elements."""
    value: None | bool | int | float | str
    label: Label


def elements(whole: Label, parts: Parts, path: str, count: int) -> list[Element]:
    """Return the labels of every element of a list, in one pass over the parts.

    Args:
        whole: The label of the whole value.
        parts: Labels of its parts.
        path: The place of the list in the value.
        count: How many elements it has.
    """
    rest = _around(whole, parts, path)
    inner = below(parts, path)
    every = {place: label for place, label in inner.items() if _names(place)[0] == EVERY}
    own: dict[str, dict[str, Label]] = {}
    for place, label in inner.items():
        number = _names(place)[0]
        if number != EVERY:
            own.setdefault(number, {})[place] = label
    found: list[Element] = []
    for name in map(str, range(count)):
        mine = {**every, **own.get(name, {})} if every or own else {}
        found.append(Element(_around(rest, mine, name), below(mine, name)))
    return found


def leaves(data: Data, whole: Label, parts: Parts, path: str = "") -> Iterator[Part]:
    """Yield every single datum in a value with its own label; a container yields what is in it.

    Args:
        data: The value.
        whole: Its label.
        parts: Labels of its parts.
        path: Where the value itself stands.
    """
    match data:
        case list():
            for number, (one, own) in enumerate(
                zip(data, elements(whole, parts, "", len(data)), strict=True)
            ):
                yield from leaves(one, own.label, own.parts, _join(path, str(number)))
        case dict():
            for name, one in data.items():
                # A dot in a name that data has chosen would lead elsewhere: it has the whole label.
                near = parts if "." not in name else {}
                inner = below(near, name)
                yield from leaves(one, _around(whole, near, name), inner, _join(path, name))
        case _:
            yield Part(path, data, whole)


def texts(data: Data, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield the place and the text of every text in a value, names and numbers included.

    A name belongs to what it stands in.
    """
    match data:
        case str():
            yield path, data
        case bool() | None:
            return
        case int() | float():
            yield path, str(data)
        case list():
            for number, one in enumerate(data):
                yield from texts(one, _join(path, str(number)))
        case dict():
            for name, one in data.items():
                yield path, name
                # A dot in a name that data has chosen would lead elsewhere.
                if "." in name:
                    yield from ((path, text) for _, text in texts(one))
                else:
                    yield from texts(one, _join(path, name))


def assigned(label: Label) -> Label:
    """Return the label of what the system itself says of such data: a count, a size, a day."""
    if label.trust.rank <= Trust.ASSIGNED.rank:
        return label
    return replace(label, trust=Trust.ASSIGNED)


def _around(whole: Label, parts: Parts, path: str) -> Label:
    """Return what the places at or around a path say of it, without what is inside."""
    depth = len(_names(path))
    near = {place: label for place, label in parts.items() if len(_names(place)) <= depth}
    return label_at(whole, near, path)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _names(path: str) -> Sequence[str]:
    return path.split(".") if path else ()


def _meet(place: Sequence[str], path: Sequence[str]) -> bool:
    """Tell whether one leads to the other: every name that both have is the same, or `*`."""
    return all(mine in {EVERY, yours} for mine, yours in zip(place, path, strict=False))


_Rank: TypeAlias = tuple[int, tuple[bool, ...]]


def _rank(names: Sequence[str]) -> _Rank:
    """Return how specific a place is: by its depth, then by its names, the last one first.

    The last first, so that a part has the same labels whether or not it is looked at by itself.
    """
    return len(names), tuple(name != EVERY for name in reversed(names))

"""Bits: how much the planner learns of private data from what is no content. Pure.

A count, a yes or no, a step that was skipped: each tells little, thousands of them tell everything.
So they are counted, and a budget ends them. Content that policy releases is not counted here: the
policy file says who may see it. The door counts before it releases; `daemon.door.budget` adds up.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from math import ceil, log2

from doorward.policies.vocabulary import Data, Release

PER_OBJECTIVE = 64
"""Of one objective, to one destination: more than its counts need, less than one short sentence."""
PER_DAY = 2048
"""To one destination, over all objectives: some fifty usual ones; half a page of text."""
OUTCOME = 2
"""How a step ended (done, skipped, refused, failed), where that was a question: it had a condition,
or it did not do what it was to do."""
ENDS = 32
"""Of one objective, beyond its budget: a few more steps may end before the objective is ended."""
ENDS_A_DAY = 512
"""The same, over all objectives of a day."""
_MOST = 16
"""Of one number: what is larger is told as large."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one destination has been told so far, in bits."""

    objective: int = 0
    day: int = 0
    numbers: frozenset[int] = frozenset()
    """The counts that it was told of this objective: one of them again tells little."""


@dataclass(frozen=True, slots=True)
class Learned:
    """What a destination learns from one release."""

    bits: int = 0
    numbers: frozenset[int] = frozenset()


def learned(data: Data, form: Release, known: Collection[int] = ()) -> Learned:
    """Return what a value tells in a form.

    Args:
        data: The value.
        form: How it would cross. Released content (full, redacted) is policy's business: no bits.
        known: Counts that were told of the objective before.
    """
    if form is not Release.SHAPE:
        return Learned()
    told, bits = set(known), 0
    for number in _counts(data):
        bits += _bits(number, told)
        told.add(number)
    return Learned(bits + _holes(data), frozenset(told - set(known)))


def bits_of_choice(options: int) -> int:
    """Return the bits of one of several values that were agreed on before."""
    return ceil(log2(options)) if options > 1 else 0


def bits_of_number(number: int) -> int:
    """Return the bits of a count."""
    return min(abs(number).bit_length(), _MOST)


def over(spent: Spent, bits: int) -> str:
    """Return which budget would be passed, in words; empty when none is."""
    if spent.objective + bits > PER_OBJECTIVE:
        return f"this objective's {PER_OBJECTIVE} bits for counts and conditions are used up"
    if spent.day + bits > PER_DAY:
        return f"today's {PER_DAY} bits for counts and conditions are used up"
    return ""


def exhausted(spent: Spent, bits: int) -> str:
    """Return why not even the end of a step may be told any more; empty while it may.

    Args:
        spent: What the destination was told before.
        bits: What the end of the step tells.
    """
    if bits and spent.objective + bits > PER_OBJECTIVE + ENDS:
        return "the planner asked more yes-or-no questions of your data than one objective needs"
    if bits and spent.day + bits > PER_DAY + ENDS_A_DAY:
        return "the planner asked more yes-or-no questions of your data today than it may"
    return ""


def _bits(number: int, known: Collection[int]) -> int:
    """Return what a count tells: which of those that are known it is, or the whole number."""
    fresh = bits_of_number(number)
    return min(fresh, 1 + bits_of_choice(len(known))) if number in known else fresh


def _counts(data: Data) -> Iterator[int]:
    match data:
        case list():
            yield len(data)
        case dict():
            for one in data.values():
                yield from _counts(one)
        case _:
            return


def _holes(data: Data) -> int:
    """Count the fields that are empty: which there are is the tool's to say, not what is filled."""
    if not isinstance(data, dict):
        return 0
    return sum(_holes(one) if one is not None else 1 for one in data.values())

"""Bits: how much the planner learns of private data from what is no content. Pure.

A count, a yes or no, a step that was skipped: each tells little, thousands of them tell everything.
So they are counted, and a budget ends them. Content that policy releases is not counted here: the
policy file says who may see it. The door counts before it releases; `daemon.budget` adds up.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2

from doorward.policies.vocabulary import Data, Release

PER_OBJECTIVE = 64
"""Of one objective, to one destination: more than its counts need, less than one short sentence."""
PER_DAY = 2048
"""To one destination, over all objectives: some fifty usual ones; half a page of text."""
OUTCOME = 1
"""Whether a step did what it was to do: done, or not (skipped, failed, refused)."""
_MOST = 16
"""Of one number: what is larger is told as large."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one destination has been told so far, in bits."""

    objective: int = 0
    day: int = 0


def bits_of(data: Data, form: Release) -> int:
    """Return how many bits a value tells in a form.

    Args:
        data: The value.
        form: How it would cross. Released content (full, redacted) is policy's business: no bits.
    """
    return 0 if form is not Release.SHAPE else _shape(data)


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


def _shape(data: Data) -> int:
    match data:
        case list():
            return bits_of_number(len(data))
        case dict():
            # Which fields there are is the tool's to say; whether one is filled, the data's.
            return sum(
                _shape(one) if isinstance(one, list | dict) else int(one is None)
                for one in data.values()
            )
        case _:
            return 0

"""What the reader process answered, made ours: checked against the request, never believed.

The process met hostile text: a span outside its text or an answer of another form is
`ReaderFailed`, not a value. Pure; `client` calls it.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import cast

from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import Ended, ReaderFailed, Span, Written


def span(text: str, answer: Data) -> Span | None:
    """Read a span of `text`.

    Raises:
        ReaderFailed: When it is none.
    """
    if answer is None:
        return None
    start, end, confidence = numbers(answer, 3)
    first, last = int(start), int(end)
    if not 0 <= first < last <= len(text):
        msg = "the reader answered with a span outside the text"
        raise ReaderFailed(msg)
    return Span(text[first:last], first, last, min(1.0, max(0.0, confidence)))


def spans(text: str, answer: Data) -> list[Span]:
    """Read the spans of `text`, in order, none overlapping another.

    Raises:
        ReaderFailed: When they are none.
    """
    found = [each for one in _list(answer) if (each := span(text, one)) is not None]
    if any(one.end > other.start for one, other in pairwise(found)):
        msg = "the reader answered with spans that overlap"
        raise ReaderFailed(msg)
    return found


def written(answer: Data) -> Written:
    """Read what was written."""
    text, ended, *counts = lists(answer, 4)
    if not isinstance(text, str) or ended not in list(Ended):
        msg = "the reader answered in a form that does not fit the request"
        raise ReaderFailed(msg)
    read, wrote = numbers(counts, 2)
    return Written(text, Ended(ended), int(read), int(wrote))


def lists(answer: Data, size: int) -> list[Data]:
    """Read a list of so many."""
    if len(read := _list(answer)) != size:
        msg = "the reader answered in a form that does not fit the request"
        raise ReaderFailed(msg)
    return read


def _list(answer: Data) -> list[Data]:
    if not isinstance(answer, list):
        msg = "the reader answered in a form that does not fit the request"
        raise ReaderFailed(msg)
    return answer


def numbers(answer: Data, size: int | None = None) -> list[float]:
    """Read numbers, so many if it is said."""
    if (
        not isinstance(answer, list)
        or (size is not None and len(answer) != size)
        or not all(isinstance(number, int | float) and _finite(number) for number in answer)
    ):
        msg = "the reader answered in a form that does not fit the request"
        raise ReaderFailed(msg)
    return [float(cast("float", number)) for number in answer]


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:  # a whole number that no float holds
        return False

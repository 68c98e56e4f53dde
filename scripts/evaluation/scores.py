"""Figures with their intervals, and a checker of the evaluation's own of what stands in a source.

Pure; it shares no code with the product's checks, so that one mistake is not made twice.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

# ruff: noqa: SIM905 - a table of words

_WORD = re.compile(r"\w+")
_NUMBER = re.compile(r"\d+(?:[.,:/-]\d+)*")
_SMALL = frozenset(
    "a an and are as at be been but by can did do does for from had has have he her his how i if in"
    " is it its may me my not of on or our she so that the their them they this to was we were what"
    " when where which who will with you your".split()
)


@dataclass(frozen=True, slots=True)
class Figure:
    """How often one way was right at one task."""

    task: str
    data: str
    way: str
    """`product`, `model alone`, or a baseline's name."""
    measure: str
    right: int
    total: int
    seconds: float = 0.0
    """A piece of work, in the mean."""

    @property
    def interval(self) -> tuple[float, float]:
        """Return Wilson's 95 % interval."""
        if not self.total:
            return 0.0, 1.0
        z, n = 1.96, self.total
        share = self.right / n
        middle = (share + z * z / (2 * n)) / (1 + z * z / n)
        half = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n)) / (1 + z * z / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    @property
    def row(self) -> str:
        """Return it as a row of Markdown."""
        low, high = self.interval
        share = f"{100 * self.right / self.total:.0f} %" if self.total else "none"
        took = f"{self.seconds:.2f}" if self.seconds else ""
        return (
            f"| {self.task} | {self.data} | {self.way} | {self.measure} | {self.right} / "
            f"{self.total} | {share} | {100 * low:.0f}-{100 * high:.0f} | {took} |"
        )


HEAD = (
    "| task | data | way | measure | right / n | share | 95 % | s each |\n"
    "|---|---|---|---|---:|---:|---:|---:|"
)


def words(text: str) -> list[str]:
    """Return the telling words of a text, in small letters."""
    return [word for word in _WORD.findall(text.casefold()) if word not in _SMALL]


def flat(text: str) -> str:
    """Return a text in small letters with single spaces."""
    return " ".join(text.casefold().split())


def stands(piece: str, source: str) -> bool:
    """Tell whether a piece is in the source word for word, spaces and case apart."""
    return bool(piece.strip()) and flat(piece) in flat(source)


def supported(sentence: str, source: str) -> bool:
    """Tell whether three neighbouring lines or sentences of the source hold what is said.

    All numbers and all capitalised words inside the sentence must be there, and four in five of
    its telling words (by their first five letters). It cannot see a wrong negation or a swapped
    role: it is an upper bound of what is true.
    """
    if stands(sentence, source):
        return True
    parts = [part for part in re.split(r"(?<=[.!?])\s+|\n", source) if part.strip()]
    stems = {word[:5] for word in words(sentence)}
    numbers = set(_NUMBER.findall(sentence))
    names = {word.casefold() for word in re.findall(r"(?<=\w )[A-Z]\w+", sentence)}
    for start in range(max(1, len(parts) - 2)):
        window = " ".join(parts[start : start + 3])
        held = {word[:5] for word in words(window)}
        if numbers - set(_NUMBER.findall(window)) or names - set(_WORD.findall(window.casefold())):
            continue
        if not stems or len(stems & held) >= 0.8 * len(stems):
            return True
    return False


def spread(texts: Sequence[str]) -> list[dict[str, float]]:
    """Return TF-IDF vectors of unit length."""
    bags = [words(text) for text in texts]
    seen: defaultdict[str, int] = defaultdict(int)
    for bag in bags:
        for word in set(bag):
            seen[word] += 1
    vectors = []
    for bag in bags:
        vector: defaultdict[str, float] = defaultdict(float)
        for word in bag:
            vector[word] += math.log(1 + len(texts) / seen[word])
        length = math.sqrt(sum(value * value for value in vector.values())) or 1.0
        vectors.append({word: value / length for word, value in vector.items()})
    return vectors


def likeness(left: dict[str, float], right: dict[str, float]) -> float:
    """Return the cosine of two TF-IDF vectors."""
    return sum(value * right.get(word, 0.0) for word, value in left.items())


def dot(left: Iterable[float], right: Iterable[float]) -> float:
    """Return the product of two plain vectors."""
    return sum(one * other for one, other in zip(left, right, strict=True))

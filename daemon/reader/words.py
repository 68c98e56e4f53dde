"""Words as the finder of names sees them: where they stand, how they are written. Pure.

No model and no numbers but flags: `names` puts them beside a model's states, `scripts/train_names`
learns from both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

WINDOW: Final = 400
"""The most characters that are looked at together."""

_WORD = re.compile(r"(?<![^\W_]['’])[^\W_]+(?:(?:['’](?!s\b)|-)[^\W_]+)*|[^\W_]{2,}")
_ADDRESS = re.compile(r"[^\s<>();,|]+@[^\s<>();,|]+\.\w+|\b(?:https?://|www\.)[^\s<>]+")
_ENDS = re.compile(r"\n+|(?<=[.!?;])\s+|\s+")
_JOINS = re.compile(r"[ \u00a0]|\. ?")
"""What may stand between two words of one name."""
FLAGS: Final = 34
"""How many flags a word has."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text, in characters of it."""

    start: int
    end: int


def words(text: str) -> list[Word]:
    """Return the words of a text, none from an address; a possessive `'s` is no part of one."""
    addresses = [found.span() for found in _ADDRESS.finditer(text)]
    found = [Word(*found.span()) for found in _WORD.finditer(text)]
    return [each for each in found if not any(a <= each.start < b for a, b in addresses)]


def windows(text: str) -> list[tuple[int, int]]:
    """Part a text into pieces of at most `WINDOW` characters, where a line or a sentence ends."""
    out, at = [], 0
    while len(text) - at > WINDOW:
        piece = text[at : at + WINDOW]
        cuts = {kind: cut.end() for cut in _ENDS.finditer(piece) for kind in (_rank(piece, cut),)}
        half = [kind for kind in sorted(cuts) if cuts[kind] > WINDOW // 2]
        cut = cuts[half[0]] if half else max(cuts.values(), default=WINDOW)
        out.append((at, at + cut))
        at += cut
    return [*out, (at, len(text))] if at < len(text) else out


def _rank(piece: str, cut: re.Match[str]) -> int:
    if "\n" in cut.group():
        return 0
    return 1 if piece[cut.start() - 1 : cut.start()] in {".", "!", "?", ";"} else 2


def folded(word: str) -> str:
    """Return a word as names are compared: no case, no accents."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    return "".join(each for each in plain if not unicodedata.combining(each))


def flags(
    text: str, found: Sequence[Word], given: Collection[str], family: Collection[str]
) -> list[list[float]]:
    """Return the flags of each word.

    Args:
        text: A window.
        found: Its words.
        given: Folded given names that are known.
        family: Folded family names that are known.
    """
    whole = [text[word.start : word.end] for word in found]
    count = max(1, len(whole))
    capital = sum(each[0].isupper() for each in whole) / count
    shout = sum(each.isupper() for each in whole) / count
    rows = []
    for at, word in enumerate(whole):
        before = text[found[at - 1].end if at else 0 : found[at].start]
        after = text[found[at].end : found[at + 1].start if at + 1 < len(found) else len(text)]
        rows.append(
            [
                *map(float, _written(word)),
                *map(float, _around(before, after, first=not at)),
                *_known(word, given),
                *_known(word, family),
                capital,
                shout,
            ]
        )
    return rows


def _written(word: str) -> tuple[bool, ...]:
    size = len(word)
    return (
        word[0].isupper() and word[1:].islower(),
        word.isupper() and size > 1,
        word.isupper() and size == 1,
        word.islower(),
        any(each.isdigit() for each in word),
        any(each.isupper() for each in word[1:]) and not word.isupper(),
        not word.isalpha(),
        word.endswith("s"),
        size <= 2,
        3 <= size <= 5,
        6 <= size <= 9,
        size > 9,
    )


def _around(before: str, after: str, *, first: bool) -> tuple[bool, ...]:
    left, right = before.rstrip(" "), after.lstrip(" ")
    return (
        first or "\n" in before,
        "\n" in after or not after,
        left.endswith((".", "!", "?")),
        right.startswith(","),
        right.startswith(":"),
        right.startswith("."),
        right.startswith((";", "\t", "|")),
        right.startswith(("<", "@", "(")),
        after == " ",
        before == " ",
        left.endswith(","),
        left.endswith(":"),
        left.endswith((";", "\t", "|")),
        left.endswith(("@", "<", "/", "_")),
        left.endswith(("(", '"', "“", "„")),
        after.startswith(("'s", "’s")),
    )


def _known(word: str, names: Collection[str]) -> tuple[float, float]:
    """Tell whether it is a known name, and whether a part of it is."""
    plain = folded(word)
    parts = re.split(r"['’-]", plain)
    return float(plain in names), float(len(parts) > 1 and any(part in names for part in parts))


def joined(
    text: str, found: Sequence[Word], chances: Sequence[float], least: float
) -> list[tuple[int, int, float]]:
    """Return runs of likely words as spans, each with the greatest chance in it.

    Args:
        text: The text.
        found: Its words.
        chances: How likely each is part of a name.
        least: What one word of a run must have; the others half of it.
    """
    runs: list[tuple[int, int, float]] = []
    for word, chance in zip(found, chances, strict=True):
        if chance < least / 2:
            continue
        if runs and _JOINS.fullmatch(text[runs[-1][1] : word.start]):
            start, _, best = runs.pop()
            runs.append((start, word.end, max(best, chance)))
        else:
            runs.append((word.start, word.end, chance))
    return [run for run in runs if run[2] >= least]

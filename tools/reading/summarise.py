"""Summaries made of the documents' own sentences: the most central ones, cited, in their order.

Pure; it writes no sentence of its own, so it can invent nothing. The small model was measured and
lost to the first three sentences (8 to 14 key points of 20); this is what won. `read.ReadSummarise`
calls it.
"""

# ruff: noqa: E501 - tables of words and patterns stay whole

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from doorward.tools.reading.documents import Document
from doorward.tools.texts.lines import Piece, sentences
from doorward.tools.texts.words import likeness, rarity, terms, vector

MOST = 400
"""Sentences that are weighed; beyond, each document's first ones."""

_BOILER = re.compile(
    r"^(?:dear|hello|hi|hallo|sehr geehrte|liebe[rs]?|kind regards|best (?:regards|wishes)|mit freundlichen|viele grüße|cheers"
    r"|yours|from:|to:|cc:|date:|sent:|subject:|unsubscribe|page \d|seite \d|©|copyright|http|www)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence and where it stands."""

    document: int
    """Its number among the documents given."""
    piece: Piece
    score: float


def summarise(items: Sequence[Document], count: int) -> list[Cited]:
    """Choose the sentences that say most of what the documents say.

    Args:
        items: The documents, in the order they should speak.
        count: How many sentences at most.

    Returns:
        Sentences in the order of the documents; one that repeats another is left out.
    """
    found = [
        (number, place, piece)
        for number, item in enumerate(items)
        for place, piece in enumerate(_telling(item.text))
    ]
    share = max(8, MOST // max(len(items), 1))
    found = [entry for entry in found if entry[1] < share]
    bags = [terms(piece.text) for _, _, piece in found]
    weights = rarity(bags)
    vectors = [vector(bag, {t: 1 / (0.5 + w) for t, w in weights.items()}) for bag in bags]
    scored: list[tuple[float, int]] = []
    for index, (number, place, piece) in enumerate(found):
        near = [i for i, entry in enumerate(found) if entry[0] == number and i != index]
        central = sum(likeness(vectors[index], vectors[i]) for i in near) / max(len(near), 1)
        scored.append((central + _place(place) + _content(piece.text, bags[index]), index))
    chosen = _unlike(sorted(scored, reverse=True), found, vectors, len(items), count)
    return [Cited(found[i][0], found[i][2], round(score, 4)) for score, i in chosen]


def _telling(text: str) -> list[Piece]:
    return [
        piece
        for piece in sentences(text)
        if 5 <= len(piece.text.split()) <= 60 and not _BOILER.match(piece.text)
    ]


def _place(place: int) -> float:
    """Favour what comes first: the opening of a text usually says what it is about."""
    return 0.35 / (1 + place / 2)


def _content(text: str, bag: Sequence[str]) -> float:
    """Favour facts (numbers, names) and full sentences over fragments and questions."""
    facts = min(len(re.findall(r"\d+|(?<=\s)[A-ZÄÖÜ][a-zäöü]+", text)), 5) * 0.03
    whole = 0.1 if re.search(r"[.!]\W*$", text) else 0.0
    return facts + whole + min(len(set(bag)), 12) * 0.012 - (0.15 if text.endswith("?") else 0.0)


def _unlike(
    scored: Sequence[tuple[float, int]],
    found: Sequence[tuple[int, int, Piece]],
    vectors: Sequence[dict[str, float]],
    documents: int,
    count: int,
) -> list[tuple[float, int]]:
    """Take the best, a fair share from each document, none that repeats what is taken."""
    fair = max(1, -(-count // max(documents, 1)))
    chosen: list[tuple[float, int]] = []
    for limit in (fair, count):
        for score, index in scored:
            taken = [i for _, i in chosen]
            mine = sum(found[i][0] == found[index][0] for i in taken)
            if len(chosen) >= count or index in taken or mine >= limit:
                continue
            if all(likeness(vectors[index], vectors[i]) < 0.6 for i in taken):
                chosen.append((score, index))
    return sorted(chosen, key=lambda pair: pair[1])

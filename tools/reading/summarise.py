"""Summaries made of the documents' own sentences: the most central ones, cited, in their order.

Pure; it writes no sentence of its own, so it can invent nothing. The small model was measured and
lost to the first three sentences (8 to 14 key points of 20); this is what won. `read.ReadSummarise`
calls it.
"""

# ruff: noqa: E501 - tables of words and patterns stay whole

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from doorward.tools.reading.documents import Document
from doorward.tools.texts.amounts import find_amounts
from doorward.tools.texts.dates import MONTHS
from doorward.tools.texts.lines import Piece, sentences
from doorward.tools.texts.words import likeness, rarity, terms, vector

ENOUGH = 5
"""Whole sentences from which on nothing else is taken: tables and lists have none."""
FEWEST = 3
"""Words of four letters that a line needs to say something, where it is no sentence."""
ALIKE = 0.6
"""How alike two sentences may be; what is more so repeats the other."""
WINDOW = 120
"""Sentences of one part of a long document: each part has its say."""

_MONTH = "|".join(name for name in MONTHS if len(name) > 2)
_BOILER = re.compile(
    r"^(?:dear|hello|hi|hallo|sehr geehrte|liebe[rs]?|kind regards|best (?:regards|wishes)|mit freundlichen|viele grüße|cheers"
    r"|thank you for|thanks for|vielen dank|see you|yours|from:|to:|cc:|date:|sent:|subject:|unsubscribe|page \d|seite \d|©|copyright|http|www)",
    re.IGNORECASE,
)


_DAY = re.compile(
    rf"\b(?:\d{{1,2}}\.? (?:{_MONTH})|(?:{_MONTH}) \d{{1,2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|\d{{4}}-\d\d-\d\d)\b",
    re.IGNORECASE,
)
_TERM = re.compile(
    r"\b(?:\d+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|drei|zwei|vier|fünf|sechs|acht|zwölf)[ -]"
    r"(?:(?:[a-zäöü]+) )?(?:years?|months?|weeks?|days?|jahre?n?|monate?n?|wochen?|tage?n?|copies|people|per ?cent|%)",
    re.IGNORECASE,
)
_DUTY = re.compile(
    r"\b(?:must|due|until|at the latest|not allowed|forbidden|required|requires?|entitled|decided|agreed|will (?:be|cost|need)|ends?"
    r"|expires?|cancel|please|recommend\w*|suggests?|muss|müssen|bis zum|fällig|kündigen|beschlossen|verpflichtet|bitte)\b",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"\b\d{5} [A-ZÄÖÜ]|\b[A-Z]{1,2}\d{1,2} \d[A-Z]{2}\b|@|https?:")
_ROW = re.compile(r"\t|\||\s{3,}\S|\.{4,}")
_DEADLINE = re.compile(r"(?:deadline|due(?: date)?|frist|fällig(?: am)?|bis)\b\W", re.IGNORECASE)
_PAGE = re.compile(r"(?:page|seite|p\.) ?\d+(?: ?(?:of|von|/) ?\d+)?\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Cited:
    """A sentence and where it stands."""

    document: int
    """Its number among the documents given."""
    piece: Piece
    score: float


def summarise(items: Sequence[Document], count: int, *, alike: float = ALIKE) -> list[Cited]:
    """Choose the sentences that say most of what the documents say.

    Args:
        items: The documents, in the order they should speak.
        count: How many sentences at most.
        alike: How alike one may be to another that is taken; above 1 for no matter how.

    Returns:
        Sentences in the order of the documents; one that repeats another is left out.
    """
    found = [
        _Said(number, place, place // WINDOW, piece)
        for number, item in enumerate(items)
        for place, piece in enumerate(_telling(item.text, count))
    ]
    bags = [terms(each.piece.text) for each in found]
    weights = rarity(bags)
    often = {term: 1 / (0.5 + weight) for term, weight in weights.items()}
    vectors = [vector(bag, often) for bag in bags]
    scored = [
        (central + _place(each.place) + _content(each.piece.text, bag), index)
        for index, (central, each, bag) in enumerate(
            zip(_central(found, vectors), found, bags, strict=True)
        )
    ]
    chosen = _unlike(sorted(scored, reverse=True), found, vectors, count, alike)
    return [Cited(found[i].document, found[i].piece, round(score, 4)) for score, i in chosen]


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence that may be chosen."""

    document: int
    place: int
    """Which of its document's it is."""
    window: int
    """Which part of a long document it is in."""
    piece: Piece


def _central(found: Sequence[_Said], vectors: Sequence[dict[str, float]]) -> list[float]:
    """Return how like the others of its part of the document each sentence is, on average."""
    sums: dict[tuple[int, int], dict[str, float]] = {}
    sizes: Counter[tuple[int, int]] = Counter()
    for each, mine in zip(found, vectors, strict=True):
        part = (each.document, each.window)
        sizes[part] += 1
        total = sums.setdefault(part, {})
        for term, value in mine.items():
            total[term] = total.get(term, 0.0) + value
    return [
        max(0.0, likeness(mine, sums[each.document, each.window]) - 1)
        / max(sizes[each.document, each.window] - 1, 1)
        for each, mine in zip(found, vectors, strict=True)
    ]


def _telling(text: str, count: int) -> list[Piece]:
    """Return what may stand in a summary: whole sentences, and lines only where there are few."""
    pieces = [
        piece
        for piece in _with_their_days(text)
        if 4 <= len(piece.text.split()) <= 60
        and not _BOILER.match(piece.text)
        and not _bare(piece.text)
        and sum(mark.isalpha() for mark in piece.text) >= len(piece.text) / 3
    ]
    begun = [piece for piece in pieces if not _rest(text, piece)]
    pieces = begun if len(begun) >= count else pieces
    whole = [piece for piece in pieces if is_sentence(piece.text)]
    return whole if len(whole) >= min(count, ENOUGH) else pieces


def _with_their_days(text: str) -> list[Piece]:
    """Return the sentences; a task and the deadline right behind it are one."""
    found: list[Piece] = []
    for piece in sentences(text):
        if found and _DEADLINE.match(piece.text) and "\n" not in text[found[-1].end : piece.start]:
            last = found.pop()
            found.append(Piece(text[last.start : piece.end], last.start))
        else:
            found.append(piece)
    return found


def _rest(text: str, piece: Piece) -> bool:
    """Tell the rest of a heading: it begins small, and not behind a salutation's comma."""
    return (
        piece.text[0].islower() and text[max(0, piece.start - 4) : piece.start].strip()[-1:] != ","
    )


def _bare(text: str) -> bool:
    """Tell a line that holds little but a day or a name: a letter's date, a patient's birth."""
    return not is_sentence(text) and len(re.findall(r"[^\W\d_]{4,}", _DAY.sub(" ", text))) < FEWEST


def is_sentence(text: str) -> bool:
    """Tell a sentence from a heading, a row of a table, a label with its value, a page number."""
    return (
        re.search(r"[.!?…][\"'”’)\]]*$", text) is not None
        and len(text.split()) >= 5
        and not _ROW.search(text)
        and not _PAGE.match(text)
    )


def _place(place: int) -> float:
    """Favour what comes first: the opening of a text usually says what it is about."""
    return 0.2 / (1 + place / 2)


def _content(text: str, bag: Sequence[str]) -> float:
    """Favour what a reader must know (sums, days, terms, duties, what was decided) over talk."""
    plain = " ".join(text.split())
    facts = 0.24 * bool(find_amounts(plain)) + 0.24 * (_DAY.search(plain) is not None)
    facts += 0.16 * (_TERM.search(plain) is not None) + 0.16 * (_DUTY.search(plain) is not None)
    facts += min(len(re.findall(r"\d+|(?<=\s)[A-ZÄÖÜ][a-zäöü]+", plain)), 5) * 0.04
    whole = 0.2 if is_sentence(text) else 0.0
    talk = 0.3 * text.endswith("?") + 0.3 * (_ADDRESS.search(plain) is not None and not whole)
    return facts + whole + min(len(set(bag)), 12) * 0.024 - talk


def _unlike(
    scored: Sequence[tuple[float, int]],
    found: Sequence[_Said],
    vectors: Sequence[dict[str, float]],
    count: int,
    alike: float,
) -> list[tuple[float, int]]:
    """Take the best: a fair share of each document and part, none that repeats what is taken."""
    parts = len({(each.document, each.window) for each in found})
    fair = max(1, count // max(parts, 1))
    chosen: list[tuple[float, int]] = []
    taken: Counter[tuple[int, int]] = Counter()
    held: set[int] = set()
    for limit in (fair, count):
        for score, index in scored:
            part = (found[index].document, found[index].window)
            if len(chosen) >= count:
                break
            if taken[part] >= limit or index in held:
                continue
            if alike > 1 or all(likeness(vectors[index], vectors[i]) < alike for _, i in chosen):
                chosen.append((score, index))
                taken[part] += 1
                held.add(index)
    return sorted(chosen, key=lambda pair: pair[1])

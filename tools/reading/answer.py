"""Answers quoted from documents: the passages that speak to a question, or "not found".

Pure; every quote is a verbatim span. It composes no sentence of its own. `read.ReadAnswer` calls it.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns stay whole

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from doorward.tools.reading.documents import Document, day_of
from doorward.tools.reading.summarise import Cited
from doorward.tools.texts.amounts import find_amounts
from doorward.tools.texts.dates import MONTHS, find_dates, find_deadlines
from doorward.tools.texts.lines import Piece, lines, sentences
from doorward.tools.texts.words import rarity, stem, terms

COVERED = 0.5
"""The share of the question's weight that a passage must carry to count as an answer."""
NEARLY = 0.45
"""What is enough of it for a passage that has just the form of an answer."""
FORMED = 0.3
QUOTES = 3
STRANGE = 0.5
"""The share of a question that no document has a word for, from which on nothing answers it."""
HEAD = 0.15
"""What is added to a passage for all of what is asked for, before what it is asked of."""

_ASKED = frozenset(
    """much many long often date day time amount price cost number name tell find say know write wrote document documents file
    get got gets have has need needs go goes make makes take takes still value level
    wann wieviel viel hoch lange viele datum betrag nummer kostet""".split()
)
_SAME = (
    ("rent", "miete", "kaltmiete", "warmmiete"), ("notice", "kündigungsfrist", "kündigung", "terminate", "termination", "cancel"),
    ("deposit", "kaution", "anzahlung"), ("landlord", "vermieter"), ("tenant", "mieter"), ("salary", "gehalt", "pay"),
    ("pay", "paid", "payment", "bezahlt", "zahlung", "zahlen", "due"), ("doctor", "arzt", "dr"), ("meeting", "termin", "appointment"),
    ("price", "cost", "costs", "preis", "kosten", "total", "fee", "amount"), ("start", "begin", "begins", "starts", "beginn", "commence"),
    ("end", "ends", "finish", "ende", "expire", "expires"), ("phone", "telephone", "telefon", "tel"), ("address", "adresse", "anschrift"),
    ("delivery", "lieferung", "deliver", "deliver", "ship", "shipping"), ("insurance", "versicherung"), ("invoice", "rechnung", "bill"),
    ("car", "auto", "fahrzeug", "vehicle"), ("flat", "wohnung", "apartment"), ("holiday", "urlaub", "vacation"),
    ("electricity", "strom"), ("warranty", "guarantee", "garantie", "gewährleistung"), ("flight", "flug"), ("train", "zug", "bahn"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What the documents say to a question."""

    found: bool
    quotes: list[Cited]


def answer(question: str, items: Sequence[Document]) -> Answer:
    """Quote the sentences that answer a question best.

    Args:
        question: In the user's words.
        items: The documents to look in.
    """
    passages = [
        (number, piece, around)
        for number, item in enumerate(items)
        for piece, around in _passages(item)
    ]
    weights = rarity([terms(piece.text) for _, piece, _ in passages])
    abouts = [frozenset(terms(f"{item.title} {_path(item)} {item.text}")) for item in items]
    asked = _Asked.of(question, weights, frozenset().union(*abouts))
    if not asked.whole or asked.strange > STRANGE:
        return Answer(found=False, quotes=[])
    scored: list[tuple[float, float, int]] = []
    for index, (number, piece, around) in enumerate(passages):
        covered = asked.covered(piece, around, abouts[number])
        if covered < NEARLY or (form := fits(question, piece.text, items[number])) is None:
            continue
        if covered >= COVERED or (form >= FORMED and asked.names <= abouts[number]):
            scored.append((covered + form + asked.head(piece), covered, index))
    best = sorted(scored, key=lambda entry: (-entry[0], entry[2]))[:QUOTES]
    kept = [entry for entry in best if entry[0] >= best[0][0] * 0.8]
    quotes = [Cited(passages[i][0], passages[i][1], round(score, 4)) for score, _, i in kept]
    quotes = [each for each in quotes if _verbatim(each, items)]
    return Answer(found=bool(quotes), quotes=quotes)


def _verbatim(each: Cited, items: Sequence[Document]) -> bool:
    """Tell whether a quote stands where it says; the last look at everything that is answered."""
    text = items[each.document].text
    return text[each.piece.start : each.piece.end] == each.piece.text != ""


def _path(item: Document) -> str:
    return re.sub(r"[/_.-]", " ", item.path)


@dataclass(frozen=True, slots=True)
class _Asked:
    """A question taken apart."""

    groups: tuple[frozenset[str], ...]
    """Its terms, each with the words that mean the same."""
    shares: tuple[float, ...]
    """How much each tells."""
    heads: tuple[bool, ...]
    """Whether it is what is asked for."""
    names: frozenset[str]
    """The terms of proper names: a document about somebody else does not answer."""
    strange: float
    """The share of what it asks that no document has a word for."""

    @classmethod
    def of(cls, question: str, weights: Mapping[str, float], held: frozenset[str]) -> _Asked:
        """Weigh its terms by their rarity."""
        rare = max(weights.values(), default=1.0)
        groups, heads = _alike(question)
        shares: list[float] = []
        strange = 0.0
        for group in groups:
            known = [weights[term] for term in group if term in weights]
            # what no passage holds may be said in other words
            share = min(known) if known else 0.85 * rare
            strange += 0.0 if group & held else share
            shares.append(share)
        words = re.findall(r"(?<=\s)[A-ZÄÖÜ][a-zäöüß]+", question)
        names = frozenset(term for word in words for term in terms(word))
        whole = sum(shares)
        return cls(
            tuple(groups), tuple(shares), tuple(heads), names, strange / whole if whole else 0.0
        )

    @property
    def whole(self) -> float:
        """Return the weight of all of it."""
        return sum(self.shares)

    def head(self, piece: Piece) -> float:
        """Return how much of what is asked for a passage names, of `HEAD`."""
        mine = set(terms(piece.text))
        named = [bool(g & mine) for g, head in zip(self.groups, self.heads, strict=True) if head]
        return HEAD * sum(named) / max(len(named), 1)

    def covered(self, piece: Piece, around: str, about: frozenset[str]) -> float:
        """Return the share that a passage covers: itself fully, its surroundings in part."""
        mine = set(terms(piece.text))
        near: set[str] | None = None
        total = 0.0
        for group, share in zip(self.groups, self.shares, strict=True):
            if group & mine or any(len(t) > 4 and t in word for t in group for word in mine):
                total += share
                continue
            if near is None:
                near = set(terms(around))
            total += share * (0.45 if group & near else 0.4 if group & about else 0.0)
        return total / self.whole * (0.75 if self.names - about else 1.0)


def _passages(item: Document) -> list[tuple[Piece, str]]:
    """Return sentences and table lines, each with the text just around it."""
    whole = [piece for piece in sentences(item.text) if len(piece.text) <= 500]
    pieces = list(whole)
    ends = sorted((piece.end, piece.start) for piece in whole)
    at = 0
    for line in lines(item.text):
        while at < len(ends) and ends[at][0] <= line.start:
            at += 1
        inside = at < len(ends) and ends[at][1] < line.end
        if not inside and len(line.text) <= 300:
            pieces.append(line)
    pieces.sort(key=lambda piece: piece.start)
    return [
        (piece, item.text[max(0, piece.start - 160) : piece.end + 60])
        for piece in pieces
        if any(mark.isalnum() for mark in piece.text)
    ]


def _alike(question: str) -> tuple[list[frozenset[str]], list[bool]]:
    """Return the question's terms with the words that mean the same, and which are its head.

    The head is what is asked for: what stands before `of`, `for`, `on`; without one all of it.
    """
    groups: list[frozenset[str]] = []
    heads: list[bool] = []
    turn = re.search(r"\b(?:of|for|about|on|in|from|at|des|der|für|von|beim?|im)\b", question)
    for found in re.finditer(r"[^\W_]+(?:[.'-][^\W_]+)*", question):
        word = found[0].casefold()
        for term in terms(word):
            if word in _ASKED or any(term in group for group in groups):
                continue
            same = {stem(other) for row in _SAME if word in row for other in row}
            groups.append(frozenset({term, *same}))
            heads.append(turn is not None and found.start() < turn.start())
    return groups, heads


_MONEY = re.compile(
    r"\b(?:(?:how much|what (?:amount|price)|wie ?viel|was).*\b(?:cost|costs|pay|paid|rent|owe|due|charge|charged|salary|earn|kostet"
    r"|zahlen|miete)|cost|price|rent|budget|fee|premium|due|owe|royalty|kostet|preis|gehalt|salary|excess|deposit|kaution|beitrag)\b"
)
_WHEN = re.compile(
    r"\b(?:when|what (?:date|day|time)|wann|deadline|until|how long|wie lange|bis wann|expires?)\b"
)
_COUNT = re.compile(r"\b(?:how many|wie ?viele) ([^\W\d_]+)")
_MUCH = re.compile(
    r"\b(?:how much|wie ?viel|how (?:high|big|large|far|old)|wie (?:hoch|groß|alt|weit))\b"
)
_SIZED = re.compile(r"\b(?:value|level|result|number|nummer|phone|telefon\w*)\b")
_WHO = re.compile(r"\b(?:who|whom|whose|wer|wem|wen)\b")
_NUMBER = r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|ein\w*|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf)"
_SPAN = re.compile(
    rf"\b{_NUMBER}[ -](?:years?|months?|weeks?|days?|hours?|minutes?|jahre?n?|monate?n?|wochen?|tage?n?|stunden?|minuten?)\b",
    re.I,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2} ?(?:am|pm|uhr)\b", re.I)
_DAY = re.compile(
    rf"\b(?:{'|'.join(name for name in MONTHS if len(name) > 2 and name != 'may')}|May \d|\d May"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)\b|\b20\d\d\b",
    re.I,
)
_PERSON = re.compile(r"(?<!^)(?<![.!?] )\b[A-ZÄÖÜ][a-zäöü]+|^[A-ZÄÖÜ][a-zäöü]+ [A-ZÄÖÜ][a-zäöü]+")


def fits(question: str, text: str, item: Document) -> float | None:
    """Return how well a passage has the form of an answer; None where it cannot be one.

    A question for a sum is not answered by a sentence without a number, one for a day not by one
    without a day.
    """
    plain, text = question.casefold(), " ".join(text.split())
    if counted := _COUNT.search(plain):
        beside = rf"\b{_NUMBER}(?: [^\W\d_]+){{0,2}} {re.escape(stem(counted[1]))}"
        return 0.4 if re.search(beside, text, re.I) else _least(re.search(r"\d", text), 0.0)
    if _WHEN.search(plain):
        base = day_of(item.modified)
        dated = find_dates(text) or (base and any(find_deadlines(text, base)))
        spoken = _SPAN.search(text) or _CLOCK.search(text)
        return 0.3 if dated or spoken else _least(_DAY.search(text), 0.2)
    if _MONEY.search(plain):
        share = re.search(r"\d\s?%", text)
        bare = re.search(r"\d", text) and not re.search(r"\b(?:cost|price|kostet|preis)", plain)
        return 0.3 if find_amounts(text) or share else 0.1 if bare else None
    if _MUCH.search(plain) or _SIZED.search(plain):
        measured = re.search(r"\d\s?(?:%|g|kg|ml|l|km|h|hours|days)(?!\w)", text)
        good = find_amounts(text) or measured
        return 0.3 if good else _least(re.search(rf"\b{_NUMBER}\b", text, re.I), 0.2)
    if _WHO.search(plain):
        return _least(_PERSON.search(text), 0.2)
    return 0.0


def _least(found: re.Match[str] | None, worth: float) -> float | None:
    return worth if found else None

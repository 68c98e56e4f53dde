"""Answers quoted from documents: the passages that speak to a question, or "not found".

Pure; every quote is a verbatim span. It composes no sentence of its own. `read.ReadAnswer` calls it.
"""

# ruff: noqa: E501, SIM905 - tables of words and patterns stay whole

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from doorward.tools.reading.documents import Document, day_of
from doorward.tools.reading.summarise import Cited
from doorward.tools.texts.amounts import find_amounts
from doorward.tools.texts.dates import find_dates, find_deadlines
from doorward.tools.texts.lines import Piece, lines, sentences
from doorward.tools.texts.words import rarity, stem, terms

COVERED = 0.5
"""The share of the question's weight that a passage must carry to count as an answer."""
QUOTES = 3

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
    asked = _alike(question)
    weights = rarity([terms(piece.text) for _, piece, _ in passages])
    rare = max(weights.values(), default=1.0)
    whole = sum(_weight(group, weights, rare) for group in asked)
    if not whole:
        return Answer(found=False, quotes=[])
    abouts = [set(terms(f"{item.title} {item.name} {item.text}")) for item in items]
    names = _names(question)
    scored: list[tuple[float, float, int]] = []
    for index, (number, piece, around) in enumerate(passages):
        covered = _covered(asked, piece, around, abouts[number], weights, rare) / whole
        covered *= 0.75 if names - abouts[number] else 1.0
        if covered >= COVERED:
            scored.append((covered + _form(question, piece.text, items[number]), covered, index))
    best = sorted(scored, key=lambda entry: (-entry[0], entry[2]))[:QUOTES]
    kept = [entry for entry in best if entry[0] >= best[0][0] * 0.8]
    quotes = [Cited(passages[i][0], passages[i][1], round(score, 4)) for score, _, i in kept]
    return Answer(found=bool(quotes), quotes=quotes)


def _passages(item: Document) -> list[tuple[Piece, str]]:
    """Return sentences and table lines, each with the text just around it."""
    pieces = [piece for piece in sentences(item.text) if len(piece.text) <= 500]
    seen = {(piece.start, piece.end) for piece in pieces}
    for line in lines(item.text):
        inside = any(start < line.end and line.start < end for start, end in seen)
        if not inside and len(line.text) <= 300:
            pieces.append(line)
    pieces.sort(key=lambda piece: piece.start)
    return [
        (piece, item.text[max(0, piece.start - 160) : piece.end + 60])
        for piece in pieces
        if any(mark.isalnum() for mark in piece.text)
    ]


def _alike(question: str) -> list[set[str]]:
    """Return the question's terms, each with the words that mean the same."""
    groups: list[set[str]] = []
    for word in re.findall(r"[^\W_]+(?:[.'-][^\W_]+)*", question):
        for term in terms(word):
            if word.casefold() in _ASKED or any(term in group for group in groups):
                continue
            same = next((row for row in _SAME if word.casefold() in row), ())
            groups.append({term, *(stem(other) for other in same)})
    return groups


def _names(question: str) -> set[str]:
    """Return the terms of proper names: a document about somebody else does not answer."""
    words = re.findall(r"(?<=\s)[A-ZÄÖÜ][a-zäöüß]+", question)
    return {term for word in words for term in terms(word)}


def _weight(group: set[str], weights: dict[str, float], rare: float) -> float:
    """Weigh a term by its rarity; what no passage holds may be said in other words."""
    known = [weights[term] for term in group if term in weights]
    return min(known) if known else 0.85 * rare


def _covered(
    asked: Sequence[set[str]],
    piece: Piece,
    around: str,
    about: set[str],
    weights: dict[str, float],
    rare: float,
) -> float:
    """Sum what a passage covers: fully in itself, in part by its surroundings or its document."""
    mine = set(terms(piece.text))
    near = set(terms(around))
    total = 0.0
    for group in asked:
        weight = _weight(group, weights, rare)
        inside = bool(group & mine) or any(
            len(term) > 4 and term in word for term in group for word in mine
        )
        total += weight * (
            1.0 if inside else 0.45 if group & near else 0.4 if group & about else 0.0
        )
    return total


def _form(question: str, text: str, item: Document) -> float:
    """Favour passages that hold the sort of thing the question asks for."""
    plain = question.casefold()
    base = day_of(item.modified)
    if re.search(r"\b(?:when|what (?:date|day|time)|wann|deadline|until|how long)\b", plain):
        dated = find_dates(text) or (base and any(find_deadlines(text, base)))
        return (
            0.3
            if dated or re.search(r"\b\d{1,2}[:.]\d\d\b|\b\d+ (?:days|weeks|months)", text)
            else 0.0
        )
    if re.search(
        r"\b(?:how much|what (?:amount|price|cost)|cost|price|wie ?viel|kostet|total|rent|budget|fee|premium|due|owe|royalty)\b",
        plain,
    ):
        measured = re.search(r"\d\s?(?:%|g|kg|ml|l|km|h|hours|days)(?!\w)", text)
        return 0.3 if find_amounts(text) else 0.2 if measured else 0.0
    if re.search(r"\b(?:how many|value|level|result|number|nummer|phone|wie viele)\b", plain):
        return 0.2 if re.search(r"\d", text) else 0.0
    if re.search(r"\b(?:who|whom|whose|wer|wem|wen)\b", plain):
        return (
            0.2
            if re.search(r"(?<!^)(?<![.!?] )\b[A-ZÄÖÜ][a-zäöü]+ [A-ZÄÖÜ][a-zäöü]+", text)
            else 0.0
        )
    return 0.0

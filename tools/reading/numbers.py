"""Rules for numbers that documents carry, and for whatever else stands beside a label.

Pure; the companion of `rules` for values that are words: invoice, order and customer numbers,
and fields that only their own name describes. `extract` calls it.
"""

# ruff: noqa: E501 - patterns stay whole; typographic marks are what documents contain

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from doorward.tools.reading import labels
from doorward.tools.reading.labels import FieldKind, Weighed, found_labels
from doorward.tools.reading.rules import Candidate, Page
from doorward.tools.texts.dates import find_dates
from doorward.tools.texts.lines import WRAPPED, Piece, cells


class _Reader(Protocol):
    """The form of `_number` and `_words`."""

    def __call__(self, line: Piece, at: int, *, same: bool) -> Piece | None:
        """Return the value in `line` from `at` on, if one stands there."""
        ...


_BARE = 50
"""Labels below this are mere words for "number": they count only where they begin a cell."""
_VALUE = re.compile(
    r"(?:[A-Z]{1,4} (?=\d))?(?=[A-Za-z]{0,12}[-/_.#]?[\w/.-]*\d)[A-Za-z0-9][A-Za-z0-9_]*(?:[-/._–][A-Za-z0-9]+)*(?![\w@])"
)
_JOIN = re.compile(r"[\s:#.|№*`=–-]*(?:(?:is|lautet|ist|est)\s*:?\s*)?")
_MONEY = re.compile(r"\d{1,3}(?:[.,]\d{3})*[.,]\d{2}")

_STEMS = (
    ("customer", r"customer|client|kunden?|cliente?|klant"),
    ("order", r"order|purchase order|p\.?o\.?(?!\w)|bestell\w*|auftrags?|commande|pedido|ordine"),
    ("contract", r"contract|vertrags?|agreement|contrat|contrato"),
    ("tax", r"tax|steuer|fiscal|siret|nif|vat"),
    ("policy", r"policy|insurance|versicherungs?(?:schein)?|police"),
    ("account", r"account|konto|buchungskonto|vertragskonto"),
    ("delivery", r"delivery(?: note)?|lieferschein|liefer|shipment|tracking|sendungs?"),
    ("booking", r"booking|reservation|buchungs?|confirmation|reservierungs?"),
    ("project", r"project|projekt"),
    ("meter", r"meter|zähler"),
    ("member", r"member(?:ship)?|mitglieds?"),
)
_NUMBERED = r"[\s-]*(?:number|nummer|num\b|no\b\.?|nr\b\.?|id\b|code|ref(?:erence)?|#|n[°º]\.?)?"
_MARK = (
    Weighed(re.compile(r"(?<!\w)(?:(?:our|my|file|case) ref(?:erence)?|(?:unser|mein)e? zeichen|akten(?:zeichen|nummer)|geschäftszeichen"
                       r"|vorgangs(?:nummer|nr))\b\.?", re.I), 95),
    Weighed(re.compile(r"(?<!\w)(?:ref(?:erence)?|zeichen|az|gz)\b\.?", re.I), 80),
)  # fmt: skip
"""What a sender's own mark is called; "your ref" is the other side's."""
_GROUPED = re.compile(r"\d{1,4}(?: \d{2,4}){1,5}(?=\s*$|\s{2,}|\s*[|·])")


def number_candidates(page: Page, kind: FieldKind, name: str) -> list[Candidate]:
    """Return the numbers or words that stand beside the labels of a field, surest first."""
    if kind is FieldKind.NUMBER:
        own = labels.BILLED.search(name) and not labels.BILLED.search(page.text)
        found = _beside(page, labels.INVOICE_NUMBER if own else labels.NUMBER, _number)
    elif kind in {FieldKind.LABELLED_NUMBER, FieldKind.ACCOUNT}:
        found = _beside(page, _labels_of(name), _number)
    else:
        found = _beside(page, _words_of(name), _words)
    return sorted(found, key=lambda candidate: -candidate.weight)


def _labels_of(name: str) -> tuple[Weighed, ...]:
    plain = name.lower().replace("_", " ")
    if re.search(r"\bref(?:erence)?\b|zeichen", plain):
        return _MARK
    for stem, words in _STEMS:
        if stem in plain or re.search(rf"\b(?:{words})", plain):
            return (Weighed(re.compile(rf"(?<!\w)(?:{words}){_NUMBERED}", re.IGNORECASE), 95),)
    return _words_of(re.sub(r"\b(?:number|no|nr|id)\b\.?", "", plain).strip() or plain)


def _words_of(name: str) -> tuple[Weighed, ...]:
    words = [re.escape(word) for word in re.findall(r"[\w'’-]+", name.lower().replace("_", " "))]
    pattern = r"[\s_-]*".join(words) or r"(?!)"
    return (Weighed(re.compile(rf"(?<!\w){pattern}{_NUMBERED}(?!\w)", re.IGNORECASE), 95),)


def _beside(page: Page, wanted: tuple[Weighed, ...], read: _Reader) -> Iterator[Candidate]:
    for number, line in enumerate(page.lines):
        for weight, match in found_labels(wanted, line.text):
            early = weight - number / 10
            if weight < _BARE and _distance(line, match):
                continue  # the "code" of "sort code" is no number of the paper
            if (piece := read(line, match.end(), same=True)) is not None:
                yield Candidate(piece, piece.text, early - _distance(line, match))
            elif (below := _below(page, number, match, read)) is not None:
                yield Candidate(below, below.text, early * 0.9)
            elif (after := _wrapped(page, number, match, read)) is not None:
                yield Candidate(after, after.text, early * 0.85)


def _wrapped(page: Page, number: int, match: re.Match[str], read: _Reader) -> Piece | None:
    """Return the value that begins the next line, where prose was wrapped after its label."""
    line = page.lines[number].text
    if len(line) < WRAPPED or line[match.end() :].strip() or number + 1 == len(page.lines):
        return None
    return read(page.lines[number + 1], 0, same=True)


def _distance(line: Piece, match: re.Match[str]) -> float:
    """Weigh labels inside running text less than those that start a line or a cell."""
    before = line.text[: match.start()]
    return 0.0 if re.search(r"(?:^|[|\t·:,]|\s{2,})\s*$", before) else 8.0


def _number(line: Piece, at: int, *, same: bool) -> Piece | None:
    joined = _JOIN.match(line.text, at)
    start = joined.end() if joined else at
    match = _GROUPED.match(line.text, start) or _VALUE.match(line.text, start)
    if match is None:
        return None
    text = match[0].rstrip("-/._–")
    if len(text) < 2 or _MONEY.fullmatch(text) or (not same and " " in line.text.strip()):
        return None
    if re.fullmatch(r"(?:19|20)\d\d", text) or find_dates(text):
        return None
    return line.part(match.start(), match.start() + len(text))


def _words(line: Piece, at: int, *, same: bool) -> Piece | None:
    rest = line.part(at, len(line.text))
    if not same:
        value = line.trimmed()
        return value if 0 < len(value.text) <= 80 else None
    joined = re.match(r"\s*(?:[:=|\t]|\s{2,}|–|-\s)\s*", rest.text)
    if joined is None:
        return None
    found = cells(rest.part(joined.end(), len(rest.text)))
    return found[0] if found and 0 < len(found[0].text) <= 120 else None


def _below(page: Page, number: int, match: re.Match[str], read: _Reader) -> Piece | None:
    """Return the value under a label: in the same column, or alone on the next line."""
    line = page.lines[number]
    if number + 1 >= len(page.lines):
        return None
    heads, row = page.cells(number), page.cells(number + 1)
    if re.fullmatch(r"[-:| ]+", page.lines[number + 1].text) and number + 2 < len(page.lines):
        row = page.cells(number + 2)
    at = line.start + match.start()
    column = next((i for i, cell in enumerate(heads) if cell.start <= at < cell.end), None)
    if column is None or len(row) != len(heads):
        return None
    label = heads[column].text.strip(" :")
    if len(label) > len(match[0]) + 3:
        return None  # the label is part of a sentence
    return read(row[column], 0, same=False)

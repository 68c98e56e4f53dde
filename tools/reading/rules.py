"""Typed rules: the candidates that a document's own labels and letterhead offer for a field.

Pure and deterministic; no model. Each candidate is a verbatim span with a weight from 0 to 100. It
does not decide: `extract` takes the surest, and asks the reader where rules are silent.
"""

# ruff: noqa: E501 - patterns stay whole; typographic marks are what documents contain

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from doorward.tools.reading import labels
from doorward.tools.reading.labels import FieldKind, Weighed, best_label, found_labels
from doorward.tools.texts.amounts import Amount, find_amounts, main_currency
from doorward.tools.texts.dates import Dated, find_dates
from doorward.tools.texts.lines import WRAPPED, Piece, cells, lines

ALONE = 50.0
"""The weight of a day of payment, where the paper names no other day."""
IN_ALL = 78.0
"""The weight of a sum that prose calls the whole."""
NEAR = 120
"""Characters before a date that can say what it is the date of."""
_HEAD = 14
"""Lines that can be a letterhead."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One value that a field could have."""

    piece: Piece
    value: str
    """As the field shows it: dates ISO, amounts with their currency."""
    weight: float
    """0 to 100: how surely."""


@dataclass(frozen=True, slots=True)
class Page:
    """A document prepared for the rules."""

    text: str
    mail: bool
    lines: list[Piece]
    currency: str
    amounts: dict[int, list[Amount]] = field(default_factory=dict)
    """By the number of their line; offsets within the text."""
    dates: dict[int, list[Dated]] = field(default_factory=dict)
    _cells: dict[int, list[Piece]] = field(default_factory=dict)

    def cells(self, number: int) -> list[Piece]:
        """Return the cells of a line, cut once."""
        if number not in self._cells:
            self._cells[number] = cells(self.lines[number])
        return self._cells[number]

    @classmethod
    def of(cls, text: str, kind: str) -> Page:
        """Prepare a text once for all its fields."""
        rows = lines(text)
        page = cls(text, kind == "eml", rows, main_currency(text))
        starts = [row.start for row in rows]
        for dated in find_dates(text):
            number = bisect_right(starts, dated.piece.start) - 1
            if number >= 0 and dated.piece.start < rows[number].end:
                page.dates.setdefault(number, []).append(dated)
        for number, line in enumerate(rows):
            taken = [(d.piece.start, d.piece.end) for d in page.dates.get(number, [])]
            for amount in find_amounts(line.text):
                piece = Piece(amount.piece.text, line.start + amount.piece.start)
                if not any(first < piece.end and piece.start < last for first, last in taken):
                    moved = Amount(piece, amount.value, amount.currency)
                    page.amounts.setdefault(number, []).append(moved)
        return page


def candidates(page: Page, kind: FieldKind, name: str) -> list[Candidate]:
    """Return what the rules find for a field, surest first.

    Args:
        page: The prepared document.
        kind: The sort of value.
        name: The field's name; its words are the label for kinds without labels of their own.
    """
    if kind in _AMOUNTS:
        wanted, unwanted = _AMOUNTS[kind]
        found = _amounts(page, wanted or _own_labels(name), unwanted)
    elif kind in _DATES:
        found = _labelled_dates(page, _DATES[kind] or _own_labels(name), ())
    elif kind is FieldKind.DATE:
        found = _document_dates(page)
    elif kind in _PATTERNS:
        found = _patterns(page, kind)
    else:
        found = _facts(page, kind)
    return sorted(found, key=lambda candidate: -candidate.weight)


_AMOUNTS: dict[FieldKind, tuple[tuple[Weighed, ...], tuple[Weighed, ...]]] = {
    FieldKind.TOTAL: (labels.TOTAL, labels.NOT_TOTAL),
    FieldKind.DUE: (labels.DUE, ()),
    FieldKind.NET: (labels.NET, ()),
    FieldKind.TAX: (labels.TAX, labels.NET),
    FieldKind.BALANCE: (labels.BALANCE, labels.NOT_BALANCE),
    FieldKind.AMOUNT: ((), ()),
}
_DATES: dict[FieldKind, tuple[Weighed, ...]] = {
    FieldKind.DUE_DATE: labels.DUE_DATE,
    FieldKind.LABELLED_DATE: (),
}


def _own_labels(name: str) -> tuple[Weighed, ...]:
    words = [re.escape(word) for word in re.findall(r"[\w'’-]+", name.lower())]
    pattern = r"[\s_-]*".join(words) or r"(?!)"
    return (Weighed(re.compile(rf"(?<!\w){pattern}(?!\w)", re.IGNORECASE), 100),)


# -- amounts ---------------------------------------------------------------------------------


def _amounts(
    page: Page, wanted: tuple[Weighed, ...], unwanted: tuple[Weighed, ...]
) -> Iterator[Candidate]:
    """Weigh every amount by the label to its left, in its column's head, or on the line above."""
    for number, line in enumerate(page.lines):
        row = page.amounts.get(number, [])
        for place, amount in enumerate(row):
            weight = _amount_weight(page, number, place, wanted, unwanted)
            if weight > 0:
                late = 3 * number / max(len(page.lines), 1)
                shown = amount.piece.text if amount.currency else _with(page, amount, line)
                yield Candidate(amount.piece, shown, min(weight + late, 100))


def _with(page: Page, amount: Amount, line: Piece) -> str:
    found = re.search(r"\b(?:EUR|USD|GBP|CHF)\b", line.text)
    currency = found[0] if found else page.currency
    return f"{amount.piece.text} {currency}".strip()


def _amount_weight(
    page: Page,
    number: int,
    place: int,
    wanted: tuple[Weighed, ...],
    unwanted: tuple[Weighed, ...],
) -> float:
    line, row = page.lines[number], page.amounts[number]
    amount = row[place]
    left = row[place - 1].piece.end if place else line.start
    gap = page.text[left : amount.piece.start]
    weight = _near(gap, wanted, unwanted)
    if not weight and place == len(row) - 1 and place:
        weight = _near(page.text[line.start : row[0].piece.start], wanted, unwanted)
    if not weight:
        weight = _above(page, number, amount.piece, wanted, unwanted)
    if wanted is labels.TOTAL and labels.WHOLE.match(page.text, amount.piece.end):
        weight = max(weight, IN_ALL)
    return weight


def _near(gap: str, wanted: tuple[Weighed, ...], unwanted: tuple[Weighed, ...]) -> float:
    """Weigh the text before a value: its best label, unless another label stands nearer."""
    found = [(weight, match) for weight, match in found_labels(wanted, gap)]
    if not found:
        return 0.0
    weight, match = max(found, key=lambda pair: (pair[0], pair[1].end()))
    for _, other in found_labels(unwanted, gap):
        inside = match.start() <= other.start() and other.end() <= match.end()
        around = other.start() <= match.start() and match.end() <= other.end()
        if around or (not inside and (weight < 100 or other.start() > match.end())):
            return 0.0
    return float(weight) - min(len(gap) / 20, 8)


def _above(
    page: Page,
    number: int,
    piece: Piece,
    wanted: tuple[Weighed, ...],
    unwanted: tuple[Weighed, ...],
) -> float:
    """Weigh the label above a value: the same column's head, or a line that is a label alone."""
    line = page.lines[number]
    row = page.cells(number)
    for back in range(1, 3):
        if number < back:
            break
        head = page.lines[number - back]
        if page.amounts.get(number - back):
            break
        heads = page.cells(number - back)
        if len(row) > 1 and len(heads) == len(row):
            column = next(i for i, cell in enumerate(row) if cell.end >= piece.end)
            return _near(heads[column].text, wanted, unwanted) * 0.95
        if len(row) == 1 and len(heads) == 1 and back == 1 and len(head.text) < 40:
            alone = piece.text == line.text.strip(" *")
            return _near(head.text, wanted, unwanted) * 0.95 if alone else 0.0
    return 0.0


# -- dates -----------------------------------------------------------------------------------

_PAID = re.compile(
    r"\b(?:paid|bezahlt|received|erhalten|payé|charged)(?: on| am| le)?\s*$", re.IGNORECASE
)
_LAST = re.compile(r"\b(?:by|before|until|on|to|am|bis|zum|vom|spätestens)\s*$", re.IGNORECASE)
_PLACE = re.compile(r"^(?:[A-ZÄÖÜ][\w.'-]+[ -]?){1,3},?\s*(?:den|le|the|am|il|el|on|a|li|the)?\s*$")


def _document_dates(page: Page) -> Iterator[Candidate]:
    """Weigh every date as the document's own: label, place and date, title line, position."""
    yield from _labelled_dates(page, labels.DATE, labels.NOT_DATE)
    for number, found in page.dates.items():
        for dated in found:
            weight = _date_weight(page, number, dated)
            if weight > 0:
                yield Candidate(dated.piece, dated.iso, weight - number / 50)


def _date_weight(page: Page, number: int, dated: Dated) -> float:
    line = page.lines[number]
    before = page.text[max(line.start, dated.piece.start - NEAR) : dated.piece.start]
    if best_label(labels.NOT_DATE, before) or before.endswith("*"):  # born, paid, due
        alone = len({one.iso for found in page.dates.values() for one in found}) == 1
        return ALONE if alone and _PAID.search(before) else 5.0
    rest = page.text[dated.piece.end : line.end].strip(" .,;|")
    if number < 25 and not rest and _PLACE.match(before):
        return 84.0
    if best_label(labels.NUMBER, before) >= 70:
        return 78.0 if not rest else 70.0
    if not before.strip() and not rest:
        return 66.0 if number < 25 else 20.0
    if number < _HEAD:
        return 40.0
    return 12.0


def _labelled_dates(
    page: Page, wanted: tuple[Weighed, ...], unwanted: tuple[Weighed, ...]
) -> Iterator[Candidate]:
    for number, found in page.dates.items():
        line = page.lines[number]
        left = line.start
        for dated in found:
            gap = page.text[left : dated.piece.start]
            left = dated.piece.end
            weight = _near(gap[-60:], wanted, unwanted)
            weight = weight or _above(page, number, dated.piece, wanted, unwanted)
            weight = weight or 0.9 * _before(page, number, dated.piece, wanted, unwanted)
            if page.mail and number < 6 and line.text.startswith("Date:"):
                weight = min(weight, 60.0)
            if weight:
                yield Candidate(dated.piece, dated.iso, weight - number / 50)


def _before(
    page: Page,
    number: int,
    piece: Piece,
    wanted: tuple[Weighed, ...],
    unwanted: tuple[Weighed, ...],
) -> float:
    """Weigh the end of the line above, where prose was wrapped just before a date."""
    above = page.lines[number - 1].text if number else ""
    if piece.start != page.lines[number].start or len(above) < WRAPPED:
        return 0.0
    tail = above[-30:]
    return _near(tail, wanted, unwanted) if _LAST.search(tail) else 0.0


# -- facts -----------------------------------------------------------------------------------


def _facts(page: Page, kind: FieldKind) -> Iterator[Candidate]:
    match kind:
        case FieldKind.CURRENCY:
            yield from _currency(page)
        case FieldKind.STATUS:
            yield from _status(page)
        case FieldKind.SUBJECT:
            yield from _subject(page)
        case _:
            return


def _currency(page: Page) -> Iterator[Candidate]:
    for found in page.amounts.values():
        for amount in found:
            if amount.currency and amount.currency == page.currency:
                sign = re.search(r"[^\d\s.,'’+-]+", amount.piece.text)
                if sign:
                    yield Candidate(amount.piece.part(*sign.span()), amount.currency, 90)
                    return


def _status(page: Page) -> Iterator[Candidate]:
    """Say `paid` or `open`; a balance that is left outweighs a deposit that was paid."""
    balance = next(iter(candidates(page, FieldKind.DUE, "")), None)
    if balance is not None and balance.weight > 70:
        zero = re.fullmatch(r"[^\d]*0(?:[.,]0+)?[^\d]*", balance.piece.text)
        yield Candidate(balance.piece, "paid" if zero else "open", 80)
    for match in labels.PAID.finditer(page.text):
        line = _row(page.text, match.start())
        before = page.text[line : match.start()]
        partly = re.search(
            r"deposit|anzahlung|advance|acompte|bis zur|until|if|falls|wenn", before, re.I
        )
        if not partly:
            yield Candidate(Piece(match[0], match.start()), "paid", 95)
    for match in labels.OPEN.finditer(page.text):
        yield Candidate(Piece(match[0], match.start()), "open", 60)


def _row(text: str, at: int) -> int:
    """Return where the line that holds a place begins, a little before it at most."""
    near = max(0, at - 200)
    return max(near, text.rfind("\n", near, at) + 1)


def _subject(page: Page) -> Iterator[Candidate]:
    for number, line in enumerate(page.lines[:30]):
        match = re.match(r"(?:Subject|Betreff|Re|Objet|Asunto|Oggetto)\s*:\s*(.+)", line.text)
        if match:
            yield Candidate(line.part(*match.span(1)).trimmed(), match[1].strip(), 100)
        elif number < 3 and 3 < len(line.text) < 90:
            yield Candidate(line, line.text, 60 - 10 * number)


_PATTERNS = {
    FieldKind.EMAIL: re.compile(
        r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){0,8}\.[a-zA-Z]{2,}"
    ),
    FieldKind.PHONE: re.compile(
        r"(?:(?<=tel)|(?<=tel\.)|(?<=telefon)|(?<=phone)|(?<=mobile)|(?<=mobil)|(?<=fon)|(?<=call))"
        r"[.:]?\s*(\+?[\d(][\d\s()/.-]{5,}\d)|(?<![\w.-])(\+\d[\d\s()/.-]{6,}\d)|(?<![\w,.-])(0\d{2,4}[ /-]\d[\d -]{4,}\d)",
        re.IGNORECASE,
    ),
    FieldKind.IBAN: re.compile(r"\b[A-Z]{2}\d{2}(?:\s?[A-Z0-9*]{4}){2,7}(?:\s?[A-Z0-9*]{1,3})?\b"),
    FieldKind.VAT_ID: re.compile(
        r"\b(?:DE\s?\d{9}|ATU\d{8}|FR\s?\w\w\s?\d{9}|GB\s?\d{3}\s?\d{4}\s?\d\d|NL\d{9}B\d\d|IT\d{11}|ES[A-Z]\d{7}\w"
        r"|CHE-?\d{3}\.?\d{3}\.?\d{3})\b"
    ),
}


def _patterns(page: Page, kind: FieldKind) -> Iterator[Candidate]:
    for place, match in enumerate(_PATTERNS[kind].finditer(page.text)):
        group = next((n for n in range(1, (match.lastindex or 0) + 1) if match[n]), 0)
        start = match.start(group)
        line = _row(page.text, start)
        to_us = best_label(labels.CUSTOMER, page.text[line:start]) and kind is not FieldKind.IBAN
        yield Candidate(Piece(match[group], start), match[group], (50 if to_us else 90) - place)

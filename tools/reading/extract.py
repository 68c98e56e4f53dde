"""Extraction: typed rules first, the reader for what they leave open; every value a verbatim span.

It does not load or call models itself: the `Reader` arrives from outside. `read.ReadExtract`, the
names and the drafts call it. Where a rule is sure the reader is not asked: rules won where both
were measured.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doorward.tools.reading.labels import FieldKind, kind_of
from doorward.tools.reading.numbers import number_candidates
from doorward.tools.reading.parties import banks, customers, vendors
from doorward.tools.reading.reader import Reader
from doorward.tools.reading.rules import Candidate, Page, candidates
from doorward.tools.reading.windows import find_in
from doorward.tools.texts.amounts import find_amounts
from doorward.tools.texts.dates import find_dates
from doorward.tools.texts.lines import Piece

SURE = 55.0
"""The weight from which a rule is believed without the reader."""
TIE = 4.0
"""Candidates this close, with different values, are put to the reader when neither is sure."""
BELIEVED = 0.5
"""The least confidence of a span from the reader that becomes a value."""

_WORDED = frozenset({FieldKind.OTHER, FieldKind.LABELLED_NUMBER, FieldKind.CUSTOMER})
"""Kinds that the reader may fill where no rule found anything."""


@dataclass(frozen=True, slots=True)
class Value:
    """One extracted value."""

    shown: str
    """For the field: dates ISO, amounts with their currency, else verbatim."""
    piece: Piece
    """Where it stands."""


def by_rules(page: Page, name: str) -> list[Candidate]:
    """Return what the typed rules find for a field, surest first."""
    kind = kind_of(name)
    match kind:
        case FieldKind.VENDOR:
            return vendors(page)
        case FieldKind.CUSTOMER:
            return customers(page)
        case FieldKind.BANK:
            beside = number_candidates(page, FieldKind.OTHER, "bank")
            return sorted([*beside, *banks(page)], key=lambda found: -found.weight)
        case FieldKind.ACCOUNT:
            return number_candidates(page, kind, "account") or candidates(page, FieldKind.IBAN, "")
        case FieldKind.NUMBER | FieldKind.LABELLED_NUMBER | FieldKind.OTHER:
            return number_candidates(page, kind, name)
        case _:
            return candidates(page, kind, name)


async def extract(
    text: str, kind: str, fields: Sequence[str], reader: Reader
) -> dict[str, Value | None]:
    """Find each field in one text.

    Args:
        text: The document's text.
        kind: Its kind: `pdf`, `eml`, ... (messages carry their sender in headers).
        fields: What to find, in plain words.
        reader: Asked for what the rules leave open.

    Raises:
        ReaderError: When the reader was needed and could not answer.
    """
    page = Page.of(text, kind)
    values: dict[str, Value | None] = {}
    unsure: dict[str, list[Candidate]] = {}
    for name in fields:
        found = by_rules(page, name)
        if found and found[0].weight >= SURE and not _tied(found):
            values[name] = Value(found[0].value, found[0].piece)
        else:
            values[name] = None
            unsure[name] = found
    asked = [name for name in unsure if unsure[name] or kind_of(name) in _WORDED]
    if asked and text.strip():
        spans = await find_in(text, asked, reader)
        for name, span in zip(asked, spans, strict=True):
            piece = None
            if span is not None and span.confidence >= BELIEVED:
                piece = Piece(span.text, span.start)
            values[name] = _settle(name, unsure[name], piece)
    return values


def _tied(found: Sequence[Candidate]) -> bool:
    first = found[0]
    return any(
        other.value != first.value and first.weight - other.weight < TIE and first.weight < 70
        for other in found[1:4]
    )


def _settle(name: str, found: Sequence[Candidate], span: Piece | None) -> Value | None:
    """Choose between unsure rules and the reader: what both say, else the surer rule."""
    if span is not None:
        for candidate in found:
            if candidate.piece.start < span.end and span.start < candidate.piece.end:
                return Value(candidate.value, candidate.piece)
    if found and found[0].weight >= 30:
        return Value(found[0].value, found[0].piece)
    if span is None or kind_of(name) not in _WORDED:
        return None
    return _typed(name, span)


def _typed(name: str, span: Piece) -> Value | None:
    """Take a span from the reader only if it has the form that the field asks for."""
    kind = kind_of(name)
    if kind in {FieldKind.LABELLED_DATE, FieldKind.DATE, FieldKind.DUE_DATE}:
        dates = find_dates(span.text)
        return Value(dates[0].iso, span) if dates else None
    if kind in {FieldKind.AMOUNT, FieldKind.TOTAL}:
        return Value(span.text, span) if find_amounts(span.text) else None
    if kind is FieldKind.LABELLED_NUMBER and not any(mark.isdigit() for mark in span.text):
        return None
    return Value(span.text, span)

"""Redaction: a text or a record with everything that detectors found replaced by pseudonyms. Pure.

It finds nothing itself but dates, amounts and what already has a pseudonym. What cannot be replaced
so that it can be put back, and so that nothing of it is left, is replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import assert_never

from doorward.policies import measures
from doorward.policies.detect.findings import MEASURES, Finding, Kind, merged
from doorward.policies.pseudonyms import Pseudonyms, glued, restore
from doorward.policies.shape import shape
from doorward.policies.vocabulary import Data

Find = Callable[[str], Iterable[Finding]]
"""What detectors find in one text."""

_LONG_NUMBER = 7
"""Digits from which on a number may name somebody: it goes as its shape."""
_DEPTH = 12


def redact(text: str, findings: Iterable[Finding], pseudonyms: Pseudonyms) -> str:
    """Return a text with every finding replaced.

    Args:
        text: The text.
        findings: Spans of it, in any order; they may overlap.
        pseudonyms: Gives the names; its map grows.
    """
    if not text:
        return text
    private = [*findings, *pseudonyms.known(text)]
    hits = [*private, *measures.found(text)]
    again = _again(text, merged(hits))
    spans = _widened(text, [*hits, *again])
    out, at = [], 0
    for span in spans:
        out += [text[at : span.start], pseudonyms.of(span, text)]
        at = span.end
    made = "".join([*out, text[at:]])
    if restore(made, pseudonyms.map) == text and not _left(text, made, [*private, *again, *spans]):
        return made
    return pseudonyms.of(Finding(0, len(text), Kind.TEXT), text)


def redact_data(
    data: Data,
    find: Find,
    pseudonyms: Pseudonyms,
    fields: Collection[str],
    private: Collection[str] = (),
) -> Data:
    """Return a value with every text in it redacted.

    Args:
        data: The value.
        find: The detectors.
        pseudonyms: Gives the names; its map grows.
        fields: Field names that the tool declares; any other key is content too.
        private: Fields that the destination may not see at all: of these the shape remains.
    """

    def text(each: str) -> str:
        return redact(each, find(each), pseudonyms)

    def walk(each: Data, depth: int) -> Data:
        match each:
            case None | bool():
                return each
            case int() | float():
                return "number" if sum(c.isdigit() for c in str(each)) >= _LONG_NUMBER else each
            case str():
                return text(each)
            case list() if depth < _DEPTH:
                return [walk(one, depth + 1) for one in each]
            case dict() if depth < _DEPTH:
                return {
                    name if name in fields else text(name): shape(one, fields)
                    if name in private
                    else walk(one, depth + 1)
                    for name, one in each.items()
                }
            case list() | dict():
                return shape(each, fields)
        assert_never(each)

    return walk(data, 0)


def _again(text: str, spans: Iterable[Finding]) -> list[Finding]:
    """Find what was found once wherever else it stands: context names a password only once."""
    again = []
    for surface, span in {text[span.start : span.end]: span for span in spans}.items():
        if span.kind in MEASURES or len(surface) < 4:
            continue
        at = text.find(surface)
        while at >= 0:
            again.append(Finding(at, at + len(surface), span.kind, span.identity))
            at = text.find(surface, at + 1)
    return again


def _widened(text: str, hits: Iterable[Finding]) -> list[Finding]:
    """Take in the letters that adjoin a span, so that a pseudonym always stands alone."""
    spans = merged(hits)
    while True:
        wide = []
        for span in spans:
            start, end = span.start, span.end
            while glued(text, start):
                start -= 1
            while glued(text, end):
                end += 1
            wide.append(Finding(start, end, span.kind, span.identity))
        after = merged(wide)
        if after == spans:
            return spans
        spans = after


def _left(text: str, made: str, spans: Iterable[Finding]) -> bool:
    """Tell whether anything that was found can still be read."""
    low = made.casefold()
    surfaces = {text[span.start : span.end] for span in spans if span.kind not in MEASURES}
    return any(surface.casefold() in low for surface in surfaces if len(surface) >= 4)

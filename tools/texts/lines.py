"""Lines, cells and sentences of a text, each with its place in it.

Pure and quick; no document parsing (that is the document worker's) and no judgement of content.
The modules of `reading` cut texts with it, so that everything they return can be found again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """A verbatim piece of a text: `text == source[start:end]`."""

    text: str
    start: int

    @property
    def end(self) -> int:
        """Return where it ends in the source."""
        return self.start + len(self.text)

    def part(self, first: int, last: int) -> Piece:
        """Return the piece from `first` to `last`, counted within this one."""
        return Piece(self.text[first:last], self.start + first)

    def trimmed(self, dress: str = " \t\u00a0*_|`#>") -> Piece:
        """Return it without the white space and mark-up around it."""
        left = len(self.text) - len(self.text.lstrip(dress))
        return Piece(self.text.strip(dress), self.start + left)


WRAPPED = 52
"""Characters from which a line counts as wrapped text that goes on in the next line."""
LONGEST = 1000
"""Characters of a line; a longer one is cut at spaces, so that looking at lines stays linear."""
_INK = r"[^\n\f\r\u2028\u2029]"
_MARKS = " \t\r\n\f\u00a0*_|`#>-•"

_LINE = re.compile(rf"{_INK}{{1,{LONGEST}}}(?=\s|$)|{_INK}{{1,{LONGEST}}}")
_CELL = re.compile(r"\t+|\s*\|\s*|\s{3,}|\s+[·•]\s+|\s*\.{4,}\s*")
_STOP = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’)\]]*+(?=\s+(?:[\"'“‘(\[]?[^\W_a-zäöüß]|§))|[。!?]|\n\s*\n|\f|\n(?=\s*[-*•>|])"
)
_ABBREVIATION = re.compile(
    r"(?:[Ss]tr|\b(?:[A-Za-z]|Dr|Mr|Mrs|Ms|Prof|St|No|Nr|Inc|Ltd|Co|Corp|Tel|Abs|Art|Attn|bzw|ca|etc|evtl"
    r"|ggf|inkl|vs|vgl|zzgl|e\.g|i\.e|z\.B|d\.h|u\.a|approx|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept"
    r"|Okt|Oct|Nov|Dez|Dec)|(?<![\d.,])\d{1,2})\.$"
)


def lines(text: str) -> list[Piece]:
    """Return the lines that hold more than white space, trimmed; very long ones in parts."""
    found = (Piece(match[0], match.start()).trimmed() for match in _LINE.finditer(text))
    return [line for line in found if line.text]


def cells(line: Piece) -> list[Piece]:
    """Return the cells of a line: cut at tabs, bars, dots that lead, and wide gaps."""
    found: list[Piece] = []
    at = 0
    for gap in _CELL.finditer(line.text):
        found.append(line.part(at, gap.start()).trimmed())
        at = gap.end()
    found.append(line.part(at, len(line.text)).trimmed())
    return [cell for cell in found if cell.text]


def sentences(text: str) -> list[Piece]:
    """Return the sentences; headings and list items count as sentences of their own."""
    return [
        part
        for piece in _sentences(text)
        for part in _unwrapped(piece, text)
        if any(mark.isalnum() for mark in part.text)
    ]


def _unwrapped(piece: Piece, text: str) -> Iterator[Piece]:
    """Cut a piece after its short lines: a long line goes on in the next, a short one is whole."""
    at = begun = 0
    for line in piece.text.splitlines(keepends=True):
        row = text.rfind("\n", 0, piece.start + at + len(line) - 1) + 1
        at += len(line)
        if len(text[row : piece.start + at].rstrip()) < WRAPPED:
            yield piece.part(begun, at).trimmed(_MARKS)
            begun = at
    yield piece.part(begun, len(piece.text)).trimmed(_MARKS)


def _sentences(text: str) -> Iterator[Piece]:
    at = 0
    for stop in _STOP.finditer(text):
        if stop[0] == "." and _ABBREVIATION.search(text[max(at, stop.start() - 8) : stop.end()]):
            continue
        yield Piece(text[at : stop.end()], at).trimmed(_MARKS)
        at = stop.end()
    yield Piece(text[at:], at).trimmed(_MARKS)

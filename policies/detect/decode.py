"""Views of a text: what it says once decoded, each with the span it stands for.

Base64 (both alphabets, padded or not, also at a shifted start), hex, percent and gzip or zlib, one
inside the other to depth 2, and the text as a reader sees it: NFKC, case folded, without invisible
characters. It looks for nothing itself. What is too much to be decoded is a finding of its own: an
attacker must not be able to hide one thing behind many.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, lru_cache
from unicodedata import category, normalize
from urllib.parse import unquote_to_bytes

from doorward.policies.detect.findings import Finding, Kind
from doorward.policies.detect.scan import _Program, program

MAX_OUTPUT = 1 << 20
"""Bytes that all views of one text may have together, beyond four times its own length."""
MAX_VIEWS = 2000
DEPTH = 2

_ENCODED = (
    r"((?:[A-Za-z0-9+/]{60,76}\r?\n)+[A-Za-z0-9+/]{0,76}={0,2}|[A-Za-z0-9+/_-]{12,}={0,2}"
    r"|(?:[0-9A-Fa-f]{2}[ :]){5,}[0-9A-Fa-f]{2}\b|[^\s%]*%[0-9A-Fa-f]{2}[^\s]*)"
)


@dataclass(frozen=True, slots=True)
class View:
    """One reading of a part of the text."""

    text: str
    start: int
    """Where the part starts in the text as it came."""
    end: int
    places: tuple[int, ...] | None = field(default=None, repr=False)
    """For each character where it comes from, when single ones can be told."""

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the text as it came for a span of this reading."""
        if self.places is None or end <= start:
            return self.start, self.end
        return self.places[start], self.places[end - 1] + 1


@dataclass(slots=True)
class _Budget:
    output: int
    views: int = MAX_VIEWS

    def take(self, size: int) -> bool:
        self.output -= size
        self.views -= 1
        return self.output >= 0 and self.views >= 0


def views(text: str) -> tuple[list[View], list[Finding]]:
    """Return every reading of a text but the text itself, and what was too much to read."""
    out: list[View] = []
    unread: list[Finding] = []
    budget = _Budget(MAX_OUTPUT + 4 * len(text))
    seen = plain(text)
    if seen is not None:
        out.append(seen)
    for source in [View(text, 0, len(text)), *out]:
        for start, end in _encoded(source.text):
            first, last = (start, end) if source.places is None else source.span(start, end)
            if not _decode(source.text[start:end], (first, last), DEPTH, budget, out):
                unread.append(Finding(first, last, Kind.OPAQUE))
    return out, unread


def plain(text: str) -> View | None:
    """Return the text as a reader sees it (NFKC, folded, nothing invisible); None if the same."""
    if text.isascii():
        return None
    characters: list[str] = []
    places: list[int] = []
    for match in re.finditer(r"[\x00-\x7f]+|[^\x00-\x7f]", text):
        start, end = match.span()
        piece = text[start:end]
        if piece.isascii():
            shown = piece.lower()
            places += range(start, end)
        else:
            shown = _shown(piece)
            places += [start] * len(shown)
        characters.append(shown)
    seen = "".join(characters)
    return None if seen == text else View(seen, 0, len(text), tuple(places))


@lru_cache(4096)
def _shown(character: str) -> str:
    """Return what a reader sees of a character that is not ASCII: nothing, one or several."""
    if category(character) in {"Cf", "Mn"}:
        return ""
    return "".join(c for c in normalize("NFKD", character).casefold() if category(c) != "Mn")


@cache
def _program() -> _Program:
    return program(_ENCODED, 4 << 20)


def _encoded(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans that may be an encoding of something."""
    data = text.encode("ascii", "replace")  # one byte a character
    for match in _program().finditer(data):
        yield match.span(1)


def _decode(
    token: str, span: tuple[int, int], depth: int, budget: _Budget, out: list[View]
) -> bool:
    """Add every reading of one token; False when there was too much of it."""
    whole = True
    for raw in _readings(token):
        data = _inflated(raw, budget)
        if data is None:
            return False
        text = _as_text(data)
        if not text:
            continue
        if not budget.take(len(text)):
            return False
        out.append(View(text, *span))
        if depth > 1:
            for start, end in _encoded(text):
                whole = _decode(text[start:end], span, depth - 1, budget, out) and whole
    return whole


def _readings(token: str) -> Iterator[bytes]:
    if "%" in token:
        yield unquote_to_bytes(token.encode("utf-8", "replace"))
        return
    compact = "".join(token.split()).replace(":", "").rstrip("=")
    if not compact.strip("0123456789abcdefABCDEF"):
        yield bytes.fromhex(compact[: len(compact) // 2 * 2])
        yield bytes.fromhex(compact[1 : 1 + (len(compact) - 1) // 2 * 2])
    standard = compact.replace("-", "+").replace("_", "/")
    for shift in range(4):
        part = standard[shift:]
        part = part[:-1] if len(part) % 4 == 1 else part
        try:
            yield base64.b64decode(part + "=" * (-len(part) % 4))
        except binascii.Error:
            continue


def _inflated(data: bytes, budget: _Budget) -> bytes | None:
    """Undo gzip or zlib where there is one; None when it grows beyond the budget."""
    if data[:2] != b"\x1f\x8b" and data[:1] != b"\x78":
        return data
    machine = zlib.decompressobj(wbits=47)  # either header
    try:
        made = machine.decompress(data, max(budget.output, 1))
    except zlib.error:
        return data
    return None if machine.unconsumed_tail else made


def _as_text(data: bytes) -> str:
    """Return bytes as text when they look like it, else nothing."""
    if not data:
        return ""
    if data[1::2].count(0) * 3 > len(data):
        data = data[::2]
    elif data[::2].count(0) * 3 > len(data):
        data = data[1::2]
    text = data.decode("utf-8", "replace")
    lost = text.count("\ufffd")
    if lost * 10 > len(text) * 2 or (not lost and text.isprintable()):
        return "" if lost else text
    good = sum((each.isprintable() and each != "\ufffd") or each in "\r\n\t" for each in text)
    return text if good * 10 >= len(text) * 8 else ""

"""Tier 0: the forms of secrets and personal data, found in text with RE2 and check digits.

It does not decode (`decode` does), knows no names (`exact`), and no number plan (`phones`). The
releases of the daemon call it on everything that is about to cross.

An `re2.Set` answers "no match" when it runs out of memory, which would let things through; so texts
are prefiltered by literal anchors, and each expression has its own program, which falls back to a
slower run instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import re2
from doorward.policies.detect.expressions import Expression, forms
from doorward.policies.detect.findings import Finding, merged

_MAX_MEM = 2 << 20
"""Bytes for each program with its automaton.

More is no faster on most texts. With 6 to 12 MiB the tokens' automaton gives itself up on a text
full of them: 1 MB/s in place of 80.
"""
_BEFORE = 80


class _Match(Protocol):
    def span(self, group: int = 0) -> tuple[int, int]: ...


class _Program(Protocol):
    """The part of a compiled RE2 expression that we use (the library has no types)."""

    def finditer(self, text: bytes) -> Iterator[_Match]: ...


@dataclass(frozen=True, slots=True)
class _Form:
    expression: Expression
    program: _Program
    anchors: tuple[bytes, ...]


def program(pattern: str, max_mem: int = _MAX_MEM) -> _Program:
    """Compile an expression over bytes.

    Raises:
        ValueError: It is no expression, or too large for `max_mem` bytes.
    """
    options = re2.Options()
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1
    options.max_mem = max_mem
    try:
        made: _Program = re2.compile(pattern.encode(), options)
    except re2.error as error:
        msg = f"the expression of {len(pattern)} characters does not compile: {error}"
        raise ValueError(msg) from error
    return made


@cache
def _compiled() -> tuple[_Form, ...]:
    return tuple(
        _Form(form, program(form.pattern), tuple(a.encode() for a in form.anchors))
        for form in forms()
    )


def found(text: str) -> list[Finding]:
    """Return what tier 0 finds in a text: spans in characters, not overlapping, in order."""
    data = text.encode("utf-8", "replace")
    low = text.lower().encode("utf-8", "replace")
    hits: list[Finding] = []
    for form in _compiled():
        if not form.anchors or any(anchor in low for anchor in form.anchors):
            hits += _run(form, data)
    hits = merged(hits)
    return hits if len(data) == len(text) else _in_characters(hits, data)


def _run(form: _Form, data: bytes) -> Iterator[Finding]:
    check = form.expression.check
    for match in form.program.finditer(data):
        start, end = _whole(data, *match.span(1))
        if check is not None:
            before = data[max(0, start - _BEFORE) : start].decode("utf-8", "ignore")
            if not check(data[start:end].decode("utf-8", "replace"), before):
                continue
        yield Finding(start, end, form.expression.kind)


def _whole(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Widen a span of bytes to whole characters."""
    while start and data[start] & 0xC0 == 0x80:
        start -= 1
    while end < len(data) and data[end] & 0xC0 == 0x80:
        end += 1
    return start, end


def _in_characters(hits: list[Finding], data: bytes) -> list[Finding]:
    """Turn offsets in bytes into offsets in characters, in one pass."""
    out, at, characters = [], 0, 0
    for hit in hits:
        characters += len(data[at : hit.start].decode())
        length = len(data[hit.start : hit.end].decode())
        out.append(Finding(characters, characters + length, hit.kind))
        characters, at = characters + length, hit.end
    return out

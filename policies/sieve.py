"""Sieve: many patterns asked about one name at once, one pass over it instead of one for each.

It means nothing that `patterns` does not: asked one by one, the same patterns give the same
answer, and are asked so where RE2 cannot take all together. `table` lays rules out in sieves.

Bits stand for positions: bit 3 of a number is what stands at position 3.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Protocol, TypeVar

import re2
from doorward.policies.patterns import Name, Patterns, Program

T = TypeVar("T")

MEMORY = 16 << 20
"""Bytes that RE2 may keep for one set. Less only makes it forget and work out again."""

_EVERYTHING = b"(?s:.*)"


class _Set(Protocol):
    """The part of an RE2 set that we use (the library has no types)."""

    def Match(self, text: bytes) -> list[int] | None:  # noqa: N802 - the library's name
        """Return the numbers of those that match; None for none, and for want of memory."""
        ...


class Sieve:
    """Patterns by position; built when it is first asked, and then never changed."""

    def __init__(self, held: Iterable[Patterns | None], memory: int = MEMORY) -> None:
        """Take what stands at each position; None lets every name through.

        Args:
            held: The patterns.
            memory: Bytes that RE2 may keep for them.
        """
        self._held = tuple(held)
        self._memory = memory
        self._bound = sum(1 << at for at, each in enumerate(self._held) if each is not None)

    def match(self, name: Name, among: int) -> int:
        """Return those of some positions whose patterns match exactly, or that have none."""
        if not among & self._bound:
            return among
        return among & (self._exact.ask(name.exact) | ~self._bound)

    def resemble(self, name: Name, among: int) -> int:
        """Return those of some positions that match but for case and normalisation."""
        if not among & self._bound:
            return among
        found = self._folded.ask(name.folded)
        if not name.exact.isascii():  # as `Patterns.resemble` has it
            found |= self._exact.ask(name.exact)
        return among & (found | ~self._bound)

    def unbound(self, among: int) -> int:
        """Return those of some positions that have no patterns."""
        return among & ~self._bound

    @cached_property
    def _exact(self) -> _Programs:
        return _Programs(
            [None if each is None else each.exact for each in self._held], self._memory
        )

    @cached_property
    def _folded(self) -> _Programs:
        return _Programs(
            [None if each is None else each.folded for each in self._held], self._memory
        )


class _Programs:
    """Compiled expressions as one set, equal ones once."""

    def __init__(self, programs: Iterable[Program | None], memory: int) -> None:
        self._bits: list[int] = []
        self._programs: list[Program] = []
        numbers: dict[bytes, int] = {}
        for at, program in enumerate(programs):
            if program is None:
                continue
            number = numbers.setdefault(program.pattern, len(numbers))
            if number == len(self._bits):
                self._bits.append(0)
                self._programs.append(program)
            self._bits[number] |= 1 << at
        self._set = _compile(numbers, memory)
        self._bits.append(0)  # of what always matches

    def ask(self, text: bytes) -> int:
        """Return the positions whose expressions match the whole text."""
        found = None if self._set is None else self._set.Match(text)
        if found is None:
            # No set, or one that ran out of memory: else what always matches would be in it.
            found = [n for n, each in enumerate(self._programs) if each.fullmatch(text) is not None]
        bits = 0
        for number in found:
            bits |= self._bits[number]
        return bits


def _compile(expressions: Iterable[bytes], memory: int) -> _Set | None:
    """Compile a set whose last member always matches; None when memory does not suffice."""
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = memory
    found = re2.Set.FullMatchSet(options)
    try:
        for each in (*expressions, _EVERYTHING):
            found.Add(each)
        found.Compile()
    except re2.error:
        return None
    made: _Set = found
    return made


def picked(held: Sequence[T], bits: int) -> list[T]:
    """Return what stands at the positions that a number stands for, in order."""
    found = []
    while bits:
        lowest = bits & -bits
        found.append(held[lowest.bit_length() - 1])
        bits ^= lowest
    return found

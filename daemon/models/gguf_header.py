"""Read what a GGUF file says of itself: its numbers and the forms of its tensors, not the weights.

MLX reads the weights, but it does not say in which form they were, and expands some forms wrongly
without a word; so the reader looks here first. `registry` tells from it what a model needs. Pure
but for the file: it believes no length that the file is too short for.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

_MOST: Final = 64 << 20
"""Bytes that a header may have: the longest hold a few hundred thousand tokens."""
_SIZES: Final[Mapping[int, str]] = dict(zip((*range(8), 10, 11, 12), "BbHhIif?Qqd", strict=True))
"""How the kinds of values are written, by GGUF's numbers."""
_TEXT, _LIST = 8, 9
_DIMENSIONS: Final = 8
"""The most that a tensor may have: GGML knows four."""


class NoHeaderError(Exception):
    """The file is no GGUF file, or ends in the middle of its header."""


@dataclass(frozen=True, slots=True)
class Header:
    """What a file says of itself."""

    numbers: Mapping[str, float]
    """Its numbers by name; of lists, how long they are."""
    texts: Mapping[str, str]
    forms: frozenset[int]
    """The forms of its tensors, by GGML's numbers."""
    parameters: int
    """How many numbers its tensors hold together."""

    @property
    def token(self) -> int:
        """Return the bytes of one token's keys and values at 16 bits; 0 when it does not say."""
        kind = self.texts.get("general.architecture", "")
        try:
            heads = self.numbers[f"{kind}.attention.head_count"]
            kept = self.numbers.get(f"{kind}.attention.head_count_kv", heads)
            width = self.numbers[f"{kind}.embedding_length"]
            each = self.numbers.get(f"{kind}.attention.key_length", width // heads)
            return int(2 * 2 * self.numbers[f"{kind}.block_count"] * kept * each)
        except (KeyError, ValueError, ArithmeticError):
            return 0


def read(path: Path) -> Header:
    """Return the header of a file.

    Raises:
        NoHeaderError: It has none that can be read.
    """
    try:
        with path.open("rb") as file:
            return _Reading(file).header()
    except (OSError, struct.error, UnicodeDecodeError, OverflowError, MemoryError) as error:
        msg = f"its header cannot be read ({error})"
        raise NoHeaderError(msg) from error


class _Reading:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._left = _MOST

    def header(self) -> Header:
        if self._bytes(4) != b"GGUF" or self._number("I") not in {2, 3}:
            msg = "it is no GGUF file of version 2 or 3"
            raise NoHeaderError(msg)
        tensors, facts = int(self._number("Q")), int(self._number("Q"))
        numbers: dict[str, float] = {}
        texts: dict[str, str] = {}
        for _ in range(facts):
            name, kind = self._text(), int(self._number("I"))
            if kind == _TEXT:
                texts[name] = self._text()
            else:
                numbers[name] = self._list() if kind == _LIST else self._number(_form(kind))
        forms, parameters = set(), 0
        for _ in range(tensors):
            self._text()
            dimensions = int(self._number("I"))
            if dimensions > _DIMENSIONS:
                msg = f"it has a tensor of {dimensions} dimensions"
                raise NoHeaderError(msg)
            shape = self._bytes(8 * dimensions)
            parameters += math.prod(struct.unpack(f"<{dimensions}Q", shape))
            forms.add(int(self._number("I")))
            self._bytes(8)
        return Header(numbers, texts, frozenset(forms), parameters)

    def _list(self) -> int:
        kind, length = int(self._number("I")), int(self._number("Q"))
        if kind != _TEXT:
            self._bytes(length * struct.calcsize(_form(kind)))
            return length
        for _ in range(length):
            self._text()
        return length

    def _text(self) -> str:
        return self._bytes(int(self._number("Q"))).decode("utf-8", "replace")

    def _number(self, form: str) -> float:
        [number] = struct.unpack(f"<{form}", self._bytes(struct.calcsize(f"<{form}")))
        return number  # type: ignore[no-any-return]  # a number, by its form

    def _bytes(self, count: int) -> bytes:
        self._left -= count
        held = self._file.read(count) if self._left >= 0 else b""
        if len(held) != count:
            msg = "it ends in the middle of its header"
            raise NoHeaderError(msg)
        return held


def _form(kind: int) -> str:
    if kind not in _SIZES:
        msg = f"it holds a value of the unknown kind {kind}"
        raise NoHeaderError(msg)
    return _SIZES[kind]

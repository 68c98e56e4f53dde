"""Prompts that are read once: keys and values of what many requests begin with.

In memory, under a cap, the least used go first. On disk only fixed prompts of this program, never a
word of anyone's: the keys and values of a text are that text in another form. `engine` keeps
prefixes here; `process` lets the fixed ones be read and written before it shuts its doors.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

from doorward.daemon.reader.forward import Cache

MOST_ON_DISK: Final = 256 << 20
"""Bytes of all files together; the oldest go first."""
_FORM: Final = 1
_TYPES: Final = ("float32", "float16")


class Prefixes:
    """What is kept in memory."""

    def __init__(self, most: int) -> None:
        """Take the most bytes."""
        self._most = most
        self._kept: OrderedDict[tuple[int, ...], tuple[Cache, int]] = OrderedDict()

    @property
    def size(self) -> int:
        """Count the bytes that are kept."""
        return sum(size for _, size in self._kept.values())

    def find(self, ids: Sequence[int]) -> Cache | None:
        """Return what was kept for exactly these tokens; it is shared and must not be written."""
        key = tuple(ids)
        if key not in self._kept:
            return None
        self._kept.move_to_end(key)
        return self._kept[key][0]

    def keep(self, ids: Sequence[int], cache: Cache) -> None:
        """Keep a cache that holds exactly these tokens, if there is room for it at all."""
        size = sum(int(layer.nbytes) for layer in cache)
        if size > self._most:
            return
        self._kept[tuple(ids)] = (cache, size)
        while self.size > self._most:
            self._kept.popitem(last=False)


def fingerprint(model: Path, adapter: Path | None) -> str:
    """Name a model and what was learned on top of it, by samples of all their files."""
    digest = hashlib.sha256()
    for place in (model, adapter):
        for path in _files(place):
            size = path.stat().st_size
            digest.update(f"{path.name}:{size}:".encode())
            with path.open("rb") as source:
                for part in range(17):
                    source.seek(max(0, size - 65_536) * part // 16)
                    digest.update(source.read(65_536))
    return digest.hexdigest()


def _files(place: Path | None) -> list[Path]:
    if place is None:
        return []
    return sorted(p for p in place.rglob("*") if p.is_file()) if place.is_dir() else [place]


class Shelf:
    """Fixed prefixes in a folder, for one model."""

    def __init__(self, folder: Path, model: str) -> None:
        """Take a private folder and the model's fingerprint."""
        self._folder = folder
        self._model = model

    def load(self, ids: Sequence[int], empty: Cache) -> Cache | None:
        """Fill an empty cache with what is kept for these tokens; None if it is not whole."""
        try:
            head, _, body = self._path(ids).read_bytes().partition(b"\n")
            about = json.loads(head)
            if about["digest"] != hashlib.sha256(body).hexdigest():
                return None
            return _fill(empty, about["shape"], about["type"], body, len(ids))
        except (OSError, ValueError, LookupError, TypeError):
            return None

    def save(self, ids: Sequence[int], cache: Cache) -> None:
        """Write down a cache that holds exactly these tokens; where it cannot, it is made anew."""
        import numpy as np

        if str(cache[0].keys.dtype).removeprefix("mlx.core.") not in _TYPES:
            return
        arrays = [np.array(array) for layer in cache for array in layer.keys_and_values()]
        body = b"".join(array.tobytes() for array in arrays)
        about = {
            "digest": hashlib.sha256(body).hexdigest(),
            "shape": list(arrays[0].shape),
            "type": str(arrays[0].dtype),
        }
        path = self._path(ids)
        draft = path.with_suffix(f".{os.getpid()}")
        with contextlib.suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            try:
                with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as out:
                    out.write(json.dumps(about).encode() + b"\n" + body)
                draft.replace(path)
            finally:
                draft.unlink(missing_ok=True)
            self._trim()

    def _path(self, ids: Sequence[int]) -> Path:
        named = json.dumps([_FORM, self._model, list(ids)]).encode()
        return self._folder / f"{hashlib.sha256(named).hexdigest()[:32]}.kv"

    def _trim(self) -> None:
        kept = sorted(self._folder.glob("*.kv"), key=lambda path: path.stat().st_mtime)
        whole = sum(path.stat().st_size for path in kept)
        for path in kept:
            if whole <= MOST_ON_DISK:
                return
            whole -= path.stat().st_size
            path.unlink()


def _fill(empty: Cache, shape: list[int], kind: str, body: bytes, length: int) -> Cache | None:
    import mlx.core as mx
    import numpy as np

    if kind not in _TYPES or shape[2] != length:
        return None
    flat: Any = np.frombuffer(body, dtype=kind).reshape(2 * len(empty), *shape)
    for number, layer in enumerate(empty):
        layer.keys, layer.values = mx.array(flat[2 * number]), mx.array(flat[2 * number + 1])
        layer.offset = length
    mx.eval([(layer.keys, layer.values) for layer in empty])
    return empty

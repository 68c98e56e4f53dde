"""The journal of a changeset: JSON lines, each on disk before what it announces is done.

It knows nothing of what the lines mean. A line that a crash cut short was never acknowledged and is
dropped when the journal is next written. `books` writes and replays it.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeAlias

from doorward.tools.changes.disk import Disk

Line: TypeAlias = Mapping[str, Any]
"""One JSON object; what is in it is the changeset's business."""


class Journal:
    """An append-only file of JSON lines, which several may hold open."""

    def __init__(self, holder: int, name: str, disk: Disk) -> None:
        """Open or create the journal.

        Args:
            holder: Descriptor of the folder that it lies in.
            name: Its file name there.
            disk: How the disk is reached.
        """
        flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC
        self._file = os.open(name, flags, 0o600, dir_fd=holder)
        self._disk = disk
        self._end = 0

    def close(self) -> None:
        """Let go of the file; harmless when done twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def __del__(self) -> None:
        """Let go of the file with the last holder of this object."""
        if getattr(self, "_file", -1) >= 0:
            os.close(self._file)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep every other holder of this journal out for a while."""
        fcntl.flock(self._file, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._file, fcntl.LOCK_UN)

    @property
    def end(self) -> int:
        """Return the length in bytes, as far as it was read: a mark to `cut` back to."""
        return self._end

    def shorter(self) -> bool:
        """Tell whether another holder has cut off lines that were read here."""
        return os.fstat(self._file).st_size < self._end

    def rewind(self) -> None:
        """Read from the beginning again."""
        self._end = 0

    def news(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield every line that was not read yet, with the mark before it; call it `alone`."""
        if os.fstat(self._file).st_size == self._end:
            return
        for line in self._read().splitlines(keepends=True):
            if not line.endswith(b"\n"):
                self.cut(self._end)
                return
            mark = self._end
            self._end += len(line)
            yield mark, json.loads(line)

    def append(self, line: Line, *, durable: bool = True) -> None:
        """Add a line after everything was read; with `durable`, return when it is on disk.

        Raises:
            OSError: When it cannot be written; the journal is then as it was before.
        """
        data = json.dumps(line, separators=(",", ":"), ensure_ascii=True).encode() + b"\n"
        try:
            self._disk.write(self._file, data)
            if durable:
                self._disk.sync(self._file)
        except OSError:
            self.cut(self._end)
            raise
        self._end += len(data)

    def cut(self, mark: int) -> None:
        """Forget every line after a mark; needs no space on the disk."""
        os.ftruncate(self._file, mark)
        os.fsync(self._file)
        self._end = mark

    def _read(self) -> bytes:
        pieces: list[bytes] = []
        at = self._end
        while piece := os.pread(self._file, 1 << 20, at):
            pieces.append(piece)
            at += len(piece)
        return b"".join(pieces)

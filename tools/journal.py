"""The journal of a changeset: JSON lines, each on disk before what it announces is done.

It knows nothing of what the lines mean. A line that a crash cut short was never acknowledged and is
dropped when the journal is opened again. `changeset` writes and replays it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

from doorward.tools.disk import Disk

Line: TypeAlias = Mapping[str, Any]
"""One JSON object; what is in it is the changeset's business."""


class Journal:
    """An append-only file of JSON lines."""

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
        self._end = self._whole()
        os.ftruncate(self._file, self._end)

    def close(self) -> None:
        """Let go of the file; harmless when done twice."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    @property
    def end(self) -> int:
        """Return the length in bytes: a mark that `cut` can come back to."""
        return self._end

    def append(self, line: Line, *, durable: bool = True) -> None:
        """Add a line; with `durable`, return only when it is on disk.

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

    def lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Yield every line from the beginning, with the mark before it."""
        mark = 0
        for line in self._read().splitlines(keepends=True):
            yield mark, json.loads(line)
            mark += len(line)

    def _whole(self) -> int:
        return self._read().rfind(b"\n") + 1

    def _read(self) -> bytes:
        pieces: list[bytes] = []
        at = 0
        while piece := os.pread(self._file, 1 << 20, at):
            pieces.append(piece)
            at += len(piece)
        return b"".join(pieces)

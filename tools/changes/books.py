"""The books of a changeset: its staged state and its rounds, kept in a journal that outlives us.

It changes nothing of the user's and decides nothing: it writes lines and content into the
changeset's own folder and rebuilds the same state from them, after a restart as well as after
another holder of the same changeset has written. `staging` and `changeset` call it.
"""

from __future__ import annotations

import contextlib
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doorward.tools.base import Conflict
from doorward.tools.changes.beneath import Folder
from doorward.tools.changes.disk import Disk
from doorward.tools.changes.journal import Journal
from doorward.tools.changes.overlay import Blob, Overlay, Stamp
from doorward.tools.changes.paths import relative_to
from doorward.tools.changes.rounds import FULL, Round, full, round_from_json, round_to_json
from doorward.tools.changes.transfer import take_stamp


class Books:
    """What one changeset has staged and committed."""

    def __init__(self, home: Path, folder: Path, disk: Disk) -> None:
        """Remember where the books are; they begin with the first line that is written.

        Args:
            home: The changeset's own folder.
            folder: The user's folder, canonical.
            disk: How the disk is changed.
        """
        self.kept = Folder(home)
        self.disk = disk
        self._folder = folder
        self._journal: Journal | None = None
        self._lock = threading.RLock()
        self._depth = 0
        self._forget()

    def close(self) -> None:
        """Let go of every descriptor; the next use opens them again."""
        if self._journal is not None:
            self._journal.close()
            self._journal = None
            self._forget()
        self.kept.close()

    @contextlib.contextmanager
    def current(self, *, begin: bool = False) -> Iterator[Books]:
        """Hold the books for a while, up to date and with every other holder kept out.

        Args:
            begin: Begin them where there are none yet.
        """
        with self._lock:
            if self._journal is None and (begin or (self.kept.path / "journal").exists()):
                self._open()
            if self._journal is None or self._depth:
                yield self
                return
            with self._journal.alone():
                self._depth += 1
                try:
                    self._refresh(self._journal)
                    yield self
                finally:
                    self._depth -= 1

    def record(self, line: dict[str, Any]) -> None:
        """Write a line, then let the state follow it.

        Raises:
            Unavailable: When the disk is full; nothing has changed.
        """
        try:
            journal = self._journal or self._open()
            if journal.end == 0:
                journal.append({"do": "begin", "folder": str(self._folder)})
            journal.append(line)
        except OSError as error:
            if error.errno in FULL:
                raise full(error, "the change") from error
            raise
        self._replay(line)

    def mark(self, line: dict[str, Any]) -> None:
        """Note that an action is done; a full disk may lose the note, never the deed."""
        try:
            self._writer().append(line, durable=False)
        except OSError as error:
            if error.errno not in FULL:
                raise

    def begin(self, work: Round) -> Round:
        """Make a round last before its first action; return it as it is kept."""
        self._mark = self._writer().end
        self.record(round_to_json(work))
        self._after = self._writer().end
        return self.rounds[-1]

    def settle(self, work: Round) -> None:
        """Record that a round has ended; what was left stays staged.

        Raises:
            OSError: When the disk is full.
        """
        line = {"do": "committed", "round": work.name, "left": list(work.left.items())}
        self._writer().append(line)
        self._settle(work)

    def unmark(self) -> None:
        """Forget the notes of what a round has done: it is being taken back."""
        self._writer().cut(self._after)

    def abandon(self, work: Round) -> None:
        """Forget a round that was taken back whole; needs no space on the disk."""
        self._writer().cut(self._mark)
        self.rounds.remove(work)

    def keep(self, data: bytes, mode: int) -> Blob:
        """Keep content as a file of ours with these permission bits.

        Raises:
            Unavailable: When the disk is full; nothing is kept.
        """
        self._open_kept()
        name = str(self.blobs)
        holder = self.kept.open_folder("blobs")
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            file = os.open(name, flags, 0o600, dir_fd=holder)
            try:
                self.disk.write(file, data)
                os.fchmod(file, mode)
                self.disk.sync(file)
                return Blob(name, take_stamp(file))
            except OSError:
                os.unlink(name, dir_fd=holder)
                raise
            finally:
                os.close(file)
        except OSError as error:
            if error.errno in FULL:
                raise full(error, "the new content") from error
            raise
        finally:
            os.close(holder)

    def drop(self, blob: Blob) -> None:
        """Remove content that nothing needs any more."""
        holder = self.kept.open_folder("blobs")
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(blob.name, dir_fd=holder)
        finally:
            os.close(holder)

    # --- inside

    def _forget(self) -> None:
        self.overlay = Overlay()
        self.keys: dict[tuple[str, str, str], str] = {}
        self.rounds: list[Round] = []
        self.undoing = False
        self.blobs = 0
        self.staged = 0
        """Bytes of content that is kept."""
        self._mark = self._after = 0

    def _open_kept(self) -> None:
        for part in ("blobs", "trash"):
            (self.kept.path / part).mkdir(mode=0o700, parents=True, exist_ok=True)

    def _open(self) -> Journal:
        self._open_kept()
        holder = self.kept.open_folder("")
        try:
            self._journal = Journal(holder, "journal", self.disk)
        finally:
            os.close(holder)
        return self._journal

    def _writer(self) -> Journal:
        if self._journal is None:
            msg = "the books are not open"
            raise ValueError(msg)
        return self._journal

    def _refresh(self, journal: Journal) -> None:
        if journal.shorter():
            journal.rewind()
            self._forget()
        for mark, line in journal.news():
            if line["do"] == "commit":
                self._mark, self._after = mark, journal.end
            self._replay(line)

    def _replay(self, line: dict[str, Any]) -> None:
        match line["do"]:
            case "begin":
                if line["folder"] != str(self._folder):
                    raise Conflict(f"this changeset belongs to {line['folder']}")
            case "write" | "move" | "trash":
                self._replay_staged(line)
            case "discard":
                self._clear()
            case "undo":
                self._clear()
                self.undoing = True
            case "undone":
                self.undoing = False
            case "commit":
                self.rounds.append(round_from_json(line))
            case _:
                self._replay_round(line)

    def _replay_staged(self, line: dict[str, Any]) -> None:
        who, path = line["step"], line["path"]
        match line["do"]:
            case "write":
                name, stamp = line["blob"]
                blob = Blob(name, Stamp(*stamp))
                self.overlay.write(path, blob, _stamp(line["under"]), who)
                self.blobs += 1
                self.staged += blob.stamp.size
                result = blob.stamp.digest
            case "move":
                self.overlay.move(path, line["to"], _stamp(line["stamp"]), who)
                result = line["to"]
            case _:
                self.overlay.trash(path, _stamp(line["stamp"]), who)
                result = ""
        self.keys[line["step"], line["do"], path] = result

    def _replay_round(self, line: dict[str, Any]) -> None:
        work = next(work for work in self.rounds if work.name == line["round"])
        match line["do"]:
            case "done":
                work.done.add(line["action"])
            case "undid":
                work.undone.add(line["action"])
            case _:
                work.left = dict(line["left"])
                self._settle(work)

    def _settle(self, work: Round) -> None:
        work.settled = True
        for at, change in enumerate(work.changes):
            if at in work.left:
                work.done -= work.parts(at)
            else:
                to = self._relative(change.to) if change.to else ""
                self.overlay.settle(change, self._relative(change.path), to)

    def _relative(self, path: Path) -> str:
        return relative_to(self._folder, str(path))

    def _clear(self) -> None:
        self.overlay = Overlay()
        self.keys.clear()


def _stamp(data: list[Any] | None) -> Stamp | None:
    return Stamp(*data) if data else None

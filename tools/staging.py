"""Staging: the overlay of a changeset together with the journal that makes it last.

It changes nothing of the user's: it writes content and lines into the changeset's own folder, and
rebuilds the same state from them after a restart. `changeset` calls it.
"""

from __future__ import annotations

import contextlib
import os
import stat
import threading
from hashlib import blake2b
from pathlib import Path
from typing import Any

from doorward.policies.vocabulary import StepId
from doorward.tools import paths
from doorward.tools.actions import stamp_to_json
from doorward.tools.base import Conflict, NotFound, Unreadable
from doorward.tools.beneath import Folder
from doorward.tools.commit import FULL, Round, full, round_from_json, round_to_json
from doorward.tools.disk import Disk
from doorward.tools.journal import Journal
from doorward.tools.listing import Entry
from doorward.tools.overlay import Blob, Overlay, Stamp
from doorward.tools.transfer import take_stamp


class Staging:
    """What one changeset has staged, and the rounds that it has committed."""

    def __init__(self, home: Path, folder: Folder, disk: Disk) -> None:
        """Open what is kept in a folder of our own, or begin it.

        Args:
            home: The changeset's own folder.
            folder: The user's folder.
            disk: How the disk is changed.

        Raises:
            Conflict: When it was begun over another folder.
        """
        for part in ("blobs", "trash"):
            (home / part).mkdir(mode=0o700, parents=True, exist_ok=True)
        self.kept = Folder(home)
        self.disk = disk
        self.lock = threading.RLock()
        self.overlay = Overlay()
        self.rounds: list[Round] = []
        self.undoing = False
        self._folder = folder
        self._keys: dict[tuple[str, str, str], str] = {}
        self._blobs = 0
        self._mark = 0
        holder = self.kept.open_folder("")
        try:
            self._journal = Journal(holder, "journal", disk)
        finally:
            os.close(holder)
        if self._journal.end == 0:
            self._append({"do": "begin", "folder": str(folder.path)})
        for mark, line in self._journal.lines():
            self._mark = mark if line["do"] == "commit" else self._mark
            self._replay(line)

    def close(self) -> None:
        """Let go of every descriptor."""
        self._journal.close()
        self.kept.close()

    # --- what the overlay shows

    def refuse_gone(self, relative: str) -> None:
        """Raise NotFound when a staged change took a file away."""
        if relative in self.overlay.gone:
            error = NotFound(f"there is no file {paths.shown(relative)}: an earlier step moved it")
            error.add_note("hint: use the path that the earlier step returned")
            raise error

    def find(self, relative: str) -> Entry | None:
        """Return the file or folder that would be at a path; None when nothing would be."""
        here = self._folder.path / relative
        placed = self.overlay.placed.get(relative)
        if placed is not None:
            return Entry(here, placed.stamp.size, placed.stamp.modified / 1e9, is_folder=False)
        found = None if relative in self.overlay.gone else self._folder.look(relative)
        if found is None:
            virtual = relative in self.overlay.virtual_folders()
            return Entry(here, 0, 0.0, is_folder=True) if virtual else None
        if stat.S_ISDIR(found.st_mode):
            return Entry(here, 0, found.st_mtime, is_folder=True)
        if stat.S_ISREG(found.st_mode):
            return Entry(here, found.st_size, found.st_mtime_ns / 1e9, is_folder=False)
        raise Unreadable(f"{paths.shown(relative)} is neither a file nor a folder, or is a link")

    # --- staging

    def write(self, step: StepId, relative: str, data: bytes) -> str:
        """Stage content at a path; return the path."""
        with self.lock:
            there = self.find(relative)
            if there is None:
                paths.check_new(relative)
                self._refuse_above(relative)
            elif there.is_folder:
                raise Conflict(f"{paths.shown(relative)} is a folder")
            digest = blake2b(data, digest_size=32).hexdigest()
            if self._keys.get((step, "write", relative)) == digest:
                return relative
            placed = self.overlay.placed.get(relative)
            under = self._under(relative) if there and placed is None else None
            mode = under.mode if under else placed.stamp.mode if placed else 0o600
            blob = self._keep(data, mode)
            line = {
                "do": "write",
                "step": step,
                "path": relative,
                "blob": [blob.name, stamp_to_json(blob.stamp)],
                "under": stamp_to_json(under),
            }
            try:
                self._append(line)
            except BaseException:
                self._drop(blob.name)
                raise
            self._replay(line)
            return relative

    def move(self, step: StepId, relative: str, to: str) -> str:
        """Stage a move; return where it goes."""
        with self.lock:
            earlier = self._keys.get((step, "move", relative))
            if earlier is not None:
                return earlier
            stamp = self._source(relative)
            if to == relative:
                return to
            paths.check_new(to)
            self._refuse_above(to)
            free = self._free(to)
            if free == relative:
                return free
            self._record(
                {
                    "do": "move",
                    "step": step,
                    "path": relative,
                    "to": free,
                    "stamp": stamp_to_json(stamp),
                }
            )
            return free

    def trash(self, step: StepId, relative: str) -> None:
        """Stage a file for the trash."""
        with self.lock:
            if (step, "trash", relative) in self._keys:
                return
            stamp = self._source(relative)
            self._record(
                {"do": "trash", "step": step, "path": relative, "stamp": stamp_to_json(stamp)}
            )

    def discard(self) -> None:
        """Drop what is staged."""
        with self.lock:
            names = [blob.name for blob in self.overlay.placed.values() if isinstance(blob, Blob)]
            self._record({"do": "discard"})
            for name in names:
                self._drop(name)

    # --- rounds

    def mark(self, line: dict[str, Any]) -> None:
        """Note that an action is done; a full disk may lose the note, never the deed."""
        try:
            self._journal.append(line, durable=False)
        except OSError as error:
            if error.errno not in FULL:
                raise

    def begin(self, work: Round) -> None:
        """Make a round last before its first action."""
        self._mark = self._journal.end
        self._append(round_to_json(work))
        self.rounds.append(work)

    def settle(self, work: Round) -> None:
        """Record that a round has ended; what was left stays staged."""
        line = {"do": "committed", "round": work.name, "left": list(work.left.items())}
        self._journal.append(line)
        self._settle(work)

    def abandon(self, work: Round) -> None:
        """Forget a round that was taken back whole."""
        self._journal.cut(self._mark)
        self.rounds.remove(work)

    def begin_undo(self) -> None:
        """Make the wish to undo last; drop what is staged."""
        self._record({"do": "undo"})

    def end_undo(self) -> None:
        """Record that undo has ended."""
        self._record({"do": "undone"})

    # --- inside

    def _source(self, relative: str) -> Stamp | None:
        """Return the stamp of the user's file at a path; None when something staged is there."""
        if relative in self.overlay.placed:
            return None
        self.refuse_gone(relative)
        return self._under(relative)

    def _under(self, relative: str) -> Stamp:
        with self._folder.open_file(relative, limit=None) as file:
            return take_stamp(file.fileno())

    def _free(self, to: str) -> str:
        for number in range(1, 1000):
            name = to if number == 1 else paths.numbered(to, number)
            if self._is_free(name):
                return name
        raise Conflict(f"the name {paths.shown(to)} is taken, and so are 999 like it")

    def _is_free(self, relative: str) -> bool:
        if relative in self.overlay.placed or relative in self.overlay.virtual_folders():
            return False
        return relative in self.overlay.gone or self._folder.look(relative) is None

    def _refuse_above(self, relative: str) -> None:
        """Refuse a path beneath a file, also one that is still on disk until the commit."""
        for above in paths.parents(relative):
            there = self.find(above)
            if (there and not there.is_folder) or above in self.overlay.gone:
                raise Conflict(f"{paths.shown(above)} is a file, not a folder")

    def _keep(self, data: bytes, mode: int) -> Blob:
        name = str(self._blobs)
        holder = self.kept.open_folder("blobs")
        try:
            flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
            file = os.open(name, flags, 0o600, dir_fd=holder)
            try:
                self.disk.write(file, data)
                os.fchmod(file, mode)
                self.disk.sync(file)
                return Blob(name, take_stamp(file))
            except OSError as error:
                os.unlink(name, dir_fd=holder)
                if error.errno in FULL:
                    raise full(error, "the new content") from error
                raise
            finally:
                os.close(file)
        finally:
            os.close(holder)

    def _drop(self, name: str) -> None:
        holder = self.kept.open_folder("blobs")
        try:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(name, dir_fd=holder)
        finally:
            os.close(holder)

    def _record(self, line: dict[str, Any]) -> None:
        self._append(line)
        self._replay(line)

    def _append(self, line: dict[str, Any]) -> None:
        try:
            self._journal.append(line)
        except OSError as error:
            if error.errno in FULL:
                raise full(error, "the change") from error
            raise

    def _replay(self, line: dict[str, Any]) -> None:
        match line["do"]:
            case "begin":
                if line["folder"] != str(self._folder.path):
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
            case _:
                self._replay_round(line)

    def _replay_staged(self, line: dict[str, Any]) -> None:
        step, path = line["step"], line["path"]
        match line["do"]:
            case "write":
                name, stamp = line["blob"]
                under = Stamp(*line["under"]) if line["under"] else None
                blob = Blob(name, Stamp(*stamp))
                self.overlay.write(path, blob, under, step)
                self._blobs += 1
                result = blob.stamp.digest
            case "move":
                self.overlay.move(path, line["to"], _stamp(line), step)
                result = line["to"]
            case _:
                self.overlay.trash(path, _stamp(line), step)
                result = ""
        self._keys[step, line["do"], path] = result

    def _replay_round(self, line: dict[str, Any]) -> None:
        if line["do"] == "commit":
            self.rounds.append(round_from_json(line))
            return
        work = next(work for work in self.rounds if work.name == line["round"])
        match line["do"]:
            case "done":
                work.done.add(line["action"])
            case "undid":
                work.undone.add(line["action"])
            case "committed":
                work.left = dict(line["left"])
                self._settle(work)

    def _settle(self, work: Round) -> None:
        work.settled = True
        for at, change in enumerate(work.changes):
            if at in work.left:
                work.done -= work.parts(at)
            else:
                self.overlay.settle(change, self._relative(change.path), self._relative(change.to))

    def _relative(self, path: Path | None) -> str:
        return paths.relative_to(self._folder.path, str(path)) if path else ""

    def _clear(self) -> None:
        self.overlay = Overlay()
        self._keys.clear()


def _stamp(line: dict[str, Any]) -> Stamp | None:
    return Stamp(*line["stamp"]) if line["stamp"] else None

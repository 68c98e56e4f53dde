"""Staging: what a step may stage, and where; each change once, however often the step is run.

It changes nothing of the user's: it looks at the folder through the overlay, and lets the books
write down what is staged. `changeset` calls it.
"""

from __future__ import annotations

import stat
from hashlib import blake2b

from doorward.policies.vocabulary import StepId
from doorward.tools.base import Conflict, NotFound, Unavailable, Unreadable
from doorward.tools.changes import paths
from doorward.tools.changes.actions import stamp_to_json
from doorward.tools.changes.beneath import Folder
from doorward.tools.changes.books import Books
from doorward.tools.changes.listing import Entry
from doorward.tools.changes.overlay import Stamp
from doorward.tools.changes.transfer import take_stamp

MAX_STAGED = 1_000_000_000
"""Bytes of new content of one objective: it lies on the disk before anybody has said yes to it."""


class Staging:
    """The staged view of a folder, to look at and to add to."""

    def __init__(self, books: Books, folder: Folder) -> None:
        """Stage into books.

        Args:
            books: Where it is written down; hold them `current` around every call.
            folder: The user's folder.
        """
        self._books = books
        self._folder = folder

    def refuse_gone(self, relative: str) -> None:
        """Raise NotFound when a staged change took a file away."""
        if relative in self._books.overlay.gone:
            error = NotFound(f"there is no file {paths.shown(relative)} any more")
            error.add_note("hint: an earlier step moved it; use the path that the step returned")
            raise error

    def find(self, relative: str) -> Entry | None:
        """Return the file or folder that would be at a path; None when nothing would be."""
        overlay, here = self._books.overlay, self._folder.path / relative
        placed = overlay.placed.get(relative)
        if placed is not None:
            return Entry(here, placed.stamp.size, placed.stamp.modified / 1e9, is_folder=False)
        found = None if relative in overlay.gone else self._folder.look(relative)
        if found is None:
            virtual = relative in overlay.virtual_folders()
            return Entry(here, 0, 0.0, is_folder=True) if virtual else None
        if stat.S_ISDIR(found.st_mode):
            return Entry(here, 0, found.st_mtime, is_folder=True)
        if stat.S_ISREG(found.st_mode):
            return Entry(here, found.st_size, found.st_mtime_ns / 1e9, is_folder=False)
        raise Unreadable(f"{paths.shown(relative)} is neither a file nor a folder, or is a link")

    def write(self, step: StepId, relative: str, data: bytes) -> str:
        """Stage content at a path; return the path."""
        self._refuse_above(relative)
        there = self.find(relative)
        if there is None:
            paths.check_new(relative)
        elif there.is_folder:
            raise Conflict(f"{paths.shown(relative)} is a folder")
        digest = blake2b(data, digest_size=32).hexdigest()
        if self._books.keys.get((step, "write", relative)) == digest:
            return relative
        if self._books.staged + len(data) > MAX_STAGED:
            raise Unavailable(f"one objective may not write over {MAX_STAGED // 1_000_000} MB")
        placed = self._books.overlay.placed.get(relative)
        under = self._stamp(relative) if there and placed is None else None
        mode = under.mode if under else placed.stamp.mode if placed else 0o600
        blob = self._books.keep(data, mode)
        try:
            self._books.record(
                {
                    "do": "write",
                    "step": step,
                    "path": relative,
                    "blob": [blob.name, stamp_to_json(blob.stamp)],
                    "under": stamp_to_json(under),
                }
            )
        except BaseException:
            self._books.drop(blob)
            raise
        return relative

    def move(self, step: StepId, relative: str, to: str) -> str:
        """Stage a move; return where it goes."""
        earlier = self._books.keys.get((step, "move", relative))
        if earlier is not None:
            return earlier
        stamp = self._source(relative)
        if to == relative:
            return to
        paths.check_new(to)
        self._refuse_above(to)
        free = self._free(relative, to)
        if free != relative:
            line = {"do": "move", "step": step, "path": relative, "to": free}
            self._books.record({**line, "stamp": stamp_to_json(stamp)})
        return free

    def trash(self, step: StepId, relative: str) -> None:
        """Stage a file for the trash."""
        if (step, "trash", relative) not in self._books.keys:
            stamp = stamp_to_json(self._source(relative))
            self._books.record({"do": "trash", "step": step, "path": relative, "stamp": stamp})

    def forecast(self, step: StepId, relative: str, to: str) -> str:
        """Return where a move would go, without staging it."""
        earlier = self._books.keys.get((step, "move", relative))
        if earlier is not None:
            return earlier
        if self.find(relative) is None:
            self.refuse_gone(relative)
            raise NotFound(f"there is no file {paths.shown(relative)}")
        return self._free(relative, to)

    def replaces(self, step: StepId, relative: str) -> bool:
        """Tell whether a write would put other content in a file's place.

        What the same step wrote there before a crash does not count: it is the same change.
        """
        overlay = self._books.overlay
        placed = overlay.placed.get(relative)
        if placed is None:
            return self.find(relative) is not None
        return relative in overlay.gone or overlay.steps.get(placed) != step

    def _source(self, relative: str) -> Stamp | None:
        """Return the stamp of the user's file at a path; None when something staged is there."""
        if relative in self._books.overlay.placed:
            return None
        self.refuse_gone(relative)
        return self._stamp(relative)

    def _stamp(self, relative: str) -> Stamp:
        with self._folder.open_file(relative, limit=None) as file:
            return take_stamp(file.fileno())

    def _free(self, relative: str, to: str) -> str:
        for number in range(1, 1000):
            name = to if number == 1 else paths.numbered(to, number)
            if name == relative or self._is_free(name):
                return name
        raise Conflict(f"the name {paths.shown(to)} is taken, and so are 999 like it")

    def _is_free(self, relative: str) -> bool:
        overlay = self._books.overlay
        if relative in overlay.placed or relative in overlay.virtual_folders():
            return False
        return relative in overlay.gone or self._folder.look(relative) is None

    def _refuse_above(self, relative: str) -> None:
        """Refuse a path beneath a file, also one that is still on disk until the commit."""
        for above in paths.parents(relative):
            there = self.find(above)
            if (there and not there.is_folder) or above in self._books.overlay.gone:
                raise Conflict(f"{paths.shown(above)} is a file, not a folder")

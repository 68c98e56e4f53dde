"""Listing a folder as the overlay shows it: what the disk has, less what is gone, plus the new.

It opens no file. Hidden names, links and anything but files and folders are left out; so is what
lies on another volume, since it could not be opened either. `changeset` calls it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doorward.tools.base import NotFound, ToolError, Unreadable
from doorward.tools.changes.beneath import Folder, explain
from doorward.tools.changes.overlay import Overlay
from doorward.tools.changes.paths import hidden, join, shown, split


@dataclass(frozen=True, slots=True)
class Entry:
    """One file or folder, as it will be when the changeset is committed."""

    path: Path
    """Absolute."""
    size: int
    """Bytes; 0 for a folder."""
    modified: float
    """POSIX time in seconds."""
    is_folder: bool


class Listing:
    """One look at a folder through an overlay."""

    def __init__(self, folder: Folder, overlay: Overlay, skipped: list[str] | None) -> None:
        """Prepare the look.

        Args:
            folder: The user's folder.
            overlay: What is staged.
            skipped: Collects a sentence for every folder that cannot be opened; None raises.
        """
        self._folder = folder
        self._overlay = overlay
        self._skipped = skipped
        self._virtual = overlay.virtual_folders()
        self._placed: dict[str, list[str]] = {}
        for path in (*overlay.placed, *self._virtual):
            self._placed.setdefault(split(path)[0], []).append(path)

    def entries(self, relative: str, *, recursive: bool) -> Iterator[Entry]:
        """Yield the entries of a folder by name, each folder before what is in it.

        Raises:
            NotFound: When there is no such folder.
            Unreadable: When it may not be opened.
        """
        found = self._on_disk(relative)
        for path in self._placed.get(relative, ()):
            if path not in found or path in self._overlay.placed:
                found[path] = self._staged(path)
        for path in sorted(found):
            entry = found[path]
            if hidden(split(path)[1]):
                continue
            yield entry
            if entry.is_folder and recursive:
                try:
                    yield from self.entries(path, recursive=True)
                except ToolError as error:
                    if self._skipped is None:
                        raise
                    self._skipped.append(str(error))

    def _on_disk(self, relative: str) -> dict[str, Entry]:
        try:
            holder = self._folder.open_folder(relative)
        except NotFound:
            if relative in self._virtual:
                return {}
            raise
        try:
            return dict(self._scan(holder, relative))
        except OSError as error:
            raise explain(error, relative, "folder") from error
        finally:
            os.close(holder)

    def _scan(self, holder: int, relative: str) -> Iterator[tuple[str, Entry]]:
        device = os.fstat(holder).st_dev
        with os.scandir(holder) as names:
            for name in names:
                path = join(relative, name.name)
                try:
                    found = name.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue  # it went away between the listing and the look
                if found.st_dev != device:
                    continue
                if stat.S_ISDIR(found.st_mode):
                    yield path, Entry(self._folder.path / path, 0, found.st_mtime, is_folder=True)
                elif stat.S_ISREG(found.st_mode) and path not in self._overlay.gone:
                    yield path, _file(self._folder.path / path, found.st_size, found.st_mtime_ns)

    def _staged(self, path: str) -> Entry:
        here = self._folder.path / path
        source = self._overlay.placed.get(path)
        if source is None:
            return Entry(here, 0, 0.0, is_folder=True)
        return _file(here, source.stamp.size, source.stamp.modified)


def entries(
    folder: Folder,
    overlay: Overlay,
    relative: str,
    *,
    recursive: bool,
    skipped: list[str] | None = None,
) -> Iterator[Entry]:
    """Yield what a folder would hold with the staged changes.

    Args:
        folder: The user's folder.
        overlay: What is staged.
        relative: The folder to list, beneath it.
        recursive: Whether to go into folders.
        skipped: Collects a sentence for every inner folder that cannot be opened; None raises.

    Raises:
        NotFound: When there is no such folder.
        Unreadable: When it is not a folder or may not be opened.
    """
    if relative in overlay.placed:
        raise Unreadable(f"{shown(relative)} is a file, not a folder")
    yield from Listing(folder, overlay, skipped).entries(relative, recursive=recursive)


def _file(path: Path, size: int, modified: int) -> Entry:
    return Entry(path, size, modified / 1e9, is_folder=False)

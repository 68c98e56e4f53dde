"""Carrying out one action: a file from place to place, whole or not at all, and never over another.

Each action looks first at what the disk already shows, so running it again after a crash finishes
it and doubles nothing. A file is looked at again after it was taken: whatever turns out not to be
the file that was meant goes back. It plans nothing; `commit` calls it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import PurePosixPath

from doorward.tools.base import Conflict, NotFound, Unreadable
from doorward.tools.changes.actions import Action, Place
from doorward.tools.changes.beneath import MAX_BYTES, Folder, explain, unfit
from doorward.tools.changes.disk import Disk
from doorward.tools.changes.overlay import Stamp
from doorward.tools.changes.paths import join, numbered, shown, split

_CHUNK = 1 << 20
_COARSEST = 2_000_000_000
"""Nanoseconds: file systems of memory sticks keep times to two seconds."""
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def take_stamp(file: int) -> Stamp:
    """Return what an open regular file is now; files above 100 MB get no digest."""
    found = os.fstat(file)
    digest = digest_of(file) if found.st_size <= MAX_BYTES else ""
    return Stamp(
        found.st_size,
        found.st_mtime_ns,
        stat.S_IMODE(found.st_mode),
        found.st_dev,
        found.st_ino,
        digest,
    )


def digest_of(file: int) -> str:
    """Return the BLAKE2b of a file's content, 32 bytes in hex."""
    digest = blake2b(digest_size=32)
    at = 0
    while piece := os.pread(file, _CHUNK, at):
        digest.update(piece)
        at += len(piece)
    return digest.hexdigest()


class Transfer:
    """Moves files between the user's folder and the changeset's own."""

    def __init__(self, folder: Folder, kept: Folder, disk: Disk) -> None:
        """Work on two held folders.

        Args:
            folder: The user's.
            kept: The changeset's own.
            disk: How the disk is changed.
        """
        self._folder = folder
        self._kept = kept
        self._disk = disk
        self.modes: dict[str, int] = {}
        """Permission bits of folders that may have to be made again."""
        self.touched: set[Place] = set()
        """Folders whose entries were changed and are not yet known to be on the disk."""

    def run(self, action: Action) -> None:
        """Carry out an action, or finish one that a crash interrupted.

        Raises:
            Conflict: When what is there is not what was meant; everything is as it was.
            ToolError: When a folder or file cannot be opened; everything is as it was.
            OSError: When the disk is full or broken; everything is as it was, or the action
                can be run again.
        """
        if action.final is not None and self._is(action.final, action.stamp):
            return
        if action.old is not None and action.keep is not None:
            self._replace(action, action.old, action.keep)
            return
        try:
            self._move(action.source, action.target, action.stamp, action.hold)
        except Conflict:
            if action.back is not None:
                self._return(action.source, action.back)
            raise

    def unwind(self, action: Action) -> None:
        """Put everything back when an exchange stopped half way, on a full or broken disk."""
        if action.old is None or action.keep is None:
            return
        hold = _hold(action)
        if self._look(hold) is None:
            return
        with self._around(action.target) as (folder, name):
            if _matches(folder, action.hold, action.old, strict=True):
                self._disk.exchange(folder, action.hold, name)
            elif _look(folder, name) is None:
                self._move(action.keep, action.target, action.old, action.hold)
        self._send_home(action)

    def sync(self) -> None:
        """Wait until every changed folder is on the disk."""
        for place in sorted(self.touched, key=lambda place: (place.kept, place.path)):
            with contextlib.suppress(NotFound, Unreadable), self._held(place) as holder:
                self._disk.sync(holder)
        self.touched.clear()

    def _move(self, source: Place, target: Place, stamp: Stamp, hold: str) -> None:
        self._make_way(target)
        with self._around(source) as (out, name), self._around(target) as (into, to):
            present = _look(out, name)
            if self._arrived(out, into, to, stamp):
                self._drop_rest(out, name, into, to, stamp)
            elif present is None:
                raise Conflict(f"{shown(source.path)} is no longer there")
            elif not _matches(out, name, stamp, strict=target.kept):
                raise Conflict(f"{shown(source.path)} was changed meanwhile")
            elif self._disk.crosses(out, into):
                self._copy(out, name, into, to, stamp, hold)
                self._drop_rest(out, name, into, to, stamp)
            else:
                self._rename(out, name, into, to)
            if not _matches(into, to, stamp, strict=target.kept):
                with contextlib.suppress(FileExistsError):
                    self._disk.rename(into, to, out, name)
                raise Conflict(f"{shown(source.path)} was changed meanwhile")

    def _arrived(self, out: int, into: int, to: str, stamp: Stamp) -> bool:
        """Tell whether a file has come already, as itself or as a complete copy."""
        found = _look(into, to)
        if found is None or _came(found, stamp):
            return found is not None
        late = abs(found.st_mtime_ns - stamp.modified) > _COARSEST
        return self._disk.crosses(out, into) and not late and _matches(into, to, stamp, strict=True)

    def _drop_rest(self, out: int, name: str, into: int, to: str, stamp: Stamp) -> None:
        """Remove the source of a file that has come: a link or a copy was cut short before that."""
        present, arrived = _look(out, name), _look(into, to)
        if present is None or arrived is None:
            return
        copied = self._disk.crosses(out, into) and _matches(out, name, stamp, strict=True)
        if copied or _same_inode(present, arrived):
            self._disk.unlink(out, name)

    def _rename(self, out: int, name: str, into: int, to: str) -> None:
        try:
            self._disk.rename(out, name, into, to)
        except FileExistsError:
            raise Conflict(f"the name {shown(to)} is taken") from None

    def _copy(self, out: int, name: str, into: int, to: str, stamp: Stamp, hold: str) -> None:
        """Cross to another file system: copy, make sure, give it its name; the source stays."""
        part = f"{hold}.part"
        with contextlib.suppress(FileNotFoundError):
            self._disk.unlink(into, part)
        try:
            self._copy_content(out, name, into, part)
            if stamp.digest and not _matches(into, part, stamp, strict=True):
                raise Conflict(f"{shown(name)} was changed meanwhile")
            self._rename(into, part, into, to)
        except (OSError, Conflict):
            with contextlib.suppress(OSError):
                os.unlink(part, dir_fd=into)
            raise
        self._disk.sync(into)

    def _copy_content(self, out: int, name: str, into: int, part: str) -> None:
        source = os.open(name, _FILE, dir_fd=out)
        try:
            found = os.fstat(source)
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
            target = os.open(part, flags, 0o600, dir_fd=into)
            try:
                while piece := os.read(source, _CHUNK):
                    self._disk.write(target, piece)
                _copy_attributes(source, target)
                os.fchmod(target, stat.S_IMODE(found.st_mode))
                os.utime(target, ns=(found.st_atime_ns, found.st_mtime_ns))
                self._disk.sync(target)
            finally:
                os.close(target)
        finally:
            os.close(source)

    def _replace(self, action: Action, old: Stamp, keep: Place) -> None:
        hold = _hold(action)
        with self._around(action.target) as (folder, name):
            if self._look(keep) is not None:  # nearly done when we were interrupted
                if _matches(folder, action.hold, action.stamp, strict=True):
                    self._move(hold, action.target, action.stamp, action.hold)
            else:
                held = _look(folder, action.hold)
                if held is None or _matches(folder, action.hold, action.stamp, strict=True):
                    if not _matches(folder, name, old, strict=True):
                        self._give_up(action)
                    self._bring(action)
                    if not self._disk.exchange(folder, action.hold, name):
                        self._swap_slowly(action, old, keep)
                        return
                if not _matches(folder, action.hold, old, strict=True):
                    self._disk.exchange(folder, action.hold, name)
                    self._give_up(action)
        if self._look(hold) is not None:
            self._move(hold, keep, old, action.hold)
        self._drop_source(action)

    def _swap_slowly(self, action: Action, old: Stamp, keep: Place) -> None:
        try:
            self._move(action.target, keep, old, action.hold)
        except Conflict:
            self._give_up(action)
        self._move(_hold(action), action.target, action.stamp, action.hold)
        self._drop_source(action)

    def _bring(self, action: Action) -> None:
        """Bring the new file beside the old; a copy from elsewhere leaves its source for now."""
        with self._around(action.source) as (out, name), self._around(action.target) as (into, _):
            if _look(into, action.hold) is not None:
                return
            if not self._disk.crosses(out, into):
                self._rename(out, name, into, action.hold)
            elif _matches(out, name, action.stamp, strict=True):
                self._copy(out, name, into, action.hold, action.stamp, action.hold)
            else:
                raise Conflict(f"{shown(action.source.path)} is not what was staged")

    def _drop_source(self, action: Action) -> None:
        with self._around(action.source) as (out, name):
            if _look(out, name) is not None:
                self._disk.unlink(out, name)

    def _give_up(self, action: Action) -> None:
        self._send_home(action)
        raise Conflict(f"{shown(action.target.path)} was changed meanwhile")

    def _send_home(self, action: Action) -> None:
        """Take away what `_bring` brought."""
        with self._around(action.target) as (folder, _), self._around(action.source) as (home, to):
            if not _matches(folder, action.hold, action.stamp, strict=True):
                return
            if _look(home, to) is not None:
                self._disk.unlink(folder, action.hold)
            else:
                self._rename(folder, action.hold, home, to)

    def _return(self, source: Place, back: Place) -> None:
        """Put a file of a ring back, under another name when its own is taken meanwhile."""
        with self._around(source) as (out, name), self._around(back) as (into, to):
            names = (to, *(split(numbered(back.path, number))[1] for number in range(2, 1000)))
            for free in names:
                with contextlib.suppress(FileExistsError):
                    if _look(out, name) is not None:
                        self._disk.rename(out, name, into, free)
                    return

    def _make_way(self, target: Place) -> None:
        if target.kept:
            return
        above: list[str] = []
        for folder in PurePosixPath(target.path).parents:
            relative = "" if str(folder) == "." else str(folder)
            if self._folder.look(relative) is not None:
                break
            above.append(relative)
        for relative in reversed(above):
            holder_path, name = split(relative)
            with self._held(Place(holder_path)) as holder, contextlib.suppress(FileExistsError):
                self._disk.mkdir(holder, name, self.modes.get(relative, 0o700))
            self.touched.add(Place(holder_path))

    def _look(self, place: Place) -> os.stat_result | None:
        return (self._kept if place.kept else self._folder).look(place.path)

    def _is(self, place: Place, stamp: Stamp) -> bool:
        found = self._look(place)
        return found is not None and _came(found, stamp)

    @contextlib.contextmanager
    def _held(self, place: Place) -> Iterator[int]:
        holder = (self._kept if place.kept else self._folder).open_folder(place.path)
        try:
            yield holder
        finally:
            os.close(holder)

    @contextlib.contextmanager
    def _around(self, place: Place) -> Iterator[tuple[int, str]]:
        folder, name = split(place.path)
        around = Place(folder, place.kept)
        try:
            with self._held(around) as holder:
                self.touched.add(around)
                yield holder, name
        except NotFound:
            raise Conflict(f"the folder of {shown(place.path)} is no longer there") from None


def _look(folder: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=folder, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _same_inode(one: os.stat_result, other: os.stat_result) -> bool:
    return (one.st_dev, one.st_ino) == (other.st_dev, other.st_ino)


def _came(found: os.stat_result, stamp: Stamp) -> bool:
    return (found.st_dev, found.st_ino) == (stamp.device, stamp.inode)


def _matches(folder: int, name: str, stamp: Stamp, *, strict: bool) -> bool:
    """Tell whether a file is still what it was.

    Args:
        folder: Descriptor of the folder.
        name: Its name there.
        stamp: What it was.
        strict: Compare the content even when size and time are the same: for what would be lost.
    """
    try:
        file = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        if error.errno in {errno.ENOENT, errno.ELOOP, errno.ENXIO}:
            return False
        raise explain(error, name) from error
    try:
        found = os.fstat(file)
        if unfit(found, None) or found.st_size != stamp.size:
            return False
        same = _came(found, stamp) and found.st_mtime_ns == stamp.modified
        if not stamp.digest:
            return abs(found.st_mtime_ns - stamp.modified) <= _COARSEST
        if same and not strict:
            return True
        return digest_of(file) == stamp.digest
    finally:
        os.close(file)


def _hold(action: Action) -> Place:
    return Place(join(split(action.target.path)[0], action.hold), action.target.kept)


def _copy_attributes(source: int, target: int) -> None:
    """Keep extended attributes (quarantine, labels) where both file systems have them."""
    if not hasattr(os, "listxattr"):
        return
    with contextlib.suppress(OSError):
        for name in os.listxattr(source):
            with contextlib.suppress(OSError):
                os.setxattr(target, name, os.getxattr(source, name))

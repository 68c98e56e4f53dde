"""The user's policy file: reads it when it changed, keeps the last good snapshot, says when broken.

It judges nothing. No file means the shipped default; a broken first file means a closed door;
a broken edit, or a file that others may write, keeps what held before and says so in `trouble`.

Each question looks at the file itself (one `stat`), so no judgement rests on a watcher: it may see
nothing on a network folder or behind a link. The watcher adds what `stat` cannot see, an edit of
the same length within one tick of the file system's clock. It polls nothing and sleeps meanwhile.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from threading import Event

from doorward.policies.document import MAX_SIZE, PolicyError, parse
from doorward.policies.rules import Policy

_Stamp = tuple[int, ...]


class PolicyFile:
    """One policy file."""

    def __init__(self, path: Path, home: Path) -> None:
        """Read `path`; `~` in patterns means `home`; the folder around it is never touched."""
        self._path = path
        self._home = str(home)
        self._own = (str(path.parent),)
        self._seen: _Stamp | None = (-1,)
        self._policy: Policy | None = None
        self._trouble = ""
        self._stale = Event()

    @property
    def trouble(self) -> str:
        """Say why the file on disk is not in force; empty when it is."""
        self.current()
        return self._trouble

    def current(self) -> Policy | None:
        """Return the snapshot in force; None is a closed door."""
        stamp = self._stamp()
        if stamp == self._seen and not self._stale.is_set():
            return self._policy
        self._stale.clear()  # before reading: what comes meanwhile is read next time
        self._seen = stamp
        try:
            text = default_text() if stamp is None else read(self._path)
            self._policy = parse(text, home=self._home, own=self._own)
            self._trouble = ""
        except PolicyError as error:
            self._trouble = f"{self._path}: {error}"
        except (OSError, UnicodeDecodeError) as error:
            self._trouble = f"cannot read {self._path}: {error}"
        return self._policy

    def _stamp(self) -> _Stamp | None:
        try:
            held = self._path.stat()
        except FileNotFoundError:
            return () if self._path.is_symlink() else None
        except OSError:
            return ()  # reading it will say why
        times = (held.st_mtime_ns, held.st_ctime_ns, held.st_size)
        return (held.st_dev, held.st_ino, held.st_mode, held.st_uid, *times)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch the folder meanwhile; nothing happens where it cannot be watched."""
        # watchdog costs some megabytes, and only the daemon itself watches.
        from watchdog.events import (
            FileClosedEvent,
            FileCreatedEvent,
            FileDeletedEvent,
            FileMovedEvent,
            FileSystemEvent,
            FileSystemEventHandler,
        )
        from watchdog.observers import Observer

        name, stale = self._path.name, self._stale

        class Marking(FileSystemEventHandler):
            def on_any_event(self, event: FileSystemEvent) -> None:
                paths = (os.fsdecode(event.src_path), os.fsdecode(event.dest_path or ""))
                if name in map(os.path.basename, paths):
                    stale.set()

        # Not what is merely written to: the database beside it is written to all the time.
        kinds = [FileClosedEvent, FileCreatedEvent, FileDeletedEvent, FileMovedEvent]
        observer = Observer()
        try:
            observer.schedule(Marking(), str(self._path.parent), event_filter=kinds)
            observer.start()
        except OSError:  # no such folder, or no watches left
            yield
            return
        try:
            yield
        finally:
            observer.stop()
            observer.join(5)


def read(path: Path) -> str:
    """Return the text of a policy file that its owner alone can write.

    Raises:
        OSError: When it cannot be read, is no file, or somebody else may write it.
        UnicodeDecodeError: When it is no text.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(descriptor, "rb") as file:
        if fault := _fault(os.fstat(descriptor), path):
            raise PermissionError(fault)
        return file.read(4 * MAX_SIZE + 4).decode("utf-8")


def _fault(held: os.stat_result, path: Path) -> str:
    """Say why a file is not to be trusted; empty when it is."""
    if not stat.S_ISREG(held.st_mode):
        return "it is no file"
    if held.st_uid not in {os.getuid(), 0}:
        return f"it belongs to somebody else; fix it with: sudo chown {os.getuid()} '{path}'"
    if held.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        mode = stat.S_IMODE(held.st_mode)
        return f"others may change it (mode {mode:o}); fix it with: chmod go-w '{path}'"
    return ""


def default_text() -> str:
    """Return the shipped default policy."""
    return files("doorward.policies").joinpath("default.toml").read_text(encoding="utf-8")

"""The overlay: what the folder would look like with the staged changes, as pure bookkeeping.

It touches no disk: it knows which originals are gone from their place, what stands where instead,
and folds any sequence of staged changes into the fewest that lead to the same end. `changeset`
feeds it and asks it; `actions` turns its changes into what a commit does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from doorward.policies.vocabulary import Effect
from doorward.tools.base import Touch
from doorward.tools.changes.paths import parents


class ChangeKind(StrEnum):
    """What happens to a file."""

    WRITE = "write"
    """A new file."""
    OVERWRITE = "overwrite"
    """New content in the place of a file; the old one is kept in the changeset."""
    MOVE = "move"
    TRASH = "trash"
    """Into the changeset's own trash."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a file was when it was looked at; tells later whether it is still that file."""

    size: int
    """Bytes."""
    modified: int
    """Nanoseconds since 1970."""
    mode: int
    """Permission bits."""
    device: int
    inode: int
    digest: str
    """BLAKE2b of the content in hex; empty for files too large to be read."""


@dataclass(frozen=True, slots=True)
class Blob:
    """Staged content, kept as a file of the changeset."""

    name: str
    stamp: Stamp


@dataclass(frozen=True, slots=True)
class Original:
    """A file of the user's, named by where it is on disk."""

    path: str
    stamp: Stamp


Source: TypeAlias = Blob | Original


@dataclass(frozen=True, slots=True)
class Change:
    """One change to one file, as it will be committed."""

    kind: ChangeKind
    path: Path
    """Absolute; for a move, where the file is now."""
    to: Path | None
    """Absolute; where a move leads, else None."""
    step: str
    """The step that staged it, or the last of several."""
    before: Stamp | None
    """The file that is there now; None for a new one."""
    after: Stamp | None
    """The file that will be there; None when it goes to the trash."""
    blob: str = ""
    """The name of the staged content, if it has any."""

    @property
    def touches(self) -> tuple[Touch, ...]:
        """Say what permits its commit needs: one for `path`, for a move also one for `to`."""
        match self.kind:
            case ChangeKind.WRITE:
                return (Touch(Effect.WRITE, str(self.path), staged=True),)
            case ChangeKind.MOVE:
                return (
                    Touch(Effect.WRITE, str(self.path), staged=True),
                    Touch(Effect.WRITE, str(self.to), staged=True),
                )
            case ChangeKind.OVERWRITE | ChangeKind.TRASH:
                return (Touch(Effect.DESTROY, str(self.path), staged=True),)


@dataclass(slots=True)
class Overlay:
    """The staged state; all paths are relative to the folder, POSIX."""

    placed: dict[str, Source] = field(default_factory=dict)
    """What stands at a path instead of what the disk has there."""
    gone: dict[str, Stamp] = field(default_factory=dict)
    """Originals that are no longer at their own place."""
    steps: dict[Source | str, str] = field(default_factory=dict)
    """Who changed it last: by source, or by the path of what is gone."""

    above: Counter[str] = field(default_factory=Counter)
    """How many placed files need a folder, by folder."""

    def write(self, path: str, blob: Blob, under: Stamp | None, step: str) -> None:
        """Put content at a path.

        Args:
            path: Where.
            blob: What.
            under: The file that the disk shows there, if the overlay shows it too.
            step: Who.
        """
        self._drop(path, step)
        if under is not None:
            self.gone[path] = under
            self.steps[path] = step
        self._place(path, blob)
        self.steps[blob] = step

    def move(self, path: str, to: str, stamp: Stamp | None, step: str) -> None:
        """Move what the overlay shows at `path`; `to` must be free.

        Args:
            path: From where.
            to: Where to.
            stamp: The file that the disk has there; needed when nothing is placed there.
            step: Who.
        """
        source = self._take(path)
        if source is None:
            if stamp is None:
                msg = f"nothing is known of {path}"
                raise ValueError(msg)
            source = Original(path, stamp)
        self.steps[source] = step
        if isinstance(source, Original):
            self.gone[source.path] = source.stamp
            self.steps[source.path] = step
            if to == source.path:  # home again: nothing has happened to it
                del self.gone[to]
                return
        self._place(to, source)

    def trash(self, path: str, stamp: Stamp | None, step: str) -> None:
        """Take away what the overlay shows at `path`."""
        if not self._drop(path, step):
            if stamp is None:
                msg = f"nothing is known of {path}"
                raise ValueError(msg)
            self.gone[path] = stamp
            self.steps[path] = step

    def settle(self, change: Change, path: str, to: str) -> None:
        """Forget a change that the disk now shows."""
        match change.kind:
            case ChangeKind.WRITE:
                self._take(path)
            case ChangeKind.OVERWRITE:
                self._take(path)
                self.gone.pop(path, None)
            case ChangeKind.MOVE:
                self._take(to)
                self.gone.pop(path, None)
            case ChangeKind.TRASH:
                self.gone.pop(path, None)

    def virtual_folders(self) -> Set[str]:
        """Return every folder that what is placed needs, relative."""
        return self.above.keys()

    def changes(self, folder: Path) -> Iterator[Change]:
        """Yield the fewest changes that lead from the disk to what the overlay shows.

        Args:
            folder: The absolute folder that all paths are relative to.
        """
        moved = {
            source.path: to for to, source in self.placed.items() if isinstance(source, Original)
        }
        for path, stamp in self.gone.items():
            here, step = folder / path, self.steps[path]
            instead = self.placed.get(path)
            if path in moved:
                yield Change(ChangeKind.MOVE, here, folder / moved[path], step, stamp, stamp)
            elif isinstance(instead, Blob):
                yield Change(
                    ChangeKind.OVERWRITE, here, None, step, stamp, instead.stamp, instead.name
                )
            else:
                yield Change(ChangeKind.TRASH, here, None, step, stamp, None)
        for path, source in self.placed.items():
            if isinstance(source, Blob) and (path not in self.gone or path in moved):
                step = self.steps[source]
                yield Change(
                    ChangeKind.WRITE, folder / path, None, step, None, source.stamp, source.name
                )

    def _place(self, path: str, source: Source) -> None:
        self.placed[path] = source
        self.above.update(parents(path))

    def _take(self, path: str) -> Source | None:
        source = self.placed.pop(path, None)
        for folder in parents(path) if source is not None else ():
            self.above[folder] -= 1
            if not self.above[folder]:
                del self.above[folder]
        return source

    def _drop(self, path: str, step: str) -> bool:
        source = self._take(path)
        if isinstance(source, Original):  # moved here, now replaced: it ends in the trash
            self.steps[source.path] = step
        return source is not None

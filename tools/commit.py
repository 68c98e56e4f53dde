"""Running a commit or its undo: every action of a round, in order, each marked when it is done.

It decides neither what is changed (`overlay`) nor in which order (`actions`), and asks for no
permit (`changeset` has checked them). A change that cannot be done is left, with the reason; a full
disk takes the whole round back.
"""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doorward.tools.actions import Action, from_json, stamp_to_json, to_json
from doorward.tools.base import ToolError, Unavailable
from doorward.tools.beneath import Folder
from doorward.tools.disk import Disk
from doorward.tools.overlay import Change, ChangeKind, Stamp
from doorward.tools.paths import parents, split
from doorward.tools.transfer import Transfer

FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
"""What the system says when a disk is full."""


@dataclass(frozen=True, slots=True)
class Left:
    """A change that was not done, or not undone, and why."""

    change: Change
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a commit or an undo came to."""

    done: tuple[Change, ...]
    left: tuple[Left, ...]
    """As it was before; the reason is a sentence for the user."""


@dataclass(slots=True)
class Round:
    """One commit: its changes, its actions and how each ended."""

    name: str
    changes: tuple[Change, ...]
    actions: tuple[Action, ...]
    modes: dict[str, int]
    """Permission bits of the folders that files leave."""
    missing: tuple[str, ...]
    """Folders that the commit makes."""
    done: set[int] = field(default_factory=set)
    """Numbers of the actions that were carried out."""
    undone: set[int] = field(default_factory=set)
    """Numbers of the actions that were taken back."""
    left: dict[int, str] = field(default_factory=dict)
    """Numbers of the changes that were left, and why."""
    settled: bool = False

    def parts(self, change: int) -> set[int]:
        """Return the numbers of the actions of one change."""
        return {at for at, action in enumerate(self.actions) if action.change == change}

    def outcome(self) -> Outcome:
        """Return what came of it."""
        return Outcome(
            tuple(change for at, change in enumerate(self.changes) if at not in self.left),
            tuple(Left(self.changes[at], why) for at, why in sorted(self.left.items())),
        )


def survey(folder: Folder, changes: Sequence[tuple[str, str]]) -> tuple[dict[str, int], list[str]]:
    """Look at the folders that changes leave and enter, before anything is done.

    Args:
        folder: The user's folder.
        changes: For each change its path and its `to`, relative.

    Returns:
        The permission bits of those that exist, and those that are missing, outermost first.
    """
    modes: dict[str, int] = {}
    missing: dict[str, None] = {}
    for above in dict.fromkeys(up for pair in changes for path in pair for up in parents(path)):
        found = folder.look(above)
        if found is None:
            missing[above] = None
        else:
            modes[above] = found.st_mode & 0o7777
    return modes, list(missing)


class Runner:
    """Carries out rounds and takes them back."""

    def __init__(
        self, folder: Folder, kept: Folder, disk: Disk, note: Callable[[dict[str, Any]], None]
    ) -> None:
        """Work on two held folders.

        Args:
            folder: The user's.
            kept: The changeset's own.
            disk: How the disk is changed.
            note: Adds a line to the journal, without waiting for the disk.
        """
        self._folder = folder
        self._disk = disk
        self._note = note
        self._transfer = Transfer(folder, kept, disk)

    def commit(self, work: Round) -> None:
        """Carry out a round, or finish one that a crash interrupted.

        Raises:
            OSError: When the disk is full: whatever was not done yet can be done later, or
                `take_back` undoes the part that was.
        """
        self._transfer.modes = work.modes
        for number, action in enumerate(work.actions):
            if number not in work.done and action.change not in work.left:
                self._try(work, number, action)
        if work.left:
            self._remove_folders(work)
        self._transfer.sync()

    def undo(self, work: Round) -> dict[int, str]:
        """Take back what a round did, the last first; return what was left, and why.

        Raises:
            Unavailable: When the disk is full; undo can be asked for again.
        """
        left: dict[int, str] = {}
        self._transfer.modes = work.modes
        for number in sorted(work.done - work.undone, reverse=True):
            action = work.actions[number]
            if action.change in left:
                continue
            try:
                self._transfer.run(action.inverted())
            except ToolError as error:
                left[action.change] = str(error)
            except OSError as error:
                if error.errno in FULL:
                    raise full(error, "the undo") from error
                left[action.change] = _because(error)
            else:
                work.undone.add(number)
                self._note({"do": "undid", "round": work.name, "action": number})
        self._remove_folders(work)
        self._transfer.sync()
        return left

    def _try(self, work: Round, number: int, action: Action) -> None:
        try:
            self._transfer.run(action)
        except ToolError as error:
            self._leave(work, action, str(error))
        except OSError as error:
            if error.errno in FULL:
                raise
            self._leave(work, action, _because(error))
        else:
            work.done.add(number)
            self._note({"do": "done", "round": work.name, "action": number})

    def _leave(self, work: Round, action: Action, why: str) -> None:
        """Leave a change; its first half, if any, has gone back already."""
        work.left[action.change] = why
        work.done -= work.parts(action.change)

    def take_back(self, work: Round) -> None:
        """Undo the part of a round that was done, as if it had never begun."""
        for number in sorted(work.done, reverse=True):
            self._transfer.run(work.actions[number].inverted())
        work.done.clear()
        self._remove_folders(work)
        self._transfer.sync()

    def _remove_folders(self, work: Round) -> None:
        """Remove the folders that the commit made, as far as they are empty."""
        for relative in sorted(work.missing, key=len, reverse=True):
            above, name = split(relative)
            with contextlib.suppress(ToolError, OSError):
                holder = self._folder.open_folder(above)
                try:
                    self._disk.rmdir(holder, name)
                finally:
                    os.close(holder)


def full(error: OSError, what: str) -> Unavailable:
    """Return the error that a full disk is for the user."""
    result = Unavailable(f"cannot keep {what}: {error.strerror or 'the disk is full'}")
    result.add_note("hint: free some space on the disk and try again; nothing was left half done")
    return result


def round_to_json(work: Round) -> dict[str, Any]:
    """Return a round as its journal line."""
    return {
        "do": "commit",
        "round": work.name,
        "changes": [_change_to_json(change) for change in work.changes],
        "actions": [to_json(action) for action in work.actions],
        "modes": work.modes,
        "missing": work.missing,
    }


def round_from_json(line: dict[str, Any]) -> Round:
    """Return the round that `round_to_json` wrote."""
    return Round(
        line["round"],
        tuple(_change_from_json(data) for data in line["changes"]),
        tuple(from_json(data) for data in line["actions"]),
        line["modes"],
        tuple(line["missing"]),
    )


def _change_to_json(change: Change) -> list[Any]:
    return [
        change.kind.value,
        str(change.path),
        str(change.to) if change.to else None,
        change.step,
        stamp_to_json(change.before),
        stamp_to_json(change.after),
        change.blob,
    ]


def _change_from_json(data: Sequence[Any]) -> Change:
    kind, path, to, step, before, after, blob = data
    return Change(
        ChangeKind(kind),
        Path(path),
        Path(to) if to else None,
        step,
        Stamp(*before) if before else None,
        Stamp(*after) if after else None,
        blob,
    )


def _because(error: OSError) -> str:
    return f"the system did not permit it: {error.strerror}"

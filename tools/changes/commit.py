"""Running a commit or its undo: every action of a round, in order, each marked when it is done.

It decides neither what is changed (`overlay`) nor in which order (`actions`), and asks for no
permit (`changeset` has checked them). A change that cannot be done is left, with the reason; a full
disk takes the whole round back.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Sequence
from typing import Any

from doorward.tools.base import ToolError
from doorward.tools.changes.actions import Action
from doorward.tools.changes.beneath import Folder
from doorward.tools.changes.disk import Disk
from doorward.tools.changes.paths import parents, split
from doorward.tools.changes.rounds import FULL, Round
from doorward.tools.changes.transfer import Transfer


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
            OSError: When the disk is full; undo can be asked for again and goes on.
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
                    raise
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
            self._transfer.unwind(action)
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
        for number, action in enumerate(work.actions):
            if number not in work.done and action.change not in work.left:
                self._transfer.unwind(action)
                break
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


def _because(error: OSError) -> str:
    return f"the system did not permit it: {error.strerror}"

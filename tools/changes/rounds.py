"""Rounds: what one commit set out to do, and how each part of it ended; kept as journal lines.

It does nothing itself: `commit` carries rounds out, `books` keeps them.
"""

from __future__ import annotations

import errno
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from doorward.tools.base import Unavailable
from doorward.tools.changes.actions import Action, from_json, stamp_to_json, to_json
from doorward.tools.changes.overlay import Change, ChangeKind, Stamp

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


def full(error: OSError, what: str, then: str = "nothing was left half done") -> Unavailable:
    """Return the error that a full disk is for the user."""
    result = Unavailable(f"cannot keep {what}: {error.strerror or 'the disk is full'}")
    result.add_note(f"hint: free some space on the disk and try again; {then}")
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

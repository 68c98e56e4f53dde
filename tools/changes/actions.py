"""What a commit does, in order, and how to take it back: pure lists of moves between places.

Nothing here touches a disk. A change becomes one action, or two where a ring of moves has to be
opened; every action has an exact inverse, so undo is the inverted list run backwards. `commit` runs
the list, `transfer` carries out one action.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from doorward.tools.changes.overlay import Change, ChangeKind, Stamp
from doorward.tools.changes.paths import OURS, join, split


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is: beneath the user's folder, or kept beneath the changeset's own."""

    path: str
    """Relative, POSIX."""
    kept: bool = False
    """Whether it is the changeset's own."""


@dataclass(frozen=True, slots=True)
class Action:
    """One file from one place to another; with `old`, in exchange for the file there."""

    change: int
    """Which change it belongs to."""
    source: Place
    target: Place
    stamp: Stamp
    """What must be at the source."""
    hold: str
    """A name for an instant, unique in its folder."""
    old: Stamp | None = None
    """What must be at the target, to be kept; None when the target must be free."""
    keep: Place | None = None
    """Where the old one goes."""
    final: Place | None = None
    """For the first half of a move in a ring: where the second half takes it."""
    back: Place | None = None
    """For the second half: where the file returns to when it cannot arrive."""

    def inverted(self) -> Action:
        """Return the action that takes this one back."""
        if self.old is not None and self.keep is not None:
            return replace(self, source=self.keep, stamp=self.old, old=self.stamp, keep=self.source)
        return replace(
            self, source=self.target, target=self.source, final=self.back, back=self.final
        )


def plan(changes: Sequence[Change], paths: Sequence[tuple[str, str]], name: str) -> list[Action]:
    """Return the actions of these changes, in an order in which each finds its place free.

    Args:
        changes: What to do.
        paths: For each change its path and its `to`, relative to the folder.
        name: Unique to this commit, for the names of an instant.
    """
    leaving = {
        path: number
        for number, (path, _) in enumerate(paths)
        if changes[number].kind in {ChangeKind.MOVE, ChangeKind.TRASH}
    }
    waits = [
        None if change.kind is ChangeKind.TRASH else leaving.get(to or path)
        for change, (path, to) in zip(changes, paths, strict=True)
    ]
    actions: list[Action] = []
    ready: set[int] = set()
    for number in range(len(changes)):
        chain = _chain(number, waits, ready)
        ready.update(chain)
        moves = [_action(member, changes[member], paths[member], name) for member in chain]
        if chain and waits[chain[-1]] == chain[0]:  # a ring: open it at its first member
            moves[0], last = _halves(moves[0])
            moves = [last, *moves[1:], moves[0]]
        actions += reversed(moves)
    return actions


def _chain(number: int, waits: Sequence[int | None], ready: set[int]) -> list[int]:
    """Return a change, then the one that must free its place, and so on."""
    chain: list[int] = []
    at: int | None = number
    while at is not None and at not in ready and at not in chain[:1]:
        chain.append(at)
        at = waits[at]
    return chain


def _action(number: int, change: Change, pair: tuple[str, str], name: str) -> Action:
    path, to = pair
    hold = f"{OURS}{name}-{number}"
    here, trash = Place(path), Place(f"trash/{name}-{number}", kept=True)
    blob = Place(f"blobs/{change.blob}", kept=True)
    match change.kind:
        case ChangeKind.WRITE:
            return Action(number, blob, here, _known(change.after), hold)
        case ChangeKind.MOVE:
            return Action(number, here, Place(to), _known(change.before), hold)
        case ChangeKind.TRASH:
            return Action(number, here, trash, _known(change.before), hold)
        case ChangeKind.OVERWRITE:
            old = _known(change.before)
            return Action(number, blob, here, _known(change.after), hold, old=old, keep=trash)


def _halves(action: Action) -> tuple[Action, Action]:
    between = Place(join(split(action.source.path)[0], action.hold))
    return (
        replace(action, target=between, final=action.target),
        replace(action, source=between, back=action.source),
    )


def _known(stamp: Stamp | None) -> Stamp:
    if stamp is None:
        msg = "a change without the file that it needs"
        raise ValueError(msg)
    return stamp


def to_json(action: Action) -> list[Any]:
    """Return an action as JSON can hold it."""
    return [
        action.change,
        *(_place(place) for place in (action.source, action.target)),
        stamp_to_json(action.stamp),
        action.hold,
        stamp_to_json(action.old),
        *(_place(place) for place in (action.keep, action.final, action.back)),
    ]


def from_json(data: Sequence[Any]) -> Action:
    """Return the action that `to_json` wrote."""
    change, source, target, stamp, hold, old, *places = data
    keep, final, back = (Place(*place) if place else None for place in places)
    return Action(
        change,
        Place(*source),
        Place(*target),
        Stamp(*stamp),
        hold,
        Stamp(*old) if old else None,
        keep,
        final,
        back,
    )


def stamp_to_json(stamp: Stamp | None) -> list[Any] | None:
    """Return a stamp as JSON can hold it."""
    if stamp is None:
        return None
    return [stamp.size, stamp.modified, stamp.mode, stamp.device, stamp.inode, stamp.digest]


def _place(place: Place | None) -> list[Any] | None:
    return [place.path, place.kept] if place else None

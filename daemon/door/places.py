"""Places: what is known of the files that one step reads, from where they lie and what they hold.

The label of a place is the policy's word; the mark of a file that Doorward wrote itself can but add
to it. It opens files only through the objective's changeset. Made by the door for each step.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from io import UnsupportedOperation
from pathlib import Path
from typing import BinaryIO

from doorward.daemon.door.steps import JudgedCall, Origins, written
from doorward.daemon.values.marks import Marks
from doorward.policies.labels import NEUTRAL, UNKNOWN, Label, join_all
from doorward.policies.rules import Policy, label_of
from doorward.policies.vocabulary import Trust
from doorward.tools.base import ToolError
from doorward.tools.changes.changeset import Change, ChangeKind, Changeset

_PIECE = 64 * 1024 * 1024
"""Bytes of a file that are looked at; a longer one is known by its attribute alone."""

_PLANNED = Label(trust=Trust.UNTRUSTED)


@dataclass(frozen=True, slots=True)
class Places:
    """Labels of what a step reads; each file is looked at once."""

    policy: Policy | None
    tool: str
    changeset: Changeset
    marks: Marks
    _read: dict[str, Label] = field(default_factory=dict)
    _from: dict[str, str] = field(default_factory=dict)
    """What this objective has staged: the new path, and where a file was that is moved there."""

    def __post_init__(self) -> None:
        """Look at what is staged, once."""
        for change in self.changeset.changes():
            if change.kind is not ChangeKind.TRASH:
                self._from[str(change.to or change.path)] = str(change.path)

    def read(self, resource: str) -> Label:
        """Return the label of what is read at a path, or fetched by a name."""
        if resource not in self._read:
            self._read[resource] = self._place(resource).join(self._mark(resource))
        return self._read[resource]

    def named(self, path: str) -> Label:
        """Return the label of a file of which a result speaks, whether or not it was read."""
        if path in self._read:
            return self._read[path]
        if path in self._from:
            return self.read(path)
        if self.marks.shelf.empty():
            return self._place(path)
        known = self._attribute(path).join(self.marks.of_name(Path(path).name))
        return self._place(path).join(known)

    def fetched(self) -> Label:
        """Return the label of what the tool fetches, whatever it is."""
        return self._place(f"{self.tool}()")

    def text(self, text: str) -> Label:
        """Return the label of marked files from which a text is made."""
        return self.marks.of_text(text)

    def _place(self, resource: str) -> Label:
        label = label_of(resource, self.policy, tool=self.tool)
        if resource not in self._from:
            return label
        # It lies there by nobody's word but the plan's: it is what it was, and its name proves
        # nothing.
        before = label_of(self._from[resource], self.policy, tool=self.tool)
        return join_all([label, before, _PLANNED])

    def _mark(self, resource: str) -> Label:
        if not resource.startswith("/"):
            return NEUTRAL
        try:
            with self.changeset.open(Path(resource), large=True) as file:
                stamped = _stamped(self.marks, file)
                if self.marks.shelf.empty():
                    return stamped
                content = _content(file)
        except ToolError:  # a folder, or what the tool cannot read either
            return NEUTRAL
        return stamped if content is None else stamped.join(self.marks.of_content(content))

    def _attribute(self, path: str) -> Label:
        try:
            with self.changeset.open(Path(path), large=True) as file:
                return _stamped(self.marks, file)
        except ToolError:
            return NEUTRAL


def keep_staged(
    changeset: Changeset,
    marks: Marks,
    step: str,
    made: Sequence[JudgedCall],
    origins: Origins,
) -> None:
    """Mark the content that a step has staged with the labels of what went into it.

    Args:
        changeset: Of the objective.
        marks: Where it is kept.
        step: The step.
        made: Its calls.
        origins: Where their results come from.
    """
    by_path: dict[str, Label] = {}
    for call in made:
        for path, label in written(call, origins).items():
            by_path[path] = by_path.get(path, NEUTRAL).join(label)
    rest = join_all(by_path.values())
    for change in changeset.changes():
        if change.step != step:
            continue
        given = by_path.get(str(change.to or change.path), rest)
        if change.kind is not ChangeKind.TRASH and given.trust is Trust.UNTRUSTED:
            marks.keep_name((change.to or change.path).name, _PLANNED)
        if change.blob:
            with changeset.open(change.path, large=True) as file:
                marks.keep(file.read(), by_path.get(str(change.path), rest))
        elif change.to is not None:
            _keep_moved(changeset, marks, change, made, origins)


def _keep_moved(
    changeset: Changeset,
    marks: Marks,
    change: Change,
    made: Sequence[JudgedCall],
    origins: Origins,
) -> None:
    """Mark a moved file with the label of where it was, and of what its new name is made from."""
    was, to = str(change.path), change.to or change.path
    named = [
        call.call.label for call in made if any(one.request.resource == was for one in call.judged)
    ]
    label = join_all([origins.place(was), *named])
    with suppress(ToolError), changeset.open(to, large=True) as file:
        content = _content(file)
        if content is not None:
            marks.keep(content, label)


def label_of_change(changeset: Changeset, marks: Marks, change: Change) -> Label:
    """Return what is known of the content that a staged change would put where it leads."""
    if change.kind is ChangeKind.TRASH or marks.shelf.empty():
        return NEUTRAL
    try:
        with changeset.open(change.to or change.path, large=True) as file:
            content = _content(file)
    except ToolError:  # the user took it away meanwhile: there is nothing to be made
        return NEUTRAL
    return UNKNOWN if content is None else marks.of_content(content)


def stamp(changeset: Changeset, marks: Marks, done: tuple[Change, ...]) -> None:
    """Write the labels of committed files on the files."""
    if marks.shelf.empty():
        return
    for change in done:
        if change.kind is ChangeKind.TRASH:
            continue
        try:
            with changeset.open(change.to or change.path, large=True) as file:
                content = _content(file)
                label = NEUTRAL if content is None else marks.of_content(content)
                if label != NEUTRAL:
                    marks.stamp(file.fileno(), label)
        except ToolError:  # the user took it away meanwhile
            continue


def _stamped(marks: Marks, file: BinaryIO) -> Label:
    try:
        return marks.stamped(file.fileno())
    except (OSError, UnsupportedOperation):
        return NEUTRAL


def _content(file: BinaryIO) -> bytes | None:
    """Return what a file holds; None when it is too long to be looked at."""
    content = file.read(_PIECE + 1)
    return content if len(content) <= _PIECE else None

"""What a tool is: a face (its spec), a forecast (what a call would touch) and a pair of hands.

It is not a registry and holds no tool: `daemon.main` lists them, `daemon.door` calls them. A tool
never judges and never asks; it opens only what its permits name.

ToolError
├── NotFound       the thing named is not there
├── Unreadable     it is there and cannot be read (damaged, encrypted, no permission, too large)
├── Conflict       the user changed it meanwhile, or the name is taken
└── Unavailable    a part we need is not there now (reader, disk space); trying again may help
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from doorward.policies.labels import Label
from doorward.policies.parts import Parts
from doorward.policies.permit import Permit
from doorward.policies.plan import ToolSpec
from doorward.policies.vocabulary import DEVICE, Data, Destination, Effect, Trust

if TYPE_CHECKING:
    from doorward.tools.changes.changeset import Changeset


class ToolError(Exception):
    """Something a tool could not do: what failed, on what, why; the hint is a PEP 678 note."""

    retryable = False


class NotFound(ToolError):
    """The thing named is not there."""


class Unreadable(ToolError):
    """It is there and cannot be read."""


class Conflict(ToolError):
    """The user changed it meanwhile, or the name is taken."""


class Unavailable(ToolError):
    """A part that the tool needs is not there now."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Touch:
    """One thing a call would touch; the door completes it to a `Request`."""

    effect: Effect
    resource: str
    """Absolute path for files; address or name for the rest; empty when only values are used."""
    staged: bool = False
    """A file change that waits in the changeset: staged now, performed at commit."""
    destination: Destination = DEVICE
    """Where bytes go; the device itself when none leave."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One value that goes into a call, with what is known of it."""

    data: Data
    label: Label


@dataclass(frozen=True, slots=True)
class Result:
    """What a call gave back."""

    data: Data
    label: Label
    """What the tool itself adds (e.g. the place it read); the door joins the arguments' labels."""
    notes: tuple[str, ...] = ()
    """Sentences for the user about what was skipped or doubtful; part of the value, private."""
    fields: Parts = field(default_factory=dict)
    """Of single parts, dotted, `*` for every element: `items.*.id`. One that names `file:` sources
    gets the labels of those files, any other that of the whole; what is `assigned` stays so."""


def labels_of_file(place: str, path: Path, *assigned: str) -> dict[str, Label]:
    """Say that a part of a result comes from one file; the door adds what is known of the file.

    Args:
        place: The part, dotted: `items.3`; empty for the whole result.
        path: Absolute.
        assigned: Fields of it that the system gives, not the content: `size`, `modified`.
    """
    source = frozenset({f"file:{path}"})
    given = Label(trust=Trust.ASSIGNED, sources=source)
    fields = {f"{place}.{name}".lstrip("."): given for name in assigned}
    return {place: Label(sources=source), **fields} if place else fields


async def _ignore(done: int, total: int, what: str) -> None:
    """Drop a progress report."""


@dataclass(frozen=True, slots=True)
class Context:
    """What a running call may use besides its arguments and permits."""

    folder: Path
    """The objective's folder: relative paths start here."""
    changeset: Changeset
    """Where file changes are staged, and through which earlier staged changes are seen."""
    words: str
    """The objective in the user's words (for tools that rank by it); never sent anywhere."""
    today: str
    """The date of the objective, ISO; tools have no clock."""
    progress: Callable[[int, int, str], Awaitable[None]] = field(default=_ignore)
    """Report `(done, total, what)`; shown to the user, never sent up."""


Arguments = Mapping[str, Data]
"""Checked and resolved arguments: references and templates are already values."""


@runtime_checkable
class Tool(Protocol):
    """One thing the agent can do."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        ...

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Say what this call would touch. Reads directory entries at most; changes nothing.

        Raises:
            ToolError: When the arguments name something that cannot exist (bad path, not found).
        """
        ...

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Do it, opening only what `permits` name, in the order `touches` gave.

        Staged touches come without a permit: their change goes to `context.changeset`.

        Raises:
            ToolError: When it cannot be done; nothing is left half done.
        """
        ...

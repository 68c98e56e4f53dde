"""The words of Doorward, defined once and used in code, UI, log and docs.

It is not a place for behaviour: closed sets, ids and the small values that every part exchanges.
Every other package imports it; it imports nothing of ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NewType, TypeAlias

ObjectiveId = NewType("ObjectiveId", str)
"""Names one objective, e.g. `o-7f3a9c`; minted by the daemon, never reused."""

StepId = NewType("StepId", str)
"""Names one step inside its plan, e.g. `s2`; never changes once planned."""

Handle = NewType("Handle", str)
"""The name of a value outside the vault: `<objective>/<step>`. It says nothing of the content."""

Data: TypeAlias = "None | bool | int | float | str | list[Data] | dict[str, Data]"
"""What a value may hold: exactly what JSON can."""


class ObjectiveState(StrEnum):
    """Where an objective stands; `WAITING` always comes with a `Wait`."""

    QUEUED = "queued"
    PLANNING = "planning"
    WORKING = "working"
    WAITING = "waiting"
    DONE = "done"
    FAILED = "failed"
    STOPPED = "stopped"
    UNDONE = "undone"

    @property
    def ended(self) -> bool:
        """Tell whether nothing more will happen without the user."""
        return self in _ENDED


_ENDED = frozenset(
    {ObjectiveState.DONE, ObjectiveState.FAILED, ObjectiveState.STOPPED, ObjectiveState.UNDONE}
)


class Wait(StrEnum):
    """What a waiting objective waits for."""

    APPROVAL = "approval"
    INPUT = "input"
    MAC = "mac"
    CLOCK = "clock"
    BUDGET = "budget"


class Effect(StrEnum):
    """What a request would do, from harmless to costly. Every tool call declares one per touch."""

    READ = "read"
    """Look at something on this device."""
    WRITE = "write"
    """Create, change or move something on this device; kept undoable."""
    DESTROY = "destroy"
    """Delete or overwrite."""
    EGRESS = "egress"
    """Let bytes cross to a destination."""
    SPEND = "spend"
    """Money, bookings, accounts."""
    RUN = "run"
    """Execute a program."""


class Decision(StrEnum):
    """The three outcomes of the gate; `DENY` beats `ASK` beats `ALLOW`."""

    ALLOW = "allow"
    ASK = "ask"
    DENY = "deny"


class Release(StrEnum):
    """The form in which a value crosses to a destination, most revealing first."""

    FULL = "full"
    REDACTED = "redacted"
    SHAPE = "shape"
    """Type, counts and field names; no content."""
    NOTHING = "nothing"


class Trust(StrEnum):
    """Whether a stranger could have written it."""

    TRUSTED = "trusted"
    ASSIGNED = "assigned"
    """Given by the system that holds the thing: a stranger may choose which, not what."""
    UNTRUSTED = "untrusted"

    @property
    def rank(self) -> int:
        """Return how little it is trusted; 0 is trusted."""
        return _TRUSTS.index(self)


_TRUSTS = tuple(Trust)


class Role(StrEnum):
    """What one argument of a call decides; policy asks where its value came from."""

    TARGET = "target"
    """Who or where: a recipient, an address, a URL, a new name, an amount."""
    OBJECT = "object"
    """Which existing thing: an id, an attachment, a path that is already there."""
    CONTENT = "content"
    """The payload: a body, a subject, a note."""
    LINK = "link"
    """A link or an address inside a payload; the door takes these out of every content."""
    OPTION = "option"
    """How, not where: a flag, a limit, a sort order."""

    @property
    def chosen(self) -> bool:
        """Tell whether it says who, where or which, rather than what or how."""
        return self in {Role.TARGET, Role.OBJECT, Role.LINK}


class Origin(StrEnum):
    """Where the value of an argument comes from, as far as it can be proved; best first."""

    USER = "user"
    """The words that the user typed."""
    KNOWN = "known"
    """The device's directory, data that no stranger can write, or a value the user endorsed."""
    ASSIGNED = "assigned"
    """Given by the system that holds the thing: ids, sizes, times. A value, not a choice."""
    UNTRUSTED = "untrusted"
    """Copied unchanged from what a stranger could have written."""
    NOVEL = "novel"
    """Found nowhere: the planner made it up, or changed it."""

    @property
    def rank(self) -> int:
        """Return how far from the user it is; 0 is the user's own words."""
        return _ORIGINS.index(self)


_ORIGINS = tuple(Origin)


class Influence(StrEnum):
    """What a step was planned from."""

    USER = "user"
    """The user's words alone."""
    CONTENT = "content"
    """Untrusted content had been released to the planner before."""


@dataclass(frozen=True, slots=True)
class Destination:
    """Where bytes may go: `device`, `orchestrator:<name>`, `model:<provider>`, ..."""

    kind: str
    """One of `device`, `orchestrator`, `model`, `connector`, `person`, `web`."""
    name: str = ""
    """Which one; empty for the device itself."""

    def __str__(self) -> str:
        """Return the form that policy files and receipts use."""
        return f"{self.kind}:{self.name}" if self.name else self.kind

    @classmethod
    def parse(cls, text: str) -> Destination:
        """Read the form that `__str__` writes."""
        kind, _, name = text.partition(":")
        return cls(kind, name)


DEVICE = Destination("device")
HOME = Destination("orchestrator", "home")
"""The embedded orchestrator: another process, the same device."""

LOCAL_MODEL = Destination("model", "local")
"""The model that the reader process runs: another process, the same device, no network."""

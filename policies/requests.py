"""Requests and verdicts: what the door asks of the gate, and what the gate answers.

Values only; the judging is in `judging`, the minting in `gate`. A verdict always says why: the
rule, its line in the policy file, the reason, and what would change it.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.vocabulary import (
    DEVICE,
    Decision,
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """One leaf of a call's arguments (each element of a list is one), with where it comes from."""

    name: str
    """The argument, dotted inside records: `to`, `event.start`."""
    role: Role
    value: str
    """As text; for the card and the endorsement, never for a reason that travels."""
    origin: Origin
    """The best that can be proved of it."""
    label: Label = NEUTRAL


@dataclass(frozen=True, slots=True)
class Request:
    """One crossing: everything the gate may know of it. No clock: `time` is passed in."""

    objective: ObjectiveId
    step: StepId
    """Which step asks; `""` for the daemon's own crossings (the objective's text going up)."""
    tool: str
    effect: Effect
    resource: str = ""
    """The resolved path, address or name that would be touched."""
    destination: Destination = DEVICE
    release: Release = Release.NOTHING
    """For `EGRESS`: the most revealing form that is asked for."""
    label: Label = NEUTRAL
    """The join of the labels of everything that goes in, and of the place itself."""
    influence: Influence = Influence.USER
    named: bool = False
    """The user named this resource, or a folder around it, in the objective itself."""
    leaves: tuple[Leaf, ...] = ()
    """The arguments of the call, for tools whose arguments decide more than `resource` says."""
    asked: bool = False
    """The user's own words call for what this tool does (its manifest's cues)."""
    planned: bool = True
    """The call stands in the plan that was committed before any data was read."""
    used: tuple[tuple[str, int], ...] = ()
    """For each rule with a limit: how often it has granted within the limit's window."""
    size: int = 0
    """Bytes that would cross, where known."""
    time: str = "12:00"
    """Local time of day `HH:MM` in the policy's time zone."""
    day: str = ""
    """Day of the week there: `mon` to `sun`; empty when not known."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of one request, and why."""

    decision: Decision
    rule: str
    """The id of the rule that decided, `defaults.<effect>`, or `closed` when no policy holds."""
    line: int
    """Its line in the policy file; 0 for what is built in."""
    reason: str
    """A sentence for the user."""
    change: str
    """What would make it different: a sentence with the next step."""
    release: Release = Release.NOTHING
    """For `EGRESS`: the form in which it may cross; never more than was asked for."""
    obligations: frozenset[str] = field(default_factory=frozenset)
    """What must be done with it: `local_only`, `undo`."""
    policy: str = ""
    """The snapshot id of the policy that was asked."""
    counts: frozenset[str] = field(default_factory=frozenset)
    """Rules with a limit on whose grant it rests: each is used up by one when it is done."""

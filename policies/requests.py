"""Requests and verdicts: what the door asks of the gate, and what the gate answers.

Values only; the judging is in `rules`, the minting in `gate`. A verdict always says why: the rule,
its line in the policy file, the reason, and what would change it.
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
    Release,
    StepId,
)


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
    size: int = 0
    """Bytes that would cross, where known."""
    time: str = "12:00"
    """Local time of day `HH:MM` in the policy's time zone."""


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

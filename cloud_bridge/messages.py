"""What device and orchestrator say to each other, as plain values.

Not the wire form: `codec` turns these into protobuf and back. Each `Up` and `Down` travels in an
ordered, durable, acknowledged log (`device.session`, `orchestrator.service`); losing or doubling
one is the log's business, never that of whoever handles the message.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from doorward.policies.plan import Plan, Step, ToolSpec
from doorward.policies.vocabulary import Data, Influence, ObjectiveId, Release, StepId


class Outcome(StrEnum):
    """How a step ended on the device."""

    OK = "ok"
    REFUSED = "refused"
    """The gate or the user said no; `reason` and `rule` say why."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """Its `when` did not hold."""


@dataclass(frozen=True, slots=True)
class Opened:
    """Up: a new objective, in the form in which its text was released."""

    objective: ObjectiveId
    text: str
    today: str
    """ISO date at the device when the user asked."""
    tools: tuple[ToolSpec, ...]


@dataclass(frozen=True, slots=True)
class Observed:
    """Up: what the planner may know of a finished step."""

    objective: ObjectiveId
    step: StepId
    outcome: Outcome
    release: Release
    content: Data = None
    """The released form: a shape (`{"items": "list of 14", ...}`), or content where allowed."""
    reason: str = ""
    """For `REFUSED` and `FAILED`: a sentence without private content."""
    rule: str = ""


@dataclass(frozen=True, slots=True)
class StopAsked:
    """Up: the user stopped the objective; no further step is to be handed out."""

    objective: ObjectiveId


@dataclass(frozen=True, slots=True)
class Planned:
    """Down: the plan, to be shown; its steps follow one by one as `StepDue`."""

    objective: ObjectiveId
    plan: Plan
    understood: str
    """The objective in the planner's words, for the user to check: `Collect vendor, date ...`."""


@dataclass(frozen=True, slots=True)
class StepDue:
    """Down: carry out this step now."""

    objective: ObjectiveId
    step: Step
    influence: Influence


@dataclass(frozen=True, slots=True)
class Finished:
    """Down: every step is observed; fill the plan's answer."""

    objective: ObjectiveId


@dataclass(frozen=True, slots=True)
class Refused:
    """Down: no plan, or no way on."""

    objective: ObjectiveId
    reason: str
    """A sentence for the user."""
    nearest: tuple[str, ...] = ()
    """Objectives that could be planned, as examples to type."""


Up: TypeAlias = Opened | Observed | StopAsked
Down: TypeAlias = Planned | StepDue | Finished | Refused

"""What can happen to an objective, and what is done about it: the events and actions of the loop.

Values only. `loop` turns an event into actions, the door and the supervisor make events, the
journal keeps those that must not be lost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from doorward.cloud_bridge.messages import (
    Finished,
    Observed,
    Opened,
    Planned,
    Refused,
    StepDue,
    Up,
)
from doorward.daemon.objectives.objective import Asked, Card, Report
from doorward.policies.labels import NEUTRAL, Label

# --- events ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Submitted:
    """The user asked; the objective is stored."""


@dataclass(frozen=True, slots=True)
class TextReleased:
    """The door let the objective's text go to the orchestrator in this form."""

    message: Opened


@dataclass(frozen=True, slots=True)
class TextRefused:
    """The door did not let the objective's text go."""

    reason: str


@dataclass(frozen=True, slots=True)
class Performed:
    """The door has carried out the due step, or was refused; `observed` may go up."""

    report: Report
    observed: Observed
    shown: Label = NEUTRAL
    """Of what the planner was shown as content."""


@dataclass(frozen=True, slots=True)
class NeedsApproval:
    """Policy wants the user's word before the due step, or before the commit."""

    card: Card


@dataclass(frozen=True, slots=True)
class CardAnswered:
    """The user (or the timeout) answered the card that is open."""

    card: str
    yes: bool
    why: str = "you said no"


@dataclass(frozen=True, slots=True)
class CardShown:
    """The hour allows it: the card that was collected is shown."""

    card: str


@dataclass(frozen=True, slots=True)
class Committed:
    """The file changes are made; some may not have been, each with its reason."""

    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer is in the vault."""


@dataclass(frozen=True, slots=True)
class Broke:
    """Something of ours failed in a way that a step cannot express."""

    reason: str


@dataclass(frozen=True, slots=True)
class StopRequested:
    """The user stopped it."""


@dataclass(frozen=True, slots=True)
class Undone:
    """The changeset is undone; some files may have been kept, each with its reason."""

    kept: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Discarded:
    """What was staged is dropped; what a commit had made before is still there."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Restarted:
    """The daemon is back after a stop or a crash."""


Event: TypeAlias = (
    Submitted
    | TextReleased
    | TextRefused
    | Performed
    | NeedsApproval
    | CardAnswered
    | CardShown
    | Committed
    | Answered
    | Broke
    | StopRequested
    | Undone
    | Discarded
    | Restarted
    | Planned
    | StepDue
    | Finished
    | Refused
)

# --- actions --------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ReleaseText:
    """Ask the door to release the objective's text."""


@dataclass(frozen=True, slots=True)
class SendUp:
    """Put a message in the outbox, in the same transaction; `key` makes it idempotent."""

    message: Up
    key: str


@dataclass(frozen=True, slots=True)
class PerformStep:
    """Have the door carry out the due step, with the user's approvals."""

    approved: tuple[Asked, ...] = ()


@dataclass(frozen=True, slots=True)
class RefuseStep:
    """Have the door tell the orchestrator that the user refused the due step."""

    report: Report


@dataclass(frozen=True, slots=True)
class Settle:
    """Judge the staged changes: commit what is allowed, or ask with one card."""


@dataclass(frozen=True, slots=True)
class Commit:
    """Make the staged changes that policy allows or the user approved."""


@dataclass(frozen=True, slots=True)
class FillAnswer:
    """Fill the answer's template from the vault."""


@dataclass(frozen=True, slots=True)
class Cancel:
    """Stop what is running for this objective."""


@dataclass(frozen=True, slots=True)
class Discard:
    """Drop the staged changes that were not made."""


Action: TypeAlias = (
    ReleaseText
    | SendUp
    | PerformStep
    | RefuseStep
    | Settle
    | Commit
    | FillAnswer
    | Cancel
    | Discard
)

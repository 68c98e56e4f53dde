"""The loop: one event in, the next state of the objective and what to do out. Pure.

It performs nothing: `supervisor` stores the new state and the outgoing messages in one transaction,
then carries the actions out. Every action may be carried out again after a crash: steps are staged
and idempotent, the commit resumes from its journal, a release is answered once by its key.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TypeAlias, assert_never

from doorward.cloud_bridge.messages import (
    Down,
    Finished,
    Observed,
    Opened,
    Outcome,
    Planned,
    Refused,
    StepDue,
    StopAsked,
    Up,
)
from doorward.daemon.objective import Asked, Card, CardKind, Due, Objective, Report
from doorward.policies.vocabulary import ObjectiveState, Release, StepId, Wait

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
class Restarted:
    """The daemon is back after a stop or a crash."""


Event: TypeAlias = (
    Submitted
    | TextReleased
    | TextRefused
    | Performed
    | NeedsApproval
    | CardAnswered
    | Committed
    | Answered
    | Broke
    | StopRequested
    | Undone
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
    ReleaseText | SendUp | PerformStep | Settle | Commit | FillAnswer | Cancel | Discard
)

Next: TypeAlias = tuple[Objective, tuple[Action, ...]]


def advance(objective: Objective, event: Event) -> Next:  # noqa: C901, PLR0911, PLR0912  # one arm an event
    """Return the objective after `event`, and what to do, in order.

    An event that no longer fits (an answer to a closed card, a step for a stopped objective) leaves
    the objective as it is: replays are harmless.
    """
    if objective.state.ended and not isinstance(event, Undone):
        return objective, ()
    match event:
        case Submitted():
            return replace(objective, state=ObjectiveState.PLANNING), (ReleaseText(),)
        case TextReleased(message):
            return objective, (SendUp(message, f"{objective.id}/opened"),)
        case TextRefused(reason) | Broke(reason):
            return _fail(objective, reason)
        case Planned() | StepDue() | Finished() | Refused():
            return _from_orchestrator(objective, event)
        case NeedsApproval(card):
            waiting = replace(
                objective, state=ObjectiveState.WAITING, wait=Wait.APPROVAL, card=card
            )
            return waiting, ()
        case Performed(report, observed):
            return _performed(objective, report, observed)
        case CardAnswered():
            return _answered(objective, event)
        case Committed(changed, unchanged):
            settled = replace(objective, changed=changed, unchanged=unchanged)
            return settled, (FillAnswer(),)
        case Answered():
            return replace(
                objective, state=ObjectiveState.DONE, wait=None, answered=True, committing=None
            ), ()
        case StopRequested():
            return _stop(objective)
        case Undone(kept):
            if objective.state is not ObjectiveState.DONE:
                return objective, ()
            return replace(objective, state=ObjectiveState.UNDONE, unchanged=kept), ()
        case Restarted():
            return _resume(objective)
    assert_never(event)


def _from_orchestrator(objective: Objective, event: Down) -> Next:
    match event:
        case Planned(_, plan, understood):
            planned = replace(
                objective, state=ObjectiveState.WORKING, plan=plan, understood=understood
            )
            return planned, ()
        case StepDue(_, step, influence):
            if step.id in objective.reports or objective.committing is not None:
                return objective, ()
            return replace(objective, due=Due(step, influence)), (PerformStep(),)
        case Finished():
            return replace(objective, due=None), (Settle(),)
        case Refused(_, reason, nearest):
            failed, actions = _fail(objective, reason)
            return replace(failed, nearest=nearest), actions
    assert_never(event)


def _performed(objective: Objective, report: Report, observed: Observed) -> Next:
    if objective.due is None or objective.due.step.id != observed.step:
        return objective, ()
    reports = {**objective.reports, observed.step: report}
    done = replace(
        objective, state=ObjectiveState.WORKING, wait=None, due=None, card=None, reports=reports
    )
    return done, (SendUp(observed, f"{objective.id}/{observed.step}"),)


def _answered(objective: Objective, event: CardAnswered) -> Next:
    card = objective.card
    if card is None or card.id != event.card:
        return objective, ()
    working = replace(objective, state=ObjectiveState.WORKING, wait=None, card=None)
    if card.kind is CardKind.COMMIT:
        if event.yes:
            return replace(working, committing=card.asked), (Commit(),)
        left = tuple(f"{asked.shown}: not done, {event.why}" for asked in card.asked)
        return replace(working, unchanged=left), (Discard(), FillAnswer())
    if event.yes:
        return working, (PerformStep(card.asked),)
    if objective.due is None:
        return working, ()
    rule = card.asked[0].verdict.rule if card.asked else ""
    report = Report(Outcome.REFUSED, event.why, rule)
    return _performed(working, report, _refusal(objective, objective.due.step.id, report))


def _refusal(objective: Objective, step: StepId, report: Report) -> Observed:
    return Observed(
        objective.id, step, Outcome.REFUSED, Release.NOTHING, None, report.reason, report.rule
    )


def _fail(objective: Objective, reason: str) -> Next:
    failed = replace(
        objective, state=ObjectiveState.FAILED, wait=None, card=None, due=None, reason=reason
    )
    return failed, (Cancel(), Discard(), SendUp(StopAsked(objective.id), f"{objective.id}/stop"))


def _stop(objective: Objective) -> Next:
    stopped = replace(
        objective,
        state=ObjectiveState.STOPPED,
        wait=None,
        card=None,
        due=None,
        reason="you stopped it",
    )
    return stopped, (Cancel(), Discard(), SendUp(StopAsked(objective.id), f"{objective.id}/stop"))


def _resume(objective: Objective) -> Next:
    """Do again what a crash may have cut off; all of it is idempotent."""
    if objective.state in {ObjectiveState.QUEUED, ObjectiveState.PLANNING}:
        return replace(objective, state=ObjectiveState.PLANNING), (ReleaseText(),)
    if objective.card is not None:
        return objective, ()
    if objective.committing is not None:
        return objective, (Commit(),)
    if objective.due is not None:
        return objective, (PerformStep(),)
    planned = {step.id for step in objective.plan.steps} if objective.plan else set()
    if planned and planned <= objective.reports.keys():
        return objective, (Settle(),)
    return objective, ()

"""The loop: one event in, the next state of the objective and what to do out. Pure.

It performs nothing: `supervisor` stores the new state and the outgoing messages in one transaction,
then carries the actions out. Every action may be carried out again after a crash: steps are staged
and idempotent, the commit resumes from its journal, a release is answered once by its key.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeAlias, assert_never

from doorward.cloud_bridge.messages import (
    Down,
    Finished,
    Outcome,
    Planned,
    Refused,
    StepDue,
    StopAsked,
)
from doorward.daemon.objectives.events import (
    Action,
    Answered,
    Broke,
    Cancel,
    CardAnswered,
    CardShown,
    Commit,
    Committed,
    Discard,
    Discarded,
    Event,
    FillAnswer,
    NeedsApproval,
    Performed,
    PerformStep,
    RefuseStep,
    ReleaseText,
    Restarted,
    SendUp,
    Settle,
    StopRequested,
    Submitted,
    TextRefused,
    TextReleased,
    Undone,
)
from doorward.daemon.objectives.objective import Card, CardKind, Due, Objective, Report
from doorward.daemon.objectives.planner_words import examples, refusal
from doorward.policies.plan import MAX_SAID, unreasonable
from doorward.policies.vocabulary import ObjectiveState, Trust, Wait

Next: TypeAlias = tuple[Objective, tuple[Action, ...]]


def advance(objective: Objective, event: Event) -> Next:  # noqa: C901, PLR0911, PLR0912  # one arm an event
    """Return the objective after `event`, and what to do, in order.

    An event that no longer fits (an answer to a closed card, a step for a stopped objective) leaves
    the objective as it is: replays are harmless.
    """
    if objective.state.ended and not isinstance(event, Undone | Discarded):
        return objective, ()
    match event:
        case Submitted():
            if objective.state is not ObjectiveState.QUEUED:
                return objective, ()
            return replace(objective, state=ObjectiveState.PLANNING), (ReleaseText(),)
        case TextReleased(message):
            return objective, (SendUp(message, f"{objective.id}/opened"),)
        case TextRefused(reason):
            # The planner has never heard of it, so it is not told of its end either.
            failed, actions = _fail(objective, reason)
            return failed, tuple(each for each in actions if not isinstance(each, SendUp))
        case Broke(reason):
            return _fail(objective, reason)
        case Planned() | StepDue() | Finished() | Refused():
            return _from_orchestrator(objective, event)
        case NeedsApproval(card):
            return _wait(objective, card)
        case Performed():
            return _performed(objective, event)
        case CardAnswered():
            return _answered(objective, event)
        case CardShown(card):
            return _show(objective, card)
        case Committed(changed, unchanged):
            if not objective.finished or objective.card is not None:
                return objective, ()
            settled = replace(objective, changed=changed, unchanged=unchanged)
            return settled, (FillAnswer(),)
        case Answered():
            if not objective.finished or objective.card is not None:
                return objective, ()
            return replace(objective, state=ObjectiveState.DONE, answered=True, committing=None), ()
        case StopRequested():
            return _stop(objective)
        case Discarded(changed):
            return replace(objective, changed=changed), ()
        case Undone(kept):
            left = objective.state is ObjectiveState.DONE or bool(objective.changed)
            if not left or not objective.state.ended or objective.state is ObjectiveState.UNDONE:
                return objective, ()
            return replace(objective, state=ObjectiveState.UNDONE, unchanged=kept), ()
        case Restarted():
            return _resume(objective)
    assert_never(event)


def _wait(objective: Objective, card: Card) -> Next:
    """Wait for the user, if what the card is about is still to come."""
    match card.kind:
        case CardKind.STEP:
            fits = objective.due is not None
        case CardKind.COMMIT:
            fits = objective.finished and objective.committing is None
    if not fits:
        return objective, ()
    waiting = replace(objective, state=ObjectiveState.WAITING, wait=Wait.APPROVAL, card=card)
    return replace(waiting, cards=objective.cards + 1), ()


def _show(objective: Objective, name: str) -> Next:
    card = objective.card
    if card is None or card.id != name or not card.held:
        return objective, ()
    return replace(objective, card=replace(card, held=False)), ()


def _from_orchestrator(objective: Objective, event: Down) -> Next:
    match event:
        case Planned(_, plan, understood):
            if objective.plan is not None:
                return objective, ()
            if wrong := unreasonable(plan):
                return _fail(objective, f"the planner sent a plan that {wrong}")
            working = replace(objective, state=ObjectiveState.WORKING, plan=plan)
            return replace(working, understood=understood[:MAX_SAID]), ()
        case StepDue(_, step, influence):
            return _due(objective, Due(step, influence))
        case Finished():
            if objective.finished or objective.plan is None:
                return objective, ()
            if objective.due is not None:  # also while a card asks for it
                return _fail(objective, "the planner called it finished in the midst of a step")
            return replace(objective, due=None, finished=True), (Settle(),)
        case Refused(_, reason, nearest):
            failed, actions = _fail(objective, refusal(reason, objective.reports))
            return replace(failed, nearest=examples(nearest)), actions
    assert_never(event)


def _due(objective: Objective, due: Due) -> Next:
    if objective.finished or due.step.id in objective.reports:
        return objective, ()
    if objective.plan is None or due.step not in objective.plan.steps:
        # The plan was checked and shown: nothing else is carried out.
        return _fail(objective, f"the planner asked for a step {due.step.id} that is in no plan")
    if objective.due is not None:
        return objective, ()
    return replace(objective, due=due), (PerformStep(),)


def _performed(objective: Objective, event: Performed) -> Next:
    report, observed = event.report, event.observed
    if objective.due is None or objective.due.step.id != observed.step:
        return objective, ()
    reports = {**objective.reports, observed.step: report}
    done = replace(
        objective,
        state=ObjectiveState.WORKING,
        wait=None,
        due=None,
        card=None,
        reports=reports,
        shown=objective.shown.join(event.shown),
        influenced=objective.influenced or event.shown.trust is Trust.UNTRUSTED,
    )
    return done, (SendUp(observed, f"{objective.id}/{observed.step}"),)


def _answered(objective: Objective, event: CardAnswered) -> Next:
    card = objective.card
    if card is None or card.id != event.card:
        return objective, ()
    working = replace(objective, state=ObjectiveState.WORKING, wait=None, card=None)
    left = tuple(f"{asked.shown}: not done, {event.why}" for asked in card.asked)
    if card.kind is CardKind.COMMIT:
        if event.yes:
            return replace(working, committing=card.asked), (Commit(),)
        return replace(working, unchanged=left), (Discard(), FillAnswer())
    if event.yes:
        granted = (*objective.granted, *card.asked)
        return replace(working, granted=granted), (PerformStep(card.asked),)
    rule = card.asked[0].verdict.rule if card.asked else ""
    return working, (RefuseStep(Report(Outcome.REFUSED, event.why, rule, left)),)


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
    if objective.finished and objective.unchanged:
        return objective, (Discard(), FillAnswer())
    if objective.finished:
        return objective, (Settle(),)
    return objective, ()

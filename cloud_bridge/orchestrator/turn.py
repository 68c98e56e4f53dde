"""What one message from the device changes: objective and message in, objective and messages out.

Pure: it does not plan (the result of planning is passed in), does not store and does not send.
`work` runs it inside a durable turn. A waiting objective is a `Row`, never a parked task.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

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
from doorward.cloud_bridge.orchestrator.planner.base import Cannot, Made
from doorward.policies.plan import Plan, Step, ToolSpec, check, references
from doorward.policies.vocabulary import Influence, ObjectiveId, Release, StepId


class Phase(StrEnum):
    """Where an objective stands for the orchestrator."""

    WORKING = "working"
    """A step is handed out and not yet observed."""
    FINISHED = "finished"
    REFUSED = "refused"
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True)
class Row:
    """All that the orchestrator keeps of one objective."""

    objective: ObjectiveId
    phase: Phase
    plan: Plan | None = None
    understood: str = ""
    due: StepId | None = None
    """The step that was handed out last and is not observed."""
    outcomes: Mapping[StepId, Outcome] | None = None
    """How each step ended that is over."""
    influence: Influence = Influence.USER
    """`CONTENT` once anything above a shape was released to us."""
    reason: str = ""
    nearest: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Keyed:
    """A message down and the key that makes saying it twice harmless."""

    key: str
    down: Down


Outcomes = Mapping[StepId, Outcome]


def take(
    row: Row | None, up: Up, planned: Made | Cannot | None, tools: Mapping[str, ToolSpec]
) -> tuple[Row | None, tuple[Keyed, ...]]:
    """Take one message.

    Args:
        row: The objective so far; None if it is not known.
        up: The message.
        planned: For an `Opened` that is new: what the planner said.
        tools: For an `Opened`: the catalogue the plan is checked against.

    Returns:
        The objective afterwards and what to say. What is out of place or said twice changes
        nothing and says nothing.
    """
    match up:
        case Opened():
            if row is not None or planned is None:
                return row, ()
            return _opened(up, planned, tools)
        case Observed():
            if row is None or row.phase is not Phase.WORKING or row.due != up.step:
                return row, ()
            return _observed(row, up)
        case StopAsked():
            if row is None:
                # Stopped before it was opened here: a late `Opened` then finds it stopped.
                return Row(up.objective, Phase.STOPPED), ()
            if row.phase is not Phase.WORKING:
                return row, ()
            return replace(row, phase=Phase.STOPPED, due=None), ()


def say_again(row: Row) -> tuple[Keyed, ...]:
    """Return what a device needs to hear of this objective when its memory was set back."""
    match row.phase:
        case Phase.WORKING:
            return (*_plan(row), *_due(row))
        case Phase.FINISHED:
            return (*_plan(row), _finished(row))
        case Phase.REFUSED:
            return (*_plan(row), _refused(row))
        case Phase.STOPPED:
            return ()


def give_up(row: Row, reason: str) -> tuple[Row, tuple[Keyed, ...]]:
    """Refuse an objective for a reason that lies outside its plan."""
    row = Row(row.objective, Phase.REFUSED, reason=reason)
    return row, (_refused(row),)


def _opened(
    up: Opened, planned: Made | Cannot, tools: Mapping[str, ToolSpec]
) -> tuple[Row, tuple[Keyed, ...]]:
    match planned:
        case Cannot():
            row = Row(up.objective, Phase.REFUSED, reason=planned.reason, nearest=planned.nearest)
            return row, (_refused(row),)
        case Made():
            errors = check(planned.plan, tools)
            if errors:
                faults = "; ".join(f"{each.step or 'plan'}: {each.what}" for each in errors[:3])
                reason = f"The planner made a plan that cannot run ({faults})."
                row = Row(up.objective, Phase.REFUSED, reason=reason)
                return row, (_refused(row),)
            row = Row(up.objective, Phase.WORKING, planned.plan, planned.understood, outcomes={})
            row, said = _advance(row, planned.plan, {})
            return row, (*_plan(row), *said)


def _observed(row: Row, up: Observed) -> tuple[Row, tuple[Keyed, ...]]:
    plan = row.plan
    if plan is None:  # a working objective has a plan; a damaged row must not crash the turn
        return row, ()
    outcomes = {**(row.outcomes or {}), up.step: up.outcome}
    row = replace(row, outcomes=outcomes, due=None)
    if up.release in {Release.FULL, Release.REDACTED}:
        # Whether it was trusted is not said to us: assume it was not.
        row = replace(row, influence=Influence.CONTENT)
    if up.outcome in {Outcome.REFUSED, Outcome.FAILED} and _needed(plan, up.step):
        row = replace(row, phase=Phase.REFUSED, reason=_stuck(up))
        return row, (_refused(row),)
    return _advance(row, plan, outcomes)


def _advance(row: Row, plan: Plan, outcomes: Outcomes) -> tuple[Row, tuple[Keyed, ...]]:
    """Hand out the next step that can run; skip those that build on a skipped one."""
    known = dict(outcomes)
    for step in plan.steps:
        if step.id in known:
            continue
        if any(known.get(StepId(ref.root)) is Outcome.SKIPPED for ref in references(step)):
            known[step.id] = Outcome.SKIPPED
            continue
        row = replace(row, outcomes=known, due=step.id)
        return row, _due(row)
    row = replace(row, outcomes=known, due=None, phase=Phase.FINISHED)
    return row, (_finished(row),)


def _needed(plan: Plan, failed: StepId) -> bool:
    """Tell whether a later step or the answer refers to this one."""
    later = (ref.root for step in plan.steps for ref in references(step) if step.id != failed)
    return failed in {*later, *(ref.root for ref in plan.answer.refs())}


def _stuck(up: Observed) -> str:
    what = "was refused" if up.outcome is Outcome.REFUSED else "failed"
    why = f": {up.reason}" if up.reason else "."
    return f"Step {up.step} {what}, and the rest of the plan needs it{why}"


def _step(plan: Plan, wanted: StepId) -> Step:
    return next(step for step in plan.steps if step.id == wanted)


def _plan(row: Row) -> tuple[Keyed, ...]:
    if row.plan is None:
        return ()
    down = Planned(row.objective, row.plan, row.understood)
    return (Keyed(f"{row.objective}/planned", down),)


def _due(row: Row) -> tuple[Keyed, ...]:
    if row.plan is None or row.due is None:
        return ()
    down = StepDue(row.objective, _step(row.plan, row.due), row.influence)
    return (Keyed(f"{row.objective}/due/{row.due}", down),)


def _finished(row: Row) -> Keyed:
    return Keyed(f"{row.objective}/finished", Finished(row.objective))


def _refused(row: Row) -> Keyed:
    return Keyed(f"{row.objective}/refused", Refused(row.objective, row.reason, row.nearest))

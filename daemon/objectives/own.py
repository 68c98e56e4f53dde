"""Objectives that the user planned: one step from their own command, told to no orchestrator.

Pure, as `loop` is: it plays the orchestrator's part in the same machine and sends nothing up. It
is no second loop: every transition is `loop.advance`'s. The supervisor calls it for them.
"""

from __future__ import annotations

from dataclasses import replace

from doorward.cloud_bridge.messages import (
    Finished,
    Observed,
    Outcome,
    Planned,
    Refused,
    StepDue,
)
from doorward.daemon.objectives import events, loop
from doorward.daemon.objectives.objective import Objective, Report
from doorward.policies.plan import Literal, Plan, Step, Template
from doorward.policies.vocabulary import Data, Influence, ObjectiveState, Release, StepId

_STEP = StepId("s1")


def plan_of(tool: str, arguments: dict[str, Data], answer: str) -> Plan:
    """Return the plan of one call; `answer` names a field of its result."""
    step = Step(_STEP, tool, {name: Literal(value) for name, value in arguments.items()})
    return Plan((step,), Template(f"{{{_STEP}.{answer}}}"))


def advance(objective: Objective, event: events.Event) -> loop.Next:
    """Return the objective after `event`, and what to do; nothing of it goes up."""
    after, actions = _advance(objective, event)
    return after, tuple(each for each in actions if not isinstance(each, events.SendUp))


def _advance(objective: Objective, event: events.Event) -> loop.Next:
    match event:
        case Planned() | StepDue() | Finished() | Refused():
            return objective, ()  # somebody guessed its name
        case events.Submitted() | events.Restarted() if objective.state is ObjectiveState.QUEUED:
            return _begin(objective)
        case events.Performed(report):
            after, _ = loop.advance(objective, event)
            if after == objective:
                return objective, ()
            if report.outcome in {Outcome.FAILED, Outcome.REFUSED}:
                return loop.advance(after, events.Broke(report.reason))
            return loop.advance(after, Finished(objective.id))
    return loop.advance(objective, event)


def _begin(objective: Objective) -> loop.Next:
    plan = objective.plan
    if plan is None:
        return loop.advance(objective, events.Broke("the command has no plan"))
    planned = Planned(objective.id, plan, objective.text)
    after, _ = loop.advance(_blank(objective), planned)
    return loop.advance(after, StepDue(objective.id, plan.steps[0], Influence.USER))


def _blank(objective: Objective) -> Objective:
    return replace(objective, plan=None, state=ObjectiveState.PLANNING)


def unheard(objective: Objective, step: StepId, report: Report) -> events.Performed:
    """Return how a step ended when nobody is told."""
    nothing = Observed(objective.id, step, report.outcome, Release.NOTHING, None, "", "")
    return events.Performed(report, nothing)

"""Objectives, plans and events that the tests of the daemon share."""

from __future__ import annotations

from doorward.cloud_bridge.messages import Finished, Observed, Opened, Outcome, Planned, StepDue
from doorward.daemon.objectives.objective import Asked, Card, CardKind, Objective, Report
from doorward.policies.labels import Label
from doorward.policies.plan import Literal, Plan, Ref, Step, Template
from doorward.policies.requests import Request, Verdict
from doorward.policies.vocabulary import (
    Decision,
    Effect,
    Influence,
    ObjectiveId,
    ObjectiveState,
    Release,
    StepId,
    Trust,
)

ID = ObjectiveId("o-1")
S1 = Step(StepId("s1"), "search.find", {"folder": Literal(".")}, why="Look")
S2 = Step(StepId("s2"), "documents.text", {"path": Ref("item.path")}, each=Ref("s1.items"))
PLAN = Plan((S1, S2), Template("Found {s1.count}."), "find")
QUEUED = Objective(
    id=ID, text="find my lease", folder="/home/a", today="2026-11-23", created="2026-11-23T10:00"
)
OPENED = Opened(ID, "find my lease", "2026-11-23", ())
PLANNED = Planned(ID, PLAN, "Find your lease")
DUE1 = StepDue(ID, S1, Influence.USER)
DUE2 = StepDue(ID, S2, Influence.USER)
FINISHED = Finished(ID)
OK = Report(Outcome.OK)


def observed(step: Step, outcome: Outcome = Outcome.OK) -> Observed:
    return Observed(ID, step.id, outcome, Release.SHAPE, {"count": "number"})


def asked(resource: str = "/home/a/out.csv", effect: Effect = Effect.WRITE) -> Asked:
    request = Request(
        ID, StepId("s2"), "files.write", effect, resource, label=Label(trust=Trust.UNTRUSTED)
    )
    verdict = Verdict(Decision.ASK, "defaults.write", 0, "It asks.", "Answer the card.", policy="p")
    return Asked(request, verdict, f"write {resource}")


def card(kind: CardKind, name: str = "c-1") -> Card:
    return Card(name, kind, (asked(),), 100.0)


def in_state(state: ObjectiveState) -> Objective:
    from dataclasses import replace

    return replace(QUEUED, state=state)

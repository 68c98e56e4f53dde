"""Objectives to JSON and back, for the store and the control API.

One of the four places where outside text becomes ours. It checks nothing about meaning: what the
store gives back was sealed by us.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.objectives.objective import (
    Asked,
    Card,
    CardKind,
    Due,
    Objective,
    Report,
    Ticket,
)
from doorward.policies.cards import Facts, Given
from doorward.policies.labels import UNKNOWN, Label
from doorward.policies.plan import Argument, Literal, Plan, Ref, Step, Template
from doorward.policies.requests import Leaf, Request, Verdict
from doorward.policies.vocabulary import (
    Decision,
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    ObjectiveState,
    Origin,
    Release,
    Role,
    StepId,
    Trust,
    Wait,
)

Json = dict[str, Any]


def argument_to(argument: Argument) -> Json:
    """Write one plan argument."""
    match argument:
        case Literal(value):
            return {"literal": value}
        case Ref(path):
            return {"ref": path}
        case Template(text):
            return {"template": text}


def argument_from(held: Json) -> Argument:
    """Read one plan argument."""
    if "ref" in held:
        return Ref(held["ref"])
    if "template" in held:
        return Template(held["template"])
    return Literal(held["literal"])


def step_to(step: Step) -> Json:
    """Write a step."""
    return {
        "id": step.id,
        "tool": step.tool,
        "args": {name: argument_to(argument) for name, argument in step.args.items()},
        "each": step.each and step.each.path,
        "when": step.when and step.when.path,
        "why": step.why,
        "expect": step.expect and step.expect.path,
    }


def step_from(held: Json) -> Step:
    """Read a step."""
    refs = {name: Ref(held[name]) if held[name] else None for name in ("each", "when", "expect")}
    arguments = {name: argument_from(argument) for name, argument in held["args"].items()}
    return Step(StepId(held["id"]), held["tool"], arguments, why=held["why"], **refs)


def plan_to(plan: Plan) -> Json:
    """Write a plan."""
    return {
        "steps": [step_to(step) for step in plan.steps],
        "answer": plan.answer.text,
        "recipe": plan.recipe,
    }


def plan_from(held: Json) -> Plan:
    """Read a plan."""
    steps = tuple(step_from(step) for step in held["steps"])
    return Plan(steps, Template(held["answer"]), held["recipe"])


def label_to(label: Label) -> Json:
    """Write a label."""
    return {
        "tags": sorted(label.tags),
        "trust": label.trust,
        "sources": sorted(label.sources),
    }


def label_from(held: Json) -> Label:
    """Read a label."""
    return Label(frozenset(held["tags"]), Trust(held["trust"]), frozenset(held["sources"]))


def leaf_to(leaf: Leaf) -> Json:
    """Write one leaf of a call's arguments."""
    return {
        "name": leaf.name,
        "role": leaf.role,
        "value": leaf.value,
        "origin": leaf.origin,
        "label": label_to(leaf.label),
    }


def leaf_from(held: Json) -> Leaf:
    """Read one leaf."""
    role, origin = Role(held["role"]), Origin(held["origin"])
    return Leaf(held["name"], role, held["value"], origin, label_from(held["label"]))


def request_to(request: Request) -> Json:
    """Write a request; canonical, so that it can be digested."""
    return {
        "objective": request.objective,
        "step": request.step,
        "tool": request.tool,
        "effect": request.effect,
        "resource": request.resource,
        "destination": str(request.destination),
        "release": request.release,
        "label": label_to(request.label),
        "influence": request.influence,
        "named": request.named,
        "leaves": [leaf_to(leaf) for leaf in request.leaves],
        "asked": request.asked,
        "planned": request.planned,
        "used": [list(pair) for pair in request.used],
        "size": request.size,
        "time": request.time,
        "day": request.day,
    }


def request_from(held: Json) -> Request:
    """Read a request."""
    return Request(
        objective=ObjectiveId(held["objective"]),
        step=StepId(held["step"]),
        tool=held["tool"],
        effect=Effect(held["effect"]),
        resource=held["resource"],
        destination=Destination.parse(held["destination"]),
        release=Release(held["release"]),
        label=label_from(held["label"]),
        influence=Influence(held["influence"]),
        named=held["named"],
        leaves=tuple(leaf_from(leaf) for leaf in held["leaves"]),
        asked=held["asked"],
        planned=held["planned"],
        used=tuple((rule, count) for rule, count in held["used"]),
        size=held["size"],
        time=held["time"],
        day=held["day"],
    )


def verdict_to(verdict: Verdict) -> Json:
    """Write a verdict."""
    return {
        "decision": verdict.decision,
        "rule": verdict.rule,
        "line": verdict.line,
        "reason": verdict.reason,
        "change": verdict.change,
        "release": verdict.release,
        "obligations": sorted(verdict.obligations),
        "policy": verdict.policy,
        "counts": sorted(verdict.counts),
    }


def verdict_from(held: Json) -> Verdict:
    """Read a verdict."""
    return Verdict(
        Decision(held["decision"]),
        held["rule"],
        held["line"],
        held["reason"],
        held["change"],
        Release(held["release"]),
        frozenset(held["obligations"]),
        held["policy"],
        frozenset(held["counts"]),
    )


def asked_to(asked: Asked) -> Json:
    """Write one asked request."""
    return {
        "request": request_to(asked.request),
        "verdict": verdict_to(asked.verdict),
        "shown": asked.shown,
        "facts": asdict(asked.facts),
        "ticket": asdict(asked.ticket),
        "locked": asked.locked,
    }


def asked_from(held: Json) -> Asked:
    """Read one asked request."""
    given = tuple(
        Given(**{**one, "badges": tuple(one["badges"])}) for one in held["facts"]["given"]
    )
    return Asked(
        request_from(held["request"]),
        verdict_from(held["verdict"]),
        held["shown"],
        Facts(**{**held["facts"], "given": given}),
        Ticket(**held["ticket"]),
        held["locked"],
    )


def card_to(card: Card) -> Json:
    """Write a card."""
    return {
        "id": card.id,
        "kind": card.kind,
        "asked": [asked_to(asked) for asked in card.asked],
        "expires": card.expires,
        "held": card.held,
        "again": card.again,
    }


def card_from(held: Json) -> Card:
    """Read a card."""
    asked = tuple(asked_from(one) for one in held["asked"])
    kind = CardKind(held["kind"])
    return Card(held["id"], kind, asked, held["expires"], held["held"], held["again"])


def report_to(report: Report) -> Json:
    """Write a step's report."""
    return {
        "outcome": report.outcome,
        "reason": report.reason,
        "rule": report.rule,
        "notes": list(report.notes),
        "verdicts": [list(verdict) for verdict in report.verdicts],
    }


def report_from(held: Json) -> Report:
    """Read a step's report."""
    return Report(
        Outcome(held["outcome"]),
        held["reason"],
        held["rule"],
        tuple(held["notes"]),
        tuple((d, rule, line, count) for d, rule, line, count in held["verdicts"]),
    )


def objective_to(objective: Objective) -> Json:
    """Write an objective."""
    due = objective.due
    return {
        "id": objective.id,
        "text": objective.text,
        "folder": objective.folder,
        "today": objective.today,
        "created": objective.created,
        "state": objective.state,
        "wait": objective.wait,
        "understood": objective.understood,
        "plan": objective.plan and plan_to(objective.plan),
        "due": due and {"step": step_to(due.step), "influence": due.influence},
        "reports": {step: report_to(report) for step, report in objective.reports.items()},
        "card": objective.card and card_to(objective.card),
        "cards": objective.cards,
        "granted": [asked_to(one) for one in objective.granted],
        "finished": objective.finished,
        "committing": None
        if objective.committing is None
        else [asked_to(asked) for asked in objective.committing],
        "changed": list(objective.changed),
        "unchanged": list(objective.unchanged),
        "reason": objective.reason,
        "nearest": list(objective.nearest),
        "shown": label_to(objective.shown),
        "influenced": objective.influenced,
        "own": objective.own,
        "answered": objective.answered,
    }


def objective_from(held: Json) -> Objective:
    """Read an objective; a question of version 0.1 had no token, so it is asked anew."""
    due, card, committing = held["due"], held["card"], held["committing"]
    if "granted" not in held:
        card = committing = None
    return Objective(
        id=ObjectiveId(held["id"]),
        text=held["text"],
        folder=held["folder"],
        today=held["today"],
        created=held["created"],
        state=ObjectiveState(held["state"]),
        wait=Wait(held["wait"]) if held["wait"] else None,
        understood=held["understood"],
        plan=plan_from(held["plan"]) if held["plan"] else None,
        due=Due(step_from(due["step"]), Influence(due["influence"])) if due else None,
        reports={StepId(step): report_from(one) for step, one in held["reports"].items()},
        card=card_from(card) if card else None,
        cards=held.get("cards", 0),
        granted=tuple(asked_from(one) for one in held.get("granted", ())),
        finished=held["finished"],
        committing=None if committing is None else tuple(asked_from(one) for one in committing),
        changed=tuple(held["changed"]),
        unchanged=tuple(held["unchanged"]),
        reason=held["reason"],
        nearest=tuple(held["nearest"]),
        shown=label_from(held["shown"]) if "shown" in held else UNKNOWN,
        influenced=held.get("influenced", True),  # kept before this was known: assume it
        own=held.get("own", False),
        answered=held["answered"],
    )

"""Random policies and requests, and what both engines make of them; for `cedar` and the tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias, TypeVar

import cedarpy
from doorward.policies import patterns
from doorward.policies.cedar import contexts, exported
from doorward.policies.floors import for_device
from doorward.policies.judging import judge
from doorward.policies.labels import Label
from doorward.policies.limits import Day, Hours, Limit, Window
from doorward.policies.patterns import Patterns
from doorward.policies.requests import Leaf, Request
from doorward.policies.rules import Policy, Rule
from doorward.policies.vocabulary import (
    Decision,
    Destination,
    Effect,
    Influence,
    ObjectiveId,
    Origin,
    Release,
    Role,
    StepId,
    Trust,
)

T = TypeVar("T")
Outcome: TypeAlias = tuple[Decision, Release]

ORDER = ("public", "work", "personal", "secret")
TAGS = [*ORDER, "client", "unknown", "local_only"]
FILES = [
    "/h/a",
    "/h/b/c",
    "/h/B/C.PEM",
    "/h/.ssh/id",
    "/h/caf\u00e9",
    "/h/cafe\u0301",
    "/srv/x.pem",
    "/",
]
SOURCES = ["user", "tool:web.get:x", *(f"file:{path}" for path in FILES)]
GLOBS = [
    "~/**",
    "~/b/**",
    "**/.ssh/**",
    "**/caf\u00e9",
    "~/a",
    "**/*.pem",
    "~/*",
    "**/b/*",
    "/**",
    "/",
    "~/{a,b/c}",
]
TOOLS = ["files.*", "mail.read", "*", "m?il.*", "{files,web}.*"]
TO = ["model:*", "orchestrator:home", "*", "person:*@x.example"]


def drawing(seed: int) -> random.Random:
    """Return a source of draws that repeats itself."""
    return random.Random(seed)


def maybe(draw: random.Random, values: Sequence[T], chance: float = 0.25) -> T | None:
    return draw.choice(values) if draw.random() < chance else None


def rule(draw: random.Random, name: str) -> Rule:
    def some(build: Callable[[list[str]], Patterns], texts: list[str]) -> Patterns | None:
        return build(draw.sample(texts, draw.randint(1, 2))) if draw.random() < 0.3 else None

    return Rule(
        id=name,
        decision=draw.choice([*Decision]),
        effects=frozenset(draw.sample([*Effect], draw.randint(1, 6))),
        tools=some(patterns.names, TOOLS),
        paths=some(lambda texts: patterns.paths(texts, "/h"), GLOBS),
        to=some(patterns.names, TO),
        named=maybe(draw, [True, False]),
        hours=maybe(draw, [Hours(480, 1200), Hours(1380, 390)]),
        days=frozenset(draw.sample([*Day], draw.choice([0, 0, 0, 1, 3]))),
        limit=maybe(draw, [Limit(2, Window.DAY)]),
        words=draw.random() < 0.1,
        tags=frozenset(draw.sample(TAGS, draw.choice([0, 0, 0, 1, 4]))),
        at_most=maybe(draw, [*ORDER]),
        at_least=maybe(draw, [*ORDER]),
        trust=maybe(draw, [*Trust]),
        influence=maybe(draw, [*Influence]),
        asked=maybe(draw, [True, False]),
        planned=maybe(draw, [True, False]),
        arguments=maybe(draw, [*Origin], 0.15),
        origins={r: draw.choice([*Origin]) for r in Role if draw.random() < 0.05},
        release=maybe(draw, [*Release]),
        locked=draw.random() < 0.2,
        keep=frozenset(draw.sample(["local_only", "undo"], draw.choice([0, 0, 1]))),
    )


def policy(draw: random.Random) -> Policy:
    defaults = {effect: draw.choice([*Decision]) for effect in Effect if draw.random() < 0.6}
    rules = tuple(rule(draw, f"r{number}") for number in range(draw.randint(0, 8)))
    floors = draw.choice([(), for_device("/h")])
    return Policy(home="/h", order=ORDER, defaults=defaults, rules=rules, floors=floors)


def label(draw: random.Random) -> Label:
    tags = draw.sample(TAGS, draw.choice([0, 0, 1, 2]))
    sources = draw.sample(SOURCES, draw.choice([0, 1, 1, 2]))
    return Label(frozenset(tags), draw.choice([*Trust]), frozenset(sources))


def request(draw: random.Random) -> Request:
    leaves = (
        Leaf(
            "x",
            draw.choice([*Role]),
            "x",
            draw.choice([*Origin]),
            draw.choice([Label(), label(draw)]),
        )
        for _ in range(draw.choice([0, 0, 1, 2]))
    )
    return Request(
        objective=ObjectiveId("o"),
        step=StepId("s"),
        tool=draw.choice(["files.read", "FILES.read", "mail.read", "web.get", ""]),
        effect=draw.choice([*Effect, Effect.EGRESS, Effect.READ]),
        resource=draw.choice([*FILES, "INBOX", ""]),
        destination=Destination.parse(
            draw.choice(["model:x", "orchestrator:home", "person:A@x.example", "device"])
        ),
        release=draw.choice([*Release]),
        label=label(draw),
        influence=draw.choice([*Influence]),
        named=draw.random() < 0.5,
        leaves=tuple(leaves),
        asked=draw.random() < 0.5,
        planned=draw.random() < 0.5,
        used=tuple(
            (f"r{draw.randint(0, 8)}", draw.randint(0, 3)) for _ in range(draw.randint(0, 3))
        ),
        time=draw.choice(["00:00", "12:00", "23:59", "soon"]),
        day=draw.choice(["mon", "sun", "", "someday"]),
    )


def by_cedar(requests: list[Request], held: Policy) -> list[Outcome]:
    """Return what Cedar makes of requests under a policy."""
    text = exported(held)
    asked = [
        {
            "principal": 'User::"x"',
            "action": f'Action::"{one.effect}"',
            "resource": 'Thing::"x"',
            "context": context,
        }
        for one in requests
        for _, context in contexts(one, held)
    ]
    answers = [
        iter(cedarpy.is_authorized_batch(asked, cedarpy.PolicySet.from_str(each), []))
        for each in (text.allowed, text.possible)
    ]
    return [_combined(one, held, answers) for one in requests]


def _combined(one: Request, held: Policy, answers: list[Iterator[cedarpy.AuthzResult]]) -> Outcome:
    found = []
    for form, _ in contexts(one, held):
        allowed, possible = (next(each) for each in answers)
        for answer in (allowed, possible):
            if answer.diagnostics.errors:
                raise RuntimeError(answer.diagnostics.errors)
        decision = (
            Decision.ALLOW
            if allowed.allowed
            else Decision.ASK
            if possible.allowed
            else Decision.DENY
        )
        found.append((decision, form if one.effect is Effect.EGRESS else Release.NOTHING))
    for decision in (Decision.ALLOW, Decision.ASK):
        for each in found:
            if each[0] is decision:
                return each
    return Decision.DENY, Release.NOTHING


def differences(
    seed: int, policies: int, each: int
) -> tuple[int, list[tuple[Policy, Request, Outcome, Outcome]]]:
    """Judge random requests under random policies by both engines.

    Returns:
        How many requests there were, and those on which the engines differ.
    """
    draw = drawing(seed)
    found = []
    for _ in range(policies):
        held = policy(draw)
        requests = [request(draw) for _ in range(each)]
        for one, theirs in zip(requests, by_cedar(requests, held), strict=True):
            ours = judge(one, held)
            if (ours.decision, ours.release) != theirs:
                found.append((held, one, (ours.decision, ours.release), theirs))
    return policies * each, found

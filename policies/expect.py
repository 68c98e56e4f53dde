"""Expect: the examples that a policy file carries, and whether they hold.

It judges, it cannot mint, and it runs nothing. `document` reads the examples and refuses a file
in which one fails; the editor shows what each gave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from doorward.policies.judging import judge
from doorward.policies.labels import USER, Label
from doorward.policies.requests import Leaf, Request, Verdict
from doorward.policies.rules import Policy, label_of
from doorward.policies.vocabulary import (
    DEVICE,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """What an example says would happen."""

    effect: Effect
    tool: str = ""
    path: str = ""
    """Absolute. What is touched; for `EGRESS`, the file that the value came from."""
    to: Destination = DEVICE
    named: bool = False
    words: bool = False
    """The value is what the user typed."""
    asked: bool = False
    planned: bool = True
    origins: Mapping[Role, Origin] = field(default_factory=dict)
    """One argument of each of these roles, and where it comes from."""
    used: int = 0
    """How often every rule with a limit has granted already."""
    tags: frozenset[str] = frozenset()
    """Known of the value besides what its place says."""
    trust: Trust | None = None
    """Instead of what its place says."""
    influence: Influence = Influence.USER
    release: Release = Release.FULL
    time: str = "12:00"
    day: str = "mon"

    def request(self, policy: Policy) -> Request:
        """Return the request that the door would make of it."""
        label = USER if self.words else label_of(self.path, policy, tool=self.tool)
        if self.tags and not self.path:
            label = Label(sources=label.sources)
        label = Label(label.tags | self.tags, self.trust or label.trust, label.sources)
        egress = self.effect is Effect.EGRESS
        return Request(
            objective=ObjectiveId("example"),
            step=StepId("s1"),
            tool=self.tool,
            effect=self.effect,
            resource="" if egress else self.path,
            destination=self.to,
            release=self.release if egress else Release.NOTHING,
            label=label,
            influence=self.influence,
            named=self.named,
            leaves=tuple(Leaf(role, role, "", origin) for role, origin in self.origins.items()),
            asked=self.asked,
            planned=self.planned,
            used=tuple((rule.id, self.used) for rule in policy.rules if rule.limit is not None),
            time=self.time,
            day=self.day,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One `[[expect]]`: a call and what must come of it; what is None is not compared."""

    call: Call
    want: Decision
    by: str | None = None
    """The rule that must decide."""
    release: Release | None = None
    keep: frozenset[str] | None = None
    index: int = 0
    """Which example of the file it is, from 0."""


@dataclass(frozen=True, slots=True)
class Failure:
    """An example that does not hold."""

    example: Example
    verdict: Verdict
    what: str
    """A sentence: what was wanted and what came."""


def run(examples: Iterable[Example], policy: Policy) -> list[Failure]:
    """Return the examples that do not hold under a policy, in their order."""
    judged = ((each, judge(each.call.request(policy), policy)) for each in examples)
    return [
        Failure(example, verdict, what)
        for example, verdict in judged
        if (what := _difference(example, verdict))
    ]


def _difference(example: Example, verdict: Verdict) -> str:
    """Return what differs from what was wanted; empty when nothing does."""
    compared = {
        "verdict": (example.want.value, verdict.decision.value),
        "by": (example.by, verdict.rule),
        "release": (example.release, verdict.release),
        "keep": (
            None if example.keep is None else ", ".join(sorted(example.keep)),
            ", ".join(sorted(verdict.obligations)) or "nothing",
        ),
    }
    wrong = [(key, *pair) for key, pair in compared.items() if pair[0] not in {None, pair[1]}]
    if not wrong:
        return ""
    key, wanted, came = wrong[0]
    line = f", line {verdict.line}" if verdict.line else ""
    return f'wanted {key} "{wanted}", came "{came}" (decided by {verdict.rule}{line})'

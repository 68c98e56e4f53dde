"""Explain: which rules had a say in a verdict, which nearly had, and what these lacked.

It decides nothing: the verdict is that of `judging`, and each condition is put to `conditions`
alone, so that an explanation cannot differ from the judgement. `doorward policy explain` shows it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from doorward.policies.conditions import Case, bars, grants, holds_back, reaches, used_up
from doorward.policies.judging import judge
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import FORMS, Policy, Rule
from doorward.policies.vocabulary import Decision, Effect, Release

NEAR = 2
"""A rule that lacks no more than so many conditions has nearly applied."""


@dataclass(frozen=True, slots=True)
class Near:
    """A rule that did not apply."""

    rule: Rule
    lacks: tuple[str, ...]
    """The keys whose conditions do not hold; `limit` for one that is used up."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A verdict, and how the rules stood to it."""

    verdict: Verdict
    applied: tuple[Rule, ...]
    near: tuple[Near, ...]

    def sentences(self) -> list[str]:
        """Return it line by line, for a terminal."""
        verdict = self.verdict
        line = f"line {verdict.line}" if verdict.line else "built in"
        said = [
            f"{verdict.decision.upper()} by {verdict.rule} ({line})",
            verdict.reason,
            f"To change it: {verdict.change}",
        ]
        said += [f"applied: {_named(rule)}" for rule in self.applied]
        said += [f"not applied: {_named(n.rule)}; it lacks {', '.join(n.lacks)}" for n in self.near]
        return said


def explain(request: Request, policy: Policy | None) -> Explanation:
    """Explain what a policy makes of a request.

    Args:
        request: What would happen.
        policy: The snapshot; None is a closed door.
    """
    verdict, case = judge(request, policy), Case.of(request, policy)
    applied: list[Rule] = []
    near: list[Near] = []
    for rule in policy.rules if policy else ():
        if request.effect not in rule.effects:
            continue
        lacks = _lacks(rule, case, verdict)
        if not lacks:
            applied.append(rule)
        elif len(lacks) <= NEAR:
            near.append(Near(rule, lacks))
    return Explanation(verdict, tuple(applied), tuple(near))


def _lacks(rule: Rule, case: Case, verdict: Verdict) -> tuple[str, ...]:
    """Return what keeps a rule from applying: as a grant, or as a hold-back, whichever is less."""
    sides: list[list[str]] = []
    if rule.decision is not Decision.DENY:
        sides.append([key for key, one in _alone(rule) if not grants(one, case)])
        if used_up(rule, case):
            sides[-1].append("limit")
        if not reaches(rule, _form(case.request, verdict)):
            sides[-1].append("release")
    if rule.decision is not Decision.ALLOW:
        sides.append([key for key, one in _alone(rule) if not holds_back(one, case)])
        if not bars(rule, case.request.release):
            sides[-1].append("release")
    least: list[str] = min(sides, key=len)
    return tuple(least)


def _form(request: Request, verdict: Verdict) -> Release:
    """Return the form that crosses, or else the least that could have."""
    if verdict.release is not Release.NOTHING:
        return verdict.release
    return max(request.release, Release.SHAPE, key=FORMS.index)


def _alone(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """Yield each condition of a rule as a rule of its own, with its key in the file."""
    bare = Rule(id=rule.id, decision=rule.decision, effects=frozenset(Effect))
    for key, field in _FIELDS.items():
        value = getattr(rule, field)
        if value != getattr(bare, field):
            yield key, replace(bare, **{field: value})
    for role, origin in rule.origins.items():
        yield f"{role}s", replace(bare, origins={role: origin})


_FIELDS = {
    "tool": "tools",
    "path": "paths",
    "to": "to",
    "named": "named",
    "words": "words",
    "asked": "asked",
    "planned": "planned",
    "arguments": "arguments",
    "tags": "tags",
    "at_most": "at_most",
    "at_least": "at_least",
    "trust": "trust",
    "influence": "influence",
    "hours": "hours",
    "days": "days",
}


def _named(rule: Rule) -> str:
    return f'{rule.decision} "{rule.id}"' + (f" (line {rule.line})" if rule.line else "")

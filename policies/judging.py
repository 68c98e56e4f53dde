"""Judging: what a policy makes of a request, and why.

It cannot mint a permit: that is `gate`. The gate, the editor, `expect`, `doorward policy judge` and
`doorward why` call `judge`.

All rules that apply count and their order does not: deny beats ask beats allow beats the default.
Allow, and ask where it opens what is closed by default, must hold for everything that goes in;
deny, and ask where it holds back what is allowed, for anything that goes in. Hence what is mixed
is never freer than its parts. An `EGRESS` is judged form by form, from the one asked for down to
the shape: a rule grants its `release` and less revealing forms, a denial bars its `release` and
more revealing ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from doorward.policies import reasons
from doorward.policies.conditions import (
    Case,
    bars,
    content_stays,
    granting,
    holding,
    reaches,
    used_up,
)
from doorward.policies.floors import LOCAL_ONLY
from doorward.policies.reasons import Cause
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import FORMS, STRICT, Policy, Rule
from doorward.policies.vocabulary import Decision, Effect, Release

_ALLOW: Final = Decision.ALLOW
_ASK: Final = Decision.ASK
_DENY: Final = Decision.DENY
_EGRESS: Final = Effect.EGRESS
_NOTHING: Final = Release.NOTHING
"""Found once: in Python 3.11 to find the member of an enum takes longer than to compare it."""
_NONE: Final[frozenset[str]] = frozenset()


def judge(request: Request, policy: Policy | None) -> Verdict:
    """Say what may happen, and why. Pure and total: every request gets a verdict.

    Args:
        request: What would happen.
        policy: The snapshot in force; None means that each read asks and the rest is denied.
    """
    case = Case.of(request, policy)
    forms: tuple[Release, ...] = (request.release,)
    if request.effect is _EGRESS and request.release is not _NOTHING:
        forms = FORMS[FORMS.index(request.release) : FORMS.index(_NOTHING)]
    sides = _Sides.of(case)
    form, finding = forms[0], _find(case, forms[0], sides)
    if sides.by_form or LOCAL_ONLY in case.label.tags:
        form, finding = _best([(form, finding), *((f, _find(case, f, sides)) for f in forms[1:])])
    crosses = request.effect is _EGRESS and finding.decision is not _DENY
    release = form if crosses else _NOTHING
    home = policy.home if policy else ""
    why = reasons.reason(request, finding.decision, finding.cause, release)
    change = reasons.change(request, finding.decision, finding.cause, home)
    if finding.decision is not _ALLOW and sides.spent:
        spent = min(sides.spent, key=lambda each: each.id)
        why += f' The rule "{spent.id}" is used up: {spent.limit}.'
        change += f' Or wait, or raise the limit of the rule "{spent.id}" (line {spent.line}).'
    return Verdict(
        decision=finding.decision,
        rule=finding.cause.rule,
        line=finding.cause.line,
        reason=why,
        change=change,
        release=release,
        obligations=finding.keep,
        policy=policy.id if policy else "",
        counts=finding.counts,
    )


class _Sides(NamedTuple):
    """The rules whose conditions hold, on either side."""

    granting: Sequence[Rule]
    holding: Sequence[Rule]
    spent: Sequence[Rule]
    """Those that would grant, were their limits not used up."""
    by_form: bool
    """Some of them hold for some forms alone."""

    @classmethod
    def of(cls, case: Case) -> _Sides:
        grant, hold = granting(case), holding(case)
        limited = by_form = False
        for rule in (*grant, *hold):
            limited = limited or rule.limit is not None
            by_form = by_form or rule.release is not None
        spent = [rule for rule in grant if used_up(rule, case)] if limited else []
        if spent:
            grant = [rule for rule in grant if not used_up(rule, case)]
        return cls(grant, hold, spent, by_form)


class _Finding(NamedTuple):
    """What holds for one form of one request."""

    decision: Decision
    cause: Cause
    keep: frozenset[str] = _NONE
    counts: frozenset[str] = _NONE


def _best(findings: list[tuple[Release, _Finding]]) -> tuple[Release, _Finding]:
    """Return the most revealing form that is allowed, else that asks; else what was asked for."""
    for decision in (_ALLOW, _ASK):
        for each in findings:
            if each[1].decision is decision:
                return each
    return findings[0]


def _find(case: Case, form: Release, sides: _Sides) -> _Finding:
    """Judge one form, given the rules whose other conditions hold."""
    if case.floor is not None:
        return _Finding(_DENY, case.floor)
    if content_stays(case, form):
        why = "it was read to be used on this device alone"
        return _Finding(_DENY, Cause("floor.local_only", 0, why, "floor"))
    policy, effect = case.policy, case.request.effect
    if policy is None:
        decision = _ASK if effect is Effect.READ else _DENY
        return _Finding(decision, Cause("closed", kind="closed"))
    granting, holding = sides.granting, sides.holding
    if sides.by_form:
        granting = [rule for rule in granting if reaches(rule, form)]
        holding = [rule for rule in holding if bars(rule, form)]
    default = policy.defaults.get(effect, STRICT[effect])
    decision = _decision(granting, holding, default)
    deciding, keep = [], _NONE
    for rule in (*granting, *holding):
        if rule.decision is decision:
            deciding.append(rule)
        if rule.keep:
            keep |= rule.keep
    if not deciding:
        cause = Cause(f"defaults.{effect}", policy.default_lines.get(effect, 0), kind="default")
    else:
        rule = deciding[0] if len(deciding) == 1 else min(deciding, key=_precedence)
        cause = Cause(rule.id, rule.line, rule.why, "locked" if rule.locked else "rule")
    counts = _NONE
    if decision is _ALLOW:
        counts = frozenset([rule.id for rule in granting if rule.limit is not None])
    return _Finding(decision, cause, keep, counts)


def _decision(granting: Sequence[Rule], holding: Sequence[Rule], default: Decision) -> Decision:
    """Weigh what grants and what holds back: deny beats ask beats allow beats the default."""
    base = _ASK if granting else default
    for rule in granting:
        if rule.decision is _ALLOW:
            base = _ALLOW
    for rule in holding:
        if rule.decision is _DENY:
            return _DENY
        if base is _ALLOW:
            base = _ASK
    return base


def _precedence(rule: Rule) -> tuple[bool, str]:
    return not rule.locked, rule.id

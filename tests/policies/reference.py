"""The judging as one reads it: every rule put to every request, pattern by pattern; no table.

Slow and plain on purpose: `judge` must say the same, word for word.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

from doorward.policies import reasons
from doorward.policies.floors import LOCAL_ONLY, built_in, unclear
from doorward.policies.labels import UNKNOWN, Label, join_all
from doorward.policies.limits import WEEK
from doorward.policies.patterns import Name, Patterns
from doorward.policies.reasons import Cause
from doorward.policies.requests import Request, Verdict
from doorward.policies.rules import FORMS, STRICT, Policy, Rule
from doorward.policies.vocabulary import Decision, Effect, Influence, Release, Role

STRICTER = [Decision.ALLOW, Decision.ASK, Decision.DENY]


def plain(request: Request, policy: Policy) -> Verdict:
    """Judge a request without any preparation."""
    forms = [request.release]
    if request.effect is Effect.EGRESS and request.release is not Release.NOTHING:
        forms = list(FORMS[FORMS.index(request.release) : FORMS.index(Release.NOTHING)])
    found = [(form, *one_form(request, policy, form)) for form in forms]
    chosen = min(found, key=lambda each: STRICTER.index(each[1]))
    if chosen[1] is Decision.DENY:
        chosen = found[0]
    form, decision, cause, keep, counts = chosen
    release = Release.NOTHING
    if request.effect is Effect.EGRESS and decision is not Decision.DENY:
        release = form
    why = reasons.reason(request, decision, cause, release)
    change = reasons.change(request, decision, cause, policy.home)
    spent = [r for r in policy.rules if grants(r, request, policy) and used_up(r, request)]
    if decision is not Decision.ALLOW and spent:
        rule = min(spent, key=lambda each: each.id)
        why += f' The rule "{rule.id}" is used up: {rule.limit}.'
        change += f' Or wait, or raise the limit of the rule "{rule.id}" (line {rule.line}).'
    return Verdict(decision, cause.rule, cause.line, why, change, release, keep, policy.id, counts)


Found = tuple[Decision, Cause, frozenset[str], frozenset[str]]


def one_form(request: Request, policy: Policy, form: Release) -> Found:
    nothing: frozenset[str] = frozenset()
    floor = floor_of(request, policy)
    if floor is not None:
        return Decision.DENY, floor, nothing, nothing
    leaves = request.effect is Effect.EGRESS and form in {Release.FULL, Release.REDACTED}
    if leaves and LOCAL_ONLY in label_of_all(request).tags:
        why = "it was read to be used on this device alone"
        return Decision.DENY, Cause("floor.local_only", 0, why, "floor"), nothing, nothing
    granting = [
        rule
        for rule in policy.rules
        if grants(rule, request, policy)
        and not used_up(rule, request)
        and FORMS.index(form) >= FORMS.index(rule.release or Release.FULL)
    ]
    holding = [
        rule
        for rule in policy.rules
        if holds(rule, request, policy)
        and (
            rule.decision is Decision.ASK
            or rule.release is None
            or FORMS.index(form) <= FORMS.index(rule.release)
        )
    ]
    default = policy.defaults.get(request.effect, STRICT[request.effect])
    base = min((rule.decision for rule in granting), key=STRICTER.index, default=default)
    decision = max([base, *(rule.decision for rule in holding)], key=STRICTER.index)
    deciding = [rule for rule in (*granting, *holding) if rule.decision is decision]
    line = policy.default_lines.get(request.effect, 0)
    cause = Cause(f"defaults.{request.effect}", line, kind="default")
    if deciding:
        rule = min(deciding, key=lambda each: (not each.locked, each.id))
        cause = Cause(rule.id, rule.line, rule.why, "locked" if rule.locked else "rule")
    keep = frozenset(chain.from_iterable(rule.keep for rule in (*granting, *holding)))
    counts = frozenset(rule.id for rule in granting if rule.limit is not None)
    return decision, cause, keep, counts if decision is Decision.ALLOW else nothing


def label_of_all(request: Request) -> Label:
    known = request.label if request.label.sources else request.label.join(UNKNOWN)
    return join_all([known, *(leaf.label for leaf in request.leaves)])


def went_in(request: Request) -> set[str]:
    """Return paths and sources: the resource, or what made up a value that leaves."""
    if request.effect is not Effect.EGRESS:
        return {request.resource} - {""}
    sources = {s.removeprefix("file:") for s in label_of_all(request).sources - {"user"}}
    return sources | ({request.resource} if request.resource.startswith("/") else set())


def paths_in(request: Request) -> list[str]:
    return [each for each in went_in(request) if each.startswith("/")]


def floor_of(request: Request, policy: Policy) -> Cause | None:
    paths = paths_in(request)
    if any(unclear(path) for path in paths):
        return Cause("floor.unclear", 0, "the path is not resolved or cannot be shown", "floor")
    for floor in (*built_in(), *policy.floors):
        names = [Name.of_path(path) for path in paths]
        if request.effect in floor.effects and any(map(floor.paths.resemble, names)):
            return Cause(floor.id, 0, floor.why, "floor")
    return None


def origins(request: Request, role: Role | None) -> list[int]:
    """Return the ranks of the leaves of a role; of all that are no option for None."""
    return [
        leaf.origin.rank
        for leaf in request.leaves
        if leaf.role is role or (role is None and leaf.role is not Role.OPTION)
    ]


def names_hold(
    rule: Rule, request: Request, ask: Callable[[Patterns, Name], bool], paths: bool
) -> bool:
    tools = rule.tools is None or ask(rule.tools, Name.of(request.tool))
    to = rule.to is None or ask(rule.to, Name.of(str(request.destination)))
    return tools and to and (rule.paths is None or paths)


def moment(rule: Rule, request: Request) -> list[bool | None]:
    found: list[bool | None] = []
    if rule.hours is not None:
        found.append(rule.hours.hold(request.time))
    if rule.days:
        found.append(request.day in rule.days if request.day in WEEK else None)
    return found


def grants(rule: Rule, request: Request, policy: Policy) -> bool:
    label, paths = label_of_all(request), paths_in(request)
    tags = label.tags - {LOCAL_ONLY}
    only = bool(paths) and len(paths) == len(went_in(request))
    every = only and all(
        rule.paths is not None and rule.paths.match(Name.of_path(path)) for path in paths
    )
    conditions = [
        rule.decision is not Decision.DENY,
        request.effect in rule.effects,
        names_hold(rule, request, Patterns.match, every),
        rule.named in {None, request.named},
        not rule.words or (label.sources == {"user"} and not label.tags),
        not rule.tags or tags <= rule.tags,
        rule.at_most is None or policy.level(tags) <= policy.level([rule.at_most]),
        rule.trust is None or label.trust.rank <= rule.trust.rank,
        rule.influence is not Influence.USER or request.influence is Influence.USER,
        rule.asked is not True or request.asked,
        rule.planned is not True or request.planned,
        rule.arguments is None or max([*origins(request, None), 0]) <= rule.arguments.rank,
        *(max([*origins(request, r), 0]) <= o.rank for r, o in rule.origins.items()),
        all(answer is True for answer in moment(rule, request)),
    ]
    return all(conditions)


def holds(rule: Rule, request: Request, policy: Policy) -> bool:
    label = label_of_all(request)
    tags = label.tags - {LOCAL_ONLY}
    some = rule.paths is not None and any(
        rule.paths.resemble(Name.of_path(path)) for path in paths_in(request)
    )
    conditions = [
        rule.decision is not Decision.ALLOW,
        request.effect in rule.effects,
        names_hold(rule, request, Patterns.resemble, some),
        rule.named in {None, request.named},
        not rule.tags or bool(tags & rule.tags),
        rule.at_least is None or policy.level(tags) >= policy.level([rule.at_least]),
        rule.trust is None or label.trust.rank >= rule.trust.rank,
        rule.influence is not Influence.CONTENT or request.influence is Influence.CONTENT,
        rule.asked is not False or not request.asked,
        rule.planned is not False or not request.planned,
        rule.arguments is None or max([*origins(request, None), -1]) >= rule.arguments.rank,
        *(max([*origins(request, r), -1]) >= o.rank for r, o in rule.origins.items()),
        all(answer is not False for answer in moment(rule, request)),
    ]
    return all(conditions)


def used_up(rule: Rule, request: Request) -> bool:
    counts = [count for name, count in request.used if name == rule.id]
    return rule.limit is not None and max(counts, default=0) >= rule.limit.count

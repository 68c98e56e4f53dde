"""Conditions: whether one rule holds for one request.

It does not weigh rules against each other (that is `judging`) and reads none (that is `document`).
What grants must hold for everything that goes in, what holds back for anything that goes in. Hence
each condition has two readings, and whatever is mixed in can only lose grants and gain hold-backs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

from doorward.policies.floors import LOCAL_ONLY, Floor, unclear
from doorward.policies.labels import NEUTRAL, UNKNOWN, Label, join_all
from doorward.policies.limits import WEEK
from doorward.policies.patterns import Name
from doorward.policies.reasons import Cause
from doorward.policies.requests import Leaf, Request
from doorward.policies.rules import FORMS, Policy, Rule
from doorward.policies.table import Table, table_of
from doorward.policies.vocabulary import Decision, Effect, Influence, Origin, Release, Role

_NONE_USED: Final[Mapping[str, int]] = {}
_EGRESS: Final = Effect.EGRESS
_USER: Final = Influence.USER
_CONTENT: Final = Influence.CONTENT
_ALLOW: Final = Decision.ALLOW
_DENY: Final = Decision.DENY
"""Found once: in Python 3.11 to find the member of an enum takes longer than to compare it."""


class Case(NamedTuple):
    """A request with its names prepared, once for many rules."""

    request: Request
    policy: Policy | None
    label: Label
    """Of the request and of every leaf of it; a request's label that does not say where the value
    came from is joined with `UNKNOWN`."""
    paths: tuple[Name, ...]
    only_paths: bool
    """Nothing went in but these paths (and the user's words)."""
    floor: Cause | None
    """The floor that bars it in every form."""
    tool: Name
    to: Name
    level: int
    tags: frozenset[str]
    """Those of the label that say how private it is."""
    worst: Mapping[Role, int]
    """For each role that has leaves: the rank of the leaf that is farthest from the user."""
    used: Mapping[str, int]
    near: int
    """Which floors and hold-backs its paths come near, as `table` counts them."""
    table: Table

    @classmethod
    def of(cls, request: Request, policy: Policy | None) -> Case:
        """Prepare a request."""
        label = _label(request)
        touched = _touched(request, label)
        found = [each for each in touched if each.startswith("/")]
        tags = label.tags - {LOCAL_ONLY} if LOCAL_ONLY in label.tags else label.tags
        names = tuple(map(Name.of_path, found))
        table = table_of(policy)
        near = table.near(request.effect, names)
        return cls(
            request=request,
            policy=policy,
            label=label,
            paths=names,
            only_paths=0 < len(found) == len(touched),
            floor=_floor(found, table.floor(near)),
            tool=Name.of(request.tool),
            to=Name.of(str(request.destination)),
            level=policy.level(tags) if policy else 0,
            tags=tags,
            worst=_by_role(request.leaves),
            used=_used(request.used) if request.used else _NONE_USED,
            near=near,
            table=table,
        )


def _used(counts: Iterable[tuple[str, int]]) -> Mapping[str, int]:
    return dict(sorted(counts))  # of two counts of one rule, the greater


def _label(request: Request) -> Label:
    label = request.label if request.label.sources else request.label.join(UNKNOWN)
    others = [leaf.label for leaf in request.leaves if leaf.label is not NEUTRAL]
    return join_all([label, *others]) if others else label


def _touched(request: Request, label: Label) -> set[str]:
    """Return what goes in: what is touched, and the sources of what leaves."""
    touched = {request.resource} if request.resource else set()
    if request.effect is _EGRESS:
        touched = {each for each in touched if each.startswith("/")}
        touched |= {s.removeprefix("file:") for s in label.sources if s != "user"}
    return touched


def _by_role(leaves: Iterable[Leaf]) -> dict[Role, int]:
    found: dict[Role, int] = {}
    for leaf in leaves:
        found[leaf.role] = max(leaf.origin.rank, found.get(leaf.role, 0))
    return found


def _floor(paths: Iterable[str], floor: Floor | None) -> Cause | None:
    """Return what bars these paths in every form: that they are not clear, or a floor."""
    if any(map(unclear, paths)):
        return Cause("floor.unclear", 0, "the path is not resolved or cannot be shown", "floor")
    return None if floor is None else Cause(floor.id, 0, floor.why, "floor")


def content_stays(case: Case, form: Release) -> bool:
    """Tell whether this form would show what was read for this device alone."""
    return (
        LOCAL_ONLY in case.label.tags
        and case.request.effect is _EGRESS
        and form in {Release.FULL, Release.REDACTED}
    )


def grants(rule: Rule, case: Case) -> bool:
    """Tell whether an allow or ask rule holds for everything that goes in; limits aside."""
    return (
        rule.decision is not _DENY
        and case.request.effect in rule.effects
        and (rule.tools is None or rule.tools.match(case.tool))
        and (rule.to is None or rule.to.match(case.to))
        and (rule.paths is None or (case.only_paths and all(map(rule.paths.match, case.paths))))
        and _grants_besides(rule, case)
    )


def granting(case: Case) -> list[Rule]:
    """Return every rule that `grants`, without putting each to it."""
    effect = case.request.effect
    near = case.table.grants(effect, case.tool, case.to, case.paths, only=case.only_paths)
    return [rule for rule in near if _grants_besides(rule, case)]


def _grants_besides(rule: Rule, case: Case) -> bool:
    """Test what a grant asks besides the effect and the names."""
    request, label = case.request, case.label
    return (
        (rule.named is None or rule.named == request.named)
        and (not rule.words or (label.sources == {"user"} and not label.tags))
        and (not rule.tags or case.tags <= rule.tags)
        and (rule.at_most is None or case.level <= _level(case, rule.at_most))
        and (rule.trust is None or label.trust.rank <= rule.trust.rank)
        and (rule.influence is not _USER or request.influence is _USER)
        and (rule.asked is not True or request.asked)
        and (rule.planned is not True or request.planned)
        and (rule.arguments is None or _worst(case) <= rule.arguments.rank)
        and (not rule.origins or _as_good(rule.origins, case.worst))
        and _now(rule, request) is True
    )


def holds_back(rule: Rule, case: Case) -> bool:
    """Tell whether a deny or ask rule holds for anything that goes in."""
    return (
        rule.decision is not _ALLOW
        and case.request.effect in rule.effects
        and (rule.tools is None or rule.tools.resemble(case.tool))
        and (rule.to is None or rule.to.resemble(case.to))
        and (rule.paths is None or any(map(rule.paths.resemble, case.paths)))
        and _holds_besides(rule, case)
    )


def holding(case: Case) -> list[Rule]:
    """Return every rule that `holds_back`, without putting each to it."""
    near = case.table.holds(case.request.effect, case.tool, case.to, case.near)
    return [rule for rule in near if _holds_besides(rule, case)]


def _holds_besides(rule: Rule, case: Case) -> bool:
    """Test what a hold-back asks besides the effect and the names."""
    request, label = case.request, case.label
    return (
        (rule.named is None or rule.named == request.named)
        and (not rule.tags or not case.tags.isdisjoint(rule.tags))
        and (rule.at_least is None or case.level >= _level(case, rule.at_least))
        and (rule.trust is None or label.trust.rank >= rule.trust.rank)
        and (rule.influence is not _CONTENT or request.influence is _CONTENT)
        and (rule.asked is not False or not request.asked)
        and (rule.planned is not False or not request.planned)
        and (rule.arguments is None or _worst(case, -1) >= rule.arguments.rank)
        and (not rule.origins or _as_bad(rule.origins, case.worst))
        and _now(rule, request) is not False
    )


def used_up(rule: Rule, case: Case) -> bool:
    """Tell whether a rule has granted as often as it may."""
    return rule.limit is not None and case.used.get(rule.id, 0) >= rule.limit.count


def reaches(rule: Rule, form: Release) -> bool:
    """Tell whether a grant covers this form: its own and less revealing ones."""
    return FORMS.index(form) >= FORMS.index(rule.release or Release.FULL)


def bars(rule: Rule, form: Release) -> bool:
    """Tell whether this form is held back: by a denial its own and more revealing ones."""
    if rule.decision is Decision.ASK or rule.release is None:
        return True
    return FORMS.index(form) <= FORMS.index(rule.release)


def _as_good(least: Mapping[Role, Origin], worst: Mapping[Role, int]) -> bool:
    return all(worst.get(role, 0) <= origin.rank for role, origin in least.items())


def _as_bad(most: Mapping[Role, Origin], worst: Mapping[Role, int]) -> bool:
    return all(worst.get(role, -1) >= origin.rank for role, origin in most.items())


def _now(rule: Rule, request: Request) -> bool | None:
    """Tell whether it is the hour and the day; None when it is not known."""
    if rule.hours is None and not rule.days:
        return True
    answers = []
    if rule.hours is not None:
        answers.append(rule.hours.hold(request.time))
    if rule.days:
        answers.append(request.day in rule.days if request.day in WEEK else None)
    return False if False in answers else None if None in answers else True


def _worst(case: Case, none: int = 0) -> int:
    """Return the rank of the worst leaf that is no option; `none` when there is none."""
    return max((rank for role, rank in case.worst.items() if role is not Role.OPTION), default=none)


def _level(case: Case, tag: str) -> int:
    return case.policy.level([tag]) if case.policy else 0

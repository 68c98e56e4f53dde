"""Rules: what a policy is once it is read, and how it judges a request.

It cannot mint a permit (that is `gate`) and does not read files (that is `document`). The gate,
the editor, `expect` and `doorward why` call `judge`; the door calls `label_of` when it reads.

All rules that apply count and their order does not: deny beats ask beats allow beats the default.
Allow, and ask where it opens what is closed by default, must hold for everything that goes in;
deny, and ask where it holds back what is allowed, for anything that goes in. Hence what is mixed
is never freer than its parts. An `EGRESS` is judged form by form, from the one asked for down to
the shape: a rule grants its `release` and less revealing forms, a denial bars its `release` and
more revealing ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from doorward.policies import reasons
from doorward.policies.floors import LOCAL_ONLY, Floor, built_in, unclear
from doorward.policies.labels import UNKNOWN, Label, join_all
from doorward.policies.patterns import Name, Patterns
from doorward.policies.reasons import Cause
from doorward.policies.requests import Request, Verdict
from doorward.policies.vocabulary import Decision, Effect, Influence, Release, Trust

STRICT = MappingProxyType(
    {
        Effect.READ: Decision.ASK,
        Effect.WRITE: Decision.ASK,
        Effect.DESTROY: Decision.ASK,
        Effect.EGRESS: Decision.DENY,
        Effect.SPEND: Decision.DENY,
        Effect.RUN: Decision.DENY,
    }
)
"""What holds where a policy file says nothing."""

FORMS = tuple(Release)
"""Every release form, most revealing first."""

_STRICTNESS = (Decision.ALLOW, Decision.ASK, Decision.DENY)


@dataclass(frozen=True, slots=True)
class Hours:
    """A part of the day, in minutes after midnight; it may pass midnight. The end is not in it."""

    start: int
    end: int

    def hold(self, time: str) -> bool | None:
        """Tell whether `HH:MM` lies in it; None when that is no time of day."""
        minutes = minutes_of(time)
        if minutes is None:
            return None
        if self.start <= self.end:
            return self.start <= minutes < self.end
        return minutes >= self.start or minutes < self.end


def minutes_of(time: str) -> int | None:
    """Return the minutes after midnight of `HH:MM`, or None when that is no time of day."""
    hour, _, minute = time.partition(":")
    if len(time) != 5 or not (time.isascii() and hour.isdigit() and minute.isdigit()):
        return None
    return int(hour) * 60 + int(minute) if int(hour) < 24 and int(minute) < 60 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; a condition that is None (or empty) holds for everything."""

    id: str
    decision: Decision
    line: int = 0
    why: str = ""
    locked: bool = False
    """Only editing the file lifts it: no approval, grant or server can."""
    effects: frozenset[Effect] = frozenset(Effect)
    tools: Patterns | None = None
    paths: Patterns | None = None
    """What is touched; for `EGRESS`, the files that the value came from."""
    to: Patterns | None = None
    named: bool | None = None
    hours: Hours | None = None
    words: bool = False
    """Nothing went in but the words that the user typed."""
    tags: frozenset[str] = frozenset()
    at_most: str | None = None
    """A tag of the order: nothing that went in is more private. Limits what is granted."""
    at_least: str | None = None
    """A tag of the order: something that went in is that private. Limits what is held back."""
    trust: Trust | None = None
    influence: Influence | None = None
    release: Release | None = None
    keep: frozenset[str] = frozenset()
    """Obligations of whoever acts on the verdict."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where data lives, and what is therefore known of it."""

    paths: Patterns
    tags: frozenset[str]
    trust: Trust


@dataclass(frozen=True, slots=True)
class Source:
    """Tools that fetch data, and what is therefore known of it."""

    tools: Patterns
    tags: frozenset[str]
    trust: Trust


@dataclass(frozen=True, slots=True)
class Policy:
    """One frozen snapshot of a policy file."""

    version: int = 1
    id: str = ""
    """Short digest of the text; approvals hold under one snapshot alone."""
    timezone: str = ""
    """IANA name; empty for that of the device."""
    home: str = "/"
    """What `~` stands for."""
    defaults: Mapping[Effect, Decision] = field(default_factory=lambda: STRICT)
    default_lines: Mapping[Effect, int] = field(default_factory=dict)
    tags: frozenset[str] = UNKNOWN.tags
    """Of data that no place or source describes."""
    trust: Trust = UNKNOWN.trust
    order: tuple[str, ...] = ()
    """Tags from least to most private; any other tag is more private than all of these."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    sources: tuple[Source, ...] = ()
    rules: tuple[Rule, ...] = ()
    floors: tuple[Floor, ...] = ()
    """What no rule lifts on this device; the built-in floors always hold besides."""

    def level(self, tags: Iterable[str]) -> int:
        """Return how private the most private of these tags is; -1 for none."""
        rank = {tag: index for index, tag in enumerate(self.order)}
        return max((rank.get(tag, len(self.order)) for tag in tags), default=-1)


def label_of(resource: str, policy: Policy | None, *, tool: str = "") -> Label:
    """Return what is known of data, from where it lies or which tool fetches it.

    Args:
        resource: The resolved path, address or name that is read.
        policy: The snapshot in force.
        tool: The tool that reads it.

    Returns:
        The join of all that places and sources say; the defaults where they say nothing;
        `UNKNOWN` tags without a policy.
    """
    is_path = resource.startswith("/")
    origin = frozenset({f"file:{resource}" if is_path else f"tool:{tool}:{resource}"})
    if policy is None:
        return Label(UNKNOWN.tags, UNKNOWN.trust, origin)
    name, called = Name.of_path(resource), Name.of(tool)
    default = Label(policy.tags, policy.trust)
    near = [place for place in policy.places if is_path and place.paths.resemble(name)]
    found = [Label(place.tags, place.trust) for place in near]
    found += [Label(s.tags, s.trust) for s in policy.sources if s.tools.resemble(called)]
    # Only an exact match may stand in for the default; a similar one can but add to it.
    exact = any(place.paths.match(name) for place in near)
    if not exact and not any(source.tools.match(called) for source in policy.sources):
        found.append(default)
    return join_all([Label(sources=origin), *found])


def judge(request: Request, policy: Policy | None) -> Verdict:
    """Say what may happen, and why. Pure and total: every request gets a verdict.

    Args:
        request: What would happen.
        policy: The snapshot in force; None means that each read asks and the rest is denied.
    """
    case = _Case.of(request, policy)
    forms: tuple[Release, ...] = (request.release,)
    if request.effect is Effect.EGRESS and request.release is not Release.NOTHING:
        forms = FORMS[FORMS.index(request.release) : FORMS.index(Release.NOTHING)]
    rules = policy.rules if policy else ()
    granting = [rule for rule in rules if _grants(rule, case)]
    holding = [rule for rule in rules if _holds_back(rule, case)]
    findings = [(form, _find(case, form, granting, holding)) for form in forms]
    form, finding = findings[0]
    for decision in (Decision.ASK, Decision.ALLOW):
        form, finding = next(
            ((f, each) for f, each in findings if each.decision is decision), (form, finding)
        )
    crosses = request.effect is Effect.EGRESS and finding.decision is not Decision.DENY
    release = form if crosses else Release.NOTHING
    home = policy.home if policy else ""
    return Verdict(
        decision=finding.decision,
        rule=finding.cause.rule,
        line=finding.cause.line,
        reason=reasons.reason(request, finding.decision, finding.cause, release),
        change=reasons.change(request, finding.decision, finding.cause, home),
        release=release,
        obligations=finding.keep,
        policy=policy.id if policy else "",
    )


@dataclass(frozen=True, slots=True)
class _Finding:
    """What holds for one form of one request."""

    decision: Decision
    cause: Cause
    keep: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Case:
    """A request with its names prepared."""

    request: Request
    policy: Policy | None
    label: Label
    """Of the request; a label that does not say where the value came from is joined with
    `UNKNOWN`."""
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

    @classmethod
    def of(cls, request: Request, policy: Policy | None) -> _Case:
        label = request.label if request.label.sources else request.label.join(UNKNOWN)
        touched = {request.resource} - {""}
        if request.effect is Effect.EGRESS:
            touched = {each for each in touched if each.startswith("/")}
            touched |= {s.removeprefix("file:") for s in label.sources - {"user"}}
        found = [each for each in touched if each.startswith("/")]
        tags = label.tags - {LOCAL_ONLY}
        names = tuple(Name.of_path(path) for path in found)
        return cls(
            request=request,
            policy=policy,
            label=label,
            paths=names,
            only_paths=0 < len(found) == len(touched),
            floor=_floor(request.effect, found, names, policy),
            tool=Name.of(request.tool),
            to=Name.of(str(request.destination)),
            level=policy.level(tags) if policy else 0,
            tags=tags,
        )


def _find(
    case: _Case, form: Release, granting: Iterable[Rule], holding: Iterable[Rule]
) -> _Finding:
    """Judge one form, given the rules whose other conditions hold."""
    if case.floor is not None:
        return _Finding(Decision.DENY, case.floor)
    if _content_stays(case, form):
        why = "it was read to be used on this device alone"
        return _Finding(Decision.DENY, Cause("floor.local_only", 0, why, "floor"))
    policy, effect = case.policy, case.request.effect
    if policy is None:
        decision = Decision.ASK if effect is Effect.READ else Decision.DENY
        return _Finding(decision, Cause("closed", kind="closed"))
    granting = [rule for rule in granting if _reaches(rule, form)]
    holding = [rule for rule in holding if _bars(rule, form)]
    base = min((rule.decision for rule in granting), key=_strictness, default=None)
    default = policy.defaults.get(effect, STRICT[effect])
    decision = max([base or default, *(rule.decision for rule in holding)], key=_strictness)
    deciding = [rule for rule in (*granting, *holding) if rule.decision is decision]
    if not deciding:
        cause = Cause(f"defaults.{effect}", policy.default_lines.get(effect, 0), kind="default")
    else:
        rule = min(deciding, key=lambda each: (not each.locked, each.id))
        cause = Cause(rule.id, rule.line, rule.why, "locked" if rule.locked else "rule")
    keep = frozenset[str]().union(*(rule.keep for rule in (*granting, *holding)))
    return _Finding(decision, cause, keep)


def _strictness(decision: Decision) -> int:
    return _STRICTNESS.index(decision)


def _floor(
    effect: Effect, paths: Iterable[str], names: Iterable[Name], policy: Policy | None
) -> Cause | None:
    """Return the floor that bars this effect on any of these paths."""
    if any(unclear(path) for path in paths):
        return Cause("floor.unclear", 0, "the path is not resolved or cannot be shown", "floor")
    for floor in (*built_in(), *(policy.floors if policy else ())):
        if effect in floor.effects and any(floor.paths.resemble(name) for name in names):
            return Cause(floor.id, 0, floor.why, "floor")
    return None


def _content_stays(case: _Case, form: Release) -> bool:
    """Tell whether this form would show what was read for this device alone."""
    is_content = form in {Release.FULL, Release.REDACTED}
    return case.request.effect is Effect.EGRESS and is_content and LOCAL_ONLY in case.label.tags


def _concerns(rule: Rule, case: _Case) -> bool:
    """Test the conditions that mean the same for every decision."""
    request = case.request
    return request.effect in rule.effects and rule.named in {None, request.named}


def _grants(rule: Rule, case: _Case) -> bool:
    """Tell whether an allow or ask rule holds for everything that goes in."""
    if rule.decision is Decision.DENY or not _concerns(rule, case):
        return False
    request, label = case.request, case.label
    return (
        (rule.tools is None or rule.tools.match(case.tool))
        and (rule.to is None or rule.to.match(case.to))
        and (rule.paths is None or (case.only_paths and all(map(rule.paths.match, case.paths))))
        and (not rule.words or (label.sources == {"user"} and not label.tags))
        and (not rule.tags or case.tags <= rule.tags)
        and (rule.at_most is None or case.level <= _level(case, rule.at_most))
        and (rule.trust is not Trust.TRUSTED or label.trust is Trust.TRUSTED)
        and (rule.influence is not Influence.USER or request.influence is Influence.USER)
        and (rule.hours is None or rule.hours.hold(request.time) is True)
    )


def _holds_back(rule: Rule, case: _Case) -> bool:
    """Tell whether a deny or ask rule holds for anything that goes in."""
    if rule.decision is Decision.ALLOW or not _concerns(rule, case):
        return False
    request, label = case.request, case.label
    return (
        (rule.tools is None or rule.tools.resemble(case.tool))
        and (rule.to is None or rule.to.resemble(case.to))
        and (rule.paths is None or any(map(rule.paths.resemble, case.paths)))
        and (not rule.tags or not case.tags.isdisjoint(rule.tags))
        and (rule.at_least is None or case.level >= _level(case, rule.at_least))
        and (rule.trust is not Trust.UNTRUSTED or label.trust is Trust.UNTRUSTED)
        and (rule.influence is not Influence.CONTENT or request.influence is Influence.CONTENT)
        and (rule.hours is None or rule.hours.hold(request.time) is not False)
    )


def _reaches(rule: Rule, form: Release) -> bool:
    """Tell whether a grant covers this form: its own and less revealing ones."""
    return FORMS.index(form) >= FORMS.index(rule.release or Release.FULL)


def _bars(rule: Rule, form: Release) -> bool:
    """Tell whether this form is held back: by a denial its own and more revealing ones."""
    if rule.decision is Decision.ASK or rule.release is None:
        return True
    return FORMS.index(form) <= FORMS.index(rule.release)


def _level(case: _Case, tag: str) -> int:
    return case.policy.level([tag]) if case.policy else 0

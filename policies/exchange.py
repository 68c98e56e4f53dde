"""Exchange: requests and verdicts as JSON objects, for judging from outside.

It judges nothing and reads no file: `doorward policy judge|explain|what-if` hand over one object a
line. The format is stable. A request has these keys; one that is not known is an error, one that is
missing is read as the strict choice, which stands in brackets:

    effect       read, write, destroy, egress, spend or run; needed
    tool         `area.verb`, or `mcp.<connector>.<tool>` [""]
    resource     the path, address or name that would be touched [""]
    destination  `device`, `model:x`, `connector:x`, `person:x`, `orchestrator:x`; needed for egress
    release      the form that is asked for: full, redacted, shape or nothing [egress: full]
    args         a list of {name, role, value, origin, label}: name [""], role target, object,
                 content, link or option [target], value as text [""], origin user, known, assigned,
                 untrusted or novel [novel], label [unknown]
    label        {tags: [...], trust, sources: [...]} of everything that goes in and of the place,
                 taken as it is: trust trusted, assigned or untrusted [untrusted], without sources
                 all the same unknown [unknown]
    influence    user or content [content]
    named        the user named the resource [false]
    asked        the user's words call for it [false]
    planned      it stands in the committed plan [false]
    used         {rule: count} of grants within each limit's window [every limit used up]
    size         bytes that would cross [0]
    time, day    `HH:MM` and `mon` to `sun` [not known]

A verdict has: decision, rule, line, reason, change, release, obligations (a list), counts (a list
of the limited rules that it uses), policy (the snapshot).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TypeVar

from doorward.policies.fields import listed, meant
from doorward.policies.labels import UNKNOWN, Label
from doorward.policies.limits import MOST
from doorward.policies.requests import Leaf, Request, Verdict
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import (
    DEVICE,
    Data,
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

_E = TypeVar("_E", bound=StrEnum)
_KEYS = (
    "effect",
    "tool",
    "resource",
    "destination",
    "release",
    "args",
    "label",
    "influence",
    "named",
    "asked",
    "planned",
    "used",
    "size",
    "time",
    "day",
)


def request_of(data: object, policy: Policy | None) -> Request:
    """Read a request.

    Args:
        data: What JSON gave.
        policy: The one that will judge it: it says which rules have limits.

    Raises:
        ValueError: It is none; the message says which key and why.
    """
    held = _Object(data, "a request", _KEYS)
    effect = held.choice("effect", Effect, None)
    egress = effect is Effect.EGRESS
    to = held.text("destination")
    if egress and not to:
        msg = 'an egress lacks "destination"'
        raise ValueError(msg)
    return Request(
        objective=ObjectiveId("outside"),
        step=StepId("outside"),
        tool=held.text("tool"),
        effect=effect,
        resource=held.text("resource"),
        destination=Destination.parse(to) if to else DEVICE,
        release=held.choice("release", Release, Release.FULL if egress else Release.NOTHING),
        label=_label(held.data.get("label")),
        influence=held.choice("influence", Influence, Influence.CONTENT),
        named=held.flag("named"),
        leaves=tuple(_leaf(each) for each in held.items("args")),
        asked=held.flag("asked"),
        planned=held.flag("planned"),
        used=_used(held, policy),
        size=held.number("size"),
        time=held.text("time"),
        day=held.text("day"),
    )


def verdict_as(verdict: Verdict) -> dict[str, Data]:
    """Write a verdict."""
    return {
        "decision": verdict.decision.value,
        "rule": verdict.rule,
        "line": verdict.line,
        "reason": verdict.reason,
        "change": verdict.change,
        "release": verdict.release.value,
        "obligations": [*sorted(verdict.obligations)],
        "counts": [*sorted(verdict.counts)],
        "policy": verdict.policy,
    }


def _leaf(data: object) -> Leaf:
    held = _Object(data, "an argument", ("name", "role", "value", "origin", "label"))
    value = held.data.get("value", "")
    return Leaf(
        name=held.text("name"),
        role=held.choice("role", Role, Role.TARGET),
        value=value if isinstance(value, str) else str(value),
        origin=held.choice("origin", Origin, Origin.NOVEL),
        label=_label(held.data.get("label")),
    )


def _label(data: object) -> Label:
    if data is None:
        return UNKNOWN
    held = _Object(data, "a label", ("tags", "trust", "sources"))
    trust = held.choice("trust", Trust, Trust.UNTRUSTED)
    return Label(held.texts("tags"), trust, held.texts("sources"))


def _used(held: _Object, policy: Policy | None) -> tuple[tuple[str, int], ...]:
    given = held.data.get("used")
    if given is None:
        limited = [rule for rule in policy.rules if rule.limit is not None] if policy else []
        return tuple((rule.id, MOST) for rule in limited)
    counts = _Object(given, "used", None)
    return tuple((rule, counts.number(rule)) for rule in counts.data)


class _Object:
    """One JSON object, read strictly."""

    def __init__(self, data: object, what: str, known: Sequence[str] | None) -> None:
        if not isinstance(data, dict):
            msg = f"{what} must be an object, in braces"
            raise ValueError(msg)
        self.data: Mapping[str, object] = data
        self.what = what
        for key in data.keys() - set(known or data):
            msg = f'unknown key "{key}" in {what}{meant(key, known or ())}'
            raise ValueError(msg)

    def _wrong(self, key: str, must: str) -> ValueError:
        return ValueError(f'"{key}" in {self.what} must be {must}')

    def text(self, key: str) -> str:
        value = self.data.get(key, "")
        if not isinstance(value, str):
            raise self._wrong(key, "a text")
        return value

    def flag(self, key: str) -> bool:
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, "true or false")
        return value

    def number(self, key: str) -> int:
        value = self.data.get(key, 0)
        if not isinstance(value, int) or isinstance(value, bool) or value < 0:
            raise self._wrong(key, "a whole number, not below 0")
        return value

    def items(self, key: str) -> Sequence[object]:
        value = self.data.get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, "a list")
        return value

    def texts(self, key: str) -> frozenset[str]:
        found = self.items(key)
        if not all(isinstance(each, str) for each in found):
            raise self._wrong(key, "a list of texts")
        return frozenset(map(str, found))

    def choice(self, key: str, kind: type[_E], default: _E | None) -> _E:
        """Return a word of a closed set; without a default it is needed."""
        value = self.data.get(key)
        if value is None and default is not None and key not in self.data:
            return default
        known = [each.value for each in kind]
        if not isinstance(value, str) or value not in known:
            near = meant(value, known) if isinstance(value, str) else ""
            raise self._wrong(key, listed(known) + near)
        return kind(value)

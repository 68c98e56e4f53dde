"""Cedar: a policy and a request in the words of another engine, to hold our judging against it.

It judges nothing, and nothing in Doorward asks Cedar: `scripts/bench/cedar` and the tests do. Cedar
knows allow and deny, we three outcomes; hence two sets of policies, asked form by form: `allowed`
(may it happen unasked?) and `possible` (may it happen if the user says yes?).

Native in Cedar: effects, tools, destinations, tags, levels, trust, origins, hours, days, limits,
flags and forms; path patterns of one path that are a plain path, a folder (`x/**`), a name anywhere
(`**/x`, `**/x/**`) or an ending (`**/*.x`). Worked out beforehand into sets of rule ids, since
`like` has no `*` that stops at a slash, no `?` and no "every element": all other path patterns,
requests with several paths, and names with `?`. Floors come in as one flag.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from doorward.policies.conditions import Case, content_stays
from doorward.policies.limits import WEEK, minutes_of
from doorward.policies.patterns import Patterns, choices, fold
from doorward.policies.requests import Request
from doorward.policies.rules import FORMS, STRICT, Policy, Rule
from doorward.policies.vocabulary import Data, Decision, Effect, Influence, Release, Role


@dataclass(frozen=True, slots=True)
class Exported:
    """A policy as two sets of Cedar policies."""

    allowed: str
    possible: str


def exported(policy: Policy) -> Exported:
    """Write a policy in Cedar."""
    floors = "forbid(principal, action, resource) when { context.floor || context.stays };\n"
    allowed, possible = [floors], [floors]
    for rule in policy.rules:
        if rule.decision is not Decision.DENY:
            permit = _policy("permit", rule, _granting(rule, policy))
            possible.append(permit)
            if rule.decision is Decision.ALLOW:
                allowed.append(permit)
        if rule.decision is not Decision.ALLOW:
            forbid = _policy("forbid", rule, _holding(rule, policy))
            allowed.append(forbid)
            if rule.decision is Decision.DENY:
                possible.append(forbid)
    # An ask that grants stands in for a default that allows.
    asks = [rule for rule in policy.rules if rule.decision is Decision.ASK]
    unless = "".join(f" unless {{ {_whole(rule, policy)} }}" for rule in asks)
    for effect in Effect:
        default = policy.defaults.get(effect, STRICT[effect])
        permit = f'permit(principal, action == Action::"{effect}", resource)'
        if default is not Decision.DENY:
            possible.append(f"{permit};\n")
        if default is Decision.ALLOW:
            allowed.append(f"{permit}{unless};\n")
    return Exported("".join(allowed), "".join(possible))


def contexts(request: Request, policy: Policy) -> Iterator[tuple[Release, dict[str, Data]]]:
    """Yield what Cedar is asked with: each form of a request, most revealing first."""
    case = Case.of(request, policy)
    forms: tuple[Release, ...] = (request.release,)
    if request.effect is Effect.EGRESS and request.release is not Release.NOTHING:
        forms = FORMS[FORMS.index(request.release) : FORMS.index(Release.NOTHING)]
    base = _context(case, policy)
    for form in forms:
        stays = content_stays(case, form)
        yield form, {**base, "form": FORMS.index(form), "stays": stays}


def _context(case: Case, policy: Policy) -> dict[str, Data]:
    request, label = case.request, case.label
    single = len(case.paths) == 1
    path = case.paths[0] if single else None
    sets = [
        rule
        for rule in policy.rules
        if rule.paths and not (single and _likes(rule.paths, policy, ""))
    ]
    matched: list[Data] = [r.id for r in sets if r.paths and all(map(r.paths.match, case.paths))]
    resembled: list[Data] = [
        r.id for r in sets if r.paths and any(map(r.paths.resemble, case.paths))
    ]
    names: list[Data] = [*_named(policy.rules, case)]
    worst: dict[str, Data] = {f"worst_{role}": case.worst.get(role, -1) for role in Role}
    minutes = minutes_of(request.time)
    return {
        "tool": _text(case.tool.exact),
        "tool_folded": _text(case.tool.folded),
        "to": _text(case.to.exact),
        "to_folded": _text(case.to.folded),
        "single": single,
        "path": _text(path.exact) if path else "",
        "path_folded": _text(path.folded) if path else "",
        "only_paths": case.only_paths,
        "matched": matched,
        "resembled": resembled,
        "names": names,
        "named": request.named,
        "words": label.sources == {"user"} and not label.tags,
        "tags": [*sorted(case.tags)],
        "level": case.level,
        "trust": label.trust.rank,
        "influence": request.influence.value,
        "asked": request.asked,
        "planned": request.planned,
        "minutes": -1 if minutes is None else minutes,
        "day": request.day if request.day in WEEK else "",
        "floor": case.floor is not None,
        "used": dict(case.used),
        **worst,
        "worst": max(
            (rank for role, rank in case.worst.items() if role is not Role.OPTION), default=-1
        ),
    }


def _text(name: bytes) -> str:
    return name.decode(errors="replace")


def _policy(kind: str, rule: Rule, conditions: Iterable[str]) -> str:
    effects = ", ".join(f'Action::"{effect}"' for effect in sorted(rule.effects))
    when = " && ".join(conditions) or "true"
    head = f'@id("{rule.id}-{kind}") {kind}(principal, action in [{effects}], resource)'
    return f"{head} when {{ {when} }};\n"


def _whole(rule: Rule, policy: Policy) -> str:
    """Return when an ask grants, its effects included, which stand in the head elsewhere."""
    effects = ", ".join(f'Action::"{effect}"' for effect in sorted(rule.effects))
    return " && ".join([f"action in [{effects}]", *_granting(rule, policy)])


def _granting(rule: Rule, policy: Policy) -> Iterator[str]:
    yield from _same(rule)
    yield from _names(rule.tools, "tool", rule, folded=False)
    yield from _names(rule.to, "to", rule, folded=False)
    if rule.paths is not None:
        yield f"context.only_paths && ({_paths(rule.paths, rule, policy, folded=False)})"
    if rule.words:
        yield "context.words"
    if rule.tags:
        yield f"{_set(rule.tags)}.containsAll(context.tags)"
    if rule.at_most is not None:
        yield f"context.level <= {policy.level([rule.at_most])}"
    if rule.trust is not None:
        yield f"context.trust <= {rule.trust.rank}"
    if rule.influence is Influence.USER:
        yield 'context.influence == "user"'
    yield from (f"context.{key}" for key in ("asked", "planned") if getattr(rule, key) is True)
    yield from (f"context.worst_{role} <= {o.rank}" for role, o in rule.origins.items())
    if rule.arguments is not None:
        yield f"context.worst <= {rule.arguments.rank}"
    yield from _now(rule)
    if rule.limit is not None:
        key = _quoted(rule.id)
        yield f"(!(context.used has {key}) || context.used[{key}] < {rule.limit.count})"
    yield f"context.form >= {FORMS.index(rule.release or Release.FULL)}"


def _now(rule: Rule) -> Iterator[str]:
    if rule.hours is not None:
        yield f"(context.minutes >= 0 && ({_hours(rule)}))"
    if rule.days:
        yield f"{_set(rule.days)}.contains(context.day)"


def _holding(rule: Rule, policy: Policy) -> Iterator[str]:
    yield from _same(rule)
    yield from _names(rule.tools, "tool", rule, folded=True)
    yield from _names(rule.to, "to", rule, folded=True)
    if rule.paths is not None:
        yield f"({_paths(rule.paths, rule, policy, folded=True)})"
    if rule.tags:
        yield f"{_set(rule.tags)}.containsAny(context.tags)"
    if rule.at_least is not None:
        yield f"context.level >= {policy.level([rule.at_least])}"
    if rule.trust is not None:
        yield f"context.trust >= {rule.trust.rank}"
    if rule.influence is Influence.CONTENT:
        yield 'context.influence == "content"'
    yield from (f"!context.{key}" for key in ("asked", "planned") if getattr(rule, key) is False)
    yield from (f"context.worst_{role} >= {o.rank}" for role, o in rule.origins.items())
    if rule.arguments is not None:
        yield f"context.worst >= {rule.arguments.rank}"
    if rule.hours is not None:
        yield f"(context.minutes < 0 || ({_hours(rule)}))"
    if rule.days:
        yield f'(context.day == "" || {_set(rule.days)}.contains(context.day))'
    if rule.decision is Decision.DENY and rule.release is not None:
        yield f"context.form <= {FORMS.index(rule.release)}"


def _same(rule: Rule) -> Iterator[str]:
    if rule.named is not None:
        yield "context.named" if rule.named else "!context.named"


def _hours(rule: Rule) -> str:
    start, end = (rule.hours.start, rule.hours.end) if rule.hours else (0, 0)
    joint = "&&" if start <= end else "||"
    return f"context.minutes >= {start} {joint} context.minutes < {end}"


def _named(rules: Iterable[Rule], case: Case) -> Iterator[str]:
    """Yield a mark for each name pattern with `?` that holds, exactly or nearly."""
    for rule in rules:
        for key, held, name in (("tool", rule.tools, case.tool), ("to", rule.to, case.to)):
            if held is not None and _queries(held):
                yield from (f"{rule.id}/{key}" for _ in range(held.match(name)))
                yield from (f"{rule.id}/{key}/near" for _ in range(held.resemble(name)))


def _queries(held: Patterns) -> bool:
    return any("?" in text for text in held.texts)


def _names(held: Patterns | None, key: str, rule: Rule, *, folded: bool) -> Iterator[str]:
    if held is None:
        return
    if _queries(held):
        yield f"context.names.contains({_quoted(f'{rule.id}/{key}' + '/near' * folded)})"
        return
    globs = [glob for text in held.texts for glob in choices(text)]
    found = [f"context.{key} like {_quoted(glob)}" for glob in globs]
    if folded:
        found += [f"context.{key}_folded like {_quoted(fold(glob))}" for glob in globs]
    yield f"({' || '.join(found)})"


def _paths(held: Patterns, rule: Rule, policy: Policy, *, folded: bool) -> str:
    sets = f"context.{'resembled' if folded else 'matched'}.contains({_quoted(rule.id)})"
    likes = _likes(held, policy, "")
    if not likes:
        return sets
    likes = [*likes, *_likes(held, policy, "_folded")] if folded else likes
    return f"if context.single then ({' || '.join(likes)}) else {sets}"


def _likes(held: Patterns, policy: Policy, which: str) -> list[str]:
    """Return the patterns as conditions on one path; none when one of them cannot be said."""
    found: list[str] = []
    for text in held.texts:
        for glob in choices(text):
            if glob == "~" or glob.startswith("~/"):
                glob = policy.home.rstrip("/") + glob[1:]  # noqa: PLW2901 - the home stands for it
            said = [*_like(fold(glob) if which else glob, f"context.path{which}")]
            if not said:
                return []
            found += said
    return found


def _like(glob: str, path: str) -> Iterator[str]:
    inside = glob.endswith("/**")
    rest = glob.removesuffix("/**")
    if rest.startswith("**/"):
        name = rest.removeprefix("**/")
        ending = name.removeprefix("*")
        if not _plain(ending) or not ending or (name != ending and (inside or "/" in ending)):
            return
        start = "*" if name != ending else "*/"
        yield f"{path} like {_quoted(start + ending)}"
        if inside:
            yield f"{path} like {_quoted(f'*/{name}/*')}"
    elif _plain(rest) and rest.startswith(("/", "" if inside else "/")):
        yield f"{path} == {_quoted('' if rest == '/' else rest)}"
        if inside:
            yield f"{path} like {_quoted(f'{rest}/*')}"


def _plain(text: str) -> bool:
    return not {"*", "?"} & {*text}


def _quoted(text: str) -> str:
    plain = (c if c.isalnum() or c in "/*:-_. ~@" else f"\\u{{{ord(c):x}}}" for c in text)
    return f'"{"".join(plain)}"'


def _set(words: Iterable[str]) -> str:
    return f"[{', '.join(_quoted(word) for word in sorted(words))}]"

"""Checks: which words of a rule make sense together; what would never or always apply is a mistake.

No judging and no parsing: `document` hands over what it has read. A rule that cannot mean what it
says is refused here, so that nobody relies on it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Final, NamedTuple

from doorward.policies.fields import Report, Table, listed, meant
from doorward.policies.floors import CHANGES, LOCAL_ONLY
from doorward.policies.lines import Path
from doorward.policies.rules import Rule
from doorward.policies.vocabulary import Decision, Effect, Influence, Origin, Release, Trust

NEVER_BY_DEFAULT: Final = frozenset({Effect.EGRESS, Effect.SPEND, Effect.RUN})
"""What only a rule can allow, never a default."""

KINDS: Final = ("device", "orchestrator", "model", "connector", "person", "web")
"""The kinds of destination."""

OBLIGATIONS: Final = {LOCAL_ONLY: frozenset({Effect.READ}), "undo": CHANGES}
"""What a rule may demand, and of which effects."""


def destination(text: str, where: Path, report: Report) -> None:
    """Note what is no destination: `kind:name`, the name perhaps with `*`."""
    kind, colon, name = text.partition(":")
    if text in {"*", "device"}:
        return
    if not colon and "@" in text:
        report.value(where, f'unknown destination "{text}"; did you mean "person:{text}"?')
    elif kind not in KINDS or not name:
        what = f'unknown destination "{text}"'
        near = meant(kind, KINDS) if kind not in KINDS else ""
        report.value(where, what + near, f"write kind:name; the kind is {listed(KINDS)}")


def rule_id(table: Table, taken: set[str]) -> str:
    """Return the id of a rule, noting one that is missing, taken or hard to say."""
    table.needs("id", 'give it a name, for example id = "read-documents"')
    name = table.text("id")
    if "id" in table and not (
        name.replace("-", "").isalnum() and name.islower() and name.isascii()
    ):
        table.wrong("id", f'the id "{name}" is not made of small letters, digits and "-"')
    elif name == "closed":
        table.wrong("id", 'the id "closed" is what Doorward says when it has no policy')
    elif name in taken:
        table.wrong("id", f'there are two rules "{name}"')
    taken.add(name)
    return name


def keep(table: Table) -> frozenset[str]:
    """Return the obligations that a table names."""
    found = table.texts("keep")
    for word, where in found.items():
        if word not in OBLIGATIONS:
            what = f'unknown obligation "{word}"{meant(word, OBLIGATIONS)}'
            table.report.value(where, what, f"keep is {listed(OBLIGATIONS)}")
    return frozenset(found)


class _Fault(NamedTuple):
    """A key that makes no sense in this rule."""

    key: str
    what: str
    hint: str


def rule(table: Table, found: Rule) -> Rule:
    """Note what makes no sense in a rule; return the rule as it is meant.

    A denial that speaks of destinations or releases without an effect is about what leaves.
    """
    if (
        "effect" not in table
        and found.decision is Decision.DENY
        and {"to", "release"} & {*table.data}
    ):
        found = replace(found, effects=frozenset({Effect.EGRESS}))
    for fault in (*_scope(table, found), *_direction(table, found), *_duties(found)):
        table.wrong(*fault)
    return found


def _scope(table: Table, found: Rule) -> Iterator[_Fault]:
    """Yield what is wrong with where the rule applies."""
    denies = found.decision is Decision.DENY
    leaves = Effect.EGRESS in found.effects
    if not denies and "effect" not in table:
        hint = 'write what it opens, for example effect = "read"'
        yield _Fault("effect", f'a rule that says "{found.decision}" must name an effect', hint)
    elif not denies and leaves and len(found.effects) > 1:
        what = "a rule that lets data leave must be about nothing else"
        yield _Fault("effect", what, 'give "egress" a rule of its own')
    elif not denies and leaves and "to" not in table:
        what = "a rule that lets data leave must say where to"
        yield _Fault("to", what, 'for example to = "orchestrator:home"')
    elif found.effects != {Effect.EGRESS}:
        hint = 'write effect = "egress" and nothing else there'
        for key in {"to", "release", "words"} & {*table.data}:
            yield _Fault(key, f'"{key}" is only about what leaves', hint)
    if not denies and found.to is not None and "*" in found.to.texts:
        yield _Fault("to", 'to = "*" would be everyone; only a denial may say so', "name them")
    if found.release is Release.NOTHING:
        yield _Fault("release", 'release = "nothing" says nothing', 'write verdict = "deny"')


def _direction(table: Table, found: Rule) -> Iterator[_Fault]:
    """Yield the conditions that would turn a rule into its opposite when values are mixed.

    What is granted may be limited to what is less private, what is held back to what is more;
    the other way round, adding something private to a value would free it.
    """
    for key, wrong in _TURNED[found.decision](found).items():
        if wrong:
            what = f'"{key}" cannot stand like this in a rule that says "{found.decision}"'
            yield _Fault(key, what, _OTHER_WAY.get(key, _ORIGIN))
    if table.data.get("words") is False:
        yield _Fault("words", "words = false says nothing", "leave it out")


def _turned_allow(found: Rule) -> dict[str, bool]:
    return {
        "at_least": found.at_least is not None,
        "trust": found.trust is Trust.UNTRUSTED,
        "influence": found.influence is Influence.CONTENT,
        "asked": found.asked is False,
        "planned": found.planned is False,
        "locked": found.locked,
        "arguments": found.arguments is Origin.NOVEL,
        **{f"{role}s": origin is Origin.NOVEL for role, origin in found.origins.items()},
    }


def _turned_deny(found: Rule) -> dict[str, bool]:
    return {
        "at_most": found.at_most is not None,
        "trust": found.trust is Trust.TRUSTED,
        "influence": found.influence is Influence.USER,
        "asked": found.asked is True,
        "planned": found.planned is True,
        "words": found.words,
        "limit": found.limit is not None,
        "arguments": found.arguments is Origin.USER,
        **{f"{role}s": origin is Origin.USER for role, origin in found.origins.items()},
    }


def _turned_ask(found: Rule) -> dict[str, bool]:
    return {"limit": found.limit is not None}


_TURNED: Final[Mapping[Decision, Callable[[Rule], dict[str, bool]]]] = {
    Decision.ALLOW: _turned_allow,
    Decision.ASK: _turned_ask,
    Decision.DENY: _turned_deny,
}
_ORIGIN = (
    'any value would do; a grant names the worst that it takes ("user" to "untrusted"), '
    'a denial the best that it bars ("known" to "novel")'
)
_OTHER_WAY = {
    "at_least": 'write at_most here, or verdict = "ask" or "deny"',
    "at_most": 'write at_least here, or verdict = "allow" or "ask"',
    "trust": 'any value would do; grants want "trusted" or "assigned", denials "assigned" or '
    '"untrusted"',
    "asked": "grants want true, denials false; or leave it out",
    "planned": "grants want true, denials false; or leave it out",
    "limit": "a limit is on what is allowed",
    "influence": 'grants want "user", denials "content"; or leave it out',
    "locked": "deny and ask can be locked",
    "words": "leave it out",
}


def _duties(found: Rule) -> Iterator[_Fault]:
    """Yield obligations that could not be kept."""
    for word in sorted(found.keep & OBLIGATIONS.keys()):
        if found.decision is Decision.DENY:
            yield _Fault("keep", "what is denied leaves nothing to keep", "leave it out")
        elif OBLIGATIONS[word].isdisjoint(found.effects):
            effects = listed(sorted(OBLIGATIONS[word]))
            yield _Fault("keep", f'"{word}" is only about {effects}', "leave it out")

"""Rule tables: a `[[rule]]` of a policy file, read into a `Rule`.

What the words mean together is in `checks`, what they do in `conditions`. `document` calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from doorward.policies import checks, patterns
from doorward.policies.fields import Table
from doorward.policies.limits import Day, Hours, Limit, days_of, minutes_of
from doorward.policies.rules import Rule
from doorward.policies.terms import Terms
from doorward.policies.vocabulary import (
    Decision,
    Effect,
    Influence,
    Origin,
    Release,
    Role,
    Trust,
)

ORIGINS: Final = {
    "targets": Role.TARGET,
    "objects": Role.OBJECT,
    "contents": Role.CONTENT,
    "links": Role.LINK,
}
"""The keys that say where arguments come from, and of which role."""


def read(tables: Sequence[Table], terms: Terms) -> Iterator[Rule]:
    """Yield the rules; mistakes are noted in the report of the tables."""
    taken: set[str] = set()
    for table in tables:
        table.only(_KNOWN, _NOT_YET)
        name = checks.rule_id(table, taken)
        table.needs("verdict", "write what happens: allow, ask or deny")
        rule = Rule(
            id=name,
            decision=table.choice("verdict", Decision) or Decision.DENY,
            line=table.line,
            why=table.text("why"),
            locked=table.flag("locked") or False,
            effects=table.choices("effect", Effect) or frozenset(Effect),
            tools=table.patterns("tool", patterns.names),
            paths=table.patterns("path", terms.paths),
            to=terms.to(table),
            named=table.flag("named"),
            hours=_hours(table),
            days=_days(table),
            limit=_limit(table),
            words=table.flag("words") or False,
            tags=terms.tagged(table),
            at_most=terms.level(table, "at_most"),
            at_least=terms.level(table, "at_least"),
            trust=table.choice("trust", Trust),
            influence=table.choice("influence", Influence),
            asked=table.flag("asked"),
            planned=table.flag("planned"),
            origins={
                role: origin
                for key, role in ORIGINS.items()
                if (origin := table.choice(key, Origin))
            },
            arguments=table.choice("arguments", Origin),
            release=table.choice("release", Release),
            keep=checks.keep(table),
        )
        if "verdict" in table:
            rule = checks.rule(table, rule)
        yield rule


def _hours(table: Table) -> Hours | None:
    text = table.text("hours")
    if not text:
        return None
    first, _, last = text.partition("-")
    start, end = minutes_of(first.strip()), minutes_of(last.strip())
    if start is None or end is None or start == end:
        table.wrong("hours", f'"{text}" is no part of a day', 'for example "23:00-06:30"')
        return None
    return Hours(start, end)


def _days(table: Table) -> frozenset[Day]:
    found: set[Day] = set()
    for text, where in table.texts("days").items():
        days = days_of(text)
        if days is None:
            what = f'"{text}" is no day of the week'
            table.report.value(where, what, 'for example "mon-fri", or ["sat", "sun"]')
        found |= days or set()
    return frozenset(found)


def _limit(table: Table) -> Limit | None:
    text = table.text("limit")
    limit = Limit.parse(text) if text else None
    if "limit" in table and limit is None and isinstance(table.data["limit"], str):
        what = f'"{text}" is no limit'
        table.wrong("limit", what, 'for example "20/day"; per minute, hour, day or objective')
    return limit


_KNOWN = (
    "id",
    "verdict",
    "effect",
    "tool",
    "path",
    "to",
    "named",
    "words",
    "asked",
    "planned",
    *ORIGINS,
    "arguments",
    "tags",
    "at_most",
    "at_least",
    "trust",
    "influence",
    "hours",
    "days",
    "limit",
    "release",
    "keep",
    "locked",
    "why",
)
_NOT_YET = {
    "remember": "remembered approvals are not there yet",
    "sandbox": "sandboxes of single rules are not there yet",
    "pin": "pinned tools are not there yet",
    "redact": 'write release = "redacted"; what to redact cannot be chosen yet',
    "show": "what a card shows cannot be chosen yet",
    "do": "tools are named with tool, what happens to things with effect",
    "class": "write effect",
    "label": "write tags",
    "sinks": 'write targets, as in targets = "known"',
    "plan": "write planned = true",
}

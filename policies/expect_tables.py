"""Expect tables: an `[[expect]]` of a policy file, read into an `Example`.

Running the examples is in `expect`. `document` calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from doorward.policies import checks
from doorward.policies.expect import Call, Example
from doorward.policies.fields import Table, meant
from doorward.policies.limits import WEEK, minutes_of
from doorward.policies.rule_tables import ORIGINS
from doorward.policies.terms import Terms
from doorward.policies.vocabulary import (
    DEVICE,
    Decision,
    Destination,
    Effect,
    Influence,
    Origin,
    Release,
    Trust,
)


def read(tables: Sequence[Table], terms: Terms, rules: Iterable[str]) -> Iterator[Example]:
    """Yield the examples; mistakes are noted in the report of the tables.

    Args:
        tables: The tables.
        terms: What the file has defined.
        rules: The ids of its rules.
    """
    known = {*rules, *(f"defaults.{effect}" for effect in Effect)}
    for index, table in enumerate(tables):
        table.only(["call", "want", "by", "release", "keep"])
        table.needs("call", 'for example call = { effect = "read", path = "~/a.pdf" }')
        table.needs("want", "write what must come of it: allow, ask or deny")
        by = table.text("by")
        if by and by not in known and not by.startswith("floor."):
            table.wrong("by", f'there is no rule "{by}"{meant(by, sorted(known))}')
        yield Example(
            call=_call(table.table("call", "call"), terms),
            want=table.choice("want", Decision) or Decision.DENY,
            by=by or None,
            release=table.choice("release", Release),
            keep=checks.keep(table) if "keep" in table else None,
            index=index,
        )


def _call(table: Table, terms: Terms) -> Call:
    table.only(_KNOWN)
    if table.data:
        table.needs("effect", "write what would happen: read, write, egress ...")
    effect = table.choice("effect", Effect) or Effect.READ
    to = table.text("to")
    if to:
        checks.destination(to, (*table.path, "to"), table.report)
    if bool(to) is not (effect is Effect.EGRESS) and table.data:
        table.wrong("to", 'what leaves ("egress"), and nothing else, goes "to" somewhere')
    return Call(
        effect=effect,
        tool=table.text("tool"),
        path=_path(table, terms.home),
        to=Destination.parse(to) if to else DEVICE,
        named=table.flag("named") or False,
        words=table.flag("words") or False,
        asked=table.flag("asked") or False,
        planned=table.flag("planned") is not False,
        origins={
            role: origin for key, role in ORIGINS.items() if (origin := table.choice(key, Origin))
        },
        used=table.number("used"),
        tags=terms.tagged(table),
        trust=table.choice("trust", Trust),
        influence=table.choice("influence", Influence) or Influence.USER,
        release=table.choice("release", Release) or Release.FULL,
        time=_time(table),
        day=_day(table),
    )


def _time(table: Table) -> str:
    time = table.text("time") or "12:00"
    if minutes_of(time) is None:
        table.wrong("time", f'"{time}" is no time of day', 'for example "23:30"')
    return time


def _day(table: Table) -> str:
    day = table.text("day") or "mon"
    if day not in WEEK:
        table.wrong("day", f'"{day}" is no day of the week', "mon, tue, wed, thu, fri, sat or sun")
    return day


def _path(table: Table, home: str) -> str:
    path = table.text("path")
    if path == "~" or path.startswith("~/"):
        return home.rstrip("/") + path[1:] or "/"
    if path and not path.startswith("/"):
        table.wrong("path", f'the path "{path}" does not start with ~/ or /')
    return path


_KNOWN = (
    "effect",
    "tool",
    "path",
    "to",
    "named",
    "words",
    "asked",
    "planned",
    *ORIGINS,
    "used",
    "tags",
    "trust",
    "influence",
    "release",
    "time",
    "day",
)

"""Document: the text of a policy file, read into a `Policy`.

It opens no file (text comes in), writes none, and judges only the examples that the file itself
carries. The door, the editor and `doorward policy check` call it. A file with any mistake is not
taken at all: a word that is not understood could have been the one that mattered.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from hashlib import blake2b
from types import MappingProxyType

from doorward.policies import checks, patterns
from doorward.policies.expect import Call, Example, run
from doorward.policies.fields import PolicyError, PolicyErrors, Report, Table, meant
from doorward.policies.floors import LOCAL_ONLY, for_device
from doorward.policies.labels import UNKNOWN
from doorward.policies.lines import positions
from doorward.policies.rules import Hours, Place, Policy, Rule, Source, minutes_of
from doorward.policies.vocabulary import (
    DEVICE,
    Decision,
    Destination,
    Effect,
    Influence,
    Release,
    Trust,
)

__all__ = ["MAX_SIZE", "PolicyError", "PolicyErrors", "parse"]

MAX_SIZE = 256 * 1024
"""Characters in a policy file."""


def parse(text: str, *, home: str, own: tuple[str, ...] = ()) -> Policy:
    """Read a policy file and run its examples.

    Args:
        text: The TOML text.
        home: What `~` stands for: an absolute path without `..`.
        own: Doorward's own folders, where they are not the usual ones; absolute paths.

    Raises:
        PolicyErrors: When there is any mistake, with all of them.
        ValueError: When `home` or an entry of `own` is not an absolute path.
    """
    for folder in (home, *own):
        if not folder.startswith("/"):
            msg = f"{folder!r} is not an absolute path; the caller resolves it"
            raise ValueError(msg)
    try:
        data = _load(text)
        report = Report(positions(text))
    except RecursionError:
        raise PolicyErrors([PolicyError(1, 1, "lists and tables are nested too deeply")]) from None
    top = Table(data, (), report, "the file")
    policy, examples = _Document(top, home.rstrip("/") or "/", own).read(text)
    report.close()
    for failure in run(examples, policy):
        report.value(
            ("expect", failure.example.index, "want"), failure.what, failure.verdict.change
        )
    report.close()
    return policy


def _load(text: str) -> dict[str, object]:
    """Read the TOML.

    Raises:
        PolicyErrors: When it is too long or not TOML.
    """
    if len(text) > MAX_SIZE:
        raise PolicyErrors([PolicyError(1, 1, f"a policy file has at most {MAX_SIZE} characters")])
    try:
        text.encode()
        return tomllib.loads(text)
    except UnicodeEncodeError as error:
        line = text.count("\n", 0, error.start) + 1
        column = error.start - text.rfind("\n", 0, error.start)
        mistake = PolicyError(line, column, "this character is not valid Unicode")
    except ValueError as error:  # also a number of thousands of digits
        mistake = _not_toml(text, str(error))
    raise PolicyErrors([mistake])


def _not_toml(text: str, said: str) -> PolicyError:
    """Turn the words of `tomllib` into a mistake with a place."""
    what, _, where = said.removesuffix(")").rpartition(" (at ")
    digits = [int(word) for word in where.replace(",", "").split() if word.isdigit()]
    if len(digits) != 2:
        digits = [text.count("\n") + 1, len(text) - text.rfind("\n")]
    hint = 'texts stand in quotes (verdict = "ask"), lists in brackets, one key a line'
    return PolicyError(digits[0], digits[1], f"this is not TOML: {what or said}", hint)


class _Document:
    """Reads one file; later parts look up what earlier parts defined."""

    def __init__(self, top: Table, home: str, own: tuple[str, ...]) -> None:
        self.top = top
        self.home = home
        self.own = own
        self.groups: Mapping[str, Sequence[str]] = {}
        self.order: tuple[str, ...] = ()
        self.tags: frozenset[str] = frozenset()
        """Every tag that something can have."""
        self.paths = partial(patterns.paths, home=home)

    def read(self, text: str) -> tuple[Policy, list[Example]]:
        """Read everything; mistakes are in the report of the table."""
        top = self.top
        top.only(_TOP)
        if "version" not in top or top.data["version"] != 1 or top.data["version"] is True:
            top.wrong("version", "this Doorward reads version 1", "write version = 1 at the top")
        labels = top.table("labels", "[labels]")
        labels.only(["order"])
        self.order = tuple(labels.texts("order"))
        self.groups = self._groups()
        defaults = top.table("defaults", "[defaults]")
        decisions = self._defaults(defaults)
        tags = frozenset(defaults.texts("tags")) or UNKNOWN.tags
        trust = defaults.choice("trust", Trust) or UNKNOWN.trust
        places = [
            Place(found, *self._known_of(table, tags, trust))
            for table in top.tables("place")
            if (found := self._needed(table, "path"))
        ]
        sources = [
            Source(found, *self._known_of(table, tags, trust))
            for table in top.tables("source")
            if (found := self._needed(table, "tool"))
        ]
        described = [each.tags for each in places] + [each.tags for each in sources]
        self.tags = frozenset(self.order).union(tags, UNKNOWN.tags, *described) - {LOCAL_ONLY}
        policy = Policy(
            id=blake2b(text.encode(), digest_size=6).hexdigest(),
            timezone=self._timezone(),
            home=self.home,
            defaults=MappingProxyType(decisions),
            default_lines=MappingProxyType(
                {each: top.report.positions.key(("defaults", each)).line for each in decisions}
            ),
            tags=tags,
            trust=trust,
            order=self.order,
            groups=MappingProxyType({name: tuple(to) for name, to in self.groups.items()}),
            places=tuple(places),
            sources=tuple(sources),
            rules=tuple(self._rules()),
            floors=for_device(self.home, self.own),
        )
        known = {rule.id for rule in policy.rules}
        return policy, list(self._examples(known))

    def _timezone(self) -> str:
        zone = self.top.text("timezone")
        if zone and not zone.replace("/", "").replace("_", "").replace("-", "").isalnum():
            self.top.wrong("timezone", f'"{zone}" is no time zone', 'for example "Europe/Berlin"')
        return zone

    def _groups(self) -> dict[str, Sequence[str]]:
        table = self.top.table("groups", "[groups]")
        found: dict[str, Sequence[str]] = {}
        for name in table.data:
            table.patterns(name, patterns.names)
            members = table.texts(name)
            for member, where in members.items():
                checks.destination(member, where, table.report)
            found[f"@{name}"] = list(members)
        return found

    def _defaults(self, table: Table) -> dict[Effect, Decision]:
        table.only([*Effect, "tags", "trust"])
        found = {}
        for effect in Effect:
            decision = table.choice(effect, Decision)
            if decision is None:
                continue
            found[effect] = decision
            if decision is Decision.ALLOW and effect in checks.NEVER_BY_DEFAULT:
                what = f'the default for "{effect}" cannot be "allow"'
                table.wrong(effect, what, "write a rule that says exactly what is allowed")
        return found

    def _needed(self, table: Table, key: str) -> patterns.Patterns | None:
        """Return the patterns that say what a place or source is."""
        table.only([key, "tags", "trust"])
        table.needs(key, f'for example {key} = "{_EXAMPLES[key]}"')
        return table.patterns(key, self.paths if key == "path" else patterns.names)

    def _known_of(
        self, table: Table, tags: frozenset[str], trust: Trust
    ) -> tuple[frozenset[str], Trust]:
        """Return the tags and trust of a place or source; the defaults where it says nothing."""
        return frozenset(table.texts("tags")) or tags, table.choice("trust", Trust) or trust

    def _rules(self) -> Iterator[Rule]:
        taken: set[str] = set()
        for table in self.top.tables("rule"):
            table.only(_RULE, _NOT_YET)
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
                paths=table.patterns("path", self.paths),
                to=self._to(table),
                named=table.flag("named"),
                hours=self._hours(table),
                words=table.flag("words") or False,
                tags=self._tags(table),
                at_most=self._level(table, "at_most"),
                at_least=self._level(table, "at_least"),
                trust=table.choice("trust", Trust),
                influence=table.choice("influence", Influence),
                release=table.choice("release", Release),
                keep=checks.keep(table),
            )
            if "verdict" in table:
                rule = checks.rule(table, rule)
            yield rule

    def _to(self, table: Table) -> patterns.Patterns | None:
        for text, where in table.texts("to").items():
            if text.startswith("@") and text not in self.groups:
                what = f'unknown group "{text}"{meant(text, self.groups)}'
                table.report.value(where, what, "groups stand under [groups], without the @")
            elif not text.startswith("@"):
                checks.destination(text, where, table.report)
        return table.patterns("to", patterns.names, instead=self.groups)

    def _hours(self, table: Table) -> Hours | None:
        text = table.text("hours")
        if not text:
            return None
        first, _, last = text.partition("-")
        start, end = minutes_of(first.strip()), minutes_of(last.strip())
        if start is None or end is None or start == end:
            table.wrong("hours", f'"{text}" is no part of a day', 'for example "23:00-06:30"')
            return None
        return Hours(start, end)

    def _tags(self, table: Table) -> frozenset[str]:
        found = table.texts("tags")
        for tag, where in found.items():
            self._known_tag(table, tag, where)
        return frozenset(found)

    def _known_tag(self, table: Table, tag: str, where: tuple[str | int, ...]) -> None:
        if tag not in self.tags:
            what = f'unknown tag "{tag}"{meant(tag, sorted(self.tags))}'
            hint = "a tag stands in [labels] order, or some [[place]] or [[source]] gives it"
            table.report.value(where, what, hint)

    def _level(self, table: Table, key: str) -> str | None:
        tag = table.text(key)
        if tag and tag not in self.order:
            what = f'"{tag}" is not in the order of [labels]{meant(tag, self.order)}'
            table.wrong(key, what, 'least private first, as in order = ["work", "personal"]')
        return tag or None

    def _examples(self, rules: Iterable[str]) -> Iterator[Example]:
        known = {*rules, *(f"defaults.{effect}" for effect in Effect)}
        for index, table in enumerate(self.top.tables("expect")):
            table.only(["call", "want", "by", "release", "keep"])
            table.needs("call", 'for example call = { effect = "read", path = "~/a.pdf" }')
            table.needs("want", "write what must come of it: allow, ask or deny")
            by = table.text("by")
            if by and by not in known and not by.startswith("floor."):
                table.wrong("by", f'there is no rule "{by}"{meant(by, sorted(known))}')
            yield Example(
                call=self._call(table.table("call", "call")),
                want=table.choice("want", Decision) or Decision.DENY,
                by=by or None,
                release=table.choice("release", Release),
                keep=checks.keep(table) if "keep" in table else None,
                index=index,
            )

    def _call(self, table: Table) -> Call:
        table.only(_CALL)
        if table.data:
            table.needs("effect", "write what would happen: read, write, egress ...")
        effect = table.choice("effect", Effect) or Effect.READ
        to = table.text("to")
        if to:
            checks.destination(to, (*table.path, "to"), table.report)
        if bool(to) is not (effect is Effect.EGRESS) and table.data:
            table.wrong("to", 'what leaves ("egress"), and nothing else, goes "to" somewhere')
        time = table.text("time") or "12:00"
        if minutes_of(time) is None:
            table.wrong("time", f'"{time}" is no time of day', 'for example "23:30"')
        return Call(
            effect=effect,
            tool=table.text("tool"),
            path=self._example_path(table),
            to=Destination.parse(to) if to else DEVICE,
            named=table.flag("named") or False,
            words=table.flag("words") or False,
            tags=self._tags(table),
            trust=table.choice("trust", Trust),
            influence=table.choice("influence", Influence) or Influence.USER,
            release=table.choice("release", Release) or Release.FULL,
            time=time,
        )

    def _example_path(self, table: Table) -> str:
        path = table.text("path")
        if path == "~" or path.startswith("~/"):
            return self.home.rstrip("/") + path[1:] or "/"
        if path and not path.startswith("/"):
            table.wrong("path", f'the path "{path}" does not start with ~/ or /')
        return path


_TOP = (
    "version",
    "timezone",
    "defaults",
    "labels",
    "groups",
    "place",
    "source",
    "rule",
    "expect",
)
_RULE = (
    "id",
    "verdict",
    "effect",
    "tool",
    "path",
    "to",
    "named",
    "words",
    "tags",
    "at_most",
    "at_least",
    "trust",
    "influence",
    "hours",
    "release",
    "keep",
    "locked",
    "why",
)
_CALL = (
    "effect",
    "tool",
    "path",
    "to",
    "named",
    "words",
    "tags",
    "trust",
    "influence",
    "release",
    "time",
)
_EXAMPLES = {"path": "~/Documents/**", "tool": "mail.*"}
_NOT_YET = {
    "limit": "limits per day are not there yet",
    "remember": "remembered approvals are not there yet",
    "sandbox": "sandboxes of single rules are not there yet",
    "pin": "pinned tools are not there yet",
    "redact": 'write release = "redacted"; what to redact cannot be chosen yet',
    "show": "what a card shows cannot be chosen yet",
    "do": "tools are named with tool, what happens to things with effect",
    "class": "write effect",
    "label": "write tags",
}

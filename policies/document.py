"""Document: the text of a policy file, read into a `Policy`.

It opens no file (text comes in), writes none, and judges only the examples that the file itself
carries. The door, the editor and `doorward policy check` call it. A file with any mistake is not
taken at all: a word that is not understood could have been the one that mattered.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from hashlib import blake2b
from types import MappingProxyType

from doorward.policies import checks, expect_tables, patterns, rule_tables, tool_tables
from doorward.policies.expect import Example, run
from doorward.policies.fields import PolicyError, PolicyErrors, Report, Table
from doorward.policies.floors import LOCAL_ONLY, for_device
from doorward.policies.labels import UNKNOWN
from doorward.policies.lines import positions
from doorward.policies.rules import Place, Policy
from doorward.policies.terms import Terms
from doorward.policies.vocabulary import (
    Decision,
    Effect,
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

    def read(self, text: str) -> tuple[Policy, list[Example]]:
        """Read everything; mistakes are in the report of the table."""
        top = self.top
        top.only(_TOP, {"source": "write [[tool]] with name, tags and trust"})
        if "version" not in top or top.data["version"] != 1 or top.data["version"] is True:
            top.wrong("version", "this Doorward reads version 1", "write version = 1 at the top")
        labels = top.table("labels", "[labels]")
        labels.only(["order"])
        order = tuple(labels.texts("order"))
        groups = self._groups()
        defaults = top.table("defaults", "[defaults]")
        decisions = self._defaults(defaults)
        tags = frozenset(defaults.texts("tags")) or UNKNOWN.tags
        trust = defaults.choice("trust", Trust) or UNKNOWN.trust
        places = [
            Place(found, *tool_tables.known_of(table, tags, trust))
            for table in top.tables("place")
            if (found := self._place(table))
        ]
        manifests = tuple(tool_tables.read(top.tables("tool"), tags, trust))
        described = [each.tags for each in places] + [
            each.manifest.returns.tags for each in manifests
        ]
        known = frozenset(order).union(tags, UNKNOWN.tags, *described) - {LOCAL_ONLY}
        terms = Terms(self.home, groups, order, known)
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
            order=order,
            groups=MappingProxyType({name: tuple(to) for name, to in groups.items()}),
            places=tuple(places),
            manifests=manifests,
            rules=tuple(rule_tables.read(top.tables("rule"), terms)),
            floors=for_device(self.home, self.own),
        )
        examples = expect_tables.read(
            top.tables("expect"), terms, [rule.id for rule in policy.rules]
        )
        return policy, list(examples)

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

    def _place(self, table: Table) -> patterns.Patterns | None:
        table.only(["path", "tags", "trust"])
        table.needs("path", 'for example path = "~/Documents/**"')
        return table.patterns("path", lambda texts: patterns.paths(texts, self.home))


_TOP = (
    "version",
    "timezone",
    "defaults",
    "labels",
    "groups",
    "place",
    "tool",
    "rule",
    "expect",
)

"""Terms: what a policy file has defined for the rest of itself: groups, tags and their order, home.

It reads no table and judges nothing. `document` fills it; `rule_tables` and `expect_tables` look
words up in it, so that a word is known in both or in neither.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from doorward.policies import checks, patterns
from doorward.policies.fields import Table, meant
from doorward.policies.lines import Path


@dataclass(frozen=True, slots=True)
class Terms:
    """The words of one file."""

    home: str
    """What `~` stands for."""
    groups: Mapping[str, Sequence[str]]
    """Destinations by `@name`."""
    order: tuple[str, ...]
    """Tags from least to most private."""
    tags: frozenset[str]
    """Every tag that something can have."""

    def paths(self, texts: Iterable[str]) -> patterns.Patterns:
        """Compile path patterns with `~` as the home.

        Raises:
            ValueError: When one is no pattern.
        """
        return patterns.paths(texts, self.home)

    def to(self, table: Table) -> patterns.Patterns | None:
        """Return the destinations of a rule, groups opened."""
        for text, where in table.texts("to").items():
            if text.startswith("@") and text not in self.groups:
                what = f'unknown group "{text}"{meant(text, self.groups)}'
                table.report.value(where, what, "groups stand under [groups], without the @")
            elif not text.startswith("@"):
                checks.destination(text, where, table.report)
        return table.patterns("to", patterns.names, instead=self.groups)

    def tagged(self, table: Table) -> frozenset[str]:
        """Return the tags that a table names."""
        found = table.texts("tags")
        for tag, where in found.items():
            self._known(tag, where, table)
        return frozenset(found)

    def _known(self, tag: str, where: Path, table: Table) -> None:
        if tag not in self.tags:
            what = f'unknown tag "{tag}"{meant(tag, sorted(self.tags))}'
            hint = "a tag stands in [labels] order, or some [[place]] or [[tool]] gives it"
            table.report.value(where, what, hint)

    def level(self, table: Table, key: str) -> str | None:
        """Return a tag of the order."""
        tag = table.text(key)
        if tag and tag not in self.order:
            what = f'"{tag}" is not in the order of [labels]{meant(tag, self.order)}'
            table.wrong(key, what, 'least private first, as in order = ["work", "personal"]')
        return tag or None

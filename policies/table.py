"""Table: the rules and floors of a policy laid out once, so that few are looked at for a request.

It decides nothing: it leaves out rules whose effect or whose patterns rule them out, and whoever
asks puts the other conditions to what is left. `conditions` and `judging` ask.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from doorward.policies.floors import Floor, built_in
from doorward.policies.patterns import Name
from doorward.policies.rules import Policy, Rule
from doorward.policies.sieve import Sieve, picked
from doorward.policies.vocabulary import Decision, Effect


@dataclass(frozen=True, slots=True)
class Side:
    """The rules that can grant, or those that can hold back."""

    rules: tuple[Rule, ...]
    about: Mapping[Effect, int]
    """Positions in `rules` by effect, as bits."""
    tools: Sieve
    to: Sieve
    paths: Sieve

    @classmethod
    def of(cls, rules: Iterable[Rule]) -> Side:
        """Lay rules out."""
        rules = tuple(rules)
        return cls(
            rules=rules,
            about=_by_effect(rules),
            tools=Sieve(rule.tools for rule in rules),
            to=Sieve(rule.to for rule in rules),
            paths=Sieve(rule.paths for rule in rules),
        )

    def grants(
        self, effect: Effect, tool: Name, to: Name, paths: tuple[Name, ...], *, only: bool
    ) -> list[Rule]:
        """Return the rules about an effect whose patterns match everything that goes in.

        Args:
            effect: What would be done.
            tool: By which tool.
            to: Where to.
            paths: What is touched.
            only: Nothing but these paths went in.
        """
        left = self.to.match(to, self.tools.match(tool, self.about[effect]))
        if not only:
            left = self.paths.unbound(left)
        for path in paths:
            left = self.paths.match(path, left)
        return picked(self.rules, left)

    def holds(self, effect: Effect, tool: Name, to: Name, paths: tuple[Name, ...]) -> list[Rule]:
        """Return the rules about an effect whose patterns resemble anything that goes in."""
        left = self.to.resemble(to, self.tools.resemble(tool, self.about[effect]))
        found = self.paths.unbound(left)
        for path in paths:
            found |= self.paths.resemble(path, left)
        return picked(self.rules, found)


@dataclass(frozen=True, slots=True)
class Table:
    """A policy laid out."""

    granting: Side
    holding: Side
    floors: tuple[Floor, ...]
    """The built-in ones first."""
    barred: Mapping[Effect, int]
    """Positions in `floors` by effect, as bits."""
    places: Sieve
    """Of the floors."""

    @classmethod
    def of(cls, rules: tuple[Rule, ...], floors: tuple[Floor, ...]) -> Table:
        """Lay rules and floors out."""
        floors = (*built_in(), *floors)
        return cls(
            granting=Side.of(rule for rule in rules if rule.decision is not Decision.DENY),
            holding=Side.of(rule for rule in rules if rule.decision is not Decision.ALLOW),
            floors=floors,
            barred=_by_effect(floors),
            places=Sieve(floor.paths for floor in floors),
        )

    def floor(self, effect: Effect, paths: Iterable[Name]) -> Floor | None:
        """Return the first floor that bars an effect on any of these paths."""
        about, found = self.barred[effect], 0
        for path in paths:
            found |= self.places.resemble(path, about)
        return next(iter(picked(self.floors, found)), None)


def table_of(policy: Policy | None) -> Table:
    """Return the table of a policy, which is made when it is first asked for."""
    if policy is None:
        return _closed()
    if not policy.tables:
        policy.tables.append(Table.of(policy.rules, policy.floors))
    return policy.tables[0]


@cache
def _closed() -> Table:
    return Table.of((), ())


def _by_effect(held: Iterable[Rule | Floor]) -> Mapping[Effect, int]:
    found = dict.fromkeys(Effect, 0)
    for at, each in enumerate(held):
        for effect in each.effects:
            found[effect] |= 1 << at
    return found

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
    """The rules that can grant, or those that can hold back; paths aside."""

    rules: tuple[Rule, ...]
    about: Mapping[Effect, int]
    """Positions in `rules` by effect, as bits."""
    tools: Sieve
    to: Sieve

    @classmethod
    def of(cls, rules: tuple[Rule, ...]) -> Side:
        """Lay rules out."""
        tools, to = Sieve(rule.tools for rule in rules), Sieve(rule.to for rule in rules)
        return cls(rules, _by_effect(rules), tools, to)


@dataclass(frozen=True, slots=True)
class Table:
    """A policy laid out."""

    granting: Side
    inside: Sieve
    """The paths of the rules that can grant."""
    holding: Side
    floors: tuple[Floor, ...]
    """The built-in ones first."""
    around: Sieve
    """The paths of the floors, and then of the rules that can hold back."""
    barred: Mapping[Effect, int]
    """Positions in `around` by effect, as bits."""

    @classmethod
    def of(cls, rules: Iterable[Rule], floors: Iterable[Floor]) -> Table:
        """Lay rules and floors out."""
        rules, floors = tuple(rules), (*built_in(), *floors)
        grants = tuple(rule for rule in rules if rule.decision is not Decision.DENY)
        holds = tuple(rule for rule in rules if rule.decision is not Decision.ALLOW)
        around: tuple[Rule | Floor, ...] = (*floors, *holds)
        return cls(
            granting=Side.of(grants),
            inside=Sieve(rule.paths for rule in grants),
            holding=Side.of(holds),
            floors=floors,
            around=Sieve(each.paths for each in around),
            barred=_by_effect(around),
        )

    def grants(
        self, effect: Effect, tool: Name, to: Name, paths: tuple[Name, ...], *, only: bool
    ) -> list[Rule]:
        """Return the rules that can grant whose effect and patterns hold for everything.

        Args:
            effect: What would be done.
            tool: By which tool.
            to: Where to.
            paths: What is touched.
            only: Nothing but these paths went in.
        """
        side = self.granting
        left = side.to.match(to, side.tools.match(tool, side.about[effect]))
        if not only:
            left = self.inside.unbound(left)
        for path in paths:
            left = self.inside.match(path, left)
        return picked(side.rules, left)

    def near(self, effect: Effect, paths: tuple[Name, ...]) -> int:
        """Return what any of these paths comes near, as positions in `around`."""
        about = self.barred[effect]
        found = self.around.unbound(about)
        for path in paths:
            found |= self.around.resemble(path, about)
        return found

    def floor(self, near: int) -> Floor | None:
        """Return the first floor among what the paths come near."""
        at = (near & -near).bit_length() - 1
        return self.floors[at] if 0 <= at < len(self.floors) else None

    def holds(self, effect: Effect, tool: Name, to: Name, near: int) -> list[Rule]:
        """Return the rules that can hold back whose effect and patterns hold for anything."""
        side = self.holding
        left = side.about[effect] & (near >> len(self.floors))
        return picked(side.rules, side.to.resemble(to, side.tools.resemble(tool, left)))


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

"""Labels: what is known of a value, and how they join when values meet.

They are not rules: a label says what a value is, never what may be done with it. The door attaches
them, the vault keeps them, `rules` reads them. A join never loses a tag and never gains trust.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

from doorward.policies.vocabulary import Trust


@dataclass(frozen=True, slots=True)
class Label:
    """Tags, trust and sources of one value."""

    tags: frozenset[str] = frozenset()
    """What it is about or whose it is: `personal`, `health`, `client-acme`."""
    trust: Trust = Trust.TRUSTED
    """The lowest of anything that went in."""
    sources: frozenset[str] = frozenset()
    """Where it came from, as resources: `file:/…`, `user`."""

    def join(self, other: Label) -> Label:
        """Return the label of anything made from both: all tags, all sources, the lower trust."""
        lower = max(self.trust, other.trust, key=lambda each: each.rank)
        return Label(self.tags | other.tags, lower, self.sources | other.sources)


def join_all(labels: Iterable[Label]) -> Label:
    """Return the join of every label; the join of none is `NEUTRAL`."""
    return reduce(Label.join, labels, NEUTRAL)


NEUTRAL = Label()
"""The label of a value made from nothing: the identity of `join`."""

USER = Label(sources=frozenset({"user"}))
"""The user's own words."""

UNKNOWN = Label(frozenset({"unknown"}), Trust.UNTRUSTED)
"""What nobody has described: treated as most private and untrusted."""

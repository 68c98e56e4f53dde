"""Manifests: what is known of a tool besides its face, declared by whoever vouches for it.

A manifest is never the tool's own word: built-in tools have theirs in the daemon's toolbox, those
of connectors stand in the user's policy file (`[[tool]]`). What has none is `unknown_tool`:
everything it gives back is untrusted, everything it does may leave and may destroy. The door turns
manifests into the leaves of a request; the gate sees only those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from doorward.policies.labels import UNKNOWN, Label
from doorward.policies.vocabulary import Effect, Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What one tool does, and what is known of what it gives back."""

    tool: str
    """`area.verb`, or `mcp.<connector>.<tool>`."""
    effects: frozenset[Effect]
    """What a call does to the world; a request is made for each."""
    roles: Mapping[str, Role] = field(default_factory=dict)
    """The role of each argument, dotted inside records; one that is not named is a target."""
    cues: frozenset[str] = frozenset()
    """Words of the user, in their plain form, that call for this tool: `send`, `mail`."""
    returns: Label = UNKNOWN
    """Of everything in a result that `fields` does not name; its tags `unknown`: as the policy's
    sources say."""
    fields: Mapping[str, Label] = field(default_factory=dict)
    """Of single fields of a result, dotted, `*` for every element of a list: `items.*.id`."""

    def role(self, argument: str) -> Role:
        """Return the role of an argument: its own, that of the record it stands in, or target."""
        while argument:
            if argument in self.roles:
                return self.roles[argument]
            argument = argument.rpartition(".")[0]
        return Role.TARGET


def unknown_tool(tool: str) -> Manifest:
    """Return the manifest of a tool that nobody has vouched for."""
    return Manifest(tool=tool, effects=frozenset({Effect.EGRESS, Effect.DESTROY}))

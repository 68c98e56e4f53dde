"""Manifests: what is known of a tool besides its face, declared by whoever vouches for it.

A manifest is never the tool's own word: built-in tools have theirs in the daemon's toolbox, those
of connectors stand in the user's policy file (`[[tool]]`). What has none is `unknown_tool`:
everything it gives back is untrusted, everything it does may leave and may destroy. The door turns
manifests into the leaves of a request; the gate sees only those.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce

from doorward.policies.labels import UNKNOWN, Label
from doorward.policies.patterns import Name, Patterns
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


@dataclass(frozen=True, slots=True)
class Vouched:
    """One `[[tool]]` of a policy file: what the user says of the tools of these names."""

    names: Patterns
    manifest: Manifest
    """Of every tool that the names match; without effects it says only what they give back."""


def manifest_of(tool: str, vouched: Iterable[Vouched]) -> Manifest:
    """Return what is vouched for a tool: by its own name, else by all patterns of names together.

    Where several speak, the stricter word of each holds; where none does, `unknown_tool`.
    """
    found = [each.manifest for each in speaking(tool, vouched) if each.manifest.effects]
    if not found:
        return unknown_tool(tool)
    return replace(reduce(_stricter, found), tool=tool)


def speaking(tool: str, vouched: Iterable[Vouched]) -> Sequence[Vouched]:
    """Return those that name a tool itself, or else those whose patterns match it exactly."""
    name = Name.of(tool)
    found = [each for each in vouched if each.names.match(name)]
    return [each for each in found if tool in each.names.texts] or found


_STRICTEST = (Role.TARGET, Role.OBJECT, Role.LINK, Role.CONTENT, Role.OPTION)


def _stricter(one: Manifest, other: Manifest) -> Manifest:
    return Manifest(
        tool=one.tool,
        effects=one.effects | other.effects,
        roles={
            name: min(one.role(name), other.role(name), key=_STRICTEST.index)
            for name in one.roles.keys() | other.roles.keys()
        },
        cues=one.cues & other.cues,
        returns=one.returns.join(other.returns),
        fields={
            name: one.fields.get(name, one.returns).join(other.fields.get(name, other.returns))
            for name in one.fields.keys() | other.fields.keys()
        },
    )

"""Rules: what a policy is once it is read, and what it says of data that is fetched.

It cannot mint a permit (that is `gate`), does not judge (that is `judging`) and does not read files
(that is `document`). The door calls `label_of` when it reads.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from doorward.policies.floors import Floor
from doorward.policies.labels import UNKNOWN, Label, join_all
from doorward.policies.limits import Day, Hours, Limit
from doorward.policies.manifest import Manifest, Vouched, manifest_of, speaking
from doorward.policies.patterns import Name, Patterns
from doorward.policies.vocabulary import (
    Decision,
    Effect,
    Influence,
    Origin,
    Release,
    Role,
    Trust,
)

if TYPE_CHECKING:
    from doorward.policies.table import Table

STRICT = MappingProxyType(
    {
        Effect.READ: Decision.ASK,
        Effect.WRITE: Decision.ASK,
        Effect.DESTROY: Decision.ASK,
        Effect.EGRESS: Decision.DENY,
        Effect.SPEND: Decision.DENY,
        Effect.RUN: Decision.DENY,
    }
)
"""What holds where a policy file says nothing."""

FORMS = tuple(Release)
"""Every release form, most revealing first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule; a condition that is None (or empty) holds for everything."""

    id: str
    decision: Decision
    line: int = 0
    why: str = ""
    locked: bool = False
    """Only editing the file lifts it: no approval, grant or server can."""
    effects: frozenset[Effect] = frozenset(Effect)
    tools: Patterns | None = None
    paths: Patterns | None = None
    """What is touched; for `EGRESS`, the files that the value came from."""
    to: Patterns | None = None
    named: bool | None = None
    hours: Hours | None = None
    days: frozenset[Day] = frozenset()
    """Of the moment itself: what passes midnight is another day."""
    limit: Limit | None = None
    """How often it grants; used up, it is as if it were not there."""
    words: bool = False
    """Nothing went in but the words that the user typed."""
    tags: frozenset[str] = frozenset()
    at_most: str | None = None
    """A tag of the order: nothing that went in is more private. Limits what is granted."""
    at_least: str | None = None
    """A tag of the order: something that went in is that private. Limits what is held back."""
    trust: Trust | None = None
    """Granted: everything that went in is at least that trusted. Held back: something is that
    little trusted, or less."""
    influence: Influence | None = None
    asked: bool | None = None
    planned: bool | None = None
    origins: Mapping[Role, Origin] = field(default_factory=dict)
    """Where arguments come from. Granted: each leaf of the role is at least that good; held back:
    some leaf is that bad, or worse."""
    arguments: Origin | None = None
    """The same of every leaf but options, whatever its role."""
    release: Release | None = None
    keep: frozenset[str] = frozenset()
    """Obligations of whoever acts on the verdict."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where data lives, and what is therefore known of it."""

    paths: Patterns
    tags: frozenset[str]
    trust: Trust


@dataclass(frozen=True, slots=True)
class Policy:
    """One frozen snapshot of a policy file."""

    version: int = 1
    id: str = ""
    """Short digest of the text; approvals hold under one snapshot alone."""
    timezone: str = ""
    """IANA name; empty for that of the device."""
    home: str = "/"
    """What `~` stands for."""
    defaults: Mapping[Effect, Decision] = field(default_factory=lambda: STRICT)
    default_lines: Mapping[Effect, int] = field(default_factory=dict)
    tags: frozenset[str] = UNKNOWN.tags
    """Of data that no place or tool describes."""
    trust: Trust = UNKNOWN.trust
    order: tuple[str, ...] = ()
    """Tags from least to most private; any other tag is more private than all of these."""
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    manifests: tuple[Vouched, ...] = ()
    """What the user says of tools: of those of connectors everything, of ours what they fetch."""
    rules: tuple[Rule, ...] = ()
    floors: tuple[Floor, ...] = ()
    """What no rule lifts on this device; the built-in floors always hold besides."""

    tables: list[Table] = field(init=False, compare=False, repr=False, default_factory=list)
    """Where `table` keeps what it makes of the rules, once for many requests."""

    _ranks: Mapping[str, int] = field(init=False, compare=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Count the tags of the order, once for many requests."""
        ranks = {tag: index for index, tag in enumerate(self.order)}
        object.__setattr__(self, "_ranks", ranks)

    def manifest(self, tool: str) -> Manifest:
        """Return what the user vouches for of a connector's tool; else `unknown_tool`."""
        return manifest_of(tool, self.manifests)

    def level(self, tags: Iterable[str]) -> int:
        """Return how private the most private of these tags is; -1 for none."""
        level = -1
        for tag in tags:
            level = max(level, self._ranks.get(tag, len(self.order)))
        return level


def label_of(resource: str, policy: Policy | None, *, tool: str = "") -> Label:
    """Return what is known of data, from where it lies or which tool fetches it.

    Args:
        resource: The resolved path, address or name that is read.
        policy: The snapshot in force.
        tool: The tool that reads it.

    Returns:
        The join of all that places and tools say; the defaults where they say nothing;
        `UNKNOWN` tags without a policy.
    """
    is_path = resource.startswith("/")
    origin = frozenset({f"file:{resource}" if is_path else f"tool:{tool}:{resource}"})
    if policy is None:
        return Label(UNKNOWN.tags, UNKNOWN.trust, origin)
    name, called = Name.of_path(resource), Name.of(tool)
    default = Label(policy.tags, policy.trust)
    near = [place for place in policy.places if is_path and place.paths.resemble(name)]
    found = [Label(place.tags, place.trust) for place in near]
    tools = speaking(tool, policy.manifests)
    if not tools:
        found += [v.manifest.returns for v in policy.manifests if v.names.resemble(called)]
    found += [vouched.manifest.returns for vouched in tools]
    # Only an exact match may stand in for the default; a similar one can but add to it.
    if not tools and not any(place.paths.match(name) for place in near):
        found.append(default)
    return join_all([Label(sources=origin), *found])

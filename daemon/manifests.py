"""Manifests of the tools that the door asks for: built in here, of connectors in the policy file.

A built-in tool stands here only if its arguments decide more than what it says it touches: for file
tools the resource says everything. What a connector brings and nobody has vouched for is unknown.
The door calls it for each step, `daemon.main` hands `by_policy` to the catalogue.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from doorward.policies.labels import Label
from doorward.policies.manifest import Manifest, unknown_tool
from doorward.policies.rules import Policy
from doorward.policies.vocabulary import Effect, Role, Trust

BUILT_IN: Mapping[str, Manifest] = MappingProxyType(
    {
        "web.get": Manifest(
            tool="web.get",
            effects=frozenset({Effect.EGRESS}),
            roles={"url": Role.TARGET},
            cues=frozenset({"web", "website", "page", "look up"}),
            returns=Label(frozenset({"public"}), Trust.UNTRUSTED),
        )
    }
)
"""By name; a tool that sends to people or to the web adds its line here."""

_CONNECTOR = "mcp."


def by_policy(policy: Callable[[], Policy | None]) -> Callable[[str], Manifest | None]:
    """Return what asks `manifest_for` under the policy in force."""
    return lambda tool: manifest_for(tool, policy())


def manifest_for(tool: str, policy: Policy | None) -> Manifest | None:
    """Return what is known of a tool; None when its touches say everything."""
    if tool.startswith(_CONNECTOR):
        return policy.manifest(tool) if policy else unknown_tool(tool)
    return BUILT_IN.get(tool)

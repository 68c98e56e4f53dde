"""Manifests of the tools that the door asks for: built in here, of connectors in the policy file.

A built-in tool stands here only if its arguments decide more than what it says it touches: for file
tools the resource says everything. What a connector brings and nobody has vouched for is unknown.
`daemon.main` hands `manifest_of` to the door.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from doorward.policies.manifest import Manifest, unknown_tool

BUILT_IN: Mapping[str, Manifest] = MappingProxyType({})
"""By name; a tool that sends to people or to the web adds its line here."""

_CONNECTOR = "mcp."


def manifest_of(tool: str) -> Manifest | None:
    """Return what is known of a tool; None when its touches say everything."""
    if tool.startswith(_CONNECTOR):
        return unknown_tool(tool)
    return BUILT_IN.get(tool)

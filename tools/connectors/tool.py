"""A connector's tool as one of ours: its face, what a call touches, and what comes of it.

It judges nothing: that the arguments leave for the connector, and whatever else its manifest says
a call does, are touches for the door. What the server says of itself lowers nothing. A result is
a stranger's words: text as text, structured content as data, the rest left where it is.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence

from doorward.policies.labels import Label
from doorward.policies.manifest import Manifest
from doorward.policies.permit import Permit
from doorward.policies.plan import ToolSpec
from doorward.policies.vocabulary import Data, Destination, Effect, Release
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch
from doorward.tools.connectors.offered import Offer, shown

Call = Callable[[str, str, Arguments], Awaitable[Mapping[str, Data]]]
"""Calls `(connector, tool, arguments)`; raises `ToolError`."""


def name_of(connector: str, tool: str) -> str:
    """Return the name under which policy, plans and receipts know a connector's tool."""
    return f"mcp.{connector}.{tool}"


class ConnectorTool:
    """One tool of one connector, as the user accepted it."""

    def __init__(
        self, connector: str, offer: Offer, manifest: Callable[[str], Manifest], call: Call
    ) -> None:
        """Wrap a tool.

        Args:
            connector: The connector's name.
            offer: The tool as it was accepted.
            manifest: Says what is known of a tool by its full name; asked at each call.
            call: How to reach the server.
        """
        self._connector, self._offer = connector, offer
        self._manifest, self._call = manifest, call
        self._name = name_of(connector, offer.name)

    @property
    def spec(self) -> ToolSpec:
        """Its face: name and arguments, and one line of what it says of itself."""
        offer = self._offer
        effects = self._effects(self._manifest(self._name))
        returns = "text, data, left_out"
        return ToolSpec(self._name, offer.about, offer.parameters(), effects, returns)

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Say that everything in the call leaves for the connector, and what that does there."""
        effects = self._effects(self._manifest(self._name)) - {Effect.EGRESS}
        where = Destination("connector", self._connector)
        leaves = Touch(Effect.EGRESS, "", destination=where)
        return [leaves, *(Touch(effect, str(where)) for effect in sorted(effects))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Call it; every touch must be permitted, the arguments as they are.

        Raises:
            ToolError: Something is not permitted, or the connector could not do it.
        """
        effects = self._effects(self._manifest(self._name))
        held = {permit.request.effect: permit for permit in permits}
        if lacking := sorted(effects - held.keys()):
            raise ToolError(f"{self._name} needs leave to {', '.join(lacking)}; nothing was sent")
        form = held[Effect.EGRESS].verdict.release
        if form is not Release.FULL:
            raise ToolError(f"{self._name} may be sent no more than {form}; nothing was sent")
        answer = await self._call(self._connector, self._offer.name, arguments)
        # What a stranger may have written there is the manifest's word, which the door joins.
        source = Label(sources=frozenset({f"connector:{self._connector}/{self._offer.name}"}))
        return _result(answer, source, self._name)

    def _effects(self, manifest: Manifest) -> frozenset[Effect]:
        """Return what is asked for: reading there is no more than having the question leave."""
        return (manifest.effects | {Effect.EGRESS}) - {Effect.READ}


def _result(answer: Mapping[str, Data], label: Label, tool: str) -> Result:
    blocks = answer.get("content")
    texts: list[str] = []
    left: list[str] = []
    for block in blocks if isinstance(blocks, list) else ():
        if not isinstance(block, dict):
            continue
        text = block.get("text")
        if block.get("type") == "text" and isinstance(text, str):
            texts.append(text)
        else:
            left.append(shown(str(block.get("type"))))
    text = "\n".join(texts)
    if answer.get("isError"):
        raise ToolError(f"{tool} failed: {shown(text)}")
    notes = (f"{tool}: left out, not fetched: {', '.join(left)}",) if left else ()
    data: Data = {"text": text, "data": answer.get("structuredContent"), "left_out": len(left)}
    return Result(data, label, notes)

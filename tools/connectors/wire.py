"""The wire to a server: lines of JSON on its pipes, to and from the streams that the SDK reads.

Our own instead of the SDK's `stdio_client`: that one starts the program itself (with our
environment, behind no walls), reads lines of any length, and logs what it cannot parse. Runs in the
tasks of `session`, which ends them.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import anyio

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectReceiveStream, MemoryObjectSendStream
    from mcp.shared.message import SessionMessage

_MOST_NOISE = 100
"""Lines that are no messages before we say that it speaks no MCP."""


class BadWire(Exception):
    """What came is no conversation; the message says why."""


async def inward(
    source: asyncio.StreamReader, into: MemoryObjectSendStream[SessionMessage | Exception]
) -> None:
    """Hand every message on until the server closes its output; drop a little noise.

    Raises:
        BadWire: A line is too long, or there are too many that are no messages.
    """
    from mcp.shared.message import SessionMessage
    from mcp.types import jsonrpc_message_adapter

    noise = 0
    async with into:
        while True:
            try:
                line = await source.readline()
            except ValueError:
                raise BadWire("it sent a message longer than 5 MB") from None
            if not line:
                return
            try:
                message = jsonrpc_message_adapter.validate_json(line, by_name=False)
            except ValueError:
                noise += 1
                if noise > _MOST_NOISE:
                    raise BadWire("it writes what is no MCP message") from None
                continue
            try:
                await into.send(SessionMessage(message))
            except (anyio.BrokenResourceError, anyio.ClosedResourceError):
                return


async def outward(
    source: MemoryObjectReceiveStream[SessionMessage], sink: asyncio.StreamWriter
) -> None:
    """Write every message as one line, until the session closes."""
    async with source:
        async for held in source:
            text = held.message.model_dump_json(by_alias=True, exclude_unset=True)
            sink.write(text.encode() + b"\n")
            try:
                await sink.drain()
            except ConnectionError:
                return  # it ended; the other direction says so

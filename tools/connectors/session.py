"""One conversation with one server: its process, the SDK's session over its pipes, its end.

One task (`run`) enters and leaves every context, so no cancel scope ever crosses a task; callers
only send requests. It judges nothing and compares no pins. The SDK is imported when the first
session starts. No capability is offered: what a server asks of us (sampling, elicitation, roots) is
refused by the SDK's defaults. A crash or a hang costs the call that met it.
"""

from __future__ import annotations

import asyncio
import importlib
import socket
from collections.abc import Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import anyio
from doorward.policies.vocabulary import Data
from doorward.tools.base import ToolError, Unavailable
from doorward.tools.connectors import wire
from doorward.tools.connectors.child import Child
from doorward.tools.connectors.offered import shown
from doorward.tools.sandbox.confined import Order

if TYPE_CHECKING:
    from anyio.streams.memory import MemoryObjectSendStream
    from mcp.client.session import ClientSession
    from mcp.shared.message import SessionMessage
    from mcp.types import ClientRequest
    from pydantic import BaseModel

_SDK = "mcp.client.session"
_PAGES = 20
"""Pages of a list of tools that are asked for."""
Answer = TypeVar("Answer", bound="BaseModel")


Way = Callable[[str, socket.socket], AbstractAsyncContextManager[object]]
"""Serves whoever shows this token at this socket, as long as it is entered."""


class Session:
    """A running server that can be asked."""

    def __init__(
        self,
        name: str,
        order: Order,
        home: Path,
        way: Way | None = None,
        *,
        seconds: float,
        idle: float,
    ) -> None:
        """Prepare; `run` starts it.

        Args:
            name: The connector's.
            order: What to start behind which walls.
            home: The user's home, for the escape test.
            way: Serves it on its way to its hosts.
            seconds: The longest wait for an answer.
            idle: Seconds without a call after which it ends.
        """
        self._name, self._order, self._home = name, order, home
        self._seconds, self._idle, self._way = seconds, idle, way
        self._ready = asyncio.Event()
        self._over = asyncio.Event()
        self._session: ClientSession | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._calls = 0
        self._error: Exception | None = None
        self.layers: tuple[str, ...] = ()
        self.pid = 0

    @property
    def usable(self) -> bool:
        """Tell whether it can be asked, or is about to."""
        return not self._over.is_set()

    def end(self) -> None:
        """Have it end soon."""
        self._over.set()

    async def run(self) -> None:
        """Start the server, keep the conversation until it ends, leave nothing running."""
        try:
            await asyncio.to_thread(importlib.import_module, _SDK)
            child = await Child.start(self._name, self._order, self._home)
            self.layers, self.pid = child.layers, child.pid
            try:
                async with self._served(child):
                    await self._converse(child)
            finally:
                self._session = None
                await child.close()
        except* wire.BadWire as group:
            self._fail(f"was ended: {group.exceptions[0]}")
        except* ToolError as group:
            self._error = self._error or _first(group)
        except* Exception as group:  # what a server can make the SDK raise is its own failure
            self._fail(f"cannot be spoken to: {shown(str(_first(group)))}")
        finally:
            self._over.set()
            self._ready.set()
            if self._timer is not None:
                self._timer.cancel()

    def _served(self, child: Child) -> AbstractAsyncContextManager[object]:
        if child.way is None or self._way is None:
            return nullcontext()
        return self._way(self._order.proxy.partition(":")[2], child.way)

    async def _converse(self, child: Child) -> None:
        from mcp.client.session import ClientSession
        from mcp.shared.message import SessionMessage
        from mcp.types import Implementation

        incoming, read = anyio.create_memory_object_stream[SessionMessage | Exception](0)
        write, outgoing = anyio.create_memory_object_stream[SessionMessage](0)
        async with asyncio.TaskGroup() as group:
            pumps = [
                group.create_task(self._inward(child, incoming)),
                group.create_task(wire.outward(outgoing, child.stdin)),
                group.create_task(child.listen()),
            ]
            try:
                me = Implementation(name="doorward", version="1")
                async with read, write, ClientSession(read, write, client_info=me) as session:
                    await self._greet(session, child)
                    await self._over.wait()
            finally:
                for pump in pumps:
                    pump.cancel()

    async def _inward(
        self, child: Child, incoming: MemoryObjectSendStream[SessionMessage | Exception]
    ) -> None:
        try:
            await wire.inward(child.stdout, incoming)
            self._fail(_ended(child))
        except wire.BadWire as error:
            self._fail(f"was ended: {error}")
        finally:
            self._over.set()

    async def _greet(self, session: ClientSession, child: Child) -> None:
        try:
            async with asyncio.timeout(self._seconds):
                await session.initialize()
        except TimeoutError:
            self._fail(f"did not answer within {self._seconds:g} s")
            return
        except Exception:
            self._fail(_ended(child))
            raise
        self._session = session
        self._rest()
        self._ready.set()

    def _fail(self, why: str) -> None:
        """Keep the first reason why it ended; it ends."""
        if self._error is None:
            self._error = Unavailable(f"the connector {self._name} {why}")
        self._over.set()

    def _rest(self) -> None:
        """Let the idle time begin when no call is under way."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        if not self._calls:
            self._timer = asyncio.get_running_loop().call_later(self._idle, self._over.set)

    async def tools(self) -> list[Mapping[str, Data]]:
        """Ask what the server offers.

        Raises:
            ToolError: It does not answer, or not in the form of MCP.
        """
        from mcp.types import ListToolsRequest, ListToolsResult, PaginatedRequestParams

        found: list[Mapping[str, Data]] = []
        cursor: str | None = None
        for _ in range(_PAGES):
            request = ListToolsRequest(params=PaginatedRequestParams(cursor=cursor))
            page = await self._ask(request, ListToolsResult)
            found += [tool.model_dump(by_alias=True, mode="json") for tool in page.tools]
            cursor = page.next_cursor
            if cursor is None:
                break
        return found

    async def call(self, tool: str, arguments: Mapping[str, Data]) -> Mapping[str, Data]:
        """Call a tool; return the result as the server sent it.

        Raises:
            ToolError: It does not answer, or not in the form of MCP.
        """
        from mcp.types import CallToolRequest, CallToolRequestParams, CallToolResult

        params = CallToolRequestParams(name=tool, arguments=dict(arguments))
        # Not `call_tool`: that runs the server's own output schema, regular expressions and all.
        result = await self._ask(CallToolRequest(params=params), CallToolResult)
        held: Mapping[str, Data] = result.model_dump(by_alias=True, mode="json", exclude_none=True)
        return held

    async def _ask(self, request: ClientRequest, form: type[Answer]) -> Answer:
        self._calls += 1
        try:
            await self._ready.wait()
            session = self._session
            if session is None:
                raise self._why()
            self._rest()
            async with asyncio.timeout(self._seconds):
                return await session.send_request(request, form)
        except TimeoutError:
            self._fail(f"did not answer within {self._seconds:g} s and was ended")
            raise self._why() from None
        except asyncio.CancelledError:
            self.end()  # whoever stops a call wants no more of it
            raise
        except ToolError:
            raise
        except Exception as error:  # the SDK's many errors: one failed step
            raise self._refusal(error) from error
        finally:
            self._calls -= 1
            self._rest()

    def _refusal(self, error: Exception) -> Exception:
        if self._over.is_set():
            return self._why()
        from mcp.shared.exceptions import MCPError

        said = error.error.message if isinstance(error, MCPError) else "its answer is not MCP's"
        return ToolError(f"the connector {self._name} refused: {shown(said)}")

    def _why(self) -> Exception:
        return self._error or Unavailable(f"the connector {self._name} has ended")


def _ended(child: Child) -> str:
    last = shown(child.complaint.strip().rpartition("\n")[2])
    return f"ended by itself{f'; it said {last!r}' if last else ''}"


def _first(group: BaseExceptionGroup[BaseException]) -> Exception:
    """Return the first plain error in a group."""
    for error in group.exceptions:
        if isinstance(error, BaseExceptionGroup):
            return _first(error)
        if isinstance(error, Exception):
            return error
    return RuntimeError("it failed")

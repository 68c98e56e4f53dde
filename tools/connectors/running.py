"""The connectors that run now: started on first use, ended when idle, one process each.

It judges nothing. Before each call it compares what the server offers with what the user accepted:
a tool that changed is refused, in words. `daemon.main` keeps it running; tools call it.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from functools import partial

from doorward.policies.vocabulary import Data
from doorward.tools.base import Conflict, Unavailable
from doorward.tools.connectors.described import Connector
from doorward.tools.connectors.offered import Offer, changes, offers
from doorward.tools.connectors.session import Session
from doorward.tools.connectors.walls import Ground, order

SECONDS = 60.0
"""The longest wait for an answer."""
IDLE = 120.0
"""Seconds without a call after which a connector's process ends."""


Ways = Callable[[Connector, str, socket.socket], AbstractAsyncContextManager[object]]
"""Serves a connector that shows this token at this socket, as long as it is entered."""


class Running:
    """Starts, keeps and ends connectors."""

    def __init__(
        self,
        ground: Ground,
        ways: Ways | None = None,
        *,
        seconds: float = SECONDS,
        idle: float = IDLE,
    ) -> None:
        """Nothing starts before the first call.

        Args:
            ground: Where connectors live.
            ways: What those that may reach hosts go through; without it they reach none.
            seconds: The longest wait for an answer.
            idle: Seconds after which an unused one ends.
        """
        self._ground, self._ways = ground, ways
        self._seconds, self._idle = seconds, idle
        self._sessions: dict[str, tuple[Connector, Session]] = {}
        self._group: asyncio.TaskGroup | None = None

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[Running]:
        """Run connectors inside this block; leaving it ends them all."""
        async with asyncio.TaskGroup() as group:
            self._group = group
            try:
                yield self
            finally:
                self._group = None
                for _, session in self._sessions.values():
                    session.end()

    async def run(self) -> None:
        """Run connectors until cancelled."""
        async with self.kept():
            await asyncio.Event().wait()

    def pids(self) -> dict[str, int]:
        """Return the process of each connector that runs."""
        held = self._sessions.items()
        return {name: session.pid for name, (_, session) in held if session.usable}

    async def offered(self, connector: Connector) -> tuple[dict[str, Offer], list[str]]:
        """Ask a connector for its tools.

        Returns:
            Those that can be used, by name; and why each of the others cannot.

        Raises:
            ToolError: It cannot be started or does not answer.
        """
        return offers(await self._session(connector).tools())

    async def call(
        self,
        connector: Connector,
        accepted: Mapping[str, Offer],
        tool: str,
        arguments: Mapping[str, Data],
    ) -> Mapping[str, Data]:
        """Call a tool that is still what the user accepted.

        Args:
            connector: Whose.
            accepted: The connector's tools as the user accepted them.
            tool: Its name at the server.
            arguments: What goes there.

        Returns:
            The result as the server sent it.

        Raises:
            Conflict: The tool has changed.
            ToolError: The connector cannot be started, ended, hung or refused.
        """
        now, _ = await self.offered(connector)
        if told := changes(accepted, now).get(tool):
            error = Conflict(f"{connector.name}/{tool} is not the tool that you accepted: {told}")
            error.add_note(f"hint: look at it with doorward connectors pin {connector.name}")
            raise error
        return await self._session(connector).call(tool, arguments)

    def _session(self, connector: Connector) -> Session:
        if self._group is None:
            raise Unavailable(f"the connector {connector.name} cannot run: no daemon keeps it")
        held = self._sessions.get(connector.name)
        if held is not None and held[1].usable and held[0] == connector:
            return held[1]
        if held is not None:
            held[1].end()
        session = Session(
            connector.name,
            order(connector, self._ground),
            self._ground.home,
            self._ways and partial(self._ways, connector),
            seconds=self._seconds,
            idle=self._idle,
        )
        self._sessions[connector.name] = (connector, session)
        self._group.create_task(session.run())
        return session

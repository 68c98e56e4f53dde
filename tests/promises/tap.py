"""A tap on the wire between the daemon's link and a real orchestrator process."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from doorward.cloud_bridge.device.link import Link
from doorward.cloud_bridge.device.witness import Witness
from doorward.daemon.home import HomeOrchestrator


class Tap:
    """Serves an agent through gRPC and keeps every byte that goes up."""

    def __init__(self, state: Path) -> None:
        self.up = bytearray()
        self.witness: Witness | None = None
        """Set it before anything is awaited."""
        self._socket = state / "tap.sock"
        self._home = HomeOrchestrator(
            state / "home.sock", state / "home.db", state / "home.log", print
        )

    async def serve(
        self, connection: sqlite3.Connection, grown: asyncio.Event, arrived: Callable[[], None]
    ) -> None:
        ticks = itertools.count()
        link = Link(
            f"unix:{self._socket}",
            "this-device",
            (),
            connection,
            arrived,
            clock=lambda: float(next(ticks)),
            random=lambda: 0.1,
            witness=self.witness,
        )
        server = await asyncio.start_unix_server(self._through, self._socket)
        async with server, asyncio.TaskGroup() as group:
            group.create_task(self._home.keep(link.wake))
            group.create_task(link.run())
            group.create_task(self._forward(grown, link))

    async def _forward(self, grown: asyncio.Event, link: Link) -> None:
        while True:
            await grown.wait()
            grown.clear()
            link.notify()

    async def _through(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            far, on = await asyncio.open_unix_connection(self._home.target.removeprefix("unix:"))
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(near, on, self.up))
                group.create_task(_pump(far, back, bytearray()))
        back.close()


async def _pump(source: asyncio.StreamReader, to: asyncio.StreamWriter, kept: bytearray) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            kept += data
            to.write(data)
            await to.drain()
    to.close()

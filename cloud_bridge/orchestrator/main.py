"""The program `doorward-orchestrator`: wires planner, engine, tables and service, and serves them.

No logic of its own. The daemon starts it as a child (`--parent-fd`: when that pipe closes it ends,
so a killed daemon leaves no orphan); a server starts it by hand. It says `ready` when it serves.
"""

from __future__ import annotations

import argparse
import asyncio
import datetime
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from doorward.cloud_bridge.bare_log import install
from doorward.cloud_bridge.channel import server_options
from doorward.cloud_bridge.durable import connect
from doorward.cloud_bridge.orchestrator.planner.base import Planner

if TYPE_CHECKING:
    import grpc.aio

GRACE = 2.0
"""Seconds that streams have to end when we close."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end; return the exit code."""
    parser = argparse.ArgumentParser(prog="doorward-orchestrator", description=__doc__)
    parser.add_argument("--listen", required=True, help="where to serve: unix:/path/home.sock")
    parser.add_argument("--database", required=True, type=Path, help="the SQLite file")
    parser.add_argument("--parent-fd", type=int, help="end when this pipe closes")
    options = parser.parse_args(arguments)
    install(sys.stderr)
    asyncio.run(serve(options.listen, options.database, options.parent_fd, _planner()))
    return 0


def _planner() -> Planner:
    from doorward.cloud_bridge.orchestrator.planner.embedded import RecipePlanner

    return RecipePlanner()


async def serve(listen: str, database: Path, parent: int | None, planner: Planner) -> None:
    """Serve devices at `listen` until SIGTERM, SIGINT or the end of the parent's pipe."""
    import grpc.aio
    from doorward.cloud_bridge.orchestrator.engine_dbos import DbosEngine
    from doorward.cloud_bridge.orchestrator.log import Log
    from doorward.cloud_bridge.orchestrator.notary import Notary, build_id, own_key
    from doorward.cloud_bridge.orchestrator.service import Service
    from doorward.cloud_bridge.orchestrator.work import Work
    from doorward.proto.v1.sync_pb2_grpc import add_DeviceSyncServiceServicer_to_server

    over = asyncio.Event()
    _watch(over, parent)
    connection = connect(database)
    log = Log(connection)
    log.create_tables()
    engine = DbosEngine(database, name="home")
    work = Work(log, engine, planner)
    notary = Notary(own_key(database.with_suffix(".key")), "home", build_id(), _now)
    service = Service(log, work.arrived, notary)
    work.on_grown(service.grown)
    server = grpc.aio.server(options=server_options(listen))
    add_DeviceSyncServiceServicer_to_server(service, server)  # type: ignore[no-untyped-call]
    _bind(server, listen)
    try:
        async with asyncio.TaskGroup() as group:
            working = group.create_task(work.run())
            await server.start()
            sys.stdout.write("ready\n")
            sys.stdout.flush()
            await over.wait()
            service.drain()
            await server.stop(GRACE)
            working.cancel()
    finally:
        await server.stop(None)
        connection.close()


def _now() -> str:
    """Return the ISO date and time, UTC."""
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251  # the one clock of this program
    return now.isoformat(timespec="seconds")


def _bind(server: grpc.aio.Server, listen: str) -> None:
    """Take the address; a Unix socket is for this user alone."""
    mask = os.umask(0o177)
    try:
        server.add_insecure_port(listen)
    finally:
        os.umask(mask)


def _watch(over: asyncio.Event, parent: int | None) -> None:
    """Set `over` on a signal, or when the parent's end of the pipe closes."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, over.set)
    if parent is not None:
        loop.add_reader(parent, lambda: _read(loop, parent, over))


def _read(loop: asyncio.AbstractEventLoop, parent: int, over: asyncio.Event) -> None:
    if not os.read(parent, 64):
        loop.remove_reader(parent)
        over.set()

"""A listener on the wire: an orchestrator that keeps every frame and header it was sent, raw."""

from __future__ import annotations

import asyncio
import itertools
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc.aio
from doorward.cloud_bridge.channel import server_options
from doorward.cloud_bridge.device.link import Link
from doorward.cloud_bridge.durable import connect
from doorward.cloud_bridge.orchestrator.engine import MemoryEngine
from doorward.cloud_bridge.orchestrator.log import Log
from doorward.cloud_bridge.orchestrator.planner.base import Planner
from doorward.cloud_bridge.orchestrator.service import Service
from doorward.cloud_bridge.orchestrator.work import Work
from doorward.proto.v1 import sync_pb2
from doorward.proto.v1.sync_pb2_grpc import add_DeviceSyncServiceServicer_to_server
from google.protobuf.message import Message
from google.protobuf.unknown_fields import UnknownFieldSet


class Wire(grpc.aio.ServerInterceptor):  # type: ignore[type-arg]  # none at run time
    """Carries an agent's messages over gRPC, and hears all of them."""

    def __init__(self, state: Path, planner: Planner) -> None:
        self.frames: list[bytes] = []
        self.metadata: list[tuple[str, str]] = []
        self._state = state
        self._planner = planner

    async def intercept_service(self, continuation: Any, details: Any) -> Any:
        self.metadata += [(each.key, str(each.value)) for each in details.invocation_metadata]
        handler = await continuation(details)

        def heard(raw: bytes) -> sync_pb2.SessionRequest:
            self.frames.append(raw)
            return sync_pb2.SessionRequest.FromString(raw)

        return grpc.stream_stream_rpc_method_handler(
            handler.stream_stream, heard, handler.response_serializer
        )

    async def serve(
        self, connection: sqlite3.Connection, grown: asyncio.Event, arrived: Callable[[], None]
    ) -> None:
        target = f"unix:{self._state / 'wire.sock'}"
        ticks = itertools.count()
        link = Link(
            target,
            "this-device",
            (),
            connection,
            arrived,
            clock=lambda: float(next(ticks)),
            random=lambda: 0.1,
        )
        held = connect(self._state / "wire.db")
        log = Log(held)
        log.create_tables()
        work = Work(log, MemoryEngine(held, {}), self._planner)
        service = Service(log, work.arrived)
        work.on_grown(service.grown)
        server = grpc.aio.server(interceptors=[self], options=server_options(target))
        add_DeviceSyncServiceServicer_to_server(service, server)
        server.add_insecure_port(target)
        await server.start()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(work.run())
                group.create_task(link.run())
                group.create_task(_forward(grown, link))
        finally:
            await server.stop(None)
            held.close()


async def _forward(grown: asyncio.Event, link: Link) -> None:
    while True:
        await grown.wait()
        grown.clear()
        link.notify()


def fields(message: Message, name: str = "") -> Iterator[str]:
    """Yield the name of every field that is set, dotted; a list's elements share one name."""
    for unknown in UnknownFieldSet(message):  # type: ignore[attr-defined]  # it can be iterated
        yield f"{name}#{unknown.field_number}"
    for field, value in message.ListFields():
        path = f"{name}.{field.name}".lstrip(".")
        yield path
        if field.message_type is not None and field.message_type.GetOptions().map_entry:
            yield f"{path}.*"
        elif field.message_type is not None:
            for each in value if field.is_repeated else (value,):
                yield from fields(each, path)

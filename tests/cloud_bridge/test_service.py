"""The service over real gRPC: whom it refuses, and what an older session is told."""

from __future__ import annotations

import tempfile
from contextlib import asynccontextmanager
from pathlib import Path

import grpc.aio
import pytest
from doorward.cloud_bridge.durable import connect
from doorward.cloud_bridge.orchestrator.log import Log
from doorward.cloud_bridge.orchestrator.service import Service
from doorward.proto.v1 import sync_pb2
from doorward.proto.v1.sync_pb2_grpc import (
    DeviceSyncServiceStub,
    add_DeviceSyncServiceServicer_to_server,
)
from grpc.aio import EOF  # type: ignore[attr-defined]  # the stubs lack it


@asynccontextmanager
async def serving():
    with tempfile.TemporaryDirectory(prefix="dw", dir="/tmp") as folder:
        connection = connect(Path(folder) / "home.db")
        log = Log(connection)
        log.create_tables()
        server = grpc.aio.server()
        add_DeviceSyncServiceServicer_to_server(Service(log, lambda arrival: None), server)
        server.add_insecure_port(f"unix:{folder}/s")
        await server.start()
        try:
            async with grpc.aio.insecure_channel(f"unix:{folder}/s") as channel:
                yield DeviceSyncServiceStub(channel)
        finally:
            await server.stop(None)
            connection.close()


def hello(proto_min=1, proto_max=1, device="mac"):
    said = sync_pb2.Hello(device=device, epoch="e", proto_min=proto_min, proto_max=proto_max)
    return sync_pb2.SessionRequest(hello=said)


@pytest.mark.parametrize(
    ("first", "kind", "words"),
    [
        (hello(2, 3), sync_pb2.REFUSAL_KIND_VERSION, "protocol 2 to 3"),
        (hello(device=""), sync_pb2.REFUSAL_KIND_PROTOCOL, "no Hello"),
        (sync_pb2.SessionRequest(ack=sync_pb2.DownAck()), sync_pb2.REFUSAL_KIND_PROTOCOL, "Hello"),
    ],
)
async def test_a_session_that_cannot_be_is_refused_with_the_reason(first, kind, words):
    async with serving() as stub:
        call = stub.Session()
        await call.write(first)
        answer = await call.read()
        assert answer.refusal.kind == kind
        assert words in answer.refusal.reason
        assert await call.read() is EOF


async def test_a_newer_session_ends_the_older_one_and_says_so():
    async with serving() as stub:
        older, newer = stub.Session(), stub.Session()
        await older.write(hello())
        assert (await older.read()).welcome.session_term == 1
        await newer.write(hello())
        assert (await newer.read()).welcome.session_term == 2
        assert (await older.read()).refusal.kind == sync_pb2.REFUSAL_KIND_SUPERSEDED
        assert await older.read() is EOF


async def test_an_entry_out_of_order_ends_the_session():
    async with serving() as stub:
        call = stub.Session()
        await call.write(hello())
        await call.read()
        await call.write(sync_pb2.SessionRequest(up=sync_pb2.Up(seq=5, key="k")))
        assert "1 is missing" in (await call.read()).refusal.reason

"""The sync service: one stream a device.

It decides nothing about objectives (`work` and `turn` do), nor about the order of entries
(`session` does); `talk` carries out. `main` serves it; gRPC calls `Session` once a stream.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import grpc.aio
from doorward.cloud_bridge.errors import BridgeError, Incompatible
from doorward.cloud_bridge.orchestrator.log import Log
from doorward.cloud_bridge.orchestrator.notary import Notary
from doorward.cloud_bridge.orchestrator.talk import Talk, refusal
from doorward.proto.v1 import sync_pb2
from doorward.proto.v1.sync_pb2_grpc import DeviceSyncServiceServicer

HELLO_WITHIN = 10.0
"""Seconds in which a device must say Hello."""
RECONNECT_AFTER_MS = 1000

Context = grpc.aio.ServicerContext[sync_pb2.SessionRequest, sync_pb2.SessionResponse]


class _Over(Exception):
    """The stream is over; the last frame said why."""


class Service(DeviceSyncServiceServicer):
    """Serves every device's session."""

    def __init__(
        self, log: Log, arrived: Callable[[int], None], notary: Notary | None = None
    ) -> None:
        """Serve from `log`; call `arrived(number)` for every message stored; sign with `notary`."""
        self._notary = notary
        self._log = log
        self._arrived = arrived
        self._live: dict[str, Talk] = {}

    def grown(self, device: str) -> None:
        """Send what a device's log got, if the device is here."""
        talk = self._live.get(device)
        if talk is not None:
            talk.grown()

    def drain(self) -> None:
        """Ask every device to go and come back; end every stream."""
        drain = sync_pb2.Drain(reconnect_after_ms=RECONNECT_AFTER_MS)
        for talk in self._live.values():
            talk.close(sync_pb2.SessionResponse(drain=drain))

    async def Session(  # noqa: N802 - named by the protocol
        self, request_iterator: object, context: Context
    ) -> None:
        """Serve one stream to its end."""
        del request_iterator  # frames are read from the context, one at a time
        talk = await self._greet(context)
        if talk is None:
            return
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(_write(context, talk))
                group.create_task(_read(context, talk))
        except* _Over:
            pass
        finally:
            if self._live.get(talk.device) is talk:
                del self._live[talk.device]

    async def _greet(self, context: Context) -> Talk | None:
        """Answer the Hello; an older session of this device ends, and is told so."""
        async with asyncio.timeout(HELLO_WITHIN):
            frame = await context.read()
        if not isinstance(frame, sync_pb2.SessionRequest):  # gone before it spoke
            return None
        try:
            talk = Talk(frame.hello, self._log, self._arrived, self._notary)
        except Incompatible as exc:
            await context.write(refusal(sync_pb2.REFUSAL_KIND_VERSION, str(exc)))
            return None
        except BridgeError as exc:
            await context.write(refusal(sync_pb2.REFUSAL_KIND_PROTOCOL, str(exc)))
            return None
        older = self._live.get(talk.device)
        if older is not None:
            why = "a newer session of this device took over"
            older.close(refusal(sync_pb2.REFUSAL_KIND_SUPERSEDED, why))
        self._live[talk.device] = talk
        return talk


async def _write(context: Context, talk: Talk) -> None:
    """Write the frames: the only one who does, for two writers on one stream break it."""
    while (frame := await talk.frames.get()) is not None:
        await context.write(frame)
    raise _Over


async def _read(context: Context, talk: Talk) -> None:
    """Take the device's frames, one by one."""
    while isinstance(frame := await context.read(), sync_pb2.SessionRequest):
        talk.take(frame)
    raise _Over

"""The link: keeps one session with an orchestrator alive, for as long as the daemon runs it.

It decides nothing about messages and judges nothing: what it sends passed the door on its way into
the outbox. `session` decides, `talk` carries out; here are the stream, the waits and the status.
grpc is imported when it runs, not before.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from doorward.cloud_bridge.channel import client_options
from doorward.cloud_bridge.device.backoff import Backoff
from doorward.cloud_bridge.device.pace import PER_SECOND, Pace
from doorward.policies.plan import ToolSpec

if TYPE_CHECKING:
    import grpc.aio
    from doorward.cloud_bridge.device.outbox import Sealing
    from doorward.cloud_bridge.device.talk import Ended, Talk
    from doorward.cloud_bridge.device.witness import Witness
    from doorward.proto.v1 import sync_pb2

    Call = grpc.aio.StreamStreamCall[sync_pb2.SessionRequest, sync_pb2.SessionResponse]

WELCOME_WITHIN = 10.0
"""Seconds in which an orchestrator must answer a Hello."""


LONGEST_ASKED = 300.0
"""Seconds: the longest wait that an orchestrator may ask for; one that is updated needs less."""
_SHOWN = 300
"""Characters of a foreign error that the status shows."""


class LinkState(StrEnum):
    """What the link is doing."""

    CONNECTING = "connecting"
    CONNECTED = "connected"
    WAITING = "waiting"
    """For the next attempt."""


@dataclass(frozen=True, slots=True)
class LinkStatus:
    """The link's state, for the user."""

    state: LinkState
    since: float
    """When it came into this state, by the link's clock."""
    until: float | None = None
    """For `WAITING`: when the next attempt is due."""
    reason: str = ""
    """For `WAITING`: why the last session ended."""


class Link:
    """One device's connection to one orchestrator."""

    def __init__(  # noqa: PLR0913 - the wiring of one link, by keyword in `daemon.main`
        self,
        target: str,
        device: str,
        tools: Sequence[ToolSpec],
        connection: sqlite3.Connection,
        on_arrival: Callable[[], None],
        *,
        clock: Callable[[], float],
        random: Callable[[], float],
        seal: Sealing | None = None,
        witness: Witness | None = None,
    ) -> None:
        """Wire a link; nothing happens before `run`.

        Args:
            target: gRPC target, e.g. `unix:/path/home.sock`.
            device: This device's id.
            tools: The catalogue that a Hello carries.
            connection: The daemon's; `outbox.create_tables` has run on it.
            on_arrival: Called when `Inbox.next` has something new.
            clock: Monotonic seconds.
            random: A number from 0 to 1, for the jitter.
            seal: How the bodies lie in the logs; the same that the daemon's outbox has.
            witness: What keeps the orchestrator's proofs.
        """
        self._target = target
        self._device = device
        self._tools = tools
        self._connection = connection
        self._on_arrival = on_arrival
        self._clock = clock
        self._random = random
        self._seal = seal
        self._witness = witness
        self._grown = asyncio.Event()
        self._wake = asyncio.Event()
        self._pace = Pace(clock())
        self._status = LinkStatus(LinkState.WAITING, clock(), None, "not started")

    @property
    def status(self) -> LinkStatus:
        """Return what the link is doing and since when."""
        return self._status

    def notify(self) -> None:
        """Say that the outbox has new entries; after the transaction has committed."""
        self._grown.set()

    def wake(self) -> None:
        """Cut a wait short: the Mac woke up, the network changed, the orchestrator started."""
        self._wake.set()

    async def run(self) -> None:
        """Keep a session alive until cancelled."""
        backoff, joined_anew = Backoff(), False
        while True:
            self._wake.clear()
            self._status = LinkStatus(LinkState.CONNECTING, self._clock())
            # A task of its own: a stream that breaks while we are cancelled raises its own error,
            # which would hide the cancellation from this loop.
            async with asyncio.TaskGroup() as group:
                attempt = group.create_task(self._attempt())
            ended = attempt.result()
            connected = self._status.state is LinkState.CONNECTED
            wait = backoff.wait(self._random())
            if ended.wait is not None:  # it may ask for more, within reason, and never for less
                wait = max(wait, min(ended.wait, LONGEST_ASKED))
            backoff = backoff.after(self._clock() - self._status.since if connected else 0.0)
            at_once = ended.again and not joined_anew  # once: twice running is no memory lost
            joined_anew = at_once
            if not at_once:
                await self._pause(wait, str(ended))

    async def _pause(self, wait: float, reason: str) -> None:
        now = self._clock()
        self._status = LinkStatus(LinkState.WAITING, now, now + wait, reason)
        try:
            async with asyncio.timeout(wait):
                await self._wake.wait()
        except TimeoutError:
            return

    async def _attempt(self) -> Ended:
        """Run one session to its end; return why it ended."""
        import grpc.aio
        from doorward.cloud_bridge.device.talk import Ended

        options = client_options(self._target)
        ended = Ended("the orchestrator closed the session")
        try:
            async with grpc.aio.insecure_channel(self._target, options=options) as channel:
                await self._converse(channel)
        except* Ended as group:
            ended = next(each for each in _leaves(group) if isinstance(each, Ended))
        except* grpc.aio.AioRpcError as group:
            error = next(each for each in _leaves(group) if isinstance(each, grpc.aio.AioRpcError))
            why = (error.details() or error.code().name)[:_SHOWN]
            ended = Ended(f"cannot reach {self._target}: {why}")
        except* Exception as group:  # whatever it sends may end a session, and never the daemon
            broke = _leaves(group)[0]
            ended = Ended(f"the session broke: {type(broke).__name__}: {str(broke)[:_SHOWN]}")
        return ended

    async def _converse(self, channel: grpc.aio.Channel) -> None:
        from doorward.cloud_bridge.device.talk import Talk
        from doorward.proto.v1.sync_pb2_grpc import DeviceSyncServiceStub

        call: Call = DeviceSyncServiceStub(channel).Session()  # type: ignore[no-untyped-call]
        talk = Talk(self._connection, self._on_arrival, self._seal, self._witness)
        talk.hello(self._device, self._tools)
        async with asyncio.TaskGroup() as group:
            group.create_task(_write(call, talk))
            group.create_task(self._watch(talk))
            group.create_task(self._read(call, talk))

    async def _read(self, call: Call, talk: Talk) -> None:
        from doorward.cloud_bridge.device.talk import Ended

        try:
            async with asyncio.timeout(WELCOME_WITHIN):
                await self._take(call, talk)
        except TimeoutError:
            msg = f"cannot reach {self._target}: no welcome within {WELCOME_WITHIN:.0f} s"
            raise Ended(msg) from None
        self._status = LinkStatus(LinkState.CONNECTED, self._clock())
        while True:
            await self._take(call, talk)

    async def _take(self, call: Call, talk: Talk) -> None:
        """Take one frame.

        Raises:
            Ended: When there is none to come.
        """
        import grpc
        from doorward.cloud_bridge.device.talk import Ended
        from doorward.proto.v1 import sync_pb2

        frame = await call.read()
        if isinstance(frame, sync_pb2.SessionResponse):
            if not self._pace.allows(self._clock()):
                raise Ended(f"the orchestrator sent more than {PER_SECOND} messages a second")
            talk.take(frame)
        elif await call.code() is grpc.StatusCode.OK:
            raise Ended("the orchestrator closed the session")
        else:
            why = str(await call.details() or await call.code())[:_SHOWN]
            raise Ended(f"cannot reach {self._target}: {why}")

    async def _watch(self, talk: Talk) -> None:
        """Tell the session whenever the outbox grew."""
        while True:
            await self._grown.wait()
            self._grown.clear()
            talk.grown()


async def _write(call: Call, talk: Talk) -> None:
    """Write the frames: the only one who does, for two writers on one stream break it."""
    while True:
        await call.write(await talk.frames.get())


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    found: list[BaseException] = []
    for each in group.exceptions:
        found += _leaves(each) if isinstance(each, BaseExceptionGroup) else [each]
    return found

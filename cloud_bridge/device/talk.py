"""One session's frames: wire frames to `session` events, and its effects to rows and frames.

It has no network: frames come in by `take` and leave through `frames`. `link` makes one a stream.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Iterable
from typing import assert_never

from doorward.cloud_bridge.device.outbox import Inbox, Outbox, Sealing, begin_epoch, position
from doorward.cloud_bridge.device.session import (
    PROTO,
    Acked,
    Acknowledge,
    Arrived,
    Effect,
    End,
    Forget,
    Grown,
    Keep,
    Restart,
    Send,
    Session,
    Stored,
    Welcomed,
)
from doorward.cloud_bridge.device.witness import NoWitness, Witness
from doorward.cloud_bridge.errors import BridgeError
from doorward.cloud_bridge.plan_codec import tool_to
from doorward.cloud_bridge.received import Identity, LedgerHead, Proof
from doorward.policies.plan import ToolSpec
from doorward.proto.v1 import objective_pb2, receipts_pb2, sync_pb2

MAX_KEY = 300
"""Characters of a message's name: it is remembered long after the message is gone."""
_SHOWN = 300
"""Characters of an orchestrator's own words that the status shows."""
QUEUE = 512
"""Frames waiting for the writer: more than both windows together, so that nobody blocks on it."""


class Ended(Exception):
    """The session is over: `again` at once, `wait` after so many seconds, else as backoff says."""

    def __init__(self, reason: str, *, again: bool = False, wait: float | None = None) -> None:
        super().__init__(reason)
        self.again = again
        self.wait = wait


class Talk:
    """The device's half of one session."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        on_arrival: Callable[[], None],
        seal: Sealing | None = None,
        witness: Witness | None = None,
    ) -> None:
        """Start from where the logs stand on the disk."""
        self._witness = witness or NoWitness()
        self.frames: asyncio.Queue[sync_pb2.SessionRequest] = asyncio.Queue(QUEUE)
        self._connection = connection
        self._outbox = Outbox(connection, seal)
        self._inbox = Inbox(connection, seal)
        self._on_arrival = on_arrival
        self._start = position(connection)
        self._session = Session(self._start)
        self._arriving = ("", b"")

    @property
    def live(self) -> bool:
        """Tell whether the orchestrator has welcomed us."""
        return self._session.live

    def hello(self, device: str, tools: Iterable[ToolSpec]) -> None:
        """Send the first frame."""
        start = self._start
        hello = sync_pb2.Hello(
            device=device,
            epoch=start.epoch,
            down_ack=start.down_held,
            up_head=start.up_head,
            up_acked=start.up_acked,
            proto_min=PROTO,
            proto_max=PROTO,
            tools=[tool_to(each) for each in tools],
        )
        self.frames.put_nowait(sync_pb2.SessionRequest(hello=hello))

    def grown(self) -> None:
        """Send what the outbox got meanwhile.

        Raises:
            Ended: When the other end does not read.
        """
        try:
            self._grown()
        except asyncio.QueueFull as error:
            raise Ended("the orchestrator does not read what it is told") from error

    def _grown(self) -> None:
        self._perform(self._session.handle(Grown(position(self._connection).up_head)))

    def take(self, frame: sync_pb2.SessionResponse) -> None:
        """Carry out what one frame asks for.

        Raises:
            Ended: When the session is over.
        """
        try:
            self._take(frame)
        except asyncio.QueueFull as error:
            raise Ended("the orchestrator asks, and does not read what it is told") from error
        except BridgeError as error:  # it proves falsely, or what it proves cannot be kept
            raise Ended("; ".join([str(error), *getattr(error, "__notes__", ())])) from error

    def _take(self, frame: sync_pb2.SessionResponse) -> None:
        match frame.WhichOneof("kind"):
            case "welcome":
                self._welcomed(frame.welcome)
            case "ack":
                self._confirmed(frame.ack.received)
                self._perform(self._session.handle(Acked(frame.ack.seq)))
            case "down":
                if len(frame.down.key) > MAX_KEY:
                    raise Ended(f"the orchestrator named a message in over {MAX_KEY} characters")
                self._arriving = (frame.down.key, frame.down.body.SerializeToString())
                self._perform(self._session.handle(Arrived(frame.down.seq)))
            case "bookmark" if self.live:
                pass  # nothing here waits for "all has been sent"
            case "drain":
                wait = frame.drain.reconnect_after_ms / 1000
                raise Ended("the orchestrator is closing", wait=wait)
            case "refusal":
                raise Ended(f"the orchestrator says: {frame.refusal.reason[:_SHOWN]}")
            case _:
                raise Ended("the orchestrator sent a frame that is unknown here, or too early")

    def _welcomed(self, says: sync_pb2.Welcome) -> None:
        shown = says.identity
        identity = Identity(shown.name, shown.build, shown.public_key)
        self._witness.met(
            identity if says.HasField("identity") else None,
            LedgerHead(says.seen_entries, says.seen_hash.hex()),
        )
        held = says.up_ack <= self._start.up_head  # else it has what we never wrote
        same = held and says.chain_hash == self._outbox.chain(says.up_ack)
        event = Welcomed(says.up_ack, says.down_head, says.proto, says.must_refetch, same)
        effects = self._session.handle(event)
        if self._session.live:  # else its numbers are not those of our log
            self._confirmed(says.received)
        self._perform(effects)
        self._grown()

    def _confirmed(self, received: Iterable[receipts_pb2.Countersignature]) -> None:
        """Keep what was signed, before the entries are forgotten."""
        proofs = [Proof(each.statement, each.signature) for each in received]
        if proofs:
            self._witness.confirmed(proofs, self._outbox.key)

    def _send(self, entries: range) -> None:
        self._witness.sending()
        head = self._witness.head()
        for seq, key, body in self._outbox.rows(entries):
            up = sync_pb2.Up(
                seq=seq,
                key=key,
                body=objective_pb2.UpBody.FromString(body),
                ledger_entries=head.entries,
                ledger_hash=bytes.fromhex(head.hash),
            )
            self.frames.put_nowait(sync_pb2.SessionRequest(up=up))

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Send():
                self._send(effect.entries)
            case Acknowledge():
                ack = sync_pb2.DownAck(seq=effect.seq)
                self.frames.put_nowait(sync_pb2.SessionRequest(ack=ack))
            case Keep():
                new = self._inbox.store(effect.seq, *self._arriving)
                self._perform(self._session.handle(Stored(effect.seq)))
                if new:
                    self._on_arrival()
            case Forget():
                self._outbox.acknowledged(effect.seq)
            case Restart():
                begin_epoch(self._connection)
                raise Ended("the logs are joined anew", again=True)
            case End():
                raise Ended(effect.reason)
            case _:
                assert_never(effect)

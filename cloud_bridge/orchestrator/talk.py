"""One session's frames: wire frames to `session` events, and its effects to rows and frames.

It has no network: frames come in by `take` and leave through `frames`. `service` makes one a
stream; the device has its own, and neither imports the other's.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from typing import assert_never

from doorward.cloud_bridge.codec import decode_up
from doorward.cloud_bridge.errors import BridgeError, Incompatible
from doorward.cloud_bridge.orchestrator.log import Log
from doorward.cloud_bridge.orchestrator.notary import Notary
from doorward.cloud_bridge.orchestrator.session import (
    PROTO_NEWEST,
    PROTO_OLDEST,
    Acked,
    Acknowledge,
    Arrived,
    Effect,
    Forget,
    Greeting,
    Grown,
    Keep,
    Refuse,
    Send,
    Session,
    Stored,
    Welcome,
    version,
)
from doorward.cloud_bridge.plan_codec import encode_tools, tool_from
from doorward.cloud_bridge.received import LedgerHead, Received, digest_of
from doorward.proto.v1 import objective_pb2, receipts_pb2, sync_pb2

QUEUE = 512
"""Frames waiting for the writer: more than both windows together, so that nobody blocks on it."""


class Talk:
    """The orchestrator's half of one session."""

    def __init__(
        self,
        hello: sync_pb2.Hello,
        log: Log,
        arrived: Callable[[int], None],
        notary: Notary | None = None,
    ) -> None:
        """Answer a Hello: the welcome and what the device lacks wait in `frames`.

        Args:
            hello: The device's first frame.
            log: The orchestrator's tables.
            arrived: Called with the number of each message stored.
            notary: What signs each message received; None signs nothing.

        Raises:
            Incompatible: When there is no protocol version in common.
            BridgeError: When the Hello makes no sense.
        """
        self.device = hello.device
        self.frames: asyncio.Queue[sync_pb2.SessionResponse | None] = asyncio.Queue(QUEUE)
        """What to write; None is the end."""
        self._log = log
        self._arrived = arrived
        self._notary = notary
        self._up = sync_pb2.Up()
        greeting = _greeting(hello)
        self._proto = _agreed(greeting)
        tools = encode_tools(tool_from(each) for each in hello.tools)
        self._standing = log.greet(hello.device, hello.epoch, tools)
        self._known = hello.up_acked
        log.drop_signed(hello.device, hello.up_acked)
        self._session = Session(self._standing, greeting)
        self._perform(self._session.begin())

    def grown(self) -> None:
        """Send what the log got meanwhile."""
        standing = self._log.standing(self.device)
        if standing is not None:
            self._perform(self._session.handle(Grown(standing.down_head)))

    def close(self, last: sync_pb2.SessionResponse) -> None:
        """Say one last frame and end."""
        self.frames.put_nowait(last)
        self.frames.put_nowait(None)

    def take(self, frame: sync_pb2.SessionRequest) -> None:
        """Carry out what one frame asks for."""
        match frame.WhichOneof("kind"):
            case "ack":
                self._perform(self._session.handle(Acked(frame.ack.seq)))
            case "up":
                self._up = frame.up
                self._perform(self._session.handle(Arrived(frame.up.seq)))
            case _:
                self._perform([Refuse("cannot go on: a frame that has no place here")])

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            self._do(effect)

    def _do(self, effect: Effect) -> None:
        match effect:
            case Welcome():
                self._welcome(effect)
            case Send():
                for seq, key, body in self._log.rows(self.device, effect.entries):
                    down = objective_pb2.DownBody.FromString(body)
                    entry = sync_pb2.Down(seq=seq, key=key, body=down)
                    self.frames.put_nowait(sync_pb2.SessionResponse(down=entry))
            case Acknowledge():
                received = self._signed(range(effect.seq, effect.seq + 1))
                ack = sync_pb2.UpAck(seq=effect.seq, received=received)
                self.frames.put_nowait(sync_pb2.SessionResponse(ack=ack))
            case Keep():
                self._keep(effect.seq)
            case Forget():
                self._log.acknowledged(self.device, effect.seq)
            case Refuse():
                self.close(refusal(sync_pb2.REFUSAL_KIND_PROTOCOL, effect.reason))
            case _:
                assert_never(effect)

    def _welcome(self, effect: Welcome) -> None:
        welcome = sync_pb2.Welcome(
            up_ack=effect.up_ack,
            down_head=effect.down_head,
            proto=self._proto,
            must_refetch=effect.must_refetch,
            session_term=self._standing.term,
            chain_hash=self._standing.chain,
        )
        if self._notary is not None:
            me, seen = self._notary.identity, self._log.witnessed(self.device)
            welcome.identity.name, welcome.identity.build = me.name, me.build
            welcome.identity.public_key = me.key
            welcome.received.extend(self._signed(range(self._known + 1, effect.up_ack + 1)))
            welcome.seen_entries, welcome.seen_hash = seen.entries, bytes.fromhex(seen.hash)
        self.frames.put_nowait(sync_pb2.SessionResponse(welcome=welcome))

    def _signed(self, wanted: range) -> list[receipts_pb2.Countersignature]:
        return [
            receipts_pb2.Countersignature(statement=each.statement, signature=each.signature)
            for each in self._log.signed(self.device, wanted)
            if self._notary is not None and self._notary.made(each)
        ]

    def _sign(self, notary: Notary, seq: int, objective: str, body: bytes) -> None:
        """Sign what arrived and store the signature; in the caller's transaction."""
        head = LedgerHead(self._up.ledger_entries, self._up.ledger_hash.hex())
        received = Received(
            device=self.device,
            seq=seq,
            key=self._up.key,
            objective=objective,
            digest=digest_of(body),
            entries=head.entries,
            head=head.hash,
            at=notary.now(),
            build=notary.identity.build,
        )
        self._log.keep_signed(self.device, seq, notary.sign(received), head)

    def _keep(self, seq: int) -> None:
        """Commit an arrival, acknowledge it, and have it worked on."""
        body = self._up.body.SerializeToString(deterministic=True)
        try:
            objective = decode_up(body).objective
        except BridgeError as exc:
            self._perform([Refuse(f"cannot take entry {seq}: {exc}")])
            return
        with self._log.transaction():
            if self._notary is not None:
                self._sign(self._notary, seq, objective, body)
            arrival = self._log.keep(self.device, seq, self._up.key, objective, body)
        self._perform(self._session.handle(Stored(seq)))
        if arrival is not None:
            self._arrived(arrival)


def refusal(kind: sync_pb2.RefusalKind, reason: str) -> sync_pb2.SessionResponse:
    """Return the frame that says why a session cannot be."""
    return sync_pb2.SessionResponse(refusal=sync_pb2.Refusal(kind=kind, reason=reason))


def _greeting(hello: sync_pb2.Hello) -> Greeting:
    if not hello.device or not hello.epoch:
        msg = "cannot begin a session: the first frame is no Hello with a device and an epoch"
        raise BridgeError(msg)
    return Greeting(
        hello.epoch,
        hello.down_ack,
        hello.up_head,
        hello.up_acked,
        hello.proto_min,
        hello.proto_max,
        hello.credits,
    )


def _agreed(greeting: Greeting) -> int:
    proto = version(greeting)
    if proto is None:
        msg = (
            f"cannot begin a session: the device speaks protocol {greeting.proto_min} to "
            f"{greeting.proto_max}, the orchestrator {PROTO_OLDEST} to {PROTO_NEWEST}; "
            "update the older of the two"
        )
        raise Incompatible(msg)
    return proto

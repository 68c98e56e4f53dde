"""Hostile strategies that break the protocol itself: frames, numbers, sizes, and the stream.

Not a test. `strategies` lists them; `evil` plays them.
"""

from __future__ import annotations

import asyncio
import hashlib

import grpc
from doorward.cloud_bridge.messages import Opened
from doorward.proto.v1 import objective_pb2, receipts_pb2, sync_pb2

from tests.hostile.evil import Memory, Strategy, Talk

BIG = 2**64 - 1
Frame = sync_pb2.SessionResponse


class Once(Strategy):
    """Does its worst as soon as the device has said hello, then ends the session."""

    sessions = 1

    async def session(self, talk: Talk) -> None:
        hello = await talk.next()
        if hello is None:
            return
        talk.memory.sessions += 1
        if talk.memory.sessions > self.sessions:
            talk.over()
            await talk.next()
            return
        await self.worst(talk, hello.hello)

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        raise NotImplementedError


class Numbers(Once):
    tried = "greetings, acks and places at 2⁶⁴−1, twice, too early; other keys and protocols"

    def frames(self) -> list[list[Frame]]:
        key = receipts_pb2.Identity(name="evil", build="\x1b[2J" * 99, public_key=b"x")
        welcomes = (
            sync_pb2.Welcome(up_ack=BIG, proto=1),
            sync_pb2.Welcome(up_ack=2**63, down_head=BIG, proto=1),
            sync_pb2.Welcome(proto=1, seen_entries=BIG, seen_hash=b"x" * 99_999),
            sync_pb2.Welcome(proto=1, seen_entries=2**63, seen_hash=b"x" * 32),
            sync_pb2.Welcome(proto=99),
            sync_pb2.Welcome(proto=1, identity=key),
            sync_pb2.Welcome(proto=1, session_term=BIG, chain_hash=b"x" * 99_999),
        )
        plain = Frame(welcome=sync_pb2.Welcome(proto=1))
        down = Frame(down=sync_pb2.Down(seq=BIG, key="k"))
        return [
            *([Frame(welcome=each)] for each in welcomes),
            [plain, plain],
            [Frame(ack=sync_pb2.UpAck(seq=1))],
            [Frame(bookmark=sync_pb2.Bookmark(down_head=BIG)), plain],
            [plain, Frame(ack=sync_pb2.UpAck(seq=BIG))],
            [plain, down],
            [plain, Frame(down=sync_pb2.Down(seq=0)), Frame(down=sync_pb2.Down(seq=1))],
            [plain, Frame(down=sync_pb2.Down(seq=3, key="k"))],
            [Frame()],
        ]

    @property
    def sessions(self) -> int:  # type: ignore[override]  # as many as there are frames to try
        return len(self.frames())

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        for frame in self.frames()[talk.memory.sessions - 1]:
            await talk.send(frame)


class Noise(Once):
    tried = "random bytes as messages, as bodies, text that is no UTF-8, unknown kinds and fields"
    sessions = 12

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        at = talk.memory.sessions
        raw = hashlib.shake_256(str(at).encode()).digest(3000)
        if at % 3 == 0:
            await talk.send(raw)
            return
        await self.greet(talk, hello)
        if at % 3 == 1:
            await talk.send(b"\x1a\x08\x08\x01\x12\x02\xff\xfe\x1a\x00")  # a key that is no text
            return
        for n in range(40):
            body = objective_pb2.DownBody()
            if n % 2:
                body.MergeFromString(b"\xfa\x06\x03abc")
            else:
                body.step_due.influence = 77  # type: ignore[assignment]  # unknown on purpose
            await talk.say(body, f"n{at}-{n}")


class Large(Once):
    tried = "messages of 4 MB and 64 MB, headers of 1 MB, 64 MB packed into 64 kB"
    sessions = 4

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        at = talk.memory.sessions
        if at == 4:
            await talk.context.send_initial_metadata((("x-large", "x" * 1_000_000),))
        await self.greet(talk, hello)
        if at == 3:
            talk.context.set_compression(grpc.Compression.Gzip)
        size = (4, 64, 64, 1)[at - 1] * 1_000_000
        body = objective_pb2.DownBody()
        body.refused.reason = "x" * size
        await talk.say(body)


class Resets(Once):
    tried = "a stream that breaks after each message, and says it must begin anew, without a pause"
    sessions = 20

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        if talk.memory.sessions % 2:
            await talk.send(Frame(welcome=sync_pb2.Welcome(proto=1, must_refetch=True)))
        else:
            await talk.context.abort(grpc.StatusCode.INTERNAL, "\x1b[2J" + "no" * 2000)


class Drains(Once):
    tried = "`come back at once`, again and again"
    sessions = 20
    wait = 0

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        await talk.send(Frame(drain=sync_pb2.Drain(reconnect_after_ms=self.wait)))


class Never(Drains):
    tried = "`come back in 49 days`"
    sessions = 1
    wait = 2**32 - 1

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        await super().worst(talk, hello)
        talk.over()


class Refusing(Once):
    tried = "refusals of 300 kB with escapes"
    sessions = 3

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        reason = "\x1b[2J\u202eType your password\n" * 12_000
        await talk.send(Frame(refusal=sync_pb2.Refusal(reason=reason)))


class Deaf(Once):
    tried = "the same entry for ever, each to be confirmed, while nothing is read"
    most = 100_000

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        await self.greet(talk, hello)
        await talk.say(objective_pb2.DownBody())
        for _ in range(self.most * talk.memory.scale):
            await talk.send(talk.entry(1))


class Flood(Once):
    tried = "bookmarks and old acks without end"
    most = 30_000

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        await self.greet(talk, hello)
        for _ in range(self.most * talk.memory.scale // 2):
            await talk.send(Frame(bookmark=sync_pb2.Bookmark()))
            await talk.send(Frame(ack=sync_pb2.UpAck()))


class Filling(Once):
    tried = "entries without end, each new: with names of 200 kB, with 300 kB inside"
    most = 20_000

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        await self.greet(talk, hello)
        long = talk.memory.sessions == 1
        for n in range(self.most * talk.memory.scale):
            body = objective_pb2.DownBody()
            body.refused.objective = "o-ff"
            body.refused.reason = self.reason
            key = f"{n}" + "k" * (200_000 if long and self.reason else 250)
            await talk.send(Frame(down=sync_pb2.Down(seq=n + 1, key=key, body=body)))

    reason = "x" * 300_000
    sessions = 2


class Short(Filling):
    tried = "entries without end, each new and small"
    reason = ""
    sessions = 1


class Silent(Once):
    tried = "a stream that says nothing"

    async def worst(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        talk.over()
        await asyncio.Event().wait()


class Lying(Once):
    tried = "signatures that are none, statements of 300 kB, of brackets, of numbers past 2⁶³"

    async def session(self, talk: Talk) -> None:
        await Strategy.session(self, talk)

    async def opened(self, talk: Talk, opened: Opened) -> None:
        statements = (b"[" * 8000, b"{" * 300_000, b'{"seq":' + b"9" * 5000 + b"}", b"")
        false = [receipts_pb2.Countersignature(statement=s, signature=b"x") for s in statements]
        await talk.send(Frame(ack=sync_pb2.UpAck(seq=1, received=false)))
        talk.over()

    def welcome(self, memory: Memory) -> sync_pb2.Welcome:
        made = super().welcome(memory)
        made.identity.name, made.identity.public_key = "evil", b"k" * 32
        return made

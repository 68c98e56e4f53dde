"""An orchestrator that wants data and effects: a gRPC server that plays one hostile strategy.

Not a test: `test_hostile_orchestrator` runs it as a process of its own, so that what it costs is
not counted as the daemon's. It keeps every message that it is sent, and its headers, word for word.
Usage: `evil.py SOCKET FOLDER`; the file `strategy` in the folder names what is played; a line on
its output says that a strategy has done its worst.
"""

from __future__ import annotations

import asyncio
import struct
import sys
import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import grpc.aio
from doorward.cloud_bridge import codec
from doorward.cloud_bridge.codec import decode_up
from doorward.cloud_bridge.flow import link
from doorward.cloud_bridge.messages import Down, Finished, Observed, Opened, Planned, StepDue
from doorward.policies.plan import Plan
from doorward.policies.vocabulary import Influence, ObjectiveId
from doorward.proto.v1 import objective_pb2, sync_pb2


@dataclass(slots=True)
class Memory:
    """What the server knows from one session to the next."""

    epoch: str = ""
    held: int = 0
    chain: bytes = b""
    log: list[tuple[str, objective_pb2.DownBody]] = field(default_factory=list)
    sessions: int = 0
    scale: int = 1
    objectives: list[ObjectiveId] = field(default_factory=list)
    observed: list[Observed] = field(default_factory=list)
    plans: dict[ObjectiveId, Plan] = field(default_factory=dict)


class Talk:
    """One session, seen from the server."""

    def __init__(self, context: Any, memory: Memory, folder: Path, name: str) -> None:
        self.context, self.memory, self._folder, self._name = context, memory, folder, name

    async def next(self) -> sync_pb2.SessionRequest | None:
        """Take what the device sends next; None when it has gone."""
        raw = await self.context.read()
        if not isinstance(raw, bytes):
            return None
        with (self._folder / "heard").open("ab") as file:
            file.write(struct.pack(">I", len(raw)) + raw)
        return sync_pb2.SessionRequest.FromString(raw)

    async def send(self, frame: sync_pb2.SessionResponse | bytes) -> None:
        await self.context.write(frame if isinstance(frame, bytes) else frame.SerializeToString())

    async def say(self, body: Down | objective_pb2.DownBody, key: str = "") -> None:
        """Say one thing in the proper way, whatever it is."""
        if not isinstance(body, objective_pb2.DownBody):
            body = codec._down(body)  # without its bounds
        log = self.memory.log
        log.append((key or f"k{len(log)}", body))
        await self.send(self.entry(len(log)))

    def entry(self, seq: int) -> sync_pb2.SessionResponse:
        key, body = self.memory.log[seq - 1]
        return sync_pb2.SessionResponse(down=sync_pb2.Down(seq=seq, key=key, body=body))

    def over(self) -> None:
        """Say that the worst is done."""
        sys.stdout.write(f"{self._name}\n")
        sys.stdout.flush()


class Strategy:
    """Keeps to the protocol; those below bend it or what it carries."""

    tried = ""
    words = "look at my papers"

    async def session(self, talk: Talk) -> None:
        hello = await talk.next()
        if hello is None:
            return
        await self.greet(talk, hello.hello)
        while (frame := await talk.next()) is not None:
            if frame.HasField("up"):
                await self.up(talk, frame.up)

    async def greet(self, talk: Talk, hello: sync_pb2.Hello) -> None:
        memory = talk.memory
        if memory.epoch != hello.epoch:
            memory.epoch, memory.held, memory.chain, memory.log = hello.epoch, 0, b"", []
        await talk.send(sync_pb2.SessionResponse(welcome=self.welcome(memory)))
        for seq in range(hello.down_ack + 1, len(memory.log) + 1):
            await talk.send(talk.entry(seq))

    def welcome(self, memory: Memory) -> sync_pb2.Welcome:
        return sync_pb2.Welcome(
            up_ack=memory.held, down_head=len(memory.log), proto=1, chain_hash=memory.chain
        )

    async def up(self, talk: Talk, up: sync_pb2.Up) -> None:
        memory = talk.memory
        new = up.seq == memory.held + 1
        if new:
            memory.held, memory.chain = up.seq, link(memory.chain, up.key)
        await talk.send(sync_pb2.SessionResponse(ack=sync_pb2.UpAck(seq=memory.held)))
        message = decode_up(up.body.SerializeToString())
        if not new:
            return
        if isinstance(message, Opened):
            memory.objectives.append(message.objective)
            await self.opened(talk, message)
        elif isinstance(message, Observed):
            memory.observed.append(message)
            await self.observed(talk, message)

    async def opened(self, talk: Talk, opened: Opened) -> None:
        """Answer an objective."""

    async def observed(self, talk: Talk, observed: Observed) -> None:
        """Answer a step's end."""


class Planning(Strategy):
    """Hands out a plan step by step, as an honest one would; the plan is what is wrong with it."""

    understood = "Look at it."

    def plan(self, opened: Opened, memory: Memory) -> Plan:
        raise NotImplementedError

    async def opened(self, talk: Talk, opened: Opened) -> None:
        plan = self.plan(opened, talk.memory)
        talk.memory.plans[opened.objective] = plan
        await talk.say(Planned(opened.objective, plan, self.understood))
        await self.hand_out(talk, opened.objective, 0)

    async def observed(self, talk: Talk, observed: Observed) -> None:
        steps = [step.id for step in talk.memory.plans[observed.objective].steps]
        await self.hand_out(talk, observed.objective, steps.index(observed.step) + 1)

    async def hand_out(self, talk: Talk, objective: ObjectiveId, at: int) -> None:
        steps = talk.memory.plans[objective].steps
        if at < len(steps):
            await talk.say(StepDue(objective, steps[at], Influence.USER))
        else:
            await talk.say(Finished(objective))


class Server:
    """Plays whichever strategy the folder names when a session begins."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._memories: dict[str, Memory] = {}

    async def session(self, _stream: Any, context: Any) -> None:
        from tests.hostile.strategies import strategies

        name = (self._folder / "strategy").read_text()
        with (self._folder / "metadata").open("a") as file:
            file.write(f"{list(context.invocation_metadata())!r} {context.peer()}\n")
        kind, scale, _ = name.split("/")
        memory = self._memories.setdefault(name, Memory(scale=int(scale)))
        try:
            await strategies()[kind]().session(Talk(context, memory, self._folder, name))
        except (grpc.aio.UsageError, grpc.aio.AbortError):
            raise  # the device has gone, or was meant to
        except Exception:
            traceback.print_exc()
            raise


async def main(socket: str, folder: Path) -> None:
    handler = grpc.stream_stream_rpc_method_handler(Server(folder).session)
    service = grpc.method_handlers_generic_handler(
        "doorward.v1.DeviceSyncService", {"Session": handler}
    )
    options = [("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    server = grpc.aio.server(options=options)
    server.add_generic_rpc_handlers((service,))
    server.add_insecure_port(f"unix:{socket}")
    await server.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await server.wait_for_termination()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2])))

"""The body of a turn, and the order of turns: one at a time an objective, objectives side by side.

It decides nothing (`turn` does) and knows no network (`service` does). A message that waits in the
inbox is worked on; when its turn has committed, the device's session is told that its log grew.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Callable, Iterable
from contextlib import suppress

from doorward.cloud_bridge.codec import decode_up
from doorward.cloud_bridge.errors import BridgeError
from doorward.cloud_bridge.messages import Opened, Up
from doorward.cloud_bridge.orchestrator.engine import Engine, Turn
from doorward.cloud_bridge.orchestrator.log import Log, Waiting, encode
from doorward.cloud_bridge.orchestrator.planner.base import Brief, Cannot, Made, Planner
from doorward.cloud_bridge.orchestrator.turn import Keyed, Row, give_up, take
from doorward.cloud_bridge.plan_codec import decode_plan, decode_tools, encode_plan
from doorward.policies.plan import ToolSpec


class Work:
    """Takes waiting messages, each in one durable turn."""

    def __init__(self, log: Log, engine: Engine, planner: Planner) -> None:
        """Take messages from `log`."""
        self._log = log
        self._engine = engine
        self._planner = planner
        self._grown: Callable[[str], None] = lambda device: None
        self._lanes: dict[tuple[str, str], list[Waiting]] = {}
        self._arrived = asyncio.Event()

    def on_grown(self, grown: Callable[[str], None]) -> None:
        """Call `grown(device)` whenever a turn has committed: there may be something to send."""
        self._grown = grown

    def arrived(self, arrival: int) -> None:
        """Note that a message was stored."""
        for waiting in self._log.waiting(arrival):
            self._enqueue(waiting)

    def _enqueue(self, waiting: Waiting) -> None:
        lane = (waiting.device, waiting.objective)
        self._lanes.setdefault(lane, []).append(waiting)
        self._arrived.set()

    async def run(self) -> None:
        """Work until cancelled; begin with what an earlier life left over."""
        await self._engine.launch(self.body)
        try:
            for waiting in self._log.waiting():
                self._enqueue(waiting)
            async with asyncio.TaskGroup() as group:
                running: set[tuple[str, str]] = set()
                while True:
                    for lane in self._lanes.keys() - running:
                        running.add(lane)
                        group.create_task(self._drive(lane, running))
                    self._arrived.clear()
                    await self._arrived.wait()
        finally:
            await self._engine.close()

    async def _drive(self, lane: tuple[str, str], running: set[tuple[str, str]]) -> None:
        """Take one objective's messages in order, until none is left."""
        queue = self._lanes[lane]
        while queue:
            first = queue[0]
            await self._engine.start_turn(f"obj/{first.objective}/{first.arrival}", first.arrival)
            queue.pop(0)
            self._grown(first.device)
        del self._lanes[lane]
        running.discard(lane)

    async def body(self, turn: Turn, arrival: int) -> None:
        """Take one message: plan if it opens an objective, then commit what follows."""
        found = await turn.step("read", lambda: self._read(arrival))
        if not found:
            return
        record = json.loads(found)
        device, up = record["device"], _decoded(bytes.fromhex(record["body"]))
        tools = _tools(up, bytes.fromhex(record["tools"]))
        planned: Made | Cannot | None = None
        if isinstance(up, Opened):
            planned = _planned_from(await turn.step("plan", lambda: self._plan(up, tools)))

        def write(connection: sqlite3.Connection) -> None:
            log = Log(connection)
            log.taken(arrival)
            if up is None:
                return
            row, said = take(log.objective(device, up.objective), up, planned, tools)
            if row is None:
                return
            row, entries = _entries(row, said)
            log.put(device, row)
            log.say(device, entries)

        await turn.commit(write)

    async def _read(self, arrival: int) -> str:
        for waiting in self._log.waiting(arrival):
            known = self._log.tools(waiting.device)
            record = {"device": waiting.device, "body": waiting.body.hex(), "tools": known.hex()}
            return json.dumps(record)
        return ""

    async def _plan(self, up: Opened, tools: dict[str, ToolSpec]) -> str:
        try:
            planned = await self._planner.plan(Brief(up.text, up.today, tools))
        except Exception as exc:
            planned = Cannot(f"The planner failed on this objective ({type(exc).__name__}).")
        match planned:
            case Made():
                plan = encode_plan(planned.plan).hex()
                return json.dumps({"plan": plan, "understood": planned.understood})
            case Cannot():
                return json.dumps({"reason": planned.reason, "nearest": planned.nearest})


def _decoded(body: bytes) -> Up | None:
    with suppress(BridgeError):
        return decode_up(body)
    return None


def _entries(row: Row, said: Iterable[Keyed]) -> tuple[Row, list[tuple[str, bytes]]]:
    """Encode what is to be said; an objective whose plan fits no entry is refused instead."""
    try:
        return row, encode(said)
    except BridgeError as exc:
        row, refusal = give_up(row, f"The plan cannot be sent: {exc}.")
        return row, encode(refusal)


def _tools(up: Up | None, known: bytes) -> dict[str, ToolSpec]:
    """Return the objective's catalogue: its own, or that of the device's last Hello."""
    if not isinstance(up, Opened):
        return {}
    specs = up.tools
    with suppress(BridgeError):
        specs = specs or decode_tools(known)
    return {spec.name: spec for spec in specs}


def _planned_from(text: str) -> Made | Cannot:
    found = json.loads(text)
    if "plan" in found:
        return Made(decode_plan(bytes.fromhex(found["plan"])), found["understood"])
    return Cannot(found["reason"], tuple(found["nearest"]))

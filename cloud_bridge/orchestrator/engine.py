"""The port to a durable engine, and its twin in memory.

A turn is one short run of the body for one message. The engine promises: a turn whose `start_turn`
returned has committed once and for all; a turn that was cut off runs again, with the results of
its finished steps replayed; no effect is exactly once, so effects carry keys. It does not know
what a turn is about: `work` is the body, `engine_dbos` the engine in use.

Later, in the same shape: `fan_out(children)` and `timer(at)`, both as rows and further turns.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from doorward.cloud_bridge.durable import transaction

Write: TypeAlias = Callable[[sqlite3.Connection], None]
"""Writes the turn's outcome inside the engine's own transaction; runs in a thread, may repeat."""


class Turn(Protocol):
    """What a running turn may ask of its engine."""

    async def step(self, name: str, call: Callable[[], Awaitable[str]]) -> str:
        """Return what `call` returned, now or in the run that was cut off."""
        ...

    async def commit(self, write: Write) -> None:
        """Run `write` in one transaction with the note that this turn has committed."""
        ...


Body: TypeAlias = Callable[[Turn, int], Awaitable[None]]
"""Carries out the turn for the message with that arrival number."""


class Engine(Protocol):
    """Whoever runs turns durably."""

    async def launch(self, body: Body) -> None:
        """Get ready; turns that were cut off run again, in their own time or when started."""
        ...

    async def start_turn(self, turn: str, arrival: int) -> None:
        """Run the turn of that id to its end; if it has ended before, do nothing.

        Args:
            turn: `obj/<objective>/<arrival>`.
            arrival: Passed to the body.
        """
        ...

    async def close(self) -> None:
        """Stop; a turn that is running is cut off and will run again."""
        ...


class MemoryEngine:
    """The twin: durable for as long as its `memory` lives, with the same promises."""

    def __init__(self, connection: sqlite3.Connection, memory: dict[str, str]) -> None:
        """Commit over `connection`; note finished steps in `memory`, which outlives us in tests."""
        self._connection = connection
        self._memory = memory
        self._body: Body | None = None

    async def launch(self, body: Body) -> None:
        """Get ready."""
        self._body = body
        self._locks: dict[str, asyncio.Lock] = {}

    async def start_turn(self, turn: str, arrival: int) -> None:
        """Run the turn to its end, once."""
        if self._body is None:
            msg = f"cannot start {turn}: the engine is not launched"
            raise RuntimeError(msg)
        async with self._locks.setdefault(turn, asyncio.Lock()):
            if f"{turn}:ended" not in self._memory:
                await self._body(_MemoryTurn(turn, self._connection, self._memory), arrival)
                self._memory[f"{turn}:ended"] = ""

    async def close(self) -> None:
        """Forget the body."""
        self._body = None


class _MemoryTurn:
    def __init__(self, turn: str, connection: sqlite3.Connection, memory: dict[str, str]) -> None:
        self._turn = turn
        self._connection = connection
        self._memory = memory
        self._count = 0

    def _place(self) -> str:
        self._count += 1
        return f"{self._turn}:{self._count}"

    async def step(self, name: str, call: Callable[[], Awaitable[str]]) -> str:
        """Return the noted result, or run `call` and note it."""
        place = f"{self._place()}:{name}"
        if place not in self._memory:
            self._memory[place] = await call()
        return self._memory[place]

    async def commit(self, write: Write) -> None:
        """Write and note it together."""
        place = self._place()
        if place in self._memory:
            return
        with transaction(self._connection) as connection:
            write(connection)
        self._memory[place] = ""

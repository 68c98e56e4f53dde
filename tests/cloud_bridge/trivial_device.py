"""A device process: opens objectives, carries out steps by noting them, prints a line for each.

Not a test: `test_crashes` runs it as a child and kills it. It ends when every objective is over.
"""

from __future__ import annotations

import asyncio
import random
import sqlite3
import sys
import time
from pathlib import Path

from doorward.cloud_bridge.device.link import Link
from doorward.cloud_bridge.device.outbox import Inbox, Outbox, create_tables
from doorward.cloud_bridge.durable import connect, transaction
from doorward.cloud_bridge.messages import Finished, Observed, Opened, Outcome, Refused, StepDue
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Effect, ObjectiveId, Release

READ = frozenset({Effect.READ})
TOOLS = (
    ToolSpec("files.list", "", (Parameter("folder", Kind.PATH, ""),), READ),
    ToolSpec("files.read", "", (Parameter("path", Kind.PATH, ""),), READ),
)


class Device:
    """A daemon in thirty lines."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        create_tables(connection)
        connection.execute("CREATE TABLE IF NOT EXISTS effect (objective TEXT, step TEXT)")
        connection.execute("CREATE TABLE IF NOT EXISTS ended (objective TEXT, how TEXT)")
        self.connection = connection
        self.outbox = Outbox(connection)
        self.inbox = Inbox(connection)

    def open(self, count: int) -> None:
        with transaction(self.connection):
            for each in range(count):
                opened = Opened(ObjectiveId(f"o{each}"), "words", "2026-11-23", ())
                self.outbox.put(opened, f"o{each}/opened")

    def work(self) -> list[str]:
        lines = []
        while (found := self.inbox.next()) is not None:
            place, down = found
            with transaction(self.connection):
                self.inbox.done(place)
                match down:
                    case StepDue():
                        effect = (down.objective, down.step.id)
                        self.connection.execute("INSERT INTO effect VALUES (?, ?)", effect)
                        seen = Observed(*effect, Outcome.OK, Release.SHAPE, {"count": 3})
                        self.outbox.put(seen, f"{down.objective}/{down.step.id}")
                    case Finished() | Refused():
                        ended = (down.objective, type(down).__name__)
                        self.connection.execute("INSERT INTO ended VALUES (?, ?)", ended)
                    case _:
                        pass
            lines.append(f"{type(down).__name__} {down.objective}")
        return lines

    def rest(self) -> bool:
        ended = self.connection.execute("SELECT count(*) FROM ended").fetchone()[0]
        waiting = "SELECT count(*) FROM outbox WHERE body IS NOT NULL"
        opened = self.connection.execute("SELECT count(*) FROM outbox WHERE key LIKE '%/opened'")
        left = self.connection.execute(waiting).fetchone()[0]
        return bool(ended == opened.fetchone()[0] and left == 0)


async def main(target: str, path: Path, count: int) -> None:
    device = Device(connect(path))
    arrived = asyncio.Event()
    arrived.set()
    link = Link(
        target,
        "mac",
        TOOLS,
        device.connection,
        arrived.set,
        clock=time.monotonic,
        random=lambda: random.random() / 100,  # noqa: S311 - a test that waits less
    )
    device.open(count)
    async with asyncio.TaskGroup() as group:
        running = group.create_task(link.run())
        while True:
            for line in device.work():
                sys.stdout.write(line + "\n")
                sys.stdout.flush()
            if device.rest():
                break
            link.notify()
            await arrived.wait()
            arrived.clear()
        running.cancel()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))

"""What every engine promises, run over DBOS and over the twin."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from doorward.cloud_bridge.durable import connect
from doorward.cloud_bridge.orchestrator.engine import MemoryEngine
from doorward.cloud_bridge.orchestrator.engine_dbos import DbosEngine


class Bench:
    """Opens engines over one database, one life after the other."""

    def __init__(self, kind: str, path: Path) -> None:
        self.kind = kind
        self.path = path
        self.connection = connect(path)
        self.connection.execute("CREATE TABLE effect (arrival INTEGER)")
        self.memory: dict[str, str] = {}

    @asynccontextmanager
    async def engine(self, body):
        engine = (
            DbosEngine(self.path, "test")
            if self.kind == "dbos"
            else MemoryEngine(self.connection, self.memory)
        )
        await engine.launch(body)
        try:
            yield engine
        finally:
            await engine.close()

    def effects(self) -> list[int]:
        return [row[0] for row in self.connection.execute("SELECT arrival FROM effect")]


@pytest.fixture(params=["dbos", "memory"])
def bench(request, tmp_path):
    bench = Bench(request.param, tmp_path / "engine.db")
    yield bench
    bench.connection.close()


def note(arrival):
    return lambda connection: connection.execute("INSERT INTO effect VALUES (?)", (arrival,))


async def test_a_turn_commits_its_outcome_once_however_often_it_is_started(bench):
    async def body(turn, arrival):
        await turn.commit(note(arrival))

    async with bench.engine(body) as engine:
        for _ in range(3):
            await engine.start_turn("obj/o/1", 1)
        await engine.start_turn("obj/o/2", 2)
    assert bench.effects() == [1, 2]


async def test_a_turn_started_again_in_a_later_life_does_nothing(bench):
    async def body(turn, arrival):
        await turn.commit(note(arrival))

    for _ in range(2):
        async with bench.engine(body) as engine:
            await engine.start_turn("obj/o/1", 1)
    assert bench.effects() == [1]


async def test_a_turn_that_failed_is_run_when_it_is_started_again(bench):
    disk = ["full"]

    async def body(turn, arrival):
        if disk:
            raise OSError("the disk is full")
        await turn.commit(note(arrival))

    async with bench.engine(body) as engine:
        with pytest.raises(OSError, match="disk is full"):
            await engine.start_turn("obj/o/1", 1)
        disk.clear()
        await engine.start_turn("obj/o/1", 1)
        await engine.start_turn("obj/o/1", 1)
    assert bench.effects() == [1]


async def test_a_commit_that_fails_leaves_nothing_behind(bench):
    async def body(turn, arrival):
        def write(connection):
            connection.execute("INSERT INTO effect VALUES (?)", (arrival,))
            raise OSError("the disk is full")

        await turn.commit(write)

    async with bench.engine(body) as engine:
        with pytest.raises(OSError, match="disk is full"):
            await engine.start_turn("obj/o/1", 1)
    assert bench.effects() == []


async def test_turns_of_several_objectives_run_side_by_side(bench):
    both = asyncio.Barrier(2)

    async def meet():
        await both.wait()
        return ""

    async def body(turn, arrival):
        await turn.step("meet", meet)
        await turn.commit(note(arrival))

    async with bench.engine(body) as engine, asyncio.timeout(5), asyncio.TaskGroup() as group:
        group.create_task(engine.start_turn("obj/a/1", 1))
        group.create_task(engine.start_turn("obj/b/2", 2))
    assert sorted(bench.effects()) == [1, 2]

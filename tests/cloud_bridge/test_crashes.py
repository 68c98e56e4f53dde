"""Both programs as real processes over a Unix socket; either is killed at any moment.

No message is lost and no effect is doubled: the device's ledger shows each step exactly once.
"""

from __future__ import annotations

import asyncio
import os
import random
import sqlite3
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
STEPS = ("s1", "s2", "s3")


@pytest.fixture
def place() -> Iterator[Path]:
    """Give a folder whose path fits into a Unix socket's name."""
    with tempfile.TemporaryDirectory(prefix="dw", dir="/tmp") as folder:
        yield Path(folder)


STARTED: list[asyncio.subprocess.Process] = []


@pytest.fixture(autouse=True)
async def nobody_stays() -> AsyncIterator[None]:
    """Kill what a test left running, and read its output to the end: that closes the pipe."""
    yield
    while STARTED:
        process = STARTED.pop()
        await kill(process)
        await process.communicate()


async def start(
    script: str, *arguments: str, fds: tuple[int, ...] = ()
) -> asyncio.subprocess.Process:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        str(HERE / script),
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        pass_fds=fds,
        env={**os.environ, "PYTHONPATH": str(ROOT / ".dev")},
    )
    STARTED.append(process)
    return process


async def line(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout is not None
    return await process.stdout.readline()


async def orchestrator(place: Path, *more: str, fds: tuple[int, ...] = ()):
    at = (f"unix:{place}/s", str(place / "home.db"))
    process = await start("trivial_orchestrator.py", *at, *more, fds=fds)
    async with asyncio.timeout(10):
        assert await line(process) == b"ready\n"
    return process


async def device(place: Path, count: int):
    return await start("trivial_device.py", f"unix:{place}/s", str(place / "mac.db"), str(count))


async def kill(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


async def lines(process: asyncio.subprocess.Process, count: int) -> bool:
    """Read so many lines; tell whether there is more to come."""
    for _ in range(count):
        async with asyncio.timeout(20):
            if not await line(process):
                return False
    return True


def check(place: Path, count: int) -> None:
    ledger = sqlite3.connect(place / "mac.db")
    effects = ledger.execute("SELECT objective, step FROM effect").fetchall()
    ended = ledger.execute("SELECT objective, how FROM ended").fetchall()
    ledger.close()
    assert sorted(effects) == sorted((f"o{o}", s) for o in range(count) for s in STEPS)
    assert sorted(ended) == sorted((f"o{o}", "Finished") for o in range(count))


async def test_an_objective_is_planned_handed_out_and_finished_between_two_processes(place):
    server = await orchestrator(place)
    client = await device(place, 2)
    assert not await lines(client, 1000)
    assert await client.wait() == 0
    server.terminate()
    async with asyncio.timeout(5):
        assert await server.wait() == 0
    check(place, 2)


@pytest.mark.parametrize("seed", [1, 2])
async def test_killing_the_orchestrator_again_and_again_loses_and_doubles_nothing(place, seed):
    chance = random.Random(seed)  # noqa: S311 - a reproducible test
    server = await orchestrator(place)
    client = await device(place, 4)
    kills = 0
    while await lines(client, chance.randint(1, 6)):
        await kill(server)
        kills += 1
        server = await orchestrator(place)
    await kill(server)
    assert await client.wait() == 0
    assert kills >= 3
    check(place, 4)


@pytest.mark.parametrize("seed", [3])
async def test_killing_the_device_again_and_again_loses_and_doubles_nothing(place, seed):
    chance = random.Random(seed)  # noqa: S311 - a reproducible test
    server = await orchestrator(place)
    client = await device(place, 8)
    kills = 0
    while await lines(client, chance.randint(1, 6)):
        await kill(client)
        kills += 1
        client = await device(place, 8)
    await kill(server)
    assert await client.wait() == 0
    assert kills >= 3
    check(place, 8)


async def test_the_orchestrator_ends_when_its_parents_pipe_closes(place):
    read, write = os.pipe()
    server = await orchestrator(place, str(read), fds=(read,))
    os.close(read)
    os.close(write)
    async with asyncio.timeout(5):
        assert await server.wait() == 0


async def test_the_socket_is_for_its_owner_alone(place):
    server = await orchestrator(place)
    assert (place / "s").stat().st_mode & 0o777 == 0o600
    await kill(server)

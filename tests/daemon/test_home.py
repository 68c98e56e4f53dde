from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.errors import DaemonError
from doorward.daemon.home import HomeOrchestrator
from doorward.daemon.needed import Needed


class Counted:
    """Counts how often the child was ready; waits for the next time."""

    def __init__(self) -> None:
        self.ready: asyncio.Queue[None] = asyncio.Queue()

    def wake(self) -> None:
        self.ready.put_nowait(None)

    async def run(self) -> None:
        await asyncio.Event().wait()


def home_in(folder: Path, trouble: list[DaemonError]) -> HomeOrchestrator:
    return HomeOrchestrator(
        folder / "home.sock", folder / "home.db", folder / "home.log", trouble.append
    )


async def test_a_killed_orchestrator_is_started_again_and_ends_with_the_keeper(
    tmp_path: Path,
) -> None:
    counted, trouble = Counted(), list[DaemonError]()
    home = home_in(tmp_path, trouble)
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        keeping = group.create_task(home.keep(counted.wake))
        await counted.ready.get()
        first = home.pid
        assert first is not None
        assert (tmp_path / "home.sock").stat().st_mode & 0o777 == 0o600
        os.kill(first, signal.SIGKILL)
        await counted.ready.get()
        second = home.pid
        assert second is not None
        assert second != first
        keeping.cancel()
    assert home.pid is None
    with pytest.raises(ProcessLookupError):
        os.kill(second, 0)
    assert trouble == []


PARENT = """
import asyncio, sys
from pathlib import Path
from doorward.daemon.home import HomeOrchestrator

folder = Path(sys.argv[1])
home = HomeOrchestrator(folder / "home.sock", folder / "home.db", folder / "home.log", print)
asyncio.run(home.keep(lambda: print(home.pid, flush=True)))
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="waits for a process of another's")
async def test_a_killed_parent_leaves_no_orphan(tmp_path: Path) -> None:
    parent = subprocess.Popen(  # noqa: ASYNC220  # it is killed, not waited for
        [sys.executable, "-c", PARENT, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert parent.stdout is not None
    with parent:
        line = await asyncio.to_thread(parent.stdout.readline)
        child = os.pidfd_open(int(line))
        parent.kill()
    ended = asyncio.Event()
    asyncio.get_running_loop().add_reader(child, ended.set)
    async with asyncio.timeout(5):
        await ended.wait()
    asyncio.get_running_loop().remove_reader(child)
    os.close(child)


async def test_one_that_does_not_start_is_said_and_tried_again(tmp_path: Path) -> None:
    heard: asyncio.Queue[DaemonError] = asyncio.Queue()
    (tmp_path / "home.db").mkdir()
    home = HomeOrchestrator(
        tmp_path / "home.sock", tmp_path / "home.db", tmp_path / "home.log", heard.put_nowait
    )
    async with asyncio.timeout(30), asyncio.TaskGroup() as group:
        keeping = group.create_task(home.keep(lambda: None))
        for _ in range(2):
            error = await heard.get()
            assert "did not start" in str(error)
            assert "home.log" in error.__notes__[0]
        keeping.cancel()


async def test_a_log_that_cannot_be_written_is_said_and_does_not_end_the_daemon(
    tmp_path: Path,
) -> None:
    heard: asyncio.Queue[DaemonError] = asyncio.Queue()
    (tmp_path / "home.log").mkdir()
    home = HomeOrchestrator(
        tmp_path / "home.sock", tmp_path / "home.db", tmp_path / "home.log", heard.put_nowait
    )
    before = len(list(Path("/dev/fd").iterdir()))
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        keeping = group.create_task(home.keep(lambda: None))
        for _ in range(3):
            assert "home orchestrator" in str(await heard.get())
        keeping.cancel()
    assert len(list(Path("/dev/fd").iterdir())) <= before + 1


class Switch:
    """Stands for process and link: says when each is up."""

    def __init__(self) -> None:
        self.up = 0
        self.changed = asyncio.Event()

    async def keep(self, on_ready: object) -> None:
        await self.run()

    async def run(self) -> None:
        self.up += 1
        self.changed.set()
        try:
            await asyncio.Event().wait()
        finally:
            self.up -= 1
            self.changed.set()

    def wake(self) -> None:
        """Do nothing."""

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while self.up != count:
                self.changed.clear()
                await self.changed.wait()


async def test_both_are_up_while_wanted_and_down_when_not() -> None:
    switch = Switch()
    needed = Needed(switch, switch, 0.0)  # type: ignore[arg-type]  # the switch stands for both
    async with asyncio.TaskGroup() as group:
        running = group.create_task(needed.run())
        for _ in range(2):
            needed.want(True)
            await switch.until(2)
            needed.want(False)
            needed.want(False)
            await switch.until(0)
        needed.want(True)
        needed.want(False)
        needed.want(True)  # a need in time keeps them
        await switch.until(2)
        await asyncio.sleep(0)
        assert switch.up == 2
        running.cancel()

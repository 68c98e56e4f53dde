"""Who may use the process when."""

from __future__ import annotations

import asyncio

from doorward.daemon.models.turns import Turns


async def test_many_are_inside_together_and_one_alone() -> None:
    turns, most, inside = Turns(), 0, 0

    async def enter(alone: bool) -> None:
        nonlocal most, inside
        async with turns.alone() if alone else turns.together():
            inside += 1
            most = max(most, inside)
            assert inside == 1 or not alone
            await asyncio.sleep(0)
            inside -= 1

    async with asyncio.TaskGroup() as group:
        for number in range(40):
            group.create_task(enter(number % 8 == 7))
    assert most > 1
    assert not turns.busy


async def test_who_stops_waiting_holds_nobody_up() -> None:
    turns = Turns()
    async with turns.together(), asyncio.TaskGroup() as group:
        waiting = group.create_task(_alone(turns))
        await asyncio.sleep(0)
        later = group.create_task(_together(turns))
        await asyncio.sleep(0)
        assert not later.done()
        waiting.cancel()
    assert later.done()
    assert not turns.busy


async def _alone(turns: Turns) -> None:
    async with turns.alone():
        pass


async def _together(turns: Turns) -> None:
    async with turns.together():
        pass

"""The daemon goes away at a bad moment and comes back: nothing is lost, nothing happens twice."""

from __future__ import annotations

import asyncio

import pytest
from doorward.policies.vocabulary import ObjectiveState
from doorward.tools.changes.disk import Disk

from tests.agent import Crash, Setting, crashing
from tests.journeys.conftest import invoice
from tests.tools.changesets import tree

TABLE = "put the vendor, invoice number, date and total of every invoice into invoices.csv"


async def finish(agent: Setting, objective: str) -> str:
    """Start again, say yes, and return the table."""
    from doorward.policies.vocabulary import ObjectiveId

    async with agent.start() as daemon:
        held = await daemon.until(ObjectiveId(objective), "waiting", "done")
        if held.state is ObjectiveState.WAITING:
            daemon.yes(ObjectiveId(objective))
            await daemon.until(ObjectiveId(objective), "done")
        kinds = [event["kind"] for event in daemon.events(ObjectiveId(objective))]
        assert kinds.count("planned") == 1
        assert kinds.count("committed") == 1
        ended = [
            e["step"] for e in daemon.events(ObjectiveId(objective)) if e["kind"] == "step.ended"
        ]
        assert len(ended) == len(set(ended))
    assert sorted(path.name for path in agent.folder.glob("*.csv")) == ["invoices.csv"]
    return (agent.folder / "invoices.csv").read_text(encoding="utf-8")


async def test_an_objective_that_was_only_queued_goes_on(agent: Setting) -> None:
    async with agent.start() as daemon:
        held = daemon.views.new_objective(TABLE, str(agent.folder))
        with daemon.store.transaction():
            daemon.store.put(held)  # stored, and the power goes before anything begins
    assert "RE-10418" in await finish(agent, held.id)


async def test_an_objective_that_was_being_planned_goes_on(agent: Setting) -> None:
    async with agent.start() as daemon:
        daemon.orchestrator.held = True
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "planning")
        await daemon.settle()
        assert daemon.orchestrator.heard == []
    assert agent.orchestrator is not None
    agent.orchestrator.held = False
    assert "RE-10418" in await finish(agent, objective)


async def test_an_objective_that_was_in_a_step_goes_on(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        async for event in daemon.supervisor.events(objective, 0):
            if event["kind"] == "progress":
                break
    assert "RE-10418" in await finish(agent, objective)


@pytest.mark.parametrize("step", ["s1", "s2", "s3", "s4", "s5", "s6"])
async def test_an_objective_that_was_between_two_steps_goes_on(agent: Setting, step: str) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        async with asyncio.timeout(10):
            async for event in daemon.supervisor.events(objective, 0):
                if event["kind"] == "step.ended" and event["step"] == step:
                    break
    assert "RE-10418" in await finish(agent, objective)


async def test_an_objective_that_waited_for_an_answer_goes_on_waiting(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        before = await daemon.until(objective, "waiting")
    async with agent.start() as daemon:
        assert (await daemon.until(objective, "waiting")).card == before.card
    assert "RE-10418" in await finish(agent, objective)


@pytest.mark.parametrize("at", range(0, 24, 4))
async def test_a_commit_that_was_cut_off_is_finished_once(agent: Setting, at: int) -> None:
    left = [at]

    def before(step: str) -> None:
        if left and agent.disk is not None and committing:
            left[0] -= 1
            if left[0] < 0:
                left.clear()
                raise Crash(step)

    committing: list[bool] = []
    agent.disk = Disk(before)
    async with crashing(agent) as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        committing.append(True)
        daemon.yes(objective)
        await daemon.until(objective, "done")
    agent.disk = None
    table = await finish(agent, objective)
    assert table.count("RE-10418") == 1


async def test_a_no_outlives_a_restart(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.no(objective)  # and the power goes before anything follows from it
    async with agent.start() as daemon:
        done = await daemon.until(objective, "done")
        assert any("you said no" in line for line in done.unchanged)
    assert tree(agent.folder) == before


async def test_a_stop_outlives_a_restart(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.supervisor.stop(objective)
    async with agent.start() as daemon:
        await daemon.settle()
        assert daemon.supervisor.get(objective).state is ObjectiveState.STOPPED
    assert tree(agent.folder) == before


async def test_what_is_said_again_from_above_is_not_done_again(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.orchestrator.say_again()
        daemon.grown.set()
        await daemon.settle()
        daemon.yes(objective)
        await daemon.until(objective, "done")
        daemon.orchestrator.say_again()
        daemon.grown.set()
        await daemon.settle()
        kinds = [event["kind"] for event in daemon.events(objective)]
        assert (kinds.count("card"), kinds.count("committed")) == (1, 1)


async def test_the_same_words_again_after_an_undo_work_on_what_is_there_now(
    agent: Setting,
) -> None:
    async with agent.start() as daemon:
        for number in ("RE-1", "RE-2"):
            (agent.folder / "nordlicht.txt").write_text(
                invoice("Nordlicht", number, "2026-10-07", "1.00"), encoding="utf-8"
            )
            objective = daemon.ask(TABLE)
            await daemon.until(objective, "waiting")
            daemon.yes(objective)
            await daemon.until(objective, "done")
            assert number in (agent.folder / "invoices.csv").read_text(encoding="utf-8")
            daemon.supervisor.undo(objective)
            assert not (agent.folder / "invoices.csv").exists()

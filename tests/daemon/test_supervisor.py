from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from doorward.cloud_bridge.messages import Observed, Outcome
from doorward.daemon.errors import Misused, NoRoom
from doorward.daemon.objectives import events
from doorward.daemon.objectives.objective import Due, Report
from doorward.policies.plan import Plan, Template
from doorward.policies.vocabulary import Influence, ObjectiveId, Release

from tests.agent import Agent, FixedPlanner, Setting
from tests.daemon.events import S1


@pytest.fixture
def agent(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    return Setting(tmp_path / "state", folder)


async def planning(daemon: Agent) -> ObjectiveId:
    daemon.orchestrator.held = True
    objective = daemon.ask("find my lease")
    await daemon.until(objective, "planning")
    await daemon.settle()
    return objective


async def test_what_cannot_be_sent_ends_the_objective_and_not_the_daemon(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = await planning(daemon)
        held = daemon.supervisor.get(objective)
        daemon.store.put(replace(held, plan=Plan((S1,), Template("")), due=Due(S1, Influence.USER)))
        unsendable = Observed(objective, S1.id, Outcome.OK, Release.FULL, {"x": "y" * 20_000_000})
        follow = daemon.supervisor._follow
        follow(objective, events.Performed(Report(Outcome.OK), unsendable))
        assert daemon.supervisor.get(objective).state == "failed"
        assert await planning(daemon)


async def test_an_event_of_an_unknown_objective_is_dropped(agent: Setting) -> None:
    async with agent.start() as daemon:
        daemon.supervisor.handle(ObjectiveId("o-9"), events.StopRequested())
        with pytest.raises(Misused):
            daemon.supervisor.get(ObjectiveId("o-9"))


async def test_a_full_disk_is_told_and_the_objective_goes_on_after_a_restart(
    agent: Setting,
) -> None:
    agent.planner = FixedPlanner(Plan((S1,), Template("ready")))
    async with agent.start() as daemon:

        def full(*_: object) -> None:
            raise NoRoom("the disk is full")

        daemon.door.admission.ledger.append = full  # type: ignore[method-assign,assignment]  # a full disk
        objective = daemon.ask("find my lease")
        async for event in daemon.supervisor.events(objective, 0):
            if event["kind"] == "trouble":
                assert "the disk is full" in event["reason"]
                break
        assert daemon.supervisor.get(objective).state == "planning"
    async with agent.start() as daemon:
        await daemon.until(objective, "done", "failed")

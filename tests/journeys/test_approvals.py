"""Approvals end to end: a yes holds once, for exactly what was shown; too many are collected."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.objectives import events
from doorward.daemon.objectives.objective import Asked, Due
from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Literal, Parameter, Plan, Ref, Step, Template, ToolSpec
from doorward.policies.vocabulary import (
    Data,
    Effect,
    Influence,
    ObjectiveId,
    StepId,
)
from doorward.tools.base import Arguments, Context, Result, Touch

from tests.agent import Agent, Crash, FixedPlanner, Setting, crashing
from tests.tools.changesets import tree

TABLE = "put the vendor, invoice number, date and total of every invoice into invoices.csv"


class Look:
    """A tool whose every call has to be asked about."""

    spec = ToolSpec(
        "odd.look",
        "look at something",
        (Parameter("path", Kind.PATH, "a file"), Parameter("note", Kind.TEXT, "", required=False)),
        frozenset({Effect.WRITE}),
        "path",
    )

    def __init__(self) -> None:
        self.runs: list[Data] = []
        self.crash = False

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        return [Touch(Effect.WRITE, str(context.changeset.resolve(str(arguments["path"]))))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        assert permits
        self.runs.append(arguments["path"])
        if self.crash:
            raise Crash("in the middle of the effect")
        return Result({"path": arguments["path"]}, NEUTRAL)


def looks(number: int = 1, note: str = "a") -> Plan:
    steps = [
        Step(StepId(f"s{n}"), "odd.look", {"path": Literal(f"f{n}"), "note": Literal(note)})
        for n in range(1, number + 1)
    ]
    return Plan(tuple(steps), Template("ready"))


@pytest.fixture
def look() -> Look:
    return Look()


@pytest.fixture
def setting(tmp_path: Path, look: Look) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    return Setting(tmp_path / "state", folder, FixedPlanner(looks()), extra={"odd.look": look})


async def silent(done: int, total: int, what: str) -> None:
    return None


async def asked(daemon: Agent) -> tuple[ObjectiveId, tuple[Asked, ...]]:
    objective = daemon.ask("look at it")
    held = await daemon.until(objective, "waiting")
    assert held.card is not None
    return objective, held.card.asked


async def perform(
    daemon: Agent, objective: ObjectiveId, approved: Sequence[Asked], note: str = "a"
) -> events.Performed | events.NeedsApproval | events.Broke:
    held = daemon.supervisor.get(objective)
    held = replace(held, plan=looks(note=note), card=None)
    assert held.plan is not None
    due = Due(held.plan.steps[0], Influence.USER)
    changeset = daemon.supervisor._parts.changesets(held)
    return await daemon.door.perform(held, due, approved, changeset, silent)


# --- single use -----------------------------------------------------------------------------------


async def test_a_yes_is_used_up_by_what_it_lets_happen(setting: Setting, look: Look) -> None:
    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        await perform(daemon, objective, approved)
        again = await perform(daemon, objective, approved)
    assert look.runs == ["f1"]
    assert isinstance(again, events.Performed)
    assert "your yes to it was used already" in again.report.reason


async def test_a_used_yes_stays_used_after_a_restart(setting: Setting, look: Look) -> None:
    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        await perform(daemon, objective, approved)
    async with setting.start() as daemon:
        again = await perform(daemon, objective, approved)
    assert isinstance(again, events.Performed)
    assert "used already" in again.report.reason
    assert look.runs == ["f1"]


async def test_content_that_was_changed_after_the_question_is_not_sent_and_not_asked_again(
    setting: Setting, look: Look
) -> None:
    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        ended = await perform(daemon, objective, approved, note="something else")
    assert look.runs == []
    assert isinstance(ended, events.Performed)
    assert "its content was changed after you were asked" in ended.report.reason


async def test_a_policy_that_was_changed_after_the_question_voids_the_yes(
    setting: Setting, look: Look
) -> None:
    from doorward.daemon.policy_file import default_text

    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        setting.policy_file.write_text(default_text() + "\n# a word\n", encoding="utf-8")
        ended = await perform(daemon, objective, approved)
    assert look.runs == []
    assert isinstance(ended, events.Performed)
    assert "the policy was changed after you were asked" in ended.report.reason


async def test_a_yes_that_comes_to_its_effect_too_late_is_void(
    setting: Setting, look: Look
) -> None:
    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        daemon.clock.posix += setting.card_timeout
        ended = await perform(daemon, objective, approved)
    assert look.runs == []
    assert isinstance(ended, events.Performed)
    assert "your yes had expired" in ended.report.reason


async def test_the_yes_of_one_objective_is_none_for_another(setting: Setting, look: Look) -> None:
    async with setting.start() as daemon:
        _, approved = await asked(daemon)
        other, _ = await asked(daemon)
        assert isinstance(await perform(daemon, other, approved), events.NeedsApproval)
        forged = [replace(one, request=replace(one.request, objective=other)) for one in approved]
        ended = await perform(daemon, other, forged)
    assert look.runs == []
    assert isinstance(ended, events.Performed)
    assert "does not belong to this card" in ended.report.reason


async def test_the_token_is_on_the_disk_before_the_effect(setting: Setting, look: Look) -> None:
    look.crash = True
    async with crashing(setting) as daemon:
        objective, approved = await asked(daemon)
        daemon.yes(objective)
        await daemon.until(objective, "done")
    assert look.runs == ["f1"]
    with sqlite3.connect(setting.state / "daemon.db") as connection:
        held = connection.execute("SELECT token, done FROM spent").fetchall()
    connection.close()
    assert held == [(approved[0].ticket.token, 0)]
    look.crash = False
    async with setting.start() as daemon:
        waiting = await daemon.until(objective, "waiting")
        assert waiting.card is not None
        assert waiting.card.again  # it may have happened: the user decides, knowing that
        assert waiting.card.asked[0].ticket.token != approved[0].ticket.token
        assert look.runs == ["f1"]
        daemon.yes(objective)
        await daemon.until(objective, "done")
    assert look.runs == ["f1", "f1"]


async def test_a_staged_file_that_changed_after_the_question_is_not_written(
    agent: Setting,
) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        held = await daemon.until(objective, "waiting")
        changeset = daemon.supervisor._parts.changesets(held)
        changeset.at(StepId("s6")).stage_write(changeset.folder / "invoices.csv", b"other")
        daemon.yes(objective)
        done = await daemon.until(objective, "done")
    assert tree(agent.folder) == before
    assert ["its content was changed" in line for line in done.unchanged] == [True]


async def test_a_yes_to_a_changeset_makes_it_once(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        held = await daemon.until(objective, "waiting")
        assert held.card is not None
        daemon.yes(objective)
        await daemon.until(objective, "done")
        changeset = daemon.supervisor._parts.changesets(held)
        table = agent.folder / "invoices.csv"
        written = table.read_bytes()
        table.unlink()
        changeset.at(StepId("s6")).stage_write(table, b"something between")
        changeset.at(StepId("s6")).stage_write(table, written)
        again = daemon.door.commits.commit(held, changeset, held.card.asked)
    assert not table.exists()
    assert any("used already" in line for line in again.unchanged)


# --- timeout and clock ----------------------------------------------------------------------------


async def test_a_clock_that_is_set_back_gains_a_card_no_time(setting: Setting, look: Look) -> None:
    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        now = daemon.door.admission.questions.asking.now()
        assert approved[0].ticket.expires == now + setting.card_timeout
    setting.clock.posix -= 365 * 24 * 3600
    async with setting.start() as daemon:
        assert daemon.door.admission.questions.asking.now() == now
        await daemon.settle()
        setting.clock.ticks += setting.card_timeout
        assert daemon.door.admission.questions.asking.now() == now + setting.card_timeout
        daemon.yes(objective)
        done = await daemon.until(objective, "done")
        assert done.reports[StepId("s1")].notes == ("It was not done: your yes had expired.",)
    assert look.runs == []


async def test_a_card_that_expired_while_nobody_was_there_is_a_no(
    setting: Setting, look: Look
) -> None:
    async with setting.start() as daemon:
        objective, _ = await asked(daemon)
    setting.clock.posix += setting.card_timeout
    async with setting.start() as daemon:
        done = await daemon.until(objective, "done")
        assert done.reports[StepId("s1")].notes == (
            "write f1 (odd.look): not done, nobody answered in time",
        )
    assert look.runs == []


# --- pace -----------------------------------------------------------------------------------------


async def test_beyond_the_rate_questions_are_collected_on_one_card(setting: Setting) -> None:
    async with setting.start() as daemon:
        for _ in range(17):
            await asked(daemon)
        told = daemon.views.cards()
        assert (len(told["shown"]), len(told["collected"])) == (5, 12)
        assert sum(one["collected"] for one in daemon.views.listing()) == 12
        kinds = [
            event["kind"] for one in daemon.store.objectives() for event in daemon.events(one.id)
        ]
        assert (kinds.count("card"), kinds.count("card.collected")) == (5, 12)


async def test_what_was_collected_is_shown_as_one_when_the_hour_allows(setting: Setting) -> None:
    setting.card_timeout = 1e6
    async with setting.start() as daemon:
        for _ in range(9):
            await asked(daemon)
        assert len(daemon.views.cards()["collected"]) == 4
    setting.clock.posix += 3600
    async with setting.start() as daemon:
        await daemon.settle()
        assert len(daemon.views.cards()["shown"]) == 9
        assert daemon.views.cards()["digest"] == ""
        for _ in range(5):
            await asked(daemon)
        # The four counted as one of the new hour's five.
        assert len(daemon.views.cards()["collected"]) == 1


async def test_the_pace_outlives_a_restart(setting: Setting) -> None:
    async with setting.start() as daemon:
        for _ in range(5):
            await asked(daemon)
    setting.clock.posix -= 7200
    async with setting.start() as daemon:
        await asked(daemon)
        assert len(daemon.views.cards()["collected"]) == 1


async def test_a_collected_question_can_be_answered_by_who_looks(
    setting: Setting, look: Look
) -> None:
    setting.cards_an_hour = 0
    async with setting.start() as daemon:
        objective, _ = await asked(daemon)
        daemon.yes(objective)
        await daemon.until(objective, "done")
    assert look.runs == ["f1"]


async def test_all_that_a_plan_will_ask_and_is_known_now_is_on_one_card(
    setting: Setting, look: Look
) -> None:
    setting.planner = FixedPlanner(looks(6))
    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        assert [one.shown for one in approved] == [f"write f{n} (odd.look)" for n in range(1, 7)]
        daemon.yes(objective)
        done = await daemon.until(objective, "done")
        assert done.cards == 1
    assert look.runs == [f"f{n}" for n in range(1, 7)]


async def test_a_yes_for_a_later_step_outlives_a_restart_and_is_used_once(
    setting: Setting, look: Look
) -> None:
    setting.planner = FixedPlanner(looks(3))
    async with setting.start() as daemon:
        objective, _ = await asked(daemon)
        daemon.orchestrator.held = True
        daemon.yes(objective)
        await daemon.settle()
    assert setting.orchestrator is not None
    setting.orchestrator.held = False
    async with setting.start() as daemon:
        done = await daemon.until(objective, "done")
        assert done.cards == 1
    assert look.runs == ["f1", "f2", "f3"]


async def test_a_yes_for_a_later_step_under_another_policy_is_asked_for_again(
    setting: Setting, look: Look
) -> None:
    from doorward.daemon.policy_file import default_text

    setting.planner = FixedPlanner(looks(2))
    async with setting.start() as daemon:
        objective, _ = await asked(daemon)
        daemon.orchestrator.held = True
        daemon.yes(objective)
        await daemon.settle()
        setting.policy_file.write_text(default_text() + "\n# a word\n", encoding="utf-8")
        daemon.orchestrator.held = False
        daemon.grown.set()
        await daemon.until(objective, "waiting")
    assert look.runs == ["f1"]


def chain(number: int) -> Plan:
    """Return a plan in which every step needs the result of the one before."""
    steps = [Step(StepId("s1"), "odd.look", {"path": Literal("f1")})]
    steps += [
        Step(StepId(f"s{n}"), "odd.look", {"path": Ref(f"s{n - 1}.path")})
        for n in range(2, number + 1)
    ]
    return Plan(tuple(steps), Template("ready"))


async def test_an_objective_that_asks_without_end_is_stopped(setting: Setting, look: Look) -> None:
    setting.planner = FixedPlanner(chain(30))
    async with setting.start() as daemon:
        objective = daemon.ask("look at everything")
        for _ in range(20):
            await daemon.until(objective, "waiting")
            daemon.yes(objective)
            await daemon.settle()
        failed = await daemon.until(objective, "failed")
        assert "it has asked you 20 times" in failed.reason
        kinds = [event["kind"] for event in daemon.events(objective)]
        assert (kinds.count("card"), kinds.count("card.collected")) == (5, 15)
    assert len(look.runs) == 20


async def test_a_no_to_a_step_does_nothing_of_it_and_says_so(setting: Setting, look: Look) -> None:
    async with setting.start() as daemon:
        objective, _ = await asked(daemon)
        daemon.no(objective)
        await daemon.until(objective, "done")
        notes = daemon.views.show(objective)["notes"]
        assert notes == ["write f1 (odd.look): not done, you said no"]
    assert look.runs == []


async def test_a_card_tells_a_face_typed_fields_and_no_token(setting: Setting) -> None:
    async with setting.start() as daemon:
        objective, approved = await asked(daemon)
        view = daemon.views.show(objective)
        events = str(daemon.events(objective))
    card = view["card"]
    assert set(card) == {
        "id", "kind", "expires", "collected", "again", "rows", "rules", "values", "asked",
    }  # fmt: skip
    assert (card["asked"][0]["verb"], card["asked"][0]["thing"]) == ("write", "f1")
    assert card["rules"][0]["rule"] == "defaults.write"
    assert approved[0].ticket.token not in str(view) + events

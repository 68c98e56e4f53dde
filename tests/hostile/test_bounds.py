"""Each bound that holds a hostile orchestrator, by itself: it refuses with a reason."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.cloud_bridge.device.outbox import create_tables
from doorward.cloud_bridge.device.talk import MAX_KEY, QUEUE, Ended, Talk
from doorward.cloud_bridge.durable import connect
from doorward.cloud_bridge.messages import Finished, Planned, Refused
from doorward.cloud_bridge.plan_codec import plan_from
from doorward.daemon.commands.follow import ending
from doorward.daemon.door.budget import AskedTooMuch, MemoryBudget, Told, within
from doorward.daemon.objectives.loop import advance
from doorward.daemon.objectives.objective import Due, Objective
from doorward.daemon.values.answer import MAX_ANSWER, render
from doorward.daemon.values.resolve import MAX_TEXT, Unresolved, calls
from doorward.daemon.values.vault import Value
from doorward.policies.bits import ENDS, OUTCOME, PER_OBJECTIVE
from doorward.policies.labels import NEUTRAL
from doorward.policies.plan import (
    MAX_MAPS,
    MAX_SAID,
    MAX_STEPS,
    MAX_WORDS,
    Argument,
    Kind,
    Literal,
    Parameter,
    Plan,
    Ref,
    Step,
    Template,
    ToolSpec,
    check,
    mistyped,
    unreasonable,
)
from doorward.policies.vocabulary import (
    Data,
    Influence,
    ObjectiveId,
    ObjectiveState,
    Release,
    StepId,
)
from doorward.proto.v1 import plan_pb2, sync_pb2
from doorward.tools.base import ToolError, Unavailable
from doorward.tools.changes import staging
from doorward.tools.changes.changeset import Changeset
from doorward.tools.files.look import MAX_PATTERN, _Asked
from doorward.tools.reading.read import _needed

ID = ObjectiveId("o-1")
PLANNING = Objective(ID, "look", "/home/anna", "2026-11-23", "", ObjectiveState.PLANNING)
STEP = Step(StepId("s1"), "files.list", {"folder": Literal(".")})
PLAN = Plan((STEP,), Template("Done."))
LONG = "x" * 2_000_000


def of(**changes: object) -> Plan:
    return replace(PLAN, steps=(replace(STEP, **changes),))  # type: ignore[arg-type]  # one field


UNREASONABLE = [
    Plan((), Template("")),
    replace(PLAN, steps=(STEP,) * (MAX_STEPS + 1)),
    replace(PLAN, steps=(replace(STEP, each=Ref("s0.items")),) * (MAX_MAPS + 1)),
    replace(PLAN, answer=Template("x" * (MAX_WORDS + 1))),
    replace(PLAN, recipe="x" * 100_000),
    *(of(id=StepId(name)) for name in ("x" * 100_000, "stop", "opened", "answer", "item")),
    of(tool="x" * 100_000),
    of(why="x" * (MAX_SAID + 1)),
    of(args={"x" * 100_000: Literal(1)}),
    of(args={f"a{n}": Ref("s0") for n in range(60)}),
    of(args={"folder": Literal(["x" * 10] * MAX_WORDS)}),
    of(args={"folder": Ref("s0" + ".items" * MAX_WORDS)}),
]


@pytest.mark.parametrize("plan", UNREASONABLE)
def test_a_plan_beyond_all_measure_ends_the_objective_and_is_not_kept(plan: Plan) -> None:
    after, _ = advance(PLANNING, Planned(ID, plan, "Look."))
    assert after.state is ObjectiveState.FAILED
    assert after.plan is None
    assert after.reason == f"the planner sent a plan that {unreasonable(plan)}"
    assert len(after.reason) < 200


async def test_a_pattern_or_a_question_that_would_take_minutes_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ToolError, match=f"at most {MAX_PATTERN} characters"):
        _Asked.of({"name": "[" * 9000})
    with pytest.raises(ToolError, match="more than 2,000 characters"):
        _needed({"question": "w " * 5000}, "question")
    spec = ToolSpec("a.b", "", (Parameter("n", Kind.TEXT, "", many=True),), frozenset())
    assert list(mistyped(spec, {"n": ["x"] * 101})) == ["n has more than 100 elements"]
    assert list(mistyped(spec, {"n": ["x"] * 100})) == []


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan"), 10**300])
def test_what_is_no_number_is_refused_as_one(number: float) -> None:
    spec = ToolSpec("a.b", "", (Parameter("n", Kind.NUMBER, ""),), frozenset())
    assert list(mistyped(spec, {"n": number})) == ["n must be number"]
    made = replace(PLAN, steps=(replace(STEP, tool="a.b", args={"n": Literal(number)}),))
    (error,) = check(made, {"a.b": spec})
    assert len(error.what) < 100


def test_a_common_plan_is_reasonable() -> None:
    assert unreasonable(PLAN) == ""
    after, _ = advance(PLANNING, Planned(ID, PLAN, "x" * 100_000))
    assert after.plan == PLAN
    assert len(after.understood) == MAX_SAID


def test_of_sixty_thousand_steps_no_more_are_built_than_it_takes_to_refuse_them() -> None:
    message = plan_pb2.Plan(steps=[plan_pb2.Step()] * 60_000)
    assert len(plan_from(message).steps) == MAX_STEPS + 1


def test_what_the_planner_says_is_marked_as_its_own_and_short() -> None:
    said = Refused(ID, "Your disk is damaged. " * 10_000, ("find my lease",) * 100 + ("x" * 9999,))
    after, _ = advance(PLANNING, said)
    assert after.reason.startswith("the planner says: Your disk is damaged.")
    assert len(after.reason) < MAX_SAID + 50
    assert after.nearest == ("find my lease",) * 5


def test_an_objective_cannot_be_called_finished_in_the_midst_of_a_step() -> None:
    due = Due(STEP, Influence.USER)
    working = replace(PLANNING, state=ObjectiveState.WORKING, plan=PLAN, due=due)
    after, _ = advance(working, Finished(ID))
    assert after.state is ObjectiveState.FAILED
    assert "in the midst of a step" in after.reason


@pytest.mark.parametrize(
    "lure", ["it's $(touch x)", "`touch x`", 'it\'s "$(touch x)"', "a; touch x"]
)
def test_an_example_to_type_runs_nothing_else_in_a_shell(lure: str) -> None:
    import shlex

    view = {"id": "o-1", "state": "failed", "reason": "", "policy_trouble": "", "nearest": [lure]}
    more: dict[str, object] = {
        "changes": [],
        "unchanged": [],
        "crossings": [],
        "reports": {},
        "notes": [],
    }
    (line,) = [one for one in ending({**view, **more}) if "doorward ask" in one]
    assert shlex.split(line) == ["doorward", "ask", lure]
    assert line.strip().removeprefix("doorward ask ").startswith("'")


def values() -> dict[str, Value]:
    listed: list[Data] = [{"path": f"{n}"} for n in range(100)]
    return {
        "s1": Value({"text": LONG}, NEUTRAL),
        "s2": Value({"items": listed}, NEUTRAL),
    }


@pytest.mark.parametrize(
    ("argument", "each"),
    [
        (Template("{s1.text}" * 99), None),
        (Template("{s1.text}"), Ref("s2.items")),
        (Ref("s1.text"), Ref("s2.items")),
    ],
)
def test_texts_put_into_texts_end_somewhere(argument: Argument, each: Ref | None) -> None:
    step = Step(StepId("s3"), "files.write", {"path": Literal("a"), "text": argument}, each)
    with pytest.raises(Unresolved, match=f"more than {MAX_TEXT // 1_000_000} million"):
        calls(step, values())


def test_an_answer_that_swells_is_cut() -> None:
    text = render(Template("{s1.text}\n" * 50 + "{s1.text}" * 40), values())
    assert len(text) < MAX_ANSWER + 100
    assert text.endswith("… (the answer was cut here)")
    assert render(Template("{s1.text}"), {"s1": Value({"text": "all"}, NEUTRAL)}) == "all"


def test_when_too_much_was_asked_not_even_the_end_of_a_step_is_told() -> None:
    budget = MemoryBudget()
    told = 0
    with pytest.raises(AskedTooMuch, match="more yes-or-no questions"):
        for n in range(1000):
            step = Told("orchestrator:home", ID, StepId(f"s{n}"), f"2026-11-{1 + n % 3}")
            within(budget, step, Release.SHAPE, {"count": None}, open_end=True)
            told += OUTCOME
    assert told <= PER_OBJECTIVE + ENDS
    whole = Told("orchestrator:home", ID, StepId("last"), "2026-11-23")
    assert within(budget, whole, Release.SHAPE, None, open_end=False)[0] is Release.SHAPE


def test_a_days_questions_end_over_all_objectives_and_a_clock_set_back_gives_none() -> None:
    budget = MemoryBudget()
    with pytest.raises(AskedTooMuch, match="today"):
        for n in range(10_000):
            step = Told("orchestrator:home", ObjectiveId(f"o-{n}"), StepId("s1"), "2026-11-23")
            within(budget, step, Release.SHAPE, None, open_end=True)
    elsewhere = Told("orchestrator:home", ObjectiveId("o-x"), StepId("s1"), "2026-11-24")
    within(budget, elsewhere, Release.SHAPE, None, open_end=True)
    back = replace(elsewhere, objective=ObjectiveId("o-y"), day="2026-11-23")
    with pytest.raises(AskedTooMuch):
        within(budget, back, Release.SHAPE, None, open_end=True)


def test_what_is_staged_has_a_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "MAX_STAGED", 1000)
    (tmp_path / "home").mkdir(exist_ok=True)
    changeset = Changeset(tmp_path / "state", ID, tmp_path / "home").at(StepId("s1"))
    changeset.stage_write(changeset.resolve("a.txt"), b"x" * 900)
    with pytest.raises(Unavailable, match="one objective may not write"):
        changeset.at(StepId("s2")).stage_write(changeset.resolve("a.txt"), b"y" * 200)
    changeset.close()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    made = connect(tmp_path / "x.db")
    create_tables(made)
    yield made
    made.close()


def welcomed(connection: sqlite3.Connection) -> Talk:
    talk = Talk(connection, lambda: None)
    talk.take(sync_pb2.SessionResponse(welcome=sync_pb2.Welcome(proto=1)))
    return talk


async def test_a_name_that_would_be_remembered_for_ever_is_short(
    connection: sqlite3.Connection,
) -> None:
    down = sync_pb2.Down(seq=1, key="k" * (MAX_KEY + 1))
    with pytest.raises(Ended, match=f"over {MAX_KEY} characters"):
        welcomed(connection).take(sync_pb2.SessionResponse(down=down))


async def test_one_who_asks_and_does_not_read_is_left(connection: sqlite3.Connection) -> None:
    talk = welcomed(connection)
    frame = sync_pb2.SessionResponse(down=sync_pb2.Down(seq=1, key="k"))
    with pytest.raises(Ended, match="does not read"):
        for _ in range(QUEUE + 2):
            talk.take(frame)
    assert isinstance(talk.frames, asyncio.Queue)


async def test_a_number_past_what_a_database_holds_ends_the_session(
    connection: sqlite3.Connection,
) -> None:
    talk = Talk(connection, lambda: None)
    with pytest.raises(Ended):
        talk.take(sync_pb2.SessionResponse(welcome=sync_pb2.Welcome(up_ack=2**64 - 1, proto=1)))

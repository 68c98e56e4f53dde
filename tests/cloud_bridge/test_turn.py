"""Turns as playbooks: one message in, the objective and what is said out."""

from __future__ import annotations

import pytest
from doorward.cloud_bridge.messages import (
    Finished,
    Observed,
    Opened,
    Outcome,
    Planned,
    Refused,
    StepDue,
    StopAsked,
)
from doorward.cloud_bridge.orchestrator.planner.base import Cannot, Made
from doorward.cloud_bridge.orchestrator.turn import Phase, say_again, take
from doorward.policies.plan import Kind, Literal, Parameter, Plan, Ref, Step, Template, ToolSpec
from doorward.policies.vocabulary import Effect, Influence, ObjectiveId, Release, StepId

READ = frozenset({Effect.READ})
TOOLS = {
    "files.list": ToolSpec("files.list", "", (Parameter("folder", Kind.PATH, ""),), READ),
    "files.read": ToolSpec("files.read", "", (Parameter("path", Kind.ANY, ""),), READ),
}
S1 = Step(StepId("s1"), "files.list", {"folder": Literal(".")})
S2 = Step(StepId("s2"), "files.read", {"path": Ref("s1.items")})
S3 = Step(StepId("s3"), "files.list", {"folder": Literal("..")})
OBJECTIVE = ObjectiveId("o")
OPENED = Opened(OBJECTIVE, "words", "2026-11-23", ())


def opened(*steps, answer="Found {s1.count}."):
    made = Made(Plan(steps, Template(answer)), "understood")
    return take(None, OPENED, made, TOOLS)


def seen(step, outcome=Outcome.OK, release=Release.SHAPE, reason=""):
    return Observed(OBJECTIVE, step, outcome, release, None, reason)


def run(row, *ups):
    said = []
    for up in ups:
        row, more = take(row, up, None, {})
        said += [each.down for each in more]
    return row, said


def test_a_plan_is_shown_and_its_first_step_handed_out():
    row, said = opened(S1, S2)
    assert [type(each.down) for each in said] == [Planned, StepDue]
    assert said[1].down.step == S1
    assert row.due == "s1"


def test_steps_follow_in_order_until_finished():
    row, _ = opened(S1, S2, S3)
    row, said = run(row, seen("s1"), seen("s2"), seen("s3"))
    assert [each.step.id for each in said[:-1]] == ["s2", "s3"]
    assert said[-1] == Finished(OBJECTIVE)
    assert row.phase is Phase.FINISHED


def test_a_plan_that_fails_the_check_is_refused_with_the_fault():
    row, said = opened(Step(StepId("s1"), "files.burn"))
    assert row.phase is Phase.REFUSED
    assert "files.burn" in said[0].down.reason


def test_an_objective_that_cannot_be_planned_is_refused_with_examples():
    _, said = take(None, OPENED, Cannot("no", ("yes",)), TOOLS)
    assert [each.down for each in said] == [Refused(OBJECTIVE, "no", ("yes",))]


@pytest.mark.parametrize("outcome", [Outcome.REFUSED, Outcome.FAILED])
def test_a_step_that_later_steps_need_ends_the_objective_when_it_is_not_done(outcome):
    row, _ = opened(S1, S2)
    row, said = run(row, seen("s1", outcome, reason="the folder is private"))
    assert row.phase is Phase.REFUSED
    assert "the folder is private" in said[0].reason


def test_a_failed_step_that_nobody_needs_costs_only_itself():
    row, _ = opened(S1, S3, S2)
    row, said = run(row, seen("s1"), seen("s3", Outcome.FAILED), seen("s2"))
    assert said[-1] == Finished(OBJECTIVE)


def test_a_failed_step_that_the_answer_needs_ends_the_objective():
    row, _ = opened(S1, S3, answer="{s3.count}")
    _, said = run(row, seen("s1"), seen("s3", Outcome.FAILED))
    assert isinstance(said[-1], Refused)


def test_what_builds_on_a_skipped_step_is_skipped_too():
    row, _ = opened(S1, S2, S3, answer="{s3.count}")
    row, said = run(row, seen("s1", Outcome.SKIPPED))
    assert [each.step.id for each in said] == ["s3"]
    assert row.outcomes["s2"] is Outcome.SKIPPED


@pytest.mark.parametrize(
    ("release", "influence"),
    [
        (Release.NOTHING, Influence.USER),
        (Release.SHAPE, Influence.USER),
        (Release.REDACTED, Influence.CONTENT),
        (Release.FULL, Influence.CONTENT),
    ],
)
def test_content_released_to_the_planner_marks_every_later_step(release, influence):
    row, _ = opened(S1, S2, S3)
    row, said = run(row, seen("s1", release=release), seen("s2"))
    assert [each.influence for each in said] == [influence, influence]


def test_a_stopped_objective_hands_out_nothing_more():
    row, _ = opened(S1, S2)
    row, said = run(row, StopAsked(OBJECTIVE), seen("s1"))
    assert (row.phase, said) == (Phase.STOPPED, [])


def test_a_stop_before_its_objective_wins():
    row, said = run(None, StopAsked(OBJECTIVE))
    assert take(row, OPENED, Cannot("x"), TOOLS) == (row, ())
    assert said == []


def test_what_is_said_twice_or_out_of_place_changes_nothing():
    row, _ = opened(S1, S2)
    assert take(row, OPENED, Cannot("x"), TOOLS) == (row, ())
    assert take(row, seen("s2"), None, {}) == (row, ())
    assert take(None, seen("s1"), None, {}) == (None, ())
    once, _ = run(row, seen("s1"))
    assert run(once, seen("s1")) == (once, [])


def test_a_device_that_lost_its_memory_hears_plan_and_due_step_under_the_same_keys():
    row, said = opened(S1, S2)
    assert say_again(row) == said
    row, more = take(row, seen("s1"), None, {})
    assert row is not None
    assert say_again(row) == (said[0], *more)

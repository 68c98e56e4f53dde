from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.cloud_bridge.messages import Outcome, Refused, StepDue, StopAsked
from doorward.daemon import loop
from doorward.daemon.loop import advance
from doorward.daemon.objective import CardKind, Due, Objective, Report
from doorward.policies.plan import Literal, Step
from doorward.policies.vocabulary import Influence, ObjectiveState, StepId, Wait
from hypothesis import given
from hypothesis import strategies as st

from tests.daemon.events import (
    DUE1,
    DUE2,
    FINISHED,
    ID,
    OK,
    OPENED,
    PLAN,
    PLANNED,
    QUEUED,
    S1,
    S2,
    asked,
    card,
    in_state,
    observed,
)

STEP_CARD, COMMIT_CARD = card(CardKind.STEP), card(CardKind.COMMIT, "c-2")
STOP_UP = loop.SendUp(StopAsked(ID), "o-1/stop")

PLANNING = replace(QUEUED, state=ObjectiveState.PLANNING)
WORKING = replace(QUEUED, state=ObjectiveState.WORKING, plan=PLAN, understood="Find your lease")
AT_S1 = replace(WORKING, due=Due(S1, Influence.USER))
AFTER_S1 = replace(WORKING, reports={S1.id: OK})
AT_S2 = replace(AFTER_S1, due=Due(S2, Influence.USER))
ASKING = replace(AT_S2, state=ObjectiveState.WAITING, wait=Wait.APPROVAL, card=STEP_CARD)
AFTER_S2 = replace(WORKING, reports={S1.id: OK, S2.id: OK})
SETTLING = replace(AFTER_S2, finished=True)
ASKING_COMMIT = replace(
    SETTLING, state=ObjectiveState.WAITING, wait=Wait.APPROVAL, card=COMMIT_CARD
)
COMMITTING = replace(SETTLING, committing=COMMIT_CARD.asked)
COMMITTED = replace(COMMITTING, changed=("write out.csv",))
DONE = replace(SETTLING, state=ObjectiveState.DONE, changed=("write out.csv",), answered=True)
DECLINED = replace(SETTLING, unchanged=("write /home/a/out.csv: not done, you said no",))

PLAYBOOK: list[tuple[str, Objective, loop.Event, Objective, tuple[loop.Action, ...]]] = [
    ("asked", QUEUED, loop.Submitted(), PLANNING, (loop.ReleaseText(),)),
    (
        "released",
        PLANNING,
        loop.TextReleased(OPENED),
        PLANNING,
        (loop.SendUp(OPENED, "o-1/opened"),),
    ),
    ("planned", PLANNING, PLANNED, WORKING, ()),
    ("first step", WORKING, DUE1, AT_S1, (loop.PerformStep(),)),
    (
        "performed",
        AT_S1,
        loop.Performed(OK, observed(S1)),
        AFTER_S1,
        (loop.SendUp(observed(S1), "o-1/s1"),),
    ),
    ("second step", AFTER_S1, DUE2, AT_S2, (loop.PerformStep(),)),
    ("asks", AT_S2, loop.NeedsApproval(STEP_CARD), replace(ASKING, cards=1), ()),
    (
        "yes to a step",
        ASKING,
        loop.CardAnswered("c-1", True),
        replace(AT_S2, granted=STEP_CARD.asked),
        (loop.PerformStep(STEP_CARD.asked),),
    ),
    (
        "no to a step",
        ASKING,
        loop.CardAnswered("c-1", False),
        AT_S2,
        (
            loop.RefuseStep(
                Report(
                    Outcome.REFUSED,
                    "you said no",
                    "defaults.write",
                    ("write /home/a/out.csv: not done, you said no",),
                )
            ),
        ),
    ),
    ("all observed", AFTER_S2, FINISHED, SETTLING, (loop.Settle(),)),
    (
        "asks to commit",
        SETTLING,
        loop.NeedsApproval(COMMIT_CARD),
        replace(ASKING_COMMIT, cards=1),
        (),
    ),
    (
        "a collected card is shown",
        replace(ASKING, card=replace(STEP_CARD, held=True)),
        loop.CardShown("c-1"),
        ASKING,
        (),
    ),
    ("another card is shown", ASKING, loop.CardShown("c-2"), ASKING, ()),
    ("yes to commit", ASKING_COMMIT, loop.CardAnswered("c-2", True), COMMITTING, (loop.Commit(),)),
    (
        "no to commit",
        ASKING_COMMIT,
        loop.CardAnswered("c-2", False),
        DECLINED,
        (loop.Discard(), loop.FillAnswer()),
    ),
    (
        "silence",
        ASKING_COMMIT,
        loop.CardAnswered("c-2", False, "nobody answered in time"),
        replace(SETTLING, unchanged=("write /home/a/out.csv: not done, nobody answered in time",)),
        (loop.Discard(), loop.FillAnswer()),
    ),
    (
        "committed",
        COMMITTING,
        loop.Committed(("write out.csv",), ()),
        COMMITTED,
        (loop.FillAnswer(),),
    ),
    ("answered", COMMITTED, loop.Answered(), DONE, ()),
    (
        "undone",
        DONE,
        loop.Undone(("x: you changed it",)),
        replace(DONE, state=ObjectiveState.UNDONE, unchanged=("x: you changed it",)),
        (),
    ),
    (
        "broke",
        AT_S1,
        loop.Broke("the disk is gone"),
        replace(WORKING, state=ObjectiveState.FAILED, reason="the disk is gone"),
        (loop.Cancel(), loop.Discard(), STOP_UP),
    ),
    (
        "words refused: nothing goes up, not even a stop",
        PLANNING,
        loop.TextRefused("it may not go"),
        replace(QUEUED, state=ObjectiveState.FAILED, reason="it may not go"),
        (loop.Cancel(), loop.Discard()),
    ),
    (
        "planner refused",
        PLANNING,
        Refused(ID, "I cannot.", ("find my lease",)),
        replace(
            QUEUED,
            state=ObjectiveState.FAILED,
            reason="the planner says: I cannot.",
            nearest=("find my lease",),
        ),
        (loop.Cancel(), loop.Discard(), STOP_UP),
    ),
    (
        "stopped",
        ASKING,
        loop.StopRequested(),
        replace(AFTER_S1, state=ObjectiveState.STOPPED, reason="you stopped it"),
        (loop.Cancel(), loop.Discard(), STOP_UP),
    ),
]


@pytest.mark.parametrize(
    ("before", "event", "after", "actions"),
    [play[1:] for play in PLAYBOOK],
    ids=[play[0] for play in PLAYBOOK],
)
def test_one_event_leads_to_one_state_and_its_actions(
    before: Objective, event: loop.Event, after: Objective, actions: tuple[loop.Action, ...]
) -> None:
    assert advance(before, event) == (after, actions)


RESTARTS: list[tuple[str, Objective, tuple[loop.Action, ...]]] = [
    ("queued", QUEUED, (loop.ReleaseText(),)),
    ("planning", PLANNING, (loop.ReleaseText(),)),
    ("between steps", AFTER_S1, ()),
    ("at a step", AT_S2, (loop.PerformStep(),)),
    ("waiting", ASKING, ()),
    ("waiting to commit", ASKING_COMMIT, ()),
    ("all steps over, finish not heard", AFTER_S2, ()),
    ("settling", SETTLING, (loop.Settle(),)),
    (
        "settling a plan with a step that never came",
        replace(AFTER_S1, finished=True),
        (loop.Settle(),),
    ),
    ("committing", COMMITTING, (loop.Commit(),)),
    ("committed", COMMITTED, (loop.Commit(),)),
    ("after a no", DECLINED, (loop.Discard(), loop.FillAnswer())),
    ("done", DONE, ()),
]


@pytest.mark.parametrize(
    ("before", "actions"), [one[1:] for one in RESTARTS], ids=[one[0] for one in RESTARTS]
)
def test_a_restart_goes_on_from_every_state(
    before: Objective, actions: tuple[loop.Action, ...]
) -> None:
    after, done = advance(before, loop.Restarted())
    assert done == actions
    assert after.state is before.state or before is QUEUED


def test_a_step_that_is_not_in_the_plan_is_not_carried_out() -> None:
    stray = Step(StepId("s1"), "files.trash", {"path": Literal("lease.pdf")})
    for before, due in ((WORKING, stray), (PLANNING, S1)):
        after, actions = advance(before, StepDue(ID, due, Influence.USER))
        assert after.state is ObjectiveState.FAILED
        assert not any(isinstance(action, loop.PerformStep) for action in actions)


def test_a_refusal_from_above_keeps_what_the_door_said() -> None:
    report = Report(Outcome.REFUSED, "The rule denies it; edit line 3.", "never")
    before = replace(WORKING, reports={S1.id: report})
    after, _ = advance(before, Refused(ID, "Step s1 was refused."))
    said = "the planner says: Step s1 was refused. s1: The rule denies it; edit line 3."
    assert after.reason == said


# --- whatever comes, in whatever order ------------------------------------------------------------

EVENTS: list[loop.Event] = [
    loop.Submitted(),
    loop.TextReleased(OPENED),
    loop.TextRefused("no"),
    PLANNED,
    DUE1,
    DUE2,
    loop.Performed(OK, observed(S1)),
    loop.Performed(OK, observed(S2)),
    loop.NeedsApproval(STEP_CARD),
    loop.NeedsApproval(COMMIT_CARD),
    loop.CardAnswered("c-1", True),
    loop.CardAnswered("c-1", False),
    loop.CardAnswered("c-2", True),
    loop.CardAnswered("c-2", False),
    loop.CardAnswered("c-9", True),
    FINISHED,
    loop.Committed(("write out.csv",), ()),
    loop.Answered(),
    Refused(ID, "I cannot."),
    loop.Broke("broken"),
    loop.StopRequested(),
    loop.Undone(()),
    loop.Restarted(),
]
SOME = st.lists(st.sampled_from(EVENTS), max_size=30)
CAREFUL = st.lists(
    st.sampled_from(
        [e for e in EVENTS if not isinstance(e, loop.TextRefused | loop.Broke | Refused)]
    ),
    max_size=30,
)
EFFECTS = (loop.PerformStep, loop.Commit, loop.Settle, loop.ReleaseText)


def play(events: list[loop.Event], start: Objective = QUEUED) -> Objective:
    for event in events:
        start, _ = advance(start, event)
    return start


def test_a_stop_in_the_middle_of_a_commit_can_still_be_undone() -> None:
    stopped, _ = advance(play([loop.Submitted()]), loop.StopRequested())
    told, actions = advance(stopped, loop.Discarded(("write a.csv",)))
    assert (told.state, told.changed, actions) == (ObjectiveState.STOPPED, ("write a.csv",), ())
    undone, _ = advance(told, loop.Undone(()))
    assert undone.state is ObjectiveState.UNDONE


@given(SOME)
def test_an_ended_objective_is_left_only_by_undo(events: list[loop.Event]) -> None:
    now = QUEUED
    for event in events:
        after, actions = advance(now, event)
        if now.state.ended:
            assert actions == ()
            assert after == now or (
                (now.state is ObjectiveState.DONE or bool(now.changed))
                and now.state is not ObjectiveState.UNDONE
                and isinstance(event, loop.Undone)
                and after.state is ObjectiveState.UNDONE
            )
        now = after


@given(SOME, SOME)
def test_a_stop_always_wins(before: list[loop.Event], after: list[loop.Event]) -> None:
    now = play(before)
    if now.state.ended:
        return
    stopped, actions = advance(now, loop.StopRequested())
    assert stopped.state is ObjectiveState.STOPPED
    assert actions == (loop.Cancel(), loop.Discard(), STOP_UP)
    assert play(after, stopped) == stopped


@given(SOME)
def test_waiting_and_a_card_come_and_go_together(events: list[loop.Event]) -> None:
    now = QUEUED
    for event in events:
        now, _ = advance(now, event)
        assert (now.state is ObjectiveState.WAITING) == (now.wait is not None)
        assert (now.state is ObjectiveState.WAITING) == (now.card is not None)


@given(CAREFUL, st.sampled_from([PLANNED, DUE1, DUE2, FINISHED]))
def test_a_message_from_above_that_is_heard_twice_does_nothing_twice(
    events: list[loop.Event], event: loop.Event
) -> None:
    once, _ = advance(play(events), event)
    twice, actions = advance(once, event)
    assert twice == once
    assert not any(isinstance(action, EFFECTS) for action in actions)


@given(CAREFUL)
def test_an_answer_to_a_card_counts_once(events: list[loop.Event]) -> None:
    now = play(events)
    for yes in (True, False):
        once, _ = advance(now, loop.CardAnswered("c-1", yes))
        assert advance(once, loop.CardAnswered("c-1", yes)) == (once, ())


@given(SOME)
def test_nothing_is_committed_without_a_yes_to_that_card(events: list[loop.Event]) -> None:
    now = QUEUED
    for event in events:
        after, actions = advance(now, event)
        if loop.Commit() in actions and not isinstance(event, loop.Restarted):
            assert event == loop.CardAnswered("c-2", True)
            assert now.card == COMMIT_CARD
            assert after.committing == (asked(),)
        now = after


def test_every_state_is_reached_by_some_playbook() -> None:
    assert {play[3].state for play in PLAYBOOK} | {ObjectiveState.QUEUED} == set(ObjectiveState)
    assert in_state(ObjectiveState.DONE).state.ended

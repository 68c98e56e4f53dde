from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.cloud_bridge.messages import Outcome, Refused, StepDue, StopAsked
from doorward.daemon.objectives import events
from doorward.daemon.objectives.loop import advance
from doorward.daemon.objectives.objective import CardKind, Due, Objective, Report
from doorward.policies.plan import Literal, Step
from doorward.policies.vocabulary import Influence, ObjectiveState, StepId, Wait
from hypothesis import example, given
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
STOP_UP = events.SendUp(StopAsked(ID), "o-1/stop")

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

PLAYBOOK: list[tuple[str, Objective, events.Event, Objective, tuple[events.Action, ...]]] = [
    ("asked", QUEUED, events.Submitted(), PLANNING, (events.ReleaseText(),)),
    (
        "released",
        PLANNING,
        events.TextReleased(OPENED),
        PLANNING,
        (events.SendUp(OPENED, "o-1/opened"),),
    ),
    ("planned", PLANNING, PLANNED, WORKING, ()),
    ("first step", WORKING, DUE1, AT_S1, (events.PerformStep(),)),
    (
        "performed",
        AT_S1,
        events.Performed(OK, observed(S1)),
        AFTER_S1,
        (events.SendUp(observed(S1), "o-1/s1"),),
    ),
    ("second step", AFTER_S1, DUE2, AT_S2, (events.PerformStep(),)),
    ("asks", AT_S2, events.NeedsApproval(STEP_CARD), replace(ASKING, cards=1), ()),
    (
        "yes to a step",
        ASKING,
        events.CardAnswered("c-1", True),
        replace(AT_S2, granted=STEP_CARD.asked),
        (events.PerformStep(STEP_CARD.asked),),
    ),
    (
        "no to a step",
        ASKING,
        events.CardAnswered("c-1", False),
        AT_S2,
        (
            events.RefuseStep(
                Report(
                    Outcome.REFUSED,
                    "you said no",
                    "defaults.write",
                    ("write /home/a/out.csv: not done, you said no",),
                )
            ),
        ),
    ),
    ("all observed", AFTER_S2, FINISHED, SETTLING, (events.Settle(),)),
    (
        "asks to commit",
        SETTLING,
        events.NeedsApproval(COMMIT_CARD),
        replace(ASKING_COMMIT, cards=1),
        (),
    ),
    (
        "a collected card is shown",
        replace(ASKING, card=replace(STEP_CARD, held=True)),
        events.CardShown("c-1"),
        ASKING,
        (),
    ),
    ("another card is shown", ASKING, events.CardShown("c-2"), ASKING, ()),
    (
        "yes to commit",
        ASKING_COMMIT,
        events.CardAnswered("c-2", True),
        COMMITTING,
        (events.Commit(),),
    ),
    (
        "no to commit",
        ASKING_COMMIT,
        events.CardAnswered("c-2", False),
        DECLINED,
        (events.Discard(), events.FillAnswer()),
    ),
    (
        "silence",
        ASKING_COMMIT,
        events.CardAnswered("c-2", False, "nobody answered in time"),
        replace(SETTLING, unchanged=("write /home/a/out.csv: not done, nobody answered in time",)),
        (events.Discard(), events.FillAnswer()),
    ),
    (
        "committed",
        COMMITTING,
        events.Committed(("write out.csv",), ()),
        COMMITTED,
        (events.FillAnswer(),),
    ),
    ("answered", COMMITTED, events.Answered(), DONE, ()),
    (
        "undone",
        DONE,
        events.Undone(("x: you changed it",)),
        replace(DONE, state=ObjectiveState.UNDONE, unchanged=("x: you changed it",)),
        (),
    ),
    (
        "broke",
        AT_S1,
        events.Broke("the disk is gone"),
        replace(WORKING, state=ObjectiveState.FAILED, reason="the disk is gone"),
        (events.Cancel(), events.Discard(), STOP_UP),
    ),
    (
        "words refused: nothing goes up, not even a stop",
        PLANNING,
        events.TextRefused("it may not go"),
        replace(QUEUED, state=ObjectiveState.FAILED, reason="it may not go"),
        (events.Cancel(), events.Discard()),
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
        (events.Cancel(), events.Discard(), STOP_UP),
    ),
    (
        "stopped",
        ASKING,
        events.StopRequested(),
        replace(AFTER_S1, state=ObjectiveState.STOPPED, reason="you stopped it"),
        (events.Cancel(), events.Discard(), STOP_UP),
    ),
]


@pytest.mark.parametrize(
    ("before", "event", "after", "actions"),
    [play[1:] for play in PLAYBOOK],
    ids=[play[0] for play in PLAYBOOK],
)
def test_one_event_leads_to_one_state_and_its_actions(
    before: Objective, event: events.Event, after: Objective, actions: tuple[events.Action, ...]
) -> None:
    assert advance(before, event) == (after, actions)


RESTARTS: list[tuple[str, Objective, tuple[events.Action, ...]]] = [
    ("queued", QUEUED, (events.ReleaseText(),)),
    ("planning", PLANNING, (events.ReleaseText(),)),
    ("between steps", AFTER_S1, ()),
    ("at a step", AT_S2, (events.PerformStep(),)),
    ("waiting", ASKING, ()),
    ("waiting to commit", ASKING_COMMIT, ()),
    ("all steps over, finish not heard", AFTER_S2, ()),
    ("settling", SETTLING, (events.Settle(),)),
    (
        "settling a plan with a step that never came",
        replace(AFTER_S1, finished=True),
        (events.Settle(),),
    ),
    ("committing", COMMITTING, (events.Commit(),)),
    ("committed", COMMITTED, (events.Commit(),)),
    ("after a no", DECLINED, (events.Discard(), events.FillAnswer())),
    ("done", DONE, ()),
]


@pytest.mark.parametrize(
    ("before", "actions"), [one[1:] for one in RESTARTS], ids=[one[0] for one in RESTARTS]
)
def test_a_restart_goes_on_from_every_state(
    before: Objective, actions: tuple[events.Action, ...]
) -> None:
    after, done = advance(before, events.Restarted())
    assert done == actions
    assert after.state is before.state or before is QUEUED


def test_a_step_that_is_not_in_the_plan_is_not_carried_out() -> None:
    stray = Step(StepId("s1"), "files.trash", {"path": Literal("lease.pdf")})
    for before, due in ((WORKING, stray), (PLANNING, S1)):
        after, actions = advance(before, StepDue(ID, due, Influence.USER))
        assert after.state is ObjectiveState.FAILED
        assert not any(isinstance(action, events.PerformStep) for action in actions)


def test_a_refusal_from_above_keeps_what_the_door_said() -> None:
    report = Report(Outcome.REFUSED, "The rule denies it; edit line 3.", "never")
    before = replace(WORKING, reports={S1.id: report})
    after, _ = advance(before, Refused(ID, "Step s1 was refused."))
    said = "the planner says: Step s1 was refused. s1: The rule denies it; edit line 3."
    assert after.reason == said


# --- whatever comes, in whatever order ------------------------------------------------------------

EVENTS: list[events.Event] = [
    events.Submitted(),
    events.TextReleased(OPENED),
    events.TextRefused("no"),
    PLANNED,
    DUE1,
    DUE2,
    events.Performed(OK, observed(S1)),
    events.Performed(OK, observed(S2)),
    events.NeedsApproval(STEP_CARD),
    events.NeedsApproval(COMMIT_CARD),
    events.CardAnswered("c-1", True),
    events.CardAnswered("c-1", False),
    events.CardAnswered("c-2", True),
    events.CardAnswered("c-2", False),
    events.CardAnswered("c-9", True),
    FINISHED,
    events.Committed(("write out.csv",), ()),
    events.Answered(),
    Refused(ID, "I cannot."),
    events.Broke("broken"),
    events.StopRequested(),
    events.Undone(()),
    events.Restarted(),
]
SOME = st.lists(st.sampled_from(EVENTS), max_size=30)
CAREFUL = st.lists(
    st.sampled_from(
        [e for e in EVENTS if not isinstance(e, events.TextRefused | events.Broke | Refused)]
    ),
    max_size=30,
)
EFFECTS = (events.PerformStep, events.Commit, events.Settle, events.ReleaseText)


def play(course: list[events.Event], start: Objective = QUEUED) -> Objective:
    for event in course:
        start, _ = advance(start, event)
    return start


def test_a_stop_in_the_middle_of_a_commit_can_still_be_undone() -> None:
    stopped, _ = advance(play([events.Submitted()]), events.StopRequested())
    told, actions = advance(stopped, events.Discarded(("write a.csv",)))
    assert (told.state, told.changed, actions) == (ObjectiveState.STOPPED, ("write a.csv",), ())
    undone, _ = advance(told, events.Undone(()))
    assert undone.state is ObjectiveState.UNDONE


@given(SOME)
def test_an_ended_objective_is_left_only_by_undo(course: list[events.Event]) -> None:
    now = QUEUED
    for event in course:
        after, actions = advance(now, event)
        if now.state.ended:
            assert actions == ()
            assert after == now or (
                (now.state is ObjectiveState.DONE or bool(now.changed))
                and now.state is not ObjectiveState.UNDONE
                and isinstance(event, events.Undone)
                and after.state is ObjectiveState.UNDONE
            )
        now = after


COMMITTED_FILES: list[events.Event] = [PLANNED, FINISHED, events.Committed(("write out.csv",), ())]


@given(SOME, SOME)
@example(COMMITTED_FILES, [events.Undone(()), DUE1])
@example([PLANNED], [events.Undone(()), DUE1])
def test_a_stop_always_wins(before: list[events.Event], after: list[events.Event]) -> None:
    now = play(before)
    if now.state.ended:
        return
    stopped, actions = advance(now, events.StopRequested())
    assert stopped.state is ObjectiveState.STOPPED
    assert actions == (events.Cancel(), events.Discard(), STOP_UP)
    undone = bool(stopped.changed) and events.Undone(()) in after  # what was made can be taken back
    left = replace(stopped, state=ObjectiveState.UNDONE) if undone else stopped
    assert play(after, stopped) == left


@given(SOME)
def test_waiting_and_a_card_come_and_go_together(course: list[events.Event]) -> None:
    now = QUEUED
    for event in course:
        now, _ = advance(now, event)
        assert (now.state is ObjectiveState.WAITING) == (now.wait is not None)
        assert (now.state is ObjectiveState.WAITING) == (now.card is not None)


@given(CAREFUL, st.sampled_from([PLANNED, DUE1, DUE2, FINISHED]))
def test_a_message_from_above_that_is_heard_twice_does_nothing_twice(
    course: list[events.Event], event: events.Event
) -> None:
    once, _ = advance(play(course), event)
    twice, actions = advance(once, event)
    assert twice == once
    assert not any(isinstance(action, EFFECTS) for action in actions)


@given(CAREFUL)
def test_an_answer_to_a_card_counts_once(course: list[events.Event]) -> None:
    now = play(course)
    for yes in (True, False):
        once, _ = advance(now, events.CardAnswered("c-1", yes))
        assert advance(once, events.CardAnswered("c-1", yes)) == (once, ())


@given(SOME)
def test_nothing_is_committed_without_a_yes_to_that_card(course: list[events.Event]) -> None:
    now = QUEUED
    for event in course:
        after, actions = advance(now, event)
        if events.Commit() in actions and not isinstance(event, events.Restarted):
            assert event == events.CardAnswered("c-2", True)
            assert now.card == COMMIT_CARD
            assert after.committing == (asked(),)
        now = after


def test_every_state_is_reached_by_some_playbook() -> None:
    assert {play[3].state for play in PLAYBOOK} | {ObjectiveState.QUEUED} == set(ObjectiveState)
    assert in_state(ObjectiveState.DONE).state.ended

"""What comes next, as a property of every state: urgency, order, room, and no standing still."""

from __future__ import annotations

from dataclasses import replace

from doorward.daemon.reader.schedule import (
    GATHER,
    PASSES,
    Advance,
    Begin,
    Decision,
    Decode,
    GiveBack,
    Rest,
    Room,
    Stage,
    Work,
    next_up,
)
from doorward.tools.reading.reader import Urgency
from hypothesis import given
from hypothesis import strategies as st

PERSON, NIGHT = Urgency.PERSON, Urgency.NIGHT
ROOM = Room(need=100, rows=8, together=True)


def work(number: int, urgency: Urgency = PERSON, stage: Stage = Stage.WAITING, **more: int) -> Work:
    given = {"need": 10, "rows": 1, **more}
    return Work(number, urgency, number, given["need"], given["rows"], stage)


@st.composite
def lines(draw: st.DrawFn) -> tuple[list[Work], Room, int]:
    """A line of requests that can come about: what has been begun fits into the room."""
    room = Room(draw(st.integers(50, 200)), draw(st.integers(1, 16)), draw(st.booleans()))
    works: list[Work] = []
    for number in range(draw(st.integers(0, 9))):
        one = Work(
            number=number,
            urgency=draw(st.sampled_from(Urgency)),
            arrived=number,
            need=draw(st.integers(1, room.need)),
            rows=draw(st.integers(1, 6)),
            stage=draw(st.sampled_from(Stage)),
            told=draw(st.booleans()),
        )
        held = sum(w.need for w in works if w.stage is not Stage.WAITING)
        beside = [w for w in works if w.urgency is one.urgency and w.stage is not Stage.WAITING]
        if held + one.need > room.need or (beside and not room.together):
            one = replace(one, stage=Stage.WAITING)
        works.append(one)
    return works, room, draw(st.integers(0, PASSES))


def urgency_of(decision: Decision, works: list[Work]) -> Urgency | None:
    match decision:
        case Begin(number) | Advance(number) | GiveBack(number):
            return next(w.urgency for w in works if w.number == number)
        case Decode(urgency):
            return urgency
        case Rest():
            return None


@given(lines())
def test_there_is_always_something_to_do_while_someone_waits(
    line: tuple[list[Work], Room, int],
) -> None:
    works, room, passed = line
    assert isinstance(next_up(works, room, passed=passed), Rest) == (not works)


@given(lines())
def test_what_is_begun_has_room_and_nobody_was_before_it(
    line: tuple[list[Work], Room, int],
) -> None:
    works, room, passed = line
    decision = next_up(works, room, passed=passed)
    if isinstance(decision, Begin):
        begun = next(w for w in works if w.number == decision.number)
        held = [w for w in works if w.stage is not Stage.WAITING]
        assert begun.need + sum(w.need for w in held) <= room.need
        assert begun.stage is Stage.WAITING
        waiting = [w for w in works if w.stage is Stage.WAITING and w.urgency <= begun.urgency]
        assert min(waiting, key=lambda w: (w.urgency, w.arrived)) == begun


@given(lines())
def test_the_night_works_only_where_no_person_can_be_served(
    line: tuple[list[Work], Room, int],
) -> None:
    works, room, passed = line
    decision = next_up(works, room, passed=passed)
    if urgency_of(decision, works) is NIGHT and not isinstance(decision, GiveBack):
        persons = [w for w in works if w.urgency is PERSON]
        assert all(w.stage is Stage.WAITING for w in persons)
        yielding = [
            w for w in works if w.stage is not Stage.WAITING and w.urgency is NIGHT and not w.told
        ]
        for person in persons[:1]:  # there is no room for the first, nor can any be made
            staying = [w for w in works if w.stage is not Stage.WAITING and w not in yielding]
            assert person.need + sum(w.need for w in staying) > room.need


@given(lines())
def test_every_line_is_served_to_its_end(line: tuple[list[Work], Room, int]) -> None:
    works, room, passed = line
    passes = {w.number: 4 for w in works}
    begun: list[int] = []
    for _ in range(2000):
        decision = next_up(works, room, passed=passed)
        match decision:
            case Rest():
                break
            case Begin(number):
                begun.append(number)
                works = [replace(w, stage=Stage.READY) if w.number == number else w for w in works]
            case Advance(number):
                passed += 1
                works = [
                    replace(w, stage=Stage.DECODING) if w.number == number else w for w in works
                ]
            case Decode(urgency):
                passed = 0
                for w in works:
                    if w.urgency is urgency and w.stage is Stage.DECODING:
                        passes[w.number] -= 1
                works = [w for w in works if passes[w.number] > 0]
            case GiveBack(number):
                works = [
                    replace(w, stage=Stage.WAITING) if w.number == number else w for w in works
                ]
    assert works == []


def test_a_large_request_is_not_overtaken_for_ever_by_small_ones() -> None:
    works = [work(1, stage=Stage.DECODING, need=60), work(2, need=80), work(3, need=5)]
    assert next_up(works, ROOM, passed=PASSES) == Decode(PERSON)


def test_prompts_come_first_but_who_hears_an_answer_waits_for_a_few_alone() -> None:
    heard = replace(work(1, stage=Stage.DECODING), told=True)
    unheard = replace(heard, told=False)
    for first, most in ((heard, PASSES), (unheard, GATHER)):
        works = [first, work(2, stage=Stage.READY)]
        assert next_up(works, ROOM, passed=most - 1) == Advance(2)
        assert next_up(works, ROOM, passed=most) == Decode(PERSON)


def test_a_person_gets_the_room_that_the_night_holds() -> None:
    works = [
        work(1, NIGHT, Stage.DECODING, need=50),
        work(2, NIGHT, Stage.READY, need=40),
        work(3, PERSON, need=60),
    ]
    assert next_up(works, ROOM, passed=PASSES) == GiveBack(2)
    works = [works[0], replace(works[1], stage=Stage.WAITING), works[2]]
    assert next_up(works, ROOM, passed=PASSES) == GiveBack(1)
    works = [replace(works[0], stage=Stage.WAITING), *works[1:]]
    assert next_up(works, ROOM, passed=PASSES) == Begin(3)


def test_what_was_heard_in_part_is_finished_before_the_person_who_needs_its_room() -> None:
    told = replace(work(1, NIGHT, Stage.DECODING, need=90), told=True)
    assert next_up([told, work(2, need=60)], ROOM, passed=PASSES) == Decode(NIGHT)


def test_where_nothing_may_run_together_a_person_still_interrupts_the_night() -> None:
    apart = Room(need=100, rows=8, together=False)
    night = work(1, NIGHT, Stage.DECODING)
    assert next_up([night, work(2)], apart, passed=PASSES) == Begin(2)
    person = work(2, stage=Stage.DECODING)
    assert next_up([night, person, work(3)], apart, passed=PASSES) == Decode(PERSON)

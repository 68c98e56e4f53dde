"""Whom something went to, what time it is for expiry, and the digest of what was collected."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from doorward.cloud_bridge.messages import Outcome
from doorward.daemon.door.asking import Asking, Limits, Yeses
from doorward.daemon.door.met import Met
from doorward.daemon.door.questions import Questions
from doorward.daemon.door.steady import Steady
from doorward.daemon.door.verdicts import Judged
from doorward.daemon.objectives.card_view import card_view
from doorward.daemon.objectives.endorsed import endorsed, endorses
from doorward.daemon.objectives.objective import Card, CardKind, Report
from doorward.daemon.store import connect
from doorward.daemon.values.vault import Seal
from doorward.policies.requests import Leaf
from doorward.policies.rules import Policy, Rule
from doorward.policies.vocabulary import Decision, Destination, Effect, Origin, Role, StepId
from hypothesis import given
from hypothesis import strategies as st

from tests.daemon.events import QUEUED, asked

KEY = b"k" * 32
ASKED = asked()


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    held = connect(tmp_path / "daemon.db")
    yield held
    held.close()


@dataclass
class Hands:
    """A clock and a stopwatch, moved by hand."""

    posix: float = 1000.0
    ticks: float = 0.0


def steady_on(connection: sqlite3.Connection, hands: Hands) -> Steady:
    return Steady(connection, lambda: hands.posix, lambda: hands.ticks)


def asking_on(connection: sqlite3.Connection, hands: Hands, an_hour: int = 5) -> Asking:
    names = iter(f"c-{n}" for n in range(1000))
    limits = Limits(100.0, an_hour)
    return Asking(connection, KEY, steady_on(connection, hands), names.__next__, limits)


# --- whom something went to -----------------------------------------------------------------------


def test_a_recipient_is_new_until_something_went_to_it(connection: sqlite3.Connection) -> None:
    met = Met(connection, Seal(KEY), KEY)
    assert met.badges("anna@bluebird.example", []) == ("new",)
    met.add(["Anna@Bluebird.example", "https://lindenhof.example/a", ""])
    assert met.badges("anna@bluebird.example", []) == ()
    assert met.badges("eve@bluebird.example", []) == ("new",)
    assert met.badges("eve@b1uebird.example", []) == ("new", "looks like bluebird.example")
    assert met.badges("https://lindenhof.example/b?c", []) == ()
    assert met.badges("x@lindenhof.test", ["x@lindenhof.test"]) == ()
    assert met.badges("a plain title", []) == ()


def test_whom_something_went_to_is_sealed(connection: sqlite3.Connection, tmp_path: Path) -> None:
    Met(connection, Seal(KEY), KEY).add(["anna@bluebird.example"])
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert b"bluebird" not in (tmp_path / "daemon.db").read_bytes()
    assert Met(connection, Seal(KEY), KEY).has("anna@bluebird.example")


# --- time -----------------------------------------------------------------------------------------


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.floats(0, 1e4), st.booleans()), max_size=20))
def test_time_never_goes_back_whatever_the_clock_is_set_to(
    moves: list[tuple[float, float, bool]],
) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    hands = Hands()
    steady = steady_on(connection, hands)
    before = steady.now()
    for jump, ticks, restart in moves:
        hands.posix += jump
        hands.ticks += ticks
        if restart:
            steady.keep()
            hands.ticks = 0.0
            steady = steady_on(connection, hands)
        now = steady.now()
        assert now >= before + (0 if restart else ticks) - 1e-3
        before = now
    connection.close()


# --- cards ----------------------------------------------------------------------------------------


def test_every_request_on_a_card_has_a_token_of_its_own(connection: sqlite3.Connection) -> None:
    asking = asking_on(connection, Hands())
    card = asking.card(QUEUED, CardKind.STEP, [ASKED, ASKED])
    other = asking.card(QUEUED, CardKind.STEP, [ASKED])
    tokens = [one.ticket.token for one in (*card.asked, *other.asked)]
    assert len(set(tokens)) == 3
    assert {one.ticket.expires for one in card.asked} == {1100.0}


def test_a_yes_is_taken_once_and_what_was_changed_is_taken_for_what_it_was(
    connection: sqlite3.Connection,
) -> None:
    card = asking_on(connection, Hands()).card(QUEUED, CardKind.STEP, [ASKED, ASKED])
    yeses = Yeses(card.asked)
    assert yeses.take(ASKED.request, "") == card.asked[0]
    assert yeses.take(replace(ASKED.request, size=9), "") == card.asked[1]
    assert yeses.take(ASKED.request, "") is None
    ahead = Yeses((), card.asked)
    assert ahead.take(replace(ASKED.request, size=9), "") is None
    assert ahead.take(ASKED.request, "other") is None
    assert ahead.take(ASKED.request, "") == card.asked[0]


def test_a_commit_goes_on_with_its_token_and_a_step_does_not(
    connection: sqlite3.Connection,
) -> None:
    hands = Hands()
    asking = asking_on(connection, hands)
    (one,) = asking.card(QUEUED, CardKind.COMMIT, [ASKED]).asked
    asking.spend([one], resume=True)
    hands.posix += 1e6
    again = asking.yes(one, "", resume=True)
    assert (again.at, again.spent) == (1000.0, False)
    assert asking.yes(one, "", resume=False).spent
    asking.spend([one], resume=True)
    with pytest.raises(sqlite3.IntegrityError):
        asking.spend([one], resume=False)
    asking.over([one])
    assert asking.yes(one, "", resume=True).spent


def test_what_may_have_happened_before_is_said(connection: sqlite3.Connection) -> None:
    asking = asking_on(connection, Hands())
    first = asking.card(QUEUED, CardKind.STEP, [ASKED])
    asking.spend(first.asked, resume=False)
    assert asking.card(QUEUED, CardKind.STEP, [ASKED]).again
    asking.over(first.asked)
    assert not asking.card(QUEUED, CardKind.STEP, [ASKED]).again


@given(st.lists(st.floats(0, 1800), min_size=1, max_size=40))
def test_no_hour_sees_more_cards_than_it_may(gaps: list[float]) -> None:
    connection = sqlite3.connect(":memory:", isolation_level=None)
    hands = Hands()
    asking = asking_on(connection, hands, 3)
    shown = []
    for gap in gaps:
        hands.posix += gap
        if not asking.card(QUEUED, CardKind.STEP, [ASKED]).held:
            shown.append(hands.posix)
        if asking.reveal():
            shown.append(hands.posix)
    for start in shown:
        assert sum(start <= at < start + 3600 for at in shown) <= 3
    connection.close()


# --- what a yes endorses for the rest of the objective --------------------------------------------


def test_a_yes_endorses_doubtful_values_never_contents_and_none_of_locked_calls() -> None:
    leaves = (
        Leaf("to", Role.TARGET, "a@b.example", Origin.UNTRUSTED),
        Leaf("to", Role.TARGET, "me@b.example", Origin.USER),
        Leaf("id", Role.OBJECT, "17", Origin.ASSIGNED),
        Leaf("body", Role.CONTENT, "hello", Origin.NOVEL),
        Leaf("body", Role.LINK, "https://b.example", Origin.NOVEL),
    )
    one = replace(ASKED, request=replace(ASKED.request, leaves=leaves))
    card = Card("c", CardKind.STEP, (one, one), 1.0)
    assert endorses(card.asked) == [
        (Role.TARGET, "a@b.example"),
        (Role.OBJECT, "17"),
        (Role.LINK, "https://b.example"),
    ]
    assert len(card_view(card, "/")["values"]) == 3
    assert endorses([replace(one, locked=True)]) == []


def test_an_endorsed_value_counts_in_the_steps_that_were_not_on_the_card() -> None:
    leaf = Leaf("to", Role.TARGET, "a@b.example", Origin.UNTRUSTED)
    ticket = replace(ASKED.ticket, card="c-1/0")
    first, ahead = (
        replace(ASKED, request=replace(ASKED.request, step=StepId(step), leaves=(leaf,)))
        for step in ("s1", "s2")
    )
    granted = (replace(first, ticket=ticket), replace(ahead, ticket=replace(ticket, card="c-1/1")))
    objective = replace(QUEUED, granted=granted)
    tool = ASKED.request.tool
    assert endorsed(objective, StepId("s1"), tool) == endorsed(objective, StepId("s2"), tool) == []
    assert endorsed(objective, StepId("s3"), tool) == [(Role.TARGET, "a@b.example")]
    assert endorsed(objective, StepId("s3"), "mcp.post.list") == []


def test_a_locked_rule_and_a_new_recipient_are_on_the_card_until_something_went_there(
    connection: sqlite3.Connection,
) -> None:
    policy = Policy(rules=(Rule(id="ask-mail", decision=Decision.ASK, locked=True),))
    met = Met(connection, Seal(KEY), KEY)
    questions = Questions(lambda: policy, asking_on(connection, Hands()), met)
    request = replace(
        ASKED.request, effect=Effect.EGRESS, destination=Destination("person", "a@b.example")
    )
    judged = Judged(request, False, replace(ASKED.verdict, rule="ask-mail"), "digest")

    def badges() -> tuple[str, ...]:
        card = questions.of_step(QUEUED, [judged]).card  # type: ignore[union-attr]  # few cards
        (one,) = card.asked
        assert (one.locked, one.ticket.content) == (True, "digest")
        return one.facts.given[0].badges

    assert badges() == ("new",)
    questions.went([judged], Report(Outcome.FAILED))
    assert badges() == ("new",)
    questions.went([judged], Report(Outcome.OK))
    assert badges() == ()

from __future__ import annotations

import pytest
from doorward.policies.rate import HOUR, opens, too_many
from hypothesis import given
from hypothesis import strategies as st


@given(st.lists(st.floats(0, HOUR), max_size=80), st.integers(1, 6))
def test_in_no_hour_are_more_cards_shown_than_may_be(gaps: list[float], most: int) -> None:
    now = 1e9
    shown: list[float] = []
    for gap in gaps:
        now += gap
        if opens(shown, now, most) == 0:
            shown.append(now)
    for start in shown:
        assert sum(start <= at < start + HOUR for at in shown) <= most


@given(st.lists(st.floats(1e9, 1e9 + HOUR), max_size=20), st.integers(1, 6))
def test_a_card_may_be_shown_when_it_was_said_to_and_not_before(
    shown: list[float], most: int
) -> None:
    now = 1e9 + HOUR
    wait = opens(shown, now, most)
    assert opens(shown, now + wait + 0.001, most) == 0
    if wait > 0.01:
        assert opens(shown, now + wait - 0.01, most) > 0


def test_none_are_shown_where_none_may_be() -> None:
    assert opens([], 0.0, 0) == HOUR


@pytest.mark.parametrize(("cards", "stopped"), [(0, False), (19, False), (20, True), (99, True)])
def test_who_asks_without_end_is_stopped_in_words(cards: int, stopped: bool) -> None:
    assert bool(too_many(cards, 20)) is stopped

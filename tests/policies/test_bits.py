"""What the planner learns besides content is counted, and the count ends it."""

from __future__ import annotations

from doorward.policies.bits import (
    PER_DAY,
    PER_OBJECTIVE,
    Spent,
    bits_of_choice,
    bits_of_number,
    learned,
    over,
)
from doorward.policies.vocabulary import Data, Release
from hypothesis import given
from hypothesis import strategies as st


def bits_of(data: Data, form: Release) -> int:
    return learned(data, form).bits


def test_a_count_that_was_told_before_tells_only_that_it_is_the_same() -> None:
    first = learned(["a"] * 900, Release.SHAPE)
    assert (first.bits, first.numbers) == (10, frozenset({900}))
    again = learned({"items": ["a"] * 900, "left": ["b"] * 7}, Release.SHAPE, first.numbers)
    assert (again.bits, again.numbers) == (1 + 3, frozenset({7}))
    assert learned(["a"], Release.SHAPE, {1, 2, 3, 4, 5}).bits == 1


def test_a_list_tells_its_length_and_text_tells_nothing() -> None:
    assert bits_of({"items": ["a"] * 14, "text": "secret", "count": 14}, Release.SHAPE) == 4
    assert bits_of([], Release.SHAPE) == 0
    assert bits_of("secret", Release.SHAPE) == 0


def test_whether_a_field_is_filled_is_one_bit() -> None:
    assert bits_of({"date": None, "title": "x"}, Release.SHAPE) == 1


def test_content_that_policy_releases_costs_no_bits() -> None:
    for form in (Release.FULL, Release.REDACTED, Release.NOTHING):
        assert bits_of(["a"] * 14, form) == 0


def test_a_number_tells_at_most_sixteen_bits() -> None:
    assert [bits_of_number(n) for n in (0, 1, 14, -14, 10**9)] == [0, 1, 4, 4, 16]
    assert [bits_of_choice(n) for n in (0, 1, 2, 3, 8)] == [0, 0, 1, 2, 3]


def test_each_budget_says_that_it_is_used_up() -> None:
    assert over(Spent(), PER_OBJECTIVE) == ""
    assert "this objective's" in over(Spent(objective=PER_OBJECTIVE), 1)
    assert "today's" in over(Spent(day=PER_DAY), 1)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(max_size=3),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=2), inner),
    )
)
def test_bits_are_never_negative_and_only_shapes_have_any(data: Data) -> None:
    assert bits_of(data, Release.SHAPE) >= 0

"""Patterns of the numbers within a range, against arithmetic."""

from __future__ import annotations

import re
from fractions import Fraction

from doorward.daemon.reader import numerals
from hypothesis import given
from hypothesis import strategies as st

NEAR = st.integers(-3000, 3000)


@given(NEAR, NEAR, st.lists(NEAR, min_size=20))
def test_whole_numbers_are_exactly_those_in_the_range(
    one: int, other: int, tried: list[int]
) -> None:
    low, high = sorted((one, other))
    pattern = re.compile(numerals.whole(low, high))
    for number in [*tried, low - 1, low, high, high + 1]:
        assert bool(pattern.fullmatch(str(number))) == (low <= number <= high)
    assert not pattern.fullmatch(f"0{high}")


@given(
    st.fractions(-300, 300, max_denominator=50),
    st.fractions(0, 99, max_denominator=50),
    st.booleans(),
    st.booleans(),
    st.lists(st.decimals(-400, 400, places=2), min_size=30),
)
def test_decimals_are_exactly_those_in_the_range(low, width, open_low, open_high, tried) -> None:
    found = numerals.decimal(low, low + width, open_least=open_low, open_most=open_high)
    pattern = re.compile(found[0] if found else "(?!)")
    ends = [Fraction(round(end * 100) + n, 100) for end in (low, low + width) for n in (-1, 0, 1)]
    for number in [*map(Fraction, tried), *ends]:
        hundredths = abs(int(number * 100))
        text = f"{'-' if number < 0 else ''}{hundredths // 100}.{hundredths % 100:02}"
        above = number > low or (number == low and not open_low)
        below = number < low + width or (number == low + width and not open_high)
        assert bool(pattern.fullmatch(text)) == (above and below)
        if found and pattern.fullmatch(text):
            assert len(text) <= found[1]


def test_a_range_finer_than_the_usual_digits_has_numbers_all_the_same() -> None:
    found = numerals.decimal(
        Fraction("0.0000001"), Fraction("0.0000002"), open_least=True, open_most=True
    )
    assert found is not None
    assert re.fullmatch(found[0], "0.000000150")

"""Which part of a text is read, and where an answer stands in it."""

from __future__ import annotations

import re

from doorward.daemon.reader.spans import NEAR, Found, Window, locate, window
from hypothesis import given
from hypothesis import strategies as st


def words(text: str) -> list[tuple[int, int]]:
    assert len(text) <= NEAR, "more than a bounded part is cut into tokens"
    return [match.span() for match in re.finditer(r"\S+\s*", text)]


def test_a_short_text_is_read_whole() -> None:
    assert window("It costs 5 EUR.", "price", 700, words) == Window(0, "It costs 5 EUR.")


def test_of_a_long_text_the_part_that_speaks_of_it_is_read() -> None:
    text = "nothing here " * 40_000 + "the price is 5 EUR " + "nor here " * 40_000
    seen = window(text, "the price", 50, words)
    assert "price is 5 EUR" in seen.text
    assert text[seen.start : seen.start + len(seen.text)] == seen.text
    assert len(words(seen.text)) <= 50


@given(st.text(max_size=300), st.text(max_size=20), st.integers(1, 20))
def test_a_window_is_a_piece_of_its_text(text: str, asked: str, tokens: int) -> None:
    seen = window(text, asked, tokens, words)
    assert text[seen.start : seen.start + len(seen.text)] == seen.text


@given(st.text(max_size=50), st.text(max_size=50), st.text(max_size=10))
def test_an_answer_counts_only_where_it_stands_in_the_text(
    before: str, seen: str, answer: str
) -> None:
    found = locate(before + seen, Window(len(before), seen), answer, 0.5)
    if found is not None:
        assert (before + seen)[found.start : found.end] == answer.strip() != ""


def test_an_answer_is_found_by_its_offsets() -> None:
    assert locate("a 5 EUR", Window(2, "5 EUR"), " EUR\n", 0.25) == Found(4, 7, 0.25)
    assert locate("a 5 EUR", Window(2, "5 EUR"), "a", 0.25) is None
    assert locate("a 5 EUR", Window(2, "5 EUR"), " \n", 0.25) is None

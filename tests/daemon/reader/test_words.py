"""Words, windows and runs of words: pure, and verbatim whatever the text."""

from __future__ import annotations

from itertools import pairwise

import pytest
from doorward.daemon.reader.words import FLAGS, WINDOW, flags, folded, joined, windows, words
from hypothesis import given
from hypothesis import strategies as st

TEXT = st.text(st.sampled_from("aB ä.\n,;@'’-/1|\t👩\u0301ß"), max_size=900) | st.text(max_size=60)


def said(text: str) -> list[str]:
    return [text[word.start : word.end] for word in words(text)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Rosa Hart's car", ["Rosa", "Hart", "car"]),
        ("Siobhan O'Malley-Hart, 7", ["Siobhan", "O'Malley-Hart", "7"]),
        ("Hart <rosa.hart@post.example>; x", ["Hart", "x"]),
        ("see https://rosa.example/hart now", ["see", "now"]),
        ("@rosa_hart: hi", ["rosa", "hart", "hi"]),
        ("", []),
    ],
)
def test_words_are_letters_without_addresses(text: str, wanted: list[str]) -> None:
    assert said(text) == wanted


@given(TEXT)
def test_windows_are_the_whole_text_in_order_and_none_too_long(text: str) -> None:
    places = windows(text)
    assert "".join(text[start:end] for start, end in places) == text
    assert all(0 < end - start <= WINDOW for start, end in places)


def test_a_window_ends_where_a_line_or_a_sentence_does() -> None:
    text = "One sentence here. " * 30 + "\n" + "word " * 100
    (first, *_), *_ = [windows(text)]
    assert text[: first[1]].endswith(". ")
    lines = "a line of a table\n" * 60
    assert all(lines[:end].endswith("\n") for _, end in windows(lines))


@given(TEXT)
def test_every_word_has_its_flags_and_is_verbatim(text: str) -> None:
    found = words(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    rows = flags(text, found, {"rosa"}, {"hart"})
    assert [len(row) for row in rows] == [FLAGS] * len(found)
    assert all(0.0 <= flag <= 1.0 for row in rows for flag in row)


@given(TEXT, st.data())
def test_runs_are_in_order_and_hold_every_likely_word(text: str, data: st.DataObject) -> None:
    found = words(text)
    chance = st.floats(0, 1)
    chances = data.draw(st.lists(chance, min_size=len(found), max_size=len(found)))
    spans = joined(text, found, chances, 0.5)
    assert all(one[1] <= other[0] for one, other in pairwise(spans))
    for word, each in zip(found, chances, strict=True):
        inside = any(a <= word.start and word.end <= b for a, b, _ in spans)
        assert inside or each < 0.5
        assert not inside or each >= 0.25


def test_a_name_goes_on_over_spaces_and_initials_and_not_over_commas() -> None:
    text = "Rosa M. Hart, Finn Olsen"
    found = words(text)
    spans = joined(text, found, [1.0] * len(found), 0.5)
    assert [text[start:end] for start, end, _ in spans] == ["Rosa M. Hart", "Finn Olsen"]


def test_a_name_takes_in_a_less_likely_word_beside_a_likely_one() -> None:
    text = "Rosa Hart wrote, Hart"
    spans = joined(text, words(text), [0.9, 0.3, 0.1, 0.3], 0.5)
    assert [text[start:end] for start, end, _ in spans] == ["Rosa Hart"]


def test_names_are_compared_without_case_and_accents() -> None:
    assert folded("JÜRGEN") == folded("jurgen")
    assert folded("Weiß") == "weiss"

"""Summaries: sentences end where they end, tasks keep their days, headings stay out."""

from __future__ import annotations

import pytest
from doorward.policies.vocabulary import Data
from doorward.tools.reading.documents import Document
from doorward.tools.reading.summarise import summarise
from doorward.tools.texts.lines import sentences
from hypothesis import given
from hypothesis import strategies as st


def said(text: str, count: int) -> list[str]:
    record: dict[str, Data] = {"path": "a.txt", "text": text}
    return [each.piece.text for each in summarise([Document.read(record)], count)]


@pytest.mark.parametrize(
    "text",
    [
        "Between Elm Press, Musterstr. 9, Bremen, and the painter all is agreed.",
        "She moved to the house in Lange Str. 4 with both of her cats.",
        "The talk with Dr. Abel is on 3. März at the old mill.",
    ],
)
def test_an_abbreviation_ends_no_sentence(text: str) -> None:
    assert [piece.text for piece in sentences(text)] == [text]


def test_a_section_mark_begins_a_sentence() -> None:
    text = "The flat is let for two years. § 2 Rent\nThe rent is 890 EUR."
    first, *_ = sentences(text)
    assert first.text == "The flat is let for two years."


def test_a_task_and_the_deadline_behind_it_are_said_together() -> None:
    text = (
        "- Ann: write to the council about the bridge. Deadline: 2024-05-20.\n"
        "- Bo: count the chairs in the hall and the cellar. Due: 2024-05-21.\n"
    )
    assert said(text, 1)[0].endswith(("2024-05-20.", "2024-05-21."))


def test_a_line_that_is_a_day_or_the_rest_of_a_heading_is_left_out_where_there_is_more() -> None:
    text = (
        "Agreement on the painting\nbetween Elm Press of Bremen and the painter Ada Stone.\n"
        "Bremen, 2 March 2026\n"
        "The painter makes twelve pictures of the harbour. The press pays 900 EUR by 1 May."
    )
    assert said(text, 2) == [
        "The painter makes twelve pictures of the harbour.",
        "The press pays 900 EUR by 1 May.",
    ]


def test_a_sentence_that_begins_small_behind_a_salutation_is_whole() -> None:
    text = "Dear Ms Holm,\n\nfrom 1 May your premium rises to 90 EUR. You may cancel until June."
    assert said(text, 2)[0].startswith("from 1 May")


def test_notes_in_small_letters_alone_are_still_summed_up() -> None:
    assert said("the boiler needs two presses of the left button\nthe spare key is upstairs", 2)


@given(st.text(max_size=300), st.integers(1, 6))
def test_every_sentence_of_a_summary_is_a_piece_of_its_text(text: str, count: int) -> None:
    assert all(each in text for each in said(text, count))

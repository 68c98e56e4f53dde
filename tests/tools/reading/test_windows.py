"""Questions over long documents: a bounded number of looks, and offsets into the whole."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from doorward.tools.reading.reader import NOW, Question, ScriptedReader, Span, Terms
from doorward.tools.reading.windows import LOOKS, OVERLAP, WINDOW, find_in
from hypothesis import given
from hypothesis import strategies as st

FILLER = "The committee thanks all members for their patience and wishes them a good summer.\n"


async def test_what_stands_deep_in_a_long_document_is_found_at_its_place() -> None:
    before, after = FILLER * 6000, FILLER * 4000
    text = f"{before}Surveyor of the roof: Paul Young\n{after}"
    reader = ScriptedReader()
    [span] = await find_in(text, ["surveyor of the roof"], reader)
    assert span is not None
    assert span.text == "Paul Young"
    assert text[span.start : span.end] == span.text
    assert span.start == len(before) + len("Surveyor of the roof: ")
    assert len(reader.asked) <= LOOKS
    assert all(len(question.text) <= WINDOW for question in reader.asked)


async def test_a_short_document_is_asked_about_once() -> None:
    reader = ScriptedReader()
    await find_in("Owner: Rosa Hart\n", ["owner", "price"], reader)
    assert reader.asked == [
        Question("Owner: Rosa Hart\n", "owner"),
        Question("Owner: Rosa Hart\n", "price"),
    ]


class Sure(ScriptedReader):
    """Finds the word `here` in whatever it sees, as surely as the number behind it says."""

    async def find(self, questions: Sequence[Question], terms: Terms = NOW) -> list[Span | None]:
        found: list[Span | None] = []
        for question in questions:
            at = question.text.find("here ")
            number = question.text[at + 5 : at + 6]
            span = Span(f"here {number}", at, at + 6, int(number) / 10) if at >= 0 else None
            found.append(span)
        return found


@pytest.mark.parametrize(
    ("answers", "best"),
    [
        (["here 3", "here 7", "here 5"], "here 7"),
        (["here 6", "here 6", "here 6"], "here 6"),
        (["here 5", "here 7", "here 5"], "here 7"),
        (["here 5", "here 5", "here 5", "here 6"], "here 5"),
    ],
)
async def test_the_surest_answer_wins_and_agreement_counts(answers: list[str], best: str) -> None:
    text = "".join(f"{FILLER * 12}where? {answer}\n{FILLER * 18}" for answer in answers)
    [span] = await find_in(text, ["where"], Sure())
    assert span is not None
    assert span.text == best
    assert span.start == text.find(best)


async def test_a_span_that_does_not_stand_there_is_no_answer() -> None:
    class Lying(ScriptedReader):
        async def find(
            self, questions: Sequence[Question], terms: Terms = NOW
        ) -> list[Span | None]:
            return [Span("never written", 3, 16, 0.99) for _ in questions]

    assert await find_in(FILLER * 100, ["owner"], Lying()) == [None]


@given(st.text(alphabet="ab \n", max_size=400).map(lambda text: text * 40), st.integers(0, 9))
async def test_every_place_of_any_text_is_in_some_window(text: str, seed: int) -> None:
    from doorward.tools.reading.windows import _windows

    windows = _windows(text)
    assert windows[0][0] == 0
    assert windows[-1][1] == len(text)
    for (start, end), (after, _) in pairwise(windows):
        assert start < after <= end - OVERLAP
        assert end - start <= WINDOW

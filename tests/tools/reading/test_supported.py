"""The checker: what a passage says passes, what it does not say is named."""

from __future__ import annotations

import pytest
from doorward.tools.reading.supported import lacking
from hypothesis import given
from hypothesis import strategies as st

LEASE = (
    "The monthly rent is 1,180.00 EUR and the deposit is 2,670.00 EUR. The tenant may end the lease"
    " with a notice period of three months. Pets are not allowed in the flat."
)
LETTER = (
    "From 1 January 2027 the yearly premium of your liability insurance rises from 168,40 EUR to"
    " 182,90 EUR. You can cancel within one month of this letter."
)
RENEWAL = (
    "The price for the next year is £412.75, or twelve payments of\n£37.10. Last year you paid"
    " £388.20. The increase is due to the higher cost of repairs."
)
MAIL = (
    "Tom Reed paid Anna Berger 300 EUR on Friday. Jonas may bring the projector by"
    " 30 November 2026."
    " The launch was moved from Lyon to Bremen because the hall in Lyon is closed."
)


@pytest.mark.parametrize(
    ("sentence", "passage"),
    [
        ("The rent is 1180 EUR a month.", LEASE),
        ("The deposit is 2,670 EUR and the monthly rent is 1,180 EUR.", LEASE),
        ("The lease has a notice period of 3 months.", LEASE),
        ("Pets are not allowed.", LEASE),
        ("The insurance premium rises to 182.90 EUR.", LETTER),
        ("From 01.01.2027 the yearly premium rises from 168,40 EUR to 182,90 EUR.", LETTER),
        ("Tom Reed paid Anna Berger 300 EUR.", MAIL),
        ("Jonas may bring the projector by 30 November 2026.", MAIL),
        ("The launch was moved to Bremen.", MAIL),
        ("Die Miete beträgt 900 Euro.", "Die Miete beträgt 900,00 Euro im Monat."),
    ],
)
def test_what_the_passage_says_is_supported(sentence: str, passage: str) -> None:
    assert lacking(sentence, [passage]) == ()


@pytest.mark.parametrize(
    ("sentence", "passage", "lack"),
    [
        ("The rent is 1,280.00 EUR.", LEASE, "number: 1280"),
        ("The price is £412.75, with a £37.10 increase.", RENEWAL, "something else"),
        ("The deposit is 1,180.00 EUR and the rent is 2,670.00 EUR.", LEASE, "something else"),
        ("The deposit is 1,180.00 EUR.", LEASE, "something else"),
        ("The notice period is six months.", LEASE, "number: 6"),
        ("Pets are allowed in the flat.", LEASE, "a denial left out"),
        ("The tenant may not end the lease.", LEASE, "denial"),
        ("The flat has a balcony, a garage and a garden with old trees.", LEASE, "words"),
        ("The premium falls from 168,40 EUR to 182,90 EUR.", LETTER, "the contrary: falls"),
        ("From 1 June 2027 the premium rises.", LETTER, "number: 20270601"),
        (
            "Sketches are due on 30 September and artwork on 30 April 2026.",
            "Sketches are due on 30 April 2026, final artwork on 30 September 2026.",
            "something else",
        ),
        ("You can cancel within one week.", LETTER, "unit: week"),
        (
            "The fee is refunded.",
            "The fee is refunded if you cancel in time.",
            "a condition left out",
        ),
        ("The premium rises in March.", LETTER, "month: March"),
        ("Anna Berger paid Tom Reed 300 EUR.", MAIL, "who to whom"),
        ("Tom Miller paid Anna Berger 300 EUR.", MAIL, "name: mill"),
        ("Tom Reed paid on Monday.", MAIL, "day: Monday"),
        ("Jonas will bring the projector by 30 November 2026.", MAIL, "doubt left out"),
        ("It is so.", MAIL, "says nothing"),
        ("The rent is 900 EUR.", "", "words"),
        ("Die Miete sinkt auf 900 Euro.", "Die Miete steigt auf 900 Euro.", "the contrary: sinkt"),
        ("Rauchen ist gestattet.", "Rauchen ist nicht gestattet.", "a denial left out"),
    ],
)
def test_what_it_does_not_say_is_named(sentence: str, passage: str, lack: str) -> None:
    assert any(lack in each for each in lacking(sentence, [passage]))


def test_a_sentence_is_held_against_the_passages_that_it_points_to_alone() -> None:
    assert lacking("The rent is 1,180.00 EUR.", [LETTER])
    assert not lacking("The rent is 1,180.00 EUR.", [LETTER, LEASE])


@pytest.mark.parametrize("text", [LEASE, LETTER, MAIL])
def test_every_sentence_supports_itself(text: str) -> None:
    for sentence in text.replace(". ", ".\n").splitlines():
        assert lacking(sentence, [text]) == ()


@given(st.text(max_size=120), st.lists(st.text(max_size=120), max_size=3))
def test_any_text_can_be_checked(sentence: str, passages: list[str]) -> None:
    assert all(lacking(sentence, passages)) or lacking(sentence, passages) == ()

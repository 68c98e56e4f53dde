"""Whatever somebody calls a thing: what is shown of it can be seen, and stays on its line."""

from __future__ import annotations

import unicodedata

import pytest
from doorward.policies.cards import beneath, facts_of, line
from doorward.policies.requests import Request
from doorward.policies.shown import LONGEST, mixed, shown, visible
from hypothesis import given
from hypothesis import strategies as st

from tests.policies.requests import REQUESTS

ANY = st.text(st.characters(codec=None, exclude_categories=()))
HOSTILE = st.text(
    st.sampled_from("ab.\\\n\r\t\0\x1b\x7f\x85\u200b\u200e\u202e\u2066\u2028\u2029\ufeff\ud800")
    | st.sampled_from("\u0301\u0489\u3164\u115f\u2800\u00ad\u00a0\u3000\ufe0f\U000e0041\U000e0101")
)


def fine(text: str) -> bool:
    return all(
        letter.isprintable()
        and unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        and unicodedata.bidirectional(letter)
        not in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI", "B", "S", "BN"}
        for letter in text
    )


@given(ANY | HOSTILE)
def test_no_text_shows_a_line_end_a_control_or_anything_that_cannot_be_seen(text: str) -> None:
    for seen in (visible(text), shown(text)):
        assert fine(seen)
        seen.encode("utf-8")
    for part in visible(text, lines=True).split("\n"):
        assert fine(part)


@given(ANY | HOSTILE)
def test_a_name_stays_short_and_says_how_long_it_is(text: str) -> None:
    seen = shown(text * 50)
    assert len(seen) < LONGEST * 12 + 200
    if len(text) * 50 > LONGEST:
        assert f"[{len(text) * 50} characters]" in seen


@given(HOSTILE, HOSTILE)
def test_two_short_names_never_look_the_same(one: str, other: str) -> None:
    one, other = one[:10], other[:10]
    assert (shown(one) == shown(other)) == (one == other)


@given(REQUESTS, HOSTILE)
def test_a_card_of_any_request_keeps_its_lines(request: Request, text: str) -> None:
    from dataclasses import replace

    odd = replace(request, resource=f"{request.resource}/{text}", tool=text)
    facts = facts_of(odd, lambda _: (), "/home")
    for told in (line(facts), *beneath(facts)):
        assert fine(told)


def test_a_long_name_is_cut_in_its_middle() -> None:
    seen = shown("pay-" + "a" * 2000 + "@evil.example")
    assert seen.startswith("pay-aaa")
    assert seen.endswith("@evil.example [2017 characters]")


@pytest.mark.parametrize(
    ("name", "scripts"),
    [
        ("pаypal", ("Cyrillic", "Latin")),
        ("report ο1", ()),
        ("Αθήνα and Rome", ()),
        ("aρple.pdf", ("Greek", "Latin")),
        ("ｐaypal", ("Fullwidth", "Latin")),
        ("東京report", ()),
        ("Müller-Straße 5", ()),
    ],
)
def test_a_word_of_several_scripts_says_so(name: str, scripts: tuple[str, ...]) -> None:
    assert mixed(name) == scripts
    assert ("letters in one word" in shown(name)) == bool(scripts)


def test_ordinary_names_are_shown_as_they_are() -> None:
    for name in (
        "Rechnung März 2026.pdf",
        'Anna\'s "best of" (2).jpg',
        "写真.png",
        "r\u00e9sum\u00e9",
    ):
        assert shown(name) == name


def test_marks_cannot_pile_up_over_other_lines() -> None:
    assert visible("a" + "\u0301" * 40).count("\u0301") == 2
    assert visible("\u0301a") == "\\u0301a"


@pytest.mark.parametrize("letter", "\ufe0f\U000e0101\U000e0041\u3164\u115f\u2800\u034f\u00ad\u200d")
def test_what_nobody_can_see_is_written_out(letter: str) -> None:
    assert visible(f"a{letter}b") == "a" + letter.encode("unicode_escape").decode() + "b"

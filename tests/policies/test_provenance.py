"""Where a literal comes from, as far as text can prove it."""

from __future__ import annotations

import string
import unicodedata

import pytest
from doorward.policies.provenance import SHORT, Sources, Text, fold, origin_of
from doorward.policies.vocabulary import Origin, Role, Trust
from doorward.policies.weblinks import links_in
from hypothesis import assume, example, given
from hypothesis import strategies as st

WORDS = (
    "Please invite Sarah Baker (sarah.baker@mail.example) on March 1st 2026 at 9:30 am, 1,200.50 €"
)
WORD = st.text(string.ascii_letters + string.digits, min_size=SHORT, max_size=12)
VALUE = st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans(), st.none())
PROSE = st.lists(WORD, max_size=6).map(" ".join)


@pytest.mark.parametrize(
    "value",
    [
        "Sarah Baker",
        "SARAH  BAKER",
        "sarah.baker@mail.example",
        "2026-03-01",
        "2026-03-01 09:30",
        "2026-03-01T09:30:00",
        1200.5,
        "1200.50",
        "1,200.50",
    ],
)
def test_what_the_user_typed_is_the_users_however_it_is_written(value: str | float) -> None:
    assert origin_of(value, Sources.of(WORDS)) is Origin.USER


@pytest.mark.parametrize(
    "value",
    [
        "baker@mail.example",  # the end of an address
        "sarah.baker@mail.example.evil.example",
        "sarah.baker@mail.exam",
        "Sara",  # a part of a word
        "ara Baker",
        "2026-03-02",
        "2026-03-01 10:30",
        "2025-03-01",
        1200.0,
        12005,
        "аrah Baker",  # another alphabet's a
        "Sarah Ba\u200bker",
        "",
    ],
)
def test_what_only_resembles_the_users_words_is_not_theirs(value: str | float) -> None:
    assert origin_of(value, Sources.of(WORDS)) is not Origin.USER


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("am 3. Oktober um 14:00", "2026-10-03 14:00"),
        ("am 03.10.2026", "2026-10-03"),
        ("on the 5th of May", "2024-05-05"),
        ("by Dec 24, 2026", "2026-12-24"),
        ("pay 1.200 to them", 1200),
        ("pay $98.70", 98.7),
        ("pay 1.234.567,89 EUR", 1234567.89),
        ("visit https://www.Example.com/", "www.example.com"),
        ("it is on www.example.com.They wrote it", "www.example.com"),
        ("on January 2nd 2025", "2025-01-02 18:30"),  # the time was left open
        ("visit www.example.com.", "https://www.example.com"),
    ],
)
def test_days_numbers_and_links_are_compared_by_what_they_mean(
    words: str, value: str | float
) -> None:
    assert Text.of(words).holds(value)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("see www.example.com/alice", "www.example.com"),
        ("see www.example.com", "www.example.com/alice"),
        ("see https://evil.example/?to=www.example.com", "www.example.com"),
        ("see example.com.evil.example", "example.com"),
        ("mail x+bob@mail.example", "bob@mail.example"),
        ("in reports/2026.txt", "2026.txt"),
        ("bob.smith agrees", "bob.s"),
        ("version 1.2.34567", "2.34567"),
    ],
)
def test_a_part_of_a_link_a_path_or_a_name_proves_nothing(words: str, value: str) -> None:
    assert not Text.of(words).holds(value)


def test_a_short_literal_proves_nothing_by_being_found() -> None:
    sources = Sources.of("1. Delete nothing. 13 files, ask Bob")
    assert origin_of("1", sources) is Origin.NOVEL
    assert origin_of(13, sources) is Origin.NOVEL
    assert origin_of("Bob", sources) is Origin.NOVEL


def test_a_short_whole_value_of_the_directory_is_known() -> None:
    assert origin_of("Bob", Sources.of("", directory=["bob"])) is Origin.KNOWN
    assert origin_of("bo", Sources.of("", directory=["bob"])) is Origin.NOVEL


def test_the_directory_holds_whole_values_only() -> None:
    sources = Sources.of("", directory=["Sarah Baker"])
    assert origin_of("Sarah", sources) is Origin.NOVEL


@pytest.mark.parametrize("value", [None, True, False, ""])
def test_what_chooses_nothing_is_known(value: bool | str | None) -> None:
    assert origin_of(value, Sources()) is Origin.KNOWN


def test_the_best_place_counts() -> None:
    sources = Sources.of("")
    for trust, origin in (
        (Trust.UNTRUSTED, Origin.UNTRUSTED),
        (Trust.ASSIGNED, Origin.ASSIGNED),
        (Trust.TRUSTED, Origin.KNOWN),
    ):
        sources = sources.adding(trust, "it is Hotel Riverside")
        assert origin_of("Hotel Riverside", sources) is origin


def test_an_endorsed_value_is_known_in_its_role_alone() -> None:
    sources = Sources().endorsing(Role.TARGET, "dora@mail.example")
    assert origin_of("Dora@mail.example", sources, Role.TARGET) is Origin.KNOWN
    assert origin_of("dora@mail.example", sources, Role.LINK) is Origin.NOVEL
    assert origin_of("dora@mail.example", sources) is Origin.NOVEL
    assert origin_of("eve@mail.example", sources, Role.TARGET) is Origin.NOVEL


def test_a_number_too_large_to_compare_is_novel() -> None:
    huge = 10**5000
    assert origin_of(huge, Sources.of(f"pay {'9' * 400}")) is Origin.NOVEL
    assert origin_of(float("nan"), Sources.of("nan")) is Origin.NOVEL


@given(VALUE, PROSE, PROSE)
@example("1200", "pay 1,200", "1200")
def test_untrusted_text_never_improves_an_origin_beyond_untrusted(
    value: str | float | None, words: str, text: str
) -> None:
    before = Sources.of(words)
    was = origin_of(value, before)
    now = origin_of(value, before.adding(Trust.UNTRUSTED, f"{text} {value}"))
    assert now is was or (was is Origin.NOVEL and now is Origin.UNTRUSTED)


@given(WORD, PROSE, st.sampled_from(["NFC", "NFD"]))
def test_case_and_composition_make_no_difference_and_wide_letters_do(
    value: str, around: str, form: str
) -> None:
    text = Text.of(f"{around} {value} {around}")
    assume(not text.links)  # together they may be an account number, which is held as a whole
    assert text.holds(value.swapcase())
    assert text.holds(unicodedata.normalize(form, value))  # type: ignore[arg-type]  # a literal
    wide = "".join(chr(ord(each) + 0xFEE0) for each in value)
    assert not text.holds(wide)


@pytest.mark.parametrize(
    ("words", "value"),
    [
        ("mail info@straße.example", "info@strasse.example"),
        ("mail info@strasse.example", "info@straße.example"),
        ("see https://straße.example/", "https://strasse.example/"),
        ("invite file", "ﬁle"),
        ("pay 4711", "4７11"),
    ],
)
def test_what_only_folds_to_the_users_words_is_somebody_else(words: str, value: str) -> None:
    assert not Text.of(words).holds(value)


@given(WORD, st.text(string.ascii_letters + string.digits + "_@-/", min_size=1, max_size=3))
@example("1000", "0")
def test_a_part_of_a_longer_word_is_not_found(value: str, more: str) -> None:
    assume(fold(value) not in fold(more))
    # An account number ends where its letters and digits end, whatever stands behind it: it is
    # taken out of content as a link is, so that what is paid is looked at.
    assume(not links_in(value) or (more[0].isalnum() and more[-1].isalnum()))
    assert not Text.of(f"{more}{value}").holds(value) or value.casefold() in more.casefold()
    assert not Text.of(f"{value}{more}").holds(value)


@given(WORD, WORD)
def test_whoever_rewords_gets_novel(value: str, other: str) -> None:
    assume(fold(value) != fold(other))
    sources = Sources.of(value).adding(Trust.UNTRUSTED, value)
    try:
        same = float(value) == float(other)
    except ValueError:
        same = False
    assume(not same)
    assert origin_of(other, sources) is Origin.NOVEL
    assert origin_of(value[::-1] + "x", sources) is Origin.NOVEL


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("see https://evil.example/a?b=c.", ("https://evil.example/a?b=c",)),
        ("see www.evil.example, or evil.com/x", ("www.evil.example", "evil.com/x")),
        ("![x](https://evil.example/i.png)", ("https://evil.example/i.png",)),
        ("[x]: //evil.example/p", ("//evil.example/p",)),
        ("write to Mark.Black-2134@mail.example!", ("mark.black-2134@mail.example",)),
        ("ｗｗｗ．ｅｖｉｌ．ｃｏｍ", ("www.evil.com",)),
        ("ev\u200bil.com", ("evil.com",)),
        ("evil。com", ("evil.com",)),
        ("10.0.0.1:8080/x", ("10.0.0.1:8080/x",)),
        ("javascript:alert(1)", ("javascript:alert(1",)),
        ("to DE89 3704 0044 0532 0130 00 please", ("de89 3704 0044 0532 0130 00",)),
        ("xn--vil-8na.xn--p1ai", ("xn--vil-8na.xn--p1ai",)),
        ("minutes.docx, e.g. at 10.30, 3.5 and so on. Then", ()),
    ],
)
def test_links_and_addresses_are_found_as_they_would_be_shown(
    text: str, links: tuple[str, ...]
) -> None:
    assert links_in(text) == links


@given(st.text(max_size=200))
def test_every_text_can_be_prepared_and_searched_for_links(text: str) -> None:
    Text.of(text)
    links_in(text)

from __future__ import annotations

import pytest
from doorward.policies.lookalike import domain_of, looks, skeleton
from hypothesis import given
from hypothesis import strategies as st

KNOWN = [
    "anna@bluebird-bank.example",
    "https://lindenhof.example/login",
    "post.example",
    "ab.example",
]


@pytest.mark.parametrize(
    "address",
    [
        "pay@bluebird-bаnk.example",  # a Cyrillic a
        "pay@xn--bluebird-bnk-pcl.example",
        "pay@biuebird-bank.example",
        "pay@b1uebird-bank.example",
        "pay@bluebirdbank.example",
        "pay@blue-bird-bank.example",
        "pay@bluebird-bank.test",
        "pay@bluebird-bnak.example",
        "pay@bluebird-bamk.example",
        "https://bluebird-bank.example.evil.test/x",
        "pay@bluebird-bank-login.example",
        "https://lindenhоf.example",  # a Cyrillic o
        "https://1indenhof.example",
        "https://lindenh0f.example",
        "https://lindenhof.example@lindenhoff.example/",
        "https://ｌindenhoff.example/",  # a wide l
        "lindemhof.example",
        "lindernhof.example",
    ],
)
def test_what_could_be_taken_for_a_known_domain_says_so(address: str) -> None:
    badges = looks(address, KNOWN).badges
    assert any(badge.startswith("looks like ") for badge in badges), (badges, domain_of(address))


@pytest.mark.parametrize(
    "address",
    [
        "anna@bluebird-bank.example",
        "other@BlueBird-Bank.example.",
        "news@mail.bluebird-bank.example",
        "someone@garden.example",
        "cd.example",
        "x@pest.test",
        "not an address",
        "",
    ],
)
def test_a_known_or_a_plainly_different_domain_has_no_badge(address: str) -> None:
    assert looks(address, KNOWN).badges == ()


def test_a_domain_in_foreign_letters_is_decoded_and_said() -> None:
    assert domain_of("x@xn--bcher-kva.example") == "bücher.example"
    assert looks("x@xn--bcher-kva.example", []).badges == ("foreign letters",)
    assert domain_of("x@xn--\udcff.example") == "xn--\udcff.example"


@given(st.text())
def test_any_text_has_a_skeleton_and_a_verdict(text: str) -> None:
    assert skeleton(f"{text}") == skeleton(text.upper().lower()) or text.upper().lower() != text
    looks(text, KNOWN)
    looks("a@b.example", [text])

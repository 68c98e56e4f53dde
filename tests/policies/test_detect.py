from __future__ import annotations

import base64
import codecs
import gzip
import time
import zlib
from collections.abc import Callable
from itertools import pairwise
from unicodedata import category, normalize
from urllib.parse import quote

import phonenumbers
import pytest
from doorward.policies.detect import context
from doorward.policies.detect.decode import plain, views
from doorward.policies.detect.exact import Contact, Contacts
from doorward.policies.detect.findings import Finding, Kind, merged, tags_of
from doorward.policies.detect.known import KnownSecrets
from doorward.policies.detect.phones import Phones
from doorward.policies.detect.scan import found
from hypothesis import example, given
from hypothesis import strategies as st

FOUND = [
    ("write to anna.schmidt@example.org now", Kind.EMAIL, "anna.schmidt@example.org"),
    ("schreib an jörg@müller.example.de!", Kind.EMAIL, "jörg@müller.example.de"),
    ("call +49 30 1234567 today", Kind.PHONE, "+49 30 1234567"),
    ("call (212) 555-0187", Kind.PHONE, "(212) 555-0187"),
    ("ruf 030 12 34 56 78 an", Kind.PHONE, "030 12 34 56 78"),
    ("card 4111 1111 1111 1111 ok", Kind.CARD, "4111 1111 1111 1111"),
    ("an DE89 3704 0044 0532 0130 00 zahlen", Kind.IBAN, "DE89 3704 0044 0532 0130 00"),
    ("SSN 536-22-1234", Kind.SSN, "536-22-1234"),
    ("the host 10.0.0.17 is down", Kind.IP, "10.0.0.17"),
    ("mac 00:1B:44:11:3A:B7", Kind.MAC, "00:1B:44:11:3A:B7"),
    ("12 Main Street, Springfield", Kind.ADDRESS, "12 Main Street"),
    ("wohnt Hauptstraße 12, 10115 Berlin", Kind.ADDRESS, "Hauptstraße 12, 10115 Berlin"),
    ("au 12 rue de la Paix, 75002 Paris", Kind.ADDRESS, "12 rue de la Paix, 75002 Paris"),
    ("DNI 12345678Z", Kind.NATIONAL_ID, "12345678Z"),
    ("NINO AB 12 34 56 C", Kind.NATIONAL_ID, "AB 12 34 56 C"),
    ("to 1BoatSLRHtKNngkdXEeobR76b53LETtpyT", Kind.WALLET, "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
    ("key AKIAIOSFODNN7EXAMPLE", Kind.TOKEN, "AKIAIOSFODNN7EXAMPLE"),
    ("db postgres://app:pa55w-x@db/x", Kind.PASSWORD, "pa55w-x"),
    ("password=hunter2!", Kind.PASSWORD, "hunter2!"),
    ("the wifi password is Sunny-Garden7", Kind.PASSWORD, "Sunny-Garden7"),
    ("Das Passwort für das WLAN lautet Sonne#77", Kind.PASSWORD, "Sonne#77"),
    ("Your code is 482913", Kind.CODE, "482913"),
    ("Ihr Bestätigungscode lautet 482913", Kind.CODE, "482913"),
    ("Votre code de vérification est 482 913", Kind.CODE, "482 913"),
    ("Tu código es 482913", Kind.CODE, "482913"),
    ("482913 is your login code", Kind.CODE, "482913"),
    ("-----BEGIN RSA PRIVATE KEY-----\nMIIabc", Kind.PRIVATE_KEY, None),
    ("seed: legal winner thank year wave sausage worth useful legal winner thank yellow",
     Kind.SEED, None),
]  # fmt: skip

QUIET = [
    "version 10.4.2.1 is out",
    "see section 3.2.1.4",
    "zip code 90210",
    "error code 500123",
    "your promo code 482913 is not a secret",
    "Order 123-456-7890",
    "ISBN 978-3-16-148410-0",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "550e8400-e29b-41d4-a716-446655440000",
    "am 01.02.2026 10:30 Uhr",
    "the password is required",
    "your password has expired, please choose another",
    "token = os.environ['TOKEN']",
    "password: ${DB_PASSWORD}",
    "2026-11-24T10:30:00Z took 1732443000123 ms",
    "card 4111 1111 1111 1112",
    "DE88 3704 0044 0532 0130 00",
    "ghp_aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789",
    "we saw them walking home along that river while everyone else waited there",
]


@pytest.mark.parametrize(("text", "kind", "span"), FOUND)
def test_a_form_is_found_where_it_stands(text: str, kind: Kind, span: str | None) -> None:
    hits = [(hit.kind, text[hit.start : hit.end]) for hit in found(text)]
    assert kind in [each for each, _ in hits]
    if span is not None:
        assert (kind, span) in hits


@pytest.mark.parametrize("text", QUIET)
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert found(text) == []


@given(st.text())
def test_any_text_can_be_scanned_and_spans_lie_inside_it(text: str) -> None:
    hits = found(text)
    assert all(0 <= hit.start < hit.end <= len(text) for hit in hits)
    assert all(one.end <= two.start for one, two in pairwise(hits))


def test_a_hostile_text_costs_no_more_than_its_length() -> None:
    for part in ("0-", "a.", "password ", "+1 ", "aaa ", "[[", "1 A"):
        text = part * (60_000 // len(part))
        start = time.perf_counter()
        found(text)
        assert time.perf_counter() - start < 3


def test_findings_raise_labels_by_what_they_are() -> None:
    email, token, day = (Finding(0, 1, k) for k in (Kind.EMAIL, Kind.TOKEN, Kind.DATE))
    assert tags_of([email]) == {"personal"}
    assert tags_of([token]) == {"secret"}
    assert tags_of([email, token]) == {"personal", "secret"}
    assert tags_of([day]) == frozenset()


def test_overlapping_findings_become_one_that_covers_both_and_names_the_secret() -> None:
    both = merged([Finding(0, 9, Kind.EMAIL), Finding(5, 12, Kind.TOKEN)])
    assert both == [Finding(0, 12, Kind.TOKEN)]


SECRET = "Tr0ub4dor&3xyz"
RAW = SECRET.encode()
ENCODINGS: list[Callable[[bytes], str]] = [
    lambda raw: raw.decode(),
    lambda raw: raw.decode().upper(),
    lambda raw: base64.b64encode(raw).decode(),
    lambda raw: base64.urlsafe_b64encode(raw).decode().rstrip("="),
    lambda raw: "x" + base64.b64encode(raw).decode(),
    lambda raw: base64.b64encode(raw.decode().encode("utf-16le")).decode(),
    lambda raw: raw.hex(),
    lambda raw: raw.hex(":"),
    lambda raw: quote(raw, safe=""),
    lambda raw: "%54" + raw.decode()[1:],
    lambda raw: base64.b64encode(gzip.compress(raw)).decode(),
    lambda raw: zlib.compress(raw).hex(),
    lambda raw: base64.b64encode(base64.b64encode(raw)).decode(),
    lambda raw: base64.b64encode(raw).decode().encode().hex(),
    lambda raw: codecs.encode(raw.decode(), "rot13"),
    lambda raw: "\u200b".join(raw.decode()),
    lambda raw: "Ｔｒ" + raw.decode()[2:],
    lambda raw: " ".join(raw.decode()),
]


@pytest.mark.parametrize("encode", ENCODINGS)
def test_a_known_secret_is_found_through_every_encoding(encode: Callable[[bytes], str]) -> None:
    known = KnownSecrets([SECRET, "another-one"], b"k" * 16)
    hidden = encode(RAW)
    text = f"before {hidden} after"
    readings, unread = views(text)
    hits = known.found(text, readings)
    assert hits
    assert unread == []
    assert all(7 <= hit.start < hit.end <= 7 + len(hidden) for hit in hits)


def test_a_token_is_found_inside_base64() -> None:
    text = base64.b64encode(b"key AKIAIOSFODNN7EXAMPLE").decode()
    readings, _ = views(text)
    assert any(hit.kind is Kind.TOKEN for view in readings for hit in found(view.text))


def test_what_is_too_much_to_decode_is_a_finding() -> None:
    bomb = base64.b64encode(gzip.compress(bytes(30_000_000))).decode()
    readings, unread = views(bomb)
    assert [hit.kind for hit in unread] == [Kind.OPAQUE]
    assert sum(len(view.text) for view in readings) < 2_000_000


def test_many_small_encodings_cannot_hide_one_behind_them() -> None:
    token = base64.b64encode(b"nothing to see here").decode()
    known = KnownSecrets([SECRET], b"k" * 16)
    text = f"{token} " * 3000 + base64.b64encode(RAW).decode()
    readings, unread = views(text)
    last = len(text) - 4
    assert any(hit.start <= last < hit.end for hit in [*known.found(text, readings), *unread])


def test_short_values_are_not_looked_for() -> None:
    known = KnownSecrets(["12345", "abc", "  "], b"k" * 16)
    assert not known
    assert known.found("12345 abc") == []


@given(st.text(min_size=6, max_size=20), st.text(max_size=40))
def test_known_secrets_have_no_false_alarms(secret: str, text: str) -> None:
    hits = KnownSecrets([secret], b"k" * 16).found(text)
    assert hits == [] or len(text) >= 5


@given(st.text())
def test_any_text_can_be_decoded(text: str) -> None:
    for view in views(text)[0]:
        start, end = view.span(0, len(view.text))
        assert 0 <= start <= end <= len(text)


CONTACTS = Contacts(
    [
        Contact("1", Kind.PERSON, ("Rosa Hart", "Rosa Hart-Weiß")),
        Contact("2", Kind.COMPANY, ("Acme GmbH",)),
    ]
)


@pytest.mark.parametrize("text", ["Rosa Hart", "ROSA  HART", "rosa\u00a0hart", "(Rósa, Hart)"])
def test_a_contact_is_found_however_it_is_written(text: str) -> None:
    (hit,) = CONTACTS.found(f"ask {text} now")
    assert (hit.kind, hit.identity) == (Kind.PERSON, "contact:1")


def test_a_longer_name_wins_and_a_part_of_a_word_is_no_name() -> None:
    text = "Rosa Hart-Weiß of Acme GmbH, not Rosa Hartmann"
    assert [text[hit.start : hit.end] for hit in CONTACTS.found(text)] == [
        "Rosa Hart-Weiß",
        "Acme GmbH",
    ]


def test_a_number_of_the_users_region_is_found_without_separators() -> None:
    text = "Handynummer 015123456789, bitte"
    assert [text[hit.start : hit.end] for hit in Phones(("DE",)).found(text)] == ["015123456789"]
    assert Phones(()).found(text) == []


ODD = "aZ09 -_.@'äÖßñ\u0301\u200b\u00adſİΣς①²½Ｔ日\U0001f642"


@given(st.text(alphabet=ODD))
def test_the_plain_reading_is_the_same_as_character_by_character(text: str) -> None:
    shown = [
        ""
        if category(each) in {"Cf", "Mn"}
        else "".join(c for c in normalize("NFKD", each).casefold() if category(c) != "Mn")
        for each in text
    ]
    view = plain(text)
    assert (view.text if view else text) == "".join(shown) or text.isascii()
    if view:
        assert view.places == tuple(at for at, each in enumerate(shown) for _ in each)


@given(st.integers(0, 600), st.integers(0, 600), st.sampled_from(["", "ä", "\u200b", "ﬁ"]))
def test_a_known_secret_is_found_wherever_it_stands(before: int, after: int, odd: str) -> None:
    text = odd + "x" * before + SECRET + "y" * after
    start = len(odd) + before
    assert Finding(start, start + len(SECRET), Kind.KNOWN) in KnownSecrets(
        [SECRET], b"k" * 16
    ).found(text)


PIECES = ["+49", "030", "(030)", "0171", "2345", "23456", "7", " ", "-", "/", ". ", "x", "ä", "\n"]


@given(st.lists(st.sampled_from(PIECES), max_size=12).map("".join))
@example("03023456")  # as short as they are
def test_no_number_is_missed_for_being_skipped_early(text: str) -> None:
    for region in ("DE", None):
        numbers = phonenumbers.PhoneNumberMatcher(text, region)
        spans = [
            (each.start, each.end)
            for each in numbers
            if context.phone(each.raw_string, text[: each.start])
        ]
        hits = Phones((region,) if region else ()).found(text)
        assert [(hit.start, hit.end) for hit in hits] == spans

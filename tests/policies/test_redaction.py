from __future__ import annotations

import base64
import datetime

import pytest
from doorward.policies import measures
from doorward.policies.detect.checksums import iban, luhn
from doorward.policies.detect.decode import views
from doorward.policies.detect.exact import Contact, Contacts
from doorward.policies.detect.findings import Finding, Kind
from doorward.policies.detect.known import KnownSecrets
from doorward.policies.detect.scan import found
from doorward.policies.pseudonyms import PseudonymMap, Pseudonyms, letters, restore
from doorward.policies.redaction import redact, redact_data
from doorward.policies.vocabulary import Data
from hypothesis import example, given
from hypothesis import strategies as st

KEY = b"k" * 32
PEOPLE = ["Rosa Hart", "Bob Lee", "Jörg Müller", "Ada Quill"]
CONTACTS = Contacts(
    [
        *(Contact(str(n), Kind.PERSON, (name,)) for n, name in enumerate(PEOPLE)),
        Contact("c", Kind.COMPANY, ("Acme GmbH",)),
    ]
)
SECRET = "Tr0ub4dor&3xyz"
KNOWN = KnownSecrets([SECRET], b"k" * 16)


def find(text: str) -> list[Finding]:
    readings, unread = views(text)
    hits = [*found(text), *CONTACTS.found(text), *KNOWN.found(text, readings), *unread]
    for view in readings:
        hits += [Finding(*view.span(h.start, h.end), h.kind) for h in found(view.text)]
    return hits


def fresh() -> Pseudonyms:
    return Pseudonyms(KEY, PseudonymMap())


PRIVATE = [
    *PEOPLE,
    "rosa.hart@example.org",
    "bob@example.org",
    "+49 30 1234567",
    "DE89 3704 0044 0532 0130 00",
    "4111 1111 1111 1111",
    "536-22-1234",
    "10.1.2.3",
    "12 Main Street",
    SECRET,
    base64.b64encode(SECRET.encode()).decode(),
    SECRET.encode().hex(),
    "AKIAIOSFODNN7EXAMPLE",
]
PLAIN = [
    "the meeting is", " ", "\n", "\u200b", "Person A", "Person B", "person-a@domain-1.example",
    "token-1", "secret-1", "text-1", "1 Example Street", "2026-03-12", "12.3.2026", "March 3, 2026",
    "€1,234.50", "950 EUR", "+49 00 0000001", "192.0.2.1", ".", "-", "7", "ß", "A",
]  # fmt: skip
texts = st.lists(st.sampled_from(PRIVATE + PLAIN) | st.text(max_size=6), max_size=8).map(
    "".join
) | st.lists(st.sampled_from(PRIVATE + PLAIN), max_size=8).map(" ".join)


@example(["+49 00 0000001 4111 1111 1111 1111", "+49 30 1234567"])
@given(st.lists(texts, max_size=4))
def test_what_was_redacted_can_be_put_back(several: list[str]) -> None:
    pseudonyms = fresh()
    made = [redact(text, find(text), pseudonyms) for text in several]
    assert [restore(each, pseudonyms.map) for each in made] == several


@example(["4111 1111 1111 1111 €1,234.50 4111 1111 1111 1111"], "Rosa Hart")
@example(["€1,234.50²"], "Rosa Hart")
@given(st.lists(texts, max_size=3), st.sampled_from(PRIVATE))
def test_nothing_that_was_found_survives_raw_or_encoded(several: list[str], value: str) -> None:
    pseudonyms = fresh()
    for text in [*several, f"so {value}, then"]:
        hits = find(text)
        made = redact(text, hits, pseudonyms)
        spans = {text[hit.start : hit.end].casefold() for hit in hits}
        assert not [span for span in spans if len(span) >= 4 and span in made.casefold()]
        readings, _ = views(made)
        assert not KNOWN.found(made, readings)
    assert value.casefold() not in made.casefold()
    assert not any(value in view.text for view in readings)


@given(st.lists(texts, max_size=4))
def test_the_same_goes_the_same_way_and_two_never_meet(several: list[str]) -> None:
    one, two = fresh(), fresh()
    first = [redact(text, find(text), one) for text in several]
    assert first == [redact(text, find(text), two) for text in several]
    later = Pseudonyms(KEY, one.map)
    for entry in one.map.entries:
        span = Finding(0, len(entry.surface), entry.kind, entry.identity)
        assert later.of(span, entry.surface) == entry.pseudonym
    given_names = [entry.pseudonym for entry in one.map.entries]
    assert len(set(given_names)) == len(given_names)
    by_letter: dict[tuple[Kind, int], set[str]] = {}
    for entry in one.map.entries:
        by_letter.setdefault((entry.kind, entry.number), set()).add(entry.identity)
    people = [ids for (kind, _), ids in by_letter.items() if kind is Kind.PERSON]
    assert all(len(ids) == 1 for ids in people)


@given(texts)
def test_a_pseudonym_never_equals_what_the_text_holds(text: str) -> None:
    pseudonyms = fresh()
    redact(text, find(text), pseudonyms)
    quiet = {Kind.DATE, Kind.AMOUNT}
    assert not [e for e in pseudonyms.map.entries if e.kind not in quiet and e.pseudonym in text]


def test_a_person_keeps_one_pseudonym_through_several_texts() -> None:
    pseudonyms = fresh()
    lines = ["Rosa Hart met Bob Lee", "Bob Lee wrote to ROSA HART", "Rosa Hart agreed"]
    assert [redact(line, find(line), pseudonyms) for line in lines] == [
        "Person A met Person B",
        "Person B wrote to Person A2",
        "Person A agreed",
    ]


def test_text_that_looks_like_a_pseudonym_is_never_put_back_as_somebody() -> None:
    pseudonyms = fresh()
    redact("Rosa Hart", find("Rosa Hart"), pseudonyms)
    made = redact("Person A wants it", (), pseudonyms)
    assert "Person A" not in made
    assert restore(made, pseudonyms.map) == "Person A wants it"


def test_a_password_named_once_is_replaced_everywhere() -> None:
    text = "password: hunter2! Once more: hunter2!"
    assert redact(text, find(text), fresh()) == "password: password-1 Once more: password-1"


def test_numbers_keep_their_form_and_cannot_be_in_use() -> None:
    pseudonyms = fresh()

    def of(text: str) -> str:
        return redact(text, find(text), pseudonyms)

    assert of("DE89 3704 0044 0532 0130 00").startswith("DE")
    assert iban(of("DE89 3704 0044 0532 0130 00"))
    card = of("4111 1111 1111 1111")
    assert (len(card), card[:4]) == (19, "0000")
    assert luhn(card.replace(" ", ""))
    assert of("+49 30 1234567") == "+49 00 0000001"
    assert of("10.1.2.3") == "192.0.2.1"


@given(st.dates(datetime.date(1980, 1, 1), datetime.date(2080, 1, 1)), st.integers(-300, 300))
def test_a_moved_date_keeps_its_form(day: datetime.date, days: int) -> None:
    moved = day + datetime.timedelta(days)
    assert measures.shifted(day.isoformat(), days) == moved.isoformat()
    german = f"{day.day}.{day.month}.{day.year}"
    shown = [int(part) for part in measures.shifted(german, days).split(".")]
    assert shown == [moved.day, moved.month, moved.year]
    assert measures.shifted(f"{day:%B} {day.day}, {day.year}", days) == (
        f"{moved:%B} {moved.day}, {moved.year}"
    )


@given(st.lists(st.integers(0, 10**9), min_size=2, max_size=6), st.integers(1000, 2000))
def test_scaled_amounts_keep_their_order(cents: list[int], permille: int) -> None:
    shown = [measures.scaled(f"{each / 100:.2f} EUR", permille) for each in sorted(cents)]
    values = [float(each.removesuffix(" EUR")) for each in shown]
    assert values == sorted(values)
    assert len(set(values)) == len(set(cents))


def test_weekdays_stay_and_all_dates_move_alike() -> None:
    text = "from 2026-03-12 to 2026-03-14"
    made = redact(text, (), fresh())
    start, end = (datetime.date.fromisoformat(made.split()[at]) for at in (1, 3))
    assert start.weekday() == datetime.date(2026, 3, 12).weekday()
    assert start != datetime.date(2026, 3, 12)
    assert (end - start).days == 2


def test_a_record_keeps_its_fields_and_loses_what_data_has_named() -> None:
    data: Data = {
        "path": "Rosa Hart.pdf",
        "count": 3,
        "Bob Lee": True,
        "tax": 536221234,
        "pin": "x",
    }
    made = redact_data(data, find, fresh(), {"path", "count", "tax", "pin"}, {"pin"})
    assert made == {
        "path": "Person A.pdf",
        "count": 3,
        "Person B": True,
        "tax": "number",
        "pin": "text",
    }


@pytest.mark.parametrize(("number", "name"), [(1, "A"), (26, "Z"), (27, "AA"), (703, "AAA")])
def test_there_are_letters_for_any_number(number: int, name: str) -> None:
    assert letters(number) == name

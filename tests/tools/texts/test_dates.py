"""Dates as Europe and America write them."""

from __future__ import annotations

from datetime import date

import pytest
from doorward.tools.texts.dates import find_dates, find_deadlines
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("2026-10-03", "2026-10-03"),
        ("03.10.2026", "2026-10-03"),
        ("3.10.26", "2026-10-03"),
        ("24/09/2026", "2026-09-24"),
        ("12/15/2025", "2025-12-15"),
        ("total US$ 5.00 on 3/4/2026", "2026-03-04"),
        ("total £5.00 on 3/4/2026", "2026-04-03"),
        ("18. Juni 2026", "2026-06-18"),
        ("Oct. 3rd, 2025", "2025-10-03"),
        ("30 avril 2026", "2026-04-30"),
        ("5 de octubre de 2026", "2026-10-05"),
        ("22. Jänner 2026", "2026-01-22"),
        ("30-Sep-2026", "2026-09-30"),
        ("2026年10月3日", "2026-10-03"),
    ],
)
def test_a_date_is_read(text: str, iso: str) -> None:
    assert [dated.iso for dated in find_dates(text)] == [iso]


@pytest.mark.parametrize(
    "text", ["v1.2.3", "31.02.2026", "1.189,00 EUR", "IBAN DE33 9999 0000", "May 2026", "10:30"]
)
def test_what_is_no_date_is_left_alone(text: str) -> None:
    assert find_dates(text) == []


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_every_day_survives_the_usual_forms(day: date) -> None:
    forms = [
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d %B %Y}",
        f"{day:%B %d, %Y}",
    ]
    for form in forms:
        [found] = find_dates(f"on {form}, at noon")
        assert found.day == day


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("tomorrow", "2026-11-21"),
        ("by Friday", "2026-11-27"),
        ("next Tuesday", "2026-11-24"),
        ("in two weeks", "2026-12-04"),
        ("by the end of the month", "2026-11-30"),
        ("end of the week", "2026-11-20"),
        ("bis Montag", "2026-11-23"),
        ("3 December", "2026-12-03"),
    ],
)
def test_a_deadline_counts_from_the_document(text: str, iso: str) -> None:
    assert [dated.iso for dated in find_deadlines(text, date(2026, 11, 20))] == [iso]

"""Periods of time, read relative to Monday 23 November 2026."""

from __future__ import annotations

from datetime import date

import pytest
from doorward.cloud_bridge.orchestrator.planner.dates import find_period
from hypothesis import given
from hypothesis import strategies as st

TODAY = date(2026, 11, 23)

VOCABULARY = [
    *("between", "from", "since", "until", "and", "to", "last", "next", "this", "past", "by"),
    *("3", "two", "31", "0", "999", "2025", "1/1/99", "30.2.2026", "february", "march", "q2"),
    *("week", "months", "days", "year", "ago", "monday", "before", "after", "the", "end of"),
]

TABLE = [
    ("today", "2026-11-23", "2026-11-23"),
    ("yesterday's mail", "2026-11-22", "2026-11-22"),
    ("this week", "2026-11-23", "2026-11-29"),
    ("last week", "2026-11-16", "2026-11-22"),
    ("next week", "2026-11-30", "2026-12-06"),
    ("last month's invoices", "2026-10-01", "2026-10-31"),
    ("this year", "2026-01-01", "2026-12-31"),
    ("last year", "2025-01-01", "2025-12-31"),
    ("last quarter", "2026-07-01", "2026-09-30"),
    ("in October", "2026-10-01", "2026-10-31"),
    ("October's invoices", "2026-10-01", "2026-10-31"),
    ("in December", "2025-12-01", "2025-12-31"),
    ("in May", "2026-05-01", "2026-05-31"),
    ("October 2024", "2024-10-01", "2024-10-31"),
    ("of 2025", "2025-01-01", "2025-12-31"),
    ("in Q3", "2026-07-01", "2026-09-30"),
    ("Q1 2025", "2025-01-01", "2025-03-31"),
    ("2025-04", "2025-04-01", "2025-04-30"),
    ("on 1 June 2025", "2025-06-01", "2025-06-01"),
    ("June 1st, 2025", "2025-06-01", "2025-06-01"),
    ("1.6.2026", "2026-06-01", "2026-06-01"),
    ("1/6/2026", "2026-06-01", "2026-06-01"),
    ("since 1 June", "2026-06-01", None),
    ("since 24 December", "2025-12-24", None),
    ("since June", "2026-06-01", None),
    ("since Monday", "2026-11-16", None),
    ("since last Friday", "2026-11-20", None),
    ("since yesterday", "2026-11-22", None),
    ("since the start of the year", "2026-01-01", None),
    ("after 2024", "2025-01-01", None),
    ("before 2024", None, "2023-12-31"),
    ("until the end of the month", None, "2026-11-30"),
    ("by Friday", None, "2026-11-27"),
    ("older than two years", None, "2024-11-23"),
    ("in the last 3 days", "2026-11-20", "2026-11-23"),
    ("in the last 24 hours", "2026-11-22", "2026-11-23"),
    ("the past two weeks", "2026-11-09", "2026-11-23"),
    ("in the past year", "2025-11-23", "2026-11-23"),
    ("two months ago", "2026-09-23", "2026-09-23"),
    ("between March and May 2025", "2025-03-01", "2025-05-31"),
    ("between 1 June and 3 July", "2026-06-01", "2026-07-03"),
    ("between November and February", "2025-11-01", "2026-02-28"),
    ("from January to March", "2026-01-01", "2026-03-31"),
    ("from 2026-01-01 to 2026-02-01", "2026-01-01", "2026-02-01"),
]


@pytest.mark.parametrize(("words", "since", "until"), TABLE)
def test_a_period_is_read_relative_to_the_day_of_the_objective(
    words: str, since: str | None, until: str | None
) -> None:
    period = find_period(f"the papers {words}", TODAY)
    assert period is not None
    found = tuple(day and day.isoformat() for day in (period.since, period.until))
    assert found == (since, until)


@pytest.mark.parametrize(
    "words",
    [
        "by month",
        "by year",
        "sort by date",
        "I may find it",
        "march on",
        "31 February",
        "room 2",
        "",
    ],
)
def test_what_is_no_period_is_not_taken_for_one(words: str) -> None:
    assert find_period(words, TODAY) is None


@given(st.text(max_size=200), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_any_text_gives_a_period_in_order_or_none(text: str, today: date) -> None:
    period = find_period(text, today)
    if period and period.since and period.until:
        assert period.since <= period.until


@given(
    st.lists(
        st.sampled_from(VOCABULARY),
        max_size=8,
    ).map(" ".join)
)
def test_words_of_time_in_any_order_never_fail(text: str) -> None:
    period = find_period(text, TODAY)
    if period and period.since and period.until:
        assert period.since <= period.until

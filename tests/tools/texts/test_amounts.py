"""Amounts of money in the forms that papers use."""

from __future__ import annotations

from decimal import Decimal

import pytest
from doorward.tools.texts.amounts import find_amounts, main_currency
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1 260,00 €", "1260.00", "EUR"),
        ("1.189,00 EUR", "1189.00", "EUR"),
        ("$79.33 USD", "79.33", "USD"),
        ("US$ 1,115.62", "1115.62", "USD"),
        ("-£73.50", "-73.50", "GBP"),
        ("CHF 1'234.50", "1234.50", "CHF"),
        ("50,- €", "50", "EUR"),
        ("1.234 EUR", "1234", "EUR"),
        ("EUR            0.00", "0.00", ""),
        ("298.1", "298.1", ""),
    ],
)
def test_an_amount_is_read(text: str, value: str, currency: str) -> None:
    [amount] = find_amounts(text)
    assert (amount.value, amount.currency) == (Decimal(value), currency)


@pytest.mark.parametrize("text", ["12.10.2026", "19 %", "7.235%", "at 9.30", "2026/112", "17"])
def test_what_is_no_amount_is_left_alone(text: str) -> None:
    assert find_amounts(text) == []


@given(st.decimals(0, 9_999_999, places=2))
def test_german_and_english_forms_mean_the_same(value: Decimal) -> None:
    english = f"{value:,.2f}"
    german = english.translate(str.maketrans(",.", ".,"))
    [first], [second] = find_amounts(f"EUR {english}"), find_amounts(f"{german} €")
    assert first.value == second.value == value


def test_the_main_currency_is_the_one_most_amounts_are_in() -> None:
    assert main_currency("5 EUR, 6 EUR and $7") == "EUR"
    assert main_currency("All prices in USD") == "USD"
    assert main_currency("nothing") == ""

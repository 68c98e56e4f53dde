from __future__ import annotations

import pytest
from doorward.daemon.values.answer import render
from doorward.daemon.values.vault import Value
from doorward.policies.labels import NEUTRAL
from doorward.policies.plan import Template
from doorward.policies.vocabulary import Data
from hypothesis import given
from hypothesis import strategies as st

VALUES = {
    "s1": Value(
        {
            "items": [{"path": "a.txt", "passage": "one"}, {"path": "b.txt", "passage": None}],
            "none": [],
            "words": ["x", "y"],
            "count": 2,
            "text": "first\nsecond",
        },
        NEUTRAL,
    )
}


@pytest.mark.parametrize(
    ("template", "answer"),
    [
        ("Found {s1.count}.", "Found 2."),
        ("{s1.items|list path}", "- a.txt\n- b.txt"),
        ("{s1.items|list path passage}", "- a.txt · one\n- b.txt"),
        ("{s1.words|list}", "- x\n- y"),
        ("Left: {s9.count}", "Left:"),
        ("a\n{s1.none|list path}\nb", "a\nb"),
        ("a\n\n{s1.none|list}\n\n\nb", "a\n\nb"),
        ("{s1.text}", "first\nsecond"),
        ("{s1.count|unknown}", "2"),
        ("{s1.text|list}", ""),
        ("no holes { here }", "no holes { here }"),
        ("", ""),
    ],
)
def test_an_answer_is_filled_from_the_values(template: str, answer: str) -> None:
    assert render(Template(template), VALUES) == answer


def test_a_long_list_is_counted_at_its_end() -> None:
    many: list[Data] = [str(number) for number in range(203)]
    answer = render(Template("{s1|list}"), {"s1": Value(many, NEUTRAL)})
    assert answer.splitlines()[-2:] == ["- 199", "- and 3 more"]


def test_braces_in_a_value_stay_as_they_are() -> None:
    values = {"s1": Value("{s2}", NEUTRAL), "s2": Value("SECRET", NEUTRAL)}
    assert render(Template("{s1}"), values) == "{s2}"


@given(st.text(), st.recursive(st.none() | st.text() | st.integers(), st.lists))
def test_no_template_and_no_value_breaks_it(template: str, data: Data) -> None:
    render(Template(template + "{s1|list}{s1}"), {"s1": Value(data, NEUTRAL)})

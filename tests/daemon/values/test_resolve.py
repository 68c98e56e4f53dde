from __future__ import annotations

import pytest
from doorward.daemon.values.resolve import Unresolved, as_text, calls, fill, holds, look_up
from doorward.daemon.values.vault import Value
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.plan import MAX_EACH, Literal, Ref, Step, Template
from doorward.policies.vocabulary import Data, StepId, Trust
from hypothesis import given
from hypothesis import strategies as st

FOUND = Label(frozenset({"personal"}), Trust.UNTRUSTED, frozenset({"file:/a"}))
WORK = Label(frozenset({"work"}), Trust.TRUSTED, frozenset({"file:/b"}))
VALUES = {
    "s1": Value({"items": [{"path": "a.txt"}, {"path": "b.txt"}], "count": 2}, FOUND),
    "s2": Value({"total": 3.5, "empty": []}, WORK),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


def step(each: str = "", **arguments: Literal | Ref | Template) -> Step:
    return Step(StepId("s9"), "files.read", arguments, each=Ref(each) if each else None)


def test_literals_go_in_as_they_are_and_carry_no_label() -> None:
    [call] = calls(step(path=Literal("a.txt"), n=Literal(3)), {})
    assert call.arguments == {"path": "a.txt", "n": 3}
    assert call.label == NEUTRAL


def test_the_label_of_a_call_is_the_join_of_all_that_went_in() -> None:
    [call] = calls(step(a=Ref("s1.count"), b=Template("{s2.total}")), VALUES)
    assert call.arguments == {"a": 2, "b": "3.5"}
    assert call.label == FOUND.join(WORK)


def test_each_makes_one_call_an_element_with_the_label_of_the_list() -> None:
    made = calls(step("s1.items", path=Ref("item.path")), VALUES)
    assert [call.arguments for call in made] == [{"path": "a.txt"}, {"path": "b.txt"}]
    assert {call.label for call in made} == {FOUND}


def test_each_over_nothing_makes_no_call() -> None:
    assert calls(step("s2.empty", path=Ref("item.path")), VALUES) == []


@pytest.mark.parametrize(
    ("each", "said"),
    [
        ("s1.count", "is not a list"),
        ("s7.items", "s7 has no result"),
        ("s1.nothing", "has no 'nothing'"),
        ("s1.items.path", "has no 'path'"),
    ],
)
def test_a_list_that_is_not_there_is_said(each: str, said: str) -> None:
    with pytest.raises(Unresolved, match=said):
        calls(step(each), VALUES)


def test_more_elements_than_allowed_are_refused() -> None:
    many: list[Data] = [None] * (MAX_EACH + 1)
    with pytest.raises(Unresolved, match=f"the most is {MAX_EACH}"):
        calls(step("s1"), {"s1": Value(many, NEUTRAL)})
    assert len(calls(step("s1"), {"s1": Value(many[1:], NEUTRAL)})) == MAX_EACH


def test_an_item_outside_each_is_unresolved() -> None:
    with pytest.raises(Unresolved, match="item has no result"):
        calls(step(path=Ref("item.path")), VALUES)


def test_a_condition_holds_when_true_or_not_empty() -> None:
    assert holds(Ref("s1.items"), VALUES)
    assert not holds(Ref("s2.empty"), VALUES)


def test_what_a_value_says_in_braces_is_not_filled_again() -> None:
    values = {
        "s1": Value({"a": "{s2.total}", "b": "x"}, FOUND),
        "s2": Value({"total": "SECRET"}, WORK),
    }
    assert fill(Template("{s1.a} {s1.b}"), values) == "{s2.total} x"
    assert fill(Template("{s1.a} and {s2.total}"), values) == "{s2.total} and SECRET"


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        (3, "3"),
        (3.50, "3.5"),
        (1234567.89, "1234567.89"),
        (["a", 1], "a, 1"),
        ({"a": 1, "b": None}, "a: 1, b: "),
    ],
)
def test_a_value_reads_well_inside_a_sentence(data: Data, text: str) -> None:
    assert as_text(data) == text


@given(JSON)
def test_whatever_a_value_is_it_can_be_filled_in_and_looked_up(data: Data) -> None:
    values = {"s1": Value(data, NEUTRAL)}
    assert look_up(Ref("s1"), values) == data
    assert fill(Template("[{s1}]"), values) == f"[{as_text(data)}]"

"""A token holds for exactly what was asked: one changed field, and it does not."""

from __future__ import annotations

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from doorward.policies.approvals import Terms, Yes, canonical, digest, fault, mint
from doorward.policies.requests import Leaf, Request
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.policies.requests import FIELDS, LABELS, LEAVES, REQUESTS, TEXT

KEY = b"k" * 32
MET = {"time", "day", "used"}
"""What a call merely meets."""
TERMS = st.builds(Terms, REQUESTS, TEXT, TEXT, st.floats(1, 1e10), TEXT)


def given_to(terms: Terms) -> Yes:
    return Yes(terms, mint(KEY, terms), terms.content, at=terms.expires - 0.5, spent=False)


def test_every_field_of_a_request_is_covered_here() -> None:
    assert set(FIELDS) == {each.name for each in fields(Request)}


@given(TERMS)
def test_a_yes_holds_for_what_was_asked(terms: Terms) -> None:
    assert fault(KEY, given_to(terms), terms.request, terms.policy) == ""


@given(TERMS, st.data())
def test_any_other_field_of_the_request_voids_it(terms: Terms, data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(set(FIELDS) - MET)))
    other = replace(terms.request, **{name: data.draw(FIELDS[name])})
    assume(other != terms.request)
    assert fault(KEY, given_to(terms), other, terms.policy)


@given(TERMS, LEAVES, st.data())
def test_any_other_field_of_an_argument_voids_it(
    terms: Terms, leaf: Leaf, data: st.DataObject
) -> None:
    request = replace(terms.request, leaves=(leaf,))
    yes = given_to(replace(terms, request=request))
    name = data.draw(st.sampled_from([each.name for each in fields(Leaf)]))
    changed: Any = data.draw(LABELS if name == "label" else TEXT)
    if name in {"role", "origin"}:
        changed = data.draw(st.sampled_from(type(getattr(leaf, name))))
    assume(changed != getattr(leaf, name))
    other = replace(request, leaves=(replace(leaf, **{name: changed}),))
    assert fault(KEY, yes, other, terms.policy)


@given(TERMS, TERMS)
def test_other_content_policy_or_card_void_it(terms: Terms, other: Terms) -> None:
    yes = given_to(terms)
    if other.content != terms.content:
        assert fault(KEY, replace(yes, content=other.content), terms.request, terms.policy)
    if other.policy != terms.policy:
        assert fault(KEY, yes, terms.request, other.policy)
    if other.card != terms.card:
        moved = replace(yes, asked=replace(terms, card=other.card))
        assert fault(KEY, moved, terms.request, terms.policy)


@given(TERMS, st.floats(0, 1e10))
def test_a_later_expiry_written_on_it_voids_it(terms: Terms, more: float) -> None:
    assume(terms.expires + more != terms.expires)
    late = replace(given_to(terms), asked=replace(terms, expires=terms.expires + more))
    assert fault(KEY, late, terms.request, terms.policy)


@given(TERMS, st.floats(0, 1e10))
def test_it_is_void_from_its_expiry_on_and_when_it_was_used(terms: Terms, more: float) -> None:
    yes = given_to(terms)
    assert fault(KEY, replace(yes, at=terms.expires + more), terms.request, terms.policy)
    assert fault(KEY, replace(yes, spent=True), terms.request, terms.policy)
    assert fault(KEY, replace(yes, at=float("nan")), terms.request, terms.policy)


@given(TERMS)
def test_another_devices_token_does_not_hold(terms: Terms) -> None:
    assert fault(b"other", given_to(terms), terms.request, terms.policy)
    assert fault(KEY, replace(given_to(terms), token="\udcff"), terms.request, terms.policy)


@given(TERMS, FIELDS["time"], FIELDS["used"])
def test_what_a_call_merely_meets_changes_nothing(terms: Terms, time: str, used: Any) -> None:
    met = replace(terms.request, time=time, used=used)
    assert fault(KEY, given_to(terms), met, terms.policy) == ""


PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def exactly(value: object) -> object:
    """Tell 1, 1.0 and True apart, and 0.0 from -0.0."""
    if isinstance(value, list):
        return [exactly(each) for each in value]
    if isinstance(value, dict):
        return {name: exactly(each) for name, each in value.items()}
    return (type(value).__name__, repr(value))


@given(PLAIN, PLAIN)
def test_two_values_have_one_form_only_when_they_are_the_same(one: object, other: object) -> None:
    assert (canonical(one) == canonical(other)) == (exactly(one) == exactly(other))


def test_parts_cannot_be_shifted_from_one_field_into_the_next() -> None:
    forms = [["ab", "c"], ["a", "bc"], ["abc"], ["ab", "c", ""], [["ab"], "c"], ["1:a"], [":a1"]]
    assert len({canonical(form) for form in forms}) == len(forms)
    assert canonical(Path("/a")) != canonical("/a")
    assert digest({"a": 1, "b": 2}) == digest({"b": 2, "a": 1})
    with pytest.raises(TypeError, match="holds no object"):
        canonical(object())

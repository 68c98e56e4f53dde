"""Labels of parts: a part may be freer than the whole, a container never freer than its parts."""

from __future__ import annotations

from doorward.policies.labels import NEUTRAL, Label, join_all
from doorward.policies.parts import assigned, below, elements, label_at, leaves, part_at
from doorward.policies.vocabulary import Data, Trust
from hypothesis import given
from hypothesis import strategies as st

from tests.policies.test_labels import labels

NAMES = st.sampled_from(["a", "b", "0", "1", "*"])
PLACES = st.lists(NAMES, min_size=1, max_size=3).map(".".join)
PATHS = st.lists(st.sampled_from(["a", "b", "0", "1"]), max_size=3).map(".".join)
PARTS = st.dictionaries(PLACES, labels, max_size=5)
DATA: st.SearchStrategy[Data] = st.recursive(
    st.none() | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "a.b"]), inner, max_size=3)
    ),
    max_leaves=8,
)
A, B, C = (Label(frozenset({name})) for name in "abc")


def within(lower: Label, upper: Label) -> bool:
    return lower.join(upper) == upper


def test_what_no_part_names_has_the_label_of_the_whole() -> None:
    assert label_at(A, {"b": B}, "c") == A
    assert label_at(A, {}, "") == A


def test_the_most_specific_place_wins() -> None:
    parts = {"items.*": A, "items.3": B, "items.*.id": C}
    assert label_at(NEUTRAL, parts, "items.3") == join_all([B, C])
    assert label_at(NEUTRAL, parts, "items.3.name") == B
    assert label_at(NEUTRAL, parts, "items.4.name") == A
    assert label_at(NEUTRAL, parts, "items.4.id") == C


def test_two_places_that_are_as_specific_are_joined() -> None:
    assert label_at(NEUTRAL, {"a.*": A, "*.b": B}, "a.b") == A.join(B)


def test_a_container_is_the_join_of_what_is_in_it() -> None:
    assert label_at(A, {"items.3": B, "items.4.id": C}, "items") == join_all([A, B, C])


def test_each_element_has_its_own_label() -> None:
    found = elements(A, {"items.0": B, "items.2.id": C, "count": NEUTRAL}, "items", 3)
    assert [one.label for one in found] == [B, A, A]
    assert [one.parts for one in found] == [{}, {}, {"id": C}]


def test_a_name_with_a_dot_in_it_leads_to_no_part() -> None:
    [leaf] = leaves({"a.b": "x"}, A, {"a.b": NEUTRAL, "a": NEUTRAL})
    assert leaf.label == A


def test_what_the_system_assigns_keeps_its_tags() -> None:
    stranger = Label(frozenset({"health"}), Trust.UNTRUSTED, frozenset({"file:/a"}))
    given_by = assigned(stranger)
    assert given_by.trust is Trust.ASSIGNED
    assert (given_by.tags, given_by.sources) == (stranger.tags, stranger.sources)
    assert assigned(A) == A


@given(labels, PARTS, PATHS, PATHS)
def test_a_container_is_never_freer_than_anything_in_it(
    whole: Label, parts: dict[str, Label], path: str, more: str
) -> None:
    deeper = ".".join(filter(None, (path, more)))
    assert within(label_at(whole, parts, deeper), label_at(whole, parts, path))


@given(labels, PARTS, PATHS, PATHS)
def test_a_part_looked_at_by_itself_has_the_same_labels(
    whole: Label, parts: dict[str, Label], path: str, more: str
) -> None:
    part = part_at(whole, parts, path)
    deeper = ".".join(filter(None, (path, more)))
    assert label_at(part.label, part.parts, more) == label_at(whole, parts, deeper)


@given(labels, PARTS, PATHS, st.integers(0, 4))
def test_elements_have_the_labels_that_their_places_have(
    whole: Label, parts: dict[str, Label], path: str, count: int
) -> None:
    for number, one in enumerate(elements(whole, parts, path, count)):
        place = ".".join(filter(None, (path, str(number))))
        assert label_at(one.label, one.parts, "") == label_at(whole, parts, place)
        assert below(parts, place) == one.parts or not one.parts


@given(DATA, labels, PARTS)
def test_each_datum_of_a_value_is_yielded_once_with_a_label_within_that_of_the_value(
    data: Data, whole: Label, parts: dict[str, Label]
) -> None:
    for leaf in leaves(data, whole, parts):
        assert within(leaf.label, label_at(whole, parts, ""))


@given(labels, labels, PARTS, PATHS)
def test_a_stricter_whole_never_makes_a_part_freer(
    whole: Label, more: Label, parts: dict[str, Label], path: str
) -> None:
    assert within(label_at(whole, parts, path), label_at(whole.join(more), parts, path))

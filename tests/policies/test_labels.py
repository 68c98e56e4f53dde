"""Labels form a join-semilattice."""

from __future__ import annotations

from doorward.policies.labels import NEUTRAL, UNKNOWN, USER, Label, join_all
from doorward.policies.vocabulary import Trust
from hypothesis import given
from hypothesis import strategies as st

words = st.frozensets(st.sampled_from(["a", "b", "c", "unknown", "user"]))
labels = st.builds(Label, words, st.sampled_from(Trust), words)


@given(labels, labels, labels)
def test_a_join_is_associative_commutative_and_idempotent(a: Label, b: Label, c: Label) -> None:
    assert a.join(b.join(c)) == a.join(b).join(c)
    assert a.join(b) == b.join(a)
    assert a.join(a) == a


@given(labels)
def test_the_neutral_label_changes_nothing(label: Label) -> None:
    assert NEUTRAL.join(label) == label == label.join(NEUTRAL)


@given(st.lists(labels))
def test_a_join_loses_no_tag_and_no_source_and_gains_no_trust(parts: list[Label]) -> None:
    joined = join_all(parts)
    for part in parts:
        assert part.tags <= joined.tags
        assert part.sources <= joined.sources
        assert joined.trust.rank >= part.trust.rank


def test_what_nobody_described_taints_what_the_user_typed() -> None:
    assert USER.join(UNKNOWN).trust is Trust.UNTRUSTED

"""Proposals of tags: what is clear is proposed with its evidence, what is mixed is left alone."""

from __future__ import annotations

import tomllib

import pytest
from doorward.policies.document import parse
from doorward.tools.reading.labelling import TAGS, Proposal, Seen, propose
from doorward.tools.reading.shipped import LABELS, examples
from hypothesis import given
from hypothesis import strategies as st


def seen(*labels: str, chance: float = 0.9, secret: int = 0, private: int = 0) -> list[Seen]:
    return [
        Seen(f"/h/a/{n}.pdf", label, chance, n < secret, n < private)
        for n, label in enumerate(labels)
    ]


def one(found: list[Seen]) -> Proposal:
    first, *_ = propose({"/h/a": found})
    return first


def test_a_folder_about_one_thing_gets_its_tags_with_the_evidence() -> None:
    made = one(seen(*["health"] * 5, "finance"))
    assert made.tags == ("personal", "health")
    assert made.why == "of 6 documents: 5 health, 1 finance"
    assert 0.7 < made.sureness < 0.9
    assert tomllib.loads(made.block()) == {
        "place": [{"path": "/h/a/**", "tags": ["personal", "health"]}]
    }


@pytest.mark.parametrize(
    "found",
    [
        seen("health", "finance", "legal", "work"),
        seen("health", "health"),
        seen(*["health"] * 6, chance=0.5),
        seen(*["none"] * 9),
        seen(*["work"] * 8, "health"),
        seen(*["work"] * 9, private=1),
        [],
    ],
    ids=["mixed", "too few", "unsure", "none", "work mostly", "work with addresses", "empty"],
)
def test_where_it_is_not_clear_nothing_is_proposed(found: list[Seen]) -> None:
    made = one(found)
    assert made.tags == ()
    assert tomllib.loads(made.block()) == {}


def test_detectors_count_before_the_head() -> None:
    assert one(seen(*["work"] * 9, secret=5)).tags == ("secret",)
    folder, file = propose({"/h/a": seen(*["none"] * 9, secret=1)})
    assert folder.tags == ()
    assert (file.path, file.tags) == ("/h/a/0.pdf", ("secret",))
    assert tomllib.loads(file.block()) == {"place": [{"path": "/h/a/0.pdf", "tags": ["secret"]}]}


def test_work_is_proposed_only_where_nearly_all_is_work_and_nothing_personal_was_found() -> None:
    assert one(seen(*["work"] * 9)).tags == ("work",)


names = st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=30)


@given(names, names, st.sampled_from(["health", "legal", "credentials"]))
def test_a_block_is_toml_whatever_a_folder_is_called(folder: str, why: str, label: str) -> None:
    made = Proposal(f"/h/{folder}", TAGS[label], why, 0.9)
    held = tomllib.loads(made.block())
    assert held in ({}, {"place": [{"path": f"/h/{folder}/**", "tags": [*TAGS[label]]}]})


def test_what_is_proposed_can_be_pasted_into_a_policy() -> None:
    blocks = [one(seen(*[label] * 9)).block() for label in TAGS]
    policy = parse("version = 1\n" + "\n".join(blocks), home="/h", own=())
    assert len(policy.places) == len(TAGS)


def test_the_shipped_examples_are_some_twenty_a_label() -> None:
    shipped = examples()
    for label in LABELS:
        assert sum(each.option == label for each in shipped) >= 18
    assert len({each.text for each in shipped}) == len(shipped)

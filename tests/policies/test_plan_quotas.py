"""A plan names steps and their results, nothing else, and never more than can be looked at."""

from __future__ import annotations

import pytest
from doorward.policies.plan import (
    MAX_ERRORS,
    MAX_REFERENCES,
    MAX_STEPS,
    MAX_WORDS,
    Argument,
    Kind,
    Literal,
    Parameter,
    Plan,
    Ref,
    Step,
    Template,
    ToolSpec,
    check,
    mistyped,
    references,
)
from doorward.policies.vocabulary import Data, StepId

SPEC = ToolSpec(
    "odd.do",
    "do",
    (
        Parameter("path", Kind.PATH, "a file", required=False),
        Parameter("many", Kind.ANY, "anything", required=False, many=True),
    ),
    frozenset(),
)
FIRST = Step(StepId("s1"), "odd.do")


def wrong(*steps: Step, answer: str = "") -> list[str]:
    plan = Plan((FIRST, *steps), Template(answer))
    return [error.what for error in check(plan, {"odd.do": SPEC})]


def second(name: str = "s2", **arguments: Argument) -> Step:
    return Step(StepId(name), "odd.do", arguments)


@pytest.mark.parametrize(
    "path",
    ["o-1/s1", "$h17", "h17", "s9", "s1.", "s1..x", "answer", "../s1", "s1/../s2", "item", "S1"],
)
def test_a_handle_of_another_objective_or_a_guessed_one_refers_to_nothing(path: str) -> None:
    assert wrong(second(path=Ref(path))) == [f"{path} refers to no earlier step"]


@pytest.mark.parametrize("text", ["$h17", "{o-1/s1}", "{$h17}", "{{s1", "{../s1}"])
def test_what_only_looks_like_a_handle_is_text(text: str) -> None:
    assert wrong(second(path=Literal(text))) == []
    assert Template(text).refs() == []


@pytest.mark.parametrize("name", ["answer", "item", "s1", "s1.items", "o-1/s2", "", "S2", "s" * 33])
def test_a_step_cannot_take_a_name_that_means_something_else(name: str) -> None:
    assert wrong(second(name)) == [f"the id {name!r} is taken or not a plain name"]


def test_a_million_of_anything_is_refused_in_few_words() -> None:
    million = 10**6
    assert wrong(*[FIRST] * million) == [f"a plan has 1 to {MAX_STEPS} steps, not {million + 1}"]
    refs = "{s7}" * million
    assert wrong(second(path=Template(refs)), answer=refs) == [
        f"more than {MAX_WORDS} characters are written into it",
        f"it has more than {MAX_REFERENCES} references, or is too long",
    ]
    refs = "{s7}" * (MAX_REFERENCES + 1)
    assert wrong(second(path=Template(refs))) == [f"it has more than {MAX_REFERENCES} references"]
    fewer = "{s7}" * MAX_REFERENCES
    assert len(wrong(second(path=Template(fewer)))) == MAX_ERRORS
    many: Data = [0] * million
    assert wrong(second(many=Literal(many))) == [
        f"more than {MAX_WORDS} characters are written into it"
    ]
    assert wrong(second(path=Ref("s1" + ".a" * 9))) == ["a reference has more than 8 names"]


def test_the_quota_of_references_counts_every_kind_of_them() -> None:
    step = Step(
        StepId("s2"),
        "odd.do",
        {"path": Template("{s1} {item}")},
        each=Ref("s1"),
        when=Ref("s1"),
        expect=Ref("s2"),
    )
    assert len(list(references(step))) == 5


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("path", {"path": "/etc"}, ["path must be path"]),
        ("path", ["a", "b"], ["path must be path"]),
        ("path", 3, ["path must be path"]),
        ("path", "a", []),
        ("path", None, []),
        ("many", ["a", {}], []),
        ("many", "a", []),
    ],
)
def test_a_value_of_another_type_is_no_argument(name: str, value: Data, said: list[str]) -> None:
    assert list(mistyped(SPEC, {name: value})) == said

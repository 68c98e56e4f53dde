"""How an answer is told: its filters, and what is folded, said once or left out on screen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from doorward.daemon.commands.follow import code_of, ending, fold, fold_beside, told
from doorward.daemon.errors import REFUSED
from doorward.daemon.objectives.card_view import card_view
from doorward.daemon.objectives.objective import Card, CardKind
from doorward.daemon.values.answer import render
from doorward.daemon.values.vault import Value
from doorward.policies.labels import NEUTRAL
from doorward.policies.plan import Template
from doorward.policies.vocabulary import Data

from tests.daemon.events import asked


def answer(text: str, data: Data) -> str:
    return render(Template(text), {"s1": Value(data, NEUTRAL)})


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "No exact copies."), (1, "1 exact copy."), (1200, "1,200 exact copies.")],
)
def test_a_count_stands_with_its_noun(count: int, said: str) -> None:
    assert answer("{s1.count|count exact_copy exact_copies}.", {"count": count}) == said


def test_a_count_inside_a_sentence_starts_small() -> None:
    assert answer("I found {s1.count|count file files}.", {"count": 0}) == "I found no files."


def test_a_row_says_where_a_file_went_and_what_it_is_a_copy_of() -> None:
    items: Data = {"items": [{"path": "a", "to": "b/a", "same_as": "c"}]}
    assert answer("{s1.items|list path to}", items) == "- a → b/a"
    assert answer("{s1.items|list path same_as}", items) == "- a is a copy of c"
    assert answer("{s1.items|list to path}", items) == "- b/a · a"


def test_a_text_in_whole_keeps_its_lines() -> None:
    items: Data = {"items": [{"text": "Dear Ms Berger,\n\nthank you."}]}
    assert answer("{s1.items|whole text}", items) == "Dear Ms Berger,\n\nthank you."


def test_a_list_beside_the_answer_is_folded_and_the_answer_is_not() -> None:
    many = [f"- {number}" for number in range(30)]
    shown = fold_beside(["Here:", *many, "", "Left out:", *many])
    assert shown[:31] == ["Here:", *many]
    assert shown[31:] == ["", "Left out:", *many[:10], "… and 20 more"]
    assert fold(many[:11]) == many[:11]


def test_a_card_names_a_move_once() -> None:
    one = replace(asked(), shown="move a → b")
    view = card_view(Card("c-1", CardKind.COMMIT, (one, one), 1.0), "/home/a")
    assert [line for line in told({"kind": "card", "card": view}) if "move" in line] == [
        "  │ move a → b"
    ]


def _view(**more: object) -> dict[str, object]:
    view: dict[str, object] = {
        "id": "o-1", "state": "done", "reason": "", "policy_trouble": "", "nearest": [],
        "answer": "", "notes": [], "changes": [], "unchanged": [], "crossings": [], "reports": {},
    }  # fmt: skip
    return view | more


def test_a_failure_gives_the_reason_that_only_this_device_knows() -> None:
    lines = ending(
        _view(
            state="failed",
            reason="Step s1 failed, and the rest of the plan needs it: it could not be done",
            reports={"s1": {"reason": "cannot read a.pdf: it is damaged"}},
        )
    )
    assert lines[1] == "Failed: cannot read a.pdf: it is damaged"


def test_a_broken_policy_file_is_said_also_when_the_last_good_one_held() -> None:
    lines = ending(_view(answer="2 files.", policy_trouble="policy.toml: line 3: no TOML"))
    assert "The policy file is broken: policy.toml: line 3: no TOML" in lines


def test_what_was_declined_is_not_told_as_done() -> None:
    declined = _view(answer="I moved 2 of 2 files.", unchanged=["move a → b: you said no"] * 2)
    lines = ending(declined)
    assert lines[1].startswith("Nothing was changed")
    assert lines.index("I moved 2 of 2 files.") > 1
    assert lines.count("  move a → b: you said no") == 1
    assert code_of(declined) == 0


def test_changes_that_could_not_be_made_end_as_refused() -> None:
    impossible = _view(unchanged=["move a → b: the system did not permit it"])
    assert code_of(impossible) == REFUSED
    assert code_of(impossible | {"changes": ["move c → d"]}) == 0


def test_who_sorted_documents_is_told_how_to_correct_it() -> None:
    def hints(tool: str) -> list[str]:
        plan = {"steps": [{"tool": tool}]}
        lines = ending(_view(plan=plan, changes=["move a → b"]))
        return [line for line in lines if "doorward correct" in line]

    assert hints("read.classify")
    assert not hints("read.extract")


def test_a_reason_does_not_name_its_file_again() -> None:
    failed: Data = {"failed": [{"path": "a.pdf", "reason": "cannot read a.pdf: it is empty"}]}
    shown = answer("{s1.failed|list path reason}", failed)
    assert shown == "- a.pdf · it is empty"
    assert not [
        line
        for line in ending(_view(answer=shown, notes=["cannot read a.pdf: it is empty"]))
        if "Noted" in line
    ]


def test_a_note_that_the_answer_has_already_is_not_said_twice() -> None:
    lines = ending(_view(answer="- a.pdf · cannot read a.pdf", notes=["cannot read a.pdf", "b"]))
    assert "  - b" in lines
    assert "  - cannot read a.pdf" not in lines

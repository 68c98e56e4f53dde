"""How often the right recipe is chosen, over objectives written apart from the examples.

Each list was run once before anything was mended for it; those first runs are the honest figures.
In brackets: how many of the wrong plans would have changed something.

| list     | plannable | right | refused | wrong | not plannable | refused | planned |
|----------|-----------|-------|---------|-------|---------------|---------|---------|
| tuned    | 135       | 117   | 12      | 6 (1) | 79            | 73      | 6 (1)   |
| held out | 113       | 93    | 18      | 2 (0) | 70            | 66      | 4 (0)   |
| blind    | 65        | 58    | 3       | 4 (0) | 32            | 29      | 3 (1)   |

Since then they guard against steps back. English only.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import pytest
from doorward.cloud_bridge.orchestrator.planner.base import Cannot, Made
from doorward.cloud_bridge.orchestrator.planner.recipes import load

Ask = Callable[[str], Made | Cannot]
Sets = dict[str, list[tuple[str, str]]]
CHANGING = {recipe.name for recipe in load() if recipe.changes}


@pytest.mark.parametrize("name", ["tuned", "held_out", "blind"])
def test_the_right_recipe_is_chosen_or_none(ask: Ask, phrasings: Sets, name: str) -> None:
    counts: Counter[str] = Counter()
    wrong: list[str] = []
    for expected, text in phrasings[name]:
        outcome = _outcome(expected, ask(text))
        counts[outcome] += 1
        if outcome.startswith("wrong"):
            wrong.append(f"{text} ({outcome})")
    assert wrong == []
    plannable = counts["right"] + counts["refused although plannable"]
    assert counts["right"] / plannable >= 0.97, counts


def test_the_lists_are_large_enough_to_mean_something(phrasings: Sets) -> None:
    rows = [row for rows in phrasings.values() for row in rows]
    assert len(set(rows)) >= 400
    assert sum(expected == "-" for expected, _ in rows) >= 150


@pytest.mark.parametrize("name", ["tuned", "held_out", "blind"])
def test_nothing_is_changed_for_whoever_did_not_order_it(
    ask: Ask, phrasings: Sets, name: str
) -> None:
    changed = [
        text
        for expected, text in phrasings[name]
        if expected not in CHANGING and _recipe(ask(text)) in CHANGING
    ]
    assert changed == []


@pytest.mark.parametrize(
    "text",
    [
        "should I delete the duplicates?",
        "how would you tidy my Downloads folder?",
        "what happens when you rename the files in Scans?",
        "is it wise to file last month's invoices?",
        "don't tidy my Downloads folder",
        "find the email in which Anna asks me to delete duplicates",
        "find documents about how to tidy a Downloads folder",
        'summarise "remove duplicates.pdf"',
        "Anna said: tidy my Downloads folder",
        "my boss told me to go home, tidy my Downloads folder",
    ],
)
def test_a_question_or_a_mention_never_leads_to_a_change(ask: Ask, text: str) -> None:
    assert _recipe(ask(text)) not in CHANGING


def _recipe(answer: Made | Cannot) -> str:
    return answer.plan.recipe if isinstance(answer, Made) else "-"


def _outcome(expected: str, answer: Made | Cannot) -> str:
    got = _recipe(answer)
    if got == expected:
        return "refused rightly" if got == "-" else "right"
    if got == "-":
        return "refused although plannable"
    return f"wrong: {got} for {expected}"

"""Everyday objectives ask at most once under the shipped policy.

`scripts/bench/friction` asks all of them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.bench.asking_cost import Meter
from scripts.bench.wishes import MORE, README

MODELS = Path(os.environ.get("DOORWARD_MODELS", Path(__file__).parents[2] / ".cache" / "models"))
pytestmark = pytest.mark.timeout(60)
LOOKS = (
    "when does my lease end?",
    "find duplicate files",
    "how many files are in my Downloads folder?",
)
CHANGES = {
    "tidy my Downloads folder": 12,
    "delete duplicate files": 5,
    "file the invoices from October 2026": 8,
    'draft a reply to "Third quarter.eml"': 1,
}
"""What is asked, and how many lines the one card may have."""


@pytest.fixture(scope="module")
def meter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Meter]:
    with Meter(tmp_path_factory.mktemp("f"), MODELS) as made:
        yield made


@pytest.mark.parametrize("text", LOOKS)
def test_looking_asks_nothing(meter: Meter, text: str) -> None:
    cost = meter.ask(text)
    assert (cost.state, cost.cards, cost.changes) == ("done", 0, 0)


@pytest.mark.parametrize(("text", "lines"), CHANGES.items())
def test_changing_asks_once_for_all_changes(meter: Meter, text: str, lines: int) -> None:
    cost = meter.ask(text)
    assert (cost.state, cost.cards) == ("done", 1)
    assert 1 <= cost.changes <= lines
    assert cost.lines <= lines


def test_there_are_twenty_objectives_beyond_the_readme() -> None:
    assert len(set(MORE) - set(README)) == 20

"""kill -9 at random moments of a running objective: it finishes, nothing is lost, nothing doubled."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from doorward.daemon.errors import DaemonError
from tests.faults.household import EXTRACT, Household, tree

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

MODELS = Path(os.environ.get("DOORWARD_MODELS", Path(__file__).parents[2] / ".trial" / "models"))


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    made = Household(tmp_path, MODELS)
    yield made
    made.close()


def carry_out(house: Household, kills: list[tuple[int, str]]) -> dict[str, object]:
    """Ask, kill as told (after so many events), start again what must be, approve; return the end."""
    assert house.doorward("start").returncode == 0
    before = tree(house.home)
    asked = house.doorward("ask", EXTRACT, "--in", str(house.home), "--detach")
    objective = asked.stdout.strip()
    assert objective.startswith("o-"), asked.stderr
    after, seen, hits = 0, 0, 0
    while not house.view(objective)["state"] in {"done", "failed", "stopped"}:
        try:
            for event in house.client.events(objective, after):
                after = event.get("n", after)
                seen += 1
                if kills and seen >= kills[0][0]:
                    hits += house.kill(kills.pop(0)[1])
                view = house.view(objective)
                if view["card"]:
                    assert tree(house.home) == before, "something changed before the yes"
                    house.doorward("approve", objective)
                if view["state"] in {"done", "failed", "stopped"}:
                    break
        except DaemonError:
            assert house.doorward("start").returncode == 0
    end = house.view(objective)
    end["hits"] = hits
    return end


def test_an_objective_survives_ten_kills_at_random_moments(
    household: Household, tmp_path: Path
) -> None:
    reference = Household(tmp_path / "reference", MODELS)
    try:
        untouched = carry_out(reference, [])
        wanted = {path: digest.split()[0] for path, digest in tree(reference.home).items()}
    finally:
        reference.close()
    dice = random.Random(20261123)
    victims = ["daemon", "orchestrator", "reader", "documents", "daemon"] * 2
    dice.shuffle(victims)
    kills = [(3 + 12 * number + dice.randrange(12), victim) for number, victim in enumerate(victims)]
    end = carry_out(household, kills)
    assert end["hits"] >= len(victims) - 2, "the kills came too late to test anything"
    assert not end["reason"], [(step, report) for step, report in end["reports"].items()]
    assert (end["state"], end["reason"]) == (untouched["state"], untouched["reason"]) == ("done", "")
    assert {p: d.split()[0] for p, d in tree(household.home).items()} == wanted
    assert end["answer"] == untouched["answer"]
    assert len(end["changed"]) == 1
    verified = household.doorward("receipts", "verify")
    assert verified.returncode == 0, verified.stdout

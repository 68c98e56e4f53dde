"""kill -9 at random moments of a running objective: it finishes, nothing lost, nothing doubled."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doorward.daemon.errors import DaemonError

from tests.faults.household import READ, Household, tree

pytestmark = [pytest.mark.slow, pytest.mark.timeout(580)]

MODELS = Path(os.environ.get("DOORWARD_MODELS", Path(__file__).parents[2] / ".cache" / "models"))
ENDED = {"done", "failed", "stopped"}
SEEDS = [int(seed) for seed in os.environ.get("DOORWARD_SEEDS", "1 2 3").split()]


@pytest.fixture
def household(tmp_path: Path) -> Iterator[Household]:
    made = Household(tmp_path, MODELS)
    yield made
    made.close()


class Campaign:
    """Asks one objective, kills as told, starts again what must be, approves; keeps the score."""

    def __init__(self, house: Household, victims: list[str], dice: random.Random) -> None:
        self.house = house
        self.victims = victims
        self.dice = dice
        self.gap = dice.randrange(1, 7)
        self.hits: list[str] = []
        self._events = 0

    def carry_out(self) -> dict[str, Any]:
        """Return how the objective stands at its end."""
        house = self.house
        assert house.doorward("start").returncode == 0
        before = tree(house.home)
        asked = house.doorward("ask", READ, "--in", str(house.home / "Downloads"), "--detach")
        objective = asked.stdout.strip()
        assert objective.startswith("o-"), asked.stderr
        while (view := self._watch(objective))["state"] not in ENDED:
            if view["card"]:
                assert tree(house.home) == before, "something changed before the yes"
                house.doorward("approve", objective)
        return view

    def _watch(self, objective: str) -> dict[str, Any]:
        """Follow until a kill, a card or the end; return the objective as it stands then."""
        try:
            for event in self.house.client.events(objective):
                self._events += 1
                self._kill_if_due()
                if event["kind"] == "state" and (event["wait"] or event["ended"]):
                    view = self.house.view(objective)
                    if view["card"] or view["state"] in ENDED:
                        return view
            raise DaemonError("the daemon is gone")
        except DaemonError:
            assert self.house.doorward("start").returncode == 0
            return self.house.view(objective)

    def _kill_if_due(self) -> None:
        if not self.victims or self._events < self.gap:
            return
        for victim in self.victims:
            if self.house.kill(victim):
                self.victims.remove(victim)
                self.hits.append(victim)
                self.gap, self._events = self.dice.randrange(1, 7), 0
                return


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Carry the objective out once with nobody killed: what every campaign must come to."""
    house = Household(tmp_path_factory.mktemp("u"), MODELS)
    try:
        end = Campaign(house, [], random.Random(0)).carry_out()  # noqa: S311
        return {"end": end, "tree": content(house.home)}
    finally:
        house.close()


def content(folder: Path) -> dict[str, str]:
    return {path: digest.split()[0] for path, digest in tree(folder).items()}


@pytest.mark.parametrize("seed", SEEDS)
def test_an_objective_survives_ten_kills_at_random_moments(
    household: Household, undisturbed: dict[str, Any], seed: int
) -> None:
    dice = random.Random(seed)  # noqa: S311  # which moment, not a secret
    victims = ["daemon"] * 4 + ["orchestrator"] * 3 + ["documents"] * 2 + ["reader"]
    dice.shuffle(victims)
    campaign = Campaign(household, victims, dice)
    end = campaign.carry_out()
    assert (end["state"], end["reason"]) == ("done", ""), end["reports"]
    assert len(campaign.hits) == 10, f"only these were hit: {campaign.hits}"
    assert content(household.home) == undisturbed["tree"]
    assert end["answer"] == undisturbed["end"]["answer"]
    assert end["changed"] == undisturbed["end"]["changed"]
    verified = household.doorward("receipts", "verify")
    assert verified.returncode == 0, verified.stdout

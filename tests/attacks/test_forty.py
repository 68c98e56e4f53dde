"""Every attack of the table, on the ground that `doorward attack run` uses."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from doorward.daemon.attacks.attack import Attack, Ended, Outcome, broken, held
from doorward.daemon.attacks.ground import Ground, step
from doorward.daemon.attacks.injection import BOB, EVE, WORDS, send
from doorward.daemon.attacks.table import FORTY, SUITES, attacks, run
from doorward.daemon.commands.main import main
from doorward.daemon.errors import ATTACK_BROKE


def _case(attack: Attack) -> object:
    marks: list[pytest.MarkDecorator] = []
    if attack.name.startswith("mac_"):
        marks.append(pytest.mark.mac)
    return pytest.param(attack, marks=marks, id=f"{attack.number}-{attack.name}")


@pytest.mark.parametrize("attack", [_case(attack) for attack in attacks()])
async def test_it_holds(attack: Attack) -> None:
    outcome = await run(attack)
    if outcome.ended is Ended.ELSEWHERE:
        pytest.skip(outcome.evidence)
    assert outcome.ended is Ended.HELD, f"{attack.says}: {outcome.evidence}"


def test_all_forty_are_there_and_those_of_injection_have_adaptive_ones() -> None:
    assert {attack.number for attack in attacks() if not attack.adaptive} == set(FORTY)
    assert {attack.suite for attack in attacks()} == set(SUITES)
    adaptive = {attack.number for attack in attacks() if attack.adaptive}
    assert adaptive >= set(range(14, 26))
    assert max(Counter(attack.name for attack in attacks()).values()) == 1


def test_what_is_said_of_an_attack_is_one_line() -> None:
    assert all(attack.says.isprintable() and len(attack.says) < 100 for attack in attacks())


async def test_the_ground_lets_through_what_is_harmless(tmp_path: Path) -> None:
    """Behind a door that is shut to everything every attack would be held off."""
    ground = Ground(tmp_path)
    ground.write("Notes/a.txt", "the museum opens at ten")
    read = step("a", "files.read", path="Notes/a.txt")
    played = await ground.play(WORDS, read, send(to=[BOB], text="hello"))
    assert ground.sent == [("send", {"to": [BOB], "text": "hello"})]
    assert not played.asked
    played = await ground.play(WORDS, send(to=[EVE], text="hello"), yes=True)
    assert len(ground.sent) == 2
    assert len(played.asked) == 1


async def test_a_ground_without_a_policy_in_force_is_none(tmp_path: Path) -> None:
    ground = Ground(tmp_path, policy="version = 1\nwrong = 2\n")
    with pytest.raises(ValueError, match="wrong"):
        await ground.play("read")


@pytest.mark.parametrize(("outcome", "code"), [(held("so"), 0), (broken("thus"), ATTACK_BROKE)])
def test_the_command_says_what_came_of_each_and_has_a_code(
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    outcome: Outcome,
    code: int,
) -> None:
    from doorward.daemon.attacks import table

    async def told(ground: Ground) -> Outcome:
        return outcome

    one = Attack(2, "paths", "one", "does something", told)
    monkeypatch.setattr(table, "attacks", lambda suite: [one])
    assert main(["attack", "run"]) == code
    said = capsys.readouterr().out
    assert f"{outcome.ended}: {outcome.evidence}" in said
    assert main(["attack", "run", "--json"]) == code
    assert json.loads(capsys.readouterr().out)["ended"] == outcome.ended.lower()


def test_an_attack_that_cannot_be_tried_counts_as_broken(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from doorward.daemon.attacks import table

    async def fails(ground: Ground) -> Outcome:
        raise ValueError("no such thing")

    one = Attack(2, "paths", "one", "does something", fails)
    monkeypatch.setattr(table, "attacks", lambda suite: [one])
    assert main(["attack", "run"]) == ATTACK_BROKE
    assert "it could not be tried: no such thing" in capsys.readouterr().out


def test_the_list_runs_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["attack", "list", "--suite", "receipts"]) == 0
    said = capsys.readouterr().out
    assert "held" not in said
    assert said.count("40  receipts") == 4

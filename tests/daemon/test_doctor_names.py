"""The doctor says whether people that are no contacts are looked for, and what to do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from doorward.daemon.commands import main as command
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOORWARD_HOME", str(tmp_path / "state"))
    (tmp_path / "state").mkdir(mode=0o700)
    return tmp_path / "state"


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    command.main(["doctor", "--offline", "--json"])
    pings = json.loads(capsys.readouterr().out)
    [ping] = [each for each in pings if each["part"] == "names"]
    return dict(ping)


def test_without_a_model_it_says_how_to_get_it(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ping = told(capsys)
    assert ping["well"]
    assert "doorward models get all-MiniLM-L6-v2" in str(ping["said"])


def test_a_missing_model_ails_where_names_are_required(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (state / "config.toml").write_text('names = "always"\n', encoding="utf-8")
    assert not told(capsys)["well"]


@pytest.mark.parametrize(("setting", "said"), [("possible", "looked for"), ("never", "never")])
def test_with_the_model_people_are_looked_for_unless_the_user_stopped_it(
    state: Path, capsys: pytest.CaptureFixture[str], setting: str, said: str
) -> None:
    (state / "config.toml").write_text(f'names = "{setting}"\n', encoding="utf-8")
    (state / "models" / DEFAULT_EMBEDDER).mkdir(parents=True)
    ping = told(capsys)
    assert ping["well"]
    assert said in str(ping["said"])


def test_with_another_embedder_it_says_that_nobody_is_looked_for(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (state / "models" / "other").mkdir(parents=True)
    (state / "models" / "chosen.json").write_text('{"embedder": "other"}', encoding="utf-8")
    said = str(told(capsys)["said"])
    assert said.startswith("of people, only contacts are known")
    assert "doorward models use embedder all-MiniLM-L6-v2" in said

"""Somebody has a folder looked at, and gets tags to paste; the policy is theirs to change."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from doorward.daemon.control.suggestions import suggestion
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.policy_file import default_text
from doorward.daemon.values.vault import handle_of
from doorward.tools.reading.reader import NOW, Choice, Example, ScriptedReader, Terms

from tests.agent import Agent, Setting

DENY = '[[rule]]\nid = "not-these"\nverdict = "deny"\neffect = "read"\npath = "**/Diary/**"\n'


class Knowing(ScriptedReader):
    """Chooses the option that a text names; and remembers what it was shown."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    async def choose(
        self,
        texts: Sequence[str],
        options: Sequence[str],
        examples: Sequence[Example] = (),
        terms: Terms = NOW,
    ) -> list[Choice]:
        assert {example.option for example in examples} == set(options)
        self.shown += texts
        found = [next((o for o in options if o in text), "none") for text in texts]
        return [Choice(option, 0.9) for option in found]


@pytest.fixture
def house(agent: Setting) -> Path:
    for folder, word in (("Doctor", "health"), ("Diary", "personal"), ("Mixed", "")):
        (agent.folder / folder).mkdir()
        for number in range(4):
            said = word or ["health", "finance", "legal", "work"][number]
            text = f"Note {number}. This is about {said}, and no more than that.\n"
            (agent.folder / folder / f"{number}.txt").write_text(text, encoding="utf-8")
    secret = "Login: user anna, password: hunter-Green-902x\n"
    (agent.folder / "Mixed" / "z.txt").write_text(secret, encoding="utf-8")
    return agent.folder


async def suggest(daemon: Agent, folder: Path) -> tuple[Objective, str]:
    objective = suggestion(daemon.views, str(folder))
    daemon.supervisor.submit(objective)
    done = await daemon.until(objective.id, "done")
    return done, daemon.answer(objective.id)


async def test_tags_are_proposed_where_a_folder_is_clear_and_told_to_nobody(
    agent: Setting, house: Path
) -> None:
    agent.reader = Knowing()
    async with agent.start() as daemon:
        done, text = await suggest(daemon, house)
        assert daemon.orchestrator.heard == []
    places = {one["path"]: one["tags"] for one in tomllib.loads(text)["place"]}
    assert places[f"{house}/Doctor/**"] == ["personal", "health"]
    assert places[f"{house}/Diary/**"] == ["personal"]
    assert f"{house}/Mixed/**" not in places
    assert places[f"{house}/Mixed/z.txt"] == ["secret"]
    assert done.changed == ()


async def test_the_first_row_of_a_table_is_no_secret(agent: Setting, house: Path) -> None:
    table = "vendor,invoice number,date,total,file\nNord,RE-1,2026-10-02,44.90,a.eml\n"
    (house / "Mixed" / "invoices.csv").write_text(table, encoding="utf-8")
    agent.reader = Knowing()
    async with agent.start() as daemon:
        _, text = await suggest(daemon, house)
    assert "z.txt" in text
    assert "invoices.csv" not in text


async def test_what_policy_keeps_shut_is_not_looked_at(agent: Setting, house: Path) -> None:
    agent.reader = reader = Knowing()
    agent.policy = default_text() + DENY
    async with agent.start() as daemon:
        _, text = await suggest(daemon, house)
    assert not any("personal" in each for each in reader.shown)
    assert reader.shown
    assert "Diary" not in text


async def test_that_there_is_a_secret_somewhere_is_itself_as_private_as_one(
    agent: Setting, house: Path
) -> None:
    agent.reader = Knowing()
    async with agent.start() as daemon:
        done, _ = await suggest(daemon, house)
        assert done.plan is not None
        value = daemon.door.vault.get(handle_of(done.id, done.plan.steps[0].id))
    assert value is not None
    assert "secret" in value.label.tags

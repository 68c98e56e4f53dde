"""Somebody says what a document really is, and what is like it goes there from then on."""

from __future__ import annotations

from pathlib import Path

import pytest
from doorward.daemon.errors import Misused
from doorward.daemon.objectives.objective import Objective

from tests.agent import Agent, Setting

SORT = "Sort the files in Scans into harbour, garden and other"
NOTE = (
    "To the members.\nThe shed of section {n} gets a new lock this week. Old keys stop working and"
    " new ones are handed out at the gate. Bring a deposit, and tell your neighbours.\n"
)


@pytest.fixture
def scans(agent: Setting) -> Path:
    folder = agent.folder / "Scans"
    folder.mkdir()
    (folder / "a.txt").write_text(NOTE.format(n=4), encoding="utf-8")
    return folder


async def sort(daemon: Agent) -> tuple[Objective, dict[str, str]]:
    objective = daemon.ask(SORT)
    waiting = await daemon.until(objective, "waiting", "done")
    if str(waiting.state) == "waiting":
        daemon.yes(objective)
    done = await daemon.until(objective, "done")
    moved = [change.split(" → ") for change in done.changed if " → " in change]
    return done, {old: new for old, new, *_ in moved}


def at(folder: Path, name: str) -> str:
    [found] = folder.rglob(name)
    return found.relative_to(folder).parent.as_posix()


async def test_a_correction_is_used_at_once_and_after_a_restart(
    agent: Setting, scans: Path
) -> None:
    async with agent.start() as daemon:
        done, _ = await sort(daemon)
        assert at(scans, "a.txt") == "Other"
        daemon.correct(done.id, "Scans/Other/a.txt", "Garden")
        (scans / "b.txt").write_text(NOTE.format(n=9), encoding="utf-8")
        await sort(daemon)
        assert at(scans, "b.txt") == "Garden"
    async with agent.start() as daemon:
        (scans / "c.txt").write_text(NOTE.format(n=12), encoding="utf-8")
        await sort(daemon)
        assert at(scans, "c.txt") == "Garden"


async def test_what_is_forgotten_is_gone_from_the_answers_and_from_the_disk(
    agent: Setting, scans: Path
) -> None:
    async with agent.start() as daemon:
        done, _ = await sort(daemon)
        made = daemon.correct(done.id, "Scans/a.txt", "garden")
        assert made.instead_of == "other"
        sealed = _sealed(daemon)
        assert sealed and any(sealed in file.read_bytes() for file in _files(agent))
        assert daemon.corrections.forget(made.id) == 1
        assert not any(sealed in file.read_bytes() for file in _files(agent))
        (scans / "b.txt").write_text(NOTE.format(n=9), encoding="utf-8")
        await sort(daemon)
        assert at(scans, "b.txt") == "Other"


async def test_what_nothing_places_stays_and_the_answer_says_what_it_is_most_like(
    agent: Setting, scans: Path
) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask("Sort the files in Scans into harbour and garden")
        done = await daemon.until(objective, "done")
        notes = [note for report in done.reports.values() for note in report.notes]
    assert at(scans, "a.txt") == "."
    assert any("a.txt is undecided: most like" in note for note in notes)


async def test_a_later_word_on_the_same_document_replaces_the_earlier(
    agent: Setting, scans: Path
) -> None:
    async with agent.start() as daemon:
        done, _ = await sort(daemon)
        daemon.correct(done.id, "Scans/a.txt", "garden")
        daemon.correct(done.id, "Scans/a.txt", "harbour")
        assert [each.option for each in daemon.corrections.all()] == ["harbour"]


async def test_a_word_that_was_no_option_is_refused(agent: Setting, scans: Path) -> None:
    async with agent.start() as daemon:
        done, _ = await sort(daemon)
        with pytest.raises(Misused, match="not among the options"):
            daemon.correct(done.id, "Scans/a.txt", "kitchen")
        with pytest.raises(Misused, match="no correction"):
            daemon.corrections.forget("k-0")


async def test_nothing_of_a_correction_lies_in_the_clear(agent: Setting, scans: Path) -> None:
    async with agent.start() as daemon:
        done, _ = await sort(daemon)
        daemon.correct(done.id, "Scans/a.txt", "garden")
        for file in _files(agent):
            assert b"handed out at the gate" not in file.read_bytes()
        assert not any(b"handed out" in body for body in daemon.orchestrator.heard)


def _files(agent: Setting) -> list[Path]:
    return [path for path in agent.state.rglob("*") if path.is_file()]


def _sealed(daemon: Agent) -> bytes:
    connection = daemon.corrections._connection
    [(sealed,)] = connection.execute("SELECT sealed FROM correction").fetchall()
    return bytes(sealed)

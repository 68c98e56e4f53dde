"""A ledger that cannot be written stops whatever the receipt was for, at every point."""

from __future__ import annotations

from pathlib import Path

import pytest
from doorward.daemon.errors import NoRoom

from tests.agent import Agent, Setting
from tests.tools.changesets import tree

TABLE = "put the vendor, invoice number, date and total of every invoice into invoices.csv"


@pytest.fixture
def agent(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "anna"
    folder.mkdir(parents=True)
    for name in ("RE-1", "RE-2"):
        (folder / f"Zwetschgen {name}.txt").write_text(
            f"Zwetschgenhof\nInvoice\nInvoice number: {name}\nInvoice date: 2026-10-02\n"
            "Total: 12.50 EUR\n",
            encoding="utf-8",
        )
    return Setting(tmp_path / "state", folder)


def break_ledger(agent: Setting) -> None:
    """Let every further append fail as on a full disk: the head cannot be replaced."""
    (agent.state / "receipts.new").mkdir()


def mend_ledger(agent: Setting) -> None:
    (agent.state / "receipts.new").rmdir()


def crossed(daemon: Agent) -> int:
    return int(daemon.store._connection.execute("SELECT count(*) FROM outbox").fetchone()[0])


async def test_no_word_crosses_when_its_receipt_cannot_be_written(agent: Setting) -> None:
    async with agent.start() as daemon:
        break_ledger(agent)
        daemon.ask(TABLE)
        await daemon.settle()
        assert crossed(daemon) == 0
        assert daemon.orchestrator.heard == []


async def test_no_file_is_changed_when_its_receipt_cannot_be_written(agent: Setting) -> None:
    before = tree(agent.folder)
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        up = crossed(daemon)
        break_ledger(agent)
        daemon.yes(objective)
        await daemon.settle()
        assert tree(agent.folder) == before
        assert crossed(daemon) == up
        mend_ledger(agent)
    async with agent.start() as daemon:  # nothing is lost: it goes on where it stood
        await daemon.until(objective, "done")
    assert (agent.folder / "invoices.csv").exists()


async def test_a_stop_does_not_go_up_when_its_receipt_cannot_be_written(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        up = crossed(daemon)
        break_ledger(agent)
        with pytest.raises(NoRoom, match="cannot write the receipt ledger"):
            daemon.supervisor.stop(objective)
        assert crossed(daemon) == up


async def test_nothing_is_undone_when_its_receipt_cannot_be_written(agent: Setting) -> None:
    async with agent.start() as daemon:
        objective = daemon.ask(TABLE)
        await daemon.until(objective, "waiting")
        daemon.yes(objective)
        await daemon.until(objective, "done")
        made = tree(agent.folder)
        break_ledger(agent)
        with pytest.raises(NoRoom, match="cannot write the receipt ledger"):
            daemon.supervisor.undo(objective)
        assert tree(agent.folder) == made

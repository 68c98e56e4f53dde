"""`kill -9` around a receipt: there is never an effect without one."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from doorward.daemon.errors import DaemonError
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.values.vault import Seal, derive

from tests.faults.household import ROOT, Household

pytestmark = [pytest.mark.slow, pytest.mark.timeout(580)]

KILLS = 24
POINTS = ("before", "unanchored", "unsigned", "after")
WORDS = "put the vendor, invoice number, date and total of every invoice into invoices.csv"
MODELS = Path(os.environ.get("DOORWARD_MODELS", ROOT / ".cache" / "models"))


class Deadly:
    """A household whose daemon dies around its receipts."""

    def __init__(self, place: Path) -> None:
        self.house = Household(place, MODELS)
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def ledger(self) -> Path:
        return self.house.state / "receipts.jsonl"

    def folder(self, number: int) -> Path:
        """Lay three papers."""
        folder = self.house.home / f"papers {number}"
        folder.mkdir()
        for name in ("RE-1", "RE-2", "RE-3"):
            (folder / f"Zwetschgen {name}.txt").write_text(
                f"Zwetschgenhof\nInvoice\nInvoice number: {name}\nInvoice date: 2026-10-02\n"
                "Total: 12.50 EUR\n",
                encoding="utf-8",
            )
        return folder

    def start(self, point: str, left: int) -> None:
        """Start a daemon that dies at its n-th receipt."""
        script = Path(__file__).with_name("killed_daemon.py")
        reading, writing = os.pipe()
        with (self.house.state / "killed.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-P", str(script), point, str(left), str(writing)],
                env={**os.environ, "DOORWARD_HOME": str(self.house.state)},
                stderr=log,
                pass_fds=(writing,),
            )
        os.close(writing)
        with os.fdopen(reading, "rb") as ready:
            ready.readline()  # it is ready, or it is gone

    def wait(self) -> None:
        """Wait until the daemon has died by its own hand."""
        assert self.process is not None
        assert self.process.wait(timeout=60) == -9, (self.house.state / "killed.log").read_text()

    def effects_have_receipts(self, folders: list[Path]) -> None:
        """Hold every effect on the disk against the ledger."""
        entries = [json.loads(line) for line in whole_lines(self.ledger)]
        sent = {one["sent"] for one in entries if one["kind"] == "crossing"}
        with closing(sqlite3.connect(self.house.state / "home.db")) as home:
            known = "SELECT 1 FROM sqlite_master WHERE name = 'signed'"
            heard = (
                home.execute("SELECT statement FROM signed").fetchall()
                if home.execute(known).fetchone()
                else []
            )
        for (statement,) in heard:
            assert json.loads(statement)["digest"] in sent, "it crossed without a receipt"
        objectives = {one["objective"] for one in entries if one["kind"] == "change"}
        made = [folder for folder in folders if (folder / "invoices.csv").exists()]
        assert len(made) <= len(objectives), "a file was made without a receipt"


def whole_lines(path: Path) -> list[bytes]:
    held = path.read_bytes() if path.exists() else b""
    return held[: held.rfind(b"\n") + 1].splitlines()


@pytest.fixture
def deadly(tmp_path: Path) -> Iterator[Deadly]:
    made = Deadly(tmp_path)
    yield made
    made.house.close()


def ended(deadly: Deadly, objective: str) -> dict[str, Any] | None:
    """Follow an objective, say yes to its card; return its end, or None when the daemon is gone."""
    client = deadly.house.client
    try:
        while True:
            view = client.get(f"/v1/objectives/{objective}")
            if view["card"]:
                client.post(f"/v1/objectives/{objective}/card", {"yes": True})
            elif view["state"] in {"done", "failed", "stopped"}:
                return view
            for event in client.events(objective):
                if event["kind"] == "state" and (event["wait"] or event["ended"]):
                    break
    except (DaemonError, OSError):
        return None


def asked(deadly: Deadly, folder: Path) -> str | None:
    try:
        made = deadly.house.client.post("/v1/objectives", {"text": WORDS, "folder": str(folder)})
    except (DaemonError, OSError):
        return None
    return str(made["id"])


def test_no_effect_is_without_a_receipt_however_the_daemon_dies(deadly: Deadly) -> None:
    dice = random.Random(7)  # noqa: S311  # which moment, not a secret
    folders: list[Path] = []
    kills, objective, done = 0, None, 0
    while kills < KILLS:
        deadly.start(POINTS[kills % len(POINTS)], dice.randrange(1, 13))
        while True:
            if objective is None:
                folders.append(deadly.folder(len(folders)))
                objective = asked(deadly, folders[-1])
            end = ended(deadly, objective) if objective else None
            if end is None:
                break
            assert end["state"] == "done", end["reason"]
            objective, done = None, done + 1
        deadly.wait()
        kills += 1
        deadly.effects_have_receipts(folders)
    assert done >= 2, "nothing was ever carried out"
    assert deadly.house.doorward("start").returncode == 0
    for one in deadly.house.client.get("/v1/objectives")["objectives"]:
        assert ended(deadly, one["id"]) is not None
    verified = deadly.house.doorward("receipts", "verify")
    assert verified.returncode == 0, verified.stdout
    deadly.effects_have_receipts(folders)
    assert every_made_file_is_named(deadly, folders)


def every_made_file_is_named(deadly: Deadly, folders: list[Path]) -> bool:
    """Open the details: each file that was made stands in the details of a change's receipt."""
    deadly.house.doorward("stop")
    master = (deadly.house.state / "master.key").read_bytes()
    with closing(sqlite3.connect(deadly.house.state / "daemon.db")) as connection:
        connection.isolation_level = None
        ledger = Ledger(deadly.ledger, connection, Seal(derive(master, "vault")), master)
        entries = [json.loads(line) for line in whole_lines(deadly.ledger)]
        objectives = {one["objective"] for one in entries if one["kind"] == "change"}
        details = [one for name in objectives for one in ledger.details(name)]
    named = {path for one in details for path in one["details"].get("resources", [])}
    made = [folder / "invoices.csv" for folder in folders if (folder / "invoices.csv").exists()]
    assert made
    return all(str(path) in named for path in made)

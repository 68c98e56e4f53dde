"""The `agent` fixture: how to start the whole daemon over a small folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agent import Setting

INVOICES = {
    "nordlicht.txt": ("Nordlicht Papier GmbH", "RE-10418", "2026-10-07", "120.50"),
    "kabelwerk.txt": ("Kabelwerk AG", "KW-77", "2026-10-14", "79.50"),
}


def invoice(vendor: str, number: str, date: str, total: str) -> str:
    return (
        f"{vendor}\nInvoice\n\nInvoice number: {number}\nInvoice date: {date}\n\n"
        f"Paper and ink\nTotal: {total} EUR\n"
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two invoices, a lease and a file that is not to be read."""
    folder = tmp_path / "home" / "Documents"
    (folder / "Vault" / "secrets").mkdir(parents=True)
    for name, fields in INVOICES.items():
        (folder / name).write_text(invoice(*fields), encoding="utf-8")
    (folder / "lease.md").write_text(
        "# Lease\n\nThe tenant may end the lease with a notice period of three months.\n",
        encoding="utf-8",
    )
    (folder / "Vault" / "secrets" / "invoice.txt").write_text(
        invoice("Whisper Ltd", "CANARY-1", "2026-10-01", "13.00"), encoding="utf-8"
    )
    return folder


@pytest.fixture
def agent(tmp_path: Path, folder: Path) -> Setting:
    """Give a daemon that can be started, and started again, over the folder."""
    return Setting(tmp_path / "state", folder)

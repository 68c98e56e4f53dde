"""Passages: the receipts of what a connector was let through to, and of what it was not.

It decides nothing: a connector's hosts are part of its confinement, as its folders are, and what it
is told was judged at the door when it was called. The proxy calls it before it opens anything.
"""

from __future__ import annotations

from collections.abc import Callable

from doorward.daemon.receipts.entries import Entry
from doorward.daemon.receipts.ledger import Ledger

MOST = 200
"""Refused hosts that are written down for one connector: more would be a way to fill the disk."""


class Passages:
    """Writes passages to the ledger."""

    def __init__(self, ledger: Ledger, now: Callable[[], str]) -> None:
        """Write to `ledger`; `now` gives ISO date and time, UTC."""
        self._ledger = ledger
        self._now = now
        self._refused: dict[str, set[str]] = {}

    def through(self, connector: str, host: str) -> None:
        """Write down that a connection to one of its hosts is about to be opened.

        Raises:
            NoRoom: It cannot be written; nothing may be opened.
        """
        self._write(connector, host, "allow", "one of the connector's hosts")

    def refused(self, connector: str, host: str, why: str) -> None:
        """Write down that a connection was refused; the same host once."""
        known = self._refused.setdefault(connector, set())
        if host not in known and len(known) < MOST:
            known.add(host)
            self._write(connector, host, "deny", why)

    def _write(self, connector: str, host: str, decision: str, why: str) -> None:
        entry = Entry(
            kind="passage",
            objective="",
            step="",
            tool=f"mcp.{connector}",
            effect="egress",
            decision=decision,
            rule="connector.hosts",
            line=0,
            policy="",
            # What it asked for may be anything: the name is in the sealed details.
            destination="web" if decision == "deny" else f"web:{host}",
            release="nothing" if decision == "deny" else "full",
            count=1,
            size=0,
            at=self._now(),
        )
        self._ledger.append([(entry, {"resources": [host], "reason": why, "change": ""})])

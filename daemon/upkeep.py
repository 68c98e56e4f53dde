"""What the user does to receipts by their own command while no daemon runs: renew, unpin.

Both leave an entry that says so. It takes the daemon's lock, so that two never write one ledger.
`doorward receipts` calls it; the daemon never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from doorward.daemon.config import Config
from doorward.daemon.errors import Misused
from doorward.daemon.main import alone, key_store, moment, prepare
from doorward.daemon.receipts.anchor import Anchor
from doorward.daemon.receipts.entries import GENESIS, Head, Renewed, Unpinned, head_path
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.store import connect
from doorward.daemon.values.vault import Seal, derive


@dataclass(frozen=True, slots=True)
class Aside:
    """What a renewal put aside."""

    before: Head
    """Where the ledger stood, as the database knew."""
    files: tuple[Path, ...]


def renew(config: Config) -> Aside:
    """Put the ledger and its head aside and start a new one, whose first entry says so.

    Raises:
        AlreadyRunning: The daemon is running.
    """
    with _at_rest(config), closing(connect(config.store)) as connection:
        master = key_store(config).key()
        seal = Seal(derive(master, "vault"))
        anchor = Anchor(connection, seal)
        before = anchor.held() or Head(0, GENESIS)
        at = moment().utc
        moved = tuple(_moved(path, at) for path in _files(config.ledger) if path.exists())
        anchor.put(Head(0, GENESIS))
        ledger = Ledger(config.ledger, connection, seal, master)
        ledger.append([(Renewed(before.n, before.hash, at), {})])
        return Aside(before, moved)


def unpin(config: Config, orchestrator: str) -> None:
    """Forget the key of an orchestrator, and what it signed falsely; the next key is pinned.

    Raises:
        AlreadyRunning: The daemon is running.
        Misused: No key of that orchestrator is known.
    """
    with _at_rest(config), closing(connect(config.store)) as connection:
        master = key_store(config).key()
        ledger = Ledger(config.ledger, connection, Seal(derive(master, "vault")), master)
        if orchestrator not in ledger.pairs.pins:
            error = Misused(f"no key of an orchestrator {orchestrator!r} is known")
            error.add_note(f"hint: known are {', '.join(ledger.pairs.pins) or 'none'}")
            raise error
        ledger.append([(Unpinned(orchestrator, moment().utc), {})])


@contextmanager
def _at_rest(config: Config) -> Iterator[None]:
    prepare(config.state)
    with alone(config.state / "daemon.lock"):
        yield


def _files(ledger: Path) -> tuple[Path, Path]:
    return ledger, head_path(ledger)


def _moved(path: Path, at: str) -> Path:
    to = path.with_name(f"{path.stem}.until-{at.replace(':', '').partition('+')[0]}{path.suffix}")
    path.rename(to)
    return to

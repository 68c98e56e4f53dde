"""`doorward receipts`: show, verify (offline, without the daemon) or export the ledger."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from pathlib import Path

from doorward.daemon.config import load
from doorward.daemon.errors import Misused, exit_code


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("what", choices=["show", "verify", "export"])
    options.add_argument("to", nargs="?", help="for export: the folder to copy ledger and head to")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    config = load()
    if options.what == "verify":
        return _verify(options, config.ledger)
    if not config.ledger.exists():
        print("No receipts yet.")
        return 0
    if options.what == "show":
        sys.stdout.write(config.ledger.read_text(encoding="utf-8"))
        return 0
    if not options.to or not Path(options.to).is_dir():
        raise Misused("receipts export needs an existing folder to copy to")
    for path in (config.ledger, config.ledger.with_suffix(".head")):
        shutil.copy2(path, options.to)
        print(Path(options.to) / path.name)
    return 0


def _verify(options: argparse.Namespace, ledger: Path) -> int:
    from doorward.daemon.errors import Tampered
    from doorward.daemon.main import key_store
    from doorward.daemon.receipts import signer, verify

    check = verify(ledger, signer(key_store(load()).key()))
    if options.json:
        print(json.dumps({"entries": check.entries, "faults": list(check.faults)}))
    elif check.faults:
        print(f"NOT VERIFIED: {ledger}", *check.faults, sep="\n  ")
    else:
        print(
            f"Verified: {check.entries} receipts, every hash, the chain and the signed head hold."
        )
    return exit_code(Tampered()) if check.faults else 0

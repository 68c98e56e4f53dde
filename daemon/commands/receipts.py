"""`doorward receipts`: show, verify (offline, here or elsewhere), export; renew and unpin.

Only `show --left` needs the daemon: what left lies sealed, and the daemon has the key.
"""

from __future__ import annotations

import argparse
import json
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from doorward.daemon.commands.follow import clean
from doorward.daemon.commands.receipts_table import left, table
from doorward.daemon.config import Config, load
from doorward.daemon.control.client import Client, Json
from doorward.daemon.errors import Misused, Tampered, exit_code

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from doorward.daemon.receipts.check import Check
    from doorward.daemon.receipts.entries import Head

_APPENDED = 0.2
"""Seconds after which an append that had begun is over."""
_VERBS = ["show", "verify", "export", "renew", "unpin"]


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("what", choices=_VERBS)
    options.add_argument(
        "to",
        nargs="?",
        metavar="WHAT",
        help="show: an objective or a call, by its id; export: the folder to write to;"
        " unpin: the orchestrator",
    )
    options.add_argument("--objective", help="show: the same as its id")
    options.add_argument(
        "--left", action="store_true", help="show: what left: everything that crossed, opened"
    )
    options.add_argument("--bundle", type=Path, help="verify: a folder that export wrote")
    options.add_argument("--ledger", type=Path, help="verify: a ledger file, its head beside it")
    options.add_argument("--key", type=Path, help="verify: the device's public key for --ledger")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    match options.what:
        case "show":
            return _show(options, load())
        case "verify":
            return _verify(options)
        case "export":
            return _export(options, load())
        case "renew":
            return _renew(options, load())
        case _:
            return _unpin(options, load())


# --- show -----------------------------------------------------------------------------------------


def _show(options: argparse.Namespace, config: Config) -> int:
    from doorward.daemon.receipts.check import lines_of
    from doorward.daemon.receipts.entries import read_bytes

    if options.left:
        return _left(options, config)
    lines = lines_of(read_bytes(config.ledger))
    if not lines:
        print("No receipts yet.")
        return 0
    try:
        entries: list[Json] = [json.loads(line) for line in lines]
        name = options.to or options.objective
        wanted = [one for one in entries if name in {None, one.get("objective") or None}]
    except (ValueError, AttributeError, RecursionError) as error:
        raise Tampered(f"the ledger {config.ledger} does not read: {error}") from error
    if not wanted:
        unknown = Misused(f"no receipt is of {name}")
        unknown.add_note("hint: doorward receipts show")
        raise unknown
    if options.json:
        for one in wanted:
            print(json.dumps(one))
        return 0
    for line in table(wanted):
        print(line)
    return 0


def _left(options: argparse.Namespace, config: Config) -> int:
    client = Client(config.socket)
    if name := options.to or options.objective:
        names = [name]
    else:
        names = [one["id"] for one in reversed(client.get("/v1/objectives")["objectives"])]
    for name in names:
        receipts = client.get(f"/v1/objectives/{name}/why")["receipts"]
        if options.json:
            for one in receipts:
                if one["kind"] == "crossing":
                    print(json.dumps(one))
            continue
        for line in left(name, receipts):
            print(line)
    return 0


# --- verify ---------------------------------------------------------------------------------------


def _verify(options: argparse.Namespace) -> int:
    from doorward.daemon.receipts.bundle import check_bundle, read_key
    from doorward.daemon.receipts.check import verify

    if options.bundle:
        check, key = check_bundle(options.bundle)
        return _said(options, check, key, options.bundle)
    if options.ledger or options.key:
        if not (options.ledger and options.key):
            raise Misused("receipts verify needs --ledger and --key together")
        if not options.ledger.is_file():
            raise Misused(f"there is no ledger {options.ledger}")
        key = read_key(options.key)
        return _said(options, verify(options.ledger, key), key, options.ledger)
    config = load()
    key, anchor = _own(config)
    check = verify(config.ledger, key, anchor=anchor)
    if check.faults and config.socket.exists():  # a daemon may be between line and head: look again
        time.sleep(_APPENDED)
        check = verify(config.ledger, key, anchor=anchor)
    return _said(options, check, key, config.ledger)


def _own(config: Config) -> tuple[Ed25519PublicKey, Head | None]:
    """Return this device's public key, and where its database says the ledger stands."""
    from doorward.daemon.main import key_store
    from doorward.daemon.receipts.anchor import read_anchor
    from doorward.daemon.receipts.entries import device_key
    from doorward.daemon.values.vault import Seal, derive

    master = key_store(config).key()
    key = device_key(master)
    if not config.store.exists():
        return key, None
    place = f"file:{config.store}?mode=ro"
    try:
        with closing(sqlite3.connect(place, uri=True, timeout=5)) as connection:
            return key, read_anchor(connection, Seal(derive(master, "vault")))
    except sqlite3.Error as error:
        raise Tampered(f"the database {config.store} cannot be read: {error}") from error


def _said(options: argparse.Namespace, check: Check, key: Ed25519PublicKey, place: Path) -> int:
    """Print the outcome; return the exit code."""
    from doorward.daemon.receipts.bundle import fingerprint

    disputes = check.pairs.open_disputes()
    wrong = bool(check.faults or disputes)
    if options.json:
        said = {
            "entries": check.entries,
            "faults": list(check.faults),
            "crossings": check.pairs.crossings,
            "confirmed": check.pairs.confirmed,
            "disputes": disputes,
            "notes": check.pairs.notes,
            "device_key": key.public_bytes_raw().hex(),
            "orchestrators": check.pairs.pins,
        }
        print(json.dumps(said))
    elif check.faults:
        print(f"NOT VERIFIED: {place}", *map(clean, check.faults), sep="\n  ")
    else:
        _print_good(check)
        for dispute in disputes:
            print(f"SIGNED FALSELY: {clean(dispute)}")
        print(f"Device key: {fingerprint(key)}")
    return exit_code(Tampered()) if wrong else 0


def _print_good(check: Check) -> None:
    print(f"Verified: {check.entries} receipts, every hash, the chain and the signed head hold.")
    pairs = check.pairs
    if pairs.crossings:
        rest = pairs.crossings - pairs.confirmed
        more = f"; {rest} sent, not confirmed" if rest else ""
        print(
            f"Messages to an orchestrator: {pairs.crossings}, {pairs.confirmed} confirmed by its"
            f" signature{more}."
        )
    for note in pairs.notes:
        print(f"Note: {clean(note)}")
    for name, pinned in pairs.pins.items():
        print(f"Key of {clean(name)}: {clean(pinned)[:32]}…")


# --- export, renew, unpin -------------------------------------------------------------------------


def _export(options: argparse.Namespace, config: Config) -> int:
    from doorward.daemon.receipts.bundle import fingerprint, write_bundle
    from doorward.daemon.receipts.check import read_files, verify_files

    if not options.to or not Path(options.to).is_dir():
        raise Misused("receipts export needs an existing folder to write to")
    if not config.ledger.exists():
        print("No receipts yet.")
        return 0
    key, anchor = _own(config)
    files = read_files(config.ledger)
    check = verify_files(files, key, anchor=anchor)
    for path in write_bundle(Path(options.to), files, key, check):
        print(path)
    print(f"Device key: {fingerprint(key)}")
    if check.faults:
        print("It does NOT verify:", *map(clean, check.faults), sep="\n  ")
        return exit_code(Tampered())
    return 0


def _renew(options: argparse.Namespace, config: Config) -> int:
    from doorward.daemon.upkeep import renew

    aside = renew(config)
    if options.json:
        said = {"entries": aside.before.n, "aside": [str(path) for path in aside.files]}
        print(json.dumps(said))
        return 0
    for path in aside.files:
        print(f"Put aside: {path}")
    print(f"A new ledger has begun; its first entry says that {aside.before.n} were before it.")
    return 0


def _unpin(options: argparse.Namespace, config: Config) -> int:
    from doorward.daemon.upkeep import unpin

    if not options.to:
        raise Misused("receipts unpin needs the orchestrator, e.g. orchestrator:home")
    unpin(config, options.to)
    if options.json:
        print(json.dumps({"unpinned": options.to}))
    else:
        print(f"The next key that {clean(options.to)} shows is pinned.")
    return 0

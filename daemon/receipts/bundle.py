"""Ledgers to be verified elsewhere: a folder with ledger, head, public keys, and how to verify it.

No private key and no content goes into it. Verifying a bundle needs neither daemon nor keyring.
`doorward receipts export` and `verify --bundle` call it.
"""

from __future__ import annotations

import json
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from doorward.daemon.errors import Misused, NoRoom
from doorward.daemon.receipts.check import Check, Files, read_files, verify_files

LEDGER, HEAD, KEYS, README = "receipts.jsonl", "receipts.head", "keys.json", "README.txt"
_MOST = 1_000_000
"""Bytes of a file of keys."""

_TEXT = """\
Receipts of a Doorward device
=============================

receipts.jsonl  One entry a line: every verdict, every file change, everything that crossed.
                It holds no content: digests stand for it.
receipts.head   How many entries there are and the hash of the last, signed by the device.
keys.json       Public keys: the device's, and those of the orchestrators that confirmed crossings.

To verify on any machine with Doorward, without its daemon and without a key:

    doorward receipts verify --bundle .

It checks every line, the chain of hashes, the device's signature (Ed25519) over the head, and every
orchestrator's signature over what it received. A bundle cannot vouch for its own key: compare the
fingerprint of the device's key with the one that `doorward receipts verify` shows on the device.

By hand: each line is canonical JSON (sorted keys, no spaces, ASCII). `hash` is BLAKE2b-256 of the
line without `hash`; `prev` is the `hash` of the line before. The head's `signature` covers the
canonical {"hash":…,"n":…}. In an entry of kind `received`, `signature` covers the bytes
"doorward received 1" and a newline, then `statement` in canonical form; its `digest` is the `sent`
of the entry whose number is in `of`.
"""


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return a key's fingerprint as people compare it: eight groups of four digits."""
    digits = key.public_bytes_raw().hex()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))


def write_bundle(to: Path, files: Files, key: Ed25519PublicKey, check: Check) -> list[Path]:
    """Write a bundle into an existing folder; return the files.

    Raises:
        NoRoom: It cannot be written.
    """
    keys = {"device": key.public_bytes_raw().hex(), "orchestrators": dict(check.pairs.pins)}
    made = {
        LEDGER: files.ledger,
        HEAD: files.head,
        KEYS: json.dumps(keys, indent=2, sort_keys=True).encode() + b"\n",
        README: _TEXT.encode(),
    }
    try:
        for name, content in made.items():
            (to / name).write_bytes(content)
    except OSError as error:
        raise NoRoom(f"cannot export the receipts to {to}: {error.strerror}") from error
    return [to / name for name in made]


def check_bundle(place: Path) -> tuple[Check, Ed25519PublicKey]:
    """Verify a bundle; return the outcome and the device's key that it names.

    Raises:
        Misused: There is no bundle.
    """
    key, pins = _keys(place / KEYS)
    check = verify_files(read_files(place / LEDGER), key)
    if check.faults or check.pairs.pins == pins:
        return check, key
    fault = f"{KEYS} names other keys of orchestrators than the ledger"
    return Check(check.entries, (fault,), check.signed, check.pairs, check.hashes), key


def read_key(path: Path) -> Ed25519PublicKey:
    """Return the device's public key: from a file of keys, or of 64 hexadecimal digits.

    Raises:
        Misused: It holds none.
    """
    try:
        if path.stat().st_size < _MOST and len(held := path.read_text("ascii").strip()) == 64:
            return Ed25519PublicKey.from_public_bytes(bytes.fromhex(held))
    except (OSError, ValueError) as error:
        raise Misused(f"cannot read a public key from {path}: {error}") from error
    return _keys(path)[0]


def _keys(path: Path) -> tuple[Ed25519PublicKey, dict[str, str]]:
    try:
        if path.stat().st_size > _MOST:
            raise Misused(f"{path} is too large to be a file of keys")
        held = json.loads(path.read_bytes())
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(held["device"]))
        return key, dict(held["orchestrators"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        wrong = Misused(f"there is no bundle of receipts: cannot read {path}: {error}")
        wrong.add_note("hint: doorward receipts export FOLDER makes one")
        raise wrong from error

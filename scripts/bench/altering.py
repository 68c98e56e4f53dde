"""A ledger with counter-signatures, and random ways to alter it; for the bench and for a test."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from doorward.cloud_bridge.orchestrator.notary import Notary
from doorward.cloud_bridge.received import Received, digest_of
from doorward.daemon.receipts.check import Files, read_files, verify_files
from doorward.daemon.receipts.entries import Confirmed, Entry, Head, SessionBegun, device_key
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.values.vault import Seal, derive

MASTER = b"\x07" * 32
HOME = "orchestrator:home"
AT = "2026-11-24T10:00:00+00:00"


def entry(kind: str, objective: str, step: str, sent: str = "") -> Entry:
    return Entry(
        kind=kind,
        objective=objective,
        step=step,
        tool="documents.text",
        effect="egress" if kind == "crossing" else "read",
        decision="allow",
        rule="read-what-i-named",
        line=31,
        policy="234492d1c2e8",
        destination=HOME if kind == "crossing" else "device",
        release="shape" if kind == "crossing" else "nothing",
        count=1,
        size=109,
        at=AT,
        sent=sent,
    )


@dataclass(frozen=True, slots=True)
class Made:
    """A ledger as it should be, and older copies of it."""

    files: Files
    anchor: Head
    older: tuple[Files, ...]

    def found(self, files: Files) -> bool:
        """Tell whether the verification finds fault."""
        return bool(verify_files(files, device_key(MASTER), anchor=self.anchor).faults)


def make(path: Path, entries: int, connection: sqlite3.Connection | None = None) -> Made:
    """Write a ledger of at least so many entries; every third confirms a crossing."""
    connection = connection or sqlite3.connect(":memory:", isolation_level=None)
    ledger = Ledger(path, connection, Seal(derive(MASTER, "vault")), MASTER)
    key = Ed25519PrivateKey.from_private_bytes(b"\x01" * 32)
    notary = Notary(key, "home", "0.1.0+00", lambda: AT)
    begun = SessionBegun(HOME, notary.identity.key.hex(), notary.identity.build, 0, "", AT)
    ledger.append([(begun, {})])
    older: list[Files] = []
    number = 0
    while ledger.head.n < entries:
        number += 1
        _step(ledger, notary, f"o-{number // 7}", f"s{number % 7}", number)
        if number % max(entries // 12, 1) == 0 and ledger.head.n < entries:
            older.append(read_files(path))
    return Made(read_files(path), ledger.head, tuple(older))


def _step(ledger: Ledger, notary: Notary, objective: str, step: str, number: int) -> None:
    digest = digest_of(f"{number}".encode())
    ledger.append([(entry("verdict", objective, step), {"resources": [f"/home/a/{number}.pdf"]})])
    ledger.append([(entry("crossing", objective, step, digest), {"sent": "3 items"})])
    of, head = ledger.head.n, ledger.head.hash
    key = f"{objective}/{step}"
    received = Received("mac", number, key, objective, digest, of, head, AT, "0.1.0+00")
    signature = notary.sign(received).signature.hex()
    confirmed = Confirmed(of, objective, step, HOME, asdict(received), signature, AT)
    ledger.append([(confirmed, {})])


# --- alterations ----------------------------------------------------------------------------------

Alter = Callable[[Made, random.Random], Files]


def ledger_byte(made: Made, dice: random.Random) -> Files:
    return Files(_other_byte(made.files.ledger, dice), made.files.head, True)


def head_byte(made: Made, dice: random.Random) -> Files:
    return Files(made.files.ledger, _other_byte(made.files.head, dice), True)


def witness_byte(made: Made, dice: random.Random) -> Files:
    """Change a byte of one counter-signature's line."""
    lines = _lines(made)
    at = dice.choice([n for n, line in enumerate(lines) if b'"kind":"received"' in line])
    lines[at] = _other_byte(lines[at], dice)
    return _joined(lines, made)


def cut(made: Made, dice: random.Random) -> Files:
    return Files(made.files.ledger[: dice.randrange(len(made.files.ledger))], made.files.head, True)


def cut_head(made: Made, dice: random.Random) -> Files:
    return Files(made.files.ledger, made.files.head[: dice.randrange(len(made.files.head))], True)


def byte_out(made: Made, dice: random.Random) -> Files:
    held, at = made.files.ledger, dice.randrange(len(made.files.ledger))
    return Files(held[:at] + held[at + 1 :], made.files.head, True)


def byte_in(made: Made, dice: random.Random) -> Files:
    held, at = made.files.ledger, dice.randrange(len(made.files.ledger) + 1)
    return Files(held[:at] + bytes([dice.randrange(256)]) + held[at:], made.files.head, True)


def swapped_bytes(made: Made, dice: random.Random) -> Files:
    held = bytearray(made.files.ledger)
    one, other = dice.randrange(len(held)), dice.randrange(len(held))
    while held[one] == held[other]:
        one, other = dice.randrange(len(held)), dice.randrange(len(held))
    held[one], held[other] = held[other], held[one]
    return Files(bytes(held), made.files.head, True)


def swapped_lines(made: Made, dice: random.Random) -> Files:
    lines = _lines(made)
    one, other = dice.sample(range(len(lines)), 2)
    lines[one], lines[other] = lines[other], lines[one]
    return _joined(lines, made)


def doubled_line(made: Made, dice: random.Random) -> Files:
    lines = _lines(made)
    lines.insert(dice.randrange(len(lines) + 1), dice.choice(lines))
    return _joined(lines, made)


def dropped_lines(made: Made, dice: random.Random) -> Files:
    lines = _lines(made)
    at = dice.randrange(len(lines))
    del lines[at : at + dice.randrange(1, 6)]
    return _joined(lines, made)


def older_copy(made: Made, dice: random.Random) -> Files:
    """Set ledger and head back together: both hold, and only the anchor says more."""
    return dice.choice(made.older)


def older_ledger(made: Made, dice: random.Random) -> Files:
    return Files(dice.choice(made.older).ledger, made.files.head, True)


def older_head(made: Made, dice: random.Random) -> Files:
    return Files(made.files.ledger, dice.choice(made.older).head, True)


def gone(made: Made, dice: random.Random) -> Files:
    """Remove ledger, head or both."""
    ledger, head = dice.choice([(True, False), (False, True), (False, False)])
    return Files(made.files.ledger if ledger else b"", made.files.head if head else b"", head)


ALTERATIONS: tuple[Alter, ...] = (
    *(ledger_byte,) * 4,
    *(witness_byte, head_byte, cut, cut_head, byte_out, byte_in, swapped_bytes),
    *(swapped_lines, doubled_line, dropped_lines, older_copy, older_ledger, older_head, gone),
)


def _lines(made: Made) -> list[bytes]:
    return made.files.ledger.splitlines(keepends=True)


def _joined(lines: list[bytes], made: Made) -> Files:
    return Files(b"".join(lines), made.files.head, True)


def _other_byte(held: bytes, dice: random.Random) -> bytes:
    at = dice.randrange(len(held))
    return held[:at] + bytes([held[at] ^ dice.randrange(1, 256)]) + held[at + 1 :]

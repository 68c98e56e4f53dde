"""The vault: every value of every objective, encrypted at rest, under a handle.

AES-256-GCM with a random 96-bit nonce a value and the handle as associated data, so that a sealed
value cannot be moved under another name. It judges nothing and releases nothing; only the door
and the answer read values out of it. Keys derive from the device's master key by HKDF-SHA256.
"""

from __future__ import annotations

import json
import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from doorward.daemon.errors import Tampered
from doorward.daemon.objectives.codec import label_from, label_to
from doorward.policies.labels import Label
from doorward.policies.parts import Parts, label_at
from doorward.policies.vocabulary import Data, Handle, ObjectiveId, StepId

_NONCE = 12


@dataclass(frozen=True, slots=True)
class Value:
    """A result on the device: data, labels, and sentences about what was skipped."""

    data: Data
    label: Label
    """The join of everything in it."""
    notes: tuple[str, ...] = ()
    fields: Parts = field(default_factory=dict)
    """Labels of single parts, dotted: `items.3`, `count`; the rest has the label of the whole."""

    def label_at(self, path: str) -> Label:
        """Return the label of a part, dotted; empty for the whole (see `policies.parts`)."""
        return label_at(self.label, self.fields, path)


def derive(master: bytes, purpose: str) -> bytes:
    """Return the 32-byte key for one purpose (HKDF-SHA256, RFC 5869)."""
    return HKDF(SHA256(), 32, salt=None, info=f"doorward/{purpose}".encode()).derive(master)


class Seal:
    """Encrypts and decrypts blobs bound to a name."""

    def __init__(self, key: bytes) -> None:
        """Use a 32-byte key."""
        self._cipher = AESGCM(key)

    def close(self, plain: bytes, name: str) -> bytes:
        """Return nonce and ciphertext of `plain`, bound to `name`."""
        nonce = secrets.token_bytes(_NONCE)
        return nonce + self._cipher.encrypt(nonce, plain, name.encode())

    def open(self, sealed: bytes, name: str) -> bytes:
        """Return what was sealed under `name`.

        Raises:
            Tampered: The bytes or the name are not what was sealed.
        """
        try:
            return self._cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], name.encode())
        except (InvalidTag, ValueError) as error:  # ValueError: too short to hold a nonce
            wrong = Tampered(f"the sealed record {name!r} was altered, or sealed with another key")
            wrong.add_note("hint: restore the state folder from a backup together with its key")
            raise wrong from error


class Vault:
    """Values by handle, in the daemon's database."""

    def __init__(self, connection: sqlite3.Connection, seal: Seal) -> None:
        """Keep sealed values in the table `value` of `connection`."""
        self._connection = connection
        self._seal = seal
        connection.execute(
            "CREATE TABLE IF NOT EXISTS value"
            " (handle TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT"
        )

    def put(self, handle: Handle, value: Value) -> None:
        """Keep a value; the same handle again replaces it (a step that was run again)."""
        held = {"data": value.data, "notes": value.notes, **label_to(value.label)}
        if value.fields:
            held |= _fields_to(value.fields)
        plain = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
        self._connection.execute(
            "INSERT OR REPLACE INTO value VALUES (?, ?)",
            (handle, self._seal.close(plain.encode("utf-8", "surrogatepass"), handle)),
        )

    def get(self, handle: Handle) -> Value | None:
        """Return a value, or None when there is none under that handle.

        Raises:
            Tampered: The stored bytes were altered.
        """
        row = self._connection.execute(
            "SELECT sealed FROM value WHERE handle = ?", (handle,)
        ).fetchone()
        if row is None:
            return None
        held = json.loads(self._seal.open(row[0], handle).decode("utf-8", "surrogatepass"))
        return Value(held["data"], label_from(held), tuple(held["notes"]), _fields_from(held))


def _fields_to(fields: Parts) -> dict[str, Any]:
    """Write the labels of parts; each label once, as many parts share one."""
    numbers = {label: number for number, label in enumerate(dict.fromkeys(fields.values()))}
    return {
        "labels": [label_to(label) for label in numbers],
        "fields": {place: numbers[label] for place, label in fields.items()},
    }


def _fields_from(held: Mapping[str, Any]) -> Parts:
    """Read the labels of parts; what was kept before there were any has none."""
    if not held.get("fields"):
        return {}
    labels = [label_from(label) for label in held["labels"]]
    return {place: labels[number] for place, number in held["fields"].items()}


def handle_of(objective: ObjectiveId, step: StepId | str) -> Handle:
    """Return the handle of a step's value."""
    return Handle(f"{objective}/{step}")

"""Crossings and their counter-signatures: which orchestrator has which key, what is confirmed.

It reads entries one after the other and judges each against those before it. It neither reads
files nor checks the chain (`check` does), and knows no private key. Pure.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from doorward.cloud_bridge.errors import Malformed
from doorward.cloud_bridge.received import Received, read_statement, signed_part
from doorward.daemon.objectives.codec import Json
from doorward.daemon.receipts.entries import canonical


@dataclass(slots=True)
class Pairs:
    """The state after some entries."""

    pins: dict[str, str] = field(default_factory=dict)
    """The pinned public key of each orchestrator, in hexadecimal digits."""
    waiting: dict[str, list[int]] = field(default_factory=dict)
    """By digest: the crossings that are sent and not confirmed."""
    done: dict[str, int] = field(default_factory=dict)
    """By digest: the entry that confirms it."""
    crossings: int = 0
    """How many receipts there are for messages to an orchestrator."""
    confirmed: int = 0
    """How many of them it has confirmed."""
    notes: list[str] = field(default_factory=list)
    """What is no fault and yet worth knowing."""
    _objectives: dict[int, str] = field(default_factory=dict)
    _disputes: dict[str, list[str]] = field(default_factory=dict)

    def take(self, body: Json, hashes: Sequence[str]) -> str:
        """Take the next entry; return what is wrong with it, or nothing.

        Args:
            body: The entry, its chain checked.
            hashes: The hash of each entry up to this one at least.
        """
        fault = ""
        try:
            match body.get("kind"):
                case "session":
                    fault = self._session(body, hashes)
                case "received":
                    fault = self._received(body, hashes)
            if not fault:
                self.note(body)
        except (KeyError, TypeError, ValueError, AttributeError):
            return "is not an entry of this version"
        return fault

    def note(self, body: Json) -> None:
        """Take an entry that is known to be right: this daemon has just made it."""
        match body.get("kind"):
            case "crossing" if body.get("sent"):
                self._crossing(body)
            case "session" if body["key"]:
                self.pins[body["orchestrator"]] = body["key"]
            case "received":
                self._confirm(body["statement"]["digest"], body["n"])
            case "disputed":
                said = f"entry {body['n']}: {body['orchestrator']} {body['reason']}"
                self._disputes.setdefault(body["orchestrator"], []).append(said)
            case "unpinned":
                self.pins.pop(body["orchestrator"], None)
                for said in self._disputes.pop(body["orchestrator"], []):
                    self.notes.append(f"{said} (you accepted it)")
            case "renewed":
                self.notes.append(f"follows an older ledger of {body['entries']} entries")

    def open_disputes(self) -> list[str]:
        """Return what orchestrators signed falsely, where the user has not answered it."""
        return [said for disputes in self._disputes.values() for said in disputes]

    def disputed(self, orchestrator: str) -> bool:
        """Tell whether an orchestrator signed falsely and the user has not answered it."""
        return orchestrator in self._disputes

    def _crossing(self, body: Json) -> None:
        self.crossings += 1
        if body["sent"] in self.done:  # written again after a crash, and said once
            self.confirmed += 1
            return
        self.waiting.setdefault(body["sent"], []).append(body["n"])
        self._objectives[body["n"]] = body["objective"]

    def _session(self, body: Json, hashes: Sequence[str]) -> str:
        name, key = body["orchestrator"], body["key"]
        pinned = self.pins.get(name)
        seen = body["seen"]
        known = seen == 0 or (seen < body["n"] and hashes[seen - 1] == body["seen_hash"])
        if pinned is not None and pinned != key:
            return f"{name} has another key than the one that was pinned"
        if pinned is not None and not known:
            return f"{name} had seen another ledger than this one"
        if not known:
            self.notes.append(
                f"entry {body['n']}: {name} had seen a ledger of {seen} entries that this one does"
                " not hold"
            )
        return ""

    def _received(self, body: Json, hashes: Sequence[str]) -> str:
        statement = canonical(body["statement"])
        signature = bytes.fromhex(body["signature"])
        try:
            received = read_statement(statement)
        except Malformed as error:
            return str(error)
        fault = self.judge(body["orchestrator"], received, statement, signature)
        if fault:
            return fault
        if not self.saw(received, hashes[: body["n"] - 1]):
            return "the orchestrator was shown another ledger than this one"
        found = self.waiting.get(received.digest, [])
        if body["of"] not in found:
            return f"does not belong to entry {body['of']}"
        return ""

    def judge(self, name: str, received: Received, statement: bytes, signature: bytes) -> str:
        """Say what is wrong with a statement about a crossing that waits, or nothing."""
        pinned = self.pins.get(name)
        if pinned is None:
            return f"{name} has shown no key"
        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(pinned)).verify(
                signature, signed_part(statement)
            )
        except (InvalidSignature, ValueError):
            return f"the signature is not one of {name}"
        waiting = self.waiting.get(received.digest)
        if not waiting:
            return f"{name} signed a message that was never sent"
        if any(self._objectives[n] != received.objective for n in waiting):
            return f"{name} signed a message under another objective"
        if received.entries < waiting[0]:
            return f"{name} signed a message for a time before its receipt"
        return ""

    def saw(self, received: Received, hashes: Sequence[str]) -> bool:
        """Tell whether the head in a statement is one that the ledger had."""
        n = received.entries
        return 0 < n <= len(hashes) and hashes[n - 1] == received.head

    def _confirm(self, digest: str, by: int) -> None:
        self.done[digest] = by
        for n in self.waiting.pop(digest):
            self.confirmed += 1
            del self._objectives[n]

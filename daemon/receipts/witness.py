"""The ledger's side of a session: pins who the orchestrator is, keeps what it signs, says no.

An orchestrator with another key than before, one that saw another ledger than this, and one that
signed something else than was sent are refused, and the user is told. It sends nothing; `talk`
calls it through the port in `cloud_bridge.device.witness`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

from doorward.cloud_bridge.errors import BridgeError, Malformed, Mistrusted
from doorward.cloud_bridge.received import (
    Identity,
    LedgerHead,
    Proof,
    Received,
    read_statement,
)
from doorward.daemon.errors import DaemonError, Tampered
from doorward.daemon.objectives.codec import Json
from doorward.daemon.receipts.entries import Confirmed, Disputed, Receipt, SessionBegun
from doorward.daemon.receipts.ledger import Ledger

_KEY_BYTES = 32
_KEPT = 2048
"""Bytes of a false statement that are kept as evidence."""
_BUILD = re.compile(r"[\x20-\x7e]{0,100}")
_HASH = re.compile(r"[0-9a-f]{64}")


@dataclass(slots=True)
class LedgerWitness:
    """One orchestrator's witness over the device's ledger."""

    ledger: Ledger
    name: str
    """The orchestrator's destination: `orchestrator:home`."""
    device: str
    clock: Callable[[], str]
    """ISO date and time, UTC."""
    trouble: Callable[[DaemonError], None]
    """Tells the user what must be looked at."""
    _session: SessionBegun | None = field(default=None, init=False)
    """Who welcomed us, until it stands in the ledger."""

    def head(self) -> LedgerHead:
        """Return where the ledger stands now."""
        head = self.ledger.head
        return LedgerHead(head.n, head.hash) if head.n else LedgerHead()

    def met(self, identity: Identity | None, seen: LedgerHead) -> None:
        """Take who welcomes us; the key is pinned when the first message goes up.

        Raises:
            Mistrusted: It is not who it was, or it saw another ledger.
        """
        fault = self._wrong(identity, seen)
        if fault:
            raise self._refused(fault)
        build = identity.build if identity and _BUILD.fullmatch(identity.build) else ""
        key = identity.key.hex() if identity else ""
        known = _HASH.fullmatch(seen.hash) is not None
        self._session = SessionBegun(
            self.name,
            key,
            build,
            seen.entries if known else 0,
            seen.hash if known else "",
            self.clock(),
        )

    def _wrong(self, identity: Identity | None, seen: LedgerHead) -> str:
        if self.ledger.pairs.disputed(self.name):
            return "it signed something else than was sent, and you have not looked at it yet"
        if identity is not None and len(identity.key) != _KEY_BYTES:
            return "it shows a key that is none"
        pinned = self.ledger.pairs.pins.get(self.name)
        if pinned is None:
            return ""
        if identity is None:
            return f"it shows no key; the one known is {pinned[:16]}…"
        if identity.key.hex() != pinned:
            return f"its key is {identity.key.hex()[:16]}…; the one known is {pinned[:16]}…"
        if seen.entries and self.ledger.hash_at(seen.entries) != seen.hash:
            return (
                f"it has seen a receipt ledger of {seen.entries} entries that this one, of"
                f" {self.ledger.head.n}, does not hold: was it set back?"
            )
        return ""

    def sending(self) -> None:
        """Write who it is that something is about to go to, once a session."""
        if self._session is not None:
            self._append([(self._session, {})])
            self._session = None

    def confirmed(self, proofs: Sequence[Proof], key_of: Callable[[int], str]) -> None:
        """Check and keep what the orchestrator signed; the same again changes nothing.

        Raises:
            BridgeError: One does not hold, or could not be kept.
        """
        self.sending()  # its key stands before its signatures
        made: dict[str, tuple[Receipt, Json]] = {}
        for proof in proofs:
            try:
                received = read_statement(proof.statement)
            except Malformed as error:
                raise self._disputed(str(error), proof) from error
            if received.digest in self.ledger.pairs.done:
                continue
            fault = self._false(received, proof, key_of)
            if fault:
                raise self._disputed(fault, proof)
            made[received.digest] = (self._receipt(received, proof), {})
        self._append(list(made.values()))

    def _false(self, received: Received, proof: Proof, key_of: Callable[[int], str]) -> str:
        if received.device != self.device or received.key != key_of(received.seq):
            return "signed a message under another name than it was sent"
        fault = self.ledger.pairs.judge(self.name, received, proof.statement, proof.signature)
        if not fault and self.ledger.hash_at(received.entries) != received.head:
            return "signed another ledger head than it was sent"
        return fault

    def _receipt(self, received: Received, proof: Proof) -> Confirmed:
        of = self.ledger.pairs.waiting[received.digest][-1]
        step = received.key.partition("/")[2]
        return Confirmed(
            of=of,
            objective=received.objective,
            step=step,
            orchestrator=self.name,
            statement=asdict(received),
            signature=proof.signature.hex(),
            at=self.clock(),
        )

    def _disputed(self, reason: str, proof: Proof) -> Mistrusted:
        """Keep a false proof as evidence; return what ends the session."""
        reason = reason.removeprefix(f"{self.name} ")
        kept = Disputed(
            self.name,
            reason,
            proof.statement[:_KEPT].hex(),
            proof.signature[:_KEPT].hex(),
            self.clock(),
        )
        self._append([(kept, {})])
        return self._refused(f"{reason}: it was sent something else")

    def _refused(self, why: str) -> Mistrusted:
        said = f"{self.name} is not spoken to: {why}"
        hint = (
            "hint: run doorward receipts verify; if you know why (you moved it, restored a backup),"
            f" run doorward stop, then doorward receipts unpin {self.name}"
        )
        told = Tampered(said)
        told.add_note(hint)
        self.trouble(told)
        error = Mistrusted(said)
        error.add_note(hint)
        return error

    def _append(self, entries: list[tuple[Receipt, Json]]) -> None:
        try:
            self.ledger.append(entries)
        except DaemonError as error:
            wrong = BridgeError(str(error))
            for note in getattr(error, "__notes__", ()):
                wrong.add_note(note)
            raise wrong from error

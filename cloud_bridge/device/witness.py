"""What a session asks of the device's receipts: the head to send, the peer to accept, the proofs.

A port: the daemon implements it over its ledger, which this package does not know. Here is also
the twin that keeps nothing. `talk` calls it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from doorward.cloud_bridge.received import Identity, LedgerHead, Proof


class Witness(Protocol):
    """Keeps what the orchestrator proves; refuses one that is not who it was, or proves falsely."""

    def head(self) -> LedgerHead:
        """Return where the receipt ledger stands now."""
        ...

    def met(self, identity: Identity | None, seen: LedgerHead) -> None:
        """Take who welcomes us, before anything is sent.

        Args:
            identity: Who it says it is; None when it shows no key.
            seen: Where it saw this device's ledger last; no entries when it never did.

        Raises:
            BridgeError: It may not be spoken to; the message says why and what to do.
        """
        ...

    def sending(self) -> None:
        """Note that something is about to go up in this session.

        Raises:
            BridgeError: It could not be noted; nothing may go.
        """
        ...

    def confirmed(self, proofs: Sequence[Proof], key_of: Callable[[int], str]) -> None:
        """Check and keep what the orchestrator signed; the same again changes nothing.

        Args:
            proofs: Statements with their signatures.
            key_of: Gives the key of the message that has a number in our log; empty if unknown.

        Raises:
            BridgeError: One does not hold: the session must end.
        """
        ...


class NoWitness:
    """The twin: sends no head, accepts everybody, keeps no proof."""

    def head(self) -> LedgerHead:
        """Return an empty head."""
        return LedgerHead()

    def met(self, identity: Identity | None, seen: LedgerHead) -> None:
        """Accept."""

    def sending(self) -> None:
        """Note nothing."""

    def confirmed(self, proofs: Sequence[Proof], key_of: Callable[[int], str]) -> None:
        """Keep nothing."""

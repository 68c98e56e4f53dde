"""What the bridge raises.

It is not for being offline, which is a status and no error. Codec, logs, link and service raise
these; `daemon.errors` turns them into sentences.

BridgeError
├── Malformed      bytes that are no message of ours, or a value the wire cannot hold
├── Mistrusted     the other end is not who it was, or what it signed does not hold
├── TooLarge       an entry beyond the limit of a frame
└── Incompatible   the two ends have no protocol version in common
"""

from __future__ import annotations


class BridgeError(Exception):
    """Something the bridge could not carry: what failed, on what, why; the hint is a note."""

    retryable = False


class Malformed(BridgeError):
    """Bytes that are no message of ours, or a value the wire cannot hold."""


class Mistrusted(BridgeError):
    """The other end is not who it was, or what it signed does not hold."""


class TooLarge(BridgeError):
    """An entry beyond the limit of a frame."""


class Incompatible(BridgeError):
    """The two ends have no protocol version in common."""

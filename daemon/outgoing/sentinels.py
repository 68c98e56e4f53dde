"""Sentinels and credentials, swapped at the one place where both are known. Pure.

Outward a sentinel becomes its credential in its own header, towards its own host, and nowhere else:
not in a URL, not in a body, not in another header. Inward every credential becomes its sentinel
again, in headers and body, so that a server which echoes it tells the connector nothing. `proxy`
calls it.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Sequence

from doorward.daemon.outgoing.credentials import Credential
from doorward.tools.web.outgoing import Header


def outward(
    headers: Iterable[Header], host: str, credentials: Iterable[Credential]
) -> list[Header]:
    """Return the headers with each sentinel swapped that may be, for this host."""
    mine = [each for each in credentials if each.host == host]
    return [(name, _swapped(name.lower(), value, mine)) for name, value in headers]


def _swapped(name: bytes, value: bytes, credentials: Iterable[Credential]) -> bytes:
    for each in credentials:
        if each.header.encode() == name:
            sentinel, real = each.sentinel.encode(), each.value.encode()
            scheme, space, rest = value.partition(b" ")
            if scheme.lower() == b"basic" and (plain := _decoded(rest)) is not None:
                rest = base64.b64encode(plain.replace(sentinel, real))
                value = scheme + space + rest
            else:
                value = value.replace(sentinel, real)
    return value


def _decoded(text: bytes) -> bytes | None:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        return None


class Inward:
    """Turns credentials in what a server sends into sentinels, piece by piece as it comes."""

    def __init__(
        self, credentials: Sequence[Credential], sent: Iterable[tuple[bytes, bytes]] = ()
    ) -> None:
        """Recognise these.

        Args:
            credentials: Whose values must not come in.
            sent: Pairs of what was sent in a header and what the connector had written there.
        """
        pairs = [pair for pair in sent if pair[0] != pair[1]]
        pairs += [
            (form, each.sentinel.encode())
            for each in credentials
            for form in (each.value.encode(), base64.b64encode(each.value.encode()))
        ]
        self._pairs = sorted(pairs, key=lambda pair: -len(pair[0]))
        self._held = b""

    def whole(self, data: bytes) -> bytes:
        """Return one whole text, such as a header's value, without credentials."""
        for real, sentinel in self._pairs:
            data = data.replace(real, sentinel)
        return data

    def feed(self, chunk: bytes) -> bytes:
        """Return what can be passed on now; what may be the start of a credential waits."""
        data = self.whole(self._held + chunk)
        waits = max((_start(data, real) for real, _ in self._pairs), default=0)
        self._held = data[len(data) - waits :]
        return data[: len(data) - waits]

    def end(self) -> bytes:
        """Return what was waiting: nothing follows, so it was none."""
        left, self._held = self._held, b""
        return left


def _start(data: bytes, real: bytes) -> int:
    """Return how many bytes at the end of `data` are the start of a credential."""
    longest = min(len(data), len(real) - 1)
    return next((size for size in range(longest, 0, -1) if data.endswith(real[:size])), 0)

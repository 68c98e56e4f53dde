"""The frames between the daemon and its reader: a length, then one JSON object.

Not a general protocol: both ends are ours and of one version. `client` uses the async half,
`daemon.reader` the blocking half. A frame that breaks the form is `FrameError`: the other end
cannot be trusted.
"""

from __future__ import annotations

import asyncio
import json
import socket
import struct
from typing import TypeAlias, cast

from doorward.policies.vocabulary import Data

Frame: TypeAlias = dict[str, Data]

MAX_FRAME = 64 * 1024 * 1024
"""Bytes; more is a fault at the other end, not a text."""

_LENGTH = struct.Struct(">I")


class FrameError(Exception):
    """What arrived is no frame."""


def encode(frame: Frame) -> bytes:
    """Return the bytes of one frame."""
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    return _LENGTH.pack(len(body)) + body


async def read(stream: asyncio.StreamReader) -> Frame | None:
    """Read one frame; None when the peer has closed.

    Raises:
        FrameError: When the bytes are no frame.
    """
    try:
        size = _size(await stream.readexactly(_LENGTH.size))
        return _decode(await stream.readexactly(size))
    except (asyncio.IncompleteReadError, ConnectionError):
        return None


def receive(peer: socket.socket) -> Frame | None:
    """Read one frame, blocking; None when the peer has closed.

    Raises:
        FrameError: When the bytes are no frame.
    """
    head = _exactly(peer, _LENGTH.size)
    body = None if head is None else _exactly(peer, _size(head))
    return None if body is None else _decode(body)


def _exactly(peer: socket.socket, size: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < size:
        part = peer.recv(min(size - len(parts), 1 << 20))
        if not part:
            return None
        parts += part
    return bytes(parts)


def _size(head: bytes) -> int:
    (size,) = _LENGTH.unpack(head)
    if size > MAX_FRAME:
        msg = f"a frame of {size} bytes is too large"
        raise FrameError(msg)
    return int(size)


def _decode(body: bytes) -> Frame:
    try:
        frame = json.loads(body.decode("utf-8", "surrogatepass"))
    except ValueError as error:
        msg = "a frame is not JSON"
        raise FrameError(msg) from error
    if not isinstance(frame, dict):
        msg = "a frame is not an object"
        raise FrameError(msg)
    return cast("Frame", frame)

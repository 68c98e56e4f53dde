"""The frames between the daemon and its reader: a length, then one JSON object.

Not a general protocol: both ends are ours and of one version, and each takes bytes as they come.
`link` and `daemon.reader.line` use it. A frame that breaks the form is `FrameError`: the other end
cannot be trusted.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from typing import TypeAlias, cast

from doorward.policies.vocabulary import Data

Frame: TypeAlias = dict[str, Data]

MAX_FRAME = 64 * 1024 * 1024
"""Bytes; more is a fault at the other end, not a text."""

_LENGTH = struct.Struct(">I")


class FrameError(Exception):
    """What arrived is no frame."""


def encode(frame: Frame) -> bytes:
    """Return the bytes of one frame.

    Raises:
        FrameError: When it is larger than the other end takes.
    """
    body = json.dumps(frame, ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )
    if len(body) > MAX_FRAME:
        raise _too_large(len(body))
    return _LENGTH.pack(len(body)) + body


class Frames:
    """Bytes in, as they arrive; whole frames out."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, part: bytes) -> Iterator[Frame]:
        """Take more bytes and yield the frames that they complete.

        Raises:
            FrameError: When the bytes are no frame.
        """
        self._bytes += part
        while len(self._bytes) >= _LENGTH.size:
            (size,) = _LENGTH.unpack_from(self._bytes)
            if size > MAX_FRAME:
                raise _too_large(size)
            end = _LENGTH.size + size
            if len(self._bytes) < end:
                return
            body = bytes(self._bytes[_LENGTH.size : end])
            del self._bytes[:end]
            yield _decode(body)


def _too_large(size: int) -> FrameError:
    return FrameError(f"a frame of {size} bytes is too large")


def _decode(body: bytes) -> Frame:
    try:
        frame = json.loads(body.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        msg = "a frame is not JSON"
        raise FrameError(msg) from error
    if not isinstance(frame, dict):
        msg = "a frame is not an object"
        raise FrameError(msg)
    return cast("Frame", frame)

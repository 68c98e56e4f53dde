"""The reader's end of the socket pair: frames in and out, without ever waiting for a slow peer.

It knows no requests and no model: `serving` takes frames from it and puts answers into it. What the
peer does not read is held back here, up to a bound; beyond it `full` says to stop working.
"""

from __future__ import annotations

import select
import socket
from collections import deque

from doorward.daemon.models import frames
from doorward.daemon.models.frames import Frame, FrameError, Frames

MOST_HELD = 4 << 20
"""Bytes that wait for a peer that does not read; with more, nothing new is computed."""
_PART = 1 << 20


class GoneError(Exception):
    """The peer has closed, or talks nonsense: nobody is left to answer."""


class Line:
    """One end of a socket pair, in frames."""

    def __init__(self, peer: socket.socket) -> None:
        """Take the socket; it no longer blocks."""
        peer.setblocking(False)
        self._peer = peer
        self._frames = Frames()
        self._held: deque[memoryview] = deque()
        self._bytes = 0

    @property
    def full(self) -> bool:
        """Tell whether the peer has left so much unread that work should wait for it."""
        return self._bytes > MOST_HELD

    def send(self, frame: Frame) -> None:
        """Send a frame, or hold it until the peer reads.

        Raises:
            GoneError: When the peer has closed.
        """
        encoded = frames.encode(frame)
        self._held.append(memoryview(encoded))
        self._bytes += len(encoded)
        self._flush()

    def take(self, *, wait: bool) -> list[Frame]:
        """Return the frames that have arrived.

        Args:
            wait: Wait until something arrives, or the peer reads what is held.

        Raises:
            GoneError: When the peer has closed, or sent what is no frame.
        """
        writing = [self._peer] if self._held else []
        readable, _, _ = select.select([self._peer], writing, [], None if wait else 0)
        self._flush()
        return self._receive() if readable else []

    def drain(self) -> None:
        """Wait until the peer has read everything; for the last words.

        Raises:
            GoneError: When the peer has closed.
        """
        while self._held:
            select.select([], [self._peer], [])
            self._flush()

    def _receive(self) -> list[Frame]:
        arrived: list[Frame] = []
        try:
            while part := self._peer.recv(_PART):
                arrived += self._frames.feed(part)
                if len(part) < _PART:
                    return arrived
        except BlockingIOError:
            return arrived
        except (OSError, FrameError) as error:
            raise GoneError from error
        raise GoneError

    def _flush(self) -> None:
        try:
            while self._held:
                sent = self._peer.send(self._held[0])
                self._bytes -= sent
                if sent < len(self._held[0]):
                    self._held[0] = self._held[0][sent:]
                else:
                    self._held.popleft()
        except BlockingIOError:
            return
        except OSError as error:
            raise GoneError from error

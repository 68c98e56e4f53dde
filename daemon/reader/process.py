"""The reader process: one thread that loads the model, answers requests, and ends with its peer.

It has no files but the model, no network and no tools: frames in, spans, weights and vectors out.
`daemon.models.client` starts it with one end of a socket pair; nothing else does. The daemon does
not import it.
"""

from __future__ import annotations

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import cast

from doorward.daemon.models import frames
from doorward.daemon.models.frames import Frame
from doorward.daemon.reader import gguf, products, weights
from doorward.daemon.reader.engine import Engine, Found, RefusedError
from doorward.policies.vocabulary import Data
from doorward.tools.sandbox import sandbox

ALIVE_S = 1.0
"""Seconds between signs of life while working."""


class CancelledError(Exception):
    """The peer no longer wants this answer."""


class GoneError(Exception):
    """The peer has closed: nobody is left to answer."""


class Line:
    """The worker's end of the socket pair."""

    def __init__(self, peer: socket.socket) -> None:
        self._peer = peer
        self._waiting: deque[Frame] = deque()
        self._working: Data = None
        self._last = 0.0

    def next(self) -> Frame:
        """Wait for the next request.

        Raises:
            GoneError: When the peer has closed.
        """
        return self._waiting.popleft() if self._waiting else self._take()

    def send(self, frame: Frame) -> None:
        """Send one frame, blocking."""
        try:
            self._peer.sendall(frames.encode(frame))
        except OSError as error:
            raise GoneError from error

    def work_on(self, number: Data) -> None:
        """Name the request that `pulse` speaks for."""
        self._working = number

    def pulse(self) -> None:
        """Between forward passes: show life, and notice a cancel or a closed peer.

        Raises:
            CancelledError: When the running request was cancelled.
            GoneError: When the peer has closed.
        """
        while select.select([self._peer], [], [], 0)[0]:
            frame = self._take()
            if "cancel" not in frame:
                self._waiting.append(frame)
            elif frame["cancel"] == self._working:
                raise CancelledError
        now = time.monotonic()
        if now - self._last >= ALIVE_S:
            self._last = now
            self.send({"id": self._working, "alive": True})

    def _take(self) -> Frame:
        try:
            frame = frames.receive(self._peer)
        except OSError as error:
            raise GoneError from error
        if frame is None:
            raise GoneError
        return frame


def answer(engine: Engine, request: Frame, heard: Callable[[str], None]) -> Data:
    """Carry out one request.

    Raises:
        ValueError: When the request is of no known kind.
    """
    texts = cast("list[str]", request.get("texts", []))
    match request.get("do"):
        case "find":
            asked = cast("list[list[str]]", request["asks"])
            return [
                [_flat(span) for span in engine.find(text, asks)]
                for text, asks in zip(texts, asked, strict=True)
            ]
        case "choose":
            options = cast("list[str]", request["options"])
            if examples := cast("list[tuple[str, str]]", request.get("examples") or []):
                return [cast("Data", one) for one in engine.compare(texts, options, examples)]
            return [cast("Data", engine.choose(text, options)) for text in texts]
        case "write":
            schema = cast("dict[str, Data] | None", request.get("schema"))
            tokens = cast("int", request["tokens"])
            return [*engine.write(str(request["task"]), texts[0], schema, tokens, heard)]
        case "embed":
            return [cast("Data", vector) for vector in engine.embed(texts)]
        case other:
            msg = f"unknown request {other!r}"
            raise ValueError(msg)


def _flat(span: Found | None) -> Data:
    return None if span is None else [span.start, span.end, span.confidence]


def serve(line: Line, engine: Engine) -> None:
    """Answer requests until the peer closes.

    Raises:
        GoneError: When the peer has closed.
    """
    import mlx.core as mx

    while True:
        request = line.next()
        if "cancel" in request:
            continue  # it was answered already
        number = request.get("id")
        line.work_on(number)

        def heard(piece: str, number: Data = number) -> None:
            line.send({"id": number, "piece": piece})

        try:
            line.send({"id": number, "result": answer(engine, request, heard)})
        except RefusedError as error:
            line.send({"id": number, "refused": str(error)})
        except CancelledError:
            line.send({"id": number, "error": "cancelled"})
        except (ValueError, TypeError, KeyError) as error:
            line.send({"id": number, "error": f"{type(error).__name__}: {error}"})
        finally:
            line.work_on(None)
            gc.collect()
            mx.clear_cache()


def run(peer: socket.socket, model: Path, library: Path | None) -> None:
    """Load the model, shut the doors, say ready, serve."""
    line = Line(peer)
    speed = products.preload(library)
    try:
        engine = Engine(weights.load(model, packed=sys.platform == "darwin"), line.pulse)
    except gguf.UnusableModelError as error:
        line.send({"unusable": str(error)})
        return
    engine.warm()  # everything is imported and every file read before the doors close
    held = sandbox.confine()
    if escapes := sandbox.escape_attempts():
        line.send({"unusable": f"the reader's sandbox leaks ({', '.join(escapes)})"})
        return
    line.send(
        {"ready": True, "size": engine.size, "blas": speed, "confined": ", ".join(held.layers)}
    )
    serve(line, engine)


def main(arguments: Sequence[str]) -> None:
    """Run with `<socket number> <model file> <fast BLAS or nothing>`."""
    number, model, *library = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the daemon decides when it ends
    os.environ.setdefault("MLX_DISABLE_COMPILE", "1")
    with socket.socket(fileno=int(number)) as peer, contextlib.suppress(GoneError):
        run(peer, Path(model), Path(library[0]) if library else None)

"""A reader process without a model: speaks the frames, and misbehaves as often as it is told.

Started by the client in place of the worker: `stand_in.py <mode> <count file> <socket> <model>`.
The count file holds how many starts there were; a misbehaviour happens on the first `n` of them.
"""

from __future__ import annotations

import os
import socket
import struct
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from doorward.daemon.models import frames
from doorward.policies.vocabulary import Data

NONSENSE = {
    "garbage": struct.pack(">I", 7) + b"nothing",
    "huge": struct.pack(">I", 2**32 - 1),
}


def main() -> None:
    mode, count, number = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    starts = int(count.read_text(encoding="ascii") or "0") + 1 if count.exists() else 1
    count.write_text(str(starts), encoding="ascii")
    what, _, times = mode.partition(":")
    bad = starts <= int(times or "0")
    with socket.socket(fileno=number) as peer:
        if what == "unusable":
            peer.sendall(frames.encode({"unusable": "the model is of no known kind"}))
            return
        peer.sendall(frames.encode({"id": None, "alive": True}))
        peer.sendall(frames.encode({"ready": True, "size": 7, "blas": "stock", "confined": "no"}))
        for request in requests(peer):
            if "cancel" not in request:
                serve(peer, request, what if bad else "good")


def requests(peer: socket.socket) -> Iterator[frames.Frame]:
    arriving = frames.Frames()
    while part := peer.recv(65536):
        yield from arriving.feed(part)


def serve(peer: socket.socket, request: frames.Frame, what: str) -> None:
    def say(**more: Data) -> None:
        peer.sendall(frames.encode({"id": request.get("id"), **more}))

    match what, request.get("texts"):
        case ("die", _) | (_, ["poison"]):
            os._exit(1)
        case "hang", _:
            time.sleep(3600)
        case (("garbage" | "huge"), _):
            peer.sendall(NONSENSE[what])
        case "memory", _:
            say(error="full", kind="memory")
        case _, [("large" | "refused") as kind]:
            say(error="7 fit", kind=kind)
        case _, ["never"]:
            pass
        case "half", _:
            say(piece="a")
            say(piece="b")
            os._exit(1)
        case _, texts:
            answer(say, request, texts if isinstance(texts, list) else [], what)


def answer(say: Callable[..., None], request: frames.Frame, texts: list[Data], what: str) -> None:
    match request.get("do"), request.get("asks"):
        case "find", [*asks]:
            say(result=[[0, 10**6 if what == "outside" else 1, 0.9] for _ in asks])
        case "embed", _:
            say(result=[[1.0, 0.0] for _ in texts])
        case "write", _:
            for piece in "abc":
                say(piece=piece)
            say(result=["abc", "stop", 1, 3])
        case _:
            say(result=None)


if __name__ == "__main__":
    main()

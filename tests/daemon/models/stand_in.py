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
from collections.abc import Iterator
from pathlib import Path

from doorward.daemon.models import frames
from doorward.policies.vocabulary import Data


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
    if what == "die":
        os._exit(1)
    if what == "hang":
        time.sleep(3600)
    if what == "garbage":
        peer.sendall(struct.pack(">I", 7) + b"nothing")
        return
    if what == "huge":
        peer.sendall(struct.pack(">I", 2**32 - 1))
        return
    result: Data = None
    texts, asks = request.get("texts"), request.get("asks")
    match request.get("do"):
        case "find" if isinstance(texts, list) and isinstance(asks, list):
            end = 10**6 if what == "outside" else 1
            result = [[0, end, 0.9] for _ in asks]
        case "embed" if isinstance(texts, list):
            result = [[1.0, 0.0] for _ in texts]
    peer.sendall(frames.encode({"id": request.get("id"), "result": result}))


if __name__ == "__main__":
    main()

"""The launcher of programs that others wrote: gives up every right, proves it, becomes the program.

It is the child between us and a connector's server; it speaks no protocol and outlives nothing: on
success it is replaced by the server, which inherits the walls and cannot take them down. It refuses
when its own escape test finds a hole. `connectors.child` starts it by `main()`.

The order comes as JSON in the second argument. Answers go to the socket `status`, one JSON line
each: `{"ready": [layers]}`, then it closes with the exec; or `{"refused": why, "missing": [...]}`.
A program with hosts to reach gets a network of its own in which one thing listens: a socket that
goes out with the line `{"way": port}`. Whoever holds it is the only one that can be reached.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from doorward.tools.sandbox.sandbox import confine, escape_attempts

_MEMORY = 4 * 1024**3
"""Writable memory of one process, in bytes; a limit on address space would stop V8."""
_FILE = 100 * 1024**2
"""The largest file it may write, in bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What to start, and what it may reach. Paths are resolved and absolute."""

    command: Sequence[str]
    """Program and arguments; none only tests the walls."""
    folder: str
    """Its own folder: HOME, working directory; writable."""
    env: Mapping[str, str] = field(default_factory=dict)
    read: Sequence[str] = ()
    write: Sequence[str] = ()
    run: Sequence[str] = ()
    """The program files that may be executed."""
    private: Sequence[str] = ()
    """Files that the escape test tries, besides its usual ones."""
    proxy: str = ""
    """What it shows at the one place it can reach, `name:token`; empty for no network at all."""

    def text(self) -> str:
        """Return the order as JSON."""
        return json.dumps(asdict(self))


def main() -> None:
    """Confine this process, prove it, become the program."""
    order, status = Order(**json.loads(sys.argv[2])), int(sys.argv[3])
    os.set_inheritable(status, False)  # closed by the exec: that is how the parent sees it worked
    if sys.platform == "linux":
        from doorward.tools.sandbox.linux import die_with_parent

        die_with_parent()
    read, write = [*map(Path, order.read)], [*map(Path, order.write), Path(order.folder)]
    run, private = [*map(Path, order.run)], [*map(Path, order.private)]
    for what, most in ((resource.RLIMIT_DATA, _MEMORY), (resource.RLIMIT_FSIZE, _FILE)):
        resource.setrlimit(what, (most, most))
    ways: list[int] = []

    def way() -> None:
        ways.append(_open_way(status))

    held = confine(read=read, write=write, run=run, network=way if order.proxy else False)
    if order.proxy and not ways:
        why = "it may reach hosts, and this system gives it no network of its own"
        _say(status, {"refused": why, "missing": list(held.missing)})
        return
    granted = [*read, *write, *run]
    escapes = escape_attempts(granted=granted, run=run, private=private, inner=bool(ways))
    if escapes:
        why = f"the sandbox does not hold: it {', '.join(escapes)}"
        _say(status, {"refused": why, "missing": list(held.missing)})
        return
    _say(status, {"ready": list(held.layers), "missing": list(held.missing)})
    if order.command:
        _become(order, status, _proxied(order, ways))


def _open_way(status: int) -> int:
    """Listen on the own loopback, hand the socket to the parent, and return its port."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as opened:
        opened.bind(("127.0.0.1", 0))
        opened.listen(16)
        port = int(opened.getsockname()[1])
        with socket.socket(fileno=os.dup(status)) as told:
            line = json.dumps({"way": port}).encode() + b"\n"
            socket.send_fds(told, [line], [opened.fileno()])
    return port


def _proxied(order: Order, ways: Sequence[int]) -> dict[str, str]:
    places = {f"http://{order.proxy}@127.0.0.1:{port}" for port in ways}
    names = ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy")
    return {name: place for place in places for name in names}


def _become(order: Order, status: int, more: Mapping[str, str]) -> None:
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # the interpreter's habit, not the program's
        signal.signal(ignored, signal.SIG_DFL)
    os.chdir(order.folder)
    try:
        os.execve(order.command[0], list(order.command), {**order.env, **more})  # noqa: S606 - its purpose
    except OSError as error:
        _say(status, {"refused": f"{order.command[0]} cannot be started: {error.strerror}"})


def _say(status: int, record: dict[str, object]) -> None:
    os.write(status, json.dumps(record).encode() + b"\n")

"""The launcher of programs that others wrote: gives up every right, proves it, becomes the program.

It is the child between us and a connector's server; it speaks no protocol and outlives nothing: on
success it is replaced by the server, which inherits the walls and cannot take them down. It refuses
when its own escape test finds a hole. `connectors.child` starts it by `main()`.

The order comes as JSON in the second argument. Answers go to the pipe `status`, one JSON line each:
`{"ready": [layers]}`, then the pipe closes with the exec; or `{"refused": why, "missing": [...]}`.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path

from doorward.tools.sandbox import confine, escape_attempts

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

    def text(self) -> str:
        """Return the order as JSON."""
        return json.dumps(asdict(self))


def main() -> None:
    """Confine this process, prove it, become the program."""
    order, status = Order(**json.loads(sys.argv[2])), int(sys.argv[3])
    os.set_inheritable(status, False)  # closed by the exec: that is how the parent sees it worked
    if sys.platform == "linux":
        from doorward.tools.sandbox_linux import die_with_parent

        die_with_parent()
    read, write = [*map(Path, order.read)], [*map(Path, order.write), Path(order.folder)]
    run, private = [*map(Path, order.run)], [*map(Path, order.private)]
    for what, most in ((resource.RLIMIT_DATA, _MEMORY), (resource.RLIMIT_FSIZE, _FILE)):
        resource.setrlimit(what, (most, most))
    held = confine(read=read, write=write, run=run)
    escapes = escape_attempts(granted=[*read, *write, *run], run=run, private=private)
    if escapes:
        why = f"the sandbox does not hold: it {', '.join(escapes)}"
        _say(status, {"refused": why, "missing": list(held.missing)})
        return
    _say(status, {"ready": list(held.layers), "missing": list(held.missing)})
    if order.command:
        _become(order, status)


def _become(order: Order, status: int) -> None:
    for ignored in (signal.SIGPIPE, signal.SIGXFSZ):  # the interpreter's habit, not the program's
        signal.signal(ignored, signal.SIG_DFL)
    os.chdir(order.folder)
    try:
        os.execve(order.command[0], list(order.command), dict(order.env))  # noqa: S606 - its purpose
    except OSError as error:
        _say(status, {"refused": f"{order.command[0]} cannot be started: {error.strerror}"})


def _say(status: int, record: dict[str, object]) -> None:
    os.write(status, json.dumps(record).encode() + b"\n")

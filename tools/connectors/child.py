"""A connector's process: started behind its walls, ended with all that it started.

It speaks no MCP (`session` does, over its pipes). One `Child` is one process group. Nothing of our
environment reaches it.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from doorward.tools.base import Unavailable
from doorward.tools.sandbox import seatbelt
from doorward.tools.sandbox.confined import Order
from doorward.tools.sandbox.sandbox import import_path

_START = 20.0
"""Seconds in which the walls must stand."""
MAX_LINE = 5 * 1024 * 1024
"""Bytes of one message; more ends the connector."""
_TAIL = 2000
"""Characters kept of what it wrote to standard error last."""
_PROGRAM = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]);"
    "from doorward.tools.sandbox.confined import main; main()"
)


class Child:
    """One running server."""

    def __init__(self, process: asyncio.subprocess.Process, layers: tuple[str, ...]) -> None:
        self._process = process
        self.layers = layers
        """The layers of its sandbox."""
        self.way: socket.socket | None = None
        """Where it comes out, when it may reach hosts: a listening socket of its own network."""
        self.complaint = ""
        """What it wrote to standard error last; untrusted."""

    @classmethod
    async def start(cls, name: str, order: Order, home: Path) -> Child:
        """Start it in its own process group, and wait until it runs behind its walls.

        Args:
            name: The connector's, for messages.
            order: What to start and what it may reach.
            home: The user's home, which the escape test tries to read.

        Raises:
            Unavailable: It cannot start, or the sandbox has a hole.
        """
        _make_folder(Path(order.folder))
        heard, telling = socket.socketpair()
        try:
            process = await asyncio.create_subprocess_exec(
                *_command(order, telling.fileno()),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env={"LC_ALL": "C.UTF-8", "HOME": str(home)},
                cwd="/",
                pass_fds=(telling.fileno(),),
                start_new_session=True,
                limit=MAX_LINE,
            )
        except OSError as error:
            heard.close()
            raise _unavailable(name, str(error), "") from error
        finally:
            telling.close()
        child = cls(process, ())
        try:
            child.layers, child.way = await _walls(name, heard)
        except BaseException:
            await child.close()
            raise
        return child

    @property
    def pid(self) -> int:
        """Its process id, which is also its group's."""
        return self._process.pid

    @property
    def stdin(self) -> asyncio.StreamWriter:
        """Where messages go."""
        assert self._process.stdin is not None, "it is a pipe"  # noqa: S101  # invariant
        return self._process.stdin

    @property
    def stdout(self) -> asyncio.StreamReader:
        """Where messages come from; a line longer than `MAX_LINE` raises `ValueError`."""
        assert self._process.stdout is not None, "it is a pipe"  # noqa: S101  # invariant
        return self._process.stdout

    async def listen(self) -> None:
        """Keep the end of what it writes to standard error, until it closes that."""
        pipe = self._process.stderr
        while pipe is not None and (some := await pipe.read(8192)):
            self.complaint = (self.complaint + some.decode("utf-8", "replace"))[-_TAIL:]

    def kill(self) -> None:
        """End the whole process group at once."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """End the whole process group and wait until it is gone."""
        self.kill()  # the group may outlive its first process
        if self.way is not None:
            self.way.close()
        self.stdin.close()
        await self._process.wait()
        transport = getattr(self._process, "_transport", None)
        if transport is not None:  # pipes that a grandchild still holds would keep it open
            transport.close()


async def _walls(name: str, heard: socket.socket) -> tuple[tuple[str, ...], socket.socket | None]:
    """Return the layers that hold, once the program has replaced the launcher, and its way out."""
    ways: list[int] = []
    try:
        async with asyncio.timeout(_START):
            lines = (await _told(heard, ways)).splitlines()  # it ends with the exec
    except TimeoutError:
        raise _unavailable(name, "its sandbox did not come up in time", "try again") from None
    finally:
        heard.close()
        found = [socket.socket(fileno=way) for way in ways]
    records = [json.loads(line) for line in lines]
    missing = [str(each) for record in records for each in record.get("missing", ())]
    if not records or "ready" not in records[-1]:
        for way in found:
            way.close()
        why = str(records[-1].get("refused", "")) if records else ""
        hint = f"missing here: {'; '.join(missing)}" if missing else "see `doorward doctor`"
        raise _unavailable(name, why or "the launcher ended before it was ready", hint)
    layers = tuple(str(layer) for layer in records[-1]["ready"])
    return layers, found[0] if found else None


async def _told(heard: socket.socket, ways: list[int]) -> bytes:
    """Read what the launcher says until it is gone, and the sockets that it hands over."""
    running = asyncio.get_running_loop()
    heard.setblocking(False)
    more = asyncio.Event()
    running.add_reader(heard, more.set)
    told = b""
    try:
        while True:
            await more.wait()
            more.clear()
            try:
                some, fds, _, _ = socket.recv_fds(heard, 8192, 1)
            except BlockingIOError:  # woken for what was read already
                continue
            ways += fds
            if not some:
                return told
            told += some
    finally:
        running.remove_reader(heard)


async def try_walls(order: Order, home: Path) -> tuple[str, ...]:
    """Try the walls without a program behind them; return the layers that hold.

    Raises:
        Unavailable: The sandbox has a hole on this device; says which layer is missing.
    """
    child = await Child.start("self-test", order, home)
    await child.close()
    return child.layers


def _make_folder(folder: Path) -> None:
    """Make the connector's own folder, with an empty place for temporary files."""
    shutil.rmtree(folder / "tmp", ignore_errors=True)
    (folder / "tmp").mkdir(mode=0o700, parents=True)
    folder.chmod(0o700)


def _command(order: Order, status: int) -> list[str]:
    paths = import_path()
    start = [sys.executable, "-I", "-B", "-c", _PROGRAM]
    command = [*start, json.dumps(paths), order.text(), str(status)]
    if sys.platform != "darwin":
        return command
    return seatbelt.confined(command, profile(order, paths))


def profile(order: Order, paths: list[str]) -> str:
    """Return the Seatbelt profile around launcher and program. Not yet run on a Mac.

    Args:
        order: What the program may reach.
        paths: Where the launcher's own modules are.
    """
    places = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    places |= {Path(path).resolve() for path in paths if Path(path).exists()}
    return seatbelt.profile(
        read=[*sorted(places), *map(Path, order.read)],
        write=[*map(Path, order.write), Path(order.folder)],
        run=[*map(Path, order.run)],
    )


def _unavailable(name: str, why: str, hint: str) -> Unavailable:
    error = Unavailable(f"cannot start the connector {name}: {why}")
    if hint:
        error.add_note(f"hint: {hint}")
    return error

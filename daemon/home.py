"""The home orchestrator's process: started when an objective needs it, ended when none does.

It knows nothing of objectives. The child is the same program as in the cloud; it ends by itself
when the pipe to this process closes, so a killed daemon leaves no orphan.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import sys
from collections.abc import Callable
from pathlib import Path

from doorward.daemon.errors import DaemonError, NoRoom, OrchestratorGone

_READY_WITHIN = 30.0
_STOP_WITHIN = 5.0
_BACKOFF = (0.1, 0.1, 0.5, 1.0, 2.0, 5.0)
_HEALTHY = 10.0
"""Seconds that a child must live for its end not to count as a failed start."""
_PATIENCE = 3
"""Failed starts in a row before the user is told."""
_ROOM = 1_000_000
"""Bytes without which no database can be written."""


class HomeOrchestrator:
    """Keeps one child process alive while it is wanted."""

    def __init__(
        self, socket: Path, database: Path, log: Path, trouble: Callable[[DaemonError], None]
    ) -> None:
        """Name the child's socket, database and log file; `trouble` hears why it does not start."""
        self._socket = socket
        self._database = database
        self._log = log
        self._trouble = trouble
        self._failures = 0
        self.pid: int | None = None

    @property
    def target(self) -> str:
        """Return the gRPC target of the child."""
        return f"unix:{self._socket}"

    async def keep(self, on_ready: Callable[[], None]) -> None:
        """Run the child, again after each crash, until cancelled.

        Args:
            on_ready: Called each time the child accepts connections.
        """
        clock = asyncio.get_running_loop().time
        while True:
            started, error = clock(), OrchestratorGone("the home orchestrator ended by itself")
            try:
                await self._live(on_ready)
            except OrchestratorGone as gone:
                error = gone
            self._failures = 0 if clock() - started > _HEALTHY else self._failures + 1
            if self._failures >= _PATIENCE:
                self._trouble(self._why(error))
            await asyncio.sleep(_BACKOFF[min(self._failures, len(_BACKOFF) - 1)])

    def _why(self, error: DaemonError) -> DaemonError:
        """Say what most likely keeps the child from living."""
        if shutil.disk_usage(self._database.parent).free > _ROOM:
            if not getattr(error, "__notes__", ()):
                error.add_note(f"hint: see {self._log}")
            return error
        full = NoRoom(f"the disk that holds {self._database.parent} is full")
        full.add_note("hint: free some space; the objective is kept and goes on by itself")
        return full

    async def _live(self, on_ready: Callable[[], None]) -> None:
        reading, writing = os.pipe()
        try:
            child = await self._start(reading)
        except OSError as error:
            os.close(writing)
            raise OrchestratorGone(f"cannot start the home orchestrator: {error}") from error
        finally:
            os.close(reading)
        self.pid = child.pid
        try:
            await self._until_ready(child)
            on_ready()
            await child.wait()
        finally:
            os.close(writing)
            await asyncio.shield(_end(child))
            self.pid = None

    async def _start(self, parent: int) -> asyncio.subprocess.Process:
        with self._log.open("ab") as log:
            return await asyncio.create_subprocess_exec(
                *self._command(parent),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                pass_fds=(parent,),
                start_new_session=True,
            )

    def _command(self, parent: int) -> list[str]:
        code = "from doorward.cloud_bridge.orchestrator.main import main; raise SystemExit(main())"
        return [
            *(sys.executable, "-P", "-c", code),
            *("--listen", self.target, "--database", str(self._database)),
            *("--parent-fd", str(parent)),
        ]

    async def _until_ready(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdout is not None, "stdout is a pipe"  # noqa: S101  # invariant
        try:
            async with asyncio.timeout(_READY_WITHIN):
                line = await child.stdout.readline()
        except TimeoutError:
            line = b""
        if line.strip() != b"ready":
            error = OrchestratorGone("the home orchestrator did not start")
            error.add_note(f"hint: see {self._log}")
            raise error


async def _end(child: asyncio.subprocess.Process) -> None:
    with contextlib.suppress(ProcessLookupError):
        child.send_signal(signal.SIGTERM)
    try:
        async with asyncio.timeout(_STOP_WITHIN):
            await child.wait()
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)
        await child.wait()

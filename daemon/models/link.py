"""One running reader process and our end of the socket pair: many requests in flight, by number.

It retries nothing and chooses no model; `client` does. A process that dies, falls silent or talks
nonsense breaks every request that it was asked, each with the reason.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from doorward.daemon.models import frames
from doorward.daemon.models.frames import Frame, FrameError, Frames
from doorward.policies.vocabulary import Data
from doorward.tools.sandbox import seatbelt
from doorward.tools.sandbox.sandbox import import_path

_BOOT = (
    "import json, sys; sys.path[:0] = json.loads(sys.argv.pop(1)); "
    "from doorward.daemon.reader.process import main; main(sys.argv[1:])"
)
_MODELS = ("reader", "embedder", "draft", "adapter")
_CLOSE_S = 5.0
"""Seconds a closing process gets before it is killed."""
_LOOKS = 8
"""How often in a time of silence it is looked at: a machine that slept has not been silent."""


class BrokenError(Exception):
    """The process died, hung or spoke nonsense; the message says which."""


@dataclass(frozen=True, slots=True)
class Launch:
    """How a process is started."""

    start: dict[str, Data]
    """What it is told; `daemon.reader.process` reads it."""
    private: Path
    """Its working directory, and where it may keep temporary files before it shuts its doors."""
    silence: float
    """Seconds without a sign of life after which it counts as hung."""
    command: Sequence[str] | None = None
    """What to start instead of our own process; it gets the same arguments."""


@dataclass(slots=True)
class _Asked:
    answer: asyncio.Future[Frame]
    heard: Callable[[str], None] | None


class Link(asyncio.Protocol):
    """A process that runs, or ran."""

    def __init__(self, launch: Launch) -> None:
        self.launch = launch
        self.about: Frame = {}
        self._loop = asyncio.get_running_loop()
        self._ready: asyncio.Future[Frame] = self._loop.create_future()
        self._frames = Frames()
        self._asked: dict[int, _Asked] = {}
        self._number = 0
        self._quiet = 0
        self._look: asyncio.TimerHandle | None = None
        self._transport: asyncio.Transport | None = None
        self._process: asyncio.subprocess.Process | None = None
        self._broken: str | None = None

    @classmethod
    async def start(cls, launch: Launch) -> Link:
        """Start a process and wait until it says that it is ready, or why it never will be.

        Raises:
            BrokenError: When it died or fell silent before.
        """
        link = cls(launch)
        try:
            await link._spawn()
            link._watch()
            link.about = await link._ready
        except BaseException:
            await link.end(kill=True)
            raise
        return link

    @property
    def alive(self) -> bool:
        """Tell whether it can be asked."""
        return self._broken is None and self._process is not None and not self._closing

    @property
    def pid(self) -> int | None:
        """Return its process id while it can be asked."""
        return self._process.pid if self._process is not None and self.alive else None

    async def ask(self, request: Frame, heard: Callable[[str], None] | None = None) -> Frame:
        """Ask, and wait for the answer; whoever stops waiting cancels the work.

        Raises:
            BrokenError: When the process broke.
            FrameError: When the request is too large to be sent.
        """
        if not self.alive or self._transport is None:
            raise BrokenError(self._broken or "it has ended")
        self._number += 1
        number = self._number
        encoded = frames.encode({**request, "id": number})
        asked = self._asked[number] = _Asked(self._loop.create_future(), heard)
        self._transport.write(encoded)
        self._watch()
        try:
            return await asked.answer
        except asyncio.CancelledError:
            if self.alive:
                self._transport.write(frames.encode({"cancel": number}))
            raise
        finally:
            del self._asked[number]

    def close(self) -> None:
        """Close our end: the process sees it between two forward passes and ends."""
        if self._transport is not None:
            self._transport.close()

    async def end(self, *, kill: bool) -> None:
        """Close and wait; kill what does not end. It is gone when this returns."""
        self._break("it was ended")
        process = self._process
        if process is None:
            return
        if not kill:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await process.wait()
        self._kill()
        await process.wait()

    # -- what the socket says ----------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the transport."""
        self._transport = cast("asyncio.Transport", transport)

    def data_received(self, data: bytes) -> None:
        """Hand out what arrived."""
        self._quiet = 0
        try:
            for frame in self._frames.feed(data):
                self._take(frame)
        except FrameError as error:
            self._break(str(error))

    def connection_lost(self, exc: Exception | None) -> None:
        """Break what was asked."""
        self._break("it ended while working")

    @property
    def _closing(self) -> bool:
        return self._transport is None or self._transport.is_closing()

    def _take(self, frame: Frame) -> None:
        if frame.keys() & {"ready", "unusable"}:
            if not self._ready.done():
                self._ready.set_result(frame)
            return
        asked = self._asked.get(cast("int", frame.get("id")))
        if asked is None or asked.answer.done():
            return  # a sign of life, or the rest of what was cancelled
        if "piece" not in frame:
            asked.answer.set_result(frame)
        elif asked.heard is not None:
            try:
                asked.heard(str(frame["piece"]))
            except Exception as error:  # whoever asked gets it, nobody else
                asked.answer.set_exception(error)

    def _break(self, why: str) -> None:
        """Say so to whoever waits; from here on it cannot be asked."""
        if self._broken is None:
            self._broken = why
        for answer in (self._ready, *(asked.answer for asked in self._asked.values())):
            if not answer.done():
                answer.set_exception(BrokenError(self._broken))
                answer.exception()  # who has stopped waiting need not hear of it
        if self._look is not None:
            self._look.cancel()
        self.close()

    # -- the process -------------------------------------------------------------------------

    async def _spawn(self) -> None:
        launch = self.launch
        ours, theirs = socket.socketpair()
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                *(launch.command or boot(launch, sys.platform)),
                str(theirs.fileno()),
                json.dumps(launch.start),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                cwd=launch.private,
                env=environment(launch.private),
                start_new_session=True,
            )
        await self._loop.connect_accepted_socket(lambda: self, ours)

    def _watch(self) -> None:
        """Look from time to time whether it shows life, as long as it has something to do."""
        if self._look is None or self._look.cancelled():
            self._quiet = 0
            self._look = self._loop.call_later(self.launch.silence / _LOOKS, self._glance)

    def _glance(self) -> None:
        self._look = None
        if self._broken is not None or (self._ready.done() and not self._asked):
            return
        self._quiet += 1
        if self._quiet > _LOOKS:
            self._break(f"it gave no sign of life for {self.launch.silence:g} s")
            self._kill()
            return
        self._look = self._loop.call_later(self.launch.silence / _LOOKS, self._glance)

    def _kill(self) -> None:
        if self._process is not None and self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()


def boot(launch: Launch, platform: str) -> list[str]:
    """Return what starts the reader; on macOS behind a profile, since it cannot confine itself."""
    paths = import_path()
    command = [sys.executable, "-I", "-c", _BOOT, json.dumps(paths)]
    if platform != "darwin":
        return command
    models = [str(launch.start[name]) for name in _MODELS if launch.start.get(name)]
    places = [sys.prefix, sys.base_prefix, *paths, *models]
    read = sorted({Path(place).resolve() for place in places if Path(place).exists()})
    shelf = launch.start.get("shelf")
    write = [launch.private.resolve(), *([Path(str(shelf)).resolve()] if shelf else [])]
    program = str(Path(sys.executable).resolve())
    profile = seatbelt.profile(read=read, write=write, metal=True)
    return seatbelt.confined([program, *command[1:]], profile)


def environment(private: Path) -> dict[str, str]:
    """Return all that the reader learns of its surroundings."""
    kept = {name: os.environ[name] for name in ("LANG", "LC_ALL") if name in os.environ}
    return {
        **kept,
        "TMPDIR": str(private),
        # waiting threads spin: on a busy machine two take four times as long as one
        "OPENBLAS_NUM_THREADS": str(max(1, min(4, (os.cpu_count() or 1) // 2))),
        "MLX_DISABLE_COMPILE": "1",  # its compiled kernels would need a compiler and a directory
        "TOKENIZERS_PARALLELISM": "false",
        "HF_HUB_OFFLINE": "1",
    }

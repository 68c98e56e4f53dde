"""The parent's end of the document worker: start it, feed it, end it.

It parses nothing and reads no path: it is handed an open file. One `DocumentProcess` is one child
process; `documents.DocumentReader` starts a new one when this is dead. It trusts no byte that comes
back: an answer of the wrong form ends the child.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from doorward.tools.base import Unavailable
from doorward.tools.documents.formats import MAX_CHARS, MAX_LINKS, Extract
from doorward.tools.sandbox import seatbelt
from doorward.tools.sandbox.sandbox import import_path

_START = 30.0
"""Seconds the child may take to load its parsers."""
_CHUNK = 1024 * 1024
_MAX_ANSWER = 8 * MAX_CHARS
_PROGRAM = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1]);"
    "from doorward.tools.documents.worker import main; main()"
)


class RefusalError(Exception):
    """The worker could not read this document; `hint` says what to do."""

    def __init__(self, why: str, hint: str = "") -> None:
        super().__init__(why)
        self.why = why
        self.hint = hint


class CrashError(RefusalError):
    """The worker ended in the middle; it may not have been the document's doing."""


class DocumentProcess:
    """One running worker."""

    def __init__(self, process: asyncio.subprocess.Process, layers: tuple[str, ...]) -> None:
        self._process = process
        self._usable = True
        self.layers = layers
        """The layers of its sandbox."""

    @classmethod
    async def start(cls) -> DocumentProcess:
        """Start a worker in its own process group and wait until its sandbox holds.

        Raises:
            Unavailable: When it cannot start, or refuses because its sandbox has a hole.
        """
        process = await asyncio.create_subprocess_exec(
            *_command(),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={"LC_ALL": "C.UTF-8", "OPENBLAS_NUM_THREADS": "1", "HOME": str(Path.home())},
            cwd="/",
            start_new_session=True,
        )
        worker = cls(process, ())
        try:
            async with asyncio.timeout(_START):
                first = await worker._receive()
        except (TimeoutError, EOFError, ValueError):
            await worker.close()
            raise _unavailable("it ended before it was ready", "run `doorward doctor`") from None
        except BaseException:
            await worker.close()
            raise
        ready = first.get("ready")
        if not isinstance(ready, list):
            await worker.close()
            raise _unavailable(
                str(first.get("refused", "it gave no reason")),
                f"missing here: {first.get('missing')}; a kernel with seccomp (and Landlock, "
                "5.13 or later) or macOS is needed; `doorward doctor` says more",
            )
        worker.layers = tuple(str(layer) for layer in ready)
        return worker

    @property
    def pid(self) -> int:
        """Its process id, which is also its group's."""
        return self._process.pid

    @property
    def usable(self) -> bool:
        """Tell whether another document can be given to it."""
        return self._usable and self._process.returncode is None

    async def read(self, name: str, source: BinaryIO, size: int, seconds: float) -> Extract:
        """Hand one document over and wait for its text.

        Args:
            name: What the file is called; only its suffix matters.
            source: The open file, at its start.
            size: Its length in bytes.
            seconds: The longest wait.

        Raises:
            RefusalError: When it cannot be read; the worker may then be dead, see `usable`.
        """
        self._usable = False  # until the exchange is whole
        try:
            async with asyncio.timeout(seconds):
                await self._hand_over(name, source, size)
                answer = await self._receive()
                found = _checked(answer)
        except TimeoutError:
            raise RefusalError(f"took longer than {seconds:g} s to read", _OPEN_IT) from None
        except (EOFError, ConnectionError):
            raise CrashError("made the parser crash", _OPEN_IT) from None
        except (ValueError, RecursionError):
            raise RefusalError("made the parser answer nonsense", _OPEN_IT) from None
        else:
            self._usable = not answer.get("leave")
        finally:
            if not self._usable:
                self.kill()
        if isinstance(found, RefusalError):
            raise found
        return found

    async def _hand_over(self, name: str, source: BinaryIO, size: int) -> None:
        pipe = self._process.stdin
        if pipe is None:
            raise EOFError
        header = json.dumps({"name": name, "size": size}).encode()
        pipe.write(len(header).to_bytes(4, "big") + header)
        left = size
        while left:
            chunk = await asyncio.to_thread(source.read, min(left, _CHUNK))
            if not chunk:
                raise RefusalError("became shorter while it was read", "try again")
            left -= len(chunk)
            pipe.write(chunk)
            await pipe.drain()
        await pipe.drain()

    async def _receive(self) -> dict[str, object]:
        pipe = self._process.stdout
        if pipe is None:
            raise EOFError
        length = int.from_bytes(await pipe.readexactly(4), "big")
        if length > _MAX_ANSWER:
            raise ValueError(length)
        value = json.loads(await pipe.readexactly(length))
        if not isinstance(value, dict):
            raise ValueError(value)
        return value

    def kill(self) -> None:
        """End the whole process group at once."""
        self._usable = False
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)

    async def close(self) -> None:
        """End it and wait until it is gone."""
        self.kill()
        await self._process.wait()


_OPEN_IT = "open it in its own program and save a copy"


def _command() -> list[str]:
    paths = import_path()
    command = [sys.executable, "-I", "-B", "-c", _PROGRAM, json.dumps(paths)]
    if sys.platform != "darwin":
        return command
    places = {Path(sys.prefix).resolve(), Path(sys.base_prefix).resolve()}
    places |= {Path(path).resolve() for path in paths if Path(path).exists()}
    program = str(Path(sys.executable).resolve())
    return seatbelt.confined([program, *command[1:]], seatbelt.profile(read=sorted(places)))


def _checked(answer: dict[str, object]) -> Extract | RefusalError:
    if "error" in answer:
        return RefusalError(str(answer["error"])[:300], str(answer.get("hint", ""))[:300])
    match answer:
        case {
            "kind": str(kind),
            "title": str(title),
            "text": str(text),
            "pages": int(pages),
            "notes": list(notes),
            "links": list(links),
        } if len(text) <= MAX_CHARS + pages and len(links) <= MAX_LINKS:
            said = tuple(str(note)[:300] for note in notes)
            return Extract(kind, title, text, pages, said, tuple(str(link) for link in links))
        case _:
            raise ValueError(answer.keys())


def _unavailable(why: str, hint: str) -> Unavailable:
    error = Unavailable(f"cannot start the document reader: {why}")
    error.add_note(f"hint: {hint}")
    return error

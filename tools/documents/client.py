"""Documents as text: the client that search and reading share, and the tool `documents.text`.

It parses nothing itself: bytes go to a sandboxed worker (`process`), one document at a
time, and a bad document costs itself alone. `daemon.main` constructs one `DocumentReader` and
closes it; `DocumentText` and `files.search` use it. Everything runs on one event loop.
"""

from __future__ import annotations

import asyncio
import os
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from io import SEEK_END, BytesIO
from pathlib import Path
from typing import BinaryIO

from doorward.policies.labels import Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Effect
from doorward.tools.base import (
    Arguments,
    Context,
    Result,
    ToolError,
    Touch,
    Unavailable,
    Unreadable,
    labels_of_file,
)
from doorward.tools.documents.formats import MAX_BYTES, Extract
from doorward.tools.documents.process import CrashError, DocumentProcess, RefusalError
from doorward.tools.named import named_file

IDLE = 60.0
"""Seconds after which an unused worker ends, and its memory with it."""
SECONDS = 20.0
"""The longest that one document may take."""
CACHE = 32 * 1024 * 1024
"""Bytes of text that are kept while the worker lives."""
STARTS = 3
"""How often a worker is started for one document before it counts as one that cannot start."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document that was read."""

    extract: Extract
    modified: str
    """The day it last changed, ISO, local time; empty when unknown."""


_Key = tuple[str, int, int]


class _Texts:
    """What was read lately, newest last; bounded by the bytes of its texts."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._size = 0
        self._kept: OrderedDict[_Key, Extract] = OrderedDict()

    def get(self, key: _Key) -> Extract | None:
        if (found := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
        return found

    def put(self, key: _Key, found: Extract) -> None:
        self._size += _weight(found) - (_weight(self._kept[key]) if key in self._kept else 0)
        self._kept[key] = found
        self._kept.move_to_end(key)
        while self._size > self._limit:
            self._size -= _weight(self._kept.popitem(last=False)[1])

    def clear(self) -> None:
        self._kept.clear()
        self._size = 0


def _weight(found: Extract) -> int:
    return found.text.__sizeof__() + 1024


class DocumentReader:
    """Reads documents through one worker process that comes and goes with the need."""

    def __init__(
        self,
        *,
        idle: float = IDLE,
        seconds: float = SECONDS,
        cache: int = CACHE,
        start: Callable[[], Awaitable[DocumentProcess]] = DocumentProcess.start,
    ) -> None:
        """Start nothing yet.

        Args:
            idle: Seconds without a document after which the worker ends.
            seconds: The longest that one document may take.
            cache: Bytes of text to keep while the worker lives.
            start: Starts a worker.
        """
        self._start = start
        self._idle = idle
        self._seconds = seconds
        self._texts = _Texts(cache)
        self._turn = asyncio.Lock()
        self._worker: DocumentProcess | None = None
        self._ending: asyncio.TimerHandle | None = None

    @property
    def pid(self) -> int | None:
        """The worker's process id while one runs."""
        return self._worker.pid if self._worker is not None and self._worker.usable else None

    async def read(self, path: Path, context: Context) -> Document:
        """Read one document through the changeset.

        Args:
            path: Absolute, beneath the objective's folder.
            context: Gives the changeset; staged changes are seen.

        Raises:
            NotFound: When it is not there.
            Unreadable: When it cannot be read: too large, locked, damaged, no document.
            Unavailable: When the worker cannot start.
        """
        name = context.changeset.relative(path)
        with context.changeset.open(path) as source:
            size, modified = _facts(source)
            if size > MAX_BYTES:
                raise _unreadable(
                    name,
                    f"is {size / 1e6:,.0f} MB, and the limit is {MAX_BYTES // 1_000_000} MB",
                    "split it, or read the part that matters",
                )
            key = (str(path), size, modified)
            found = self._texts.get(key)
            if found is None:
                found = await self._extract(name, source, size)
                if modified:
                    self._texts.put(key, found)
        day = datetime.fromtimestamp(modified / 1e9).astimezone().date() if modified else ""
        return Document(found, str(day))

    async def parse(self, name: str, data: bytes) -> Extract:
        """Read bytes that are no file: what a server sent.

        Args:
            name: Its suffix says what the bytes claim to be.
            data: All of them.

        Raises:
            Unreadable: When they are no document of any kind.
            Unavailable: When the worker cannot start.
        """
        return await self._extract(name, BytesIO(data), len(data))

    async def _extract(self, name: str, source: BinaryIO, size: int) -> Extract:
        if not size:
            raise _unreadable(name, "is empty (0 bytes)", "look where it came from")
        async with self._turn:
            self._stay()
            try:
                try:
                    return await self._once(name, source, size)
                except CrashError:
                    # Somebody may have killed it: a document is at fault only if it does so twice.
                    source.seek(0)
                    return await self._once(name, source, size)
            except RefusalError as refusal:
                raise _unreadable(name, refusal.why, refusal.hint) from None
            finally:
                self._leave_later()

    async def _once(self, name: str, source: BinaryIO, size: int) -> Extract:
        if self._worker is None or not self._worker.usable:
            await self._end()
            self._worker = await self._started()
        return await self._worker.read(Path(name).name, source, size, self._seconds)

    async def _started(self) -> DocumentProcess:
        """Start a worker, again if it dies on the way: no document has a part in that."""
        for _ in range(STARTS - 1):
            with suppress(Unavailable):
                return await self._start()
        return await self._start()

    def _stay(self) -> None:
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None

    def _leave_later(self) -> None:
        self._stay()
        self._ending = asyncio.get_running_loop().call_later(self._idle, self._rest)

    def _rest(self) -> None:
        """Give the memory back: nothing has been asked for a while."""
        self._ending = None
        self._texts.clear()
        if self._worker is not None:
            self._worker.kill()

    async def _end(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            await worker.close()

    async def close(self) -> None:
        """End the worker and wait until it is gone; it may be used again afterwards."""
        self._stay()
        self._texts.clear()
        if self._worker is not None:
            self._worker.kill()
        async with self._turn:
            self._stay()
            await self._end()


def _facts(source: BinaryIO) -> tuple[int, int]:
    """Return size in bytes and modification time in nanoseconds (0 when it has none)."""
    with suppress(OSError):
        status = os.fstat(source.fileno())
        return status.st_size, status.st_mtime_ns
    size = source.seek(0, SEEK_END)
    source.seek(0)
    return size, 0


def _unreadable(name: str, why: str, hint: str) -> Unreadable:
    error = Unreadable(f"cannot read {name}: it {why}")
    if hint:
        error.add_note(f"hint: {hint}")
    return error


class DocumentText:
    """The tool `documents.text`: one document as text."""

    def __init__(self, documents: DocumentReader) -> None:
        """Read through these documents."""
        self._documents = documents

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "documents.text",
            "read a document (PDF, Word, Excel, PowerPoint, web page, mail, text) as text",
            (Parameter("path", Kind.PATH, "the document"),),
            frozenset({Effect.READ}),
            "path, name, kind, title, text, chars, pages, modified",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the one document that would be read."""
        path = named_file(str(arguments["path"]), context)
        return [Touch(Effect.READ, str(path))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Read what the permit names."""
        path = permitted(self.spec.name, permits)
        document = await self._documents.read(path, context)
        found = document.extract
        relative = context.changeset.relative(path)
        return Result(
            {
                "path": relative,
                "name": path.name,
                "kind": found.kind,
                "title": found.title,
                "text": found.text,
                "chars": len(found.text),
                "pages": found.pages,
                "modified": document.modified,
            },
            Label(sources=frozenset({f"file:{path}"})),
            tuple(f"{relative} {note}" for note in found.notes),
            labels_of_file("", path, "chars", "pages", "modified"),
        )


def permitted(tool: str, permits: Sequence[Permit]) -> Path:
    """Return the one path that a call may read.

    Raises:
        ToolError: When there is not exactly one permit to read.
    """
    match permits:
        case [permit] if permit.request.effect is Effect.READ:
            return Path(permit.request.resource)
        case _:
            raise ToolError(f"cannot run {tool}: it needs exactly one permit to read")

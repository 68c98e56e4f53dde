"""The daemon's reader: starts the reader process when asked, ends it when idle, survives its death.

It implements `tools.reading.reader.Reader` and imports no model library. One request runs at a
time; a process that crashes, hangs or talks nonsense is killed and the request is tried once more
in a new one. `daemon.main` constructs it; tools use it through the Protocol.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from doorward.daemon.models import answers, blas, frames
from doorward.daemon.models.fetch import MODEL
from doorward.daemon.models.frames import Frame, FrameError
from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import (
    NOW,
    Choice,
    Example,
    ModelMissing,
    Prompt,
    Question,
    ReaderFailed,
    ReaderLate,
    Span,
    Terms,
    Written,
)

_BOOT = (
    "import json, sys; sys.path[:0] = json.loads(sys.argv.pop(1)); "
    "from doorward.daemon.reader.process import main; main(sys.argv[1:])"
)
_CLOSE_S = 5.0
"""Seconds a closing process gets before it is killed."""


class _BrokenError(Exception):
    """The process died, hung or spoke nonsense."""


class _Process:
    """One running reader process and our end of its socket pair."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        stream: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        self.process = process
        self.about: Frame = {}
        self._stream = stream
        self._writer = writer

    @property
    def alive(self) -> bool:
        return self.process.returncode is None and not self._writer.is_closing()

    def send(self, frame: Frame) -> None:
        self._writer.write(frames.encode(frame))

    async def hear(self, silence: float) -> Frame:
        """Wait for one frame; silence, nonsense and the end are all `_BrokenError`."""
        try:
            async with asyncio.timeout(silence):
                frame = await frames.read(self._stream)
        except TimeoutError:
            msg = f"it gave no sign of life for {silence:g} s"
            raise _BrokenError(msg) from None
        except FrameError as error:
            raise _BrokenError(str(error)) from error
        if frame is None:
            msg = "it ended while working"
            raise _BrokenError(msg)
        return frame

    def close(self) -> None:
        """Close our end: the process sees it between two forward passes and ends."""
        self._writer.close()

    async def end(self, *, kill: bool) -> None:
        """Close and wait; kill what does not end."""
        self.close()
        if not kill:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(_CLOSE_S):
                    await self.process.wait()
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.kill()
        await self.process.wait()


class ReaderClient:
    """Read with the small model in its own process.

    Use as an async context manager, or call `close` at the end: the process never outlives either
    the client or the socket between them.
    """

    def __init__(
        self,
        models: Path,
        *,
        model: str = MODEL,
        idle: float = 300.0,
        silence: float = 60.0,
        command: Sequence[str] | None = None,
    ) -> None:
        """Remember where things are; nothing starts before the first request.

        Args:
            models: The folder that `models.fetch` put the model into; what the reader can make
                again goes into `cache` beneath it.
            model: The GGUF file in that folder.
            idle: Seconds without a request after which the process ends and its memory returns;
                0 ends it after each.
            silence: Seconds without a sign of life, while loading or working, after which the
                process counts as hung and is killed.
            command: What to start instead of our own process; it gets the same arguments.
        """
        self._file = models / model
        self._cache = models / "cache"
        self._idle = idle
        self._silence = silence
        self._command = tuple(command) if command is not None else None
        self._running: _Process | None = None
        self._turn = asyncio.Lock()
        self._number = 0
        self._size = 0
        self._timer: asyncio.TimerHandle | None = None

    @property
    def model(self) -> str:
        """Name the model by its file."""
        return self._file.stem

    @property
    def size(self) -> int:
        """Tell how many parameters the model has; 0, the smallest, until it was loaded once."""
        return self._size

    @property
    def pid(self) -> int | None:
        """Return the process id of the reader, or None while none runs."""
        return self._running.process.pid if self._running and self._running.alive else None

    @property
    def about(self) -> dict[str, str]:
        """Tell how the running process is set up (`blas`, `confined`); empty while none runs."""
        frame = self._running.about if self._running and self._running.alive else {}
        return {key: str(frame[key]) for key in ("blas", "confined") if key in frame}

    async def __aenter__(self) -> ReaderClient:
        """Return itself."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """End the process."""
        await self.close()

    async def close(self) -> None:
        """End the process, if one runs, and wait for it."""
        self._rest()
        if self._running is not None:
            running, self._running = self._running, None
            await running.end(kill=False)

    # -- the Reader protocol -----------------------------------------------------------------

    async def find(self, questions: Sequence[Question], terms: Terms = NOW) -> list[Span | None]:
        """Return for each question a span of its text, or None for "not found"."""
        groups: dict[str, list[int]] = {}
        for index, question in enumerate(questions):
            groups.setdefault(question.text, []).append(index)
        texts = list(groups)
        asks = [[questions[index].ask for index in groups[text]] for text in texts]
        spans: list[Span | None] = [None] * len(questions)
        request: Frame = {"do": "find", "texts": [*texts], "asks": cast("Data", asks)}
        results = await self._ask(request, terms)
        for text, found in zip(texts, answers.lists(results, len(texts)), strict=True):
            for index, answer in zip(
                groups[text], answers.lists(found, len(groups[text])), strict=True
            ):
                spans[index] = answers.span(text, answer)
        return spans

    async def choose(
        self,
        texts: Sequence[str],
        options: Sequence[str],
        examples: Sequence[Example] = (),
        terms: Terms = NOW,
    ) -> list[Choice]:
        """Return for each text the option that fits best, learning from the examples given."""
        if not options:
            msg = "choose needs at least one option"
            raise ValueError(msg)
        request: Frame = {"do": "choose", "texts": [*texts], "options": [*options]}
        request["examples"] = [[example.text, example.option] for example in examples]
        choices: list[Choice] = []
        for chances in answers.lists(await self._ask(request, terms), len(texts)):
            weights = answers.numbers(chances, len(options))
            best = max(range(len(options)), key=weights.__getitem__)
            choices.append(Choice(options[best], min(1.0, max(0.0, weights[best]))))
        return choices

    async def embed(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[float]]:
        """Return one unit vector a text."""
        vectors = await self._ask({"do": "embed", "texts": [*texts]}, terms)
        return [answers.numbers(vector) for vector in answers.lists(vectors, len(texts))]

    async def write(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Data] | None = None,
        tokens: int = 512,
        heard: Callable[[str], None] | None = None,
        terms: Terms = NOW,
    ) -> Written:
        """Write free text, or JSON under a schema."""
        request: Frame = {"do": "write", "texts": [prompt.text], "task": prompt.task}
        request |= {"tokens": tokens, "schema": None if schema is None else dict(schema)}
        return answers.written(await self._ask(request, terms, heard))

    # -- the process -------------------------------------------------------------------------

    async def _ask(
        self, request: Frame, terms: Terms, heard: Callable[[str], None] | None = None
    ) -> Data:
        """Have one request answered within its time.

        Raises:
            ReaderLate: When it was not.
        """
        try:
            async with asyncio.timeout(terms.seconds) as limit:
                return await self._twice(request, heard)
        except TimeoutError as error:
            if not limit.expired():
                raise
            msg = f"the reader had no answer within {terms.seconds:g} s"
            raise ReaderLate(msg) from error

    async def _twice(self, request: Frame, heard: Callable[[str], None] | None) -> Data:
        """Have one request answered, in a second process if the first breaks.

        Raises:
            ModelMissing: When there is no usable model file.
            ReaderFailed: When two processes broke on it, or it was refused.
        """
        if not request["texts"]:
            return []
        async with self._turn:
            self._rest()
            try:
                try:
                    return await self._once(request, heard)
                except _BrokenError:
                    await self._discard()
                try:
                    return await self._once(request, heard)
                except _BrokenError as error:
                    await self._discard()
                    msg = f"the reader failed twice on this request: {error}"
                    failed = ReaderFailed(msg)
                    failed.add_note("hint: run `doorward doctor` to see what the reader needs")
                    raise failed from error
            finally:
                await self._tire()

    async def _once(self, request: Frame, heard: Callable[[str], None] | None) -> Data:
        running = await self._ready()
        self._number += 1
        number = self._number
        running.send({**request, "id": number})
        try:
            while True:
                frame = await running.hear(self._silence)
                if frame.get("id") != number or "alive" in frame:
                    continue  # a sign of life, or the rest of a cancelled request
                if "piece" in frame:
                    if heard is not None:
                        heard(str(frame["piece"]))
                    continue
                if "refused" in frame:
                    raise ValueError(str(frame["refused"]))
                if "error" in frame:
                    msg = f"the reader refused a request: {frame['error']}"
                    raise ReaderFailed(msg)
                return frame.get("result")
        except asyncio.CancelledError:
            running.send({"cancel": number})
            raise

    async def _ready(self) -> _Process:
        if self._running is not None and self._running.alive:
            return self._running
        if self._running is not None:
            await self._discard()
        if not self._file.is_file():
            raise _missing(f"there is no model at {self._file}")
        running = await self._start()
        self._running = running
        try:
            while not running.about.keys() & {"ready", "unusable"}:
                running.about = await running.hear(self._silence)
        except asyncio.CancelledError:
            running.close()  # half started: the next request starts afresh
            raise
        if "unusable" in running.about:
            await self._discard()
            raise _missing(str(running.about["unusable"]))
        self._size = int(cast("int", running.about.get("size", 0)))
        return running

    async def _start(self) -> _Process:
        private = self._cache / "reader"
        private.mkdir(mode=0o700, parents=True, exist_ok=True)
        library = await asyncio.to_thread(blas.prepare, self._cache)
        ours, theirs = socket.socketpair()
        with theirs:
            boot = (sys.executable, "-I", "-c", _BOOT, json.dumps([p for p in sys.path if p]))
            process = await asyncio.create_subprocess_exec(
                *(self._command or boot),
                str(theirs.fileno()),
                str(self._file),
                *([str(library)] if library else []),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.DEVNULL,
                pass_fds=(theirs.fileno(),),
                cwd=private,
                env=_environment(private),
                start_new_session=True,
            )
        stream, writer = await asyncio.open_connection(sock=ours)
        return _Process(process, stream, writer)

    async def _discard(self) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            await running.end(kill=True)

    async def _tire(self) -> None:
        """Count the idle time from now."""
        if self._idle <= 0:
            await self.close()
        elif self._running is not None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._idle, self._running.close)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _environment(private: Path) -> dict[str, str]:
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


def _missing(why: str) -> ModelMissing:
    return ModelMissing(f"{why}; run `doorward models get`")

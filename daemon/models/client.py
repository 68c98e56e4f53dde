"""The daemon's reader: starts the reader process when asked, ends it when idle, survives its death.

It implements `tools.reading.reader.Reader` and imports no model library. Requests are in flight
together. What was in flight when a process broke is tried once more, each by itself in a new
process that works in halves, so that what breaks it takes nothing else along. `daemon.main`
constructs it; tools use it through the Protocol.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import cast

from doorward.daemon.models import answers, blas, counted
from doorward.daemon.models.chosen import Chosen
from doorward.daemon.models.frames import Frame, FrameError
from doorward.daemon.models.link import BrokenError, Launch, Link
from doorward.daemon.models.turns import Turns
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
    TooLarge,
    Written,
)


class ReaderClient:
    """Read with the small model in its own process.

    Use as an async context manager, or call `close` at the end: the process never outlives either
    the client or the socket between them.
    """

    def __init__(
        self,
        chosen: Callable[[], Chosen],
        cache: Path,
        *,
        idle: float = 300.0,
        silence: float = 60.0,
        together: bool = sys.platform != "darwin",
        command: Sequence[str] | None = None,
    ) -> None:
        """Remember where things are; nothing starts before the first request.

        Args:
            chosen: Says which models are to run; asked at each request.
            cache: A private folder for what the reader can make again.
            idle: Seconds without a request after which the process ends and its memory returns;
                0 ends it whenever nothing is asked.
            silence: Seconds without a sign of life, while loading or working, after which the
                process counts as hung and is killed.
            together: Whether requests may be decoded as one batch. Not with Metal unless the user
                says so: work at the same time has brought whole machines down.
            command: What to start instead of our own process; it gets the same arguments.
        """
        self._chosen = chosen
        self._cache = cache
        self._idle = idle
        self._silence = silence
        self._together = together
        self._command = tuple(command) if command is not None else None
        self._running: Link | None = None
        self._turns = Turns()
        self._asked = 0
        self._closed = False
        self._sizes: dict[Path, int] = {}
        self._timer: asyncio.TimerHandle | None = None

    @property
    def model(self) -> str:
        """Name the model by its file or folder."""
        return self._chosen().reader.name.removesuffix(".gguf")

    @property
    def size(self) -> int:
        """Tell how many parameters the model has; 0, the smallest, where its files do not say."""
        reader = self._chosen().reader
        if reader not in self._sizes:
            self._sizes[reader] = counted.parameters(reader)
        return self._sizes[reader]

    @property
    def pid(self) -> int | None:
        """Return the process id of the reader, or None while none runs."""
        return self._running.pid if self._running is not None else None

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
        """End the process, if one runs, and wait for it; what is in flight fails."""
        self._closed = True
        self._rest()
        await self._end(kill=False)

    # -- the Reader protocol -----------------------------------------------------------------

    async def find(self, questions: Sequence[Question], terms: Terms = NOW) -> list[Span | None]:
        """Return for each question a span of its text, or None for "not found"."""
        groups: dict[str, list[int]] = {}
        for index, question in enumerate(questions):
            groups.setdefault(question.text, []).append(index)
        requests: list[Frame] = [
            {"do": "find", "texts": [text], "asks": [questions[index].ask for index in group]}
            for text, group in groups.items()
        ]
        spans: list[Span | None] = [None] * len(questions)
        found = await self._all(requests, terms)
        for (text, group), some in zip(groups.items(), found, strict=True):
            for index, answer in zip(group, answers.lists(some, len(group)), strict=True):
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
        if not texts:
            return []
        request: Frame = {"do": "choose", "texts": [*texts], "options": [*options]}
        request["examples"] = [[example.text, example.option] for example in examples]
        [weighed] = await self._all([request], terms)
        choices: list[Choice] = []
        for chances in answers.lists(weighed, len(texts)):
            weights = answers.numbers(chances, len(options))
            best = max(range(len(options)), key=weights.__getitem__)
            choices.append(Choice(options[best], min(1.0, max(0.0, weights[best]))))
        return choices

    async def embed(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[float]]:
        """Return one unit vector a text."""
        if not texts:
            return []
        [vectors] = await self._all([{"do": "embed", "texts": [*texts]}], terms)
        return [answers.numbers(vector) for vector in answers.lists(vectors, len(texts))]

    async def names(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[Span]]:
        """Return for each text the people named in it."""
        if not texts:
            return []
        if self._chosen().embedder is None:
            raise _missing("there is no embedder, with which people are found")
        [told] = await self._all([{"do": "names", "texts": [*texts]}], terms)
        each = zip(texts, answers.lists(told, len(texts)), strict=True)
        return [answers.spans(text, found) for text, found in each]

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
        request["before"] = [[turn.role, turn.text] for turn in prompt.before]
        request |= {"tokens": tokens, "schema": None if schema is None else dict(schema)}
        [written] = await self._all([request], terms, heard)
        return answers.written(written)

    # -- asking ------------------------------------------------------------------------------

    async def _all(
        self,
        requests: Sequence[Frame],
        terms: Terms,
        heard: Callable[[str], None] | None = None,
    ) -> list[Data]:
        """Have requests answered together, within the time that they have.

        Raises:
            ReaderLate: When they were not.
        """
        self._rest()
        self._asked += 1
        try:
            async with asyncio.timeout(terms.seconds) as limit, asyncio.TaskGroup() as group:
                told = [{**request, "urgency": int(terms.urgency)} for request in requests]
                asked = [group.create_task(self._twice(one, heard)) for one in told]
            return [task.result() for task in asked]
        except TimeoutError as error:
            if not limit.expired():
                raise
            msg = f"the reader had no answer within {terms.seconds:g} s"
            raise ReaderLate(msg) from error
        except BaseExceptionGroup as errors:
            raise errors.exceptions[0] from errors.exceptions[0].__cause__
        finally:
            self._asked -= 1
            await self._tire()

    async def _twice(self, request: Frame, heard: Callable[[str], None] | None) -> Data:
        """Have one request answered, by itself in a second process if the first breaks.

        Raises:
            ModelMissing: When there is no usable model.
            ReaderFailed: When two processes broke on it, or it was refused.
        """
        told = _Hearing(heard) if heard is not None else None
        try:
            return _result(await self._together_asked(request, told))
        except BrokenError:
            pass  # whatever was in flight is suspected: from here on each goes alone
        if self._closed:
            msg = "the reader was closed while it worked"
            raise ReaderFailed(msg)
        async with self._turns.alone():
            await self._end(kill=True)
            if told is not None:
                told.again()
            try:
                running = await self._start(request, narrow=True)
                return _result(await _ask(running, request, told))
            except BrokenError as error:
                msg = f"the reader failed twice on this request: {error}"
                failed = ReaderFailed(msg)
                failed.add_note("hint: run `doorward doctor` to see what the reader needs")
                raise failed from error
            finally:
                await self._end(kill=True)  # what comes next works at full size again

    async def _together_asked(self, request: Frame, told: _Hearing | None) -> Frame:
        while True:
            async with self._turns.together():
                running = self._running
                if running is not None and self._serves(running, request):
                    return await _ask(running, request, told)
            async with self._turns.alone():
                if self._running is None or not self._serves(self._running, request):
                    await self._end(kill=False)  # gone before the next one loads
                    await self._start(request, narrow=False)

    # -- the process -------------------------------------------------------------------------

    def _serves(self, running: Link, request: Frame) -> bool:
        """Tell whether this process can answer, with the models that are chosen now."""
        wanted, start = self._wanted(request, narrow=False), running.launch.start
        if wanted["reader"] is None and start["embedder"] == wanted["embedder"]:
            return running.alive  # it compares, and whatever else it does is no hindrance
        same = ("reader", "embedder", "adapter", "draft")
        return running.alive and all(start[name] == wanted[name] for name in same)

    def _wanted(self, request: Frame, *, narrow: bool) -> dict[str, Data]:
        chosen = self._chosen()
        vectors = request["do"] in {"embed", "choose", "names"}
        alone = vectors and chosen.embedder is not None
        return {
            "reader": None if alone else str(chosen.reader),
            "embedder": _named(chosen.embedder),
            "adapter": None if alone else _named(chosen.adapter),
            "draft": None if alone else _named(chosen.draft),
            "shelf": str(self._cache / "prefixes"),
            "together": self._together,
            "narrow": narrow,
        }

    async def _start(self, request: Frame, *, narrow: bool) -> Link:
        if self._closed:
            msg = "the reader is closed"
            raise ReaderFailed(msg)
        start = self._wanted(request, narrow=narrow)
        for name in ("reader", "embedder", "adapter", "draft"):
            place = start[name]
            if place is not None and not Path(str(place)).exists():
                msg = f"there is no model at {place}; run `doorward models get`, or use another"
                raise ModelMissing(msg)
        private = self._cache / "reader"
        for folder in (private, Path(str(start["shelf"]))):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        library = await asyncio.to_thread(blas.prepare, self._cache)
        start["blas"] = _named(library)
        running = await Link.start(Launch(start, private, self._silence, self._command))
        if "unusable" in running.about:
            await running.end(kill=True)
            raise _missing(str(running.about["unusable"]))
        self._running = running
        if start["reader"] is not None:
            self._sizes[Path(str(start["reader"]))] = int(cast("int", running.about["size"]))
        return running

    async def _end(self, *, kill: bool) -> None:
        if self._running is not None:
            running, self._running = self._running, None
            await running.end(kill=kill)

    async def _tire(self) -> None:
        """Count the idle time from now, if nothing is asked any more."""
        if self._asked or self._running is None:
            return
        if self._idle <= 0:
            await self._end(kill=False)
        else:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._idle, self._running.close)

    def _rest(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class _Hearing:
    """Tells pieces on; when a text is written again, only what is beyond what was told."""

    def __init__(self, heard: Callable[[str], None]) -> None:
        self._heard = heard
        self._told = 0
        self._at = 0

    def __call__(self, piece: str) -> None:
        start, self._at = self._at, self._at + len(piece)
        if self._at > self._told:
            new = piece[max(0, self._told - start) :]
            self._told = self._at
            self._heard(new)

    def again(self) -> None:
        """Begin from the start."""
        self._at = 0


async def _ask(running: Link, request: Frame, told: _Hearing | None) -> Frame:
    """Ask a process.

    Raises:
        BrokenError: When it broke, or ran out of memory.
        TooLarge: When the request is larger than can be sent.
    """
    try:
        frame = await running.ask(request, told)
    except FrameError as error:
        msg = f"the reader cannot be given so much at once: {error}; give less text"
        raise TooLarge(msg) from error
    if frame.get("kind") == "memory":
        msg = f"it ran out of memory ({frame['error']})"
        raise BrokenError(msg)
    return frame


def _result(frame: Frame) -> Data:
    """Return the result, or raise what the process says is wrong with the request."""
    if "error" not in frame:
        return frame.get("result")
    said = str(frame["error"])
    if frame.get("kind") == "refused":
        raise ValueError(said)
    if frame.get("kind") == "large":
        raise TooLarge(said)
    if frame.get("kind") == "missing":
        raise ModelMissing(said)
    msg = f"the reader refused a request: {said}"
    raise ReaderFailed(msg)


def _named(path: Path | None) -> str | None:
    return None if path is None else str(path)


def _missing(why: str) -> ModelMissing:
    return ModelMissing(f"{why}; run `doorward models get`")

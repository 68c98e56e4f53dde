"""Serve requests: look at the line, decide, do one forward pass, again, until the peer closes.

It neither decides the order (`schedule` does) nor computes (`engine` and `rows` do). One thread
does everything; a request is a generator, so a cancel or a more urgent request is seen within one
pass, and closing the generator frees all that it held. `process` runs it.
"""

from __future__ import annotations

import gc
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from doorward.daemon.models.frames import Frame, FrameError
from doorward.daemon.reader import schedule
from doorward.daemon.reader.chat import Words
from doorward.daemon.reader.engine import Engine
from doorward.daemon.reader.features import Features
from doorward.daemon.reader.line import Line
from doorward.daemon.reader.names import NamelessError, Names
from doorward.daemon.reader.rows import Batch, Row
from doorward.daemon.reader.schedule import Room, Stage
from doorward.daemon.reader.tasks import Decode, LargeError, RefusedError, Task, Work
from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import Urgency

ALIVE_S = 1.0
"""Seconds between signs of life while working."""
ROWS = 16
"""The most rows of one urgency that are decoded together."""
_BROKEN = "[\ud800-\udfff]"
"""Half characters, which no model reads; one each is put in their place, so offsets hold."""
_MEMORY = re.compile(r"allocat|memory", re.IGNORECASE)


@dataclass(slots=True)
class _Request:
    """One request that is not answered yet."""

    number: Data
    urgency: Urgency
    arrived: int
    task: Task
    work: Work | None = None
    rows: Sequence[Row] = ()
    told: bool = False

    @property
    def stage(self) -> Stage:
        if self.work is None:
            return Stage.WAITING
        return Stage.DECODING if self.rows else Stage.READY


@dataclass(slots=True)
class Worker:
    """What answers requests: the loaded models, none of which need be there."""

    engine: Engine | None
    features: Features
    names: Names | None = None
    batches: dict[Urgency, Batch] = field(default_factory=dict)

    def task(self, request: Frame, heard: Callable[[str], None]) -> Task:
        """Make a task of a request.

        Raises:
            RefusedError: When it asks for what cannot be done.
            LargeError: When it can never fit.
            NamelessError: When it asks for people, and nothing here finds them.
            ValueError: When it is of no known kind, as KeyError and TypeError.
        """
        do = request.get("do")
        texts = [_whole(text) for text in cast("list[str]", request["texts"])]
        if do == "embed":
            return self.features.embed(texts)
        if do == "names":
            if self.names is None:
                msg = "people are found with the embedder all-MiniLM-L6-v2, and it is not in use"
                raise NamelessError(msg)
            return self.names.find(texts)
        options = [_whole(option) for option in cast("list[str]", request.get("options") or [])]
        examples = cast("list[tuple[str, str]]", request.get("examples") or [])
        if do == "choose" and examples:
            pairs = [(_whole(text), _whole(option)) for text, option in examples]
            return self.features.choose(texts, options, pairs)
        if do == "choose" and self.features.compares:
            return self.features.choose_by_name(texts, options)
        if self.engine is None:
            msg = "this process has no model that reads"
            raise ValueError(msg)
        if do == "choose":
            return self.engine.choose(texts, options)
        [text] = texts
        if do == "find":
            asks = [_whole(ask) for ask in cast("list[str]", request["asks"])]
            return self.engine.find(text, asks)
        if do == "write":
            rules = cast("dict[str, Data] | None", request.get("schema"))
            tokens = cast("int", request["tokens"])
            told = cast("list[tuple[str, str]]", request.get("before") or [])
            before = [(role, _whole(said)) for role, said in told]
            words = Words(_whole(str(request["task"])), text, tuple(before))
            return self.engine.write(words, rules, tokens, heard)
        msg = f"unknown request {do!r}"
        raise ValueError(msg)

    def batch(self, urgency: Urgency) -> Batch:
        """Return the rows of one urgency."""
        if urgency not in self.batches:
            assert self.engine is not None  # noqa: S101  # only its tasks decode
            self.batches[urgency] = Batch(self.engine.forward)
        return self.batches[urgency]


class Serving:
    """The requests of one peer."""

    def __init__(self, line: Line, worker: Worker, *, token: int, room: Room) -> None:
        """Take the line, what works, the bytes of one token, and the room that there is."""
        self._line = line
        self._worker = worker
        self._token = token
        self._room = room
        self._requests: dict[int, _Request] = {}
        self._count = 0
        self._passed = 0
        self._shown = 0.0

    def run(self) -> None:
        """Serve.

        Raises:
            GoneError: When the peer has closed.
        """
        while True:
            for frame in self._line.take(wait=not self._requests or self._line.full):
                self._receive(frame)
            if self._requests and not self._line.full:
                self._step()
                self._show_life()

    # -- what arrives ------------------------------------------------------------------------

    def _receive(self, frame: Frame) -> None:
        if "cancel" in frame:
            for request in [r for r in self._requests.values() if r.number == frame["cancel"]]:
                self._leave(request)
            return
        self._count += 1
        count = self._count
        number = frame.get("id")

        def heard(piece: str) -> None:
            if count in self._requests:
                self._requests[count].told = True
            self._line.send({"id": number, "piece": piece})

        try:
            task = self._worker.task(frame, heard)
            if task.tokens * self._token > self._room.need:
                fits = self._room.need // self._token
                msg = f"it would hold {task.tokens} tokens at once, and {fits} fit; give less text"
                raise LargeError(msg)
        except Exception as error:  # one bad request must not end the others
            self._fail(number, error)
            return
        urgency = Urgency(cast("int", frame.get("urgency", 0)))
        self._requests[count] = _Request(number, urgency, count, task)

    # -- one pass ----------------------------------------------------------------------------

    def _step(self) -> None:
        works = [
            schedule.Work(
                number=request.arrived,
                urgency=request.urgency,
                arrived=request.arrived,
                need=request.task.tokens * self._token,
                rows=request.task.rows,
                stage=request.stage,
                told=request.told,
            )
            for request in self._requests.values()
        ]
        match schedule.next_up(works, self._room, passed=self._passed):
            case schedule.Begin(number):
                request = self._requests[number]
                request.work = request.task.begin()
            case schedule.Advance(number):
                self._passed += 1
                self._advance(self._requests[number])
            case schedule.Decode(urgency):
                self._passed = 0
                self._decode(urgency)
            case schedule.GiveBack(number):
                self._free(self._requests[number])
            case schedule.Rest():
                pass

    def _advance(self, request: _Request) -> None:
        assert request.work is not None  # noqa: S101  # it was begun
        try:
            asked = next(request.work)
            if isinstance(asked, Decode):
                self._worker.batch(request.urgency).join(asked.rows, asked.cache)
                request.rows = asked.rows
        except StopIteration as ended:
            self._answer(request, ended.value)
        except Exception as error:  # one bad request must not end the others
            self._leave(request, error)

    def _decode(self, urgency: Urgency) -> None:
        batch = self._worker.batch(urgency)
        alike = [r for r in self._requests.values() if r.urgency is urgency and r.rows]
        joining = any(r.urgency is urgency and not r.rows for r in self._requests.values())
        try:
            batch.step(ahead=not joining)
        except Exception as error:  # the rows cannot go on, the process can
            for request in alike:
                self._leave(request, error)
            del self._worker.batches[urgency]
            return
        for request in alike:
            if all(row.over for row in request.rows):
                request.rows = ()

    # -- how it ends -------------------------------------------------------------------------

    def _answer(self, request: _Request, result: Data) -> None:
        self._leave(request)
        try:
            self._line.send({"id": request.number, "result": result})
        except FrameError as error:
            self._fail(request.number, LargeError(f"its answer cannot be sent: {error}; ask less"))

    def _leave(self, request: _Request, error: Exception | None = None) -> None:
        """Forget a request; with an error, say why."""
        self._free(request)
        del self._requests[request.arrived]
        if error is not None:
            self._fail(request.number, error)
        self._tidy()

    def _free(self, request: _Request) -> None:
        if request.work is not None:
            request.work.close()
            request.work = None
        if request.rows:
            self._worker.batch(request.urgency).drop(request.rows)
            request.rows = ()

    def _fail(self, number: Data, error: Exception) -> None:
        """Say why; of an error that is nobody's answer not the message, which may hold content."""
        match error:
            case RefusedError():
                kind = "refused"
            case LargeError():
                kind = "large"
            case NamelessError():
                kind = "missing"
            case MemoryError():
                kind = "memory"
            case RuntimeError() if _MEMORY.search(str(error)):
                kind = "memory"
            case _:
                kind = "failed"
        said = (
            str(error)
            if kind in {"refused", "large", "missing"}
            else f"{type(error).__name__} in {_place(error)}"
        )
        self._line.send({"id": number, "error": _whole(said)[:2000], "kind": kind})

    def _tidy(self) -> None:
        """Give back what nothing uses; look for what is hard to find only while nobody waits."""
        import mlx.core as mx

        if not self._requests:
            gc.collect()
        mx.clear_cache()

    def _show_life(self) -> None:
        now = time.monotonic()
        if now - self._shown >= ALIVE_S:
            self._shown = now
            self._line.send({"alive": True})


def _place(error: Exception) -> str:
    """Return the module and the line where an error was raised."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    if trace is None:
        return "no line"
    return f"{Path(trace.tb_frame.f_code.co_filename).stem}, line {trace.tb_lineno}"


def _whole(text: str) -> str:
    """Return a text that can be encoded, of the same length."""
    return re.sub(_BROKEN, "\ufffd", text)

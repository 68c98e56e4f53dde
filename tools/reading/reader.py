"""The reader's seam: what a quarantined local model does with content.

It is not a tool and not a model: `tools.reading.read` uses it, `daemon.models` implements it over
the MLX process. Text in, spans, vectors or choices out; an implementation has no files, network or
tools. `ScriptedReader` is the in-memory twin: exact, lexical, and good enough for journeys and
contracts.

ReaderError
├── ModelMissing   no usable model here; the message says what to run
└── ReaderFailed   the process crashed, hung or ran out of memory; trying again may help
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


class ReaderError(Exception):
    """The reader could not answer."""

    retryable = False


class ModelMissing(ReaderError):
    """There is no usable model; the message says how to get one."""


class ReaderFailed(ReaderError):
    """The reader process crashed, hung or ran out of memory."""

    retryable = True


@dataclass(frozen=True, slots=True)
class Span:
    """A verbatim piece of the source: `text == source[start:end]`."""

    text: str
    start: int
    end: int
    confidence: float
    """0 to 1: the model's mean token probability over the span."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to look for in one text."""

    text: str
    """The source."""
    ask: str
    """What to find, in plain words: `invoice number`, `who sent it`."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The option a text fits best."""

    option: str
    confidence: float
    """0 to 1; low means: treat as undecided."""


class Reader(Protocol):
    """What every reader can do. Implementations batch and bound the work themselves."""

    @property
    def model(self) -> str:
        """Name the model, e.g. `SmolLM2-135M-Instruct.Q4_1`; part of what an answer is based on."""
        ...

    async def find(self, questions: Sequence[Question]) -> list[Span | None]:
        """Return for each question a span of its text, or None for "not found"."""
        ...

    async def choose(self, texts: Sequence[str], options: Sequence[str]) -> list[Choice]:
        """Return for each text the option that fits best."""
        ...

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return one unit vector a text; all of one model have the same length."""
        ...


_WORD = re.compile(r"[^\W_]+")


class ScriptedReader:
    """The in-memory twin: finds by label, chooses and compares by words; always the same."""

    def __init__(self, script: Mapping[str, str] | None = None, *, broken: int = 0) -> None:
        """Take answers given beforehand and the number of calls that fail first.

        Args:
            script: Question to span; used where the span stands in the text.
            broken: How many calls raise `ReaderFailed` before it works.
        """
        self._script = dict(script or {})
        self._broken = broken
        self.asked: list[Question] = []
        """Every question so far, for assertions."""

    @property
    def model(self) -> str:
        """Name the twin."""
        return "scripted"

    async def find(self, questions: Sequence[Question]) -> list[Span | None]:
        """Find the scripted span, else what stands after the question's words on a line."""
        self._work()
        self.asked += questions
        return [self._find(question) for question in questions]

    async def choose(self, texts: Sequence[str], options: Sequence[str]) -> list[Choice]:
        """Choose the option whose words the text holds most often."""
        self._work()
        if not options:
            msg = "choose needs at least one option"
            raise ValueError(msg)
        choices: list[Choice] = []
        for text in texts:
            words = [word.casefold() for word in _WORD.findall(text)]
            hits = [
                sum(words.count(word.casefold()) for word in _WORD.findall(option))
                for option in options
            ]
            best = max(range(len(options)), key=hits.__getitem__)
            choices.append(Choice(options[best], (hits[best] + 1) / (sum(hits) + len(options))))
        return choices

    async def embed(self, texts: Sequence[str]) -> list[list[float]]:
        """Return the texts' words, spread over 64 numbers by their letters."""
        self._work()
        return [self._embed(text) for text in texts]

    def _work(self) -> None:
        if self._broken > 0:
            self._broken -= 1
            msg = "the scripted reader was told to fail"
            raise ReaderFailed(msg)

    def _find(self, question: Question) -> Span | None:
        scripted = self._script.get(question.ask)
        if scripted is not None:
            start = question.text.find(scripted)
            return Span(scripted, start, start + len(scripted), 0.9) if start >= 0 else None
        label = r"\W+".join(re.escape(word) for word in _WORD.findall(question.ask))
        match = re.search(rf"(?im)\b{label}\b[:=#|\t ]+(\S[^\n\t|]*)", question.text)
        if not label or match is None:
            return None
        text = match[1].rstrip()
        return Span(text, match.start(1), match.start(1) + len(text), 0.9)

    def _embed(self, text: str) -> list[float]:
        vector = [0.0] * 64
        for word in _WORD.findall(text.casefold()):
            vector[zlib.crc32(word[:6].encode()) % 64] += 1.0
        length = math.sqrt(sum(value * value for value in vector))
        return [value / length for value in vector] if length else [1.0, *vector[1:]]

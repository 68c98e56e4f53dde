"""The reader's seam: what a quarantined local model does with content.

It is not a tool and not a model: `tools.read` uses it, `daemon.models` implements it over the MLX
process. Text in, spans, vectors or choices out; an implementation has no files, network or tools.
`ScriptedReader` is the in-memory twin: exact, lexical, and good enough for journeys and contracts.

ReaderError
├── ModelMissing   no usable model here; the message says what to run
└── ReaderFailed   the process crashed, hung or ran out of memory; trying again may help
"""

from __future__ import annotations

from collections.abc import Sequence
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

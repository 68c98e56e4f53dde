"""The reader's seam: what a quarantined local model does with content.

It is not a tool and not a model: `tools.reading.read` uses it, `daemon.models` implements it over
the MLX process. Text in, spans, vectors or choices out; an implementation has no files, network or
tools. `ScriptedReader` is the in-memory twin: exact, lexical, and good enough for journeys and
contracts.

ReaderError
├── ModelMissing   no usable model here; the message says what to run
├── ReaderFailed   the process crashed, hung or ran out of memory; trying again may help
├── ReaderLate     the answer was not there within the time that the caller gave
└── TooLarge       it would take more memory than the reader may use; the message says how much less
"""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum
from typing import Final, Protocol

from doorward.policies.vocabulary import Data


class ReaderError(Exception):
    """The reader could not answer."""

    retryable = False


class ModelMissing(ReaderError):
    """There is no usable model; the message says how to get one."""


class ReaderFailed(ReaderError):
    """The reader process crashed, hung or ran out of memory."""

    retryable = True


class ReaderLate(ReaderError):
    """The answer was not there within the time that the caller gave."""

    retryable = True


class TooLarge(ReaderError):
    """It would take more memory than the reader may use; the message says how much less."""


class Urgency(IntEnum):
    """Who waits for an answer; the lower runs first, and the others give way between two tokens."""

    PERSON = 0
    PROGRAM = 1
    """A program of the user's, at the control socket."""
    NIGHT = 2


@dataclass(frozen=True, slots=True)
class Terms:
    """How soon an answer is wanted."""

    urgency: Urgency = Urgency.PERSON
    seconds: float | None = None
    """The most seconds from the call on; then `ReaderLate`. None waits for as long as it takes."""


NOW: Final = Terms()
"""A person waits, for as long as it takes."""


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


@dataclass(frozen=True, slots=True)
class Example:
    """A text of which it is known where it belongs: shipped, or corrected by the user."""

    text: str
    option: str


class Role(StrEnum):
    """Who said something in a conversation."""

    USER = "user"
    ASSISTANT = "assistant"


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said before."""

    role: Role
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """What a model is to write about."""

    task: str
    """What to do: a fixed text of ours, the same for many prompts, so that its work is kept."""
    text: str
    """What to do it with: a stranger's words at worst. It cannot contain control tokens."""
    before: tuple[Turn, ...] = ()
    """What was said before `text`, oldest first; of a conversation."""


class Ended(StrEnum):
    """Why a model stopped writing."""

    DONE = "stop"
    LENGTH = "length"


@dataclass(frozen=True, slots=True)
class Written:
    """What a model wrote; of a schema, always JSON that is valid under it."""

    text: str
    ended: Ended
    read: int
    """Tokens of the prompt."""
    wrote: int
    """Tokens written."""


class Reader(Protocol):
    """What every reader can do. Implementations batch and bound the work themselves.

    Each call raises `ReaderError`: `ModelMissing`, `ReaderFailed`, `ReaderLate` or `TooLarge`.
    Cancelling a call ends its work between two tokens.
    """

    @property
    def model(self) -> str:
        """Name the model, e.g. `SmolLM2-135M-Instruct.Q4_1`; part of what an answer is based on."""
        ...

    @property
    def size(self) -> int:
        """Tell how many parameters the model has; a small one must not write freely."""
        ...

    async def find(self, questions: Sequence[Question], terms: Terms = NOW) -> list[Span | None]:
        """Return for each question a span of its text, or None for "not found"."""
        ...

    async def choose(
        self,
        texts: Sequence[str],
        options: Sequence[str],
        examples: Sequence[Example] = (),
        terms: Terms = NOW,
    ) -> list[Choice]:
        """Return for each text the option that fits best, learning from the examples given."""
        ...

    async def embed(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[float]]:
        """Return one unit vector a text; all of one model have the same length."""
        ...

    async def names(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[Span]]:
        """Return for each text the people named in it, in order, none overlapping another.

        It takes a model that compares texts: without one it is `ModelMissing`.
        """
        ...

    async def write(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Data] | None = None,
        tokens: int = 512,
        heard: Callable[[str], None] | None = None,
        terms: Terms = NOW,
    ) -> Written:
        """Write free text, or JSON under a schema.

        Args:
            prompt: What to write about.
            schema: A JSON schema. Texts and lists without a bound in it are given one; what then
                is too long to finish within `tokens` is refused before it starts.
            tokens: The most tokens.
            heard: Told each piece as it is written.
            terms: How soon.

        Raises:
            ValueError: The schema is none, or asks for more than `tokens` can hold.
        """
        ...


_WORD = re.compile(r"[^\W_]+")
_NAME = re.compile(r"\b[A-ZÄÖÜ][a-zäöüß]+(?: [A-ZÄÖÜ][a-zäöüß]+){1,2}\b")


class ScriptedReader:
    """The in-memory twin: finds by label, chooses and compares by words; always the same."""

    def __init__(
        self, script: Mapping[str, str] | None = None, *, broken: int = 0, size: int = 0
    ) -> None:
        """Take answers given beforehand and the number of calls that fail first.

        Args:
            script: Question to span, used where the span stands in the text; and the text of a
                prompt to what is written about it.
            broken: How many calls raise `ReaderFailed` before it works.
            size: How many parameters it pretends to have.
        """
        self._script = dict(script or {})
        self._broken = broken
        self._size = size
        self.asked: list[Question] = []
        """Every question so far, for assertions."""

    @property
    def model(self) -> str:
        """Name the twin."""
        return "scripted"

    @property
    def size(self) -> int:
        """Tell what it was told."""
        return self._size

    async def find(self, questions: Sequence[Question], terms: Terms = NOW) -> list[Span | None]:
        """Find the scripted span, else what stands after the question's words on a line."""
        self._work()
        self.asked += questions
        return [self._find(question) for question in questions]

    async def choose(
        self,
        texts: Sequence[str],
        options: Sequence[str],
        examples: Sequence[Example] = (),
        terms: Terms = NOW,
    ) -> list[Choice]:
        """Choose the option whose words, and those of its examples, the text holds most often."""
        self._work()
        if not options:
            msg = "choose needs at least one option"
            raise ValueError(msg)
        telling = {option: set(_WORD.findall(option.casefold())) for option in options}
        for example in examples:
            telling[example.option] |= set(_WORD.findall(example.text.casefold()))
        choices: list[Choice] = []
        for text in texts:
            words = _WORD.findall(text.casefold())
            hits = [sum(words.count(word) for word in telling[option]) for option in options]
            best = max(range(len(options)), key=hits.__getitem__)
            choices.append(Choice(options[best], (hits[best] + 1) / (sum(hits) + len(options))))
        return choices

    async def embed(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[float]]:
        """Return the texts' words, spread over 64 numbers by their letters."""
        self._work()
        return [self._embed(text) for text in texts]

    async def names(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[Span]]:
        """Take two or three words with capitals, side by side, for somebody's name."""
        self._work()
        found = [_NAME.finditer(text) for text in texts]
        return [[Span(one.group(), *one.span(), 0.9) for one in each] for each in found]

    async def write(
        self,
        prompt: Prompt,
        *,
        schema: Mapping[str, Data] | None = None,
        tokens: int = 512,
        heard: Callable[[str], None] | None = None,
        terms: Terms = NOW,
    ) -> Written:
        """Write what the script has for the prompt's text, else the text itself, word by word."""
        self._work()
        words = self._script.get(prompt.text, prompt.text).split(" ")
        written = " ".join(words[:tokens])
        if heard is not None:
            for word in words[:tokens]:
                heard(word)
        ended = Ended.DONE if len(words) <= tokens else Ended.LENGTH
        read = len(_WORD.findall(f"{prompt.task} {prompt.text}"))
        return Written(written, ended, read, min(len(words), tokens))

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

"""Try a model out, and measure it: a few known questions, put to the reader as everybody does.

It is no measure of quality (`scripts/eval` is); it says whether a model loads behind its walls,
writes, keeps a form and finds. `doorward models test` and `bench` call it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final

from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import Prompt, Question, Reader, ReaderError, Written

_LETTER: Final = "Hi Ben, the plumber comes on Tuesday at nine. The bill is 45 EUR. Anna Smith"
_SCHEMA: Final[dict[str, Data]] = {
    "type": "object",
    "properties": {
        "amount": {"type": "integer", "minimum": 0, "maximum": 1000},
        "paid": {"type": "boolean"},
    },
    "required": ["amount", "paid"],
    "additionalProperties": False,
}
_NEAR: Final = (
    "The rent is due on the first of each month.",
    "Our landlord wants the lease payment at the start of every month.",
    "How do I bake sourdough bread?",
)


@dataclass(frozen=True, slots=True)
class Tried:
    """How one thing went."""

    part: str
    well: bool
    said: str


@dataclass(frozen=True, slots=True)
class Speed:
    """One row of the measurements."""

    read: int
    """Tokens of the prompt."""
    first: float
    """Seconds to the first piece of the answer."""
    prefill: float
    """Tokens of the prompt a second."""
    decode: float
    """Tokens written a second."""


async def trial(reader: Reader) -> AsyncIterator[Tried]:
    """Yield what works and what does not; what fails first may explain what follows."""
    for part, attempt in (
        ("write", _writes),
        ("form", _keeps_a_form),
        ("find", _finds),
        ("compare", _compares),
    ):
        try:
            yield await attempt(reader)
        except (ReaderError, ValueError) as error:
            yield Tried(part, False, str(error))


async def _writes(reader: Reader) -> Tried:
    prompt = Prompt("Answer in one short sentence.", "What is the capital of France?")
    said = (await reader.write(prompt, tokens=24)).text.strip()
    return Tried("write", "Paris" in said, f"of the capital of France it says: {said!r}")


async def _keeps_a_form(reader: Reader) -> Tried:
    prompt = Prompt("Read the letter and fill in the form.", _LETTER)
    said = await reader.write(prompt, schema=_SCHEMA, tokens=64)
    held = json.loads(said.text)
    well = (
        isinstance(held, dict)
        and held.keys() == {"amount", "paid"}
        and isinstance(held["paid"], bool)
        and 0 <= held["amount"] <= 1000
    )
    return Tried("form", well, f"under a schema it writes {said.text}")


async def _finds(reader: Reader) -> Tried:
    [span] = await reader.find([Question(_LETTER, "who sent it")])
    if span is None:
        return Tried("find", False, "it finds no sender in a letter that has one")
    verbatim = _LETTER[span.start : span.end] == span.text
    return Tried("find", verbatim, f"who sent the letter: {span.text!r}, at {span.start}")


async def _compares(reader: Reader) -> Tried:
    rent, lease, bread = await reader.embed(_NEAR)
    near, far = (sum(a * b for a, b in zip(rent, other, strict=True)) for other in (lease, bread))
    return Tried("compare", near > far, f"rent is {near:.2f} near a lease, {far:.2f} near bread")


async def speed(reader: Reader, clock: Callable[[], float], tokens: int, words: int) -> Speed:
    """Measure one answer to a text of about `words` words.

    Raises:
        ReaderError: It could not answer.
    """
    heard: list[float] = []
    text = " ".join(f"Line {number}: the bill of the plumber." for number in range(words // 7))
    start = clock()
    wrote: Written = await reader.write(
        Prompt("Write a long story about what this list is for.", text),
        tokens=tokens,
        heard=lambda _: heard.append(clock()),
    )
    end = clock()
    first = (heard[0] if heard else end) - start
    rest = end - (heard[0] if heard else end)
    return Speed(
        wrote.read,
        first,
        wrote.read / first if first > 0 else 0.0,
        (wrote.wrote - 1) / rest if rest > 0 else 0.0,
    )

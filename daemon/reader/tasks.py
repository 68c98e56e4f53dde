"""What a request is while it is worked on: a generator that gives way after each forward pass.

It holds no model. `engine` makes tasks and `serving` runs them: between two passes it may take up
another, or close the generator, which frees all that the task held.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar, cast

from doorward.daemon.reader.forward import Cache, Forward
from doorward.daemon.reader.rows import Batch, Row
from doorward.policies.vocabulary import Data

Hearing: TypeAlias = Callable[[str], None]
"""Told each piece of a text as it is written."""


_T = TypeVar("_T")


class RefusedError(ValueError):
    """The request asks for what cannot be done; the message says why."""


class LargeError(Exception):
    """The request can never fit; the message says how much would."""


@dataclass(frozen=True, slots=True)
class Decode:
    """Rows to decode; the task goes on once all of them are over."""

    rows: tuple[Row, ...]
    cache: Cache
    """Their prompts, all but each one's last token."""


Work: TypeAlias = Generator[Decode | None, None, Data]
"""None after a pass of its own."""


@dataclass(frozen=True, slots=True)
class Task:
    """One request, ready to begin, or to begin again."""

    begin: Callable[[], Work]
    tokens: int
    """The most tokens, over all rows, whose keys and values it holds at once."""
    rows: int = 1


def each(works: Iterable[Generator[None, None, _T]]) -> Generator[None, None, list[_T]]:
    """Do one piece of work after the other and return their results."""
    results: list[_T] = []
    for work in works:
        results += [(yield from work)]
    return results


def run(task: Task, forward: Forward) -> Data:
    """Do one task from beginning to end, beside nothing else."""
    work, batch = task.begin(), Batch(forward)
    try:
        while True:
            asked = next(work)
            if asked is not None:
                batch.join(asked.rows, asked.cache)
                while batch.rows:
                    batch.step()
    except StopIteration as ended:
        return cast("Data", ended.value)

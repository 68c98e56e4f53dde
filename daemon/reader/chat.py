"""How a prompt is put to a model: its own template, into which texts come without control tokens.

The template is a stranger's program, so it runs in Jinja's sandbox, and it never sees the words:
marks stand for them until it is done. Pure but for the template; `engine` calls it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_TASK: Final = "\ue000task\ue001"
_TEXT: Final = "\ue000text\ue001"


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a prompt."""

    text: str
    ours: bool
    """Whether control tokens in it count: it is the template's, not a text's."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A prompt in two halves: the second differs from one text to the next."""

    head: tuple[Part, ...]
    tail: tuple[Part, ...]


def asked(template: str, task: str, text: str) -> Asked:
    """Put a task and a text into a model's template; without a usable one, one below the other."""
    written = _filled(template) if template else None
    if written is None:
        return Asked((Part(f"{task.strip()}\n\n", False),), (Part(f"{text.strip()}\n\n", False),))
    head, tail = written.split(_TEXT)
    words = {_TASK: task}
    return Asked(tuple(_parts(head, words)), (Part(text, False), *_parts(tail, words)))


def _parts(written: str, words: dict[str, str]) -> Iterator[Part]:
    before, mark, after = written.partition(_TASK)
    if before:
        yield Part(before, True)
    if mark:
        yield Part(words[_TASK], False)
        yield from _parts(after, words)


def _filled(template: str) -> str | None:
    """Run the template over marks; None when it takes no system message and no user's either."""
    system = [{"role": "system", "content": _TASK}, {"role": "user", "content": _TEXT}]
    user = [{"role": "user", "content": f"{_TASK}\n\n{_TEXT}"}]
    for messages in (system, user):
        written = _run(template, messages)
        if written is not None and written.count(_TEXT) == 1 and written.count(_TASK) == 1:
            return written
    return None


def _run(template: str, messages: list[dict[str, str]]) -> str | None:
    from jinja2 import TemplateError
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    def refuse(message: str) -> None:
        raise TemplateError(message)

    room = ImmutableSandboxedEnvironment(trim_blocks=True, lstrip_blocks=True)
    room.globals["raise_exception"] = refuse
    more: dict[str, Any] = {"bos_token": "", "eos_token": "", "tools": None}
    try:
        return room.from_string(template).render(
            messages=messages, add_generation_prompt=True, enable_thinking=False, **more
        )
    except (TemplateError, ArithmeticError, LookupError, TypeError, ValueError):
        return None

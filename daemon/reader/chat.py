"""How a prompt is put to a model: its own template, into which texts come without control tokens.

The template is a stranger's program, so it runs in Jinja's sandbox, only once the process has shut
its doors, and it never sees the words: marks stand for them until it is done. Pure but for the
template; `engine` calls it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

_TASK: Final = 0
"""The mark of the task; the others are what was said, the last of them the text."""

_OURS: Final = (
    "{% macro said(m) %}{{ m.role ~ '\\n' + m['content'] | trim }}{% endmacro %}"
    "{% set ns = namespace(n=messages | length) %}{% for m in messages %}{{ said(m) }}"
    "{% if loop.last and m is mapping %}{{ [m] | join(', ') | upper }}{% endif %}{% endfor %}"
    "{{ messages | tojson(indent=2) }}{{ messages | pprint }}{{ 'a' | wordwrap }}",
    "{{ raise_exception('') }}",
    "{{ messages[9].no }}",
    "{% if %}",
)
"""Templates that take what a model's may take, failing ones too."""
_TURN: Final = 16
"""Characters that a turn counts as, beside its words: the template runs through all of them."""


@dataclass(frozen=True, slots=True)
class Words:
    """What somebody asks with."""

    task: str
    text: str
    before: tuple[tuple[str, str], ...] = ()
    """Who said what before the text: `user` or `assistant`, and the words."""

    @property
    def length(self) -> int:
        """Tell how many characters there are; a turn by itself counts as some."""
        said = sum(_TURN + len(said) for _, said in self.before)
        return len(self.task) + len(self.text) + said


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


@dataclass(frozen=True, slots=True)
class Form:
    """How one model takes a prompt."""

    template: str | None
    """Its template; None where it has no usable one."""
    system: bool = True
    """Whether it takes the task as a message of its own; else it stands above the first words."""

    def asked(self, words: Words) -> Asked:
        """Put words into it; without a template, one below the other."""
        said = [*words.before, ("user", words.text)]
        roles = tuple(role for role, _ in said)
        written = None if self.template is None else _filled(self.template, roles, self.system)
        if written is None:
            told = (
                [f"{role.title()}: {text.strip()}" for role, text in said] if words.before else []
            )
            above = "\n\n".join([words.task.strip(), *told[:-1]])
            below = told[-1] if told else words.text.strip()
            return Asked((Part(f"{above}\n\n", False),), (Part(f"{below}\n\n", False),))
        texts = {_mark(_TASK): words.task}
        texts |= {_mark(number): text for number, (_, text) in enumerate(said, start=1)}
        head, tail = written.split(_mark(len(said)))
        return Asked(tuple(_parts(head, texts)), (Part(words.text, False), *_parts(tail, texts)))


def form(template: str) -> Form:
    """Try a model's template, once for all prompts."""
    for system in (True, False):
        if template and _filled(template, ("user",), system) is not None:
            return Form(template, system)
    return Form(None)


def prepare() -> None:
    """Run templates of ours, and let one fail: all that running a stranger's takes is read now."""
    for ours in _OURS:
        _run(ours, [{"role": "user", "content": "é"}, {"role": "assistant", "content": ""}])


def _mark(number: int) -> str:
    return f"\ue000{number}\ue001"


def _parts(written: str, texts: dict[str, str]) -> Iterator[Part]:
    """Cut what was written at its marks, and put the words in their places."""
    for piece in re.split("(\ue000[0-9]+\ue001)", written):
        if piece in texts:
            yield Part(texts[piece], False)
        elif piece:
            yield Part(piece, True)


def _filled(template: str, roles: tuple[str, ...], system: bool) -> str | None:
    """Run the template over marks; None when it fails, drops a mark, or moves one."""
    marks = [_mark(number) for number in range(len(roles) + 1)]
    told = [{"role": role, "content": mark} for role, mark in zip(roles, marks[1:], strict=True)]
    if system:
        told = [{"role": "system", "content": marks[0]}, *told]
    else:
        told[0]["content"] = f"{marks[0]}\n\n{told[0]['content']}"
    written = _run(template, told)
    found = [] if written is None else re.findall("\ue000[0-9]+\ue001", written)
    return written if found == marks else None


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
    except Exception:  # a stranger's program fails as it likes
        return None

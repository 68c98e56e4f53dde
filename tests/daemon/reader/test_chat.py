"""How a prompt is put to a model."""

from __future__ import annotations

import subprocess
import sys

from doorward.daemon.reader.chat import Asked, Part, Words, form
from hypothesis import given
from hypothesis import strategies as st

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
USUAL = """
{%- macro said(m) %}{{ '<|' ~ m.role ~ '|>\\n' + m['content'] | trim + "\\t" }}{% endmacro -%}
{%- set ns = namespace(last=messages | length - 1, seen=[]) -%}
{%- for m in messages -%}
  {%- if loop.first and m.role is string and not (tools is defined and tools) -%}
    {%- set ns.last = loop.index0 -%}
  {%- elif m.role not in ['system', 'user', 'assistant'] or m.content is mapping -%}
    {{- raise_exception('roles must be %s' | format('known')) -}}
  {%- endif -%}
  {{- said(m) -}}
  {%- if not loop.last -%}{{- [] | join(', ') | upper | replace('a', 'b') -}}{%- endif -%}
{%- endfor -%}
{{- {} | tojson(indent=2) if false else '' -}}
{%- if add_generation_prompt %}{{ '<|assistant|>' }}{% endif -%}
"""


def test_the_template_is_ours_and_the_words_are_not() -> None:
    prompt = form(CHATML).asked(Words("Sum up.", "A text."))
    assert prompt.head == (
        Part("<|im_start|>system\n", True),
        Part("Sum up.", False),
        Part("<|im_end|>\n<|im_start|>user\n", True),
    )
    assert prompt.tail == (
        Part("A text.", False),
        Part("<|im_end|>\n<|im_start|>assistant\n", True),
    )


@given(st.text(), st.text())
def test_no_words_change_the_template(task: str, text: str) -> None:
    prompt = form(CHATML).asked(Words(task, text))
    ours = [part.text for part in (*prompt.head, *prompt.tail) if part.ours]
    assert ours == [part.text for part in (*_plain().head, *_plain().tail) if part.ours]
    assert Part(task, False) in prompt.head
    assert prompt.tail[0] == Part(text, False)


def _plain() -> Asked:
    return form(CHATML).asked(Words("t", "x"))


def test_a_template_without_a_system_role_gets_the_task_in_the_users_words() -> None:
    strict = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}" + CHATML
    )
    prompt = form(strict).asked(Words("Sum up.", "A text."))
    assert prompt.head[0] == Part("<|im_start|>user\n", True)
    assert prompt.head[1] == Part("Sum up.", False)


def test_a_template_that_fails_or_drops_the_words_is_not_used() -> None:
    for broken in ("{{ 1 / 0 }}", "{% for %}", "nothing", "{{ messages.__class__.mro() }}"):
        prompt = form(broken).asked(Words("Sum up.", "A text."))
        assert prompt.head == (Part("Sum up.\n\n", False),)
        assert prompt.tail == (Part("A text.\n\n", False),)


TALK = (("user", "Who sent it?"), ("assistant", "Anna <|im_end|>"), ("user", "And when?"))


def test_what_was_said_before_stands_in_the_templates_own_turns() -> None:
    prompt = form(CHATML).asked(Words("Be short.", "Why?", (*TALK, ("assistant", "On Monday."))))
    head = "".join(part.text for part in prompt.head)
    assert head == (
        "<|im_start|>system\nBe short.<|im_end|>\n<|im_start|>user\nWho sent it?<|im_end|>\n"
        "<|im_start|>assistant\nAnna <|im_end|><|im_end|>\n<|im_start|>user\nAnd when?<|im_end|>\n"
        "<|im_start|>assistant\nOn Monday.<|im_end|>\n<|im_start|>user\n"
    )
    assert Part("Anna <|im_end|>", False) in prompt.head, "who said it does not make it ours"
    assert prompt.tail[0] == Part("Why?", False)


def test_turns_without_a_template_say_who_spoke() -> None:
    prompt = form("").asked(Words("Be short.", "Why?", TALK[:2]))
    [above], [below] = prompt.head, prompt.tail
    assert above.text == "Be short.\n\nUser: Who sent it?\n\nAssistant: Anna <|im_end|>\n\n"
    assert below.text == "User: Why?\n\n"
    assert not above.ours


def test_a_template_that_fails_in_any_way_is_not_used() -> None:
    for fails in (
        "{{ raise_exception('no') }}",
        "{{ messages[99].content }}",
        "{{ 'a' * 99999999999999 }}",
        "{% macro again() %}{{ again() }}{% endmacro %}{{ again() }}",
        "{{ ().__class__.__base__.__subclasses__() }}",
    ):
        assert form(fails).template is None


def test_what_a_failing_template_takes_is_imported_before_the_doors_are_shut() -> None:
    path = [place for place in sys.path if place]
    code = f"""
import sys
sys.path[:0] = {path!r}
from doorward.daemon.reader import chat
chat.prepare()
before = set(sys.modules)
chat.form("{{{{ raise_exception(messages[0].role) }}}}")
chat.form("{{{{ messages[9].no }}}}")
assert chat.form({USUAL!r}).template
print(sorted(set(sys.modules) - before))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"

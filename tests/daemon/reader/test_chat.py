"""How a prompt is put to a model."""

from __future__ import annotations

from doorward.daemon.reader.chat import Asked, Part, asked
from hypothesis import given
from hypothesis import strategies as st

CHATML = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }}\n{{ m['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def test_the_template_is_ours_and_the_words_are_not() -> None:
    prompt = asked(CHATML, "Sum up.", "A text.")
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
    prompt = asked(CHATML, task, text)
    ours = [part.text for part in (*prompt.head, *prompt.tail) if part.ours]
    assert ours == [part.text for part in (*_plain().head, *_plain().tail) if part.ours]
    assert Part(task, False) in prompt.head
    assert prompt.tail[0] == Part(text, False)


def _plain() -> Asked:
    return asked(CHATML, "t", "x")


def test_a_template_without_a_system_role_gets_the_task_in_the_users_words() -> None:
    strict = (
        "{% if messages[0]['role'] == 'system' %}{{ raise_exception('no') }}{% endif %}" + CHATML
    )
    prompt = asked(strict, "Sum up.", "A text.")
    assert prompt.head[0] == Part("<|im_start|>user\n", True)
    assert prompt.head[1] == Part("Sum up.", False)


def test_a_template_that_fails_or_drops_the_words_is_not_used() -> None:
    for broken in ("{{ 1 / 0 }}", "{% for %}", "nothing", "{{ messages.__class__.mro() }}"):
        prompt = asked(broken, "Sum up.", "A text.")
        assert prompt.head == (Part("Sum up.\n\n", False),)
        assert prompt.tail == (Part("A text.\n\n", False),)

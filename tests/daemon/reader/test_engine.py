"""The engine's tasks on a tiny model: what a draft, a limit or a half-sized engine changes."""

from __future__ import annotations

import pytest
from doorward.daemon.reader import chat
from doorward.daemon.reader.chat import Words
from doorward.daemon.reader.engine import Engine
from doorward.daemon.reader.gguf import Loaded, UnusableModelError
from doorward.daemon.reader.tasks import LargeError, run
from doorward.policies.vocabulary import Data

from tests.daemon.reader import tiny

SCHEMA: dict[str, Data] = {
    "type": "object",
    "properties": {"a": {"type": "string", "maxLength": 9}},
}


def engine(*, draft: Loaded | None = None, tokens: int = 3000, narrow: bool = False) -> Engine:
    return Engine(tiny.load(), tokens=tokens, kept=1 << 20, draft=draft, narrow=narrow)


def written(made: Engine, text: str, schema: dict[str, Data] | None, tokens: int) -> Data:
    heard: list[str] = []
    result = run(made.write(Words("Say it.", text), schema, tokens, heard.append), made.forward)
    assert isinstance(result, list)
    assert "".join(heard) == result[0]
    return result


@pytest.mark.parametrize("schema", [None, SCHEMA])
@pytest.mark.parametrize("seed", [7, 8])
def test_a_draft_model_changes_no_word(schema: dict[str, Data] | None, seed: int) -> None:
    drafted = engine(draft=tiny.load(seed))
    for text in ("A text.", "Another one"):
        assert written(drafted, text, schema, 60) == written(engine(), text, schema, 60)


def test_a_draft_model_of_other_tokens_is_refused() -> None:
    made = tiny.load()
    other = Loaded(made.model, made.tokenizer, 0, ("a",), made.special, 1, "")
    with pytest.raises(UnusableModelError, match="other tokens"):
        engine(draft=other)


def test_what_is_too_long_is_refused_with_what_would_fit() -> None:
    made = engine(tokens=200)
    with pytest.raises(LargeError, match=r"about \d+ tokens, and 190 fit beside an answer of 10"):
        made.write(Words("Say it.", "word " * 60), None, 10)
    with pytest.raises(LargeError, match="give less text"):
        made.write(Words("Say it.", "word " * 1_000_000), None, 10)


def test_more_turns_than_tokens_are_refused_before_a_template_sees_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made = engine(tokens=200)
    monkeypatch.setattr(chat, "form", lambda _: pytest.fail("the template was tried"))
    with pytest.raises(LargeError, match="give less text"):
        made.write(Words("Say it.", "A text.", (("user", ""),) * 1000), None, 10)


def test_an_engine_in_halves_writes_the_same() -> None:
    assert written(engine(narrow=True), "A text.", None, 20) == written(
        engine(), "A text.", None, 20
    )


def test_a_models_own_template_is_not_run_before_the_doors_are_shut(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[str] = []
    form = chat.form

    def heard(template: str) -> chat.Form:
        ran.append(template)
        return form(template)

    monkeypatch.setattr(chat, "form", heard)
    made = engine()
    made.warm(None)
    assert ran == []
    written(made, "A text.", None, 8)
    written(made, "Another one.", None, 8)
    assert ran == [tiny.TEMPLATE]


def test_the_most_that_a_question_sees_is_bounded_whatever_the_length() -> None:
    made = engine()
    small = made.find("word " * 1000, ["what"])
    assert made.find("word " * 1_000_000, ["what"]).tokens == small.tokens
    assert run(made.find("", ["what", "who"]), made.forward) == [None, None]

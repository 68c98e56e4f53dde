"""Generations held to a grammar, with the tokenizer of the default model, not its weights."""

from __future__ import annotations

import functools
import json
import random
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from doorward.daemon.models.fetch import MODEL
from doorward.daemon.reader import gguf, grammar
from doorward.daemon.reader.grammar import Constraint, GrammarStuck
from doorward.daemon.reader.schema import Bounded, bounded
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.reader

PADDING = 7
"""Logits beyond the vocabulary, as models have them."""


@dataclass(frozen=True)
class Words:
    grammars: Any
    size: int
    end: int
    odd: re.Pattern[str]


@pytest.fixture
def words(models: Path) -> Words:
    return load(models / MODEL)


@functools.cache
def load(path: Path) -> Words:
    import mlx.core as mx

    raw: Any = mx.load(str(path), format="gguf", return_metadata=True)
    meta = {key: gguf._plain(value, mx) for key, value in raw[1].items()}
    pieces, end = tuple(meta["tokenizer.ggml.tokens"]), meta["tokenizer.ggml.eos_token_id"]
    tokenizer = gguf._tokenizer(meta, pieces, meta["tokenizer.ggml.token_type"].tolist())
    made = grammar.vocabulary(tokenizer, len(pieces), [end])
    return Words(made, len(pieces), end, grammar.unspoken(made))


def write(words: Words, made: Bounded, chance: random.Random, *, long: bool = False) -> str:
    """Write by chance; long: byte by byte, and closing nothing that need not be closed."""
    constraint = Constraint(words.grammars, made.grammar)
    tokens: list[int] = []
    while (allowed := constraint.allowed(words.size + PADDING)) is not None:
        assert len(allowed) == words.size + PADDING
        choices = [int(token) for token in np.flatnonzero(allowed)]
        assert choices
        if long:
            choices = slowest(words, choices, chance)
        tokens.append(chance.choice(choices))
        constraint.take(tokens[-1])
        assert len(tokens) <= made.tokens
    assert constraint.done
    ids = tokens[:-1] if tokens[-1] == words.end else tokens
    return str(words.grammars.decode_bytes(ids).decode())


def slowest(words: Words, choices: list[int], chance: random.Random) -> list[int]:
    if len(choices) > 1:
        choices = [token for token in choices if token != words.end]
    some = chance.sample(choices, 400) if len(choices) > 400 else choices
    texts = {token: words.grammars.decode_bytes([token]) for token in some}
    least = min((text[:1] in b'"]}', len(text)) for text in texts.values())
    return [token for token, text in texts.items() if (text[:1] in b'"]}', len(text)) == least]


def check(schema: dict[str, Any], text: str) -> Any:
    value = json.loads(text)
    known = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=known).validate(value)
    return value


def scalars() -> st.SearchStrategy[dict[str, Any]]:
    small = st.integers(-50, 50)
    return st.one_of(
        st.just({}),
        st.sampled_from(["boolean", "null", "integer", "number"]).map(lambda name: {"type": name}),
        st.tuples(small, st.integers(0, 99)).map(
            lambda two: {"type": "integer", "minimum": two[0], "maximum": two[0] + two[1]}
        ),
        st.tuples(st.floats(-9, 9), st.floats(0.5, 9)).map(
            lambda two: {"type": "number", "minimum": two[0], "exclusiveMaximum": two[0] + two[1]}
        ),
        st.tuples(st.integers(0, 4), st.integers(0, 9)).map(
            lambda two: {"type": "string", "minLength": two[0], "maxLength": two[0] + two[1]}
        ),
        st.sampled_from(["date", "time", "date-time", "email", "ipv4", "uuid", "uri"]).map(
            lambda name: {"type": "string", "format": name}
        ),
        st.sampled_from(["^[A-Z]{2}[0-9]+$", "x|y", "^.*[0-9]$", "[а-я]{2}", r"^\d{2}-\d{2}$"]).map(
            lambda pattern: {"type": "string", "pattern": pattern}
        ),
        st.lists(literals(), min_size=1, max_size=4).map(lambda values: {"enum": values}),
    )


def literals() -> st.SearchStrategy[Any]:
    plain = st.none() | st.booleans() | st.integers(-999, 999) | st.text(max_size=6)
    return st.recursive(
        plain,
        lambda of: st.lists(of, max_size=2) | st.dictionaries(st.text(max_size=4), of, max_size=2),
        max_leaves=4,
    )


def objects(of: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    @st.composite
    def make(draw: st.DrawFn) -> dict[str, Any]:
        named = draw(st.dictionaries(st.text(max_size=5), of, max_size=4))
        schema: dict[str, Any] = {"type": "object", "properties": named}
        if named:
            schema["required"] = draw(st.lists(st.sampled_from(sorted(named)), unique=True))
        if draw(st.booleans()):
            schema["additionalProperties"] = draw(st.booleans() | of)
        if draw(st.booleans()):
            schema["minProperties"] = draw(st.integers(0, len(named)))
        if draw(st.booleans()):
            schema["maxProperties"] = draw(st.integers(0, 5))
        return schema

    return make()


def arrays(of: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    @st.composite
    def make(draw: st.DrawFn) -> dict[str, Any]:
        schema: dict[str, Any] = {"type": "array"}
        if draw(st.booleans()):
            schema["prefixItems"] = draw(st.lists(of, max_size=3))
        if draw(st.booleans()):
            schema["items"] = draw(of | st.just(False))
        if draw(st.booleans()):
            schema["minItems"] = draw(st.integers(0, 4))
        if draw(st.booleans()):
            schema["maxItems"] = draw(st.integers(0, 6))
        if draw(st.booleans()):
            schema["uniqueItems"] = draw(st.booleans())
        return schema

    return make()


def schemas() -> st.SearchStrategy[dict[str, Any]]:
    return st.recursive(
        scalars(),
        lambda of: st.one_of(
            objects(of),
            arrays(of),
            st.lists(of, min_size=1, max_size=3).map(lambda options: {"anyOf": options}),
            st.lists(of, min_size=1, max_size=2).map(lambda options: {"oneOf": options}),
        ),
        max_leaves=6,
    )


@settings(deadline=None, suppress_health_check=list(HealthCheck), max_examples=60)
@given(schemas(), st.integers(0, 10_000), st.sampled_from([60, 200, 1000]))
def test_whatever_is_written_is_valid_under_the_schema_as_given_and_ends_in_time(
    words: Words, schema: dict[str, Any], seed: int, tokens: int
) -> None:
    try:
        made = grammar.prepare(words.grammars, schema, tokens, words.odd)
    except ValueError:
        assume(False)
    assert made.tokens <= tokens
    for long in (False, False, True):
        check(schema, write(words, made, random.Random(seed), long=long))  # noqa: S311


def test_what_the_vocabulary_cannot_spell_is_refused_by_name(words: Words) -> None:
    named: dict[str, Any] = {"type": "object", "properties": {"\U000b0000": {}}}
    enum: dict[str, Any] = {"enum": ["\U00040000"]}
    for schema in (enum, named):
        with pytest.raises(ValueError, match=r"names U\+(40000|B0000), and the model"):
            grammar.prepare(words.grammars, schema, 100, words.odd)
    assert words.odd.findall("a\x04é😀\U000bffff\U000c0000\n漢") == ["\x04", "\U000bffff"]
    made = grammar.prepare(words.grammars, {"enum": ["\x04😀"]}, 100, words.odd)
    check(dict(made.schema), write(words, made, random.Random(1)))  # noqa: S311  # JSON spells \u0004


def test_names_that_are_control_tokens_are_written_letter_by_letter(words: Words) -> None:
    names = ["<|im_end|>", "<|im_start|>", 'a"b', "x\ny", "\u202e", "é😀", ""]
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {name: {"const": name} for name in names},
    }
    schema["required"] = names
    made = bounded(schema, 500)
    constraint = Constraint(words.grammars, made.grammar)
    forced = constraint.forced()
    assert words.grammars.decode_bytes(forced).decode() == json.dumps(
        {name: name for name in names}, ensure_ascii=False, separators=(",", ":")
    )
    for token in forced:
        constraint.take(token)
    assert constraint.done
    check(schema, write(words, made, random.Random(1)))  # noqa: S311


def test_tokens_can_be_taken_back(words: Words) -> None:
    made = bounded({"type": "string", "pattern": "^[ab]{4}$"}, 50)
    constraint = Constraint(words.grammars, made.grammar)
    before = constraint.allowed(words.size)
    taken = 0
    while (allowed := constraint.allowed(words.size)) is not None:
        constraint.take(int(np.flatnonzero(allowed)[0]))
        taken += 1
    assert constraint.done
    constraint.back(taken)
    after = constraint.allowed(words.size)
    assert before is not None
    assert after is not None
    assert not constraint.done
    assert (before == after).all()


def test_a_token_that_was_not_allowed_is_no_way_on(words: Words) -> None:
    constraint = Constraint(words.grammars, bounded({"type": "boolean"}, 50).grammar)
    with pytest.raises(GrammarStuck, match="doesn't satisfy the grammar"):
        constraint.take(words.end)


@pytest.mark.parametrize(
    ("pattern", "says"),
    [
        ("^(?=a)b$", "look-around"),
        (r"(a)\1", "backreferences"),
        ('^"x"$', "Regex is empty"),
        ("^(a{0,100}){0,100}$", "too much work"),
        ("(.{1,40}){1,4}(.{1,40}){1,4}x", "too much work"),
    ],
)
def test_a_pattern_that_cannot_be_held_is_refused_before_it_is_used(
    words: Words, pattern: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        grammar.prepare(words.grammars, {"type": "string", "pattern": pattern}, 500, words.odd)


def test_a_thousand_members_are_written_in_full(words: Words) -> None:
    named = {f"p{n}": {"type": "boolean"} for n in range(1000)}
    schema: dict[str, Any] = {"type": "object", "properties": named, "required": list(named)}
    made = grammar.prepare(words.grammars, schema, 20_000, words.odd)
    constraint = Constraint(words.grammars, made.grammar)
    tokens: list[int] = []
    while not constraint.done:
        more = constraint.forced()
        if not more:
            allowed = constraint.allowed(words.size)
            assert allowed is not None
            more = [int(np.flatnonzero(allowed)[0])]
        for token in more:
            constraint.take(token)
        tokens += more
    assert len(check(schema, words.grammars.decode_bytes(tokens).decode())) == 1000

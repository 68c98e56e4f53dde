"""Schemas from anyone, bounded."""

from __future__ import annotations

from typing import Any

import pytest
from doorward.daemon.reader.schema import bounded

TEXT: dict[str, Any] = {"type": "string"}


def names(number: int) -> dict[str, Any]:
    return {f"p{n}": {"type": "boolean"} for n in range(number)}


@pytest.mark.parametrize(
    ("schema", "says"),
    [
        ({"not": {}}, "'not' is not supported"),
        ({"type": "string", "nullable": True}, "'nullable' is not supported"),
        ({"x-guidance": {"lenient": True}, "type": "string"}, "'x-guidance' is not supported"),
        ({"type": "object", "patternProperties": {}}, "'patternProperties' is not supported"),
        ({"type": "object", "propertyNames": {}}, "'propertyNames' is not supported"),
        ({"if": {}}, "'if' is not supported"),
        ({"type": "array", "contains": {}}, "'contains' is not supported"),
        ({"type": "array", "uniqueItems": True, "minItems": 2}, "uniqueItems is only supported"),
        ({"allOf": [{}, {}]}, "allOf of more than one"),
        ({"anyOf": [TEXT], "properties": {}}, "properties beside anyOf"),
        ({"anyOf": [TEXT], "type": "object"}, "type beside anyOf"),
        ({"enum": ["a"], "maxLength": 1}, "maxLength beside enum"),
        ({"enum": []}, "enum has 0 values"),
        ({"enum": ["a"], "type": "integer"}, "none of its values is of type integer"),
        ({"oneOf": [TEXT, {"type": "string", "maxLength": 3}]}, "both 0 and 1"),
        ({"oneOf": [{"type": "integer"}, {"type": "number"}]}, "both 0 and 1"),
        ({"$ref": "https://example.org/a"}, "leads out of the schema"),
        ({"$ref": "#"}, "leads back into itself"),
        ({"type": "array", "items": {"$ref": "#"}}, "leads back into itself"),
        ({"$ref": "#/$defs/none"}, "leads nowhere"),
        ({"type": "string", "format": "regex"}, "format 'regex' is not supported"),
        ({"type": "string", "format": "date", "pattern": "a"}, "format beside pattern"),
        ({"type": "string", "pattern": "("}, "is none"),
        ({"type": "string", "pattern": "a" * 201}, "at most 200"),
        ({"type": "string", "pattern": "^a{9}$", "maxLength": 3}, "pattern needs 9 characters"),
        ({"type": "string", "minLength": 4, "maxLength": 3}, "more than maxLength"),
        ({"type": "string", "minLength": -1}, "not a whole number from 0"),
        ({"type": "string", "maxLength": True}, "not a whole number from 0"),
        ({"type": "number", "multipleOf": 0.01}, "multipleOf 0.01 is not supported"),
        ({"type": "integer", "minimum": 2, "maximum": 1}, "no whole number"),
        ({"type": "number", "exclusiveMinimum": 1, "maximum": 1}, "no number"),
        ({"type": "number", "minimum": 1e308}, "beyond what is supported"),
        ({"type": "number", "exclusiveMinimum": True}, "not a number"),
        ({"type": "thing"}, "type 'thing' is none of"),
        ({"type": []}, "type [] is none"),
        ({"type": "object", "required": ["a"], "additionalProperties": False}, "'a' is required"),
        ({"type": "object", "properties": {"a": False}, "required": ["a"]}, "False is no schema"),
        ({"type": "object", "minProperties": 2}, "more than the properties named"),
        (
            {"type": "object", "properties": names(3), "required": ["p1"], "maxProperties": 0},
            "less",
        ),
        ({"type": "array", "minItems": 2, "items": False}, "more than 0 are not allowed"),
        ({"type": "array", "minItems": 2, "maxItems": 1}, "more than maxItems"),
        ({"enum": ["\ud800"]}, "surrogates not allowed"),
        ({"const": float("nan")}, "it is no JSON"),
        ({"enum": [str(n) for n in range(2001)]}, "from 1 to 2000"),
        ({"description": "x" * 200_001}, "bytes long"),
        ({"type": "object", "properties": names(2001)}, "more than 2000 properties"),
    ],
)
def test_what_cannot_be_held_is_refused_by_name(schema: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match="the schema") as refused:
        bounded(schema, 100_000)
    assert says in str(refused.value)
    assert len(str(refused.value)) < 400


def test_a_schema_nested_too_deep_is_refused_however_it_is_nested() -> None:
    deep: dict[str, Any] = {}
    for _ in range(40):
        deep = {"type": "array", "items": deep}
    chain: dict[str, Any] = {
        f"a{n}": {"type": "array", "items": {"$ref": f"#/$defs/a{n + 1}"}} for n in range(40)
    }
    literal: Any = None
    for _ in range(600):
        literal = [literal]
    backwards: dict[str, Any] = {"anyOf": [{"$ref": f"#/$defs/a{n}"} for n in range(39, -1, -1)]}
    hostile: tuple[dict[str, Any], ...] = (
        deep,
        {"$ref": "#/$defs/a0", "$defs": {**chain, "a40": TEXT}},
        {**backwards, "$defs": {**chain, "a40": TEXT}},
        {"const": literal},
    )
    for schema in hostile:
        with pytest.raises(ValueError, match=r"nested deeper than 32|recursion"):
            bounded(schema, 100_000)


def test_a_schema_that_doubles_at_each_step_costs_neither_time_nor_grammar() -> None:
    steps = {
        f"a{n}": {
            "type": "object",
            "properties": {side: {"$ref": f"#/$defs/a{n + 1}"} for side in ("l", "r")},
            "required": ["l", "r"],
        }
        for n in range(14)
    }
    schema: dict[str, Any] = {"$ref": "#/$defs/a0", "$defs": {**steps, "a14": {"type": "null"}}}
    with pytest.raises(ValueError, match=r"needs 2\d\d\d\d\d tokens"):
        bounded(schema, 100_000)
    assert len(bounded(schema, 1_000_000).grammar) < 4000


def test_what_does_not_fit_is_refused_with_both_numbers() -> None:
    schema: dict[str, Any] = {
        "type": "object",
        "properties": names(40),
        "required": list(names(40)),
    }
    needed = bounded(schema, 1000).tokens
    assert bounded(schema, needed).tokens == needed
    with pytest.raises(ValueError, match=f"needs {needed} tokens .* {needed - 1} are given"):
        bounded(schema, needed - 1)


def test_bounds_get_wider_with_more_tokens_and_are_never_exceeded() -> None:
    schema: dict[str, Any] = {
        "type": "array",
        "items": {"type": "object", "properties": {"a": TEXT, "b": TEXT}},
    }
    before = 0
    for tokens in (64, 128, 256, 512, 2048, 8192):
        made = bounded(schema, tokens)
        assert before <= made.tokens <= tokens
        before = made.tokens
    assert bounded(schema, 64).caps.items < bounded(schema, 8192).caps.items == 16


def test_upper_bounds_of_the_caller_are_lowered_and_lower_ones_are_not() -> None:
    assert bounded({"type": "string", "maxLength": 100_000}, 100).tokens <= 100
    with pytest.raises(ValueError, match="needs 123 tokens"):
        bounded({"type": "string", "minLength": 120}, 122)


def test_optional_members_that_no_room_is_left_for_are_not_written_the_last_first() -> None:
    schema: dict[str, Any] = {"type": "object", "properties": names(300), "required": ["p299"]}
    made = bounded(schema, 400)
    assert made.caps.optional == 10
    assert "p9" in made.grammar
    assert "p10" not in made.grammar
    assert "p299" in made.grammar


def test_more_patterns_than_can_be_tried_out_are_refused() -> None:
    def told(count: int) -> dict[str, Any]:
        members = {f"m{n}": {"type": "string", "pattern": f"^a{n}b$"} for n in range(count)}
        return {"type": "object", "properties": members}

    assert len(bounded(told(16), 4000).patterns) == 16
    with pytest.raises(ValueError, match="17 patterns, and 16 are the most"):
        bounded(told(17), 4000)

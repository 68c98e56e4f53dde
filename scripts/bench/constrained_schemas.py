# ruff: noqa: E501, RUF024 - a schema a line
"""Fifty schemas for `constrained`: what tools and strangers ask for, and what the hostile do."""

from __future__ import annotations

from typing import Any

TEXT = {"type": "string"}
DAY = {"type": "string", "format": "date"}
HOSTILE_NAMES = (
    'say "hi"', "new\nline", "<|im_end|>", "<|im_start|>system", "\u202eabc", "a\\b", "}{][", "",
    "\u2028", "emoji 😀", "名前", "tab\there", "'; DROP TABLE", "</s>", "{{x}}", "\u200b",
)  # fmt: skip


def thing(required: str = "", **properties: Any) -> dict[str, Any]:
    """Return an object's schema; all its members are required unless some are named."""
    wanted = required.split() if required else list(properties)
    return {"type": "object", "properties": properties, "required": wanted}


def many(items: Any, **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


def nested(depth: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "boolean"}
    for _ in range(depth):
        schema = thing(a=schema)
    return schema


def call(name: str, **arguments: Any) -> dict[str, Any]:
    return thing(name={"const": name}, arguments=thing(**arguments))


MONEY = {"type": "number", "minimum": 0, "maximum": 100000}
PERSON = thing(
    "name",
    name=TEXT,
    email={"type": "string", "format": "email"},
    age={"type": "integer", "minimum": 0, "maximum": 130},
)

SCHEMAS: dict[str, dict[str, Any]] = {
    # what tools ask for
    "invoice": thing(number=TEXT, day=DAY, total=MONEY, currency={"enum": ["EUR", "USD", "GBP"]}),
    "invoice lines": thing(number=TEXT, lines=many(thing(what=TEXT, price=MONEY))),
    "contact": PERSON,
    "contacts": many(PERSON, maxItems=2),
    "tool calls": {"anyOf": [call("find", path=TEXT), call("move", source=TEXT, target=TEXT), call("stop")]},
    "one tool call": {"oneOf": [call("find", path=TEXT), call("wait", seconds={"type": "integer", "minimum": 1, "maximum": 60})]},
    "event": thing("title start", title=TEXT, start={"type": "string", "format": "date-time"}, place=TEXT),
    "yes or no": {"type": "boolean"},
    "sentiment": thing(label={"enum": ["good", "bad", "neither"]}, sure={"type": "number", "minimum": 0, "maximum": 1}),
    "summary": thing(title=TEXT, points=many(TEXT, minItems=1, maxItems=3)),
    "tags": many({"enum": ["bill", "letter", "health", "tax", "travel", "work"]}, uniqueItems=True, minItems=1),
    "reply": thing(answer={"type": ["string", "null"], "maxLength": 60}),
    "table": many(many({"type": "integer", "minimum": -9, "maximum": 99}, minItems=2, maxItems=2), maxItems=3),
    "pair": {"type": "array", "prefixItems": [TEXT, {"type": "number"}], "items": False, "minItems": 2},
    "coordinates": thing(lat={"type": "number", "minimum": -90, "maximum": 90}, lon={"type": "number", "minimum": -180, "maximum": 180}),
    "time span": thing(start={"type": "string", "format": "time"}, length={"type": "string", "format": "duration"}),
    "address": thing("street city", street=TEXT, city=TEXT, zip={"type": "string", "pattern": "^[0-9]{5}$"}, country={"type": "string", "minLength": 2, "maxLength": 2}),
    "order": {"$ref": "#/$defs/order", "$defs": {"order": thing(id={"$ref": "#/$defs/id"}, of={"$ref": "#/$defs/id"}), "id": {"type": "string", "format": "uuid"}}},
    "union": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "maxLength": 8}, {"type": "null"}]},
    "shape": {"oneOf": [thing(kind={"const": "circle"}, radius=MONEY), thing(kind={"const": "square"}, side=MONEY), thing(kind={"const": "none"})]},
    # what schemas can say
    "500 words": {"enum": [f"word {number}" for number in range(500)]},
    "2000 words": thing(word={"enum": [f"w{number}" for number in range(2000)]}),
    "mixed enum": {"enum": [1, "1", None, True, [1, {"a": []}], {"b": None}, -0.5, "<|im_end|>"]},
    "constants": thing(a={"const": 1}, b={"const": "x\n\"y\""}, c={"const": [None, {"d": 2.5}]}),
    "code": {"type": "string", "pattern": "^[A-Z]{3}-[0-9]{4}(-[a-z]{1,3})?$"},
    "free pattern": {"type": "string", "pattern": "[0-9]+ (EUR|USD)"},
    "cyrillic": {"type": "string", "pattern": "^[а-я]{3,12}$"},
    "address on the net": thing(host={"type": "string", "format": "hostname"}, ip={"type": "string", "format": "ipv4"}),
    "links": thing(link={"type": "string", "format": "uri"}, six={"type": "string", "format": "ipv6"}),
    "small range": {"type": "integer", "minimum": -3, "exclusiveMaximum": 4},
    "open range": {"type": "number", "exclusiveMinimum": 0.5, "exclusiveMaximum": 0.75},
    "far range": {"type": "integer", "minimum": 10**12, "maximum": 10**12 + 12345},
    "multiples": thing(minutes={"type": "integer", "minimum": 0, "maximum": 600, "multipleOf": 15}),
    "any": {},
    "any list": {"type": "array", "maxItems": 3},
    "map": {"type": "object", "additionalProperties": {"type": "integer", "minimum": 0, "maximum": 9}, "maxProperties": 3},
    "map and names": {"type": "object", "properties": {"id": {"type": "integer"}}, "required": ["id"], "additionalProperties": TEXT, "maxProperties": 2},
    "empty": {"type": "object"},
    "closed empty": {"type": "object", "additionalProperties": False},
    "few of many": {"type": "object", "properties": {f"p{n}": {"type": "boolean"} for n in range(8)}, "minProperties": 3, "maxProperties": 5},
    "exact text": {"type": "string", "minLength": 12, "maxLength": 12},
    # what the hostile ask for
    "hostile names": thing(**dict.fromkeys(HOSTILE_NAMES[:6], {"type": "boolean"})),
    "hostile optional": thing("emoji", **dict.fromkeys((*HOSTILE_NAMES[6:], "emoji"), {"type": "null"})),
    "hostile enum": {"enum": list(HOSTILE_NAMES)},
    "hostile map": {"type": "object", "properties": {"<|im_end|>": {"const": "<|im_start|>"}}, "required": ["<|im_end|>"], "additionalProperties": {"type": "null"}, "maxProperties": 3},
    "1000 properties": thing("p1 p999", **{f"p{n}": {"type": "integer", "minimum": 0, "maximum": 9} for n in range(1000)}),
    "deep": nested(16),
    "deep lists": many(many(many(many(many(TEXT, maxItems=2), maxItems=2), maxItems=2), maxItems=1), maxItems=1),
    "doubled": {"$ref": "#/$defs/a0", "$defs": {**{f"a{n}": thing(l={"$ref": f"#/$defs/a{n + 1}"}, r={"type": "null"}) for n in range(6)}, "a6": {"type": "null"}}},
    "slow pattern": {"type": "string", "pattern": "^([ab]*a[ab]{12})$", "maxLength": 30},
}  # fmt: skip

"""Take a JSON schema from anyone, and make of it a grammar that ends within a number of tokens.

It runs no model and imports no llguidance. What a schema asks for is held in full or refused by
name, with a `ValueError`: never left out. What it leaves open is narrowed: objects have no members
that it does not name unless it says so, texts and lists get a bound, a value of any kind is a
scalar. Every value of the grammar is valid under the schema as it was given.

The bound is exact for every tokenizer: each token that a grammar lets pass holds a byte or more, so
a value of n bytes takes n tokens at most, and one more ends it. The engine calls this.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, cast

from doorward.daemon.reader import leaves, shapes
from doorward.daemon.reader.apart import excludes
from doorward.daemon.reader.keywords import (
    KNOWN,
    OF_TYPE,
    SAYS_NOTHING,
    WHOLE,
    Node,
    count,
    list_of,
    of_type,
    pointed,
    refuse,
    shown,
    types_of,
)
from doorward.daemon.reader.shapes import Caps, Either, Items, Literals, Member, Object, Shape, Some
from doorward.policies.vocabulary import Data

DEEPEST: Final = 32
"""How deep a schema may be nested, references followed."""
MOST_NODES: Final = 5000
"""How many schemas a schema may hold."""
MOST_BYTES: Final = 200_000
"""How long a schema may be."""
MOST_OPTIONS: Final = 64
MOST_MEMBERS: Final = 2000
MOST_NAME: Final = 1000
MOST_PATTERNS: Final = 16
"""How many different patterns: each is tried out before any other request is looked at."""
TEXTS: Final = (16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 2048, 4096, 8192)
"""Bytes that a text may get."""

_SCALAR: Final = Either((
    shapes.Text(),
    leaves.number({}, "#", whole=False),
    Literals(("true", "false", "null")),
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Bounded:
    """A schema that can be written within a number of tokens."""

    schema: Mapping[str, Data]
    """As it was given."""
    grammar: str
    """In llguidance's Lark; `grammar.Constraint` takes it."""
    tokens: int
    """The most tokens that a value takes, the one that ends it included; for every tokenizer."""
    caps: Caps
    """The bounds that were chosen for what the schema leaves open."""
    patterns: tuple[str, ...] = ()
    """A grammar for each pattern alone, to be tried out before the whole is used."""


def bounded(schema: Mapping[str, Data], tokens: int) -> Bounded:
    """Check a schema and bound what it leaves open, so that its values fit into `tokens`.

    Upper bounds of the schema itself are lowered too where they do not fit; lower ones never.

    Raises:
        ValueError: The schema is none, holds what is not supported, or does not fit; says where.
    """
    try:
        root: dict[str, Data] = dict(schema)
        size = len(_json(root).encode())
        if size > MOST_BYTES:
            raise refuse("#", f"it is {size:,} bytes long, and {MOST_BYTES:,} are the most")
        shape = _Reading(root).read(root, "#", 0)
        caps = _fit(shape, tokens)
        grammar, patterns = shapes.grammar(shape, caps)
        if len(patterns) > MOST_PATTERNS:
            raise refuse("#", f"it has {len(patterns)} patterns, and {MOST_PATTERNS} are the most")
    except (RecursionError, UnicodeEncodeError, TypeError) as error:
        msg = f"the schema is none that can be written: {error}"
        raise ValueError(msg) from error
    return Bounded(schema, grammar, shapes.longest(shape, caps) + 1, caps, patterns)


def _json(root: Data) -> str:
    try:
        return shapes.dump(root)
    except ValueError as error:
        raise refuse("#", f"it is no JSON: {error}") from error


def _fit(shape: Shape, tokens: int) -> Caps:
    """Choose the widest bounds that fit: first fewer items, then shorter texts, then members."""
    for optional in (200, 50, 10):
        for text in (64, 32, TEXTS[0]):
            for items in (16, 8, 4, 2, 1):
                if shapes.longest(shape, Caps(text, items, optional)) < tokens:
                    wider = (Caps(more, items, optional) for more in reversed(TEXTS))
                    return next(caps for caps in wider if shapes.longest(shape, caps) < tokens)
    least = shapes.longest(shape, Caps(TEXTS[0], 1, 10)) + 1
    msg = (
        f"the schema needs {least} tokens at least to be finished for certain, and {tokens} are "
        "given; give more, or bound its texts and lists"
    )
    raise ValueError(msg)


class _Reading:
    """Reads one schema; what a reference names is read once."""

    def __init__(self, root: Data) -> None:
        self._root = root
        self._seen: dict[str, tuple[Shape, int] | None] = {}
        self._nodes = 0
        self._reached = 0

    def read(self, node: Data, at: str, depth: int) -> Shape:
        """Return the shape of a schema within the schema."""
        self._enter(at, depth)
        if node is True:
            return _SCALAR
        if not isinstance(node, dict):
            raise refuse(at, f"{shown(node)} is no schema that a value can be valid under")
        if unknown := [keyword for keyword in node if keyword not in KNOWN]:
            raise refuse(at, f"{shown(unknown[0])} is not supported")
        whole = sorted(keyword for keyword in WHOLE if keyword in node)
        if whole:
            return self._whole(node, whole, at, depth)
        types = types_of(node, at) or [
            name for name, keywords in OF_TYPE.items() if keywords & node.keys()
        ]
        options = [self._typed(name, node, at, depth) for name in types]
        if not options:
            return _SCALAR
        return options[0] if len(options) == 1 else Either(tuple(options))

    def _enter(self, at: str, depth: int) -> None:
        self._nodes += 1
        self._reached = max(self._reached, depth)
        if self._nodes > MOST_NODES or depth > DEEPEST:
            raise refuse(at, f"more than {MOST_NODES} schemas, or nested deeper than {DEEPEST}")

    # -- keywords that say all by themselves ---------------------------------------------------

    def _whole(self, node: Node, whole: Sequence[str], at: str, depth: int) -> Shape:
        keyword = whole[0]
        beside = [name for name in node if name not in SAYS_NOTHING | {keyword, "type"}]
        if beside:
            raise refuse(at, f"{beside[0]} beside {keyword} is not supported")
        if keyword in {"enum", "const"}:
            return self._literals(node, at, depth)
        if "type" in node and keyword != "$ref":
            self._check_type(node, keyword, at)
        elif "type" in node:
            raise refuse(at, "type beside $ref is not supported")
        if keyword == "$ref":
            return self._reference(node["$ref"], at, depth)
        return self._options(node, keyword, at, depth)

    def _check_type(self, node: Node, keyword: str, at: str) -> None:
        """Refuse a type beside options, unless every option says it too."""
        types = set(types_of(node, at))
        for option in list_of(node, keyword, at):
            target = option if isinstance(option, dict) else {}
            if not target.get("type") or not set(types_of(target, at)) <= types:
                raise refuse(at, f"type beside {keyword} is only supported where each says it too")

    def _literals(self, node: Node, at: str, depth: int) -> Shape:
        values = [node["const"]] if "const" in node else list_of(node, "enum", at)
        types = types_of(node, at)
        kept = [
            value
            for value in leaves.literals(values, at)
            if not types or any(of_type(value, name) for name in types)
        ]
        if not kept:
            raise refuse(at, f"none of its values is of type {', '.join(types)}")
        plain = [shapes.dump(value) for value in kept if not isinstance(value, list | dict)]
        options = [
            self._fixed(value, at, depth) for value in kept if isinstance(value, list | dict)
        ]
        if plain:
            options.append(Literals(tuple(plain)))
        return options[0] if len(options) == 1 else Either(tuple(options))

    def _fixed(self, value: Data, at: str, depth: int) -> Shape:
        """Return the shape of exactly one value."""
        self._enter(at, depth)
        if isinstance(value, list):
            items = tuple(self._fixed(item, at, depth + 1) for item in value)
            return Items(items, None, len(items), len(items))
        if isinstance(value, dict):
            return Object(
                tuple(
                    Member(name, self._fixed(inner, at, depth + 1), True)
                    for name, inner in value.items()
                )
            )
        return Literals((shapes.dump(value),))

    def _options(self, node: Node, keyword: str, at: str, depth: int) -> Shape:
        options = list_of(node, keyword, at)
        if not options or len(options) > MOST_OPTIONS:
            raise refuse(at, f"{keyword} has {len(options)} schemas, not 1 to {MOST_OPTIONS}")
        if keyword == "allOf" and len(options) > 1:
            raise refuse(at, "allOf of more than one schema is not supported")
        read = [self.read(one, f"{at}/{keyword}/{n}", depth + 1) for n, one in enumerate(options)]
        if keyword == "oneOf":
            self._check_apart([self._follow(option) for option in options], at)
        return read[0] if len(read) == 1 else Either(tuple(read))

    def _check_apart(self, options: Sequence[Data], at: str) -> None:
        for one, left in enumerate(options):
            for other, right in enumerate(options):
                if one != other and not excludes(left, right):
                    both = f"{one} and {other}"
                    raise refuse(at, f"oneOf: one value may be valid under both {both}; use anyOf")

    def _follow(self, node: Data) -> Data:
        """Return what a schema is once its references are followed; they are sound by now."""
        while isinstance(node, dict) and "$ref" in node:
            node = pointed(self._root, str(node["$ref"]), "#")
        return node

    def _reference(self, pointer: Data, at: str, depth: int) -> Shape:
        if not isinstance(pointer, str) or not pointer.startswith("#") or "%" in pointer:
            raise refuse(at, f"$ref {shown(pointer)} leads out of the schema")
        if pointer in self._seen:
            known = self._seen[pointer]
            if known is None:
                raise refuse(at, f"$ref {shown(pointer)} leads back into itself")
            self._enter(at, depth + known[1])
            return known[0]
        self._seen[pointer] = None
        before, self._reached = self._reached, depth
        shape = self.read(pointed(self._root, pointer, at), pointer, depth + 1)
        self._seen[pointer] = shape, self._reached - depth
        self._reached = max(self._reached, before)
        return shape

    # -- types ---------------------------------------------------------------------------------

    def _typed(self, name: str, node: Node, at: str, depth: int) -> Shape:
        match name:
            case "object":
                return self._object(node, at, depth)
            case "array":
                return self._array(node, at, depth)
            case "string":
                return leaves.text(node, at)
            case "number" | "integer":
                return leaves.number(node, at, whole=name == "integer")
            case "boolean":
                return Literals(("true", "false"))
            case "null":
                return Literals(("null",))
            case _:
                raise refuse(at, f"type {shown(name)} is none of {', '.join(OF_TYPE)}")

    def _array(self, node: Node, at: str, depth: int) -> Shape:
        least, most = count(node, "minItems", at) or 0, count(node, "maxItems", at)
        if most is not None and most < least:
            raise refuse(at, f"minItems {least} is more than maxItems {most}")
        first = [
            self.read(item, f"{at}/prefixItems/{n}", depth + 1)
            for n, item in enumerate(list_of(node, "prefixItems", at))
        ]
        items = node.get("items", True)
        rest = None if items is False else self.read(items, f"{at}/items", depth + 1)
        if rest is None and least > len(first):
            raise refuse(at, f"minItems is {least}, and more than {len(first)} are not allowed")
        if len(first) > MOST_OPTIONS:
            raise refuse(at, f"prefixItems has more than {MOST_OPTIONS} schemas")
        if node.get("uniqueItems", False) is not False:
            return _unique(first, rest, least, most, at)
        if rest is None:
            most = len(first) if most is None else min(most, len(first))
        return Items(tuple(first), rest, least, most)

    def _object(self, node: Node, at: str, depth: int) -> Shape:
        named = node.get("properties", {})
        required = list_of(node, "required", at)
        if not isinstance(named, dict) or not all(isinstance(name, str) for name in required):
            raise refuse(at, "properties or required is not what it should be")
        wanted = dict.fromkeys(cast("list[str]", required))
        others, more = self._others(node, at, depth)
        if missing := [name for name in wanted if name not in named]:
            if others is None:
                raise refuse(at, f"{shown(missing[0])} is required, and not among the properties")
            named = {**named, **dict.fromkeys(missing)}
        names = [name for name in named if named[name] is not False or name in wanted]
        if more and len(names) < len(named):
            raise refuse(
                at, "a property that is false beside additionalProperties is not supported"
            )
        if len(names) > MOST_MEMBERS or any(len(name) > MOST_NAME for name in names):
            raise refuse(at, f"more than {MOST_MEMBERS} properties, or names over {MOST_NAME}")
        least, most = count(node, "minProperties", at) or 0, count(node, "maxProperties", at)
        if most is not None and most < max(least, len(wanted)):
            raise refuse(at, f"maxProperties {most} is less than must be there")
        for name in names:  # those that make up the number that must be there
            if len(wanted) < least:
                wanted[name] = None
        left = least - len(wanted)
        if left > 1 or (left == 1 and not more):
            raise refuse(at, f"minProperties {least} is more than the properties named")
        members = [
            Member(name, self._member(named, name, others, at, depth), name in wanted)
            for name in names
        ]
        return Object(tuple(members), others if more else None, max(left, 0), None, most)

    def _member(
        self, named: Mapping[str, Data], name: str, others: Shape | None, at: str, depth: int
    ) -> Shape:
        if named[name] is None and others is not None:
            return others
        short = name if len(name) < 40 and name.isascii() and name.isprintable() else shown(name)
        return self.read(named[name], f"{at}/properties/{short}", depth + 1)

    def _others(self, node: Node, at: str, depth: int) -> tuple[Shape | None, bool]:
        """Return the shape of members that are not named, and whether to write any."""
        others = node.get("additionalProperties", True)
        if others is False:
            return None, False
        shape = self.read(others, f"{at}/additionalProperties", depth + 1)
        return shape, "additionalProperties" in node


def _unique(
    first: Sequence[Shape], rest: Shape | None, least: int, most: int | None, at: str
) -> Shape:
    if isinstance(rest, Literals) and not first and len(rest.texts) <= MOST_OPTIONS:
        room = len(rest.texts) if most is None else min(most, len(rest.texts))
        if least <= room:
            return Some(rest.texts, least, room)
    if least <= 1 and (first or rest):
        return Items(tuple(first), rest, least, 1 if most is None else min(most, 1))
    raise refuse(at, f"uniqueItems is only supported for an enum of at most {MOST_OPTIONS}")

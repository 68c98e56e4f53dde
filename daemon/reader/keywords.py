"""The keywords of JSON schema that are known here, and how their values are read.

It gives them no meaning: `schema`, `leaves` and `apart` do, and call this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, TypeAlias

from doorward.daemon.reader.shapes import dump
from doorward.policies.vocabulary import Data

Node: TypeAlias = Mapping[str, Data]

SAYS_NOTHING: Final = frozenset({
    "$schema", "$comment", "$defs", "definitions", "title", "description", "default", "examples",
    "deprecated", "readOnly", "writeOnly", "contentMediaType", "contentEncoding",
})  # fmt: skip
OF_TYPE: Final[Mapping[str, frozenset[str]]] = {
    "object": frozenset(
        {"properties", "required", "additionalProperties", "minProperties", "maxProperties"}
    ),
    "array": frozenset({"items", "prefixItems", "minItems", "maxItems", "uniqueItems"}),
    "string": frozenset({"minLength", "maxLength", "pattern", "format"}),
    "number": frozenset(
        {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
    ),
    "integer": frozenset(),
    "boolean": frozenset(),
    "null": frozenset(),
}
WHOLE: Final = frozenset({"$ref", "anyOf", "oneOf", "allOf", "enum", "const"})
"""Keywords that say all by themselves; beside them only `type` may say something."""
KNOWN: Final = SAYS_NOTHING | WHOLE | {"type"} | frozenset().union(*OF_TYPE.values())


def refuse(at: str, why: str) -> ValueError:
    """Return the error that says where in the schema something is wrong."""
    return ValueError(f"the schema at {at if len(at) <= 90 else f'{at[:87]}...'}: {why}")


def count(node: Node, keyword: str, at: str) -> int | None:
    """Return a keyword that is a whole number from 0, or None where it is not there."""
    value = node.get(keyword)
    if value is None and keyword not in node:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or value < 0 or value % 1:
        raise refuse(at, f"{keyword} is {shown(value)}, not a whole number from 0")
    return int(value)


def shown(value: Data) -> str:
    """Return a short form of a stranger's value for a message."""
    text = ascii(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def types_of(node: Node, at: str) -> list[str]:
    """Return the types that a schema names, none where it names none."""
    kind = node.get("type", [])
    names = [kind] if isinstance(kind, str) else kind
    if not isinstance(names, list) or ("type" in node and not names):
        raise refuse(at, f"type {shown(kind)} is none")
    if unknown := [name for name in names if name not in OF_TYPE]:
        raise refuse(at, f"type {shown(unknown[0])} is none of {', '.join(OF_TYPE)}")
    return [str(name) for name in names]


def list_of(node: Node, keyword: str, at: str) -> list[Data]:
    """Return a keyword that is a list; an empty one where it is not there."""
    values = node.get(keyword, [])
    if not isinstance(values, list):
        raise refuse(at, f"{keyword} is {shown(values)}, not a list")
    return values


def pointed(root: Data, pointer: str, at: str) -> Data:
    """Return what a pointer into the schema leads to."""
    node = root
    for step in pointer[1:].split("/")[1:]:
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdecimal() and int(name) < len(node):
            node = node[int(name)]
        else:
            raise refuse(at, f"$ref {shown(pointer)} leads nowhere")
    return node


def of_type(value: Data, name: str) -> bool:
    """Tell whether a value is of a type as JSON schema understands it."""
    match value:
        case None:
            return name == "null"
        case bool():
            return name == "boolean"
        case int():
            return name in {"integer", "number"}
        case float():
            return name == "number" or (name == "integer" and value.is_integer())
        case str():
            return name == "string"
        case list():
            return name == "array"
        case dict():
            return name == "object"


def key(value: Data) -> str:
    """Return what is the same for two values exactly if JSON schema takes them for equal."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, list):
        return f"[{','.join(key(item) for item in value)}]"
    if isinstance(value, dict):
        return f"{{{','.join(f'{dump(name)}:{key(value[name])}' for name in sorted(value))}}}"
    return dump(value)

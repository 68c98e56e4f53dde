"""What a server offers, and what the user has accepted of it: names, descriptions, schemas, pins.

Pure. All of it is text that a stranger wrote. A tool's pin is the SHA-256 of its name, description
and input schema; what a server says of itself beyond that (`readOnlyHint` and the like) is not
even read. `session` fills it, `tool` and `daemon.connectors` use it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from doorward.policies.plan import Kind, Parameter
from doorward.policies.vocabulary import Data

MAX_TOOLS = 200
_TOOL = re.compile(r"[A-Za-z][A-Za-z0-9_-]{0,63}")
_PARAMETER = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,63}")
_SHOWN = 200
_KINDS = {
    "string": Kind.TEXT,
    "number": Kind.NUMBER,
    "integer": Kind.NUMBER,
    "boolean": Kind.BOOLEAN,
    "object": Kind.RECORD,
}


@dataclass(frozen=True, slots=True)
class Offer:
    """One tool of a server."""

    name: str
    description: str
    schema: Mapping[str, Data]
    """JSON schema of its arguments."""

    @property
    def pin(self) -> str:
        """Return the SHA-256 of all that it says of itself."""
        said = [self.name, self.description, self.schema]
        text = json.dumps(said, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def about(self) -> str:
        """Return its description in one printable line of at most 200 characters."""
        return shown(self.description)

    def parameters(self) -> tuple[Parameter, ...]:
        """Return its arguments, typed where the schema is simple."""
        listed, required = self.schema.get("properties"), self.schema.get("required")
        needed = required if isinstance(required, list) else []
        table = listed if isinstance(listed, dict) else {}
        return tuple(_parameter(name, one, name in needed) for name, one in table.items())


def offers(tools: Sequence[Mapping[str, Data]]) -> tuple[dict[str, Offer], list[str]]:
    """Read a server's list of tools.

    Args:
        tools: As the server sent them.

    Returns:
        The tools that can be used, by name; and why each of the others cannot.
    """
    found: dict[str, Offer] = {}
    refused = [f"it offers {len(tools)} tools; the first {MAX_TOOLS} count"]
    refused = refused if len(tools) > MAX_TOOLS else []
    names = [tool.get("name") for tool in tools]
    for tool in tools[:MAX_TOOLS]:
        name = tool.get("name")
        if not isinstance(name, str) or not _TOOL.fullmatch(name):
            refused.append(f"a tool is called {shown(str(name))!r}: that is no plain name")
        elif names.count(name) > 1:
            refused.append(f"two tools are called {name}: neither can be used")
        elif fault := _fault(tool.get("inputSchema")):
            refused.append(f"{name}: {fault}")
        else:
            schema = tool["inputSchema"]
            about = tool.get("description")
            found[name] = Offer(
                name,
                about if isinstance(about, str) else "",
                schema if isinstance(schema, dict) else {},
            )
    return found, list(dict.fromkeys(refused))


def _fault(schema: Data) -> str:
    if not isinstance(schema, dict):
        return "its arguments are not described"
    names = schema.get("properties", {})
    if not isinstance(names, dict) or not all(map(_PARAMETER.fullmatch, names)):
        return "an argument has no plain name"
    return ""


def _parameter(name: str, schema: Data, required: bool) -> Parameter:
    table = schema if isinstance(schema, dict) else {}
    kind = table.get("type")
    if kind == "array":
        items = table.get("items")
        inner = items.get("type") if isinstance(items, dict) else None
        return Parameter(name, _kind(inner), "", required, many=True)
    return Parameter(name, _kind(kind), "", required)


def _kind(name: Data) -> Kind:
    return _KINDS.get(name, Kind.ANY) if isinstance(name, str) else Kind.ANY


def changes(before: Mapping[str, Offer], now: Mapping[str, Offer]) -> dict[str, str]:
    """Say of each tool that is not as it was accepted what is different.

    Args:
        before: What the user has accepted.
        now: What the server offers.
    """
    told: dict[str, str] = {}
    for name in sorted(before.keys() | now.keys()):
        old, new = before.get(name), now.get(name)
        if old is None:
            told[name] = "it is new, and you have not accepted it"
        elif new is None:
            told[name] = "the server does not offer it any more"
        elif old.pin != new.pin:
            told[name] = "; ".join(_differences(old, new))
    return told


def _differences(old: Offer, new: Offer) -> Iterable[str]:
    if old.description != new.description:
        before, after = _around_change(old.description, new.description)
        yield f"its description was {before!r} and is now {after!r}"
    if old.schema != new.schema:
        was = {parameter.name: parameter for parameter in old.parameters()}
        now = {parameter.name: parameter for parameter in new.parameters()}
        for name in sorted(now.keys() - was.keys()):
            yield f"it takes a new argument {name!r}"
        for name in sorted(was.keys() - now.keys()):
            yield f"it takes no argument {name!r} any more"
        if was.keys() == now.keys():
            yield "its arguments are described in another way"


def _around_change(old: str, new: str) -> tuple[str, str]:
    """Return both texts from shortly before where they part."""
    start = next(
        (at for at, (one, other) in enumerate(zip(old, new, strict=False)) if one != other),
        min(len(old), len(new)),
    )
    start = max(0, start - 20)
    return shown(old[start:]), shown(new[start:])


def shown(text: str) -> str:
    """Return a stranger's text as one printable ASCII-safe line of at most 200 characters."""
    line = " ".join(text.split())
    line = "".join(
        c if c.isprintable() and (c.isascii() or c.isalpha()) else f"\\u{ord(c):04x}" for c in line
    )
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"


def pins_text(pins: Mapping[str, Mapping[str, Offer]]) -> str:
    """Return accepted tools, by connector, as the JSON of the pins file."""
    record = {
        connector: {
            name: {"description": offer.description, "schema": offer.schema, "sha256": offer.pin}
            for name, offer in held.items()
        }
        for connector, held in pins.items()
    }
    return json.dumps(record, indent=1, sort_keys=True) + "\n"


def read_pins(text: str) -> dict[str, dict[str, Offer]]:
    """Read the JSON of the pins file.

    Raises:
        ValueError: It is not such a file, or a pin does not fit what it pins.
    """
    record = json.loads(text)
    found: dict[str, dict[str, Offer]] = {}
    try:
        for connector, held in record.items():
            found[connector] = {
                name: Offer(name, one["description"], one["schema"]) for name, one in held.items()
            }
            for name, one in held.items():
                if found[connector][name].pin != one["sha256"]:
                    raise ValueError(f"the pin of {connector}/{name} does not fit what it pins")
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("it is no list of accepted tools") from error
    return found

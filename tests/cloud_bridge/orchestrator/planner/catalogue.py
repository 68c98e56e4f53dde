"""The tool catalogue as the recipes see it, until the real tools declare it themselves."""

from __future__ import annotations

from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Effect

_KINDS = {
    "text": Kind.TEXT, "path": Kind.PATH, "date": Kind.DATE, "number": Kind.NUMBER,
    "boolean": Kind.BOOLEAN, "record": Kind.RECORD,
}  # fmt: skip

_TABLE = """
files.list | folder:path recursive?:boolean | read | items count
files.find | folder:path name?:text kinds?:text* since?:date until?:date | read | items count
files.read | path:path | read | path text
files.write | path:path text:text | write destroy | path bytes
files.move | path:path to:path | write | path to
files.trash | path:path | destroy | path
files.duplicates | folder:path | read | groups items count bytes size
files.arrange | items:record* by:text under?:path | read | items count
documents.text | path:path | read | path name kind title text chars pages modified
search.find | about:text folder:path kinds?:text* since?:date until?:date limit?:number |read| F
read.select | documents:record* about:text since?:date until?:date | read | items left_out count
read.extract | document:record fields:text* | read | path name fields spans missing
read.classify | document:record options:text* | read | path option confidence
read.summarise | documents:record* sentences?:number | read | text sentences count
read.answer | question:text documents:record* | read | text found quotes
read.promises | documents:record* since?:date until?:date | read | items count
read.name | document:record | read | path to date title
read.draft | document:record purpose:text | read | text to subject
web.get | url:text | egress | url status redirect title text links
tables.csv | rows:record* columns:text* total?:text | read | TABLE
"""

_TABLE_FIELDS = "text count total total_text unread counted"

ITEM_FIELDS = {
    "files.list": "path name kind size modified",
    "files.find": "path name kind size modified",
    "files.duplicates": "path same_as size",
    "files.arrange": "path to",
    "search.find": "path name kind score passage modified",
    "read.select": "path name kind title text chars pages modified",
    "read.promises": "who what by path quote",
}
"""What each element of a result's `items` holds."""


def catalogue() -> dict[str, ToolSpec]:
    """Return every tool of the catalogue, by name."""
    return {spec.name: spec for spec in map(_spec, _TABLE.strip().splitlines())}


def _spec(line: str) -> ToolSpec:
    name, parameters, effects, returns = (part.strip() for part in line.split("|"))
    return ToolSpec(
        name=name,
        about=name,
        parameters=tuple(_parameter(text) for text in parameters.split()),
        effects=frozenset(Effect(effect) for effect in effects.split()),
        returns=returns.replace("F", "items count searched").replace("TABLE", _TABLE_FIELDS),
    )


def _parameter(text: str) -> Parameter:
    name, _, kind = text.partition(":")
    return Parameter(
        name=name.rstrip("?"),
        kind=_KINDS[kind.rstrip("*")],
        about=name,
        required=not name.endswith("?"),
        many=kind.endswith("*"),
    )

"""Tool tables: a `[[tool]]` of a policy file, read into what the user vouches for of tools.

Of a connector's tool it says everything: what it does, what its arguments decide, what it gives
back. Of one of ours it says only what is known of the data that it fetches. `document` calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doorward.policies import patterns
from doorward.policies.fields import Table, listed, meant
from doorward.policies.labels import Label
from doorward.policies.manifest import Manifest, Vouched
from doorward.policies.vocabulary import Effect, Role, Trust

CONNECTORS = "mcp."
"""How the names of connectors' tools begin: `mcp.<connector>.<tool>`."""

_ROLES = {
    "targets": Role.TARGET,
    "objects": Role.OBJECT,
    "contents": Role.CONTENT,
    "options": Role.OPTION,
}
_KNOWN = ("name", "effect", *_ROLES, "cues", "tags", "trust", "fields")
_HINTS = {"tool": "write name", "returns": "write tags and trust"}
_OURS = ("effect", *_ROLES, "cues", "fields")


def read(tables: Sequence[Table], tags: frozenset[str], trust: Trust) -> Iterator[Vouched]:
    """Yield what is vouched for; mistakes are noted in the report of the tables.

    Args:
        tables: The tables.
        tags: Of data of which a table says none.
        trust: Likewise.
    """
    for table in tables:
        table.only(_KNOWN, _HINTS)
        table.needs("name", 'for example name = "mcp.git.git_log"')
        names = table.patterns("name", patterns.names)
        if names is None:
            continue
        _check_kind(table, names)
        returns = Label(*known_of(table, tags, trust))
        yield Vouched(
            names,
            Manifest(
                tool=names.texts[0],
                effects=table.choices("effect", Effect),
                roles=_roles(table),
                cues=frozenset(cue.lower() for cue in table.texts("cues")),
                returns=returns,
                fields=_fields(table, returns),
            ),
        )


def known_of(table: Table, tags: frozenset[str], trust: Trust) -> tuple[frozenset[str], Trust]:
    """Return the tags and the trust that a table gives to data; the defaults where it gives none.

    Args:
        table: A place or a tool.
        tags: The default.
        trust: The default.
    """
    return frozenset(table.texts("tags")) or tags, table.choice("trust", Trust) or trust


def _check_kind(table: Table, names: patterns.Patterns) -> None:
    """Note a table that means connectors without saying what they do, or ours and says it."""
    connectors = [name.startswith(CONNECTORS) for name in names.texts]
    if all(connectors):
        table.needs("effect", 'write what it does, for example effect = "read"')
        return
    for key in _OURS:
        if key in table:
            what = f'"{key}" is only about tools of connectors, whose names begin with "mcp."'
            table.wrong(key, what, "what Doorward's own tools do is known; leave it out")


def _roles(table: Table) -> dict[str, Role]:
    found: dict[str, Role] = {}
    for key, role in _ROLES.items():
        for name, where in table.texts(key).items():
            if name in found:
                what = f'the argument "{name}" cannot be among the {key}, too'
                table.report.value(where, what, f"it is among the {found[name]}s")
            found.setdefault(name, role)
    return found


def _fields(table: Table, returns: Label) -> dict[str, Label]:
    inner = table.table("fields", "fields")
    words = [each.value for each in Trust]
    found: dict[str, Label] = {}
    for name, word in inner.data.items():
        if word not in words:
            near = meant(word, words) if isinstance(word, str) else ""
            what = f'unknown trust "{word}"{near}'
            inner.wrong(name, what, f"a field is {listed(words)}")
            continue
        found[name] = Label(returns.tags, Trust(str(word)))
    return found

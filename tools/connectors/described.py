"""What a connector is, as the user wrote it down: its command, its environment, what it may reach.

Pure reading of `connectors.toml`; it starts nothing and grants nothing by itself (`walls` makes
the sandbox of it). A wrong file is refused as a whole, in words. `daemon.connectors` calls it.

    [connector.git]
    command = ["/usr/local/bin/mcp-server-git"]
    env = { GIT_CONFIG_NOSYSTEM = "1" }
    sandbox = { read = ["~/Projects/app"], run = ["git"] }
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from doorward.tools.base import ToolError
from doorward.tools.web.address import host_name

NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
"""What a connector may be called: it becomes a part of tool names and of destinations."""
_VARIABLE = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
_OURS = frozenset({"HOME", "TMPDIR", "PATH", "LANG", "HTTP_PROXY", "HTTPS_PROXY"})
_KEYS = frozenset({"command", "env", "sandbox"})
_GRANTS = frozenset({"read", "write", "run", "net"})


class ConnectorError(Exception):
    """A description of a connector is wrong: which, what, what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Connector:
    """One connector. Grants are as written: `~` and links are resolved when it starts."""

    name: str
    command: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    """Passed as written; a credential stands here as a sentinel, never as itself."""
    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()
    run: tuple[str, ...] = ()
    """Programs that it may start besides its own."""
    net: tuple[str, ...] = ()
    """Hosts that it may reach, through the outgoing proxy alone; none: no network at all."""


def parse(text: str) -> dict[str, Connector]:
    """Return the connectors of a file, by name.

    Raises:
        ConnectorError: The text is no TOML, or says something that is not understood.
    """
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConnectorError(f"is no TOML: {error}") from error
    _only("the file", table, {"connector"})
    held = table.get("connector", {})
    if not isinstance(held, dict):
        raise ConnectorError("connector must be tables: [connector.<name>]")
    return {name: _connector(name, one) for name, one in held.items()}


def _connector(name: str, table: object) -> Connector:
    if not NAME.fullmatch(name):
        raise ConnectorError(
            f"{name!r} cannot be a connector's name: small letters, digits and _, at most 32"
        )
    if not isinstance(table, dict):
        raise ConnectorError(f"connector.{name} must be a table")
    _only(name, table, _KEYS)
    command = _texts(name, "command", table.get("command"))
    if not command:
        raise ConnectorError(f'{name} needs a command, e.g. command = ["/usr/bin/server"]')
    sandbox = table.get("sandbox", {})
    if not isinstance(sandbox, dict):
        raise ConnectorError(f"{name}: sandbox must be a table such as {{ read = [] }}")
    _only(f"{name}: sandbox", sandbox, _GRANTS)
    grants = {key: _texts(name, key, sandbox.get(key, [])) for key in ("read", "write", "run")}
    net = _hosts(name, _texts(name, "net", sandbox.get("net", [])))
    return Connector(
        name=name, command=command, env=_env(name, table.get("env", {})), net=net, **grants
    )


def _hosts(name: str, written: tuple[str, ...]) -> tuple[str, ...]:
    """Return hosts as they are compared; the one port there is, that of https, may stand there."""
    found = []
    for each in written:
        try:
            found.append(host_name(each.removesuffix(":443")))
        except ToolError as error:
            raise ConnectorError(
                f'{name}: net must be a list of hosts such as ["api.example.com"]: {error}'
            ) from None
    return tuple(found)


def _env(name: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise ConnectorError(f'{name}: env must be a table such as {{ MODE = "fast" }}')
    found: dict[str, str] = {}
    for key, value in table.items():
        if not _VARIABLE.fullmatch(key) or key in _OURS:
            raise ConnectorError(f"{name}: env cannot set {key!r}")
        if not isinstance(value, str) or "\0" in value:
            raise ConnectorError(f"{name}: env {key} must be text")
        found[key] = value
    return found


def _texts(name: str, key: str, value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(_plain(each) for each in value):
        raise ConnectorError(f"{name}: {key} must be a list of texts without control characters")
    return tuple(value)


def _plain(value: object) -> bool:
    return isinstance(value, str) and bool(value) and value.isprintable()


def _only(what: str, table: Mapping[str, object], known: Iterable[str]) -> None:
    for key in table.keys() - set(known):
        raise ConnectorError(f"{what} has an unknown key {key!r}; there are {sorted(known)}")


def written(connector: Connector) -> str:
    """Return a connector as a piece of `connectors.toml`."""
    grants = {
        "read": connector.read,
        "write": connector.write,
        "run": connector.run,
        "net": connector.net,
    }
    lines = [f"[connector.{connector.name}]", f"command = {_list(connector.command)}"]
    if connector.env:
        pairs = ", ".join(f"{key} = {_quoted(value)}" for key, value in connector.env.items())
        lines.append(f"env = {{ {pairs} }}")
    given = ", ".join(f"{key} = {_list(value)}" for key, value in grants.items() if value)
    lines.append(f"sandbox = {{ {given} }}" if given else "sandbox = {}")
    return "\n".join(lines) + "\n"


def without(text: str, name: str) -> str:
    """Return the text of a file without one connector; comments elsewhere stay."""
    kept: list[str] = []
    inside = False
    for line in text.splitlines(keepends=True):
        if line.lstrip().startswith("["):
            inside = bool(re.match(rf"\s*\[\s*connector\s*\.\s*{re.escape(name)}\s*[.\]]", line))
        if not inside:
            kept.append(line)
    return "".join(kept)


def _list(values: Iterable[str]) -> str:
    return "[" + ", ".join(map(_quoted, values)) + "]"


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'

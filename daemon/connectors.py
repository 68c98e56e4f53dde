"""The connectors of this device: which the user named, which of their tools they accepted.

It reads two files and starts nothing. `connectors.toml` is the user's, beside the policy file: a
mistake in it must not keep the daemon from starting, and it holds at once, as the policy does.
`connectors.pins.json` is ours: what was accepted, each tool with its pin. A tool that is in no pin
is in no catalogue. `daemon.main` makes the catalogue, `commands.connectors` edits the files.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from doorward.daemon.errors import Misused
from doorward.policies.manifest import Manifest, unknown_tool
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data
from doorward.tools.base import Arguments, NotFound, Tool
from doorward.tools.connectors.described import Connector, ConnectorError, parse
from doorward.tools.connectors.offered import Offer, pins_text, read_pins
from doorward.tools.connectors.running import Running
from doorward.tools.connectors.tool import ConnectorTool

_Stamp = tuple[int, int] | None


class ConnectorFiles:
    """The two files, read again when they changed; what is wrong counts as nothing there."""

    def __init__(self, path: Path) -> None:
        """Watch `path` and the pins beside it by their modification times."""
        self.path = path
        self.pins_path = path.with_name("connectors.pins.json")
        self._seen: tuple[_Stamp, _Stamp] | None = None
        self._named: dict[str, Connector] = {}
        self._pins: dict[str, dict[str, Offer]] = {}
        self.trouble = ""
        """Why a file on disk is not in force; empty when it is."""

    @property
    def stamp(self) -> tuple[_Stamp, _Stamp]:
        """Return what changes with the files."""
        return _stamp(self.path), _stamp(self.pins_path)

    def named(self) -> Mapping[str, Connector]:
        """Return the connectors that the user named."""
        self._read()
        return self._named

    def accepted(self, connector: str) -> Mapping[str, Offer]:
        """Return the tools of a connector that the user accepted."""
        self._read()
        return self._pins.get(connector, {})

    def accept(self, connector: str, tools: Mapping[str, Offer] | None) -> None:
        """Keep what the user accepted of a connector; None forgets it."""
        self._read()
        kept = {name: held for name, held in self._pins.items() if name != connector}
        _replace(self.pins_path, pins_text({**kept, connector: tools} if tools else kept))

    def text(self) -> str:
        """Return the text of the user's file; empty when there is none."""
        return self.path.read_text(encoding="utf-8") if self.path.exists() else ""

    def write(self, text: str) -> None:
        """Replace the user's file.

        Raises:
            Misused: The text is no list of connectors; the file stays as it is.
        """
        try:
            parse(text)
        except ConnectorError as error:
            raise Misused(f"{self.path} {error}") from error
        _replace(self.path, text)

    def _read(self) -> None:
        seen = self.stamp
        if seen == self._seen:
            return
        self._seen, self.trouble = seen, ""
        self._named, self._pins = {}, {}
        try:
            self._named = parse(self.text())
            if self.pins_path.exists():
                self._pins = read_pins(self.pins_path.read_text(encoding="utf-8"))
        except ConnectorError as error:
            self.trouble = f"{self.path}: {error}"
        except (OSError, ValueError) as error:  # ValueError: no UTF-8, no JSON, a pin that is off
            self.trouble = f"cannot read {self.path} and its pins: {error}"


class Catalog(Mapping[str, Tool]):
    """Every tool by name: the built-in ones, and those of connectors that the user accepted."""

    def __init__(
        self,
        built_in: Mapping[str, Tool],
        files: ConnectorFiles,
        running: Running,
        manifest: Callable[[str], Manifest | None],
    ) -> None:
        """Join them; `manifest` says what is known of a tool, by its full name."""
        self._built_in, self._files, self._running = built_in, files, running
        self._manifest = manifest
        self._seen: object = None
        self._tools: dict[str, Tool] = dict(built_in)

    def __getitem__(self, name: str) -> Tool:
        """Return a tool; `KeyError` when there is none."""
        return self._now()[name]

    def __iter__(self) -> Iterator[str]:
        """Iterate over the names as they are now."""
        return iter(tuple(self._now()))

    def __len__(self) -> int:
        """Count the tools."""
        return len(self._now())

    def _now(self) -> dict[str, Tool]:
        if self._seen != (seen := self._files.stamp):
            self._seen = seen
            made = [
                ConnectorTool(name, offer, self._known, self._call)
                for name in self._files.named()
                for offer in self._files.accepted(name).values()
            ]
            self._tools = {**self._built_in, **{tool.spec.name: tool for tool in made}}
        return self._tools

    def _known(self, tool: str) -> Manifest:
        return self._manifest(tool) or unknown_tool(tool)

    async def _call(self, connector: str, tool: str, arguments: Arguments) -> Mapping[str, Data]:
        named = self._files.named().get(connector)
        if named is None:
            raise NotFound(f"there is no connector {connector}")
        accepted = self._files.accepted(connector)
        return await self._running.call(named, accepted, tool, arguments)


def typed(spec: ToolSpec, given: Sequence[str]) -> dict[str, Data]:
    """Return arguments as a tool takes them, from `name=value` as a user types them.

    Raises:
        Misused: One is no such pair, unknown, or not of its type.
    """
    known = {parameter.name: parameter for parameter in spec.parameters}
    found: dict[str, Data] = {}
    for pair in given:
        name, equals, text = pair.partition("=")
        if not equals or name not in known:
            error = Misused(f"{spec.name} takes no argument {pair!r}")
            error.add_note(f"hint: it takes {', '.join(f'{one}=…' for one in known) or 'none'}")
            raise error
        value = _value(known[name], text)
        if known[name].many and not isinstance(value, list):
            held = found.setdefault(name, [])
            if isinstance(held, list):
                held.append(value)
        else:
            found[name] = value
    return found


def _value(parameter: Parameter, text: str) -> Data:
    if parameter.kind in {Kind.TEXT, Kind.PATH, Kind.DATE} and not (
        parameter.many and text.startswith("[")
    ):
        return text
    try:
        value: Data = json.loads(text)
    except (ValueError, RecursionError):
        if parameter.kind is Kind.ANY:
            return text
        raise Misused(f"{parameter.name} must be {parameter.kind}, not {text!r}") from None
    return value


def _stamp(path: Path) -> _Stamp:
    try:
        held = path.stat()
    except OSError:
        return None
    return held.st_mtime_ns, held.st_size


def _replace(path: Path, text: str) -> None:
    whole = path.with_name(path.name + ".new")
    whole.write_text(text, encoding="utf-8")
    whole.chmod(0o600)
    os.replace(whole, path)  # noqa: PTH105 - the one call that is atomic on every system

"""Lines: where each key and value of a TOML text stands, so that errors can point at it.

Not a TOML parser: `tomllib` has accepted the text before it comes here, so whatever is skipped is
well-formed. `document` calls it, since `tomllib` keeps no positions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Path: TypeAlias = "tuple[str | int, ...]"
"""The way to a key or value: `("rule", 2, "effect", 0)`."""


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a text, both counted from 1."""

    line: int
    column: int


START = Position(1, 1)

_DEPTH = 8
"""How far down positions are kept; no key of a policy lies deeper."""


@dataclass(frozen=True, slots=True)
class Positions:
    """Where keys and values stand."""

    keys: Mapping[Path, Position]
    """Of each key, and of the header of each table."""
    values: Mapping[Path, Position]
    """Of each value, also inside lists and inline tables."""

    def key(self, path: Path) -> Position:
        """Return where a key stands, or else the table around it."""
        known = (self.keys.get(each) or self.values.get(each) for each in _outwards(path))
        return next((each for each in known if each is not None), START)

    def value(self, path: Path) -> Position:
        """Return where a value stands, or else its key, or else the table around it."""
        known = (self.values.get(each) or self.keys.get(each) for each in _outwards(path))
        return next((each for each in known if each is not None), START)


def _outwards(path: Path) -> list[Path]:
    return [path[:length] for length in range(len(path), 0, -1)]


def positions(text: str) -> Positions:
    """Find every key and value.

    Args:
        text: Text that `tomllib.loads` accepts.
    """
    scan = _Scan(text.replace("\r\n", "\n"))
    scan.document()
    return Positions(scan.keys, scan.values)


@dataclass(slots=True)
class _Scan:
    text: str
    at: int = 0
    keys: dict[Path, Position] = field(default_factory=dict)
    values: dict[Path, Position] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)
    """How many tables each list of tables has so far."""
    line: int = 1
    line_start: int = 0
    seen: int = 0
    """Up to where lines are counted."""

    def here(self) -> Position:
        """Return the present position; called with growing offsets only."""
        breaks = self.text.count("\n", self.seen, self.at)
        if breaks:
            self.line += breaks
            self.line_start = self.text.rfind("\n", self.seen, self.at) + 1
        self.seen = self.at
        return Position(self.line, self.at - self.line_start + 1)

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def skip(self, characters: str) -> None:
        """Pass over these characters and, where a line may end, over comments."""
        while self.peek() and (self.peek() in characters or self.peek() == "#"):
            if self.peek() == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                self.at += 1

    def document(self) -> None:
        table: Path = ()
        self.skip(" \t\n")
        while self.peek():
            if self.peek() == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(" \t\n")

    def header(self) -> Path:
        """Read `[a.b]` or `[[a.b]]`."""
        where = self.here()
        is_list = self.text.startswith("[[", self.at)
        self.at += 2 if is_list else 1
        names = self.dotted()[:_DEPTH]
        self.at += 2 if is_list else 1
        path: Path = ()
        for name in names[:-1]:
            path = self.inside((*path, name))
        path = (*path, names[-1])
        if is_list:
            self.counts[path] = self.counts.get(path, 0) + 1
            self.keys.setdefault(path, where)
            path = self.inside(path)
        self.keys[path] = where
        return path

    def inside(self, path: Path) -> Path:
        """Return the path of the table itself, or of the last one when it is a list."""
        count = self.counts.get(path)
        return path if count is None else (*path, count - 1)

    def pair(self, table: Path) -> None:
        """Read `key = value`."""
        where = self.here()
        path = table
        for name in self.dotted():
            path = (*path, name)[:_DEPTH]
            self.keys.setdefault(path, where)
        self.at += 1  # the equals sign
        self.skip(" \t")
        self.value(path)

    def dotted(self) -> list[str]:
        """Read a key and pass over the blanks behind it."""
        names = []
        while True:
            self.skip(" \t")
            names.append(self.name())
            self.skip(" \t")
            if self.peek() != ".":
                return names
            self.at += 1

    def name(self) -> str:
        start = self.at
        if self.peek() in {'"', "'"}:
            self.string()
            return self.text[start + 1 : self.at - 1]
        while self.peek() not in {"", ".", "=", "]", " ", "\t"}:
            self.at += 1
        return self.text[start : self.at]

    def value(self, path: Path) -> None:
        self.values[path] = self.here()
        match self.peek():
            case '"' | "'":
                self.string()
            case "[":
                self.members(path, "]")
            case "{":
                self.members(path, "}")
            case _:
                while self.peek() not in {"", ",", "]", "}", "\n", "#"}:
                    self.at += 1

    def members(self, path: Path, end: str) -> None:
        """Read a list or an inline table."""
        self.at += 1
        count = 0
        while True:
            self.skip(" \t\n,")
            if self.peek() == end:
                self.at += 1
                return
            if end == "]":
                self.value((*path, count))
            else:
                self.pair(path)
            count += 1

    def string(self) -> None:
        """Pass over a string of any of the four kinds."""
        quote = self.peek()
        long = self.text.startswith(quote * 3, self.at)
        fence = quote * 3 if long else quote
        self.at += len(fence)
        while not self.text.startswith(fence, self.at):
            self.at += 2 if quote == '"' and self.peek() == "\\" else 1
        self.at += len(fence)
        while long and self.peek() == quote:  # up to two quotes may stand before the fence
            self.at += 1

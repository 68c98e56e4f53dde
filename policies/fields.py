"""Fields: typed reading of the tables of a policy file, with every mistake noted where it stands.

Not the meaning of the keys (that is `document`) and not a schema language. Reading never fails: a
wrong value is noted and read as absent, so that one look finds all mistakes.

PolicyError      one mistake: line, column, what; the hint is a PEP 678 note
└── PolicyErrors  all mistakes of one file
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from doorward.policies.lines import Path, Position, Positions
from doorward.policies.patterns import Patterns

_E = TypeVar("_E", bound=StrEnum)


class PolicyError(Exception):
    """A policy file that cannot be taken: what is wrong, where, and what was probably meant."""

    retryable = False

    def __init__(self, line: int, column: int, what: str, hint: str = "") -> None:
        super().__init__(f"line {line}, column {column}: {what}")
        self.line = line
        """Counted from 1."""
        self.column = column
        """Counted from 1, in characters."""
        self.what = what
        self.hint = hint
        if hint:
            self.add_note(f"hint: {hint}")


class PolicyErrors(PolicyError):
    """All mistakes of one file, in the order of their lines; it says itself what the first says."""

    def __init__(self, errors: Iterable[PolicyError]) -> None:
        self.errors = tuple(sorted(errors, key=lambda each: (each.line, each.column, each.what)))
        first = self.errors[0]
        super().__init__(first.line, first.column, first.what, first.hint)

    def __str__(self) -> str:
        """Return one line for each mistake."""
        return "\n".join(str(each) for each in self.errors)


@dataclass(slots=True)
class Report:
    """The mistakes found so far."""

    positions: Positions
    errors: list[PolicyError] = field(default_factory=list)

    def key(self, path: Path, what: str, hint: str = "") -> None:
        """Note a mistake about a key or table."""
        self._add(self.positions.key(path), what, hint)

    def value(self, path: Path, what: str, hint: str = "") -> None:
        """Note a mistake about a value."""
        self._add(self.positions.value(path), what, hint)

    def _add(self, position: Position, what: str, hint: str) -> None:
        self.errors.append(PolicyError(position.line, position.column, what, hint))

    def close(self) -> None:
        """Raise what was found.

        Raises:
            PolicyErrors: When there was any mistake.
        """
        if self.errors:
            raise PolicyErrors(self.errors)


def meant(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean "read"?` when a known word is close, else nothing."""
    near = get_close_matches(word[:40].lower(), list(known), n=1)
    return f'; did you mean "{near[0]}"?' if near else ""


def listed(words: Iterable[str]) -> str:
    """Return `a, b or c`."""
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the file."""

    data: Mapping[str, object]
    path: Path
    report: Report
    what: str
    """How a person calls it: `rule`, `place`."""

    def __contains__(self, key: str) -> bool:
        """Tell whether the key is written at all."""
        return key in self.data

    @property
    def line(self) -> int:
        """The line of its header."""
        return self.report.positions.key(self.path).line

    def only(self, known: Sequence[str], hints: Mapping[str, str] | None = None) -> None:
        """Note each key that has no meaning here; `hints` explains some of them."""
        for key in self.data.keys() - set(known):
            hint = (hints or {}).get(key, "")
            near = "" if hint else meant(key, known)
            self.report.key(
                (*self.path, key),
                f'unknown key "{key}" in {self.what}{near}',
                hint or f"{self.what} takes {listed(known)}",
            )

    def needs(self, key: str, hint: str) -> None:
        """Note that a key is missing."""
        if key not in self.data:
            self.report.key(self.path, f'{self.what} lacks "{key}"', hint)

    def wrong(self, key: str, what: str, hint: str = "") -> None:
        """Note a mistake about the value of a key, or about the table when it is not written."""
        self.report.value((*self.path, key), what, hint)

    def text(self, key: str) -> str:
        """Return a text; empty when absent."""
        value = self.data.get(key, "")
        if isinstance(value, str):
            return value
        self.wrong(key, f'"{key}" must be a text in quotes')
        return ""

    def flag(self, key: str) -> bool | None:
        """Return true or false; None when absent."""
        value = self.data.get(key)
        if value is None or isinstance(value, bool):
            return value
        self.wrong(key, f'"{key}" must be true or false, without quotes')
        return None

    def number(self, key: str) -> int:
        """Return a whole number that is not negative; 0 when absent."""
        value = self.data.get(key, 0)
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.wrong(key, f'"{key}" must be a whole number, without quotes')
        return 0

    def texts(self, key: str) -> dict[str, Path]:
        """Return a text or a list of texts, each with where it stands."""
        value = self.data.get(key, [])
        here = (*self.path, key)
        members = value if isinstance(value, list) else [value]
        if isinstance(value, list) and not value and key in self.data:
            self.wrong(key, f'"{key}" is an empty list', "leave the key out, or name something")
        found: dict[str, Path] = {}
        for index, member in enumerate(members):
            where = (*here, index) if isinstance(value, list) else here
            if isinstance(member, str) and member.strip():
                found[member] = where
            else:
                self.report.value(where, f'"{key}" must be a text in quotes, or a list of such')
        return found

    def choices(self, key: str, kind: type[_E]) -> frozenset[_E]:
        """Return one or more words of a closed set; empty when absent."""
        known = [each.value for each in kind]
        found = set()
        for text, where in self.texts(key).items():
            if text in known:
                found.add(kind(text))
            else:
                what = f'unknown {key} "{text}"{meant(text, known)}'
                self.report.value(where, what, f"{key} is {listed(known)}")
        return frozenset(found)

    def choice(self, key: str, kind: type[_E]) -> _E | None:
        """Return one word of a closed set; None when absent."""
        if isinstance(self.data.get(key, ""), str):
            return next(iter(self.choices(key, kind)), None)
        self.wrong(key, f'"{key}" must be one word in quotes')
        return None

    def patterns(
        self,
        key: str,
        build: Callable[[Iterable[str]], Patterns],
        *,
        instead: Mapping[str, Sequence[str]] | None = None,
    ) -> Patterns | None:
        """Return compiled patterns; None when absent.

        Args:
            key: The key that holds one or several.
            build: Compiles; raises ValueError for what is no pattern.
            instead: What stands for some of the texts, where they are names of groups.
        """
        texts: list[str] = []
        for text, where in self.texts(key).items():
            try:
                members = (instead or {}).get(text, [text])
                build(members)
            except ValueError as error:
                self.report.value(where, f"{key}: {error}")
            else:
                texts += members
        if not texts:
            return None
        try:
            return build(texts)
        except ValueError as error:
            self.wrong(key, f"{key}: {error}")
            return None

    def table(self, key: str, what: str) -> Table:
        """Return a table; empty when absent."""
        value = self.data.get(key, {})
        here = (*self.path, key)
        if not isinstance(value, dict):
            self.report.key(here, f'"{key}" must be a table', f"write [{key}] on a line of its own")
            value = {}
        return Table(value, here, self.report, what)

    def tables(self, key: str) -> list[Table]:
        """Return a list of tables; empty when absent."""
        value = self.data.get(key, [])
        here = (*self.path, key)
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            hint = f"write [[{key}]] with two brackets on a line of its own"
            self.report.key(here, f'"{key}" must be a list of tables', hint)
            return []
        return [Table(each, (*here, i), self.report, key) for i, each in enumerate(value)]

"""Recipes: parameterised plans in readable files, and how they are loaded.

A recipe says how people ask for it (`examples`, `match`), what must be read from their words
(`slots`), which steps follow and how the answer reads. It holds no code: `match` chooses one,
`fill` makes a plan of it. The files are part of the program; a bad one raises `RecipeError`.

In a recipe's texts `<about>` is a slot, `{s2.items}` a reference in the plan, and `[...]` a piece
that is left out when a slot in it is empty. In `match`, a way is a list of groups that must all be
there; a group is a list of phrases, divided by bars, of which one must; `<file>` is a feature.
In an answer, a line with nothing to show goes away, and with it a heading above that ends in `:`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, TypeVar

from doorward.cloud_bridge.orchestrator.planner.words import tokens
from doorward.policies.vocabulary import Data

Table: TypeAlias = "Mapping[str, Data]"

FOLDER = Path(__file__).parent / "recipes"
"""Where the recipes of this program are."""

CONNECTED = FOLDER / "connectors"
"""Recipes that need a connector; they count where the device has its tools."""

LIMITS = "limits.toml"

Phrase: TypeAlias = tuple[str, ...]
"""Stems in a row, or one feature such as `<file>`."""
Group: TypeAlias = tuple[Phrase, ...]
Way: TypeAlias = tuple[Group, ...]


Read = TypeVar("Read")


class RecipeError(Exception):
    """A recipe file is wrong: which file, what, why."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to read from the user's words."""

    name: str
    kind: str
    """Which parser: `topic`, `kind`, `file`, `folder`, `period`, …; see `fill`."""
    required: bool = False
    default: Data = None
    ask: str = ""
    """What to add when it is missing: `name the file, such as report.pdf`."""
    by_topic: Mapping[str, Data] | None = None
    """Defaults that depend on the kind of document (`of` in the file)."""
    suffixes: tuple[str, ...] = ()
    """For file names: what they may end in."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A step before its slots are filled."""

    id: str
    tool: str
    args: Mapping[str, Data]
    each: str
    when: str
    expect: str
    why: str
    only_with: str
    """Only if this slot is filled."""
    only_without: str
    """Only if this slot is empty."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """One kind of work that can be planned."""

    name: str
    title: str
    examples: tuple[str, ...]
    changes: bool
    """It writes, moves or deletes: then it must be ordered, and the order must come first."""
    questions: str
    """Whether a question may mean it: `never`, `may` or `only`."""
    ways: tuple[Way, ...]
    never: tuple[Group, ...]
    needs: Group
    also: frozenset[str]
    """Order words that it covers although they do not call for it (`… and tell me`)."""
    slots: tuple[Slot, ...]
    steps: tuple[Draft, ...]
    understood: str
    answer: str


@dataclass(frozen=True, slots=True)
class Limit:
    """One kind of work that cannot be planned, and how to say so."""

    reason: str
    orders: Group = ()
    words: Group = ()
    excepts: Group = ()


def load(folder: Path = FOLDER) -> tuple[Recipe, ...]:
    """Read every recipe of a folder, by name.

    Raises:
        RecipeError: When a file is no recipe.
    """
    files = sorted(path for path in folder.glob("*.toml") if path.name != LIMITS)
    return tuple(_guard(path, _recipe) for path in files)


def load_limits(folder: Path = FOLDER) -> tuple[Limit, ...]:
    """Read the list of what cannot be planned.

    Raises:
        RecipeError: When the file is not such a list.
    """
    table = _guard(folder / LIMITS, _table)
    return tuple(
        Limit(
            _text(row, "reason"),
            _group(_text(row, "orders", "")),
            _group(_text(row, "words", "")),
            _group(_text(row, "excepts", "")),
        )
        for row in _rows(table, "limit")
    )


def _guard(path: Path, read: Callable[[Path], Read]) -> Read:
    try:
        return read(path)
    except (OSError, ValueError, KeyError, TypeError) as error:
        msg = f"cannot read the recipe {path.name}: {error!r}"
        raise RecipeError(msg) from error


def _table(path: Path) -> Table:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def _recipe(path: Path) -> Recipe:
    table = _table(path)
    matching, plan = _sub(table, "match"), _sub(table, "plan")
    recipe = Recipe(
        name=_text(table, "name"),
        title=_text(table, "title"),
        examples=_texts(table, "examples"),
        changes=table.get("changes") is True,
        questions=_text(table, "questions", "never"),
        ways=tuple(tuple(map(_group, map(str, way))) for way in _lists(matching, "ways")),
        never=tuple(map(_group, _texts(matching, "never"))),
        needs=tuple(phrase for text in _texts(matching, "needs") for phrase in _group(text)),
        also=frozenset(" ".join(phrase) for phrase in _group(_text(matching, "also", ""))),
        slots=tuple(_slot(name, _sub(table, "slots")) for name in _sub(table, "slots")),
        steps=tuple(_draft(row) for row in _rows(table, "steps")),
        understood=_text(plan, "understood"),
        answer=_text(plan, "answer").strip(),
    )
    if recipe.name != path.stem or recipe.questions not in {"never", "may", "only"}:
        msg = f"its name must be {path.stem!r} and `questions` one of never, may, only"
        raise ValueError(msg)
    return recipe


def _slot(name: str, slots: Table) -> Slot:
    table = _sub(slots, name)
    return Slot(
        name=name,
        kind=_text(table, "kind"),
        required=table.get("required") is True,
        default=table.get("default"),
        ask=_text(table, "ask", ""),
        by_topic=_sub(table, "of") if "of" in table else None,
        suffixes=_texts(table, "suffixes"),
    )


def _draft(table: Table) -> Draft:
    return Draft(
        id=_text(table, "id"),
        tool=_text(table, "tool"),
        args=_sub(table, "args"),
        each=_text(table, "each", ""),
        when=_text(table, "when", ""),
        expect=_text(table, "expect", ""),
        why=_text(table, "why"),
        only_with=_text(table, "with", ""),
        only_without=_text(table, "without", ""),
    )


def _group(text: str) -> Group:
    phrases: list[Phrase] = []
    for part in filter(None, map(str.strip, text.split("|"))):
        feature = re.fullmatch(r"<[a-z]+>", part)
        phrases.append((part,) if feature else tuple(token.stem for token in tokens(part)))
    return tuple(phrases)


def _text(table: Table, key: str, default: str | None = None) -> str:
    value = table[key] if default is None else table.get(key, default)
    if not isinstance(value, str):
        msg = f"{key} must be text"
        raise TypeError(msg)
    return value


def _texts(table: Table, key: str) -> tuple[str, ...]:
    return tuple(str(value) for value in _list(table, key))


def _lists(table: Table, key: str) -> list[list[Data]]:
    return [value for value in _list(table, key) if isinstance(value, list)]


def _rows(table: Table, key: str) -> list[Table]:
    return [value for value in _list(table, key) if isinstance(value, dict)]


def _list(table: Table, key: str) -> list[Data]:
    value = table.get(key, [])
    if not isinstance(value, list):
        msg = f"{key} must be a list"
        raise TypeError(msg)
    return value


def _sub(table: Table, key: str) -> Table:
    value = table.get(key, {})
    if not isinstance(value, dict):
        msg = f"{key} must be a table"
        raise TypeError(msg)
    return value

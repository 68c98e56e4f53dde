"""What the user said a document really is: kept sealed, used at once, forgotten without a trace.

A correction holds an excerpt of the document, so it is as private as the document and lies in the
daemon's database, encrypted, and nowhere else. It decides nothing: `read.classify` is given what
was taught. Commands reach it through `daemon.control.corrections`.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import PurePosixPath

from doorward.daemon.errors import Misused
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.values.vault import Seal, Vault, handle_of
from doorward.policies.plan import Literal, Step
from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import Example

EXCERPT = 2000
"""Characters of a document that are kept: what tells its kind stands at its beginning."""
MOST = 500
"""Corrections that are kept; the oldest makes room."""
CLASSIFY = "read.classify"


@dataclass(frozen=True, slots=True)
class Correction:
    """One document, and what it is."""

    id: str
    path: str
    """Where it lay, for the user's eyes; nothing is opened by it."""
    option: str
    instead_of: str
    """What was said before."""
    text: str
    """The beginning of the document."""


class Corrections:
    """The corrections in the daemon's database."""

    def __init__(
        self, connection: sqlite3.Connection, seal: Seal, new_id: Callable[[], str]
    ) -> None:
        """Keep sealed corrections in the table `correction` of `connection`."""
        self._connection = connection
        self._seal = seal
        self._new_id = new_id
        connection.execute(
            "CREATE TABLE IF NOT EXISTS correction (n INTEGER PRIMARY KEY AUTOINCREMENT,"
            " id TEXT UNIQUE NOT NULL, sealed BLOB NOT NULL) STRICT"
        )

    def add(self, found: Judged, option: str) -> Correction:
        """Keep what a document is; what was said of the same text before is forgotten.

        Raises:
            Misused: It was not among the options.
        """
        known = {each.casefold(): each for each in found.options}
        named = known.get(option.strip().casefold())
        if named is None:
            raise _wrong(
                f"{option!r} was not among the options", f"say one of: {', '.join(found.options)}"
            )
        for each in self.all():
            if each.text == found.text and each.option.casefold() in known:
                self._delete(each.id)
        made = Correction(f"k-{self._new_id()}", found.path, named, found.option, found.text)
        plain = json.dumps(asdict(made), ensure_ascii=False).encode("utf-8", "surrogatepass")
        self._connection.execute(
            "INSERT INTO correction (id, sealed) VALUES (?, ?)",
            (made.id, self._seal.close(plain, f"correction/{made.id}")),
        )
        for each in self.all()[:-MOST]:
            self._delete(each.id)
        return made

    def all(self) -> list[Correction]:
        """Return every correction, oldest first."""
        rows = self._connection.execute("SELECT id, sealed FROM correction ORDER BY n").fetchall()
        return [
            Correction(
                **json.loads(
                    self._seal.open(sealed, f"correction/{name}").decode("utf-8", "surrogatepass")
                )
            )
            for name, sealed in rows
        ]

    def forget(self, name: str) -> int:
        """Forget one correction, or with `all` every one; return how many.

        Raises:
            Misused: There is none of that name.
        """
        gone = [each.id for each in self.all() if name in {"all", each.id}]
        if not gone and name != "all":
            raise _wrong(f"there is no correction {name!r}", "doorward correct --list")
        for each in gone:
            self._delete(each)
        self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # nor is it in the log
        return len(gone)

    def __call__(self, options: Sequence[str]) -> list[Example]:
        """Return what was taught of these options, under the names that they have here."""
        wanted = {option.casefold(): option for option in options}
        return [
            Example(each.text, wanted[each.option.casefold()])
            for each in self.all()
            if each.option.casefold() in wanted
        ]

    def _delete(self, name: str) -> None:
        before = self._connection.execute("PRAGMA secure_delete").fetchone()[0]
        self._connection.execute("PRAGMA secure_delete=ON")  # its bytes are overwritten, not freed
        self._connection.execute("DELETE FROM correction WHERE id = ?", (name,))
        self._connection.execute(f"PRAGMA secure_delete={int(before)}")


@dataclass(frozen=True, slots=True)
class Judged:
    """A document that an objective put under one of several options."""

    path: str
    text: str
    """Its beginning."""
    option: str
    options: tuple[str, ...]


def judged(objective: Objective, vault: Vault, path: str) -> Judged | None:
    """Return how an objective classified a document; None when it did not.

    Args:
        objective: Which.
        vault: Where its values are.
        path: The document, as it was or as it is called since: within the objective's folder.
    """
    held = {
        str(step.id): value.data
        for step in (objective.plan.steps if objective.plan else ())
        if (value := vault.get(handle_of(objective.id, step.id))) is not None
    }
    was = _moved(held).get(path, path)
    texts = {
        str(record["path"]): str(record["text"])
        for data in held.values()
        for record in _records(data)
        if isinstance(record.get("text"), str) and "path" in record
    }
    for step in objective.plan.steps if objective.plan else ():
        if step.tool != CLASSIFY or step.id not in held:
            continue
        for record in _records(held[step.id]):
            if record.get("path") == was and was in texts and "option" in record:
                options = _options(step)
                said = str(record["option"] or "undecided")
                return Judged(was, texts[was][:EXCERPT], said, options)
    return None


def _options(step: Step) -> tuple[str, ...]:
    given = step.args.get("options")
    held = given.value if isinstance(given, Literal) else None
    return tuple(str(each) for each in held) if isinstance(held, list) else ()


def _records(data: Data) -> list[dict[str, Data]]:
    """Return the records of a step: its items, or itself."""
    if not isinstance(data, dict):
        return []
    items = data.get("items")
    return [
        each for each in (items if isinstance(items, list) else [data]) if isinstance(each, dict)
    ]


def _moved(held: dict[str, Data]) -> dict[str, str]:
    """Return for each new path the one before."""
    moves = [
        (str(PurePosixPath(str(record["to"]))), str(record["path"]))
        for data in held.values()
        for record in _records(data)
        if "to" in record and "path" in record
    ]
    return dict(moves)


def _wrong(what: str, hint: str) -> Misused:
    error = Misused(what)
    error.add_note(f"hint: {hint}")
    return error

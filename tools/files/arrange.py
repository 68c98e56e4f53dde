"""The tool `files.arrange`: works out a folder for each file, by kind, date or topic.

Pure: records in, new paths out; it looks at no disk and moves nothing (`files.move` does).
`daemon.toolbox` lists it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import PurePosixPath
from posixpath import commonpath

from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch
from doorward.tools.changes.paths import join, numbered, split
from doorward.tools.files.kinds import OTHER, group_of, kind_of_file
from doorward.tools.reading.documents import Document, day_of, own_date

WAYS = ("kind", "year", "month", "option")
"""What files can be arranged by."""
_LONGEST = 60


class FilesArrange:
    """Work out where each file should go."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.arrange",
            "work out a folder for each file by kind, year, month or option; moves nothing",
            (
                Parameter("items", Kind.RECORD, "files or documents, with path", many=True),
                Parameter("by", Kind.TEXT, "kind, year, month, or option (from read.classify)"),
                Parameter("under", Kind.PATH, "the folder to make them in", False, sink=True),
            ),
            frozenset(),
            "items[] {path, to}, count",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Touch nothing: records are values already."""
        return ()

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Return the files that would move, and where to."""
        by = str(arguments["by"]).strip().lower()
        if by not in WAYS:
            error = ToolError(f"cannot arrange files by {by!r}")
            error.add_note(f"hint: arrange them by {', '.join(WAYS[:-1])} or {WAYS[-1]}")
            raise error
        given = arguments.get("under")
        resolve, relative = context.changeset.resolve, context.changeset.relative
        under = _root(relative(resolve(given))) if isinstance(given, str) and given else None
        records = {relative(resolve(path)): record for path, record in _records(arguments["items"])}
        moves, notes = arrange(records, by, _home(under, list(records)))
        items: list[Data] = [{"path": path, "to": to} for path, to in moves.items()]
        return Result({"items": items, "count": len(items)}, NEUTRAL, notes)


def arrange(
    records: Mapping[str, Mapping[str, Data]], by: str, under: str | None
) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the new path of every file that would move, and sentences about the rest.

    Args:
        records: By path, relative to the objective's folder.
        by: One of `WAYS`.
        under: Where the group folders are made; None: in the top folder of each file.
    """
    wanted: dict[str, str] = {}
    notes: list[str] = []
    taken: set[str] = set()
    for path, record in records.items():
        group = _group(path, record, by)
        if not group:
            notes.append(f"{path} stays: its {'date' if by != 'option' else by} is not known")
            taken.add(_same(path))
            continue
        base = under if under is not None else (path.split("/")[0] if "/" in path else "")
        folder = join(base, group)
        if path.startswith(f"{folder}/"):
            taken.add(_same(path))
        else:
            wanted[path] = join(folder, split(path)[1])
    moves: dict[str, str] = {}
    for path, to in wanted.items():
        free, number = to, 1
        while _same(free) in taken:
            number += 1
            free = numbered(to, number)
        taken.add(_same(free))
        moves[path] = free
    return moves, tuple(notes)


def _group(path: str, record: Mapping[str, Data], by: str) -> str:
    match by:
        case "kind":
            kind = record.get("kind")
            return group_of(kind_of_file(path) or (kind if isinstance(kind, str) else ""))
        case "option":
            option = record.get("option")
            return folder_name(option) if isinstance(option, str) and option.strip() else ""
        case _:
            return _day(record)[: 4 if by == "year" else 7]


def _day(record: Mapping[str, Data]) -> str:
    """Return the day of a file, ISO: a document's own date, else when it changed; or empty."""
    if isinstance(record.get("text"), str):
        day = own_date(Document.read(dict(record)))
    else:
        found = record.get("date") or record.get("modified")
        day = found if isinstance(found, str) else ""
    return day if day_of(day) else ""


def folder_name(option: str) -> str:
    """Return a topic as the name of a folder: title case, without what a name cannot hold."""
    seen = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" else letter
        for letter in unicodedata.normalize("NFC", option)
    )
    plain = re.sub(r'[/\\:*?"<>|%]+', " ", seen)
    words = [word[:1].upper() + word[1:] for word in plain.split()]
    return " ".join(words)[:_LONGEST].strip(" .~") or OTHER


def _home(under: str | None, paths: Sequence[str]) -> str | None:
    """Return the folder that a bare name means: the one of that name which holds all the files."""
    shared = (
        list(PurePosixPath(commonpath([split(path)[0] for path in paths])).parts) if paths else []
    )
    names = [_same(part) for part in shared]
    if not under or "/" in under or _same(under) not in names:
        return under
    return "/".join(shared[: names.index(_same(under)) + 1])


def _root(relative: str) -> str:
    return "" if relative == "." else relative


def _same(path: str) -> str:
    """Return what two paths share when a disk may take them for one."""
    return unicodedata.normalize("NFC", path).casefold()


def _records(value: Data) -> list[tuple[str, dict[str, Data]]]:
    rows = value if isinstance(value, list) else [value]
    found: list[tuple[str, dict[str, Data]]] = []
    for row in rows:
        path = row.get("path") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(path, str) or not PurePosixPath(path).name:
            error = ToolError("cannot arrange files: one of the items has no path")
            error.add_note("hint: pass the items of files.list, documents.text or read.classify")
            raise error
        found.append((path, row))
    return found

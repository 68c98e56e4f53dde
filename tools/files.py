"""The tools `files.list`, `find`, `read`, `write`, `move` and `trash`: files, by name and as text.

They open and change nothing themselves: the changeset does, so a change waits there for its commit.
Documents are read by `documents`, duplicates found by `duplicates`. The door calls them.
"""

from __future__ import annotations

import asyncio
import fnmatch
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect, Trust
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch, Unreadable
from doorward.tools.listing import Entry
from doorward.tools.paths import shown

MAX_TEXT = 5_000_000
"""Bytes: longer files are not read as plain text."""

_ITEM = "items[] {path, name, kind, size, modified}, count"


def permitted(tool: str, permits: Sequence[Permit]) -> set[Path]:
    """Return what a call may read.

    Raises:
        ToolError: When it may read nothing.
    """
    found = {
        Path(permit.request.resource) for permit in permits if permit.request.effect is Effect.READ
    }
    if not found:
        raise ToolError(f"cannot run {tool}: it has no permit to read")
    return found


def day(modified: float) -> str:
    """Return the local day of a POSIX time, ISO."""
    return datetime.fromtimestamp(modified).astimezone().date().isoformat()


def kind(path: Path) -> str:
    """Return the extension of a file, lower case and without its dot."""
    return path.suffix.lower().removeprefix(".")


def describe(entry: Entry, context: Context) -> Data:
    """Return a file as the listing tools give it."""
    return {
        "path": context.changeset.relative(entry.path),
        "name": entry.path.name,
        "kind": kind(entry.path),
        "size": entry.size,
        "modified": day(entry.modified),
    }


def seen(folder: Path) -> Label:
    """Return the label of names found in a folder: anyone may have chosen them."""
    return Label(trust=Trust.UNTRUSTED, sources=frozenset({f"file:{folder}"}))


async def listed(
    folder: Path, context: Context, *, recursive: bool, wanted: Callable[[Entry], bool]
) -> Result:
    """List the files of a permitted folder that are wanted.

    Raises:
        NotFound: When there is no such folder.
        Unreadable: When it may not be opened.
    """
    skipped: list[str] = []

    def look() -> list[Data]:
        entries = context.changeset.entries(folder, recursive=recursive, skipped=skipped)
        return [
            describe(entry, context) for entry in entries if not entry.is_folder and wanted(entry)
        ]

    items = await asyncio.to_thread(look)
    return Result({"items": items, "count": len(items)}, seen(folder), tuple(skipped))


class FilesList:
    """The files in a folder."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.list",
            "list the files in a folder",
            (
                Parameter("folder", Kind.PATH, "the folder"),
                Parameter("recursive", Kind.BOOLEAN, "also in the folders inside", False),
            ),
            frozenset({Effect.READ}),
            _ITEM,
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the folder that would be listed."""
        return [Touch(Effect.READ, str(context.changeset.resolve(str(arguments["folder"]))))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """List what the permit names."""
        (folder,) = permitted(self.spec.name, permits)
        recursive = bool(arguments.get("recursive"))
        return await listed(folder, context, recursive=recursive, wanted=lambda _: True)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What `files.find` looks for."""

    name: str
    """Folded: words, or a glob when it has a wildcard."""
    kinds: frozenset[str]
    since: str
    until: str

    @classmethod
    def of(cls, arguments: Arguments) -> _Wanted:
        kinds = arguments.get("kinds") or []
        many = kinds if isinstance(kinds, list) else [kinds]
        return cls(
            _folded(str(arguments.get("name") or "")),
            frozenset(str(kind).lower().removeprefix(".") for kind in many),
            str(arguments.get("since") or ""),
            str(arguments.get("until") or ""),
        )

    def holds(self, entry: Entry) -> bool:
        """Tell whether a file is meant."""
        changed = day(entry.modified)
        if self.kinds and kind(entry.path) not in self.kinds:
            return False
        if (self.since and changed < self.since) or (self.until and changed > self.until):
            return False
        name = _folded(entry.path.name)
        if any(wildcard in self.name for wildcard in "*?["):
            return fnmatch.fnmatchcase(name, self.name)
        return all(word in name for word in self.name.split())


class FilesFind:
    """Files by name, kind and time of change."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.find",
            "find files by name, kind or day of change, in a folder and all folders inside",
            (
                Parameter("folder", Kind.PATH, "where to look"),
                Parameter("name", Kind.TEXT, "words of the name, or a pattern as *.pdf", False),
                Parameter("kinds", Kind.TEXT, "only these: pdf, jpg, ...", False, many=True),
                Parameter("since", Kind.DATE, "changed on this day or later", required=False),
                Parameter("until", Kind.DATE, "changed on this day or before", required=False),
            ),
            frozenset({Effect.READ}),
            _ITEM,
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the folder that would be searched."""
        return [Touch(Effect.READ, str(context.changeset.resolve(str(arguments["folder"]))))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Search what the permit names."""
        (folder,) = permitted(self.spec.name, permits)
        return await listed(folder, context, recursive=True, wanted=_Wanted.of(arguments).holds)


class FilesRead:
    """One file as plain text."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.read",
            "read a plain text file as it is",
            (Parameter("path", Kind.PATH, "the file"),),
            frozenset({Effect.READ}),
            "path, text",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the file that would be read."""
        return [Touch(Effect.READ, str(context.changeset.resolve(str(arguments["path"]))))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Read what the permit names."""
        (path,) = permitted(self.spec.name, permits)
        relative = context.changeset.relative(path)
        text = await asyncio.to_thread(_text, path, context)
        return Result({"path": relative, "text": text}, seen(path))


def _text(path: Path, context: Context) -> str:
    name = shown(context.changeset.relative(path))
    with context.changeset.open(path) as file:
        data = file.read(MAX_TEXT + 1)
    if len(data) > MAX_TEXT:
        raise Unreadable(f"cannot read {name} as text: it has more than {MAX_TEXT // 10**6} MB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        unreadable = Unreadable(f"cannot read {name} as text: it is not UTF-8")
        unreadable.add_note("hint: read it as a document with documents.text")
        raise unreadable from error


class FilesWrite:
    """One file from text, staged."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.write",
            "write a text file; waits for the commit, can be undone",
            (
                Parameter("path", Kind.PATH, "the file; may be new", sink=True),
                Parameter("text", Kind.TEXT, "what to write"),
            ),
            frozenset({Effect.WRITE, Effect.DESTROY}),
            "path, bytes",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the file; to overwrite is to destroy."""
        path = context.changeset.resolve(str(arguments["path"]))
        effect = Effect.DESTROY if context.changeset.replaces(path) else Effect.WRITE
        return [Touch(effect, str(path), staged=True)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Stage the text."""
        path = context.changeset.resolve(str(arguments["path"]))
        data = str(arguments["text"]).encode("utf-8")
        await asyncio.to_thread(context.changeset.stage_write, path, data)
        return Result({"path": context.changeset.relative(path), "bytes": len(data)}, NEUTRAL)


class FilesMove:
    """One file to another place or name, staged."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.move",
            "move or rename a file; never onto another; waits for the commit, can be undone",
            (
                Parameter("path", Kind.PATH, "the file", sink=True),
                Parameter("to", Kind.PATH, "its new path, or a folder to put it in", sink=True),
            ),
            frozenset({Effect.WRITE}),
            "path, to",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the file and where it would go."""
        path, to = _ends(arguments, context)
        free = context.changeset.forecast_move(path, to)
        return [Touch(Effect.WRITE, str(place), staged=True) for place in (path, free)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Stage the move."""
        path, to = _ends(arguments, context)
        went = await asyncio.to_thread(context.changeset.stage_move, path, to)
        relative = context.changeset.relative
        return Result({"path": relative(path), "to": relative(went)}, NEUTRAL)


def _ends(arguments: Arguments, context: Context) -> tuple[Path, Path]:
    path = context.changeset.resolve(str(arguments["path"]))
    text = str(arguments["to"])
    to = context.changeset.resolve(text)
    there = context.changeset.find(to)
    inside = text.endswith("/") or (there is not None and there.is_folder)
    return path, to / path.name if inside else to


class FilesTrash:
    """One file to the changeset's trash, staged."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.trash",
            "put a file into the trash; waits for the commit, can be undone",
            (Parameter("path", Kind.PATH, "the file", sink=True),),
            frozenset({Effect.DESTROY}),
            "path",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the file."""
        path = context.changeset.resolve(str(arguments["path"]))
        return [Touch(Effect.DESTROY, str(path), staged=True)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Stage it."""
        path = context.changeset.resolve(str(arguments["path"]))
        await asyncio.to_thread(context.changeset.stage_trash, path)
        return Result({"path": context.changeset.relative(path)}, NEUTRAL)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()

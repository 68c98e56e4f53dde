"""The tools that look at files: `files.list`, `files.find` and `files.read`.

They change nothing (`change` does) and parse no documents (`documents` does): names, sizes
and days from the folder, and the text of plain text files. `daemon.toolbox` lists them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import TYPE_CHECKING

from doorward.policies.labels import Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect, Trust
from doorward.tools.base import (
    Arguments,
    Context,
    Result,
    ToolError,
    Touch,
    Unreadable,
    labels_of_file,
)
from doorward.tools.documents.client import permitted
from doorward.tools.files.kinds import asked_kinds, kind_of_file
from doorward.tools.named import named_folder

if TYPE_CHECKING:
    from doorward.tools.changes.changeset import Entry

MAX_PATTERN = 500
"""Characters of a name to look for: what it takes to match grows faster than they do."""
MAX_TEXT = 5_000_000
"""Bytes of the largest file that `files.read` returns."""

_RETURNS = "items[] {path, name, kind, size, modified}, count"


class FilesList:
    """List the files of a folder."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.list",
            "list the files in a folder; hidden files are left out",
            (
                Parameter("folder", Kind.PATH, "the folder"),
                Parameter("recursive", Kind.BOOLEAN, "also in the folders inside", False),
            ),
            frozenset({Effect.READ}),
            _RETURNS,
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name each folder that would be listed: policy may leave out some inside it."""
        return _folders(arguments, context, deep=bool(arguments.get("recursive")))

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """List what the permits name."""
        look = _Look.of(self.spec.name, arguments, permits, context)
        files = look.files(context, deep=bool(arguments.get("recursive")))
        return _listed(look, files, context)


class FilesFind:
    """Find files by name, kind and the day they changed."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.find",
            "find files by name, kind or the day they changed, with all folders inside",
            (
                Parameter("folder", Kind.PATH, "where to look"),
                Parameter("name", Kind.TEXT, "the name, words of it, or a pattern (*.pdf)", False),
                Parameter(
                    "kinds", Kind.TEXT, "only these: pdf, images, mail, ...", False, many=True
                ),
                Parameter("since", Kind.DATE, "changed on this day or later", required=False),
                Parameter("until", Kind.DATE, "changed on this day or before", required=False),
            ),
            frozenset({Effect.READ}),
            _RETURNS,
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name each folder that would be searched: policy may leave out some inside it."""
        return _folders(arguments, context, deep=True)

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Look through what the permits name."""
        look = _Look.of(self.spec.name, arguments, permits, context)
        asked = _Asked.of(arguments)
        files = look.files(context, deep=True)
        found = [entry for entry in files if asked.wants(entry, context)]
        exact = [entry for entry in found if _plain(entry.path.name) == asked.name]
        return _listed(look, exact or found, context)


class FilesRead:
    """Read a text file as it is."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.read",
            "read a plain text file (UTF-8) as it is; for documents use documents.text",
            (Parameter("path", Kind.PATH, "the file"),),
            frozenset({Effect.READ}),
            "path, text",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the one file that would be read."""
        path = context.changeset.resolve(str(arguments["path"]))
        return [Touch(Effect.READ, str(path))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Read what the permit names."""
        path = permitted(self.spec.name, permits)
        name = context.changeset.relative(path)
        with context.changeset.open(path) as file:
            data = file.read(MAX_TEXT + 1)
        if len(data) > MAX_TEXT:
            raise _unreadable(name, f"it has more than {MAX_TEXT // 1_000_000} MB")
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise _unreadable(name, "it is not UTF-8 text") from None
        if "\0" in text:
            raise _unreadable(name, "it is not text")
        return Result({"path": name, "text": text}, _label(path))


@dataclass(frozen=True, slots=True)
class _Asked:
    name: str
    kinds: frozenset[str]
    since: str
    until: str

    @classmethod
    def of(cls, arguments: Arguments) -> _Asked:
        kinds = arguments.get("kinds") or []
        name = _plain(str(arguments.get("name") or "").strip())
        if len(name) > MAX_PATTERN:
            raise ToolError(f"a name to look for has at most {MAX_PATTERN} characters")
        return cls(
            name,
            asked_kinds(map(str, kinds if isinstance(kinds, list) else [kinds])),
            str(arguments.get("since") or "")[:10],
            str(arguments.get("until") or "")[:10],
        )

    def wants(self, entry: Entry, context: Context) -> bool:
        day = _day(entry)
        whole = "/" in self.name
        name = context.changeset.relative(entry.path) if whole else entry.path.name
        return (
            (not self.kinds or kind_of_file(entry.path.name) in self.kinds)
            and (not self.since or day >= self.since)
            and (not self.until or day <= self.until)
            and _fits(_plain(name), self.name)
        )


def _fits(name: str, asked: str) -> bool:
    """Tell whether a name fits a pattern, or holds every word that was asked for."""
    if asked in name:
        return True
    if re.search(r"[*?\[]", asked):
        return fnmatchcase(name, asked)
    words = re.findall(r"[^\W_]+", asked)
    return bool(words) and all(word in name for word in words)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _folders(arguments: Arguments, context: Context, *, deep: bool) -> list[Touch]:
    folder = named_folder(str(arguments["folder"]), context)
    inside = context.changeset.entries(folder, recursive=True, skipped=[]) if deep else ()
    each = [folder, *(entry.path for entry in inside if entry.is_folder)]
    return [Touch(Effect.READ, str(path)) for path in each]


@dataclass(frozen=True, slots=True)
class _Look:
    """A look at the folders that permits name."""

    folder: Path
    open: frozenset[Path]
    skipped: list[str]

    @classmethod
    def of(
        cls, tool: str, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> _Look:
        """Prepare the look.

        Raises:
            ToolError: When there is no permit to read the folder itself.
        """
        folder = named_folder(str(arguments["folder"]), context)
        reads = [permit.request for permit in permits if permit.request.effect is Effect.READ]
        allowed = frozenset(Path(request.resource) for request in reads)
        if folder not in allowed:
            raise ToolError(f"cannot run {tool}: it needs a permit to read the folder")
        return cls(folder, allowed, [])

    def files(self, context: Context, *, deep: bool) -> Iterator[Entry]:
        """Yield the files that lie in a permitted folder."""
        entries = context.changeset.entries(self.folder, recursive=deep, skipped=self.skipped)
        for entry in entries:
            if not entry.is_folder and entry.path.parent in self.open:
                yield entry


def _listed(look: _Look, entries: Iterable[Entry], context: Context) -> Result:
    items: list[Data] = []
    notes = []
    fields = {"count": Label(trust=Trust.ASSIGNED)}
    for entry in entries:
        try:
            path = context.changeset.relative(entry.path)
        except ToolError as error:  # a name that cannot be shown: no later step could name it
            notes.append(f"left out a file: {error}")
            continue
        fields |= labels_of_file(f"items.{len(items)}", entry.path, "size", "modified")
        items.append(
            {
                "path": path,
                "name": entry.path.name,
                "kind": kind_of_file(entry.path.name),
                "size": entry.size,
                "modified": _day(entry),
            }
        )
    data: Data = {"items": items, "count": len(items)}
    return Result(data, _label(look.folder), (*look.skipped, *notes), fields)


def _day(entry: Entry) -> str:
    return datetime.fromtimestamp(entry.modified).astimezone().date().isoformat()


def _label(path: Path) -> Label:
    return Label(sources=frozenset({f"file:{path}"}))


def _unreadable(name: str, why: str) -> Unreadable:
    error = Unreadable(f"cannot read {name} as text: {why}")
    error.add_note("hint: read documents with documents.text")
    return error

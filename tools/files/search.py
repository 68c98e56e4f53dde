"""The tool `search.find`: documents in a folder that are about something, best first.

Documents with all the words come first, then those near in meaning, then those with some words. It
keeps no index between searches and learns nothing: texts come from `documents` (which keeps the
latest while its worker lives), ranking from `ranking` and `meaning`. What cannot be read is named,
not fatal.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from doorward.policies.labels import Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect, Trust
from doorward.tools.base import (
    Arguments,
    Context,
    NotFound,
    Result,
    ToolError,
    Touch,
    Unreadable,
    labels_of_file,
)
from doorward.tools.documents.client import DocumentReader
from doorward.tools.documents.formats import KINDS, kind_of
from doorward.tools.files.meaning import MOST, Meaning, beginning
from doorward.tools.named import named_folder
from doorward.tools.reading.kinds import WORDS, kind_named
from doorward.tools.texts.ranking import Index, Match, passage

if TYPE_CHECKING:
    from doorward.tools.changes.changeset import Entry

LIMIT = 20
_BEGINS = 2400
"""Characters of a document's beginning that are kept until the search is over."""
_NAMED = 20
"""How many unreadable files are named one by one."""


@dataclass(frozen=True, slots=True)
class _Asked:
    about: str
    kinds: frozenset[str]
    since: str
    until: str
    limit: int


@dataclass(frozen=True, slots=True)
class _Read:
    modified: str
    notes: tuple[str, ...]
    begins: str
    """Its beginning, to be compared by meaning."""


class SearchFind:
    """Full-text search over the documents of a folder."""

    def __init__(self, documents: DocumentReader, meaning: Meaning | None = None) -> None:
        """Read through these documents; without `meaning`, by words alone."""
        self._documents = documents
        self._meaning = meaning

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "search.find",
            "find the documents in a folder that are about something, best first",
            (
                Parameter("about", Kind.TEXT, "what to look for, a few words"),
                Parameter("folder", Kind.PATH, "where to look, with all folders inside"),
                Parameter("kinds", Kind.TEXT, "only these: pdf, docx, eml, ...", False, many=True),
                Parameter("since", Kind.DATE, "changed on this day or later", required=False),
                Parameter("until", Kind.DATE, "changed on this day or before", required=False),
                Parameter("limit", Kind.NUMBER, "at most so many; 0 for all; else 20", False),
            ),
            frozenset({Effect.READ}),
            "items[] {path, name, kind, score, passage, modified}, count, searched",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name every document that would be read: policy may leave out some of a folder."""
        asked = _asked(arguments)
        folder = named_folder(str(arguments["folder"]), context)
        entries = context.changeset.entries(folder, recursive=True, skipped=[])
        return [Touch(Effect.READ, str(entry.path)) for entry in entries if _wanted(entry, asked)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Read what the permits name, and rank it."""
        asked = _asked(arguments)
        paths = {
            context.changeset.relative(path): path
            for path in (Path(p.request.resource) for p in permits)
        }
        folder = named_folder(str(arguments["folder"]), context)
        skipped: list[str] = []
        deque(context.changeset.entries(folder, recursive=True, skipped=skipped), maxlen=0)
        index = Index()
        try:
            read, unread = await self._fill(index, paths, context)
            matches, whole = await asyncio.to_thread(index.find, asked.about, asked.limit)
            if not whole or len(matches) < MOST:
                near = await self._by_meaning(asked, read)
                first, then = (matches, near) if whole else (near, matches)
                known = {match.path for match in first}
                matches = [*first, *(match for match in then if match.path not in known)]
                matches = matches[: asked.limit or None]
            matches += await asyncio.to_thread(_by_other_words, index, asked, matches)
        finally:
            index.close()
        items: list[Data] = [_item(match, read[match.path].modified) for match in matches]
        doubts = [note for match in matches for note in read[match.path].notes]
        sources = frozenset(f"file:{paths[match.path]}" for match in matches)
        return Result(
            {"items": items, "count": len(items), "searched": len(read)},
            Label(sources=sources),
            (*doubts, *_named([*skipped, *unread])),
            _fields([paths[match.path] for match in matches]),
        )

    async def _by_meaning(self, asked: _Asked, read: Mapping[str, _Read]) -> list[Match]:
        """Return what is near in meaning, where hardly a document has all the words."""
        if self._meaning is None:
            return []
        begins = {path: beginning(path, one.begins) for path, one in read.items()}
        near = await self._meaning.near(asked.about, begins)
        return [Match(path, score, passage(read[path].begins)) for path, score in near]

    async def _fill(
        self, index: Index, paths: Mapping[str, Path], context: Context
    ) -> tuple[dict[str, _Read], list[str]]:
        """Read and index every document; return what was read, and why the rest was not."""
        read: dict[str, _Read] = {}
        unread: list[str] = []
        for done, (relative, path) in enumerate(paths.items()):
            await context.progress(done, len(paths), relative)
            try:
                document = await self._documents.read(path, context)
            except (Unreadable, NotFound) as error:
                unread.append(str(error))
                continue
            found = document.extract
            await asyncio.to_thread(index.add, relative, found.title, found.text)
            notes = tuple(f"{relative} {note}" for note in found.notes)
            read[relative] = _Read(document.modified, notes, found.text[:_BEGINS])
        await context.progress(len(paths), len(paths), "")
        return read, unread


def _by_other_words(index: Index, asked: _Asked, found: Sequence[Match]) -> list[Match]:
    """Return documents that name the same kind in other words: `Rechnung` for an invoice."""
    pattern = WORDS.get(kind_named(asked.about))
    if pattern is None or (asked.limit and len(found) >= asked.limit):
        return []
    known = {match.path for match in found}
    others = [match for match in index.naming(pattern) if match.path not in known]
    return others[: asked.limit - len(found)] if asked.limit else others


def _asked(arguments: Arguments) -> _Asked:
    kinds = arguments.get("kinds") or []
    names = kinds if isinstance(kinds, list) else [kinds]
    limit = arguments.get("limit")
    asked = _Asked(
        str(arguments["about"]),
        frozenset(KINDS.get(f".{name}", name) for name in _plain_names(names)),
        str(arguments.get("since") or ""),
        str(arguments.get("until") or ""),
        int(limit) if isinstance(limit, int | float) else LIMIT,
    )
    if asked.limit < 0:
        error = ToolError(f"cannot search: the limit is {asked.limit}")
        error.add_note("hint: give 0 for every match, or a positive number")
        raise error
    return asked


def _plain_names(kinds: Sequence[Data]) -> list[str]:
    return [str(kind).lower().lstrip(".") for kind in kinds]


def _wanted(entry: Entry, asked: _Asked) -> bool:
    """Tell by name and date alone whether an entry is asked for."""
    kind = kind_of(entry.path.name)
    if entry.is_folder or not kind or (asked.kinds and kind not in asked.kinds):
        return False
    day = datetime.fromtimestamp(entry.modified).astimezone().date().isoformat()
    return (not asked.since or day >= asked.since) and (not asked.until or day <= asked.until)


def _item(match: Match, modified: str) -> Data:
    path = PurePosixPath(match.path)
    return {
        "path": match.path,
        "name": path.name,
        "kind": kind_of(path.name),
        "score": match.score,
        "passage": match.passage,
        "modified": modified,
    }


def _fields(found: Sequence[Path]) -> dict[str, Label]:
    """Say which file each match comes from: it has the label of that one, not of all searched."""
    fields = {name: Label(trust=Trust.ASSIGNED) for name in ("count", "searched")}
    for number, path in enumerate(found):
        fields |= labels_of_file(f"items.{number}", path, "modified")
    return fields


def _named(unread: Sequence[str]) -> tuple[str, ...]:
    more = len(unread) - _NAMED
    rest = (f"and {more} more could not be read",) if more > 0 else ()
    return (*unread[:_NAMED], *rest)

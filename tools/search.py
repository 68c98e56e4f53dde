"""The tool `search.find`: documents in a folder that are about something, best first.

It keeps no index between searches and learns nothing: texts come from `documents` (which keeps the
latest while its worker lives), ranking from `ranking`. What cannot be read is named, not fatal.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from doorward.policies.labels import Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect, Trust
from doorward.tools.base import Arguments, Context, NotFound, Result, ToolError, Touch, Unreadable
from doorward.tools.documents import Documents, permitted
from doorward.tools.formats import KINDS, kind_of
from doorward.tools.ranking import Index, Match

if TYPE_CHECKING:
    from doorward.tools.changeset import Entry

LIMIT = 20
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
class _Seen:
    path: Path
    kind: str
    modified: str


class SearchFind:
    """Full-text search over the documents of a folder."""

    def __init__(self, documents: Documents) -> None:
        """Read through these documents."""
        self._documents = documents

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
        """Name the folder that would be read."""
        return [Touch(Effect.READ, str(context.changeset.resolve(str(arguments["folder"]))))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Read what the permitted folder holds, and rank it."""
        folder = permitted(self.spec.name, permits)
        asked = _asked(arguments)
        entries = context.changeset.entries(folder, recursive=True)
        wanted = [seen for entry in entries if (seen := _seen(entry, asked)) is not None]
        by_path = {context.changeset.relative(seen.path): seen for seen in wanted}
        index = Index()
        try:
            notes, unread = await self._fill(index, by_path, context)
            matches = await asyncio.to_thread(index.find, asked.about, asked.limit)
        finally:
            index.close()
        items: list[Data] = [_item(match, by_path[match.path]) for match in matches]
        doubts = [note for match in matches for note in notes.get(match.path, ())]
        return Result(
            {"items": items, "count": len(items), "searched": len(wanted) - len(unread)},
            Label(trust=Trust.UNTRUSTED, sources=frozenset({f"file:{folder}"})),
            (*doubts, *_named(unread)),
        )

    async def _fill(
        self, index: Index, wanted: Mapping[str, _Seen], context: Context
    ) -> tuple[dict[str, list[str]], list[str]]:
        """Read and index every document; return the notes by path, and why some were skipped."""
        notes: dict[str, list[str]] = {}
        unread: list[str] = []
        for done, (relative, seen) in enumerate(wanted.items()):
            await context.progress(done, len(wanted), relative)
            try:
                document = await self._documents.read(seen.path, context)
            except (Unreadable, NotFound) as error:
                unread.append(str(error))
                continue
            found = document.extract
            await asyncio.to_thread(index.add, relative, found.title, found.text)
            notes[relative] = [f"{relative} {note}" for note in found.notes]
        await context.progress(len(wanted), len(wanted), "")
        return notes, unread


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


def _seen(entry: Entry, asked: _Asked) -> _Seen | None:
    """Return what is known of an entry from outside, or None when it is not asked for."""
    kind = kind_of(entry.path.name)
    if entry.is_folder or not kind or (asked.kinds and kind not in asked.kinds):
        return None
    day = datetime.fromtimestamp(entry.modified).astimezone().date().isoformat()
    if (asked.since and day < asked.since) or (asked.until and day > asked.until):
        return None
    return _Seen(entry.path, kind, day)


def _item(match: Match, seen: _Seen) -> Data:
    return {
        "path": match.path,
        "name": seen.path.name,
        "kind": seen.kind,
        "score": match.score,
        "passage": match.passage,
        "modified": seen.modified,
    }


def _named(unread: Sequence[str]) -> tuple[str, ...]:
    more = len(unread) - _NAMED
    rest = (f"and {more} more could not be read",) if more > 0 else ()
    return (*unread[:_NAMED], *rest)

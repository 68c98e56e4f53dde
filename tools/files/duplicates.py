"""The tool `files.duplicates`: files with the very same bytes, and which of them to keep.

It removes nothing (`files.trash` does) and compares content alone: first sizes, then BLAKE2b.
`daemon.toolbox` lists it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import TYPE_CHECKING, BinaryIO

from doorward.policies.labels import Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect
from doorward.tools.base import Arguments, Context, NotFound, Result, ToolError, Touch, Unreadable
from doorward.tools.named import named_folder

if TYPE_CHECKING:
    from doorward.tools.changes.changeset import Entry

_CHUNK = 1 << 20


class FilesDuplicates:
    """Find the files that are exact copies of another."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.duplicates",
            "find the files in a folder that are exact copies of another, and which to keep",
            (Parameter("folder", Kind.PATH, "where to look, with all folders inside"),),
            frozenset({Effect.READ}),
            "groups[] {paths, size}, items[] {path, same_as, size} (the copies), count, bytes, "
            "size (in words)",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name every file that would be read: those that share their size with another."""
        found = _alike(_files(arguments, context, []))
        return [Touch(Effect.READ, str(entry.path)) for entry in found]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Compare what the permits name."""
        allowed = {permit.request.resource for permit in permits}
        notes: list[str] = []
        files = [one for one in _files(arguments, context, notes) if str(one.path) in allowed]
        groups = await _groups(_alike(files), context, notes)
        relative = context.changeset.relative
        items: list[Data] = [
            {"path": relative(copy.path), "same_as": relative(kept.path), "size": copy.size}
            for kept, *copies in groups
            for copy in copies
        ]
        data: dict[str, Data] = {
            "groups": [
                {"paths": [relative(one.path) for one in group], "size": group[0].size}
                for group in groups
            ],
            "items": items,
            "count": len(items),
            "bytes": (extra := sum(group[0].size * (len(group) - 1) for group in groups)),
            "size": in_words(extra),
        }
        sources = frozenset(f"file:{one.path}" for group in groups for one in group)
        return Result(data, Label(sources=sources), tuple(notes))


def in_words(size: int) -> str:
    """Return a size as people read it: `86.3 kB`."""
    if size < 1000:
        return "1 byte" if size == 1 else f"{size} bytes"
    shown = size / 1000
    for unit in ("kB", "MB"):
        if shown < 1000:
            return f"{shown:.3g} {unit}"
        shown /= 1000
    return f"{shown:,.1f} GB"


def _files(arguments: Arguments, context: Context, skipped: list[str]) -> list[Entry]:
    folder = named_folder(str(arguments["folder"]), context)
    entries = context.changeset.entries(folder, recursive=True, skipped=skipped)
    return [entry for entry in entries if not entry.is_folder and _nameable(entry, context)]


def _nameable(entry: Entry, context: Context) -> bool:
    """Tell whether the name can be shown; what cannot be named cannot be trashed either."""
    try:
        context.changeset.relative(entry.path)
    except ToolError:
        return False
    return True


def _alike(files: Iterable[Entry]) -> list[Entry]:
    """Return the files whose size another one has too; empty files are nobody's copies."""
    sizes: dict[int, list[Entry]] = {}
    for entry in files:
        if entry.size:
            sizes.setdefault(entry.size, []).append(entry)
    return [entry for group in sizes.values() if len(group) > 1 for entry in group]


async def _groups(files: Sequence[Entry], context: Context, notes: list[str]) -> list[list[Entry]]:
    """Group by content; the one to keep comes first, the groups go by its path."""
    same: dict[bytes, list[Entry]] = {}
    for done, entry in enumerate(files):
        await context.progress(done, len(files), context.changeset.relative(entry.path))
        try:
            with context.changeset.open(entry.path) as file:
                digest = await asyncio.to_thread(_digest, file)
        except (NotFound, Unreadable) as error:
            notes.append(str(error))
            continue
        same.setdefault(digest, []).append(entry)
    await context.progress(len(files), len(files), "")
    groups = [sorted(group, key=_rank) for group in same.values() if len(group) > 1]
    return sorted(groups, key=lambda group: str(group[0].path))


def _rank(entry: Entry) -> tuple[int, float, str]:
    """Order by what to keep: the shortest path, then the oldest file."""
    return len(str(entry.path)), entry.modified, str(entry.path)


def _digest(file: BinaryIO) -> bytes:
    digest = blake2b(digest_size=32)
    while chunk := file.read(_CHUNK):
        digest.update(chunk)
    return digest.digest()

"""The tool `files.duplicates`: files of the same content, and which of each group to keep.

It only looks: what is done with the copies is `files.trash`'s business. It reads no file whose size
no other file has, and none that it has no permit for. The door calls it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from hashlib import blake2b
from pathlib import Path

from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch
from doorward.tools.files import permitted, seen
from doorward.tools.listing import Entry

_CHUNK = 1 << 20


class FilesDuplicates:
    """Groups of identical files."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.duplicates",
            "find files of the same content in a folder and all folders inside",
            (Parameter("folder", Kind.PATH, "where to look"),),
            frozenset({Effect.READ}),
            "groups[] {paths, size}, items[] {path, same_as, size}, count, bytes",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the folder, and each file that would have to be read."""
        folder = context.changeset.resolve(str(arguments["folder"]))
        groups = _by_size(_files(folder, context, [])).values()
        suspects = [entry.path for group in groups for entry in group]
        return [Touch(Effect.READ, str(path)) for path in (folder, *suspects)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Compare the files that the permits name."""
        folder = context.changeset.resolve(str(arguments["folder"]))
        allowed = permitted(self.spec.name, permits)
        notes: list[str] = []
        files = [entry for entry in _files(folder, context, notes) if entry.path in allowed]
        groups: list[list[Entry]] = []
        sizes = _by_size(files)
        for done, same_size in enumerate(sizes.values()):
            await context.progress(done, len(sizes), context.changeset.relative(same_size[0].path))
            groups += await asyncio.to_thread(_same_content, same_size, context, notes)
        groups.sort(key=lambda group: _rank(group[0], context))
        return Result(_told(groups, context), seen(folder), tuple(notes))


def _files(folder: Path, context: Context, notes: list[str]) -> list[Entry]:
    entries = context.changeset.entries(folder, recursive=True, skipped=notes)
    return [entry for entry in entries if not entry.is_folder and entry.size > 0]


def _by_size(files: Iterable[Entry]) -> Mapping[int, list[Entry]]:
    """Return the files that share their size with another; empty ones are never copies."""
    sizes: dict[int, list[Entry]] = {}
    for entry in files:
        sizes.setdefault(entry.size, []).append(entry)
    return {size: group for size, group in sizes.items() if len(group) > 1}


def _same_content(files: Sequence[Entry], context: Context, notes: list[str]) -> list[list[Entry]]:
    """Return the groups of identical files among files of one size, the one to keep first."""
    groups: dict[bytes, list[Entry]] = {}
    for entry in files:
        try:
            digest = _digest(entry.path, context)
        except ToolError as error:
            notes.append(str(error))
            continue
        groups.setdefault(digest, []).append(entry)
    return [
        sorted(group, key=lambda entry: _rank(entry, context))
        for group in groups.values()
        if len(group) > 1
    ]


def _digest(path: Path, context: Context) -> bytes:
    digest = blake2b(digest_size=32)
    with context.changeset.open(path, large=True) as file:
        while piece := file.read(_CHUNK):
            digest.update(piece)
    return digest.digest()


def _rank(entry: Entry, context: Context) -> tuple[int, float, str]:
    """Rank the one to keep first: the shortest path, then the oldest, then by name."""
    relative = context.changeset.relative(entry.path)
    return len(relative), entry.modified, relative


def _told(groups: Sequence[Sequence[Entry]], context: Context) -> Data:
    relative = context.changeset.relative
    shown: list[Data] = [
        {"paths": [relative(entry.path) for entry in group], "size": group[0].size}
        for group in groups
    ]
    items: list[Data] = [
        {"path": relative(entry.path), "same_as": relative(group[0].path), "size": entry.size}
        for group in groups
        for entry in group[1:]
    ]
    wasted = sum(group[0].size * (len(group) - 1) for group in groups)
    return {"groups": shown, "items": items, "count": len(items), "bytes": wasted}

"""The tools that change files: `files.write`, `files.move` and `files.trash`.

They change nothing themselves: they stage in the changeset, which is shown, committed and undone
as a whole. They open no file. `daemon.toolbox` lists them.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Effect
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch
from doorward.tools.changes.changeset import ChangeKind


class FilesWrite:
    """Write a text file."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.write",
            "write a text file (UTF-8); missing folders are made; it waits for the commit",
            (
                Parameter("path", Kind.PATH, "where", sink=True),
                Parameter("text", Kind.TEXT, "what"),
            ),
            frozenset({Effect.WRITE, Effect.DESTROY}),
            "path, bytes",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the file; one of the user's that is there already would be overwritten."""
        path = context.changeset.resolve(str(arguments["path"]))
        found = context.changeset.find(path)
        overwrites = found is not None and not found.is_folder and not _is_new(path, context)
        return [Touch(Effect.DESTROY if overwrites else Effect.WRITE, str(path), staged=True)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Stage the text."""
        path = context.changeset.resolve(str(arguments["path"]))
        name = context.changeset.relative(path)
        try:
            data = str(arguments["text"]).encode("utf-8")
        except UnicodeEncodeError:
            msg = f"cannot write {name}: the text has half a character in it (a lone surrogate)"
            raise ToolError(msg) from None
        context.changeset.stage_write(path, data)
        return Result({"path": name, "bytes": len(data)}, NEUTRAL)


class FilesMove:
    """Move or rename a file."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.move",
            "move or rename a file, never onto another; it waits for the commit",
            (
                Parameter("path", Kind.PATH, "the file", sink=True),
                Parameter("to", Kind.PATH, "its new path, or the folder it goes to", sink=True),
            ),
            frozenset({Effect.WRITE}),
            "path, to",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name where the file is and where it would go."""
        path, to = _move(arguments, context)
        free = context.changeset.forecast_move(path, to)
        return [Touch(Effect.WRITE, str(one), staged=True) for one in (path, free)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Stage the move; a taken name gets ` (2)`."""
        path, to = _move(arguments, context)
        went = context.changeset.stage_move(path, to)
        relative = context.changeset.relative
        notes = () if went == to else (f"{relative(to)} is taken: it becomes {relative(went)}",)
        return Result({"path": relative(path), "to": relative(went)}, NEUTRAL, notes)


class FilesTrash:
    """Move a file to the changeset's trash."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.trash",
            "move a file to the trash, from where undo brings it back; it waits for the commit",
            (Parameter("path", Kind.PATH, "the file", sink=True),),
            frozenset({Effect.DESTROY}),
            "path",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name the file that would go."""
        path = context.changeset.resolve(str(arguments["path"]))
        return [Touch(Effect.DESTROY, str(path), staged=True)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Stage it."""
        path = context.changeset.resolve(str(arguments["path"]))
        context.changeset.stage_trash(path)
        return Result({"path": context.changeset.relative(path)}, NEUTRAL)


def _is_new(path: Path, context: Context) -> bool:
    """Tell whether what is at a path is only staged: nothing of the user's is lost there."""
    return any(
        change.kind is ChangeKind.WRITE and change.path == path
        for change in context.changeset.changes()
    )


def _move(arguments: Arguments, context: Context) -> tuple[Path, Path]:
    """Return the file and its new path; into a folder it keeps its name."""
    path = context.changeset.resolve(str(arguments["path"]))
    written = str(arguments["to"])
    to = context.changeset.resolve(written)
    found = context.changeset.find(to)
    if written.endswith("/") or (found is not None and found.is_folder):
        to /= path.name
    return path, to

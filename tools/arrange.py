"""The tool `files.arrange`: a place for each file, by its kind, its time or its topic.

It moves nothing and looks at nothing: from records to new paths. `files.move` carries them out.
The door calls it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePosixPath

from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect
from doorward.tools.base import Arguments, Context, Result, ToolError, Touch
from doorward.tools.paths import join, numbered, split

_FOLDERS = {
    "Documents": "pdf doc docx odt rtf pages tex wpd xps",
    "Spreadsheets": "xls xlsx xlsm ods csv tsv numbers",
    "Presentations": "ppt pptx odp key",
    "Images": "jpg jpeg png gif heic heif tif tiff bmp webp svg raw cr2 nef dng psd ico",
    "Mail": "eml emlx msg mbox",
    "Notes": "txt md markdown org rst",
    "Web Pages": "html htm mhtml webloc url",
    "Books": "epub mobi azw3 djvu",
    "Calendars": "ics",
    "Contacts": "vcf",
    "Audio": "mp3 m4a wav flac ogg aac aiff opus",
    "Videos": "mp4 mov mkv avi webm m4v mpg mpeg",
    "Archives": "zip tar gz tgz bz2 xz 7z rar",
    "Installers": "dmg pkg iso exe msi deb rpm appimage",
    "Code": "py js ts c h cpp java go rs swift rb sh json xml yaml yml toml sql ipynb",
}
OTHER = "Other"
UNDATED = "Undated"


class FilesArrange:
    """New places for files."""

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "files.arrange",
            "work out a folder for each file, by kind, year, month or option (its topic)",
            (
                Parameter("items", Kind.RECORD, "files with path, modified, kind", many=True),
                Parameter("by", Kind.TEXT, "kind, year, month or option"),
                Parameter("under", Kind.PATH, "the folder to arrange them in", required=False),
            ),
            frozenset({Effect.READ}),
            "items[] {path, to}, count",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Touch nothing: the files are values already."""
        return ()

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Give each file its place; those already in place are left out."""
        by = str(arguments.get("by") or "kind")
        under = _plain(str(arguments["under"]), context) if arguments.get("under") else None
        given = arguments.get("items")
        records = (
            [record for record in given if isinstance(record, dict)]
            if isinstance(given, list)
            else []
        )
        placed = [
            (path := _plain(str(record["path"]), context), _target(record, path, by, under))
            for record in records
            if record.get("path")
        ]
        taken = {path for path, to in placed if path == to}
        items: list[Data] = []
        for path, to in dict(placed).items():
            if path != to:
                free = _free(to, taken)
                taken.add(free)
                items.append({"path": path, "to": free})
        return Result({"items": items, "count": len(items)}, NEUTRAL)


def folder_of(record: dict[str, Data], by: str) -> str:
    """Return the name of the folder that a file belongs in.

    Args:
        record: At least `path`; `kind`, `date`, `modified` or `option` where known.
        by: `kind`, `year`, `month` or `option`.

    Raises:
        ToolError: When `by` is none of these.
    """
    match by:
        case "kind":
            suffix = PurePosixPath(str(record["path"])).suffix.removeprefix(".")
            kind = str(record.get("kind") or suffix).lower()
            return next((name for name, kinds in _FOLDERS.items() if kind in kinds.split()), OTHER)
        case "year":
            return _date(record)[:4] or UNDATED
        case "month":
            return _date(record)[:7] or UNDATED
        case "option":
            option = str(record.get("option") or "").replace("/", "-").strip(" .")
            return option[:1].upper() + option[1:] if option else OTHER
        case _:
            error = ToolError(f"cannot arrange files by {by!r}")
            error.add_note("hint: arrange by kind, year, month or option")
            raise error


def _date(record: dict[str, Data]) -> str:
    return str(record.get("date") or record.get("modified") or "")


def _target(record: dict[str, Data], path: str, by: str, under: str | None) -> str:
    folder, name = split(path)
    return join(join(folder if under is None else under, folder_of(record, by)), name)


def _free(to: str, taken: set[str]) -> str:
    number = 1
    free = to
    while free in taken:
        number += 1
        free = numbered(to, number)
    return free


def _plain(text: str, context: Context) -> str:
    relative = context.changeset.relative(context.changeset.resolve(text))
    return "" if relative == "." else relative

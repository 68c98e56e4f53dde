"""Kinds of files by their names: extensions, the groups that people speak of, and group folders.

Pure; it looks at no content (`documents.formats` does). `look` filters by it, `arrange` sorts by
it.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

_GROUPS = {
    "Documents": "pdf doc docx docm dot dotx odt rtf pages tex epub ps xps djvu",
    "Spreadsheets": "xls xlsx xlsm xlsb xltx ods csv tsv numbers",
    "Presentations": "ppt pptx pptm pps ppsx potx odp key",
    "Images": "jpg jpeg jpe png gif heic heif webp tif tiff bmp svg raw cr2 cr3 nef arw dng psd "
    "avif ico",
    "Mail": "eml emlx msg mbox ics vcf",
    "Notes": "md markdown txt text rst org log",
    "Web pages": "html htm xhtml mhtml webloc url webarchive",
    "Archives": "zip tar gz tgz bz2 xz zst 7z rar dmg iso pkg",
    "Music": "mp3 m4a aac flac wav ogg oga opus aif aiff wma mid",
    "Videos": "mp4 m4v mov avi mkv webm mpg mpeg wmv 3gp",
}
OTHER = "Other"
"""The group folder of everything else."""

_WORDS = {
    "document": "Documents",
    "spreadsheet": "Spreadsheets",
    "table": "Spreadsheets",
    "presentation": "Presentations",
    "slide": "Presentations",
    "image": "Images",
    "picture": "Images",
    "mail": "Mail",
    "email": "Mail",
    "e-mail": "Mail",
    "note": "Notes",
    "text": "Notes",
    "web page": "Web pages",
    "webpage": "Web pages",
    "archive": "Archives",
    "music": "Music",
    "audio": "Music",
    "song": "Music",
    "video": "Videos",
    "film": "Videos",
    "movie": "Videos",
}
_SETS = {
    "photo": "jpg jpeg jpe png heic heif webp tif tiff raw cr2 cr3 nef arw dng avif",
    "word": "doc docx docm odt",
    "excel": "xls xlsx xlsm ods",
    "powerpoint": "ppt pptx pptm odp",
    "jpg": "jpg jpeg jpe",
    "jpeg": "jpg jpeg jpe",
    "html": "html htm xhtml",
    "md": "md markdown",
    "markdown": "md markdown",
    "tif": "tif tiff",
    "tiff": "tif tiff",
}


def kind_of_file(name: str) -> str:
    """Return the extension of a file name, lower case, without its dot; empty when it has none."""
    return PurePosixPath(name).suffix.lower().removeprefix(".")


def group_of(kind: str) -> str:
    """Return the group folder of an extension: `docx` → `Documents`."""
    return next((group for group, kinds in _GROUPS.items() if kind in kinds.split()), OTHER)


def asked_kinds(words: Iterable[str]) -> frozenset[str]:
    """Return the extensions that words stand for: `pdf`, `.PDF`, `photos`, `spreadsheets`."""
    return frozenset(kind for word in words for kind in _kinds(word))


def _kinds(word: str) -> list[str]:
    plain = word.strip().lower().lstrip(".")
    for name in (plain, plain.removesuffix("s")):
        if name in _SETS:
            return _SETS[name].split()
        if name in _WORDS:
            return _GROUPS[_WORDS[name]].split()
    known = {kind for kinds in _GROUPS.values() for kind in kinds.split()}
    singular = plain.removesuffix("s")
    return [singular if plain not in known and singular in known else plain]

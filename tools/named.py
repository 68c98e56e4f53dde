"""What a user means by a bare name: the one file or folder of that name, wherever it lies.

It opens nothing and decides nothing: the path it returns is judged like any other, and what is not
there once only is an error that says where. `files` and `documents` call it before they
say what they would touch.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

from doorward.tools.base import Context, NotFound

_SHOWN = 3


def named_folder(text: str, context: Context) -> Path:
    """Return the folder that an argument names; a bare name may lie deeper down.

    Raises:
        NotFound: When several folders have that name; the hint lists them.
        ToolError: When it is no plain path in the objective's folder.
    """
    return _named(text, context, folder=True)


def named_file(text: str, context: Context) -> Path:
    """Return the file that an argument names; a bare name may lie deeper down, or be its end.

    Raises:
        NotFound: When several files have that name; the hint lists them.
        ToolError: When it is no plain path in the objective's folder.
    """
    return _named(text, context, folder=False)


def _named(text: str, context: Context, *, folder: bool) -> Path:
    changeset = context.changeset
    path = changeset.resolve(text)
    bare = text.strip("/")
    if "/" in bare or path == changeset.folder or changeset.find(path) is not None:
        return path
    wanted = _plain(bare)
    entries = changeset.entries(changeset.folder, recursive=True, skipped=[])
    alike = [one.path for one in entries if one.is_folder == folder]
    found = [one for one in alike if _plain(one.name) == wanted]
    if not found and not folder:
        found = [one for one in alike if _plain(one.name).endswith(f" {wanted}")]
    if len(found) > 1:
        kind = "folders" if folder else "files"
        error = NotFound(f"there are {len(found)} {kind} called {bare}")
        names = ", ".join(changeset.relative(one) for one in sorted(found)[:_SHOWN])
        error.add_note(f"hint: say which: {names}" + (", …" if len(found) > _SHOWN else ""))
        raise error
    return found[0] if found else path


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()

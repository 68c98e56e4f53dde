"""The names of files: what text may name a file beneath a folder, and what may not.

It opens nothing and is no boundary by itself: `beneath` opens, and the kernel decides there. An
odd name is refused, never repaired. `changeset` and `files` call it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from doorward.tools.base import ToolError

MAX_NAME = 255
"""Bytes of UTF-8 in one component."""
MAX_PATH = 4096
"""Bytes of UTF-8 in a whole path."""
OURS = ".doorward-"
"""How the names begin under which a commit holds files for an instant."""

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories that a person cannot see or that reorder what they see."""


def relative_to(folder: Path, text: str) -> str:
    """Return what a text names beneath a folder, as a relative POSIX path; `""` is the folder.

    Args:
        folder: The absolute folder, already canonical.
        text: As a person or a model wrote it: absolute, or relative to the folder. One slash at
            the end is accepted, as people write it after the name of a folder.

    Raises:
        ToolError: When the text is not a plain path beneath the folder.
    """
    if text in {"", ".", "./"}:
        return ""
    written = text[:-1] if len(text) > 1 and text.endswith("/") else text
    if written.startswith("/"):
        base = str(folder).rstrip("/")
        if written == base:
            return ""
        if not written.startswith(base + "/"):
            raise refusal(text, f"it is not in {shown(str(folder))}", "name a file in that folder")
        written = written[len(base) + 1 :]
    elif written.startswith("~"):
        raise refusal(text, "a path cannot start with ~", "write the whole path")
    check(written, text)
    return written


def check(relative: str, text: str | None = None) -> None:
    """Refuse a relative path that is not a plain one.

    Args:
        relative: POSIX, without the folder.
        text: How it was written, for the message.

    Raises:
        ToolError: For `..`, `.`, an empty component, unseen characters or too long a name.
    """
    text = relative if text is None else text
    if len(relative.encode("utf-8", "surrogatepass")) > MAX_PATH:
        raise refusal(text[:80] + "…", "it is too long", f"at most {MAX_PATH} bytes")
    for name in relative.split("/"):
        why = _fault(name)
        if why:
            raise refusal(text, why, "use the name exactly as files.list shows it")


def check_new(relative: str) -> None:
    """Refuse a path that should not be created, though one that exists might be opened.

    Raises:
        ToolError: As `check`, and for a name that ends in a space or a dot or begins as ours do.
    """
    check(relative)
    for name in relative.split("/"):
        if name != name.strip() or name.endswith("."):
            raise refusal(
                relative, "a new name may not begin or end with a space, or end with a dot"
            )
        if name.startswith(OURS):
            raise refusal(relative, f"names that begin with {OURS} are kept for commits")


def _fault(name: str) -> str:
    if name in {"", ".", ".."}:
        return "it has an empty, '.' or '..' component"
    if len(name.encode("utf-8", "surrogatepass")) > MAX_NAME:
        return f"a name in it is longer than {MAX_NAME} bytes"
    if "\\" in name:
        return "it has a backslash"
    if any(unicodedata.category(character) in _UNSEEN for character in name):
        return "it has characters that cannot be seen"
    if "%" in name and ".." in unquote(name).replace("\\", "/").split("/"):
        return "it hides '..' behind an encoding"
    return ""


def hidden(name: str) -> bool:
    """Tell whether a name is one that people do not see: dot files, owner files of Office."""
    return name.startswith((".", "~$"))


def shown(text: str) -> str:
    """Return a name that is safe to put into a message: unseen characters as escapes."""
    return "".join(
        character
        if unicodedata.category(character) not in _UNSEEN
        else character.encode("unicode_escape").decode("ascii")
        for character in text
    )


def join(folder: str, name: str) -> str:
    """Return the relative path of a name in a relative folder."""
    return f"{folder}/{name}" if folder else name


def split(relative: str) -> tuple[str, str]:
    """Return the folder and the name of a relative path."""
    folder, _, name = relative.rpartition("/")
    return folder, name


def parents(relative: str) -> Iterable[str]:
    """Yield the folders above a relative path, the outermost first, without the root `""`."""
    names = relative.split("/")[:-1]
    return ["/".join(names[: count + 1]) for count in range(len(names))]


def numbered(relative: str, number: int) -> str:
    """Return the path with ` (number)` before its suffix: `a/b (2).pdf`."""
    pure = PurePosixPath(relative)
    return str(pure.with_name(f"{pure.stem} ({number}){pure.suffix}"))


def refusal(text: str, why: str, hint: str = "choose another name") -> ToolError:
    """Return the error that says why a path was refused."""
    error = ToolError(f"cannot use the path {shown(text)!r}: {why}")
    error.add_note(f"hint: {hint}")
    return error

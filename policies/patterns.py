"""Patterns: the globs of a policy file, compiled to RE2, which cannot be made to run away.

Not Python's `re` (whoever names files could make a glob run for minutes), not a path resolver:
what comes in was resolved by the door. `document` compiles, `sieve` asks many at once.

In a path `*` and `?` stay inside one folder or file name, `**` as a whole name stands for any
number of folders (also none), `{a,b}` for either. In a tool or destination `*` is any text.
What grants must match exactly; what holds back matches case and normalisation aside.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol
from unicodedata import normalize

import re2

MAX_LENGTH = 512
"""Characters in one pattern."""
MAX_CHOICES = 64
"""How many patterns the braces of one pattern may stand for."""

_INVISIBLE = dict.fromkeys(
    [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)]
)
_LOST = {**_INVISIBLE, 0x131: "i"}
"""With the i without a dot, which is an I in capitals."""
_MARKS = "[\u0300-\u036f]*"
"""A folded name is decomposed: one character that a person sees may be several."""


class Program(Protocol):
    """The part of a compiled RE2 expression that we use (the library has no types)."""

    @property
    def pattern(self) -> bytes:
        """The expression itself."""
        ...

    def fullmatch(self, text: bytes) -> object | None:
        """Return something when the whole text matches."""
        ...


def fold(text: str) -> str:
    """Return the form in which names that a file system may take for the same are the same."""
    if text.isascii():
        return text.lower()
    return normalize("NFD", normalize("NFD", text).casefold()).translate(_LOST)


class Name(NamedTuple):
    """A path, tool or destination, prepared once for many patterns."""

    exact: bytes
    folded: bytes

    @classmethod
    def of(cls, text: str) -> Name:
        """Prepare a name; any text will do, also one that is not valid Unicode."""
        if text.isascii():
            exact = text.encode()
            return cls(exact, exact.lower())
        return cls(text.encode(errors="replace"), fold(text).encode(errors="replace"))

    @classmethod
    def of_path(cls, path: str) -> Name:
        """Prepare an absolute path; the root is the empty list of names."""
        return cls.of("" if path == "/" else path)


@dataclass(frozen=True, slots=True)
class Patterns:
    """Several patterns of which one must match; equal when their texts are."""

    texts: tuple[str, ...]
    """As written in the policy file."""
    exact: Program = field(compare=False, repr=False)
    folded: Program = field(compare=False, repr=False)

    def match(self, name: Name) -> bool:
        """Tell whether a pattern matches exactly: the question of whoever grants."""
        return self.exact.fullmatch(name.exact) is not None

    def resemble(self, name: Name) -> bool:
        """Tell whether one matches, case and normalisation aside: the question of a denial."""
        if self.folded.fullmatch(name.folded) is not None:
            return True
        # Only beyond ASCII can folding lose a match (one character may become several).
        return not name.exact.isascii() and self.match(name)


def paths(texts: Iterable[str], home: str) -> Patterns:
    """Compile path patterns.

    Args:
        texts: Globs that start with `~`, `/` or `**/`.
        home: The absolute path that `~` stands for.

    Raises:
        ValueError: When one is not a glob that says where it starts; the message says why.
    """
    texts = tuple(texts)
    exact = [_path(glob, home, any_mark="") for text in texts for glob in choices(text)]
    folded = [
        _path(fold(glob), fold(home), any_mark=_MARKS) for text in texts for glob in choices(text)
    ]
    return Patterns(texts, _compile(exact), _compile(folded))


def names(texts: Iterable[str]) -> Patterns:
    """Compile patterns of tools or destinations.

    Raises:
        ValueError: When one is not a glob; the message says why.
    """
    texts = tuple(texts)
    globs = [glob for text in texts for glob in choices(text)]
    return Patterns(
        texts,
        _compile([_segment(glob, "(?s:.)", "") for glob in globs]),
        _compile([_segment(fold(glob), "(?s:.)", _MARKS) for glob in globs]),
    )


def _compile(expressions: Iterable[str]) -> Program:
    options = re2.Options()
    options.log_errors = False
    options.never_capture = True
    options.max_mem = 2 << 20
    try:
        program: Program = re2.compile("|".join(expressions).encode(), options)
    except re2.error as error:
        msg = "too many or too long patterns in one place; split the rule"
        raise ValueError(msg) from error
    return program


def _path(glob: str, home: str, *, any_mark: str) -> str:
    """Translate one brace-free path glob."""
    if glob == "~" or glob.startswith("~/"):
        glob, rest = home.rstrip("/"), glob[1:]
        return _segment(glob, "", "", literal=True) + _folders(rest, any_mark)
    if glob.startswith("**/") or glob == "**":
        glob = "/" + glob
    if not glob.startswith("/"):
        msg = f'the path "{glob}" does not say where it starts; begin with ~/, / or **/'
        raise ValueError(msg)
    return _folders("" if glob == "/" else glob, any_mark)


def _folders(glob: str, any_mark: str) -> str:
    translated = []
    for segment in glob.split("/")[1:]:
        if segment in {"", ".", ".."}:
            msg = f'the path "{glob}" has an empty, "." or ".." part; for all inside write /**'
            raise ValueError(msg)
        if segment == "**":
            translated.append("(?:/[^/]+)*")
        elif "**" in segment:
            msg = f'"**" stands for whole folders; write "/**/" or "*" instead of "{segment}"'
            raise ValueError(msg)
        else:
            translated.append(
                "/" + ("[^/]+" if segment == "*" else _segment(segment, "[^/]", any_mark))
            )
    return "".join(translated)


def _segment(glob: str, any_one: str, any_mark: str, *, literal: bool = False) -> str:
    """Translate one name: `*`, `?` and plain characters."""
    out = []
    for character in glob:
        if character == "*" and not literal:
            out.append(any_one + "*")
        elif character == "?" and not literal:
            out.append(any_one + any_mark)
        else:
            plain = character.isalnum() or character in "/ _" or not character.isascii()
            out.append(character if plain else f"\\x{{{ord(character):x}}}")
    return "".join(out)


def choices(text: str) -> list[str]:
    """Return what the braces of a pattern stand for.

    Raises:
        ValueError: When the pattern is empty, too long, unbalanced or stands for too many.
    """
    if not text or len(text) > MAX_LENGTH:
        msg = f"a pattern has 1 to {MAX_LENGTH} characters"
        raise ValueError(msg)
    if "\\" in text or not text.isprintable():
        msg = 'a pattern has no backslash and no invisible character; folders are parted by "/"'
        raise ValueError(msg)
    _check_braces(text)
    found = [text]
    while "{" in found[0]:  # all have the same braces left
        found = [choice for each in found for choice in _open_innermost(each)]
        if len(found) > MAX_CHOICES:
            msg = f'the braces in "{text}" stand for more than {MAX_CHOICES} patterns'
            raise ValueError(msg)
    return found


def _check_braces(text: str) -> None:
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    if depth != 0:
        msg = f'a brace in "{text}" has no partner'
        raise ValueError(msg)


def _open_innermost(text: str) -> Iterator[str]:
    """Yield the pattern with its first innermost brace replaced by each of its choices."""
    head, _, rest = text.partition("}")
    before, _, inside = head.rpartition("{")
    for choice in inside.split(","):
        yield before + choice + rest

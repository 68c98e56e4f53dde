"""Shown: how a name that somebody else chose is written where the user decides by it. Pure.

It colours and lays out nothing. Every face uses it: what cannot be seen is written as its escape,
what could draw lines or turn text around is too, a long name is cut in its middle and says how long
it is, and a word of letters from several scripts says so.
"""

from __future__ import annotations

import unicodedata

LONGEST = 160
"""Characters of a name before it is cut."""
_MARKS = 2
"""Combining marks on one letter; more would draw over the lines around."""
_BLANK = frozenset(
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180e\u180f\u2800\u3164\uffa0"
    "\ufffc"
)
"""Printable to Python, and yet nothing can be seen of them."""
_LIKE_LATIN = (
    *("LATIN", "CYRILLIC", "GREEK", "COPTIC", "ARMENIAN", "CHEROKEE", "GEORGIAN", "LISU", "OSAGE"),
    *("FULLWIDTH", "MATHEMATICAL"),
)
"""Scripts with letters that can be taken for each other's."""


def visible(text: str, *, lines: bool = False) -> str:
    """Return text in which everything can be seen, and nothing moves what stands around it.

    Args:
        text: Any text, also with lone surrogates (file names need not be Unicode).
        lines: Keep line ends; a name must not draw lines of its own.
    """
    made: list[str] = []
    marks = _MARKS  # a mark at the beginning would sit on what stands before
    for letter in text:
        mark = unicodedata.category(letter).startswith("M")
        marks = marks + 1 if mark else 0
        plain = letter.isprintable() and letter not in _BLANK and not _selects(letter)
        if (lines and letter == "\n") or (plain and marks <= _MARKS):
            made.append(letter)
        else:
            made.append(_escape(letter))
            marks = _MARKS
    return "".join(made)


def _selects(letter: str) -> bool:
    """Tell whether it is a variation selector or a tag: it changes or hides, and is not seen."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0000" <= letter <= "\U000e0fff"


def _escape(letter: str) -> str:
    if "\ud800" <= letter <= "\udfff":
        return f"\\u{ord(letter):04x}"
    return letter.encode("unicode_escape").decode("ascii")


def shown(name: str, *, most: int = LONGEST) -> str:
    """Return a name as it stands on a card: visible, one line, of bounded length, unambiguous.

    Args:
        name: A file name, an address, a title: whatever somebody else chose.
        most: Characters of the name before it is cut in its middle.
    """
    seen = visible(name.replace("\\", "\\\\"))
    if len(seen) > most:
        half = max((most - 1) // 2, 1)
        seen = f"{seen[:half]}…{visible(seen[-half:])} [{len(name)} characters]"
    scripts = mixed(name)
    return f"{seen} [{' and '.join(scripts)} letters in one word]" if scripts else seen


def mixed(name: str) -> tuple[str, ...]:
    """Return the scripts of the first word that mixes letters which look alike; else nothing."""
    word: dict[str, None] = {}
    for letter in [*name[:4000], " "]:
        if letter.isalpha():
            script = script_of(letter)
            if script in _LIKE_LATIN:
                word[script.capitalize()] = None
        else:
            if len(word) > 1:
                return tuple(sorted(word))
            word = {}
    return ()


def script_of(letter: str) -> str:
    """Return the script of a letter, in capitals; empty when it has no name."""
    return unicodedata.name(letter, "").partition(" ")[0]

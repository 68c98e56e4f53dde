"""Full-text ranking of a few thousand documents, in memory, with the best passage of each.

It reads no file and keeps nothing: an `Index` lives for one search. Blocking (SQLite):
`files.search` calls it in a thread, one call at a time.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass

import re2

MAX_PASSAGE = 200
_MAX_INDEXED = 500_000
"""Characters of one document that are searched."""
_OPEN, _CLOSE = "\x02", "\x03"
_SMALL_WORDS = (
    "a about all an and any are as at by can do document documents file files find for from give"
    " has have i in is it me my of on or please search show that the their them these this to was"
    " were what where which who with you your"
)
"""Words that say how one asks, not what for."""
_SMALL = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True)
class Match:
    """One document that fits."""

    path: str
    score: float
    """Higher is better; only comparable within one search."""
    passage: str
    """At most 200 characters, verbatim from its text."""


class Index:
    """A full-text index of one search."""

    def __init__(self) -> None:
        self._base = sqlite3.connect(":memory:", check_same_thread=False)
        self._base.execute(
            "CREATE VIRTUAL TABLE page USING fts5"
            '(path, title, text, tokenize = "porter unicode61 remove_diacritics 2")'
        )

    def close(self) -> None:
        """Free it."""
        self._base.close()

    def add(self, path: str, title: str, text: str) -> None:
        """Index one document.

        Args:
            path: Relative path: its words count most.
            title: Its title.
            text: Its whole text.
        """
        row = (path, title, text[:_MAX_INDEXED])
        self._base.execute("INSERT INTO page VALUES (?, ?, ?)", row)

    def find(self, about: str, limit: int) -> tuple[list[Match], bool]:
        """Return the best matches, and whether they have all words; else with words that begin so.

        Args:
            about: What to look for, in the user's words.
            limit: The most matches; 0 for all.
        """
        plain = re.sub(r"['’]s\b", "", about.lower()).replace("_", " ")
        words = re.findall(r"\w+", plain)
        words = [word for word in words if word not in _SMALL] or words
        if not words:
            return [], False
        every = " AND ".join(f'"{word}"' for word in words)
        some = " OR ".join(f'"{word}"*' if len(word) > 2 else f'"{word}"' for word in words)
        whole = self._matches(every, limit)
        return (whole, True) if whole else (self._matches(some, limit), False)

    def naming(self, pattern: str) -> list[Match]:
        """Return the documents in which an expression of ours occurs as a word, by path.

        Args:
            pattern: RE2 syntax: linear in the text, whatever the text is.
        """
        wanted = re2.compile(rf"(?i)\b(?:{pattern})\b")
        rows = self._base.execute("SELECT path, title, text FROM page ORDER BY path")
        found = []
        for path, title, text in rows:
            hit = wanted.search(text)
            if hit or wanted.search(f"{path} {title}"):
                found.append(Match(path, 0.0, _cut(text, _begin(text, hit.start() if hit else 0))))
        return found

    def _matches(self, query: str, limit: int) -> list[Match]:
        rows = self._base.execute(
            "SELECT path, bm25(page, 8.0, 4.0, 1.0) AS rank, highlight(page, 2, ?, ?) FROM page"
            " WHERE page MATCH ? ORDER BY rank, path LIMIT ?",
            (_OPEN, _CLOSE, query, limit or -1),
        )
        return [Match(path, round(-score, 6), passage(marked)) for path, score, marked in rows]


def passage(marked: str) -> str:
    """Return the piece of text with most different hits; its beginning when there is none.

    Args:
        marked: The text, each hit between control characters 2 and 3.
    """
    text, hits = _unmark(marked)
    if not hits:
        return _cut(text, len(text) - len(text.lstrip()))
    best, most = hits[0][0], 0
    for index, (start, _) in enumerate(hits):
        inside: set[str] = set()
        for at, word in hits[index : index + 50]:
            if at + len(word) > start + MAX_PASSAGE - 40:
                break
            inside.add(word)
        if len(inside) > most:
            best, most = start, len(inside)
    return _cut(text, _begin(text, best))


def _unmark(marked: str) -> tuple[str, list[tuple[int, str]]]:
    """Split into the plain text and the hits: where each starts, and its word."""
    pieces = marked.split(_OPEN)
    plain, hits, at = [pieces[0]], [], len(pieces[0])
    for piece in pieces[1:]:
        word, _, rest = piece.partition(_CLOSE)
        hits.append((at, word.lower()))
        plain += [word, rest]
        at += len(word) + len(rest)
    return "".join(plain), hits


def _begin(text: str, hit: int) -> int:
    """Return where a passage around this hit begins: its sentence or line, if that is near."""
    window = text[max(0, hit - 80) : hit]
    ends = [found.end() for found in re.finditer(r"[.!?]\s+|[\n\f]\s*", window)]
    if ends:
        return hit - len(window) + ends[-1]
    near = text[max(0, hit - 30) : hit]
    return hit - len(near) + (near.find(" ") + 1 if len(near) == 30 else 0)


def _cut(text: str, start: int) -> str:
    piece = text[start : start + MAX_PASSAGE].partition("\f")[0]
    if start + len(piece) < len(text) and len(piece) == MAX_PASSAGE:
        last = max(piece.rfind(" "), piece.rfind("\n"))
        piece = piece[:last] if last > MAX_PASSAGE // 2 else piece
    return piece.strip()

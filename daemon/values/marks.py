"""Marks: the labels of files that Doorward wrote, kept with the file and by its content.

A file keeps its label as an extended attribute (a rename takes it along) and in a table by keyed
hashes of its content (a copy is found) and of its chunks (an edit is found). Marks only ever add to
the label of a place; a forged attribute does not open under the device's key and adds nothing.
Names, tags and texts are sealed or hashed: the table tells a thief nothing. The door writes marks
when a step stages content and reads them whenever a file is read.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from heapq import nsmallest
from typing import Protocol

from doorward.daemon.errors import Tampered
from doorward.daemon.objectives.codec import label_from, label_to
from doorward.daemon.values.vault import Seal, derive
from doorward.policies.chunks import chunks, derived
from doorward.policies.labels import NEUTRAL, Label, join_all
from doorward.policies.vocabulary import Trust

ATTRIBUTE = "user.doorward.label"
"""On Linux; on macOS it is `com.doorward.label`."""
MAX_CHUNKS = 1024
"""Chunks that are kept of one file: those with the smallest hashes, so that copies agree."""
MAX_TEXT = 5_000_000
"""Bytes above which a file is known by its whole content alone."""
_MAX_ATTRIBUTE = 2000
"""Bytes: some file systems keep all attributes of a file in one block."""
_MORE = "mark:more"
"""Stands for sources that did not fit: it is no path, so no rule for paths is met by it."""
_BATCH = 500
_NAME = "mark"


@dataclass(frozen=True, slots=True)
class Print:
    """A content, as hashes under the device's key."""

    whole: bytes
    parts: frozenset[bytes]


class Printer:
    """Takes the prints of contents."""

    def __init__(self, key: bytes) -> None:
        """Use a 32-byte key."""
        self._key = key

    def of(self, content: bytes, text: str | None = None) -> Print:
        """Return the print of a content.

        Args:
            content: The bytes.
            text: What they say, if known; else the bytes are read as UTF-8 where they are that.
        """
        if text is None:
            text = _text(content)
        found = (self._hash(chunk.encode("utf-8", "surrogatepass"), 8) for chunk in chunks(text))
        return Print(self._hash(content, 32), frozenset(nsmallest(MAX_CHUNKS, found)))

    def _hash(self, data: bytes, size: int) -> bytes:
        return blake2b(data, digest_size=size, key=self._key).digest()


class Shelf(Protocol):
    """Where marks are kept: labels by the hash of a content, and which chunks it has."""

    def put(self, found: Print, label: Label) -> None:
        """Keep a label; one that is there already is joined."""
        ...

    def get(self, whole: bytes) -> Label | None:
        """Return the label of exactly this content."""
        ...

    def sharing(self, parts: Iterable[bytes]) -> Mapping[bytes, int]:
        """Return how many of these chunks kept contents have, by their hash."""
        ...

    def empty(self) -> bool:
        """Tell whether nothing was ever marked: then no file needs to be looked at."""
        ...


class Attributes(Protocol):
    """Extended attributes of open files."""

    def set(self, file: int, value: bytes) -> None:
        """Write ours.

        Raises:
            OSError: The file system has none, or it is not permitted.
        """
        ...

    def get(self, file: int) -> bytes:
        """Read ours.

        Raises:
            OSError: There is none.
        """
        ...


class LinuxAttributes:
    """Extended attributes as Linux has them."""

    def set(self, file: int, value: bytes) -> None:
        """Write ours."""
        os.setxattr(file, ATTRIBUTE, value)

    def get(self, file: int) -> bytes:
        """Read ours."""
        return os.getxattr(file, ATTRIBUTE)


class NoAttributes:
    """A system on which this build cannot write attributes: content alone tells."""

    def set(self, file: int, value: bytes) -> None:
        """Refuse."""
        raise OSError("extended attributes are not available here")

    def get(self, file: int) -> bytes:
        """Refuse."""
        raise OSError("extended attributes are not available here")


def attributes() -> Attributes:
    """Return what this system has."""
    return LinuxAttributes() if hasattr(os, "setxattr") else NoAttributes()


@dataclass(frozen=True, slots=True)
class Marks:
    """Keeps and finds the labels of written files."""

    printer: Printer
    shelf: Shelf
    seal: Seal
    attributes: Attributes

    def keep(self, content: bytes, label: Label) -> None:
        """Remember what a content was made from; what is trusted and untagged needs no mark."""
        if label.tags or label.trust is not Trust.TRUSTED:
            self.shelf.put(self.printer.of(content), label)

    def of_content(self, content: bytes, text: str | None = None) -> Label:
        """Return the label of every marked content that this one equals or is made from."""
        if self.shelf.empty():
            return NEUTRAL
        found = self.printer.of(content, text)
        exact = self.shelf.get(found.whole)
        near = [
            self.shelf.get(whole)
            for whole, shared in self.shelf.sharing(found.parts).items()
            if derived(shared, len(found.parts))
        ]
        return join_all(label for label in (exact, *near) if label is not None)

    def keep_name(self, name: str, label: Label) -> None:
        """Keep the label of a file's name, whatever the file comes to hold."""
        self.shelf.put(self._name(name), label)

    def of_name(self, name: str) -> Label:
        """Return the label of a name, if it was kept."""
        return self.shelf.get(self._name(name).whole) or NEUTRAL

    def _name(self, name: str) -> Print:
        whole = self.printer.of(b"name\0" + name.encode("utf-8", "surrogatepass"), "").whole
        return Print(whole, frozenset())

    def of_text(self, text: str) -> Label:
        """Return the label of every marked content that a text is made from."""
        return self.of_content(b"", text) if text else NEUTRAL

    def stamp(self, file: int, label: Label) -> None:
        """Write a label on an open file; a file system without attributes is fine."""
        with suppress(OSError):
            self.attributes.set(file, self._sealed(label))

    def stamped(self, file: int) -> Label:
        """Return the label on an open file; what we did not write adds nothing."""
        try:
            sealed = self.attributes.get(file)
            held = json.loads(self.seal.open(sealed, _NAME))
        except (OSError, Tampered):
            return NEUTRAL
        return label_from(held)

    def _sealed(self, label: Label) -> bytes:
        some = sorted(label.sources)
        plain = _json(replace(label, sources=frozenset(some)))
        while len(plain) > _MAX_ATTRIBUTE and some:
            some = some[: len(some) // 2]
            plain = _json(replace(label, sources=frozenset({*some, _MORE})))
        return self.seal.close(plain, _NAME)


@dataclass(slots=True)
class MemoryShelf:
    """A shelf in memory: the twin of the stored one."""

    labels: dict[bytes, Label] = field(default_factory=dict)
    chunks: dict[bytes, set[bytes]] = field(default_factory=dict)

    def put(self, found: Print, label: Label) -> None:
        """Keep a label; one that is there already is joined."""
        self.labels[found.whole] = self.labels.get(found.whole, NEUTRAL).join(label)
        for part in found.parts:
            self.chunks.setdefault(part, set()).add(found.whole)

    def get(self, whole: bytes) -> Label | None:
        """Return the label of exactly this content."""
        return self.labels.get(whole)

    def sharing(self, parts: Iterable[bytes]) -> Mapping[bytes, int]:
        """Return how many of these chunks each kept content has."""
        return Counter(whole for part in set(parts) for whole in self.chunks.get(part, ()))

    def empty(self) -> bool:
        """Tell whether nothing was ever marked."""
        return not self.labels


class StoredShelf:
    """Marks in the daemon's database; labels are sealed."""

    def __init__(self, connection: sqlite3.Connection, seal: Seal) -> None:
        """Keep them in the tables `mark` and `mark_chunk` of `connection`."""
        self._connection = connection
        self._seal = seal
        connection.execute(
            "CREATE TABLE IF NOT EXISTS mark (whole BLOB PRIMARY KEY, sealed BLOB NOT NULL) STRICT"
        )
        connection.execute(
            "CREATE TABLE IF NOT EXISTS mark_chunk (part BLOB NOT NULL, whole BLOB NOT NULL,"
            " PRIMARY KEY (part, whole)) STRICT, WITHOUT ROWID"
        )

    def put(self, found: Print, label: Label) -> None:
        """Keep a label; one that is there already is joined."""
        joined = (self.get(found.whole) or NEUTRAL).join(label)
        sealed = self._seal.close(_json(joined), _row(found.whole))
        # The label first: chunks without a label would find nothing after a crash.
        self._connection.execute("INSERT OR REPLACE INTO mark VALUES (?, ?)", (found.whole, sealed))
        self._connection.executemany(
            "INSERT OR IGNORE INTO mark_chunk VALUES (?, ?)",
            [(part, found.whole) for part in found.parts],
        )

    def get(self, whole: bytes) -> Label | None:
        """Return the label of exactly this content.

        Raises:
            Tampered: The stored label was altered.
        """
        row = self._connection.execute(
            "SELECT sealed FROM mark WHERE whole = ?", (whole,)
        ).fetchone()
        return None if row is None else label_from(json.loads(self._seal.open(row[0], _row(whole))))

    def sharing(self, parts: Iterable[bytes]) -> Mapping[bytes, int]:
        """Return how many of these chunks each kept content has."""
        wanted = list(set(parts))
        found: Counter[bytes] = Counter()
        for start in range(0, len(wanted), _BATCH):
            some = wanted[start : start + _BATCH]
            marks = ", ".join("?" * len(some))
            query = f"SELECT whole, count(*) FROM mark_chunk WHERE part IN ({marks}) GROUP BY whole"  # noqa: S608  # question marks alone
            found.update(dict(self._connection.execute(query, some).fetchall()))
        return found

    def empty(self) -> bool:
        """Tell whether nothing was ever marked."""
        return self._connection.execute("SELECT 1 FROM mark LIMIT 1").fetchone() is None


def stored_marks(connection: sqlite3.Connection, master: bytes) -> Marks:
    """Return the marks of a device, in its database and under keys of its own."""
    seal = Seal(derive(master, "marks"))
    printer = Printer(derive(master, "mark-prints"))
    return Marks(printer, StoredShelf(connection, seal), seal, attributes())


def _row(whole: bytes) -> str:
    return f"mark/{whole.hex()}"


def _text(content: bytes) -> str:
    if len(content) > MAX_TEXT or b"\0" in content:
        return ""
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return ""


def _json(label: Label) -> bytes:
    return json.dumps(label_to(label)).encode("utf-8", "surrogatepass")

"""Lays a home whose folders have labels and whose every file holds canaries that nobody else holds.

Of each label: files with the plain names that objectives speak of, files whose names are canaries,
and a share of the sample home. It judges nothing. `rounds` calls it.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.canaries.searching import ALPHABET, SIZE
from tests.canaries.wording import LABELS, sentences, text
from tests.canaries.writing import write

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "cloud_bridge" / "orchestrator" / "planner" / "recipes"
FOLDERS = {
    "public": "Public",
    "work": "Work",
    "personal": "Personal",
    "secret": "Private",
    "local_only": "Device",
}
"""Where the files of each label lie. No folder has the name of another label: names may cross."""
_MADE = {"bills.csv", "contacts.csv", "digest.md", "garden.md", "invoices.csv", "policies.csv"}
_MADE |= {"reply.md", "summary.md"}
"""Files that objectives make."""
_KINDS = ("invoice", "lease", "letter", "minutes", "insurance", "notes")
_SPOKEN = (
    (r"lease|contract|agreement|gym", "lease"),
    (r"invoice|bill\.|offer|quote", "invoice"),
    (r"minutes|report|proposal", "minutes"),
    (r"polic|insurance", "insurance"),
    (r"letter|landlord|notice|complaint|invitation|tax", "letter"),
)
_PLACES = (
    *("Downloads", "Papers", "Scans", "Taxes", "Bills", "Projects/Alpha", "Projects/Beta"),
    *("Notes", "Meetings", "Contracts", "Inbox", "Letters", "Kitchen", "Garden", "Minutes"),
    *("Desktop", "Photos", "Mail", "Roof", "Scanner"),
)
_SUFFIXES = (
    *(".pdf", ".txt", ".docx", ".md", ".eml", ".html", ".xlsx", ".csv", ".json", ".py"),
    *(".pptx", ".zip", ".gz", ".jpg"),
)


@dataclass(frozen=True, slots=True)
class Canary:
    """One token that stands in exactly one place of one file."""

    token: str
    label: str
    path: str
    where: str
    """`name`, `metadata`, `content` or `entity` (a mail address in the content)."""


@dataclass(slots=True)
class Home:
    """The home as it was laid."""

    folder: Path
    canaries: dict[str, Canary] = field(default_factory=dict)
    files: int = 0
    texts: dict[str, list[str]] = field(default_factory=lambda: {label: [] for label in LABELS})
    """The label's own sentences that were written, without any canary."""


class Planter:
    """Draws canaries, the same ones for the same seed."""

    def __init__(self, folder: Path, seed: int = 20261124) -> None:
        """Plant below `folder`."""
        self._draw = random.Random(seed)  # noqa: S311  # canaries guard nothing
        self.home = Home(folder)

    def lay(self, count: int) -> Home:
        """Lay at least so many files, the sample home among them if it lies there."""
        samples = sorted(path for path in self.home.folder.rglob("*") if path.is_file())
        for number, path in enumerate(samples):
            self._adopt(path, LABELS[number % len(LABELS)])
        for path in sorted(self.home.folder.glob("*")):
            if path.is_dir() and path.name not in FOLDERS.values():
                _prune(path)
        each = -(-(count - len(samples)) // len(LABELS))
        for label in LABELS:
            names = [*spoken()]
            for number in range(each):
                named = number < min(len(names), each * 3 // 5)
                name = names[number] if named else self._unspoken(label, number)
                self._file(label, name, number, kind=kind_of(name) if named else "")
        return self.home

    def _token(self, label: str, path: str, where: str) -> str:
        token = "".join(self._draw.choices(ALPHABET, k=SIZE))
        self.home.canaries[token] = Canary(token, label, path, where)
        return token

    def _unspoken(self, label: str, number: int) -> str:
        place = _PLACES[number % len(_PLACES)]
        suffix = _SUFFIXES[number % len(_SUFFIXES)]
        token = self._token(label, f"{place}/{suffix}", "name")
        return f"{place}/{token}{suffix}"

    def _file(self, label: str, name: str, number: int, kind: str) -> None:
        path = self.home.folder / FOLDERS[label] / name
        told = path.relative_to(self.home.folder).as_posix()
        wheres = ("content", "content", "content", "entity")
        tokens = [self._token(label, told, where) for where in wheres]
        own = sentences(label, self._draw)
        self.home.texts[label] += own
        body = text(kind or _KINDS[number % len(_KINDS)], tokens, own, number)
        write(path, body, self._token(label, told, "metadata"))
        self.home.files += 1

    def _adopt(self, path: Path, label: str) -> None:
        """Give a file of the sample home a canary in its name and a place below the label."""
        token = self._token(label, path.name, "name")
        kept = path.stem.encode()[:180].decode(errors="ignore")
        inside = path.relative_to(self.home.folder).parent
        to = self.home.folder / FOLDERS[label] / inside / f"{kept} {token}{path.suffix}"
        to.parent.mkdir(parents=True, exist_ok=True)
        path.rename(to)
        self.home.files += 1


def spoken() -> Iterator[str]:
    """Yield the files that the recipes' examples speak of, in the order in which they do."""
    named = dict.fromkeys(name for told in examples() for name in _names(told))
    yield from (name for name in named if name not in _MADE)


def examples() -> list[str]:
    """Return the example sentences of every recipe, the first of each before the second of any."""
    held = [tomllib.loads(path.read_text("utf-8")) for path in sorted(RECIPES.glob("*.toml"))]
    lists = [list(map(str, recipe["examples"])) for recipe in held if "examples" in recipe]
    longest = max(map(len, lists))
    return [each[at] for at in range(longest) for each in lists if at < len(each)]


def kind_of(name: str) -> str:
    """Return what a file is, by its plain name."""
    return next((kind for pattern, kind in _SPOKEN if re.search(pattern, name.lower())), "notes")


def _names(said: str) -> list[str]:
    pattern = r'"([^"]+\.\w{2,4})"|([\w/-]+\.(?:pdf|docx|txt|md|eml|csv))\b'
    return [quoted or bare for quoted, bare in re.findall(pattern, said)]


def _prune(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir()
    folder.rmdir()

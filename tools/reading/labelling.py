"""Which tags a folder's documents call for: proposals for the policy file, for a person to judge.

Pure: it reads no file, asks no model and edits no policy; `files.suggest` gives it what was seen of
each document. Detectors count first. A head's word is a proposal and never the only guard: where
documents differ it says nothing, and nothing is called less private on its word alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

SURE: Final = 0.6
"""The chance from which on a document counts as being about something."""
MOST: Final = 0.7
"""The share of a folder's documents that must be about the same."""
NEARLY_ALL: Final = 0.9
"""The same for a tag that makes a place less private than what no rule describes."""
FEWEST: Final = 3
"""Documents below which a folder is too small to judge."""
NAMED: Final = 10
"""Single files with secrets that are proposed one by one."""

TAGS: Final[Mapping[str, tuple[str, ...]]] = {
    "health": ("personal", "health"),
    "finance": ("personal", "finance"),
    "legal": ("personal", "legal"),
    "credentials": ("secret",),
    "personal": ("personal",),
    "work": ("work",),
}
"""What a label becomes; `none` becomes nothing: that a place is public, a person must say."""
LESS_PRIVATE: Final = frozenset({"work"})


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen of one document."""

    path: str
    """Absolute."""
    label: str
    chance: float
    secret: bool
    """A detector found a password, a key or the like."""
    private: bool
    """A detector found an address, an account, a number of a person."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """A place and its tags; no tags where nothing can be said."""

    path: str
    """Absolute: a folder, or a single file."""
    tags: tuple[str, ...]
    why: str
    sureness: float
    folder: bool = True

    def block(self) -> str:
        """Return it as a person pastes it into a policy file; as a remark where it has no tags."""
        why = "".join(letter if letter.isprintable() else " " for letter in self.why)
        if not self.tags:
            return f"# {_quoted(self.path)}: nothing to propose. {why}"
        if any(mark in "*?{}[]\\" or "\ud800" <= mark <= "\udfff" for mark in self.path):
            return f"# {_quoted(self.path)}: its name cannot be written as a path. {why}"
        path = f"{self.path}/**" if self.folder else self.path
        tags = ", ".join(map(_quoted, self.tags))
        return f"[[place]] # {why}\npath = {_quoted(path)}\ntags = [{tags}]"


def _quoted(text: str) -> str:
    """Return a TOML string on one line, in which nothing is unseen."""
    return '"' + "".join(map(_letter, text)) + '"'


def _letter(letter: str) -> str:
    if letter in '"\\':
        return f"\\{letter}"
    if letter.isprintable():
        return letter
    code = ord(letter)
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"


def propose(folders: Mapping[str, Sequence[Seen]]) -> list[Proposal]:
    """Propose tags for folders.

    Args:
        folders: By absolute path, what was seen of the documents in each.
    """
    made: list[Proposal] = []
    for folder, seen in sorted(folders.items()):
        one = _folder(folder, seen)
        made.append(one)
        if "secret" not in one.tags:
            found = [each for each in seen if each.secret][:NAMED]
            made += [
                Proposal(each.path, ("secret",), "a detector found a secret in it", 1.0, False)
                for each in found
            ]
    return made


def _folder(folder: str, seen: Sequence[Seen]) -> Proposal:
    count = len(seen)
    secrets = sum(each.secret for each in seen)
    if secrets >= max(2, count / 2):
        why = f"detectors found secrets in {secrets} of {_documents(count)}"
        return Proposal(folder, ("secret",), why, 1.0)
    counted = Counter(each.label for each in seen if each.chance >= SURE)
    unsure = count - counted.total()
    shares = [f"{n} {label}" for label, n in counted.most_common()]
    told = ", ".join(shares + ([f"{unsure} unsure"] if unsure else []))
    if count < FEWEST:
        return Proposal(folder, (), f"Only {_documents(count)} could be read.", 0.0)
    label, number = counted.most_common(1)[0] if counted else ("", 0)
    chances = [each.chance for each in seen if each.label == label and each.chance >= SURE]
    sureness = round(sum(chances) / count, 2)
    if number < MOST * count or label not in TAGS:
        return Proposal(
            folder, (), f"Its {_documents(count)} differ or say little: {told}.", sureness
        )
    if label in LESS_PRIVATE and (
        number < NEARLY_ALL * count or any(each.private or each.secret for each in seen)
    ):
        why = f"Not sure enough to call it less private: {told}."
        return Proposal(folder, (), why, sureness)
    return Proposal(folder, TAGS[label], f"of {_documents(count)}: {told}", sureness)


def _documents(count: int) -> str:
    return "1 document" if count == 1 else f"{count} documents"

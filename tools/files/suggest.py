"""The tool `labels.suggest`: reads a sample of a folder and proposes tags for the policy file.

It passes the door like every other: one read for each document of the sample. It changes no policy;
`reading.labelling` judges, the user pastes. `doorward policy suggest` calls it as the user's own
plan.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from doorward.policies.detect import scan
from doorward.policies.detect.findings import Finding, tags_of
from doorward.policies.labels import Label
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data, Effect
from doorward.tools.base import (
    Arguments,
    Context,
    NotFound,
    Result,
    Touch,
    Unavailable,
    Unreadable,
)
from doorward.tools.documents.client import DocumentReader
from doorward.tools.documents.formats import kind_of
from doorward.tools.named import named_folder
from doorward.tools.reading.labelling import Proposal, Seen, propose
from doorward.tools.reading.reader import Reader, ReaderError
from doorward.tools.reading.shipped import LABELS, examples

EACH = 8
"""Documents read of one folder."""
FOLDERS = 12
"""Folders looked into; those nearest to the one that was named."""
HEAD = 1500
"""Characters of a document that are looked at."""

Found = Callable[[str], Iterable[Finding]]


class LabelsSuggest:
    """Propose tags for a folder and the folders in it."""

    def __init__(
        self, documents: DocumentReader, reader: Reader, found: Found = scan.found
    ) -> None:
        """Read through these documents, judge with this reader and these detectors."""
        self._documents = documents
        self._reader = reader
        self._found = found

    @property
    def spec(self) -> ToolSpec:
        """The face that planners and plan checks see."""
        return ToolSpec(
            "labels.suggest",
            "propose privacy tags for a folder, for the user to put into the policy file",
            (Parameter("folder", Kind.PATH, "where to look, with the folders inside"),),
            frozenset({Effect.READ}),
            "text, items[] {path, tags[], why, sureness}, read",
        )

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Name every document of the sample."""
        return [Touch(Effect.READ, str(path)) for path in _sample(arguments, context)]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Read what the permits name, and propose."""
        texts: dict[Path, str] = {}
        unread: list[str] = []
        paths = [Path(permit.request.resource) for permit in permits]
        for done, path in enumerate(paths):
            await context.progress(done, len(paths), context.changeset.relative(path))
            try:
                extract = (await self._documents.read(path, context)).extract
            except (Unreadable, NotFound) as error:
                unread.append(str(error))
                continue
            if extract.text.strip():
                again = extract.text.startswith(extract.title)  # a table's title is its first row
                texts[path] = extract.text if again else f"{extract.title}\n{extract.text}"
        seen = await self._seen(texts)
        proposals = propose(seen)
        items: list[Data] = [_item(each) for each in proposals]
        sources = frozenset(f"file:{path}" for path in texts)
        data: Data = {"text": _text(proposals, len(texts)), "items": items, "read": len(texts)}
        return Result(data, Label(_found_in(seen), sources=sources), tuple(unread[:EACH]))

    async def _seen(self, texts: dict[Path, str]) -> dict[str, list[Seen]]:
        heads = [text[:HEAD] for text in texts.values()]
        try:
            choices = await self._reader.choose(heads, LABELS, examples()) if heads else []
        except ReaderError as error:
            refused = Unavailable(str(error))
            for note in getattr(error, "__notes__", ()):
                refused.add_note(note)
            raise refused from error
        seen: dict[str, list[Seen]] = {}
        for (path, text), choice in zip(texts.items(), choices, strict=True):
            tags = tags_of(self._found(text))
            one = Seen(
                str(path), choice.option, choice.confidence, "secret" in tags, "personal" in tags
            )
            seen.setdefault(str(path.parent), []).append(one)
        return seen


def _sample(arguments: Arguments, context: Context) -> list[Path]:
    """Return some documents of each folder, evenly over its names."""
    folder = named_folder(str(arguments["folder"]), context)
    by_folder: dict[Path, list[Path]] = {}
    for entry in context.changeset.entries(folder, recursive=True, skipped=[]):
        if not entry.is_folder and kind_of(entry.path.name):
            by_folder.setdefault(entry.path.parent, []).append(entry.path)
    near = sorted(by_folder, key=lambda path: (len(path.parts), str(path)))[:FOLDERS]
    chosen: list[Path] = []
    for each in near:
        names = sorted(by_folder[each])
        step = max(1, len(names) / EACH)
        chosen += [names[int(place * step)] for place in range(min(EACH, len(names)))]
    return chosen


def _found_in(seen: Mapping[str, Sequence[Seen]]) -> frozenset[str]:
    """Return the tags of what detectors found: where a secret lies is as private as the secret."""
    each = [one for some in seen.values() for one in some]
    secret = {"secret"} if any(one.secret for one in each) else set()
    return frozenset(secret | ({"personal"} if any(one.private for one in each) else set()))


def _item(proposal: Proposal) -> Data:
    return {
        "path": proposal.path,
        "tags": [*proposal.tags],
        "why": proposal.why,
        "sureness": proposal.sureness,
    }


def _text(proposals: Sequence[Proposal], read: int) -> str:
    if not proposals:
        return "There is no document here that can be read."
    blocks = "\n\n".join(proposal.block() for proposal in proposals)
    return (
        f"# Read: {read} documents. These are proposals: judge each, then paste what you want into"
        f" the file that `doorward policy path` prints.\n\n{blocks}"
    )

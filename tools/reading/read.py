"""The read tools: what the agent can learn from documents, without any of it leaving the device.

They open nothing: documents come as values, so no call touches anything and none needs a permit.
The rules live in `read_*`; the reader (a local model in its own process) arrives through the
constructor. `daemon.toolbox` lists what `read_tools` returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Parameter, ToolSpec
from doorward.policies.vocabulary import Data
from doorward.tools.base import Arguments, Context, Result, Tool, ToolError, Touch, Unavailable
from doorward.tools.reading import answer as read_answer
from doorward.tools.reading import draft as read_draft
from doorward.tools.reading import names as read_names
from doorward.tools.reading import promises as read_promises
from doorward.tools.reading import summarise as read_summarise
from doorward.tools.reading.classify import Taught, classify, nothing
from doorward.tools.reading.documents import Document, documents
from doorward.tools.reading.extract import extract
from doorward.tools.reading.reader import Reader, ReaderError
from doorward.tools.reading.select import select
from doorward.tools.reading.writing import LARGE, Claim, Told, write_summary
from doorward.tools.texts.lines import Piece

MAX_ASKED = 2000
"""Characters of a question: every word of it is held against every sentence."""


def read_tools(reader: Reader, taught: Taught = nothing) -> list[Tool]:
    """Return every read tool."""
    return [
        ReadSelect(),
        ReadExtract(reader),
        ReadClassify(reader, taught),
        ReadSummarise(reader),
        ReadAnswer(),
        ReadPromises(),
        ReadName(),
        ReadDraft(),
    ]


def _text(name: str, about: str, *, required: bool = True, many: bool = False) -> Parameter:
    return Parameter(name, Kind.TEXT, about, required=required, many=many)


def _day(name: str, about: str) -> Parameter:
    return Parameter(name, Kind.DATE, about, required=False)


_DOCUMENT = Parameter("document", Kind.RECORD, "one document, as documents.text returns it")
_DOCUMENTS = Parameter("documents", Kind.RECORD, "documents, as documents.text returns", many=True)


def _spec(name: str, about: str, returns: str, *parameters: Parameter) -> ToolSpec:
    return ToolSpec(name, about, parameters, frozenset(), returns)


def _given(arguments: Arguments, name: str) -> str:
    value = arguments.get(name)
    return value.strip() if isinstance(value, str) else ""


def _needed(arguments: Arguments, name: str) -> str:
    value = _given(arguments, name)
    if not value:
        msg = f"the argument {name} is empty"
        raise ToolError(msg)
    if len(value) > MAX_ASKED:
        msg = f"the argument {name} has more than {MAX_ASKED:,} characters"
        raise ToolError(msg)
    return value


def _many(arguments: Arguments, name: str) -> list[str]:
    value = arguments.get(name)
    wanted = [value] if isinstance(value, str) else value if isinstance(value, list) else []
    texts = [text.strip() for text in wanted if isinstance(text, str) and text.strip()]
    if not texts:
        msg = f"the argument {name} names nothing"
        raise ToolError(msg)
    return list(dict.fromkeys(texts))


def _cite(piece: Piece, path: str) -> dict[str, Data]:
    return {"text": piece.text, "path": path, "start": piece.start, "end": piece.end}


def _unavailable(error: ReaderError) -> Unavailable:
    refused = Unavailable(str(error))
    for note in getattr(error, "__notes__", ()):
        refused.add_note(note)
    return refused


class _Reading:
    """What all read tools share: values in, a value out, nothing touched."""

    def touches(self, arguments: Arguments, context: Context) -> Sequence[Touch]:
        """Touch nothing: documents are values already."""
        return ()


class ReadSelect(_Reading):
    """Keep the documents that are such a thing."""

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.select`."""
        return _spec(
            "read.select",
            "keep the documents that are such a thing (invoices, contracts, letters from ...)",
            "items[] (documents), left_out[] {path, why}, count",
            _DOCUMENTS,
            _text("about", "what they are: `unpaid invoices from Nordlicht`"),
            _day("since", "first day, by the document's own date"),
            _day("until", "last day, by the document's own date"),
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Choose by rules."""
        chosen = select(
            documents(arguments.get("documents")),
            _needed(arguments, "about"),
            _given(arguments, "since"),
            _given(arguments, "until"),
        )
        left_out: list[Data] = [{"path": d.path, "why": why} for d, why in chosen.left_out]
        items: list[Data] = [item.record for item in chosen.items]
        return Result({"items": items, "left_out": left_out, "count": len(items)}, NEUTRAL)


@dataclass(frozen=True, slots=True)
class ReadExtract(_Reading):
    """Find named fields in one document."""

    reader: Reader

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.extract`."""
        return _spec(
            "read.extract",
            "find fields in a document; every value is a piece of its text, or missing",
            "path, name, fields {field: text}, spans {field: {text, start, end}}, missing[]",
            _DOCUMENT,
            _text("fields", "what to find: `vendor`, `invoice date`, `total`", many=True),
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Apply the rules, and the reader where they are silent."""
        item = Document.read(arguments.get("document"))
        wanted = _many(arguments, "fields")
        try:
            values = await extract(item.text, item.kind, wanted, self.reader)
        except ReaderError as error:
            raise _unavailable(error) from error
        fields: dict[str, Data] = {}
        spans: dict[str, Data] = {}
        for name in wanted:
            value = values[name]
            fields[name] = value.shown if value else None
            if value is not None:
                piece = value.piece
                spans[name] = {"text": piece.text, "start": piece.start, "end": piece.end}
        missing: list[Data] = [name for name in wanted if fields[name] is None]
        data: Data = {
            "path": item.path,
            "name": item.name,
            "fields": fields,
            "spans": spans,
            "missing": missing,
        }
        return Result(data, NEUTRAL)


@dataclass(frozen=True, slots=True)
class ReadClassify(_Reading):
    """Put one document under one of several options."""

    reader: Reader
    taught: Taught = nothing
    """What the user said that documents really are."""

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.classify`."""
        return _spec(
            "read.classify",
            "say which of the options a document fits best; without an option it is undecided",
            "path, option, confidence, likeliest, by",
            _DOCUMENT,
            _text("options", "the options: `invoice`, `contract`, `other`", many=True),
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Apply the rules, and the reader where they are silent."""
        item = Document.read(arguments.get("document"))
        try:
            options = _many(arguments, "options")
            put = await classify(item, options, self.reader, self.taught(options))
        except ReaderError as error:
            raise _unavailable(error) from error
        data: Data = {
            "path": item.path,
            "option": put.option if put.decided else None,
            "confidence": round(put.confidence, 3),
            "likeliest": put.option,
            "by": put.by,
        }
        doubt = f"{item.path} is undecided: most like {put.option} ({put.confidence:.0%})"
        return Result(data, NEUTRAL, () if put.decided else (doubt,))


@dataclass(frozen=True, slots=True)
class ReadSummarise(_Reading):
    """Sum documents up: in their own sentences, or in supported ones of a larger model."""

    reader: Reader

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.summarise`."""
        return _spec(
            "read.summarise",
            "sum documents up in a few sentences, each with the passages that say so",
            "text, sentences[] {text, path, start, end, passages[]}, count, written",
            _DOCUMENTS,
            Parameter("sentences", Kind.NUMBER, "how many sentences; 5 by default", required=False),
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Have a larger model write and keep what holds; else choose the documents' sentences."""
        items = documents(arguments.get("documents"))
        wanted = arguments.get("sentences")
        count = int(wanted) if isinstance(wanted, int | float) and wanted >= 1 else 5
        told, notes = await self._written(items, min(count, 50))
        claims = told.claims if told else ()
        if not claims:
            found = read_summarise.summarise(items, min(count, 50))
            claims = tuple(
                Claim(" ".join(each.piece.text.split()), each.document, (each.piece,))
                for each in found
            )
        said: list[Data] = [
            _cite(claim.passages[0], items[claim.document].path)
            | {"passages": [_cite(each, items[claim.document].path) for each in claim.passages]}
            | ({"text": claim.text} if told else {})
            for claim in claims
        ]
        text = " ".join(claim.text for claim in claims)
        data: Data = {"text": text, "sentences": said, "count": len(said), "written": bool(told)}
        return Result(data, NEUTRAL, notes)

    async def _written(
        self, items: Sequence[Document], count: int
    ) -> tuple[Told | None, tuple[str, ...]]:
        """Return what a larger model wrote, if it is believed, and what to say of it."""
        if self.reader.size < LARGE:
            return None, ()
        try:
            told = await write_summary(items, count, self.reader)
        except ReaderError as error:
            return None, (f"the model wrote no summary ({error}): these are the texts' own words",)
        if not told.believed:
            return None, ("what the model wrote was not in the texts: these are their own words",)
        if told.dropped:
            one = "1 written sentence was" if told.dropped == 1 else f"{told.dropped} were"
            return told, (f"{one} left out: the passages it named do not say so",)
        return told, ()


class ReadAnswer(_Reading):
    """Answer a question with quotes."""

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.answer`."""
        return _spec(
            "read.answer",
            "answer a question from documents, in verbatim quotes, or say that they do not",
            "text, found, quotes[] {text, path, start, end}",
            _text("question", "the question"),
            _DOCUMENTS,
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Quote what answers best."""
        items = documents(arguments.get("documents"))
        said = read_answer.answer(_needed(arguments, "question"), items)
        quotes: list[Data] = [_cite(each.piece, items[each.document].path) for each in said.quotes]
        text = " … ".join(" ".join(each.piece.text.split()) for each in said.quotes)
        text = text if said.found else "The documents do not answer this."
        return Result({"text": text, "found": said.found, "quotes": quotes}, NEUTRAL)


class ReadPromises(_Reading):
    """List who committed to what."""

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.promises`."""
        return _spec(
            "read.promises",
            "list who promised what by when",
            "items[] {who, what, by, path, quote}, count",
            _DOCUMENTS,
            _day("since", "first day, by the document's own date"),
            _day("until", "last day, by the document's own date"),
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Find the commitments."""
        found = read_promises.promises(
            documents(arguments.get("documents")),
            _given(arguments, "since"),
            _given(arguments, "until"),
        )
        items: list[Data] = [
            {
                "who": each.who or None,
                "what": each.what,
                "by": each.by or None,
                "path": each.path,
                "quote": each.quote.text,
            }
            for each in found
        ]
        return Result({"items": items, "count": len(items)}, NEUTRAL)


class ReadName(_Reading):
    """Propose a file name from content."""

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.name`."""
        return _spec(
            "read.name",
            "propose a file name from what is in a document; pass it to files.move",
            "path, to, date, title",
            _DOCUMENT,
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Make the name."""
        item = Document.read(arguments.get("document"))
        name = read_names.name_for(item)
        data: Data = {
            "path": item.path,
            "to": name.to,
            "date": name.date or None,
            "title": name.title,
        }
        return Result(data, NEUTRAL)


class ReadDraft(_Reading):
    """Draft a reply or letter."""

    @property
    def spec(self) -> ToolSpec:
        """Describe `read.draft`."""
        return _spec(
            "read.draft",
            "draft a reply or letter about a document from fixed phrases and its facts",
            "text, to, subject",
            _DOCUMENT,
            _text("purpose", "what it is for: `remind`, `cancel`, `thank`, `ask for more time`"),
        )

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        """Fill the phrases."""
        item = Document.read(arguments.get("document"))
        made = read_draft.draft(item, _needed(arguments, "purpose"))
        return Result({"text": made.text, "to": made.to, "subject": made.subject}, NEUTRAL)

"""The read tools as the door calls them: records in, records out, nothing touched."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import pytest
from doorward.policies.vocabulary import Data
from doorward.tools.base import Context, Tool, ToolError, Unavailable
from doorward.tools.changes.changeset import Changeset
from doorward.tools.reading.read import read_tools
from doorward.tools.reading.reader import ScriptedReader

NO_CHANGES = cast("Changeset", None)  # read tools never use it
CONTEXT = Context(Path("/nowhere"), NO_CHANGES, "", "2026-11-20")

INVOICE = """Acme GmbH
Teststr. 3, 10115 Berlin
Rechnung Nr. A-17
Rechnungsdatum 03.10.2026
Gesamtbetrag 119,00 EUR
Zahlbar bis 17.10.2026
"""
LEASE = """Lease agreement
Hamburg, 15 March 2021
The rent is 1,180.00 EUR a month. The tenant may end the lease with a notice
period of three months. The landlord keeps the stairs clean and pays for the light in them.
"""
MAIL = """From: Tom Reed <tom@reed.example>
To: Anna <anna@berger.example>
Date: Wed, 18 Nov 2026 09:00:00 +0000
Subject: Proofs and the invoice

Hi Anna, thanks for your invoice. I will send you the proofs by Friday.
I'll call the printer tomorrow.
Will you be there? We will be on holiday in May.
Jonas promised to bring the projector by 30 November.

> I will never be quoted by 1 December.
"""


def record(path: str, text: str, modified: str = "2026-11-01") -> dict[str, Data]:
    name = path.rpartition("/")[2]
    return {
        "path": path, "name": name, "kind": name.rpartition(".")[2],
        "title": text.partition("\n")[0],
        "text": text, "chars": len(text), "pages": 1, "modified": modified,
    }  # fmt: skip


DOCUMENTS: list[Data] = [
    record("in/bill.pdf", INVOICE),
    record("in/lease.docx", LEASE),
    record("mail/proofs.eml", MAIL),
]


async def call(
    name: str, arguments: dict[str, Data], reader: ScriptedReader | None = None
) -> dict[str, Data]:
    tool = next(t for t in tools(reader) if t.spec.name == name)
    assert tool.touches(arguments, CONTEXT) == ()
    result = await tool.run(arguments, (), CONTEXT)
    assert isinstance(result.data, dict)
    return result.data


def tools(reader: ScriptedReader | None = None) -> list[Tool]:
    return read_tools(reader or ScriptedReader())


def texts(items: Data, key: str) -> list[Data]:
    assert isinstance(items, list)
    return [item[key] for item in items if isinstance(item, dict)]


def test_there_are_eight_tools_and_each_says_what_it_gives() -> None:
    names = [tool.spec.name for tool in tools()]
    assert names == [
        "read.select",
        "read.extract",
        "read.classify",
        "read.summarise",
        "read.answer",
        "read.promises",
        "read.name",
        "read.draft",
    ]
    assert all(tool.spec.about and tool.spec.returns and not tool.spec.effects for tool in tools())


async def test_select_keeps_what_is_such_a_thing_and_says_why_the_rest_is_not() -> None:
    data = await call("read.select", {"documents": DOCUMENTS, "about": "invoices"})
    assert texts(data["items"], "path") == ["in/bill.pdf"]
    assert data["items"] == [DOCUMENTS[0]]
    assert data["count"] == 1
    assert texts(data["left_out"], "path") == ["in/lease.docx", "mail/proofs.eml"]
    assert texts(data["left_out"], "why")[1] == "it mentions invoice but is none"


async def test_select_counts_a_copy_once_and_names_the_one_that_is_kept() -> None:
    copy = record("in/old/bill (copy).pdf", INVOICE.replace("\n", "\n\n"))
    data = await call("read.select", {"documents": [copy, *DOCUMENTS], "about": "invoices"})
    assert data["count"] == 1
    left_out = cast("list[Data]", data["left_out"])
    assert {"path": "in/old/bill (copy).pdf", "why": "it is a copy of in/bill.pdf"} in left_out


async def test_select_takes_no_table_of_invoices_for_an_invoice() -> None:
    table = record("invoices.csv", "vendor,invoice number,date,total\nAcme,A-17,2026-10-03,119")
    data = await call("read.select", {"documents": [table, *DOCUMENTS], "about": "invoices"})
    assert data["count"] == 1
    assert {"path": "invoices.csv", "why": "it is a table, no invoice"} in cast(
        "list[Data]", data["left_out"]
    )


@pytest.mark.parametrize(
    ("about", "since", "until", "paths"),
    [
        ("invoices", "2026-10-01", "2026-10-31", ["in/bill.pdf"]),
        ("invoices", "2026-11-01", "2026-11-30", []),
        ("unpaid invoices from Acme", "", "", ["in/bill.pdf"]),
        ("paid invoices", "", "", []),
        ("invoices from Globex", "", "", []),
        ("contracts", "", "", ["in/lease.docx"]),
        ("Rechnungen und Verträge", "", "", ["in/bill.pdf", "in/lease.docx"]),
        ("e-mails", "2026-11-18", "2026-11-18", ["mail/proofs.eml"]),
    ],
)
async def test_select_understands_state_sender_and_dates(
    about: str, since: str, until: str, paths: list[str]
) -> None:
    arguments: dict[str, Data] = {"documents": DOCUMENTS, "about": about}
    data = await call("read.select", arguments | {"since": since or None, "until": until or None})
    assert texts(data["items"], "path") == paths


async def test_extract_gives_fields_spans_and_what_is_missing() -> None:
    wanted: list[Data] = ["vendor", "invoice date", "total", "invoice number", "phone"]
    data = await call("read.extract", {"document": DOCUMENTS[0], "fields": wanted})
    assert data["fields"] == {
        "vendor": "Acme GmbH",
        "invoice date": "2026-10-03",
        "total": "119,00 EUR",
        "invoice number": "A-17",
        "phone": None,
    }
    assert data["missing"] == ["phone"]
    spans = data["spans"]
    assert isinstance(spans, dict)
    assert spans["invoice date"] == {"text": "03.10.2026", "start": 68, "end": 78}


async def test_classify_knows_kinds_and_asks_the_reader_for_the_rest() -> None:
    data = await call(
        "read.classify", {"document": DOCUMENTS[0], "options": ["contract", "invoice"]}
    )
    assert data["option"] == "invoice"
    data = await call("read.classify", {"document": DOCUMENTS[1], "options": ["invoice", "other"]})
    assert data["option"] == "other"
    broken = ScriptedReader(broken=1)
    with pytest.raises(Unavailable):
        await call("read.classify", {"document": DOCUMENTS[1], "options": ["sport", "art"]}, broken)


async def test_summaries_quote_and_cite() -> None:
    data = await call("read.summarise", {"documents": [DOCUMENTS[1]], "sentences": 2})
    sentences = data["sentences"]
    assert isinstance(sentences, list)
    assert data["count"] == len(sentences) == 2
    for cited in sentences:
        assert isinstance(cited, dict)
        start, end = cast("int", cited["start"]), cast("int", cited["end"])
        assert LEASE[start:end] == cited["text"]
    assert "1,180.00 EUR" in str(data["text"])


async def test_an_answer_quotes_or_says_that_there_is_none() -> None:
    question = "How long is the notice period of the lease?"
    data = await call("read.answer", {"question": question, "documents": DOCUMENTS})
    assert data["found"] is True
    quotes = data["quotes"]
    assert isinstance(quotes, list)
    assert "three months" in str(texts(quotes, "text")[0])
    data = await call(
        "read.answer", {"question": "Which dog food did the vet recommend?", "documents": DOCUMENTS}
    )
    assert data == {"text": "The documents do not answer this.", "found": False, "quotes": []}


async def test_promises_name_who_what_and_by_when() -> None:
    data = await call("read.promises", {"documents": DOCUMENTS})
    items = data["items"]
    assert isinstance(items, list)
    found = [(item["who"], item["by"]) for item in items if isinstance(item, dict)]
    assert found == [
        ("Tom Reed", "2026-11-20"),
        ("Tom Reed", "2026-11-19"),
        ("Jonas", "2026-11-30"),
    ]
    assert all(str(quote) in MAIL for quote in texts(items, "quote"))
    data = await call("read.promises", {"documents": DOCUMENTS, "since": "2026-12-01"})
    assert data["count"] == 0


async def test_a_name_is_made_from_content_and_stays_in_its_folder() -> None:
    data = await call("read.name", {"document": DOCUMENTS[0]})
    assert data["to"] == "in/2026-10-03 Acme GmbH Invoice A-17.pdf"
    evil = record("in/x.pdf", "../../etc: <evil>?\nInvoice ../17\nTotal 5.00 EUR\n")
    data = await call("read.name", {"document": evil})
    folder, _, name = str(data["to"]).rpartition("/")
    assert folder == "in"
    assert not name.startswith(".")
    assert not set(name) & set('\\:*?"<>|')


async def test_a_draft_holds_only_phrases_and_facts_of_the_document() -> None:
    data = await call("read.draft", {"document": DOCUMENTS[0], "purpose": "ask for more time"})
    assert "A-17" in str(data["text"])
    assert "17.10.2026" in str(data["text"])
    data = await call("read.draft", {"document": DOCUMENTS[2], "purpose": "thank him"})
    assert data["to"] == "tom@reed.example"
    assert data["subject"] == "Re: Proofs and the invoice"
    assert "Dear Tom Reed," in str(data["text"])


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("read.select", {"documents": ["text"], "about": "invoices"}),
        ("read.select", {"documents": DOCUMENTS, "about": " "}),
        ("read.extract", {"document": {"path": "a"}, "fields": ["total"]}),
        ("read.extract", {"document": DOCUMENTS[0], "fields": []}),
        ("read.answer", {"question": "", "documents": DOCUMENTS}),
        ("read.summarise", {"documents": None}),
    ],
)
async def test_what_is_no_document_or_no_wish_is_refused(
    name: str, arguments: dict[str, Data]
) -> None:
    with pytest.raises(ToolError):
        await call(name, arguments)

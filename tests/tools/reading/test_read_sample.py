"""The sample home against its answer key: what extraction and selection get right, held."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from pathlib import Path

from doorward.tools.documents.formats import FormatError, extract, kind_of
from doorward.tools.reading.documents import Document
from doorward.tools.reading.extract import by_rules
from doorward.tools.reading.promises import promises
from doorward.tools.reading.rules import Page
from doorward.tools.reading.select import select
from doorward.tools.texts.amounts import find_amounts

SAMPLES = Path(__file__).parents[3] / "samples"


@cache
def home() -> dict[str, Document]:
    found: dict[str, Document] = {}
    for path in sorted((SAMPLES / "home").rglob("*")):
        if not path.is_file() or not kind_of(path.name):
            continue
        try:
            read = extract(path.name, path.read_bytes())
        except FormatError:
            continue
        name = path.relative_to(SAMPLES / "home").as_posix()
        record = {"path": name, "kind": read.kind, "title": read.title, "text": read.text}
        found[name] = Document.read({**record})
    return found


@cache
def answers() -> dict[str, list[dict[str, str]]]:
    read: dict[str, list[dict[str, str]]] = json.loads(
        (SAMPLES / "answers.json").read_text(encoding="utf-8")
    )
    return read


def surest(document: Document, name: str) -> str:
    return by_rules(Page.of(document.text, document.kind), name)[0].value


def test_every_number_date_and_total_of_the_sample_invoices_is_right() -> None:
    for key in answers()["invoices"]:
        document = home()[key["path"]]
        assert surest(document, "invoice number") == key["number"]
        assert surest(document, "invoice date") == key["date"]
        [total] = find_amounts(surest(document, "total"))
        assert (total.value, total.currency) == (Decimal(key["total"]), key["currency"])


def test_every_vendor_of_the_sample_invoices_is_right() -> None:
    for key in answers()["invoices"]:
        found = surest(home()[key["path"]], "vendor").casefold()
        assert key["vendor"].casefold().startswith(found) or found.startswith(
            key["vendor"].casefold()
        )


def test_the_sample_invoices_and_only_they_are_selected() -> None:
    wanted = set(json.loads(json.dumps(answers()["select"]))["are"])
    chosen = select(list(home().values()), "invoices")
    copies = {item.path for item, why in chosen.left_out if why.startswith("it is a copy of ")}
    assert {item.path for item in chosen.items} | copies == wanted
    assert len(copies) == 1


def test_the_sample_promises_are_found_with_their_days() -> None:
    found = {(promise.path, promise.by) for promise in promises(list(home().values()))}
    wanted = {(key["path"], key["by"]) for key in answers()["promises"]}
    assert wanted <= found

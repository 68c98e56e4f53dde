"""No bytes make the document worker answer anything but text or a reason, or die."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from doorward.tools.documents.formats import KINDS, Extract, kind_of
from doorward.tools.documents.process import DocumentProcess, RefusalError
from hypothesis import given, settings
from hypothesis import strategies as some


async def read(worker: DocumentProcess, name: str, data: bytes) -> Extract:
    return await worker.read(name, BytesIO(data), len(data), 20)


@pytest.fixture(scope="module")
def apart() -> Iterator[tuple[asyncio.Runner, DocumentProcess]]:
    """A worker with an event loop of its own: hypothesis tests are not asynchronous."""
    with asyncio.Runner() as runner:
        worker = runner.run(DocumentProcess.start())
        yield runner, worker
        runner.run(worker.close())


@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "pptx"])
def test_a_whole_document_of_each_kind_is_read_behind_the_walls(
    apart: tuple[asyncio.Runner, DocumentProcess], kind: str
) -> None:
    runner, worker = apart
    found = runner.run(read(worker, f"x.{kind}", sample(kind)))
    assert found.kind == kind
    assert "hello" in found.text


def test_every_sample_is_read_or_refused_for_a_reason_of_its_own(
    apart: tuple[asyncio.Runner, DocumentProcess],
) -> None:
    runner, worker = apart
    files = [path for path in HOME.rglob("*") if path.is_file() and kind_of(path.name)]
    refused: dict[str, str] = {}
    for path in files:
        try:
            runner.run(read(worker, path.name, path.read_bytes()))
        except RefusalError as refusal:
            refused[path.name] = refusal.why
    assert len(refused) <= len(files) // 10
    assert all(why.startswith("is ") for why in refused.values()), refused


HOME = Path(__file__).parents[3] / "samples" / "home"
STARTS = [b"", b"%PDF-1.4\n", b"PK\x03\x04", b"From: a\nSubject: b\n", b"<html>", b"\xff\xfe"]


@settings(max_examples=250, deadline=None)
@given(
    suffix=some.sampled_from([*KINDS, ".xyz", ""]),
    start=some.sampled_from(STARTS),
    data=some.binary(max_size=400),
)
def test_any_bytes_give_text_or_a_reason_and_the_worker_lives(
    apart: tuple[asyncio.Runner, DocumentProcess], suffix: str, start: bytes, data: bytes
) -> None:
    runner, worker = apart
    try:
        found = runner.run(read(worker, f"x{suffix}", start + data))
    except RefusalError as refusal:
        assert refusal.why
    else:
        assert found.pages == found.text.count("\f") + 1
    assert worker.usable


@settings(max_examples=60, deadline=None)
@given(cut=some.integers(0, 10_000), flip=some.integers(0, 10_000), data=some.binary(max_size=8))
@pytest.mark.parametrize("kind", ["pdf", "docx", "xlsx", "pptx"])
def test_a_real_document_that_was_damaged_gives_text_or_a_reason(
    apart: tuple[asyncio.Runner, DocumentProcess], kind: str, cut: int, flip: int, data: bytes
) -> None:
    runner, worker = apart
    whole = sample(kind)
    at = flip % len(whole)
    damaged = whole[:at] + data + whole[at + len(data) :]
    damaged = damaged[: len(damaged) - cut % len(whole)] if cut % 3 == 0 else damaged
    try:
        runner.run(read(worker, f"x.{kind}", damaged))
    except RefusalError as refusal:
        assert refusal.why
    assert worker.usable


def _pdf() -> bytes:
    from fpdf import FPDF

    document = FPDF()
    document.set_creation_date(datetime(2026, 1, 1, tzinfo=UTC))
    document.add_page()
    document.set_font("Helvetica", size=12)
    document.cell(text="hello")
    return bytes(document.output())


def _docx() -> bytes:
    import docx

    document = docx.Document()
    document.add_paragraph("hello")
    sink = BytesIO()
    document.save(sink)
    return sink.getvalue()


def _xlsx() -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    book.worksheets[0].append(["hello"])
    sink = BytesIO()
    book.save(sink)
    return sink.getvalue()


def _pptx() -> bytes:
    import pptx

    show = pptx.Presentation()
    show.slides.add_slide(show.slide_layouts[1]).shapes.title.text = "hello"
    sink = BytesIO()
    show.save(sink)
    return sink.getvalue()


SAMPLES = {"pdf": _pdf, "docx": _docx, "xlsx": _xlsx, "pptx": _pptx}


@cache
def sample(kind: str) -> bytes:
    return SAMPLES[kind]()

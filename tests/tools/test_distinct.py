"""Copies are told by what they say, one of each is kept, and nothing else is dropped."""

from __future__ import annotations

from doorward.tools.distinct import distinct
from doorward.tools.read_documents import Document
from hypothesis import given
from hypothesis import strategies as st


def document(path: str, text: str) -> Document:
    return Document.read({"path": path, "text": text, "modified": "2026-10-01"})


def test_of_two_files_that_say_the_same_the_shorter_path_is_kept() -> None:
    kept, copies = distinct(
        [document("Desktop/bill (copy).pdf", "Total  9 EUR\n"), document("bill.pdf", "Total 9 EUR")]
    )
    assert [item.path for item in kept] == ["bill.pdf"]
    assert copies == [("Desktop/bill (copy).pdf", "bill.pdf")]


def test_two_bills_that_differ_in_one_digit_are_no_copies() -> None:
    kept, copies = distinct([document("a.pdf", "KW-10, 44.90"), document("b.pdf", "KW-09, 44.90")])
    assert (len(kept), copies) == (2, [])


def test_documents_without_text_are_no_copies_of_each_other() -> None:
    kept, copies = distinct([document("a.pdf", " "), document("b.pdf", "")])
    assert (len(kept), copies) == (2, [])


@given(st.lists(st.sampled_from(["one", "two", "three", ""])))
def test_every_document_is_kept_or_named_as_the_copy_of_one_that_is(texts: list[str]) -> None:
    items = [document(f"{number}.txt", text) for number, text in enumerate(texts)]
    kept, copies = distinct(items)
    paths = {item.path for item in kept}
    assert len(kept) + len(copies) == len(items)
    assert paths | {path for path, _ in copies} == {item.path for item in items}
    assert all(same_as in paths for _, same_as in copies)
    assert len({item.text for item in kept if item.text}) == len({text for text in texts if text})

"""`named`: a bare name finds the one file or folder of that name, and says where when it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from doorward.tools.base import Context, NotFound, ToolError
from doorward.tools.named import named_file, named_folder

from tests.tools.calls import context_of, put


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    context = context_of(tmp_path)
    yield context
    context.changeset.close()


def test_a_bare_folder_name_finds_the_one_folder_of_that_name(context: Context) -> None:
    put(context.folder, "Documents/Scans/a.pdf")
    assert named_folder("scans", context) == context.folder / "Documents" / "Scans"
    assert named_folder(".", context) == context.folder


def test_a_folder_at_the_top_is_meant_before_any_deeper_one(context: Context) -> None:
    put(context.folder, "Old/Scans/a.pdf")
    put(context.folder, "Scans/b.pdf")
    assert named_folder("Scans", context) == context.folder / "Scans"


def test_a_bare_file_name_finds_the_file_also_by_the_end_of_its_name(context: Context) -> None:
    there = put(context.folder, "Mail/Payment reminder RE-7.eml")
    assert named_file("re-7.EML", context) == there
    assert named_file("E-7.eml", context) == context.folder / "E-7.eml"


def test_a_name_that_several_have_is_refused_and_says_where_they_are(context: Context) -> None:
    for folder in ("a", "b", "c", "d"):
        put(context.folder, f"{folder}/lease.pdf")
    with pytest.raises(NotFound, match="4 files called") as refused:
        named_file("lease.pdf", context)
    assert refused.value.__notes__ == ["hint: say which: a/lease.pdf, b/lease.pdf, c/lease.pdf, …"]


def test_a_path_with_a_folder_in_it_is_taken_as_it_is(context: Context) -> None:
    put(context.folder, "x/y/lease.pdf")
    assert named_file("y/lease.pdf", context) == context.folder / "y" / "lease.pdf"
    with pytest.raises(ToolError):
        named_file("../lease.pdf", context)

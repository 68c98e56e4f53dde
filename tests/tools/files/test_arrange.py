"""`files.arrange`: which files would move, where to, and which stay."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from doorward.tools.base import Context, ToolError
from doorward.tools.changes.paths import check_new, hidden
from doorward.tools.files.arrange import FilesArrange, arrange, folder_name
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.calls import call, context_of, data


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    context = context_of(tmp_path)
    yield context
    context.changeset.close()


async def moves(context: Context, items: Any, by: str, **more: Any) -> dict[str, str]:
    found = data(await call(FilesArrange(), context, items=items, by=by, **more))
    assert found["count"] == len(found["items"])
    return {item["path"]: item["to"] for item in found["items"]}


async def test_files_go_into_a_folder_of_their_kind(context: Context) -> None:
    names = ["a.pdf", "b.XLSX", "c.heic", "d.eml", "e.md", "f.html", "g.zip", "h", "i.mp3", "j.mov"]
    found = await moves(context, [{"path": f"in/{name}"} for name in names], "kind", under="in")
    assert [to.removeprefix("in/").rpartition("/")[0] for to in found.values()] == [
        "Documents",
        "Spreadsheets",
        "Images",
        "Mail",
        "Notes",
        "Web pages",
        "Archives",
        "Other",
        "Music",
        "Videos",
    ]
    assert FilesArrange().touches({}, context) == ()


async def test_files_go_by_the_year_or_month_they_changed(context: Context) -> None:
    items = [{"path": "in/a.pdf", "modified": "2026-10-03"}]
    assert await moves(context, items, "year", under="Files") == {"in/a.pdf": "Files/2026/a.pdf"}
    assert await moves(context, items, "month", under=".") == {"in/a.pdf": "2026-10/a.pdf"}


async def test_a_document_goes_by_its_own_date_before_that_of_the_file(context: Context) -> None:
    text = "Invoice\nInvoice number: 7\nInvoice date: 2026-09-14\nTotal: 12.00 EUR\n"
    items = [
        {"path": "a.txt", "kind": "txt", "modified": "2026-11-02", "text": text},
        {"path": "b.txt", "kind": "txt", "modified": "2026-11-02", "text": "no day in here"},
    ]
    assert await moves(context, items, "month") == {
        "a.txt": "2026-09/a.txt",
        "b.txt": "2026-11/b.txt",
    }


async def test_files_go_into_a_folder_named_like_the_option_they_were_given(
    context: Context,
) -> None:
    items = [{"path": "in/a.pdf", "option": "tax & HR", "confidence": 0.9}]
    assert await moves(context, items, "option") == {"in/a.pdf": "in/Tax & HR/a.pdf"}


async def test_without_a_base_the_folders_are_made_in_the_top_folder_of_each_file(
    context: Context,
) -> None:
    items = [{"path": "a.pdf"}, {"path": "Downloads/x/b.pdf"}]
    assert await moves(context, items, "kind") == {
        "a.pdf": "Documents/a.pdf",
        "Downloads/x/b.pdf": "Downloads/Documents/b.pdf",
    }


async def test_a_file_that_is_already_beneath_its_folder_stays(context: Context) -> None:
    items = [{"path": "Documents/a.pdf"}, {"path": "Documents/Lease/b.pdf"}]
    assert await moves(context, items, "kind", under=".") == {}


async def test_two_files_of_one_name_get_two_places_also_where_case_does_not_count(
    context: Context,
) -> None:
    items = [{"path": path} for path in ("x/a.pdf", "y/A.pdf", "Documents/a.pdf")]
    assert await moves(context, items, "kind", under=".") == {
        "x/a.pdf": "Documents/a (2).pdf",
        "y/A.pdf": "Documents/A (3).pdf",
    }


async def test_a_bare_folder_name_means_the_folder_that_holds_all_the_files(
    context: Context,
) -> None:
    items = [{"path": "Documents/Scans/a.pdf"}, {"path": "Documents/Scans/old/b.pdf"}]
    assert await moves(context, items, "kind", under="scans") == {
        "Documents/Scans/a.pdf": "Documents/Scans/Documents/a.pdf",
        "Documents/Scans/old/b.pdf": "Documents/Scans/Documents/b.pdf",
    }
    assert await moves(context, [{"path": "a.pdf"}], "kind", under="Scans") == {
        "a.pdf": "Scans/Documents/a.pdf"
    }


async def test_a_file_without_a_date_or_option_stays_and_is_named(context: Context) -> None:
    for by, what in (("year", "date"), ("option", "option")):
        result = await call(FilesArrange(), context, items=[{"path": "a.pdf"}], by=by)
        assert data(result) == {"items": [], "count": 0}
        assert result.notes == (f"a.pdf stays: its {what} is not known",)


async def test_what_cannot_be_arranged_is_refused_with_a_way_on(context: Context) -> None:
    with pytest.raises(ToolError, match="by 'colour'") as refused:
        await moves(context, [], "colour")
    assert "month" in refused.value.__notes__[0]
    with pytest.raises(ToolError, match="no path"):
        await moves(context, [{"name": "a.pdf"}], "kind")
    with pytest.raises(ToolError, match="cannot use the path"):
        await moves(context, [{"path": "../a.pdf"}], "kind")


_NAMES = st.text("aAbé.", min_size=1, max_size=3).filter(lambda name: name not in {".", ".."})
_PATHS = st.lists(_NAMES, min_size=1, max_size=3).map("/".join)
_DAYS = st.dates().map(str)


@given(
    st.dictionaries(_PATHS, st.fixed_dictionaries({"modified": _DAYS, "option": st.text()})),
    st.sampled_from(["kind", "year", "month", "option"]),
    st.none() | st.sampled_from(["", "a"]),
)
def test_every_move_leads_elsewhere_no_two_meet_and_a_second_look_moves_nothing(
    records: dict[str, Any], by: str, under: str | None
) -> None:
    found, _ = arrange(records, by, under)
    folded = [to.casefold() for to in found.values()]
    assert len(folded) == len(set(folded))
    assert all(path != to for path, to in found.items())
    after = {found.get(path, path): record for path, record in records.items()}
    if under is not None and len(after) == len(records):
        assert arrange(after, by, under)[0] == {}


@pytest.mark.parametrize(
    ("option", "name"),
    [
        (" tax / HR ", "Tax HR"),
        (".. hidden ..", "Hidden"),
        ("~$x", "$x"),
        ("a\u202eb", "A B"),
        ("...", "Other"),
    ],
)
def test_an_option_becomes_a_plain_folder_name(option: str, name: str) -> None:
    assert folder_name(option) == name


@given(st.text())
def test_any_option_makes_a_name_that_a_folder_may_have(option: str) -> None:
    name = folder_name(option)
    check_new(name)
    assert "/" not in name
    assert not hidden(name)

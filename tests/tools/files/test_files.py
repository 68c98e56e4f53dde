"""The file tools over a real folder: what they show, what they would touch, what they stage."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from doorward.policies.vocabulary import Effect, StepId
from doorward.tools.base import (
    Conflict,
    Context,
    NotFound,
    Tool,
    ToolError,
    Touch,
    Unreadable,
)
from doorward.tools.changes.changeset import ChangeKind, Changeset
from doorward.tools.files.change import FilesMove, FilesTrash, FilesWrite
from doorward.tools.files.duplicates import FilesDuplicates
from doorward.tools.files.kinds import asked_kinds, group_of, kind_of_file
from doorward.tools.files.look import MAX_TEXT, FilesFind, FilesList, FilesRead

from tests.tools.calls import OBJECTIVE, call, context_of, data, put
from tests.tools.changesets import commit_all


@pytest.fixture
def context(tmp_path: Path) -> Iterator[Context]:
    context = context_of(tmp_path)
    yield context
    context.changeset.close()


def aged(path: Path, year: int, month: int = 6, day: int = 15) -> Path:
    noon = datetime(year, month, day, 12).timestamp()
    os.utime(path, (noon, noon))
    return path


async def names(tool: Tool, context: Context, **arguments: Any) -> list[str]:
    return [item["path"] for item in data(await call(tool, context, **arguments))["items"]]


def staged(effect: Effect, context: Context, *paths: str) -> list[Touch]:
    return [Touch(effect, str(context.folder / path), staged=True) for path in paths]


# --- looking


async def test_a_listing_shows_the_files_of_a_folder_and_not_the_folders(context: Context) -> None:
    aged(put(context.folder, "Lease.PDF", "12345"), 2026, 5, 6)
    put(context.folder, "sub/inner.txt")
    put(context.folder, ".hidden")
    result = await call(FilesList(), context, folder=".")
    assert data(result) == {
        "items": [
            {
                "path": "Lease.PDF",
                "name": "Lease.PDF",
                "kind": "pdf",
                "size": 5,
                "modified": "2026-05-06",
            }
        ],
        "count": 1,
    }
    assert result.label.sources  # what is known of them is said by their places
    assert await names(FilesList(), context, folder=".", recursive=True) == [
        "Lease.PDF",
        "sub/inner.txt",
    ]


async def test_listing_and_finding_ask_for_each_folder_that_they_look_into(
    context: Context,
) -> None:
    put(context.folder, "sub/a.txt")
    put(context.folder, "sub/deep/b.txt")
    one = [Touch(Effect.READ, str(context.folder / "sub"))]
    both = [*one, Touch(Effect.READ, str(context.folder / "sub" / "deep"))]
    assert isinstance(FilesList(), Tool)
    assert list(FilesList().touches({"folder": "sub"}, context)) == one
    assert list(FilesList().touches({"folder": "sub", "recursive": True}, context)) == both
    assert list(FilesFind().touches({"folder": "sub"}, context)) == both


async def test_without_a_permit_nothing_is_listed_or_read(context: Context) -> None:
    put(context.folder, "a.txt")
    with pytest.raises(ToolError, match="a permit to read the folder"):
        await FilesList().run({"folder": "."}, [], context)
    with pytest.raises(ToolError, match="exactly one permit"):
        await FilesRead().run({"path": "a.txt"}, [], context)


async def test_a_folder_that_is_not_there_is_said_to_be_missing(context: Context) -> None:
    with pytest.raises(NotFound, match="no folder nowhere"):
        await call(FilesList(), context, folder="nowhere")
    with pytest.raises(ToolError, match=r"cannot use the path"):
        await call(FilesFind(), context, folder="../elsewhere")


async def test_a_staged_file_is_listed_and_a_moved_one_is_not(context: Context) -> None:
    put(context.folder, "old.txt")
    context.changeset.stage_move(context.folder / "old.txt", context.folder / "new/name.txt")
    assert await names(FilesFind(), context, folder=".") == ["new/name.txt"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("lease", ["Lease 2025.pdf", "docs/lease.pdf"]),
        ("2025 lease", ["Lease 2025.pdf"]),
        ("lease.pdf", ["docs/lease.pdf"]),
        ("docs/lease.pdf", ["docs/lease.pdf"]),
        ("*.TXT", ["[old] notes.txt"]),
        ("l?ase*", ["Lease 2025.pdf", "docs/lease.pdf"]),
        ("[old] notes.txt", ["[old] notes.txt"]),
        ("Cafe\u0301", ["Café.md"]),
        ("…", []),
        ("", ["Café.md", "Lease 2025.pdf", "[old] notes.txt", "docs/lease.pdf"]),
    ],
)
async def test_a_file_is_found_by_its_name_by_words_or_by_a_pattern(
    context: Context, asked: str, found: list[str]
) -> None:
    for name in ("Lease 2025.pdf", "docs/lease.pdf", "[old] notes.txt", "Café.md"):
        put(context.folder, name)
    assert sorted(await names(FilesFind(), context, folder=".", name=asked)) == sorted(found)


async def test_files_are_found_by_kind_and_by_the_days_they_changed(context: Context) -> None:
    aged(put(context.folder, "a.jpg"), 2026, 10, 1)
    aged(put(context.folder, "b.HEIC"), 2026, 10, 31)
    aged(put(context.folder, "c.pdf"), 2026, 10, 15)
    aged(put(context.folder, "d.png"), 2026, 11, 1)
    october = {"since": "2026-10-01", "until": "2026-10-31"}
    images = await names(FilesFind(), context, folder=".", kinds=["images"], **october)
    assert images == ["a.jpg", "b.HEIC"]
    assert await names(FilesFind(), context, folder=".", kinds="pdf") == ["c.pdf"]
    assert len(await names(FilesFind(), context, folder=".", **october)) == 3


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("pdf", "pdf"),
        (".PDF", "pdf"),
        ("PDFs", "pdf"),
        ("photos", "jpg"),
        ("spreadsheets", "xlsx"),
        ("documents", "docx"),
        ("mail", "eml"),
        ("emails", "eml"),
        ("notes", "md"),
        ("presentations", "pptx"),
        ("jpg", "jpeg"),
        ("xls", "xls"),
        ("sketch", "sketch"),
    ],
)
def test_a_kind_can_be_asked_for_by_extension_or_by_the_word_for_it(word: str, kind: str) -> None:
    assert kind in asked_kinds([word])


def test_a_kind_is_the_extension_and_belongs_to_one_group() -> None:
    assert kind_of_file("a/B.Tar.GZ") == "gz"
    assert kind_of_file("README") == ""
    assert [group_of(kind) for kind in ("docx", "heic", "", "xyz")] == [
        "Documents",
        "Images",
        "Other",
        "Other",
    ]


async def test_a_text_file_is_read_as_it_is(context: Context) -> None:
    put(context.folder, "a.txt", "\ufeffGrüße\r\n")
    result = await call(FilesRead(), context, path=str(context.folder / "a.txt"))
    assert data(result) == {"path": "a.txt", "text": "Grüße\r\n"}
    assert result.label.sources == {f"file:{context.folder / 'a.txt'}"}


@pytest.mark.parametrize("content", [b"\xff\xfe", b"PK\0\0", b"x" * (MAX_TEXT + 1)])
async def test_what_is_no_text_or_too_long_is_refused_with_a_way_on(
    context: Context, content: bytes
) -> None:
    put(context.folder, "a.bin", content)
    with pytest.raises(Unreadable, match=r"cannot read a\.bin as text") as refused:
        await call(FilesRead(), context, path="a.bin")
    assert "documents.text" in refused.value.__notes__[0]


# --- changing


async def test_a_written_file_is_staged_with_its_folders_and_reaches_the_disk_at_commit(
    context: Context,
) -> None:
    tool = FilesWrite()
    arguments = {"path": "new/deep/list.csv", "text": "Größe\r\n"}
    assert tool.touches(arguments, context) == staged(Effect.WRITE, context, "new/deep/list.csv")
    result = await call(tool, context, **arguments)
    assert data(result) == {"path": "new/deep/list.csv", "bytes": 9}
    assert list(context.folder.iterdir()) == []
    commit_all(context.changeset)
    assert (context.folder / "new/deep/list.csv").read_bytes() == "Größe\r\n".encode()


async def test_writing_over_a_file_of_the_users_is_declared_as_destruction(
    context: Context,
) -> None:
    put(context.folder, "a.txt", "theirs")
    arguments = {"path": "a.txt", "text": "ours"}
    assert FilesWrite().touches(arguments, context) == staged(Effect.DESTROY, context, "a.txt")
    await call(FilesWrite(), context, **arguments)
    assert FilesWrite().touches(arguments, context) == staged(Effect.DESTROY, context, "a.txt")


async def test_writing_a_file_that_is_only_staged_again_destroys_nothing(context: Context) -> None:
    arguments = {"path": "a.txt", "text": "ours"}
    await call(FilesWrite(), context, **arguments)
    assert FilesWrite().touches(arguments, context) == staged(Effect.WRITE, context, "a.txt")


async def test_text_goes_neither_over_a_folder_nor_outside_nor_half_encoded(
    context: Context,
) -> None:
    put(context.folder, "sub/a.txt")
    with pytest.raises(Conflict, match="sub is a folder"):
        await call(FilesWrite(), context, path="sub", text="x")
    with pytest.raises(ToolError, match="cannot use the path"):
        await call(FilesWrite(), context, path="../x", text="x")
    with pytest.raises(ToolError, match="half a character"):
        await call(FilesWrite(), context, path="b.txt", text="\ud800")
    assert context.changeset.changes() == ()


async def test_a_move_names_both_ends_and_returns_where_the_file_went(context: Context) -> None:
    put(context.folder, "a.pdf")
    arguments = {"path": "a.pdf", "to": "2026/b.pdf"}
    touches = FilesMove().touches(arguments, context)
    assert touches == staged(Effect.WRITE, context, "a.pdf", "2026/b.pdf")
    result = await call(FilesMove(), context, **arguments)
    assert data(result) == {"path": "a.pdf", "to": "2026/b.pdf"}
    commit_all(context.changeset)
    assert (context.folder / "2026/b.pdf").exists()


async def test_a_move_never_overwrites_and_says_so(context: Context) -> None:
    put(context.folder, "a.pdf", "one")
    put(context.folder, "b.pdf", "two")
    arguments = {"path": "a.pdf", "to": "b.pdf"}
    touches = FilesMove().touches(arguments, context)
    assert touches == staged(Effect.WRITE, context, "a.pdf", "b (2).pdf")
    result = await call(FilesMove(), context, **arguments)
    assert data(result)["to"] == "b (2).pdf"
    assert result.notes == ("b.pdf is taken: it becomes b (2).pdf",)


@pytest.mark.parametrize("to", ["Archive", "Archive/", "New folder/"])
async def test_a_move_into_a_folder_keeps_the_name(context: Context, to: str) -> None:
    put(context.folder, "a.pdf")
    put(context.folder, "Archive/other.pdf")
    result = await call(FilesMove(), context, path="a.pdf", to=to)
    assert data(result)["to"] == f"{to.rstrip('/')}/a.pdf"


async def test_a_step_that_is_run_again_after_a_crash_stages_the_same(
    context: Context, tmp_path: Path
) -> None:
    put(context.folder, "a.pdf")
    put(context.folder, "b.pdf")
    first = await call(FilesMove(), context, path="a.pdf", to="c.pdf")
    await call(FilesTrash(), context, path="b.pdf")
    changes = context.changeset.changes()
    context.changeset.close()
    again = Changeset(tmp_path / "doorward", OBJECTIVE, context.folder).at(StepId("s1"))
    later = replace(context, changeset=again)
    second = await call(FilesMove(), later, path="a.pdf", to="c.pdf")
    await call(FilesTrash(), later, path="b.pdf")
    assert data(first) == data(second) == {"path": "a.pdf", "to": "c.pdf"}
    assert second.notes == ()
    assert again.changes() == changes
    again.close()


async def test_a_file_goes_to_the_trash_at_commit_and_comes_back_at_undo(context: Context) -> None:
    put(context.folder, "a.txt", "dear")
    assert FilesTrash().touches({"path": "a.txt"}, context) == staged(
        Effect.DESTROY, context, "a.txt"
    )
    assert data(await call(FilesTrash(), context, path="a.txt")) == {"path": "a.txt"}
    assert [change.kind for change in context.changeset.changes()] == [ChangeKind.TRASH]
    commit_all(context.changeset)
    assert not (context.folder / "a.txt").exists()
    context.changeset.undo()
    assert (context.folder / "a.txt").read_text(encoding="utf-8") == "dear"


@pytest.mark.parametrize("tool", [FilesMove(), FilesTrash(), FilesRead()])
async def test_what_is_not_there_cannot_be_read_moved_or_trashed(
    context: Context, tool: Tool
) -> None:
    more = {"to": "b.txt"} if tool.spec.name == "files.move" else {}
    with pytest.raises(NotFound, match=r"no file gone\.txt"):
        await call(tool, context, path="gone.txt", **more)
    assert context.changeset.changes() == ()


async def test_a_folder_is_neither_moved_nor_trashed(context: Context) -> None:
    put(context.folder, "sub/a.txt")
    with pytest.raises(Unreadable):
        await call(FilesTrash(), context, path="sub")
    with pytest.raises(Unreadable):
        await call(FilesMove(), context, path="sub", to="other")


# --- duplicates


async def test_copies_are_found_by_content_and_the_shortest_then_oldest_is_kept(
    context: Context,
) -> None:
    aged(put(context.folder, "b.txt", "same"), 2020)
    aged(put(context.folder, "a.txt", "same"), 2021)
    aged(put(context.folder, "copies/a.txt", "same"), 2019)
    put(context.folder, "c.txt", "diff")
    put(context.folder, "d.txt", "another size")
    result = await call(FilesDuplicates(), context, folder=".")
    assert data(result) == {
        "groups": [{"paths": ["b.txt", "a.txt", "copies/a.txt"], "size": 4}],
        "items": [
            {"path": "a.txt", "same_as": "b.txt", "size": 4},
            {"path": "copies/a.txt", "same_as": "b.txt", "size": 4},
        ],
        "count": 2,
        "bytes": 8,
        "size": "8 bytes",
    }
    assert len(result.label.sources) == 3


async def test_empty_files_and_files_of_a_size_of_their_own_are_not_even_opened(
    context: Context,
) -> None:
    for name, text in (("a", ""), ("b", ""), ("c", "1"), ("d", "22"), ("e", "33")):
        put(context.folder, name, text)
    touches = FilesDuplicates().touches({"folder": "."}, context)
    assert [Path(touch.resource).name for touch in touches] == ["d", "e"]
    assert {touch.effect for touch in touches} == {Effect.READ}
    assert data(await call(FilesDuplicates(), context, folder="."))["count"] == 0


async def test_a_denied_file_is_not_compared(context: Context) -> None:
    for name in ("a.txt", "b.txt", "private/a.txt"):
        put(context.folder, name, "same")
    result = await call(FilesDuplicates(), context, but="private", folder=".")
    assert [item["path"] for item in data(result)["items"]] == ["b.txt"]


async def test_a_file_that_cannot_be_read_is_named_and_costs_only_itself(context: Context) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        put(context.folder, name, "same")
    (context.folder / "c2.txt").hardlink_to(context.folder / "c.txt")
    result = await call(FilesDuplicates(), context, folder=".")
    assert data(result)["count"] == 1
    assert len(result.notes) == 2
    assert all("hard link" in note for note in result.notes)


async def test_a_name_that_cannot_be_shown_costs_itself_and_not_the_list(context: Context) -> None:
    put(context.folder, "a.txt", "same")
    put(context.folder, "b\n\u202e.txt", "same")
    listed = await call(FilesList(), context, folder=".")
    assert [item["path"] for item in data(listed)["items"]] == ["a.txt"]
    assert "cannot be seen" in listed.notes[0]
    assert "\u202e" not in listed.notes[0]
    assert data(await call(FilesDuplicates(), context, folder="."))["count"] == 0

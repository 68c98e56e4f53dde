"""The tools over files: list, find, read, write, move, trash, duplicates, arrange."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import _GATE_KEY, Permit
from doorward.policies.plan import Literal, Plan, Step, Template, check
from doorward.policies.requests import Request, Verdict
from doorward.policies.vocabulary import Data, Decision, Effect, StepId, Trust
from doorward.tools.arrange import FilesArrange, folder_of
from doorward.tools.base import Context, NotFound, Tool, ToolError, Unreadable
from doorward.tools.changeset import ChangeKind, Changeset
from doorward.tools.duplicates import FilesDuplicates
from doorward.tools.files import (
    FilesFind,
    FilesList,
    FilesMove,
    FilesRead,
    FilesTrash,
    FilesWrite,
)

from tests.tools.changesets import OBJECTIVE, commit_all

TOOLS: list[Tool] = [
    FilesList(),
    FilesFind(),
    FilesRead(),
    FilesWrite(),
    FilesMove(),
    FilesTrash(),
    FilesDuplicates(),
    FilesArrange(),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "Documents"
    (folder / "2026").mkdir(parents=True)
    for number, (name, text) in enumerate(
        {
            "Invoice March.PDF": "one",
            "notes.txt": "café\n",
            "photo.jpg": "same bytes",
            "photo (1).jpg": "same bytes",
            "2026/holiday.jpg": "same bytes",
            "2026/invoice april.pdf": "two",
            ".hidden": "same bytes",
            "empty": "",
            "also empty": "",
        }.items()
    ):
        (folder / name).write_text(text, encoding="utf-8")
        when = datetime(2026, 1 + number, 15, 12, tzinfo=UTC).timestamp()
        os.utime(folder / name, (when, when))
    (folder / "link.pdf").symlink_to(folder / "notes.txt")
    return folder


@pytest.fixture
def context(folder: Path, tmp_path: Path) -> Iterator[Context]:
    changeset = Changeset(tmp_path / "state", OBJECTIVE, folder).at(StepId("s1"))
    yield Context(folder, changeset, "tidy up", "2026-11-23")
    changeset.close()


async def call(tool: Tool, context: Context, **arguments: Data) -> Any:
    """Run a tool as the door does: with permits for what it would touch, staged ones apart."""
    verdict = Verdict(Decision.ALLOW, "test", 0, "", "")
    permits = [
        Permit(
            Request(OBJECTIVE, StepId("s1"), tool.spec.name, touch.effect, touch.resource),
            verdict,
            _GATE_KEY,
        )
        for touch in tool.touches(arguments, context)
        if not touch.staged
    ]
    return (await tool.run(arguments, permits, context)).data


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.spec.name)
def test_a_tool_names_its_effects_and_a_plan_can_use_it(tool: Tool) -> None:
    spec = tool.spec
    values: dict[str, Data] = {"path": "a", "to": "b", "text": "c", "folder": ".", "by": "kind"}
    args = {
        parameter.name: Literal([{}] if parameter.many else values[parameter.name])
        for parameter in spec.parameters
        if parameter.required
    }
    plan = Plan((Step(StepId("s1"), spec.name, args),), Template("{s1}"))
    assert check(plan, {spec.name: spec}) == []
    assert spec.effects
    assert spec.returns
    assert isinstance(tool, Tool)


async def test_a_folder_is_listed_without_links_hidden_files_and_folders(context: Context) -> None:
    found = await call(FilesList(), context, folder=".")
    assert [item["path"] for item in found["items"]] == [
        "Invoice March.PDF",
        "also empty",
        "empty",
        "notes.txt",
        "photo (1).jpg",
        "photo.jpg",
    ]
    assert found["count"] == 6
    assert found["items"][0] == {
        "path": "Invoice March.PDF",
        "name": "Invoice March.PDF",
        "kind": "pdf",
        "size": 3,
        "modified": "2026-01-15",
    }
    everything = await call(FilesList(), context, folder=".", recursive=True)
    assert everything["count"] == 8


async def test_names_found_in_a_folder_are_not_trusted(context: Context) -> None:
    tool = FilesList()
    (touch,) = tool.touches({"folder": "2026"}, context)
    assert (touch.effect, touch.resource) == (Effect.READ, str(context.folder / "2026"))
    permit = Permit(
        Request(OBJECTIVE, StepId("s1"), "files.list", Effect.READ, touch.resource),
        Verdict(Decision.ALLOW, "test", 0, "", ""),
        _GATE_KEY,
    )
    result = await tool.run({"folder": "2026"}, [permit], context)
    assert result.label.trust is Trust.UNTRUSTED
    assert result.label.sources == {f"file:{context.folder / '2026'}"}


async def test_without_a_permit_nothing_is_listed(context: Context) -> None:
    with pytest.raises(ToolError, match="no permit"):
        await FilesList().run({"folder": "."}, [], context)


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"name": "invoice"}, ["2026/invoice april.pdf", "Invoice March.PDF"]),
        ({"name": "march invoice"}, ["Invoice March.PDF"]),
        ({"name": "*.jpg"}, ["2026/holiday.jpg", "photo (1).jpg", "photo.jpg"]),
        ({"name": "photo*"}, ["photo (1).jpg", "photo.jpg"]),
        ({"kinds": ["pdf"]}, ["2026/invoice april.pdf", "Invoice March.PDF"]),
        ({"kinds": [".PDF"], "since": "2026-02-01"}, ["2026/invoice april.pdf"]),
        ({"since": "2026-02-15", "until": "2026-03-15"}, ["notes.txt", "photo.jpg"]),
        ({"name": "nothing like it"}, []),
    ],
)
async def test_files_are_found_by_name_kind_and_day(
    context: Context, arguments: dict[str, Data], names: list[str]
) -> None:
    found = await call(FilesFind(), context, folder=".", **arguments)
    assert [item["path"] for item in found["items"]] == names


async def test_a_pattern_of_many_stars_is_answered_at_once(context: Context) -> None:
    (context.folder / ("a" * 240)).write_text("", encoding="utf-8")
    found = await call(FilesFind(), context, folder=".", name="*a" * 30 + "*b")
    assert found["count"] == 0


async def test_a_missing_folder_says_what_to_do(context: Context) -> None:
    with pytest.raises(NotFound, match="there is no folder nowhere") as caught:
        await call(FilesList(), context, folder="nowhere")
    assert caught.value.__notes__


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
async def test_a_folder_without_permission_is_named_and_skipped(context: Context) -> None:
    (context.folder / "2026").chmod(0)
    tool = FilesList()
    with pytest.raises(Unreadable, match="does not permit"):
        await call(tool, context, folder="2026")
    assert (await call(tool, context, folder=".", recursive=True))["count"] == 6


async def test_text_is_read_as_it_is(context: Context) -> None:
    found = await call(FilesRead(), context, path="notes.txt")
    assert found == {"path": "notes.txt", "text": "café\n"}


async def test_what_is_no_text_is_said_to_be_none(context: Context) -> None:
    (context.folder / "binary").write_bytes(b"\xff\xfe\x00")
    (context.folder / "long").write_bytes(b"a" * 5_000_001)
    with pytest.raises(Unreadable, match="not UTF-8"):
        await call(FilesRead(), context, path="binary")
    with pytest.raises(Unreadable, match="more than 5 MB"):
        await call(FilesRead(), context, path="long")


async def test_a_new_file_is_a_write_and_an_old_one_is_destroyed(context: Context) -> None:
    tool = FilesWrite()
    for path, effect in (("new/list.csv", Effect.WRITE), ("notes.txt", Effect.DESTROY)):
        (touch,) = tool.touches({"path": path, "text": "x"}, context)
        assert (touch.effect, touch.staged) == (effect, True)
        assert touch.resource == str(context.folder / path)
        assert await call(tool, context, path=path, text="é") == {"path": path, "bytes": 2}
        (again,) = tool.touches({"path": path, "text": "x"}, context)
        assert again == touch
    assert [change.kind for change in context.changeset.changes()] == [
        ChangeKind.OVERWRITE,
        ChangeKind.WRITE,
    ]


async def test_a_move_tells_where_the_file_really_goes(context: Context) -> None:
    tool = FilesMove()
    arguments: dict[str, Data] = {"path": "photo (1).jpg", "to": "photo.jpg"}
    touches = tool.touches(arguments, context)
    assert [touch.resource for touch in touches] == [
        str(context.folder / "photo (1).jpg"),
        str(context.folder / "photo (2).jpg"),
    ]
    assert await call(tool, context, **arguments) == {
        "path": "photo (1).jpg",
        "to": "photo (2).jpg",
    }
    assert tool.touches(arguments, context) == touches
    assert await call(tool, context, **arguments) == {
        "path": "photo (1).jpg",
        "to": "photo (2).jpg",
    }
    commit_all(context.changeset)
    assert (context.folder / "photo (2).jpg").read_text(encoding="utf-8") == "same bytes"


@pytest.mark.parametrize("to", ["2026", "2026/", "fresh/"])
async def test_a_move_to_a_folder_keeps_the_name(context: Context, to: str) -> None:
    found = await call(FilesMove(), context, path="notes.txt", to=to)
    assert found["to"] == f"{to.rstrip('/')}/notes.txt"


async def test_moving_what_is_not_there_is_not_found(context: Context) -> None:
    with pytest.raises(NotFound):
        await call(FilesMove(), context, path="nothing", to="x")
    with pytest.raises(NotFound):
        await call(FilesTrash(), context, path="nothing")


async def test_the_trash_is_undone_with_the_rest(context: Context) -> None:
    (touch,) = FilesTrash().touches({"path": "notes.txt"}, context)
    assert (touch.effect, touch.staged) == (Effect.DESTROY, True)
    assert await call(FilesTrash(), context, path="notes.txt") == {"path": "notes.txt"}
    assert await call(FilesTrash(), context, path="notes.txt") == {"path": "notes.txt"}
    commit_all(context.changeset)
    assert not (context.folder / "notes.txt").exists()
    context.changeset.undo()
    assert (context.folder / "notes.txt").read_text(encoding="utf-8") == "café\n"


async def test_duplicates_keep_the_shortest_name_and_never_name_hidden_or_empty_files(
    context: Context,
) -> None:
    found = await call(FilesDuplicates(), context, folder=".")
    assert found == {
        "groups": [{"paths": ["photo.jpg", "photo (1).jpg", "2026/holiday.jpg"], "size": 10}],
        "items": [
            {"path": "photo (1).jpg", "same_as": "photo.jpg", "size": 10},
            {"path": "2026/holiday.jpg", "same_as": "photo.jpg", "size": 10},
        ],
        "count": 2,
        "bytes": 20,
    }


async def test_duplicates_read_only_what_shares_its_size_and_is_permitted(
    context: Context,
) -> None:
    tool = FilesDuplicates()
    touched = [touch.resource for touch in tool.touches({"folder": "."}, context)]
    assert str(context.folder / "notes.txt") not in touched
    verdict = Verdict(Decision.ALLOW, "test", 0, "", "")
    permits = [
        Permit(Request(OBJECTIVE, StepId("s1"), "t", Effect.READ, name), verdict, _GATE_KEY)
        for name in touched
        if not name.endswith("photo.jpg")
    ]
    data: Any = (await tool.run({"folder": "."}, permits, context)).data
    assert [item["same_as"] for item in data["items"]] == ["photo (1).jpg"]


async def test_files_of_one_size_and_other_content_are_no_duplicates(context: Context) -> None:
    (context.folder / "other.jpg").write_text("SAME BYTES", encoding="utf-8")
    found = await call(FilesDuplicates(), context, folder=".")
    assert all("other.jpg" not in group["paths"] for group in found["groups"])


async def test_files_are_arranged_by_kind_under_a_folder(context: Context) -> None:
    listed = await call(FilesList(), context, folder=".", recursive=True)
    found = await call(FilesArrange(), context, items=listed["items"], by="kind", under=".")
    assert {item["path"]: item["to"] for item in found["items"]} == {
        "2026/holiday.jpg": "Images/holiday.jpg",
        "2026/invoice april.pdf": "Documents/invoice april.pdf",
        "Invoice March.PDF": "Documents/Invoice March.PDF",
        "also empty": "Other/also empty",
        "empty": "Other/empty",
        "notes.txt": "Notes/notes.txt",
        "photo (1).jpg": "Images/photo (1).jpg",
        "photo.jpg": "Images/photo.jpg",
    }
    assert found["count"] == 8


async def test_what_is_in_place_stays_and_keeps_its_name(context: Context) -> None:
    items: list[Data] = [
        {"path": "inbox/a.jpg"},
        {"path": "Images/a.jpg"},
        {"path": "inbox/deep/a.jpg"},
    ]
    found = await call(FilesArrange(), context, items=items, by="kind", under=str(context.folder))
    assert found["items"] == [
        {"path": "inbox/a.jpg", "to": "Images/a (2).jpg"},
        {"path": "inbox/deep/a.jpg", "to": "Images/a (3).jpg"},
    ]


async def test_without_a_folder_each_file_stays_near(context: Context) -> None:
    items: list[Data] = [{"path": "in/a", "modified": "2026-10-03"}]
    found = await call(FilesArrange(), context, items=items, by="month")
    assert found["items"] == [{"path": "in/a", "to": "in/2026-10/a"}]


@pytest.mark.parametrize(
    ("record", "by", "folder"),
    [
        ({"path": "a.xlsx"}, "kind", "Spreadsheets"),
        ({"path": "a", "kind": "eml"}, "kind", "Mail"),
        ({"path": "a.unknown"}, "kind", "Other"),
        ({"path": "a", "modified": "2026-10-03"}, "year", "2026"),
        ({"path": "a", "modified": "2026-10-03", "date": "2025-01-02"}, "month", "2025-01"),
        ({"path": "a"}, "month", "Undated"),
        ({"path": "a", "option": "tax papers"}, "option", "Tax papers"),
        ({"path": "a", "option": "../../etc"}, "option", "-..-etc"),
        ({"path": "a", "option": None}, "option", "Other"),
    ],
)
def test_a_file_belongs_in_a_folder(record: dict[str, Data], by: str, folder: str) -> None:
    assert folder_of(record, by) == folder


async def test_an_unknown_order_says_which_there_are(context: Context) -> None:
    with pytest.raises(ToolError) as caught:
        await call(FilesArrange(), context, items=[{"path": "a"}], by="colour")
    assert "kind, year, month or option" in caught.value.__notes__[0]


async def test_arranging_touches_nothing(context: Context) -> None:
    tool = FilesArrange()
    assert tool.touches({"items": []}, context) == ()
    assert (await tool.run({"items": [], "by": "kind"}, [], context)).label == NEUTRAL

"""The changeset: staging, the card, commit with permits, undo, and the user's own edits kept."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import pytest
from doorward.policies.vocabulary import ObjectiveId, StepId
from doorward.tools.base import Conflict, NotFound, ToolError, Unreadable
from doorward.tools.changes.changeset import ChangeKind, Changeset

from tests.tools.changesets import OBJECTIVE, commit_all, permits, tree


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "home" / "Documents"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.txt").write_text("alpha\n", encoding="utf-8")
    (folder / "b.txt").write_text("beta\n", encoding="utf-8")
    (folder / "inner" / "c.txt").write_text("gamma\n", encoding="utf-8")
    for number, path in enumerate(sorted(folder.rglob("*.txt"))):
        os.utime(path, ns=(0, 1_600_000_000_123_456_789 + number))
    (folder / "a.txt").chmod(0o640)
    return folder


@pytest.fixture
def changeset(tmp_path: Path, folder: Path) -> Changeset:
    return Changeset(tmp_path / "state", OBJECTIVE, folder)


def reopened(changeset: Changeset, tmp_path: Path) -> Changeset:
    return Changeset.open_existing(tmp_path / "state", OBJECTIVE, changeset.folder)


def content(changeset: Changeset, path: Path) -> bytes:
    with changeset.open(path) as file:
        return file.read()


def names(changeset: Changeset) -> list[str]:
    listed = changeset.entries(changeset.folder, recursive=True)
    return [changeset.relative(entry.path) for entry in listed if not entry.is_folder]


def test_nothing_changes_on_disk_before_the_commit(changeset: Changeset, folder: Path) -> None:
    before = tree(folder)
    changeset.stage_write(folder / "a.txt", b"new")
    changeset.stage_move(folder / "b.txt", folder / "inner" / "b.txt")
    changeset.stage_trash(folder / "inner" / "c.txt")
    assert tree(folder) == before


def test_later_steps_see_what_earlier_steps_staged(changeset: Changeset, folder: Path) -> None:
    changeset.stage_write(folder / "n" / "new.txt", b"new")
    changeset.stage_move(folder / "b.txt", folder / "inner" / "d.txt")
    changeset.stage_trash(folder / "a.txt")
    assert names(changeset) == ["inner/c.txt", "inner/d.txt", "n/new.txt"]
    assert content(changeset, folder / "inner" / "d.txt") == b"beta\n"
    assert content(changeset, folder / "n" / "new.txt") == b"new"
    for gone in ("a.txt", "b.txt"):
        with pytest.raises(NotFound):
            changeset.open(folder / gone)


def test_the_card_shows_the_fewest_changes(changeset: Changeset, folder: Path) -> None:
    changeset.stage_move(folder / "a.txt", folder / "x.txt")
    changeset.stage_move(folder / "x.txt", folder / "y.txt")
    changeset.stage_write(folder / "draft.txt", b"1")
    changeset.stage_trash(folder / "draft.txt")
    changeset.stage_move(folder / "b.txt", folder / "z.txt")
    changeset.stage_move(folder / "z.txt", folder / "b.txt")
    (change,) = changeset.changes()
    assert (change.kind, change.path, change.to) == (
        ChangeKind.MOVE,
        folder / "a.txt",
        folder / "y.txt",
    )


def test_a_text_change_is_shown_as_a_diff(changeset: Changeset, folder: Path) -> None:
    changeset.stage_write(folder / "a.txt", b"alpha\nomega\n")
    (change,) = changeset.changes()
    assert change.before is not None
    assert change.after is not None
    assert (change.before.size, change.after.size) == (6, 12)
    assert change.before.digest != change.after.digest
    assert changeset.diff(change) == "--- a/a.txt\n+++ b/a.txt\n@@ -1 +1,2 @@\n alpha\n+omega\n"


def test_a_binary_change_has_no_diff(changeset: Changeset, folder: Path) -> None:
    changeset.stage_write(folder / "a.txt", b"\xff\xfe\x00")
    (change,) = changeset.changes()
    assert changeset.diff(change) == ""


def test_commit_then_undo_restores_every_byte_mode_and_time(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    before = tree(folder)
    changeset.stage_write(folder / "a.txt", b"new")
    changeset.stage_write(folder / "n" / "deep" / "new.txt", b"new")
    changeset.stage_move(folder / "b.txt", folder / "m" / "b.txt")
    changeset.stage_trash(folder / "inner" / "c.txt")
    commit_all(changeset)
    assert (folder / "a.txt").read_bytes() == b"new"
    assert (folder / "a.txt").stat().st_mode & 0o777 == 0o640
    assert (folder / "n" / "deep" / "new.txt").stat().st_mode & 0o777 == 0o600
    assert not (folder / "inner" / "c.txt").exists()
    assert reopened(changeset, tmp_path).undo().left == ()
    assert tree(folder) == before


def test_undo_makes_a_folder_again_that_the_user_removed(
    changeset: Changeset, folder: Path
) -> None:
    (folder / "inner").chmod(0o750)
    before = tree(folder)
    changeset.stage_move(folder / "inner" / "c.txt", folder / "c.txt")
    commit_all(changeset)
    (folder / "inner").rmdir()
    assert changeset.undo().left == ()
    assert tree(folder) == before


def test_a_made_folder_stays_when_the_user_put_something_in_it(
    changeset: Changeset, folder: Path
) -> None:
    changeset.stage_write(folder / "n" / "new.txt", b"new")
    commit_all(changeset)
    (folder / "n" / "mine.txt").write_text("mine", encoding="utf-8")
    assert changeset.undo().left == ()
    assert sorted(path.name for path in (folder / "n").iterdir()) == ["mine.txt"]


@pytest.mark.parametrize("kind", ["write", "move", "trash"])
def test_a_file_changed_since_staging_is_a_conflict_and_stays(
    changeset: Changeset, folder: Path, kind: str
) -> None:
    match kind:
        case "write":
            changeset.stage_write(folder / "a.txt", b"new")
        case "move":
            changeset.stage_move(folder / "a.txt", folder / "x.txt")
        case _:
            changeset.stage_trash(folder / "a.txt")
    changeset.stage_trash(folder / "b.txt")
    (folder / "a.txt").write_text("the user's own words", encoding="utf-8")
    outcome = changeset.commit(permits(changeset.changes()))
    assert [left.change.path.name for left in outcome.left] == ["a.txt"]
    assert "changed meanwhile" in outcome.left[0].why
    assert [change.path.name for change in outcome.done] == ["b.txt"]
    assert (folder / "a.txt").read_text(encoding="utf-8") == "the user's own words"
    assert [change.path.name for change in changeset.changes()] == ["a.txt"]


def test_an_edit_of_the_same_size_and_time_is_seen(changeset: Changeset, folder: Path) -> None:
    changeset.stage_trash(folder / "a.txt")
    status = (folder / "a.txt").stat()
    (folder / "a.txt").write_bytes(b"ALPHA\n")
    os.utime(folder / "a.txt", ns=(status.st_atime_ns, status.st_mtime_ns))
    assert len(changeset.commit(permits(changeset.changes())).left) == 1
    assert (folder / "a.txt").read_bytes() == b"ALPHA\n"


def test_saving_the_same_content_again_is_no_conflict(changeset: Changeset, folder: Path) -> None:
    changeset.stage_move(folder / "a.txt", folder / "x.txt")
    shutil.copyfile(folder / "a.txt", folder / "copy")
    (folder / "copy").replace(folder / "a.txt")
    commit_all(changeset)
    assert (folder / "x.txt").read_text(encoding="utf-8") == "alpha\n"


def test_a_name_taken_since_staging_is_never_overwritten(
    changeset: Changeset, folder: Path
) -> None:
    changeset.stage_write(folder / "new.txt", b"ours")
    changeset.stage_move(folder / "a.txt", folder / "x.txt")
    (folder / "new.txt").write_text("theirs", encoding="utf-8")
    (folder / "x.txt").write_text("theirs", encoding="utf-8")
    outcome = changeset.commit(permits(changeset.changes()))
    assert outcome.done == ()
    assert all("is taken" in left.why for left in outcome.left)
    for name in ("new.txt", "x.txt"):
        assert (folder / name).read_text(encoding="utf-8") == "theirs"
    assert (folder / "a.txt").exists()


def test_a_change_that_waits_for_a_conflicting_one_is_left_too(
    changeset: Changeset, folder: Path
) -> None:
    changeset.stage_move(folder / "b.txt", folder / "z.txt")
    changeset.stage_move(folder / "a.txt", folder / "b.txt")
    (folder / "b.txt").write_text("edited", encoding="utf-8")
    before = tree(folder)
    outcome = changeset.commit(permits(changeset.changes()))
    assert len(outcome.left) == 2
    assert tree(folder) == before


def test_a_ring_of_moves_with_an_edited_member_leaves_everything(
    changeset: Changeset, folder: Path
) -> None:
    changeset.stage_move(folder / "a.txt", folder / "t")
    changeset.stage_move(folder / "b.txt", folder / "a.txt")
    changeset.stage_move(folder / "t", folder / "b.txt")
    (folder / "b.txt").write_text("edited", encoding="utf-8")
    before = tree(folder)
    assert len(changeset.commit(permits(changeset.changes())).left) == 2
    assert tree(folder) == before


def test_two_files_can_swap_their_names_and_back(changeset: Changeset, folder: Path) -> None:
    before = tree(folder)
    changeset.stage_move(folder / "a.txt", folder / "t")
    changeset.stage_move(folder / "b.txt", folder / "a.txt")
    changeset.stage_move(folder / "t", folder / "b.txt")
    commit_all(changeset)
    assert (folder / "a.txt").read_text(encoding="utf-8") == "beta\n"
    assert (folder / "b.txt").read_text(encoding="utf-8") == "alpha\n"
    assert changeset.undo().left == ()
    assert tree(folder) == before


def test_undo_keeps_what_the_user_wrote_after_the_commit(
    changeset: Changeset, folder: Path
) -> None:
    changeset.stage_write(folder / "a.txt", b"ours")
    changeset.stage_write(folder / "new.txt", b"ours")
    changeset.stage_move(folder / "b.txt", folder / "m.txt")
    commit_all(changeset)
    (folder / "a.txt").write_text("edited later", encoding="utf-8")
    (folder / "new.txt").write_text("edited later", encoding="utf-8")
    outcome = changeset.undo()
    assert {left.change.path.name for left in outcome.left} == {"a.txt", "new.txt"}
    assert (folder / "a.txt").read_text(encoding="utf-8") == "edited later"
    assert (folder / "new.txt").read_text(encoding="utf-8") == "edited later"
    assert (folder / "b.txt").read_text(encoding="utf-8") == "beta\n"


def test_undo_does_not_overwrite_a_new_file_at_the_old_place(
    changeset: Changeset, folder: Path
) -> None:
    changeset.stage_trash(folder / "a.txt")
    commit_all(changeset)
    (folder / "a.txt").write_text("a new one", encoding="utf-8")
    assert len(changeset.undo().left) == 1
    assert (folder / "a.txt").read_text(encoding="utf-8") == "a new one"
    (folder / "a.txt").unlink()
    assert changeset.undo().left == ()
    assert (folder / "a.txt").read_text(encoding="utf-8") == "alpha\n"


def test_a_change_without_its_permit_is_not_made(changeset: Changeset, folder: Path) -> None:
    changeset.stage_trash(folder / "a.txt")
    changeset.stage_trash(folder / "b.txt")
    first = [change for change in changeset.changes() if change.path.name == "a.txt"]
    outcome = changeset.commit(permits(first))
    assert [left.why for left in outcome.left] == ["it is not permitted"]
    assert (folder / "b.txt").exists()
    assert not (folder / "a.txt").exists()


def test_a_move_needs_a_permit_for_where_it_leads(changeset: Changeset, folder: Path) -> None:
    changeset.stage_move(folder / "a.txt", folder / "x.txt")
    halves = [
        permit
        for permit in permits(changeset.changes())
        if permit.request.resource == str(folder / "a.txt")
    ]
    assert len(changeset.commit(halves).left) == 1
    assert (folder / "a.txt").exists()


def test_permits_of_another_objective_open_nothing(changeset: Changeset, folder: Path) -> None:
    changeset.stage_trash(folder / "a.txt")
    foreign = permits(changeset.changes(), ObjectiveId("o-2"))
    assert len(changeset.commit(foreign).left) == 1
    assert (folder / "a.txt").exists()


def test_a_step_that_runs_again_stages_the_same_single_change(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    def step(view: Changeset) -> list[Path]:
        moved = view.stage_move(folder / "a.txt", folder / "inner" / "c.txt")
        written = view.stage_write(folder / "new.txt", b"content")
        view.stage_trash(folder / "b.txt")
        return [moved, written]

    first = step(changeset.at(StepId("s1")))
    changes = changeset.changes()
    assert step(reopened(changeset, tmp_path).at(StepId("s1"))) == first
    assert changeset.changes() == changes
    assert first[0] == folder / "inner" / "c (2).txt"


def test_two_holders_of_one_changeset_see_each_other(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    other = reopened(changeset, tmp_path)
    changeset.stage_trash(folder / "a.txt")
    other.stage_trash(folder / "b.txt")
    assert len(changeset.changes()) == len(other.changes()) == 2
    changeset.discard()
    assert other.changes() == ()


def test_a_restart_finds_everything_staged(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    changeset.stage_write(folder / "a.txt", b"new")
    changeset.stage_move(folder / "b.txt", folder / "x.txt")
    changes = changeset.changes()
    changeset.close()
    again = reopened(changeset, tmp_path)
    assert again.changes() == changes
    assert content(again, folder / "a.txt") == b"new"


def test_what_was_discarded_leaves_no_trace(changeset: Changeset, folder: Path) -> None:
    before = tree(folder)
    changeset.stage_write(folder / "a.txt", b"new")
    changeset.stage_trash(folder / "b.txt")
    changeset.discard()
    assert changeset.changes() == ()
    assert names(changeset) == ["a.txt", "b.txt", "inner/c.txt"]
    assert tree(folder) == before


def test_looking_at_a_changeset_that_never_began_creates_nothing(tmp_path: Path) -> None:
    changeset = Changeset.open_existing(tmp_path / "state", OBJECTIVE, tmp_path / "nowhere")
    assert changeset.changes() == changeset.committed() == ()
    assert changeset.undo().done == ()
    changeset.discard()
    assert not (tmp_path / "state").exists()


def test_a_changeset_belongs_to_one_folder(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    changeset.stage_trash(folder / "a.txt")
    other = Changeset.open_existing(tmp_path / "state", OBJECTIVE, folder / "inner")
    with pytest.raises(Conflict, match="belongs to"):
        other.changes()


def test_a_second_commit_adds_to_the_first_and_undo_takes_back_both(
    changeset: Changeset, folder: Path
) -> None:
    before = tree(folder)
    changeset.stage_move(folder / "a.txt", folder / "x.txt")
    commit_all(changeset)
    changeset.stage_write(folder / "x.txt", b"again")
    commit_all(changeset)
    assert len(changeset.committed()) == 2
    assert changeset.undo().left == ()
    assert changeset.committed() == ()
    assert tree(folder) == before


def test_a_journal_line_cut_short_by_a_crash_is_dropped(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    changeset.stage_trash(folder / "a.txt")
    journal = tmp_path / "state" / "changesets" / OBJECTIVE / "journal"
    with journal.open("ab") as file:
        file.write(b'{"do":"trash","step":"s9","pa')
    again = reopened(changeset, tmp_path)
    assert len(again.changes()) == 1
    again.stage_trash(folder / "b.txt")
    assert len(reopened(changeset, tmp_path).changes()) == 2


def test_a_file_cannot_become_a_folder_nor_a_folder_a_file(
    changeset: Changeset, folder: Path
) -> None:
    with pytest.raises(Conflict):
        changeset.stage_write(folder / "a.txt" / "x", b"")
    with pytest.raises(Conflict):
        changeset.stage_write(folder / "inner", b"")
    changeset.stage_write(folder / "n" / "x", b"")
    with pytest.raises(Conflict):
        changeset.stage_write(folder / "n", b"")
    with pytest.raises(Unreadable):
        changeset.stage_move(folder / "inner", folder / "outer")


def test_a_file_with_another_name_elsewhere_is_not_touched(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    os.link(folder / "a.txt", tmp_path / "other-name")
    for stage in (changeset.open, changeset.stage_trash):
        with pytest.raises(Unreadable, match="hard link"):
            stage(folder / "a.txt")


def test_a_folder_swapped_for_a_link_after_staging_is_not_followed(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "c.txt").write_text("gamma\n", encoding="utf-8")
    changeset.stage_write(folder / "inner" / "new.txt", b"new")
    changeset.stage_trash(folder / "inner" / "c.txt")
    shutil.rmtree(folder / "inner")
    (folder / "inner").symlink_to(outside)
    outcome = changeset.commit(permits(changeset.changes()))
    assert len(outcome.left) == 2
    assert [path.name for path in outside.iterdir()] == ["c.txt"]


def test_paths_outside_the_folder_cannot_be_staged(changeset: Changeset, tmp_path: Path) -> None:
    for path in (tmp_path / "x", changeset.folder / ".." / "x", Path("/etc/passwd")):
        with pytest.raises(ToolError):
            changeset.stage_write(path, b"")
        with pytest.raises(ToolError):
            changeset.open(path)


def test_forgetting_removes_what_was_kept(
    changeset: Changeset, folder: Path, tmp_path: Path
) -> None:
    changeset.stage_trash(folder / "a.txt")
    commit_all(changeset)
    changeset.forget()
    assert list((tmp_path / "state" / "changesets").iterdir()) == []
    assert changeset.undo().done == ()


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="needs a second file system")
def test_the_state_folder_may_be_on_another_file_system(folder: Path) -> None:
    with tempfile.TemporaryDirectory(dir="/dev/shm") as state:
        assert Path(state).stat().st_dev != folder.stat().st_dev
        changeset = Changeset(Path(state), OBJECTIVE, folder)
        before = tree(folder)
        changeset.stage_write(folder / "a.txt", b"new")
        changeset.stage_write(folder / "n" / "new.txt", b"new")
        changeset.stage_trash(folder / "inner" / "c.txt")
        with (folder / "large").open("wb") as file:
            file.truncate(120_000_000)
        large = tree(folder)
        changeset.stage_trash(folder / "large")
        commit_all(changeset)
        assert (folder / "a.txt").read_bytes() == b"new"
        assert not (folder / "large").exists()
        assert changeset.undo().left == ()
        assert tree(folder) == large
        (folder / "large").unlink()
        assert tree(folder) == before

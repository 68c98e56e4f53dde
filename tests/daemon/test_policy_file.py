from __future__ import annotations

import os
from pathlib import Path

import pytest
from doorward.daemon.policy_file import PolicyFile, default_text
from doorward.policies.document import parse

HOME = Path("/home/anna")
MINE = default_text() + '\n[[rule]]\nid = "mine"\nverdict = "ask"\neffect = "run"\n'


def test_the_shipped_default_is_valid_and_holds_without_a_file(tmp_path: Path) -> None:
    file = PolicyFile(tmp_path / "policy.toml", HOME)
    held = file.current()
    assert held is not None
    assert held.id == parse(default_text(), home=str(HOME), own=(str(tmp_path),)).id
    assert file.trouble == ""


def test_an_edit_holds_at_the_next_question(tmp_path: Path) -> None:
    file = PolicyFile(tmp_path / "policy.toml", HOME)
    before = file.current()
    (tmp_path / "policy.toml").write_text(MINE, encoding="utf-8")
    after = file.current()
    assert before is not None
    assert after is not None
    assert after.id != before.id
    assert file.current() is after


@pytest.mark.parametrize("broken", [b"version = ", b"\xff\xfe", b"version = 1\n[[rule]]\nid = 1\n"])
def test_a_broken_edit_keeps_the_last_good_one_and_says_so(tmp_path: Path, broken: bytes) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(MINE, encoding="utf-8")
    file = PolicyFile(path, HOME)
    good = file.current()
    path.write_bytes(broken)
    assert file.current() is good
    assert str(path) in file.trouble
    path.write_text(MINE + "\n# mended\n", encoding="utf-8")
    assert file.current() is not None
    assert file.trouble == ""


@pytest.mark.parametrize("broken", [b"version = ", b"\xff\xfe"])
def test_a_first_file_that_is_broken_closes_the_door(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "policy.toml").write_bytes(broken)
    file = PolicyFile(tmp_path / "policy.toml", HOME)
    assert file.current() is None
    assert file.trouble


def test_a_folder_a_loop_or_a_dead_link_in_its_place_closes_the_door(tmp_path: Path) -> None:
    folder, loop, dead = tmp_path / "folder", tmp_path / "loop", tmp_path / "dead"
    folder.mkdir()
    loop.symlink_to(loop)
    dead.symlink_to(tmp_path / "gone")
    for path in (folder, loop, dead, loop / "policy.toml"):
        file = PolicyFile(path, HOME)
        assert file.current() is None, path.name
        assert file.trouble, path.name


@pytest.mark.parametrize("mode", [0o620, 0o602, 0o666])
def test_a_file_that_others_may_change_is_not_taken(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(MINE, encoding="utf-8")
    file = PolicyFile(path, HOME)
    good = file.current()
    path.write_text("version = 1\n", encoding="utf-8")
    path.chmod(mode)
    assert file.current() is good
    assert f"others may change it (mode {mode:o}); fix it with: chmod go-w '{path}'" in file.trouble
    first = PolicyFile(path, HOME)
    assert first.current() is None
    path.chmod(0o640)
    mended = first.current()
    assert mended is not None
    assert first.trouble == ""


def test_a_file_of_somebody_else_is_not_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(MINE, encoding="utf-8")
    if path.stat().st_uid == 0:
        os.chown(path, 12_345, -1)
    else:
        monkeypatch.setattr(os, "getuid", lambda: 12_345)
    file = PolicyFile(path, HOME)
    assert file.current() is None
    assert "it belongs to somebody else; fix it with: sudo chown" in file.trouble


def test_a_pipe_in_its_place_closes_the_door_and_holds_nobody_up(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "policy.toml")
    file = PolicyFile(tmp_path / "policy.toml", HOME)
    assert file.current() is None
    assert "it is no file" in file.trouble


def test_a_file_behind_a_link_and_one_put_in_its_place_are_seen(tmp_path: Path) -> None:
    real, path = tmp_path / "dotfiles.toml", tmp_path / "here" / "policy.toml"
    real.write_text(MINE, encoding="utf-8")
    path.parent.mkdir()
    path.symlink_to(real)
    file = PolicyFile(path, HOME)
    mine = file.current()
    real.write_text("version = 1\n", encoding="utf-8")
    edited = file.current()
    (tmp_path / "new").write_text("version = 1\n#\n", encoding="utf-8")
    (tmp_path / "new").replace(path)
    replaced = file.current()
    assert mine is not None
    assert edited is not None
    assert replaced is not None
    assert len({mine.id, edited.id, replaced.id}) == 3


def test_the_watcher_sees_an_edit_that_leaves_no_other_trace(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text("version = 1\n#a\n", encoding="utf-8")
    file = PolicyFile(path, HOME)
    with file.watched():
        before = file.current()
        assert before is not None
        file._stamp = lambda: file._seen  # type: ignore[method-assign]  # as within one tick of the clock
        path.write_text("version = 1\n#b\n", encoding="utf-8")
        assert file._stale.wait(5)
        after = file.current()
        assert after is not None
        assert after.id != before.id


def test_a_folder_that_is_not_there_yet_needs_no_watcher(tmp_path: Path) -> None:
    path = tmp_path / "later" / "policy.toml"
    file = PolicyFile(path, HOME)
    with file.watched():
        default = file.current()
        path.parent.mkdir()
        path.write_text(MINE, encoding="utf-8")
        mine = file.current()
    assert default is not None
    assert mine is not None
    assert default.id != mine.id


def test_a_file_that_is_taken_away_gives_the_default(tmp_path: Path) -> None:
    path = tmp_path / "policy.toml"
    path.write_text(MINE, encoding="utf-8")
    file = PolicyFile(path, HOME)
    mine = file.current()
    path.unlink()
    default = file.current()
    assert mine is not None
    assert default is not None
    assert default.id != mine.id

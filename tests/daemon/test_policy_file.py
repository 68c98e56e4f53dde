from __future__ import annotations

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

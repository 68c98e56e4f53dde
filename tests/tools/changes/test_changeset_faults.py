"""Crashes and full disks at every step of staging, commit and undo."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from doorward.policies.vocabulary import StepId
from doorward.tools.base import Unavailable
from doorward.tools.changes.changeset import Changeset
from doorward.tools.changes.disk import Disk

from tests.tools.changesets import OBJECTIVE, permits, tree

Tree = dict[str, tuple[str, int, int]]


class Crossing(Disk):
    """A disk on which the changeset's own folder is another file system."""

    home: Path

    def crosses(self, source: int, target: int) -> bool:
        return self._ours(source) != self._ours(target)

    def rename(self, source: int, name: str, target: int, to: str) -> None:
        assert not self.crosses(source, target)
        super().rename(source, name, target, to)

    def _ours(self, folder: int) -> bool:
        found = os.fstat(folder)
        kept = [self.home, *(path for path in self.home.iterdir() if path.is_dir())]
        return any(os.path.samestat(found, path.stat()) for path in kept)


class Plain(Disk):
    """A disk that cannot exchange two names."""

    def exchange(self, folder: int, name: str, other: str) -> bool:
        self.before("exchange")
        return False


DISKS = [Disk, Crossing, Plain]


class Scene:
    """A folder, a changeset over it, and every kind of change."""

    def __init__(self, base: Path, kind: type[Disk]) -> None:
        self.base = base
        self.kind = kind
        self.folder = base / "docs"
        self.state = base / "state"
        self.folder.mkdir(parents=True)
        for number, name in enumerate(["over", "trash", "one", "two", "three", "deep/move"]):
            path = self.folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"content of {name}", encoding="utf-8")
            path.chmod(0o600 | number)
            os.utime(path, ns=(0, 1_500_000_000_000_000_007 + number))

    def open(self, before: Callable[[str], None] = lambda _: None) -> Changeset:
        disk = self.kind(before)
        if isinstance(disk, Crossing):
            disk.home = self.state / "changesets" / OBJECTIVE
        return Changeset(self.state, OBJECTIVE, self.folder, disk=disk)

    def stage(self, changeset: Changeset) -> None:
        view, at = changeset.at(StepId("s1")), self.folder
        view.stage_write(at / "over", b"written over")
        view.stage_write(at / "new" / "deep" / "file", b"a new file")
        view.stage_trash(at / "trash")
        view.stage_move(at / "deep" / "move", at / "moved" / "here")
        view.stage_move(at / "one", at / "rest")
        view.stage_move(at / "two", at / "one")
        view.stage_move(at / "three", at / "two")
        view.stage_move(at / "rest", at / "three")

    def shape(self) -> list[tuple[str, str, str]]:
        return [
            (change.kind, change.path.name, change.to.name if change.to else "")
            for change in self.open().changes()
        ]

    def commit(self, before: Callable[[str], None] = lambda _: None) -> None:
        changeset = self.open(before)
        assert changeset.commit(permits(changeset.changes())).left == ()

    def undo(self, before: Callable[[str], None] = lambda _: None) -> None:
        assert self.open(before).undo().left == ()


def content(folder: Path) -> dict[str, str]:
    """Return what is in each file; times of what we write ourselves are not known beforehand."""
    return {name: digest for name, (digest, _, _) in tree(folder).items()}


def steps_of(act: Callable[[Callable[[str], None]], None]) -> int:
    taken: list[str] = []
    act(taken.append)
    return len(taken)


def killed_at(step: int, act: Callable[[Callable[[str], None]], None]) -> bool:
    """Run it in a process that is killed (-9) before its n-th step; False when it got through."""
    child = os.fork()
    if child == 0:
        left = iter(range(step))

        def before(_: str) -> None:
            if next(left, None) is None:
                os.kill(os.getpid(), signal.SIGKILL)

        act(before)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        return True
    assert os.waitstatus_to_exitcode(status) == 0
    return False


def fails_at(step: int) -> Callable[[str], None]:
    """Fill the disk before the n-th step: from then on no content can be written.

    The step itself fails whatever it is; later ones that only change names need no space.
    """
    left = iter(range(step))
    filled: list[str] = []

    def before(name: str) -> None:
        if not filled and name not in {"unlink", "rmdir"} and next(left, None) is None:
            filled.append(name)
        elif not filled or name != "write":
            return
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    return before


MEMORY = Path("/dev/shm")


@pytest.fixture(params=DISKS, ids=lambda kind: kind.__name__)
def scene(request: pytest.FixtureRequest) -> Iterator[Scene]:
    """Yield a scene in memory where there is such a place: syncs cost nothing there."""
    where = MEMORY if MEMORY.is_dir() else None
    with tempfile.TemporaryDirectory(dir=where) as base:
        yield Scene(Path(base).resolve() / "scene", request.param)


class Replay:
    """Puts a scene back as it was, inodes included: the same files, only moved home."""

    def __init__(self, scene: Scene, prepare: Callable[[Scene], None]) -> None:
        self.scene, self.prepare = scene, prepare

    def again(self) -> Scene:
        shutil.rmtree(self.scene.base, ignore_errors=True)
        self.scene = Scene(self.scene.base, self.scene.kind)
        self.prepare(self.scene)
        return self.scene


def staged(scene: Scene) -> None:
    scene.stage(scene.open())


def committed(scene: Scene) -> None:
    staged(scene)
    scene.commit()


def test_a_crash_anywhere_in_a_commit_is_finished_forward(scene: Scene) -> None:
    before = tree(scene.folder)
    replay = Replay(scene, committed)
    after = content(replay.again().folder)
    replay.prepare = staged
    total = steps_of(replay.again().commit)
    assert total > 20
    for step in range(total):
        crashed = replay.again()
        assert killed_at(step, crashed.commit)
        finished = crashed.open().recover()
        if finished is None:
            if crashed.open().changes():
                assert tree(crashed.folder) == before
                crashed.commit()
        else:
            assert finished.left == ()
        assert content(crashed.folder) == after
        assert crashed.open().changes() == ()
        assert len(crashed.open().committed()) == 7
        crashed.undo()
        assert tree(crashed.folder) == before


def test_a_crash_anywhere_in_an_undo_is_finished_forward(scene: Scene) -> None:
    before = tree(scene.folder)
    replay = Replay(scene, committed)
    total = steps_of(replay.again().undo)
    assert total > 15
    for step in range(total):
        crashed = replay.again()
        assert killed_at(step, crashed.undo)
        finished = crashed.open().recover()
        if finished is None:
            crashed.undo()
        else:
            assert finished.left == ()
        assert tree(crashed.folder) == before
        assert crashed.open().committed() == ()


def test_a_crash_while_recovering_is_recovered_from(scene: Scene) -> None:
    before = tree(scene.folder)
    replay = Replay(scene, staged)
    total = steps_of(replay.again().commit)
    for step in range(total // 3, total, 9):
        for second in range(2, total - step, 5):
            crashed = replay.again()
            assert killed_at(step, crashed.commit)
            killed_at(second, partial(_recover, crashed))
            _recover(crashed, _go_on)
            crashed.undo()
            assert tree(crashed.folder) == before


def _go_on(_: str) -> None:
    """Let a step happen."""


def _recover(scene: Scene, before: Callable[[str], None]) -> None:
    finished = scene.open(before).recover()
    assert finished is None or finished.left == ()


def test_a_crash_anywhere_in_staging_leaves_one_change_each_when_run_again(scene: Scene) -> None:
    replay = Replay(scene, staged)
    expected = replay.again().shape()
    replay.prepare = lambda _: None

    def stage(before: Callable[[str], None]) -> None:
        scene.stage(scene.open(before))

    replay.again()
    for step in range(steps_of(stage)):
        replay.again()
        assert killed_at(step, stage)
        staged(scene)
        assert sorted(scene.shape()) == sorted(expected)


def test_a_crash_without_the_notes_of_what_was_done_is_finished_too(scene: Scene) -> None:
    before = tree(scene.folder)
    replay = Replay(scene, staged)
    for step in range(0, steps_of(replay.again().commit), 2):
        crashed = replay.again()
        assert killed_at(step, crashed.commit)
        journal = crashed.state / "changesets" / OBJECTIVE / "journal"
        lines = journal.read_bytes().splitlines(keepends=True)
        if any(b'"committed"' in line for line in lines):
            break
        journal.write_bytes(b"".join(line for line in lines if b'"do":"done"' not in line))
        _recover(crashed, _go_on)
        if crashed.open().changes():
            crashed.commit()
        crashed.undo()
        assert tree(crashed.folder) == before


def test_a_full_disk_anywhere_in_a_commit_changes_nothing(scene: Scene) -> None:
    before = tree(scene.folder)
    replay = Replay(scene, staged)
    full = 0
    for step in range(200):
        tried = replay.again()
        try:
            tried.commit(fails_at(step))
        except Unavailable as error:
            full += 1
            assert "No space" in str(error)
            assert error.__notes__
            if scene.kind is Crossing and tried.open().recover() is not None:
                tried.undo()  # the state folder's own disk was full: it went on with space
                assert tree(tried.folder) == before
                continue
            assert tree(tried.folder) == before
            assert len(tried.open().changes()) == 7
            assert tried.open().recover() is None
        else:
            break
    assert full > 5


def test_a_full_disk_while_staging_stages_nothing(scene: Scene) -> None:
    scene.open().stage_trash(scene.folder / "trash")
    kept = scene.state / "changesets" / OBJECTIVE
    for step in range(2):
        with pytest.raises(Unavailable):
            scene.open(fails_at(step)).stage_write(scene.folder / "over", b"new")
        assert len(scene.open().changes()) == 1
        assert list((kept / "blobs").iterdir()) == []


def test_a_full_disk_in_an_undo_can_be_undone_later(scene: Scene) -> None:
    before = tree(scene.folder)
    replay = Replay(scene, committed)
    for step in range(200):
        tried = replay.again()
        try:
            tried.undo(fails_at(step))
        except Unavailable:
            tried.undo() if tried.open().recover() is None else None
            assert tree(tried.folder) == before
        else:
            break
    else:
        pytest.fail("undo never came to its end")

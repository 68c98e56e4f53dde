"""Any sequence of changes on any tree: what was seen before the commit is what is there after."""

from __future__ import annotations

import itertools
import os
import tempfile
from pathlib import Path

from doorward.policies.vocabulary import StepId
from doorward.tools.base import ToolError
from doorward.tools.changes.changeset import Changeset
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tools.changesets import OBJECTIVE, permits, tree

NAMES = ["a", "b.txt", "c", "d/a", "d/b.txt", "d/e/f", "g/a", "h"]
paths = st.sampled_from(NAMES)
contents = st.binary(max_size=30)
trees = st.dictionaries(paths, contents, max_size=6)
staged = st.lists(
    st.one_of(
        st.tuples(st.just("write"), paths, contents),
        st.tuples(st.just("move"), paths, paths),
        st.tuples(st.just("trash"), paths, st.just("")),
    ),
    max_size=12,
)


def grow(folder: Path, files: dict[str, bytes]) -> None:
    folder.mkdir()
    for number, (name, data) in enumerate(files.items()):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(0o600 + number)
        os.utime(path, ns=(0, 1_400_000_000_000_000_001 + number))


def stage(changeset: Changeset, step: int, change: tuple[str, str, bytes | str]) -> None:
    view = changeset.at(StepId(f"s{step}"))
    kind, name, argument = change
    path = changeset.folder / name
    try:
        match kind:
            case "write":
                assert isinstance(argument, bytes)
                view.stage_write(path, argument)
            case "move":
                view.stage_move(path, changeset.folder / str(argument))
            case _:
                view.stage_trash(path)
    except ToolError:
        return  # a change that cannot be: refused as it was staged


def seen(changeset: Changeset) -> dict[str, bytes]:
    found = {}
    for entry in changeset.entries(changeset.folder, recursive=True):
        if not entry.is_folder:
            with changeset.open(entry.path) as file:
                found[changeset.relative(entry.path)] = file.read()
            assert len(found[changeset.relative(entry.path)]) == entry.size
    return found


def on_disk(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@given(trees, staged)
@settings(max_examples=120)
def test_the_overlay_is_what_the_commit_makes_and_undo_brings_everything_back(
    files: dict[str, bytes], changes: list[tuple[str, str, bytes | str]]
) -> None:
    with tempfile.TemporaryDirectory() as base:
        folder, state = Path(base).resolve() / "docs", Path(base) / "state"
        grow(folder, files)
        before = tree(folder)
        changeset = Changeset(state, OBJECTIVE, folder)
        for step, change in enumerate(changes):
            stage(changeset, step, change)
        expected = seen(changeset)
        assert tree(folder) == before
        assert changeset.commit(permits(changeset.changes())).left == ()
        assert on_disk(folder) == expected == seen(changeset)
        assert Changeset.open_existing(state, OBJECTIVE, folder).undo().left == ()
        assert tree(folder) == before


@given(trees, staged, st.integers(0, 12))
@settings(max_examples=60)
def test_several_commits_can_all_be_undone(
    files: dict[str, bytes], changes: list[tuple[str, str, bytes | str]], at: int
) -> None:
    with tempfile.TemporaryDirectory() as base:
        ends = []
        for name, stops in (("one", [len(changes)]), ("two", [at, len(changes)])):
            folder = Path(base).resolve() / name
            grow(folder, files)
            before = tree(folder)
            changeset = Changeset(Path(base) / f"state-{name}", OBJECTIVE, folder)
            for start, stop in itertools.pairwise([0, *stops]):
                for step in range(start, max(start, min(stop, len(changes)))):
                    stage(changeset, step, changes[step])
                assert changeset.commit(permits(changeset.changes())).left == ()
            ends.append(on_disk(folder))
            assert changeset.undo().left == ()
            assert tree(folder) == before
        if at == 0 or at >= len(changes):
            assert ends[0] == ends[1]


@given(trees, staged)
@settings(max_examples=60)
def test_the_same_steps_staged_twice_are_staged_once(
    files: dict[str, bytes], changes: list[tuple[str, str, bytes | str]]
) -> None:
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base).resolve() / "docs"
        grow(folder, files)
        changeset = Changeset(Path(base) / "state", OBJECTIVE, folder)
        for step, change in enumerate(changes):
            stage(changeset, step, change)
            once = changeset.changes()
            stage(changeset, step, change)
            assert changeset.changes() == once

"""Prompts that are read once: shared in memory under a cap, on disk only whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from doorward.daemon.reader import prefixes
from doorward.daemon.reader.chat import Words
from doorward.daemon.reader.engine import Engine
from doorward.daemon.reader.forward import Cache, Forward
from doorward.daemon.reader.prefixes import Prefixes, Shelf, fingerprint
from doorward.daemon.reader.tasks import run

from tests.daemon.reader import tiny

LOADED = tiny.load()
FORWARD = Forward(LOADED)
IDS = [5, 6, 7, 8]


def read(ids: list[int]) -> Cache:
    cache = FORWARD.fresh()
    for _ in FORWARD.read([ids], cache):
        pass
    return cache


def same(one: Cache, other: Cache) -> bool:
    pairs = zip(one, other, strict=True)
    return all(
        a.tolist() == b.tolist()
        for left, right in pairs
        for a, b in zip(left.keys_and_values(), right.keys_and_values(), strict=True)
    )


def test_what_was_kept_is_found_for_exactly_its_tokens() -> None:
    kept = Prefixes(1 << 20)
    kept.keep(IDS, read(IDS))
    found = kept.find(IDS)
    assert found is not None
    assert kept.find(IDS[:-1]) is None
    wide = FORWARD.widen(found, 2)
    for _ in FORWARD.read([[9], [10]], wide):
        pass
    assert same(found, read(IDS)), "writing into a copy changed what is kept"


def test_the_least_used_goes_first_and_what_is_too_large_is_not_kept() -> None:
    one = read(IDS)
    size = sum(int(layer.nbytes) for layer in one)
    kept = Prefixes(2 * size)
    kept.keep([1], one)
    kept.keep([2], one)
    assert kept.find([1]) is not None
    kept.keep([3], one)
    assert [kept.find([number]) is not None for number in (1, 2, 3)] == [True, False, True]
    assert kept.size == 2 * size
    small = Prefixes(size - 1)
    small.keep([1], one)
    assert small.size == 0


def test_a_shelf_gives_back_what_was_read_and_nobody_else_may_open_it(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path / "shelf", "model")
    shelf.save(IDS, read(IDS))
    back = shelf.load(IDS, FORWARD.fresh())
    assert back is not None
    assert same(back, read(IDS))
    [path] = (tmp_path / "shelf").iterdir()
    assert path.stat().st_mode & 0o777 == 0o600
    assert (tmp_path / "shelf").stat().st_mode & 0o777 == 0o700


def test_another_model_or_prompt_finds_nothing(tmp_path: Path) -> None:
    Shelf(tmp_path, "model").save(IDS, read(IDS))
    assert Shelf(tmp_path, "other").load(IDS, FORWARD.fresh()) is None
    assert Shelf(tmp_path, "model").load([*IDS, 9], FORWARD.fresh()) is None


@pytest.mark.parametrize("at", [0, 20, 300, -1])
def test_a_damaged_file_is_not_believed_and_is_made_anew(tmp_path: Path, at: int) -> None:
    shelf = Shelf(tmp_path / "shelf", "model")
    shelf.save(IDS, read(IDS))
    [path] = (tmp_path / "shelf").iterdir()
    body = bytearray(path.read_bytes())
    body[at] ^= 0xFF
    path.write_bytes(body)
    assert shelf.load(IDS, FORWARD.fresh()) is None
    path.write_bytes(body[: len(body) // 2])
    assert shelf.load(IDS, FORWARD.fresh()) is None
    shelf.save(IDS, read(IDS))
    assert shelf.load(IDS, FORWARD.fresh()) is not None


def test_the_shelf_has_a_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shelf = Shelf(tmp_path / "shelf", "model")
    shelf.save(IDS, read(IDS))
    [path] = (tmp_path / "shelf").iterdir()
    monkeypatch.setattr(prefixes, "MOST_ON_DISK", 2 * path.stat().st_size)
    for last in range(10, 15):
        shelf.save([5, 6, 7, last], read([5, 6, 7, last]))
    assert len(list((tmp_path / "shelf").iterdir())) == 2


def test_only_fixed_prompts_are_written_down(tmp_path: Path) -> None:
    engine = Engine(LOADED, tokens=3000, kept=1 << 30)
    engine.warm(Shelf(tmp_path / "shelf", "model"))
    before = sorted((tmp_path / "shelf").iterdir())
    run(engine.write(Words("A task of someone", "A secret text"), None, 4), engine.forward)
    run(engine.find("A secret text", ["what"]), engine.forward)
    assert sorted((tmp_path / "shelf").iterdir()) == before
    assert len(before) == 3
    for path in before:
        assert set(json.loads(path.read_bytes().partition(b"\n")[0])) == {"digest", "shape", "type"}


def test_a_model_is_known_by_its_files(tmp_path: Path) -> None:
    model = tmp_path / "model"
    model.write_bytes(b"a" * 200_000)
    first = fingerprint(model, None)
    assert fingerprint(model, None) == first
    assert fingerprint(model, model) != first
    model.write_bytes(b"a" * 199_999 + b"b")
    assert fingerprint(model, None) != first


def test_a_task_is_read_once_for_many_texts() -> None:
    engine = Engine(LOADED, tokens=3000, kept=1 << 30)
    passes = []
    read_all = engine.forward.read

    def counted(rows, cache, chunk=128):
        passes.append(sum(len(row) for row in rows))
        return read_all(rows, cache, chunk)

    engine.forward.read = counted  # type: ignore[method-assign]
    for text in ("one", "two", "six"):
        run(engine.write(Words("A long task " * 20, text), None, 2), engine.forward)
    assert [size > 200 for size in passes] == [True, False, False]

"""Decoding in a batch: rows come, go, leap and end without changing what the others write."""

from __future__ import annotations

from typing import Any

import pytest
from doorward.daemon.reader.forward import Forward
from doorward.daemon.reader.grammar import Constraint, vocabulary
from doorward.daemon.reader.rows import Batch, Row

from tests.daemon.reader import tiny

LOADED = tiny.load()
FORWARD = Forward(LOADED)
PROMPTS = [b"The first prompt", b"2nd", b"And a third one that is the longest of all"]


def ids(text: bytes) -> list[int]:
    found: list[int] = LOADED.tokenizer.encode(text.decode()).ids
    return found


def put(batch: Batch, text: bytes, **more: Any) -> Row:
    *before, feed = ids(text)
    cache = FORWARD.fresh()
    for _ in FORWARD.read([before], cache, 5):
        pass
    row = Row(feed=feed, **{"left": 12, **more})
    batch.join([row], cache)
    return row


def finish(batch: Batch) -> None:
    while batch.rows:
        batch.step()


def alone(text: bytes, **more: Any) -> list[int]:
    batch = Batch(FORWARD)
    row = put(batch, text, **more)
    finish(batch)
    return row.out


def test_a_row_writes_what_the_model_finds_likeliest() -> None:
    import mlx.core as mx

    text = ids(PROMPTS[0])
    for _ in range(12):
        best: Any = mx.argmax(LOADED.model(mx.array([text]))[0, -1]).item()
        text.append(best)
    assert alone(PROMPTS[0]) == text[-12:]


def test_rows_write_beside_others_what_they_write_alone() -> None:
    batch = Batch(FORWARD)
    rows = []
    for text in PROMPTS:  # each joins while the others are on their way
        rows.append(put(batch, text))
        batch.step()
        batch.step()
    finish(batch)
    assert [row.out for row in rows] == [alone(text) for text in PROMPTS]


def test_a_row_that_is_dropped_leaves_the_others_as_they_are() -> None:
    for gone in range(3):
        batch = Batch(FORWARD)
        rows = [put(batch, text) for text in PROMPTS]
        batch.step()
        batch.drop([rows[gone]])
        finish(batch)
        for at, row in enumerate(rows):
            assert row.out == (alone(PROMPTS[at]) if at != gone else row.out[:1])


def test_rows_end_at_their_bound_and_at_the_token_that_ends_a_text() -> None:
    written = alone(PROMPTS[0])
    assert len(written) == 12
    ended = alone(PROMPTS[0], ends=frozenset({written[3]}))
    assert ended == written[: written.index(written[3])]
    batch = Batch(FORWARD)
    rows = [put(batch, text, left=3 + at) for at, text in enumerate(PROMPTS)]
    finish(batch)
    assert [len(row.out) for row in rows] == [3, 4, 5]
    assert not any(row.ended for row in rows)


def test_several_rows_that_begin_alike_share_what_they_begin_with() -> None:
    cache = FORWARD.fresh()
    for _ in FORWARD.read([ids(b"Shared words: ")], cache):
        pass
    batch = Batch(FORWARD)
    ends = [ids(b"ab"), ids(b"cd"), ids(b"ef")]
    wide = FORWARD.widen(cache, 3)
    for _ in FORWARD.read([end[:-1] for end in ends], wide):
        pass
    rows = [Row(feed=end[-1], left=6 + at) for at, end in enumerate(ends)]
    batch.join(rows, wide)
    batch.step()
    late = put(batch, PROMPTS[1])
    finish(batch)
    for row, end, left in zip(rows, (b"ab", b"cd", b"ef"), (6, 7, 8), strict=True):
        assert row.out == alone(b"Shared words: " + end, left=left)
    assert late.out == alone(PROMPTS[1])
    assert cache[0].offset == len(b"Shared words: ")


def constraint(grammar: str) -> Constraint:
    return Constraint(vocabulary(LOADED.tokenizer, len(LOADED.pieces), [LOADED.end]), grammar)


@pytest.mark.parametrize("leaps", [False, True])
@pytest.mark.parametrize("beside", [0, 2])
def test_a_constrained_row_writes_what_its_grammar_allows(leaps: bool, beside: int) -> None:
    batch = Batch(FORWARD)
    others = [put(batch, text) for text in PROMPTS[:beside]]
    held = put(
        batch,
        PROMPTS[2],
        left=60,
        leaps=leaps,
        ends=frozenset({LOADED.end}),
        constraint=constraint('start: "{\\"forced\\": " /[0-9]{2}/ ", \\"end\\": true}"'),
    )
    finish(batch)
    text = LOADED.tokenizer.decode(held.out)
    assert text[:11] == '{"forced": '
    assert text[11:13].isdigit()
    assert text[13:] == ', "end": true}'
    assert held.ended
    assert [row.out for row in others] == [alone(text) for text in PROMPTS[:beside]]
    unleapt = alone(
        PROMPTS[2],
        left=60,
        constraint=constraint('start: "{\\"forced\\": " /[0-9]{2}/ ", \\"end\\": true}"'),
    )
    assert held.out == unleapt


def test_the_chance_of_each_token_is_told_where_it_is_wanted() -> None:
    batch = Batch(FORWARD)
    row = put(batch, PROMPTS[0], sure=True)
    finish(batch)
    assert row.out == alone(PROMPTS[0])
    assert all(1 / len(LOADED.pieces) < chance <= 1 for chance in row.odds)

"""Two models that write one text."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from doorward.daemon.reader import drafting, gguf
from doorward.daemon.reader.drafting import Cached, Drafting
from hypothesis import given
from hypothesis import strategies as st

gguf.skip_package_code("mlx_lm")
BENCH = Path(__file__).parents[3] / "scripts" / "bench" / "drafting"
WORDS = 24
END = 0


class Table:
    """A model in which the next token hangs on the last two; it knows what it was fed."""

    def __init__(self, seed: int, seen: Sequence[int]) -> None:
        self._scores = np.random.default_rng(seed).normal(size=(WORDS, WORDS, WORDS))
        self.seen = list(seen)

    def feed(self, tokens: Sequence[int]) -> drafting.Scores:
        rows = []
        for token in tokens:
            self.seen.append(token)
            rows.append(self._scores[self.seen[-2], self.seen[-1]])
        return np.array(rows, dtype=np.float32)

    def back(self, tokens: int) -> None:
        del self.seen[len(self.seen) - tokens :]


class Odd:
    """A grammar: at most so many tokens, each larger than 2, even and odd by turns."""

    def __init__(self, length: int) -> None:
        self._length = length
        self.taken: list[int] = []

    @property
    def done(self) -> bool:
        return len(self.taken) >= self._length

    def allowed(self, width: int) -> Any:
        numbers = np.arange(width)
        return (numbers > 2) & (numbers % 2 == len(self.taken) % 2)

    def take(self, token: int) -> None:
        assert self.allowed(WORDS)[token]
        self.taken.append(token)

    def back(self, tokens: int) -> None:
        assert tokens <= len(self.taken)
        del self.taken[len(self.taken) - tokens :]


def alone(
    model: drafting.Model,
    rest: list[int],
    most: int,
    held: drafting.Held | None = None,
    end: int = END,
) -> list[int]:
    written: list[int] = []
    while len(written) < most and not (held and held.done):
        scores = model.feed(rest)[-1]
        if held:
            allowed = held.allowed(len(scores))
            assert allowed is not None
            scores = np.where(allowed, scores, -np.inf)
        rest = [int(np.argmax(scores))]
        written += rest
        if rest == [end]:
            break
        if held:
            held.take(rest[0])
    return written


@given(st.integers(0, 200), st.integers(0, 200), st.integers(1, 40), st.integers(0, 30))
def test_what_two_models_write_is_what_the_large_one_writes_alone(
    large: int, small: int, most: int, length: int
) -> None:
    for held, same in ((None, None), (Odd(length), Odd(length))):
        wanted = alone(Table(large, [5]), [7, 9], most, same)
        whole = Table(large, [5])
        work = Drafting(whole, Table(small, [5]), [7, 9], frozenset({END}), held)
        assert [token for some in work.write(most) for token in some] == wanted
        if wanted:
            assert whole.seen == [5, 7, 9, *wanted[:-1]]


@given(st.integers(0, 50), st.integers(2, 40))
def test_a_model_that_drafts_for_itself_is_always_right(seed: int, most: int) -> None:
    work = Drafting(Table(seed, [5]), Table(seed, [5]), [7], frozenset({END}))
    written = [token for some in work.write(most) for token in some]
    assert work.tally.kept == work.tally.proposed
    assert work.tally.passes <= -(-len(written) // (drafting.PROPOSED + 1))


def tiny(seed: int, layers: int) -> Any:
    import mlx.core as mx
    from mlx_lm.models.llama import Model, ModelArgs

    mx.random.seed(seed)
    return Model(
        ModelArgs(
            model_type="llama",
            hidden_size=32,
            num_hidden_layers=layers,
            intermediate_size=64,
            num_attention_heads=4,
            num_key_value_heads=2,
            rms_norm_eps=1e-5,
            vocab_size=97,
        )
    )


def read(model: Any, prompt: list[int]) -> Cached:
    from mlx_lm.models.cache import KVCache

    cached = Cached(model, [KVCache() for _ in range(len(model.layers))])
    cached.feed(prompt)
    return cached


@pytest.mark.parametrize("seed", range(4))
def test_real_models_write_what_the_large_one_writes_alone(seed: int) -> None:
    prompt = [3, 14, 15, 92, 65]
    large = tiny(seed, 4)
    wanted = alone(read(large, prompt[:-1]), prompt[-1:], 40)
    for small in (tiny(seed + 100, 1), large):
        work = Drafting(
            read(large, prompt[:-1]), read(small, prompt[:-1]), prompt[-1:], frozenset({END})
        )
        assert [token for some in work.write(40) for token in some] == wanted


@pytest.mark.reader
def test_the_default_model_and_its_drafts_write_the_same_free_and_under_a_schema(
    models: Path,
) -> None:
    done = subprocess.run(
        [sys.executable, str(BENCH), "--models", str(models), "--tokens", "6"],
        capture_output=True,
        text=True,
        timeout=60,
        env={"MLX_DISABLE_COMPILE": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("tokens equal") == 4

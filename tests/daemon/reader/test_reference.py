"""Our GGUF path against llama.cpp on the same weights, token for token.

`reference.json` was made by `scripts/bench/reference`: llama.cpp's own tokens of awkward texts, and
its greedy continuations on the default model's weights as float32. A prompt with its golden
tokens goes through our model in one pass: where every place's likeliest token is the golden one,
greedy decoding writes just these. A few are decoded token by token as well.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from doorward.daemon.models import blas
from doorward.daemon.models.fetch import MODEL

pytestmark = pytest.mark.reader

HERE = Path(__file__).parent
GOLDEN = json.loads((HERE / "reference.json").read_text(encoding="utf-8"))
STEPPED = 2
"""Prompts that are also decoded token by token."""
TIE = 1e-3
"""Nats: a choice narrower than this may fall either way with another order of sums."""


@pytest.fixture(scope="module")
def ours(request: pytest.FixtureRequest) -> dict[str, list[Any]]:
    folder = Path(os.environ.get("DOORWARD_TEST_MODELS", HERE.parents[2] / ".cache" / "models"))
    if not (folder / MODEL).is_file():
        pytest.skip(f"no model in {folder}: run scripts/test, which gets it")
    library = blas.prepare(folder / "cache")
    rows = GOLDEN["rows"]
    asked = {"texts": [one["text"] for one in GOLDEN["texts"]], "rows": rows, "step": STEPPED}
    done = subprocess.run(
        [sys.executable, str(HERE / "continuing.py"), str(folder / MODEL)]
        + ([str(library)] if library else []),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, "MLX_DISABLE_COMPILE": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    found: dict[str, list[Any]] = json.loads(done.stdout)
    return found


@pytest.mark.timeout(320)
@pytest.mark.skipif(
    sys.platform == "darwin", reason="there weights stay packed, with 16-bit scales"
)
def test_every_golden_token_is_the_likeliest_in_our_model_too(ours: dict[str, list[Any]]) -> None:
    total = 0
    for row, best, gaps in zip(GOLDEN["rows"], ours["forced"], ours["gaps"], strict=True):
        differ = [
            (place, gap)
            for place, (theirs, mine, gap) in enumerate(zip(row["greedy"], best, gaps, strict=True))
            if theirs != mine and gap > TIE
        ]
        assert not differ, f"{row['text']!r}: differs at {differ}"
        total += len(row["greedy"])
    assert total > 500


@pytest.mark.timeout(320)
@pytest.mark.skipif(
    sys.platform == "darwin", reason="there weights stay packed, with 16-bit scales"
)
def test_decoding_token_by_token_writes_the_golden_text(ours: dict[str, list[Any]]) -> None:
    golden = [row["greedy"] for row in GOLDEN["rows"][:STEPPED]]
    assert ours["free"] == golden


@pytest.mark.timeout(320)
def test_awkward_texts_have_the_tokens_that_llama_cpp_gives_them(
    ours: dict[str, list[Any]],
) -> None:
    for one, tokens in zip(GOLDEN["texts"], ours["texts"], strict=True):
        assert tokens == one["tokens"], one["text"]


@pytest.mark.timeout(320)
def test_prompts_have_the_tokens_that_llama_cpp_gives_them(ours: dict[str, list[Any]]) -> None:
    assert len(GOLDEN["rows"]) >= 12
    assert ours["prompts"] == [row["prompt"] for row in GOLDEN["rows"]]

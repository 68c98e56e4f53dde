"""Our GGUF path as a program: what it makes of the reference's tokens, in a process of its own.

`test_reference` and `scripts/bench/reference` start it: JSON in, JSON out. It is no test and no
part of the reader: it loads the model as the reader does and runs it token by token.

usage: continuing.py MODEL [FAST BLAS] < {"texts", "rows": [{"text", "prompt", "greedy"}], "step"}
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


def main() -> None:
    """Answer with tokens of the texts, each row's argmaxes after the reference, and free runs."""
    from doorward.daemon.reader import gguf, products

    model, *library = sys.argv[1:]
    products.preload(Path(library[0]) if library else None)
    loaded = gguf.load(Path(model), packed=sys.platform == "darwin")
    asked = json.load(sys.stdin)
    found = [after(loaded.model, row["prompt"], row["greedy"]) for row in asked["rows"]]
    json.dump(
        {
            "end": loaded.end,
            "prompts": [
                loaded.tokenizer.encode(row["text"]).ids for row in asked["rows"] if "text" in row
            ],
            "texts": [loaded.tokenizer.encode(text).ids for text in asked["texts"]],
            "forced": [best for best, _ in found],
            "gaps": [gaps for _, gaps in found],
            "free": [
                free(loaded.model, row["prompt"], len(row["greedy"]))
                for row in asked["rows"][: asked["step"]]
            ],
        },
        sys.stdout,
    )


def after(model: Any, prompt: list[int], greedy: list[int]) -> tuple[list[int], list[float]]:
    """Return our likeliest token at each place of the reference, and how clearly it leads."""
    import mlx.core as mx

    logits = model(mx.array([prompt + greedy[:-1]]))[0, len(prompt) - 1 :].astype(mx.float32)
    best = mx.argmax(logits, axis=-1)
    ordered = mx.sort(logits, axis=-1)
    gaps = ordered[:, -1] - ordered[:, -2]
    mx.eval(best, gaps)
    likeliest: Any = best.tolist()
    leads: Any = gaps.tolist()
    return [int(token) for token in likeliest], [round(lead, 4) for lead in leads]


def free(model: Any, prompt: list[int], count: int) -> list[int]:
    """Return what greedy decoding writes, a token at a time with a key and value cache."""
    import mlx.core as mx
    from mlx_lm.models.cache import KVCache

    cache = [KVCache() for _ in model.layers]
    feed, out = prompt, []
    for _ in range(count):
        token: Any = mx.argmax(model(mx.array([feed]), cache)[0, -1]).item()
        out.append(int(token))
        feed = [int(token)]
    return out


if __name__ == "__main__":
    main()

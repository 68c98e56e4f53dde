"""One side of `scripts/bench/reader`: bare mlx-lm, and our engine without its process.

Reads a JSON object a line, measures, and answers with one. It is never part of the program.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from doorward.daemon.reader import products

MODEL, BLAS = Path(sys.argv[1]), Path(sys.argv[2]) if sys.argv[2] else None
products.preload(BLAS)

import mlx.core as mx  # noqa: E402
import mlx_lm  # noqa: E402, F401 - the whole package, as its users have it
from doorward.daemon.reader import weights  # noqa: E402
from doorward.daemon.reader.forward import Forward  # noqa: E402
from doorward.daemon.reader.rows import Batch, Row  # noqa: E402
from mlx_lm.generate import BatchGenerator, generate_step  # noqa: E402

LOADED = weights.load(MODEL, packed=sys.platform == "darwin")
FORWARD = Forward(LOADED)
WORDS = LOADED.tokenizer.encode(
    "The bill of the plumber is on the table, and the cat is not. " * 200
).ids


def clock() -> tuple[float, float]:
    """Return the time on the wall and that of this process's threads."""
    return time.perf_counter(), time.process_time()


def since(start: tuple[float, float]) -> tuple[float, float]:
    now = clock()
    return now[0] - start[0], now[1] - start[1]


def bare(ids: list[int], new: int) -> list[tuple[float, float]]:
    """Return when each token was there, with mlx-lm's own loop."""
    start = clock()
    said = generate_step(mx.array(ids), LOADED.model, max_tokens=new)
    return [since(start) for _ in said]


def engine(ids: list[int], new: int, chunk: int) -> list[tuple[float, float]]:
    """Return when each token was there, with our loop."""
    start, times = clock(), []
    cache = FORWARD.fresh()
    for _ in FORWARD.read([ids[:-1]], cache, chunk):
        pass
    row = Row(feed=ids[-1], left=new, heard=lambda _: times.append(since(start)))
    batch = Batch(FORWARD)
    batch.join([row], cache)
    while batch.rows:
        batch.step()
    return times


def bare_batch(prompts: list[list[int]], new: int) -> list[tuple[float, float]]:
    start, times = clock(), []
    made = BatchGenerator(LOADED.model, max_tokens=new)
    made.insert(prompts)
    while len(times) < new * len(prompts):
        _, said = made.next()
        times += [since(start)] * len(said)
    made.close()
    return times


def engine_batch(prompts: list[list[int]], new: int, chunk: int) -> list[tuple[float, float]]:
    start, times = clock(), []
    batch = Batch(FORWARD)
    for ids in prompts:
        cache = FORWARD.fresh()
        for _ in FORWARD.read([ids[:-1]], cache, chunk):
            pass
        row = Row(feed=ids[-1], left=new, heard=lambda _: times.append(since(start)))
        batch.join([row], cache)
    while batch.rows:
        batch.step()
    return times


def main() -> None:
    print(json.dumps({"ready": True}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        size, new, chunk = asked["size"], asked["new"], asked.get("chunk", 128)
        if asked.get("rows"):
            prompts = [WORDS[at : at + size] for at in range(asked["rows"])]
            run = (
                bare_batch(prompts, new)
                if asked["do"] == "bare"
                else engine_batch(prompts, new, chunk)
            )
        else:
            ids = WORDS[asked.get("skip", 0) :][:size]
            run = bare(ids, new) if asked["do"] == "bare" else engine(ids, new, chunk)
        mx.clear_cache()
        print(json.dumps({"first": run[0], "last": run[-1], "count": len(run)}), flush=True)


if __name__ == "__main__":
    main()

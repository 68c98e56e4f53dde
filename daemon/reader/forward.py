"""Forward passes: tokens through the model, in bounded chunks, into caches of keys and values.

It chooses no token and knows no request: `rows` decodes with it, `engine` reads prompts with it.
Caches are mlx-lm's own; a plain one may have several rows as long as all are of one length. All of
it belongs to the one thread that loaded the model.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import Any, TypeAlias

from doorward.daemon.reader.gguf import Loaded, UnusableModelError

Cache: TypeAlias = list[Any]
"""One of mlx-lm's caches for each layer."""

CHUNK = 128
"""Tokens of a pass, over all rows, half more at most: what passes before a cancel is noticed."""


class Forward:
    """One loaded model."""

    def __init__(self, loaded: Loaded) -> None:
        """Take a model.

        Raises:
            UnusableModelError: When its layers remember in a way that cannot be cut and shared.
        """
        from mlx_lm.models.cache import KVCache, make_prompt_cache

        self._model = loaded.model
        self._tied = bool(getattr(loaded.model.args, "tie_word_embeddings", False))
        if any(type(layer) is not KVCache for layer in make_prompt_cache(loaded.model)):
            msg = "it does not remember its whole context, so its prompts cannot be shared"
            raise UnusableModelError(msg)

    def fresh(self) -> Cache:
        """Return an empty cache."""
        from mlx_lm.models.cache import KVCache

        return [KVCache() for _ in self._model.layers]

    def widen(self, cache: Cache, rows: int) -> Cache:
        """Return a cache for several rows that all begin with what `cache` holds.

        Arrays are shared, not copied: what is written next is written into arrays of its own.
        """
        import mlx.core as mx

        copies = self.fresh()
        for copy, kept in zip(copies, cache, strict=True):
            if kept.keys is None:
                continue
            keys, values = kept.keys_and_values()
            copy.keys = mx.broadcast_to(keys, (rows, *keys.shape[1:]))
            copy.values = mx.broadcast_to(values, (rows, *values.shape[1:]))
            copy.offset = kept.offset
        return copies

    def cut(self, cache: Cache, length: int) -> Cache:
        """Return the beginning of a cache of one row, in arrays of its own."""
        import mlx.core as mx

        beginning = self.fresh()
        for copy, layer in zip(beginning, cache, strict=True):
            copy.keys = mx.contiguous(layer.keys[..., :length, :])
            copy.values = mx.contiguous(layer.values[..., :length, :])
            copy.offset = length
        mx.eval([(layer.keys, layer.values) for layer in beginning])
        return beginning

    def read(
        self, rows: Sequence[Sequence[int]], cache: Cache, chunk: int = CHUNK
    ) -> Generator[None, None, None]:
        """Put rows of one length into a cache, a pass at a time; yield after each."""
        import mlx.core as mx

        tokens = mx.array([list(row) for row in rows])
        for start, end in _passes(tokens.shape[1], max(1, chunk // max(1, len(rows)))):
            self._model.model(tokens[:, start:end], cache)
            mx.eval([(layer.keys, layer.values) for layer in cache])
            yield

    def hidden(
        self, ids: Sequence[int], cache: Cache, chunk: int = CHUNK
    ) -> Generator[None, None, Any]:
        """Put one row into a cache and return its hidden states, all of them."""
        import mlx.core as mx

        tokens = mx.array([list(ids)])
        parts: list[Any] = []
        for start, end in _passes(tokens.shape[1], chunk):
            parts.append(self._model.model(tokens[:, start:end], cache))
            mx.eval(parts[-1], [(layer.keys, layer.values) for layer in cache])
            yield
        return mx.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def logits(self, hidden: Any) -> Any:
        """Return the scores of every token, lazily."""
        if self._tied:
            return self._model.model.embed_tokens.as_linear(hidden)
        return self._model.lm_head(hidden)

    def next(self, tokens: Any, cache: Cache) -> Any:
        """Return lazily the scores after each of `tokens` (rows by length), which are put in."""
        return self.logits(self._model.model(tokens, cache))


def _passes(length: int, chunk: int) -> Iterator[tuple[int, int]]:
    """Cut a length into passes; a rest of less than half a pass goes with the one before it."""
    start = 0
    while start < length:
        end = length if length - start <= chunk + chunk // 2 else start + chunk
        yield start, end
        start = end

"""Turn texts into vectors with a small BERT encoder (all-MiniLM-L6-v2), in MLX.

It compares meanings: texts about the same thing have vectors near each other. It is no language
model, writes nothing and knows no files but its own. The reader process loads it beside the model;
nothing else imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from doorward.daemon.reader.gguf import UnusableModelError

MOST: Final = 256
"""Tokens of a text that count, as the model was trained; what is beyond is not looked at."""
_BATCH: Final = 1024
"""Tokens, with filling, that go through at once: a fraction of a second's work."""


@dataclass(frozen=True, slots=True)
class Embedder:
    """A loaded encoder. Not safe for a second thread: MLX arrays belong to the first."""

    tokenizer: Any
    """`tokenizers.Tokenizer`, without filling."""
    weights: Mapping[str, Any]
    """Float32 arrays by BERT's names for them."""
    heads: int
    layers: int
    epsilon: float

    @classmethod
    def load(cls, folder: Path) -> Embedder:
        """Load the encoder in `folder`, in the calling thread.

        Raises:
            UnusableModelError: It is no BERT encoder with a WordPiece `tokenizer.json`.
        """
        import mlx.core as mx
        from tokenizers import Tokenizer

        try:
            config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
            if config["model_type"] != "bert" or config["hidden_act"] != "gelu":
                msg = f"it is of the kind {config['model_type']!r}, not bert"
                raise ValueError(msg)
            held: Any = mx.load(str(folder / "model.safetensors"))
            weights = {
                name.removeprefix("bert."): array.astype(mx.float32)
                for name, array in held.items()
                if mx.issubdtype(array.dtype, mx.floating)
            }
            tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            made = cls(
                tokenizer,
                weights,
                int(config["num_attention_heads"]),
                int(config["num_hidden_layers"]),
                float(config["layer_norm_eps"]),
            )
            tokenizer.no_padding()
            tokenizer.enable_truncation(min(MOST, int(config["max_position_embeddings"])))
            tokenizer.encode_special_tokens = True  # "[SEP]" in a text is five letters
            mx.eval(list(weights.values()))
            next(made.vectors(["One text through every layer."]))
        except Exception as error:  # tokenizers raises nothing narrower
            msg = f"cannot load the embedder {folder.name}: {error}"
            raise UnusableModelError(msg) from error
        return made

    def vectors(self, texts: Sequence[str]) -> Iterator[list[list[float]]]:
        """Yield unit vectors in the order of the texts, after each batch those that are ready.

        Texts of like length go through together, so a yield may be empty.
        """
        encoded = [each.ids for each in self.tokenizer.encode_batch(list(texts))]
        ready: dict[int, list[float]] = {}
        told = 0
        for batch in _batches([len(ids) for ids in encoded]):
            made = self._through([encoded[index] for index in batch])
            ready.update(zip(batch, made, strict=True))
            first = told
            while told in ready:
                told += 1
            yield [ready.pop(index) for index in range(first, told)]

    def states(self, texts: Sequence[str], layers: int) -> list[tuple[list[tuple[int, int]], Any]]:
        """Return of each text the place of each token, and its state after so many layers."""
        import numpy as np

        encoded = self.tokenizer.encode_batch(list(texts))
        hidden, _ = self._hidden([each.ids for each in encoded], layers)
        rows = np.array(hidden)
        return [
            (each.offsets[1:-1], row[1 : len(each.ids) - 1])  # without the marks of both ends
            for each, row in zip(encoded, rows, strict=True)
        ]

    def _through(self, rows: Sequence[Sequence[int]]) -> list[list[float]]:
        import mlx.core as mx

        x, there = self._hidden(rows, self.layers)
        mean = (x * there[..., None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
        unit = mean / mx.maximum(mx.linalg.norm(mean, axis=-1, keepdims=True), 1e-12)
        vectors: Any = unit.tolist()
        return list(vectors)

    def _hidden(self, rows: Sequence[Sequence[int]], layers: int) -> tuple[Any, Any]:
        """Return the states of all tokens after so many layers, and which are no filling."""
        import mlx.core as mx

        longest = max(len(row) for row in rows)
        tokens = mx.array([[*row, *[0] * (longest - len(row))] for row in rows])
        there = mx.array([[1.0] * len(row) + [0.0] * (longest - len(row)) for row in rows])
        x = (
            self.weights["embeddings.word_embeddings.weight"][tokens]
            + self.weights["embeddings.position_embeddings.weight"][:longest]
            + self.weights["embeddings.token_type_embeddings.weight"][0]
        )
        x = self._norm(x, "embeddings")
        hidden = mx.where(there > 0, 0.0, -1e9)[:, None, None, :]
        for layer in range(layers):
            x = self._layer(x, f"encoder.layer.{layer}", hidden)
        return x, there

    def _layer(self, x: Any, name: str, hidden: Any) -> Any:
        import mlx.core as mx
        from mlx import nn

        rows, length, width = x.shape
        asked, keys, values = (
            self._linear(x, f"{name}.attention.self.{part}")
            .reshape(rows, length, self.heads, width // self.heads)
            .swapaxes(1, 2)
            for part in ("query", "key", "value")
        )
        scale = (width // self.heads) ** -0.5
        seen = mx.fast.scaled_dot_product_attention(asked, keys, values, scale=scale, mask=hidden)
        seen = seen.swapaxes(1, 2).reshape(rows, length, width)
        x = self._norm(
            x + self._linear(seen, f"{name}.attention.output.dense"), f"{name}.attention.output"
        )
        wide = nn.gelu(self._linear(x, f"{name}.intermediate.dense"))
        return self._norm(x + self._linear(wide, f"{name}.output.dense"), f"{name}.output")

    def _linear(self, x: Any, name: str) -> Any:
        return x @ self.weights[f"{name}.weight"].T + self.weights[f"{name}.bias"]

    def _norm(self, x: Any, name: str) -> Any:
        import mlx.core as mx

        norm = f"{name}.LayerNorm"
        return mx.fast.layer_norm(
            x, self.weights[f"{norm}.weight"], self.weights[f"{norm}.bias"], self.epsilon
        )


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group texts of like length, none group larger than a batch; the shortest come first."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and (len(batch) + 1) * lengths[index] > _BATCH:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch

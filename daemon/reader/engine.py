"""Run the small model: copy spans out of a text, weigh options, turn texts into vectors.

It is not a process and knows no files beyond the model; `process` owns it and runs it in the one
thread that loaded it. It generates nothing free: every span is forced by a grammar to be a piece of
the source. Lazily imports MLX: only the reader process may call it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from doorward.daemon.reader import prompts
from doorward.daemon.reader.gguf import Loaded
from doorward.policies.vocabulary import Data

MAX_SPAN = 120
"""The most characters of one found span."""
MAX_SPAN_TOKENS = 48
WINDOW = 700
"""The most tokens of one text that a question sees: the window that shares most words with it."""
ROWS = 6
"""Questions over one text that are decoded together."""
CHUNK = 128
"""Tokens a forward pass takes before the peer is asked whether it still wants the answer."""
EMBED = 192
"""Tokens of a text that its vector is made from."""


class RefusedError(ValueError):
    """What was asked for cannot be written; the message says why."""


@dataclass(frozen=True, slots=True)
class Found:
    """A span of a source text, by offsets, with the mean probability of its tokens."""

    start: int
    end: int
    confidence: float


class Engine:
    """One loaded model. Not safe for a second thread: MLX arrays belong to the first."""

    def __init__(self, loaded: Loaded, pulse: Callable[[], None]) -> None:
        """Take a model and a function that is called between forward passes and may raise."""
        import llguidance

        loaded.tokenizer.encode_special_tokens = True  # a text cannot smuggle control tokens in
        self._model = loaded.model
        self._tokenizer = loaded.tokenizer
        self._pulse = pulse
        self._loaded = loaded
        self.size = loaded.size
        self._grammars = llguidance.LLTokenizer(
            loaded.tokenizer.to_str(), n_vocab=len(loaded.pieces), eos_token=loaded.end
        )
        self._kept: dict[str, Any] = {}
        self._centre: Any = None

    def warm(self) -> None:
        """Run once what imports and opens things, so that nothing need be opened later."""
        list(self.find("It costs 5 EUR.", ["price"]))

    # -- spans -------------------------------------------------------------------------------

    def find(self, text: str, asks: Sequence[str]) -> Iterator[Found | None]:
        """Yield for each question a span of `text`, or None when the model says "not found"."""
        if not text.strip():
            yield from (None for _ in asks)
            return
        for start in range(0, len(asks), ROWS):
            yield from self._find_rows(text, asks[start : start + ROWS])

    def _find_rows(self, text: str, asks: Sequence[str]) -> list[Found | None]:
        at, window = self._window(text, " ".join(asks))
        cache = self._prefill(f"{window.strip()}\n{prompts.FIND_ANSWERS}", prompts.FIND)
        questions = self._even([prompts.find_question(ask) for ask in asks])
        rows = self._decode(self._widen(cache, len(asks)), questions, prompts.span_grammar(window))
        return [self._locate(text, at, window, answer, sure) for answer, sure in rows]

    def _locate(self, text: str, at: int, window: str, answer: str, sure: float) -> Found | None:
        span = answer.strip()
        if not span or span == prompts.NOT_FOUND:
            return None
        start = window.find(span)
        if start < 0:
            return None
        start += at
        if text[start : start + len(span)] != span:
            return None
        return Found(start, start + len(span), round(sure, 4))

    def _window(self, text: str, ask: str) -> tuple[int, str]:
        encoded = self._tokenizer.encode(text)
        if len(encoded.ids) <= WINDOW:
            return 0, text
        words = {word for word in ask.lower().split() if len(word) > 2}
        best = (-1, 0, "")
        for first in range(0, len(encoded.ids), WINDOW // 2):
            start = encoded.offsets[first][0]
            end = encoded.offsets[min(first + WINDOW, len(encoded.ids)) - 1][1]
            piece = text[start:end]
            score = sum(piece.lower().count(word) for word in words)
            if score > best[0]:
                best = (score, start, piece)
        return best[1], best[2]

    def _even(self, questions: Sequence[str]) -> list[list[int]]:
        """Encode questions to one length: rows are fed together, newlines before them are free."""
        encoded = [self._tokenizer.encode(question).ids for question in questions]
        [newline] = self._tokenizer.encode("\n").ids
        longest = max(len(ids) for ids in encoded)
        return [[newline] * (longest - len(ids)) + ids for ids in encoded]

    def _decode(
        self, cache: list[Any], rows: list[list[int]], grammar: str
    ) -> list[tuple[str, float]]:
        """Decode every row greedily under its own copy of the grammar."""
        import llguidance
        import mlx.core as mx
        import numpy as np

        matchers = [llguidance.LLMatcher(self._grammars, grammar) for _ in rows]
        for matcher in matchers:
            if matcher.is_error():
                raise ValueError(matcher.get_error())
        out: list[list[int]] = [[] for _ in rows]
        sure: list[list[float]] = [[] for _ in rows]
        feed = rows
        for _ in range(MAX_SPAN_TOKENS):
            logits = self._forward(feed, cache)
            chances = np.array(mx.softmax(logits, axis=-1))
            feed = []
            for number, matcher in enumerate(matchers):
                token = 0
                if not matcher.is_stopped():
                    mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
                    allowed = np.unpackbits(mask, bitorder="little")[: chances.shape[1]]
                    token = int(np.argmax(chances[number, : len(allowed)] * allowed))
                    matcher.consume_token(token)
                    out[number].append(token)
                    sure[number].append(float(chances[number, token]))
                feed.append([token])
            if all(matcher.is_stopped() for matcher in matchers):
                break
        return [
            (self._tokenizer.decode(ids), sum(odds) / max(len(odds), 1))
            if matcher.is_stopped()
            else ("", 0.0)  # cut off: not an answer
            for ids, odds, matcher in zip(out, sure, matchers, strict=True)
        ]

    # -- options -----------------------------------------------------------------------------

    def choose(self, text: str, options: Sequence[str]) -> list[float]:
        """Return the chance of each option for a text, against its chance for no text at all."""
        import numpy as np

        told = np.array(self._weigh(text, options))
        blank = np.mean([self._weigh(empty, options) for empty in prompts.BLANK], axis=0)
        gain = told - blank
        chances = np.exp(gain - gain.max())
        return [float(chance) for chance in chances / chances.sum()]

    def _weigh(self, text: str, options: Sequence[str]) -> list[float]:
        """Return the mean log-probability of each option's tokens after the text."""
        import mlx.core as mx

        _, window = self._window(text, " ".join(options))
        window = window[:1200]
        cache = self._prefill(prompts.choose_question(window), prompts.CHOOSE)
        weights: list[float] = []
        for option in options:
            ids = self._tokenizer.encode(f" {option}\n").ids
            [question] = [self._tokenizer.encode(prompts.CHOOSE_ANSWER).ids]
            row = self._widen(cache, 1)
            hidden = self._hidden([question + ids], row)
            logits = self._logits(hidden[:, len(question) - 1 : -1])
            logs = logits - mx.logsumexp(logits, axis=-1, keepdims=True)
            picked = mx.take_along_axis(logs, mx.array(ids)[None, :, None], axis=-1)
            total: Any = mx.mean(picked).item()
            weights.append(float(total))
        return weights

    def compare(
        self, texts: Sequence[str], options: Sequence[str], examples: Sequence[tuple[str, str]]
    ) -> Iterator[list[float]]:
        """Yield for each text the chance of each option, by the examples that are most like it."""
        import numpy as np

        known = np.array(list(self.embed([text for text, _ in examples])))
        places = [
            [at for at, (_, option) in enumerate(examples) if option == name] for name in options
        ]
        for vector in self.embed(texts):
            near = known @ np.array(vector)
            best = np.array([near[at].max() if at else -1.0 for at in places])
            chances = np.exp((best - best.max()) * 10)
            yield [float(chance) for chance in chances / chances.sum()]

    # -- writing -----------------------------------------------------------------------------

    def write(
        self,
        task: str,
        text: str,
        schema: Mapping[str, Data] | None,
        tokens: int,
        heard: Callable[[str], None],
    ) -> tuple[str, str, int, int]:
        """Write greedily; return the text, why it ended, and the tokens read and written.

        Raises:
            RefusedError: When the schema is none.
        """
        import mlx.core as mx
        import numpy as np
        from tokenizers.decoders import DecodeStream

        matcher = self._matcher(schema)
        prompt = [self._tokenizer.encode(f"{task}\n\n{text}\n\n").ids]
        read, cache, stream = len(prompt[0]), self._fresh(), DecodeStream()
        pieces: list[str] = []
        for wrote in range(tokens):
            logits = np.array(self._forward(prompt, cache)[0].astype(mx.float32))
            if matcher is not None:
                if matcher.is_stopped():
                    return "".join(pieces), "stop", read, wrote
                mask = np.frombuffer(matcher.compute_bitmask(), dtype=np.uint8)
                allowed = np.unpackbits(mask, bitorder="little")[: logits.size]
                logits = np.where(allowed, logits, -np.inf)
            token = int(np.argmax(logits))
            if matcher is not None:
                matcher.consume_token(token)
            if token == self._loaded.end:
                return "".join(pieces), "stop", read, wrote
            if piece := stream.step(self._tokenizer, token):
                pieces.append(piece)
                heard(piece)
            prompt = [[token]]
        ended = "stop" if matcher is not None and matcher.is_stopped() else "length"
        return "".join(pieces), ended, read, tokens

    def _matcher(self, schema: Mapping[str, Data] | None) -> Any:
        import llguidance

        if schema is None:
            return None
        grammar = llguidance.LLMatcher.grammar_from_json_schema(
            json.dumps(schema), overrides={"whitespace_flexible": False}
        )
        matcher = llguidance.LLMatcher(self._grammars, grammar)
        if matcher.is_error():
            raise RefusedError(matcher.get_error())
        return matcher

    # -- vectors -----------------------------------------------------------------------------

    def embed(self, texts: Sequence[str]) -> Iterator[list[float]]:
        """Yield one unit vector a text: the mean hidden state, less that of ordinary texts."""
        import mlx.core as mx

        if self._centre is None:
            usual = mx.stack([self._mean(text) for text in prompts.USUAL])
            self._centre = mx.mean(usual, axis=0)
            mx.eval(self._centre)
        for text in texts:
            vector = self._mean(text) - self._centre
            vector = vector / mx.maximum(mx.linalg.norm(vector), 1e-9)
            yield vector.tolist()

    def _mean(self, text: str) -> Any:
        import mlx.core as mx

        ids = self._tokenizer.encode(text).ids[:EMBED] or self._tokenizer.encode(" ").ids
        hidden = self._hidden([ids], self._widen(self._prefix(prompts.EMBED), 1))
        vector = mx.mean(hidden[0].astype(mx.float32), axis=0)
        mx.eval(vector)
        return vector

    # -- the model ---------------------------------------------------------------------------

    def complete(self, prompt: str, tokens: int) -> str:
        """Return the greedy continuation of a prompt; for checks, never for answers."""
        import mlx.core as mx

        cache = self._fresh()
        feed = [self._tokenizer.encode(prompt).ids]
        out: list[int] = []
        for _ in range(tokens):
            best: Any = mx.argmax(self._forward(feed, cache)[0]).item()
            token = int(best)
            out.append(token)
            feed = [[token]]
        return str(self._tokenizer.decode(out))

    def _fresh(self) -> list[Any]:
        from mlx_lm.models.cache import KVCache

        return [KVCache() for _ in self._model.layers]

    def _prefix(self, prefix: str) -> list[Any]:
        """Return the cache after one of our own fixed prompts; these alone are kept."""
        if prefix not in self._kept:
            cache = self._fresh()
            self._hidden([self._tokenizer.encode(prefix).ids], cache)
            self._kept[prefix] = cache
        kept: list[Any] = self._kept[prefix]
        return kept

    def _prefill(self, text: str, prefix: str) -> list[Any]:
        cache = self._widen(self._prefix(prefix), 1)
        self._hidden([self._tokenizer.encode(text).ids], cache)
        return cache

    def _widen(self, cache: list[Any], rows: int) -> list[Any]:
        """Copy a cache of one row for several rows; the arrays are shared until written."""
        import mlx.core as mx

        copies = self._fresh()
        for copy, kept in zip(copies, cache, strict=True):
            keys, values = kept.keys_and_values()
            copy.keys = mx.repeat(keys, rows, axis=0)
            copy.values = mx.repeat(values, rows, axis=0)
            copy.offset = kept.offset
        return copies

    def _hidden(self, rows: Sequence[Sequence[int]], cache: list[Any]) -> Any:
        """Run token rows of one length through the model; return all their hidden states."""
        import mlx.core as mx

        tokens = mx.array([list(row) for row in rows])
        parts: list[Any] = []
        for start in range(0, tokens.shape[1], CHUNK):
            self._pulse()
            parts.append(self._model.model(tokens[:, start : start + CHUNK], cache))
            mx.eval(parts[-1], [layer.keys for layer in cache])
        return mx.concatenate(parts, axis=1) if len(parts) > 1 else parts[0]

    def _forward(self, rows: Sequence[Sequence[int]], cache: list[Any]) -> Any:
        """Return the logits after the last token of each row."""
        return self._logits(self._hidden(rows, cache)[:, -1:])[:, 0]

    def _logits(self, hidden: Any) -> Any:
        import mlx.core as mx

        if self._model.args.tie_word_embeddings:
            return self._model.model.embed_tokens.as_linear(hidden).astype(mx.float32)
        return self._model.lm_head(hidden).astype(mx.float32)

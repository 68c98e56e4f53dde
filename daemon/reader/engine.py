"""Run the small model: copy spans out of a text, weigh options, turn texts into vectors, write.

It is not a process and knows no files; `process` owns it, `serving` runs the tasks that it makes,
in the one thread that loaded the model. Spans are forced by a grammar to be pieces of the source,
and so is what is written under a schema. Lazily imports MLX: only the reader process may call it.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from functools import partial
from typing import Any, cast

from doorward.daemon.reader import chat, features, prompts, spans
from doorward.daemon.reader.drafting import Cached, Drafting
from doorward.daemon.reader.forward import CHUNK, Cache, Forward
from doorward.daemon.reader.gguf import Loaded, UnusableModelError
from doorward.daemon.reader.grammar import Constraint, prepare, unspoken, vocabulary
from doorward.daemon.reader.pieces import Pieces
from doorward.daemon.reader.prefixes import Prefixes, Shelf
from doorward.daemon.reader.rows import Row
from doorward.daemon.reader.tasks import (
    Decode,
    Hearing,
    LargeError,
    RefusedError,
    Task,
    Work,
    each,
    run,
)
from doorward.policies.vocabulary import Data

MAX_SPAN_TOKENS = 48
WINDOW = 700
"""The most tokens of one text that a question sees: the window that shares most words with it."""
ROWS = 6
"""Questions over one text that are decoded together."""
HEAD = 300
"""Tokens of a text by which it is told where it belongs."""
_FIXED = (prompts.FIND, prompts.CHOOSE, prompts.EMBED)
_BLANKS = 64
"""Sets of options whose weight for no text at all is remembered."""


class Engine:
    """One loaded model. Not safe for a second thread: MLX arrays belong to the first."""

    def __init__(
        self,
        loaded: Loaded,
        *,
        tokens: int,
        kept: int,
        narrow: bool = False,
        draft: Loaded | None = None,
    ) -> None:
        """Take a model.

        Args:
            loaded: The model.
            tokens: The most tokens of one prompt with its answer.
            kept: The most bytes of prefixes that are kept.
            narrow: Work in halves: something broke at full size.
            draft: A smaller model of the same tokens, which proposes what is written.

        Raises:
            UnusableModelError: When the models cannot be used so.
        """
        if draft is not None and draft.pieces != loaded.pieces:
            msg = "the draft model has other tokens than the reader's, so it cannot propose any"
            raise UnusableModelError(msg)
        self._loaded = loaded
        self._draft = draft
        self._form: chat.Form | None = None
        self._tokenizer = loaded.tokenizer
        self._forward = Forward(loaded)
        self._grammars = vocabulary(loaded.tokenizer, len(loaded.pieces), [loaded.end])
        self._odd = unspoken(self._grammars)
        self._ends = frozenset({loaded.end})
        self._tokens = tokens
        self._window = max(64, min(WINDOW, tokens // 2) // (2 if narrow else 1))
        self._chunk = CHUNK // 2 if narrow else CHUNK
        self._prefixes = Prefixes(kept)
        self._blank: dict[tuple[str, ...], list[float]] = {}
        self._centre: Any = None

    @property
    def forward(self) -> Forward:
        """Return the model's passes, for the rows that its tasks decode."""
        return self._forward

    def warm(self, shelf: Shelf | None) -> None:
        """Read the fixed prompts, from `shelf` where they are, and run once what opens things.

        The model's own template is not among it: that runs once the doors are shut.
        """
        for prefix in _FIXED:
            ids = self._ids(prefix)
            cache = shelf.load(ids, self._forward.fresh()) if shelf else None
            if cache is None:
                cache = self._forward.fresh()
                for _ in self._forward.read([ids], cache, self._chunk):
                    pass
                if shelf:
                    shelf.save(ids, cache)
            self._prefixes.keep(ids, cache)
        run(self.find("It costs 5 EUR.", ["price"]), self._forward)
        chat.prepare()
        self._form = chat.Form(None)
        run(self.write(chat.Words("Say yes.", "Yes."), {"type": "boolean"}, 8), self._forward)
        self._form = None

    # -- spans -------------------------------------------------------------------------------

    def find(self, text: str, asks: Sequence[str]) -> Task:
        """Look in a text for several things; the answer has a span, or None, for each."""
        rows = min(len(asks), ROWS)
        most = len(self._ids(prompts.FIND)) + min(self._window, 4 * len(text)) + 64
        return Task(partial(self._find, text, asks), (rows + 1) * (most + MAX_SPAN_TOKENS), rows)

    def _find(self, text: str, asks: Sequence[str]) -> Work:
        if not text.strip():
            return [None for _ in asks]
        text = self._odd.sub("\ufffd", text)  # of the same length: offsets hold
        answers: list[Data] = []
        for start in range(0, len(asks), ROWS):
            answers += yield from self._find_rows(text, asks[start : start + ROWS])
        return answers

    def _find_rows(
        self, text: str, asks: Sequence[str]
    ) -> Generator[Decode | None, None, list[Data]]:
        seen = spans.window(text, " ".join(asks), self._window, self._places)
        prompt = self._ids(f"{seen.text.strip()}\n{prompts.FIND_ANSWERS}")
        cache = yield from self._read(self._ids(prompts.FIND), prompt)
        questions = self._even([prompts.find_question(ask) for ask in asks])
        wide = self._forward.widen(cache, len(questions))
        yield from self._forward.read([ids[:-1] for ids in questions], wide, self._chunk)
        grammar = prompts.span_grammar(seen.text)
        rows = tuple(
            Row(
                feed=ids[-1],
                left=MAX_SPAN_TOKENS,
                constraint=Constraint(self._grammars, grammar),
                sure=True,
            )
            for ids in questions
        )
        yield Decode(rows, wide)
        return [self._answer(text, seen, row) for row in rows]

    def _answer(self, text: str, seen: spans.Window, row: Row) -> Data:
        if not row.ended:  # cut off: not an answer
            return None
        answer = str(self._tokenizer.decode(row.out))
        if answer.strip() == prompts.NOT_FOUND:
            return None
        sure = sum(row.odds) / max(len(row.odds), 1)
        found = spans.locate(text, seen, answer, sure)
        return None if found is None else [found.start, found.end, found.confidence]

    def _places(self, text: str) -> list[tuple[int, int]]:
        places: list[tuple[int, int]] = self._tokenizer.encode(
            text, add_special_tokens=False
        ).offsets
        return places

    def _even(self, questions: Sequence[str]) -> list[list[int]]:
        """Encode questions to one length: rows are fed together, newlines before them are free."""
        encoded = [self._ids(question) for question in questions]
        [newline] = self._ids("\n")
        longest = max(len(ids) for ids in encoded)
        return [[newline] * (longest - len(ids)) + ids for ids in encoded]

    # -- options -----------------------------------------------------------------------------

    def choose(self, texts: Sequence[str], options: Sequence[str]) -> Task:
        """Weigh options for each text, against their chance for no text at all."""
        most = len(self._ids(prompts.CHOOSE)) + 3 * HEAD
        return Task(partial(self._choose, texts, options), 2 * most)

    def _choose(self, texts: Sequence[str], options: Sequence[str]) -> Work:
        import numpy as np

        key = tuple(options)
        if key not in self._blank:
            blanks = yield from each(self._weigh(blank, options) for blank in prompts.BLANK)
            while len(self._blank) >= _BLANKS:
                self._blank.pop(next(iter(self._blank)))
            self._blank[key] = [float(weight) for weight in np.mean(blanks, axis=0)]
        answers: list[Data] = []
        for text in texts:
            gain = np.array((yield from self._weigh(text, options))) - np.array(self._blank[key])
            chances = np.exp(gain - gain.max())
            answers.append([float(chance) for chance in chances / chances.sum()])
        return answers

    def _weigh(self, text: str, options: Sequence[str]) -> Generator[None, None, list[float]]:
        """Return the mean log-probability of each option's tokens after the text."""
        import mlx.core as mx

        seen = spans.window(text, " ".join(options), self._window, self._places).text[: 4 * HEAD]
        prompt = self._ids(prompts.choose_question(seen))
        cache = yield from self._read(self._ids(prompts.CHOOSE), prompt)
        question = self._ids(prompts.CHOOSE_ANSWER)
        weights: list[float] = []
        for option in options:
            ids = self._ids(f" {option}\n")
            row = self._forward.widen(cache, 1)
            hidden = yield from self._forward.hidden(question + ids, row, self._chunk)
            logits = self._forward.logits(hidden[:, len(question) - 1 : -1]).astype(mx.float32)
            logs = logits - mx.logsumexp(logits, axis=-1, keepdims=True)
            picked = mx.take_along_axis(logs, mx.array(ids)[None, :, None], axis=-1)
            weights.append(float(cast("float", mx.mean(picked).item())))
        return weights

    # -- vectors -----------------------------------------------------------------------------

    def vectors(self, texts: Sequence[str]) -> Generator[None, None, list[list[float]]]:
        """Return a unit vector a text: the mean hidden state, less that of ordinary texts."""
        import mlx.core as mx

        if self._centre is None:
            usual = yield from each(self._mean(text) for text in prompts.USUAL)
            self._centre = mx.mean(mx.stack(usual), axis=0)
            mx.eval(self._centre)
        vectors: list[list[float]] = []
        for text in texts:
            vector = (yield from self._mean(text)) - self._centre
            vector = vector / mx.maximum(mx.linalg.norm(vector), 1e-9)
            vectors.append(vector.tolist())
        return vectors

    def _mean(self, text: str) -> Generator[None, None, Any]:
        import mlx.core as mx

        ids = self._ids(text[: 16 * features.EMBED])[: features.EMBED] or self._ids(" ")
        cache = yield from self._read(self._ids(prompts.EMBED), [])
        hidden = yield from self._forward.hidden(ids, cache, self._chunk)
        vector = mx.mean(hidden[0].astype(mx.float32), axis=0)
        mx.eval(vector)
        return vector

    # -- writing -----------------------------------------------------------------------------

    def write(
        self,
        words: chat.Words,
        rules: Mapping[str, Data] | None,
        tokens: int,
        heard: Hearing | None = None,
    ) -> Task:
        """Write, free or under a schema.

        The answer has the text, why it ended, and how many tokens were read and written.

        Raises:
            RefusedError: When the schema is none, or asks for more than `tokens` can hold.
            LargeError: When prompt and answer are longer than the model may remember.
        """
        grammar: str | None = None
        if rules is not None:
            try:
                bounded = prepare(self._grammars, rules, tokens, self._odd)
            except ValueError as error:
                raise RefusedError(str(error)) from error
            grammar, tokens = bounded.grammar, bounded.tokens
        if tokens < 1:
            msg = "nothing can be written in no token at all"
            raise RefusedError(msg)
        self._check_length(words.length, tokens)
        if self._form is None:
            self._form = chat.form(self._loaded.template)
        asked = self._form.asked(words)
        head, tail = self._encoded(asked.head), self._encoded(asked.tail)
        read = len(head) + len(tail)
        if read + tokens > self._tokens:
            raise self._too_large(read, tokens)
        begin = partial(self._write, head, tail, grammar, tokens, heard)
        return Task(begin, read + tokens)

    def _write(
        self,
        head: list[int],
        tail: list[int],
        grammar: str | None,
        tokens: int,
        heard: Hearing | None,
    ) -> Work:
        cache = yield from self._read(head, tail[:-1])
        pieces = Pieces(self._tokenizer, heard)
        row = Row(
            feed=tail[-1],
            left=tokens,
            ends=self._ends,
            constraint=None if grammar is None else Constraint(self._grammars, grammar),
            heard=pieces.take,
            leaps=True,
        )
        if self._draft is None:
            yield Decode((row,), cache)
        else:
            yield from self._write_drafted(self._draft, row, cache, head + tail)
        ended = "stop" if row.ended else "length"
        return [pieces.text, ended, len(head) + len(tail), len(row.out)]

    def _write_drafted(
        self, draft: Loaded, row: Row, cache: Cache, prompt: Sequence[int]
    ) -> Generator[None, None, None]:
        """Write one row with two models, apart from every batch; `held` takes the tokens itself."""
        small = Forward(draft)
        small_cache = small.fresh()
        yield from small.read([prompt[:-1]], small_cache, self._chunk)
        held, row.constraint = row.constraint, None
        drafting = Drafting(
            Cached(self._loaded.model, cache),
            Cached(draft.model, small_cache),
            rest=[row.feed],
            ends=row.ends,
            held=cast("Constraint | None", held),
        )
        for some in drafting.write(row.left):
            for token in some:
                row.take(token)
            yield
        row.ended |= held is not None and held.done

    def _encoded(self, parts: Sequence[chat.Part]) -> list[int]:
        ids: list[int] = []
        for part in parts:
            self._tokenizer.encode_special_tokens = not part.ours
            ids += self._tokenizer.encode(part.text, add_special_tokens=False).ids
        self._tokenizer.encode_special_tokens = True  # a text cannot smuggle control tokens in
        return ids

    def _check_length(self, characters: int, tokens: int) -> None:
        """Refuse what is so long that even cutting it into tokens would take too long."""
        if characters > 16 * self._tokens:
            raise self._too_large(characters // 4, tokens)

    def _too_large(self, read: int, tokens: int) -> LargeError:
        fits = max(0, self._tokens - tokens)
        return LargeError(
            f"the prompt has about {read} tokens, and {fits} fit beside an answer of {tokens}; "
            "give less text, or ask for fewer tokens"
        )

    # -- prompts -----------------------------------------------------------------------------

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _read(self, prefix: list[int], rest: list[int]) -> Generator[None, None, Cache]:
        """Return a cache of one's own that holds a prefix, which is read once, and the rest."""
        kept = self._prefixes.find(prefix)
        if kept is not None:
            cache = self._forward.widen(kept, 1)
            yield from self._forward.read([rest], cache, self._chunk)
            return cache
        cache = self._forward.fresh()
        yield from self._forward.read([prefix + rest], cache, self._chunk)
        self._prefixes.keep(prefix, self._forward.cut(cache, len(prefix)))
        return cache

"""Hold one generation to a grammar: which tokens may come next, and which must.

It is no model and samples nothing: the engine asks it between forward passes. llguidance does the
work on the processor, so it is the same on every machine; the mask is a numpy array. One
`Constraint` a generation: it has state.
"""

from __future__ import annotations

import json
import random
import re
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from doorward.daemon.reader import schema as schemas
from doorward.daemon.reader.schema import Bounded
from doorward.policies.vocabulary import Data

if TYPE_CHECKING:
    import numpy as np

STEP_ITEMS = 50_000
"""The most work of the parser for one mask: about two milliseconds."""
STEP_FUEL = 200_000
"""The most work of the lexer for one mask: about fifteen milliseconds."""
BUILD_FUEL = 1_000_000
"""The most work of the lexer before the first token: about twenty milliseconds."""
WALKS = 3
"""How often a pattern is walked through before it is used."""
LEXER_STATES = 100_000
"""The most states that the lexer keeps, of one or two kilobytes each."""


class GrammarStuck(Exception):
    """A generation cannot go on under its grammar: too much work for one token, or a bug."""


class _Words:
    """The vocabulary in llguidance's words; splits forced text, control tokens as plain text."""

    def __init__(self, tokenizer: Any, plain: Any, ends: Sequence[int]) -> None:
        self._tokenizer = tokenizer
        self._plain = plain
        self.eos_token_id = ends[0]
        self.bos_token_id = None
        numbers = range(plain.vocab_size)
        self.special_token_ids = [n for n in numbers if plain.is_special_token(n)]
        self.tokens = [plain.decode_bytes([number]) for number in numbers]
        for number in self.special_token_ids:
            self.tokens[number] = str(tokenizer.id_to_token(number)).encode()

    def __call__(self, text: str) -> list[int]:
        if isinstance(text, bytes):  # asked once, to learn which of both is understood
            raise TypeError
        numbers: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        if b"".join(self.tokens[number] for number in numbers) != text.encode():
            greedy: list[int] = self._plain.greedy_tokenize(text)
            return greedy
        return numbers


def vocabulary(tokenizer: Any, size: int, ends: Sequence[int]) -> Any:
    """Return llguidance's view of a tokenizer, for `Constraint`; made once a model.

    llguidance's own reading of a tokenizer writes the name of a control token in forced text (a
    property called `<|im_end|>`) as that control token, and is stuck there. This one spells it.

    Args:
        tokenizer: A `tokenizers.Tokenizer`; from now on it encodes control tokens as plain text.
        size: How many tokens there are.
        ends: The tokens that end a text.
    """
    import llguidance

    tokenizer.encode_special_tokens = True
    plain = llguidance.LLTokenizer(tokenizer.to_str(), n_vocab=size, eos_token=list(ends))
    words = llguidance.TokenizerWrapper(_Words(tokenizer, plain, ends))
    return llguidance.LLTokenizer(words, n_vocab=size, eos_token=list(ends))


def unspoken(grammars: Any) -> re.Pattern[str]:
    """Return what matches each character that no tokens of a vocabulary spell.

    Vocabularies are made of texts, and bytes that were in none may be missing: what begins with
    such a byte can be read, as something unknown, but never be written.
    """
    tokens = (grammars.decode_bytes([number]) for number in range(grammars.vocab_size))
    spelled = {token[0] for token in tokens if len(token) == 1}
    ranges = (
        (first, last)
        for byte in sorted(set(range(256)) - spelled)
        for first, last in [_begun_by(byte)]
        if first <= last
    )
    inside = "".join(f"\\U{first:08x}-\\U{last:08x}" for first, last in ranges)
    return re.compile(f"[{inside}]" if inside else "(?!)")


def _begun_by(byte: int) -> tuple[int, int]:
    """Return the first and the last character whose UTF-8 begins with a byte; (1, 0) for none."""
    if byte < 0x80:
        return byte, byte
    for least, mask, bits in ((0xF0, 0x07, 18), (0xE0, 0x0F, 12), (0xC0, 0x1F, 6)):
        if byte >= least:
            first = (byte & mask) << bits
            fits = 0x80 <= first <= sys.maxunicode and byte < 0xF5
            return (first, min(first + (1 << bits) - 1, sys.maxunicode)) if fits else (1, 0)
    return 1, 0


def prepare(
    grammars: Any, schema: Mapping[str, Data], tokens: int, odd: re.Pattern[str]
) -> Bounded:
    """Return the bounded form of a schema of which it is known that a `Constraint` can run it.

    What it names must be spelled by the vocabulary: `odd` is from `unspoken`. Patterns can hold a
    lexer up for ever at some place within a text, which no limit at its start shows; so each is
    walked through a few times, and refused where that is too much work.

    Raises:
        ValueError: The schema cannot be held; says why.
    """
    bounded = schemas.bounded(schema, tokens)
    if found := odd.search(json.dumps(schema, ensure_ascii=False)):
        msg = f"the schema names U+{ord(found[0]):04X}, and the model has no tokens that spell it"
        raise ValueError(msg)
    for grammar in bounded.patterns:
        try:
            for seed in range(WALKS):
                _walk(grammars, grammar, random.Random(seed), slow=not seed)  # noqa: S311
        except GrammarStuck as error:
            msg = f"a pattern of the schema is too much work ({error}): {grammar[:200]}"
            raise ValueError(msg) from error
    Constraint(grammars, bounded.grammar)
    return bounded


def _walk(grammars: Any, grammar: str, chance: random.Random, *, slow: bool) -> None:
    """Write something under a grammar by chance; slowly: byte by byte, for as long as it goes."""
    import numpy as np

    constraint = Constraint(grammars, grammar)
    while (allowed := constraint.allowed(grammars.vocab_size)) is not None:
        choices = [int(choice) for choice in np.flatnonzero(allowed)]
        if slow:
            texts = {choice: grammars.decode_bytes([choice]) for choice in choices[:200]}
            least = min((text.startswith(b'"'), len(text)) for text in texts.values())
            choices = [c for c, t in texts.items() if (t.startswith(b'"'), len(t)) == least]
        constraint.take(chance.choice(choices))


class Constraint:
    """The state of one generation under a grammar."""

    def __init__(self, grammars: Any, grammar: str) -> None:
        """Start at the beginning of a grammar.

        Args:
            grammars: From `vocabulary`.
            grammar: In llguidance's Lark, as `schema.bounded` returns it.

        Raises:
            ValueError: llguidance cannot use the grammar, in its own words.
        """
        import llguidance

        limits = llguidance.LLParserLimits(
            initial_lexer_fuel=BUILD_FUEL,
            step_lexer_fuel=STEP_FUEL,
            step_max_items=STEP_ITEMS,
            max_lexer_states=LEXER_STATES,
            precompute_large_lexemes=False,
            verbose_errors=False,
        )
        self._matcher = llguidance.LLMatcher(grammars, grammar, log_level=0, limits=limits)
        if self._matcher.is_error():
            msg = f"the grammar cannot be used: {self._matcher.get_error()}"
            raise ValueError(msg)

    @property
    def done(self) -> bool:
        """Tell whether the text is complete, and nothing may follow but its end."""
        return bool(self._matcher.is_stopped())

    def allowed(self, width: int) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
        """Return for each of `width` logits whether its token may come next; None once done.

        The tokens that end a text are among them where the text may end here.

        Raises:
            GrammarStuck: No token may come, or it takes too much work to find out.
        """
        import numpy as np

        if self.done:
            return None
        words = np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8)
        self._check()
        allowed = np.unpackbits(words, count=min(8 * len(words), width), bitorder="little")
        if len(allowed) < width:  # models pad their vocabulary
            allowed = np.pad(allowed, (0, width - len(allowed)))
        return allowed.view(np.bool_)

    def take(self, token: int) -> None:
        """Go on by a token that was allowed.

        Raises:
            GrammarStuck: It was not.
        """
        if self.done:
            msg = f"token {token} came after the end"
            raise GrammarStuck(msg)
        self._matcher.consume_token(token)
        self._check()

    def forced(self) -> list[int]:
        """Return the tokens that must come next, maybe none; `take` them without asking a model."""
        if self.done:
            return []
        tokens: list[int] = self._matcher.compute_ff_tokens()
        self._check()
        return tokens

    def back(self, tokens: int) -> None:
        """Take back the last tokens."""
        if tokens and not self._matcher.rollback(tokens):
            self._check()

    def _check(self) -> None:
        if self._matcher.is_error():
            msg = f"the grammar is stuck: {self._matcher.get_error()}"
            raise GrammarStuck(msg)
        if self._matcher.is_stopped() and str(self._matcher.stop_reason()) not in _ENDS:
            msg = f"the grammar is stuck: {self._matcher.stop_reason()}"
            raise GrammarStuck(msg)


_ENDS = {"NoExtension", "NoExtensionBias", "EndOfSentence"}

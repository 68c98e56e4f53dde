"""Tokens to text as they come: a piece holds whole characters, though a token may hold half of one.

It chooses nothing; `engine` makes one for each text that is written.
"""

from __future__ import annotations

from typing import Any

from doorward.daemon.reader.tasks import Hearing


class Pieces:
    """One text in the making."""

    def __init__(self, tokenizer: Any, heard: Hearing | None = None) -> None:
        """Take the tokeniser, and who is told each piece."""
        from tokenizers.decoders import DecodeStream

        self._tokenizer = tokenizer
        self._stream = DecodeStream(skip_special_tokens=True)
        self._heard = heard
        self._pieces: list[str] = []

    def take(self, token: int) -> None:
        """Go one token further."""
        piece = self._stream.step(self._tokenizer, token)
        if piece:
            self._pieces.append(piece)
            if self._heard is not None:
                self._heard(piece)

    @property
    def text(self) -> str:
        """Return the text so far: what was told, and no half character."""
        return "".join(self._pieces)

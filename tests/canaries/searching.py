"""Looks for canaries in bytes: as they are, and under everything that bytes are wrapped in.

It knows nothing of who wrote the bytes. A canary is sixteen letters and digits without a vowel; it
counts as found when any eight of them in a row are there, in either direction, whatever the case
and whatever stands between them. `rounds` calls it over each tap.
"""

from __future__ import annotations

import base64
import html
import quopri
import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator
from urllib.parse import unquote_to_bytes

ALPHABET = "bcdfghjkmnpqrstvwxz23456789"
SIZE = 16
GRAM = 8
DEPTH = 2
"""Wrappings inside wrappings."""
MOST = 64 * 1024 * 1024
"""Bytes of what one wrapping may hold."""

_RUN = re.compile(rb"[" + ALPHABET.encode() + rb"]{%d,}" % GRAM)
_BETWEEN = re.compile(rb"[\s\0_.,:;'\"()\[\]{}<>|/\\+*=-]+")
_HEX = re.compile(rb"(?:[0-9A-Fa-f]{2}){16,}")
_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{16,}")
_ESCAPE = re.compile(rb"\\(?:u00|x)([0-9A-Fa-f]{2})")
_LINES = re.compile(rb"\\n|\r?\n")
"""Where base64 is cut: a line break, also as JSON writes it."""
_URL = bytes.maketrans(b"-_", b"+/")
_ENTITY = re.compile(rb"&#[xX]?[0-9A-Fa-f]{2,6};")
_QUOTED = re.compile(rb"=[0-9A-F]{2}=[0-9A-F]{2}|=\r?\n")
_GZIP = re.compile(rb"\x1f\x8b\x08")
_ZLIB = re.compile(rb"\x78[\x01\x5e\x9c\xda]")
_MEMBER = re.compile(rb"PK\x03\x04.{22}(..)(..)", re.DOTALL)


class Search:
    """The canaries to look for, cut into runs of eight."""

    def __init__(self, tokens: Iterable[str]) -> None:
        """Look for these."""
        self._grams: dict[bytes, str] = {}
        for token in tokens:
            plain = token.encode()
            for way in (plain, plain[::-1]):
                for at in range(len(way) - GRAM + 1):
                    self._grams[way[at : at + GRAM]] = token

    def found(self, blob: bytes, depth: int = DEPTH) -> dict[str, str]:
        """Return every canary that is in there, with the first form that it was found in."""
        hits: dict[str, str] = {}
        for form, view in views(blob, depth):
            for token in self._seen(view):
                hits.setdefault(token, form)
        return hits

    def _seen(self, view: bytes) -> Iterator[str]:
        for run in _RUN.findall(view):
            for at in range(len(run) - GRAM + 1):
                token = self._grams.get(run[at : at + GRAM])
                if token is not None:
                    yield token


def views(blob: bytes, depth: int = DEPTH) -> Iterator[tuple[str, bytes]]:
    """Yield what bytes say, read in every way; each view is without case."""
    if not blob:
        return
    low = blob.lower()
    yield "as it is", low
    yield "with something between", _BETWEEN.sub(b"", low)
    if not blob.isascii():
        folded = unicodedata.normalize("NFKC", blob.decode(errors="ignore")).casefold()
        yield "NFKC", _BETWEEN.sub(b"", folded.encode())
    if depth:
        for form, inner in _unwrapped(blob):
            for way, view in views(inner, depth - 1 if form != "escapes" else 0):
                yield f"{form}, {way}", view


def _unwrapped(blob: bytes) -> Iterator[tuple[str, bytes]]:
    plain = _unescaped(blob)
    if plain != blob:
        yield "escapes", plain
    if runs := _HEX.findall(blob):
        for at in (0, 1):
            cuts = (run[at : at + (len(run) - at) // 2 * 2].decode() for run in runs)
            yield "hex", b"\n".join(map(bytes.fromhex, cuts))
    if runs := [run.translate(_URL) for run in _BASE64.findall(_LINES.sub(b"", blob))]:
        for at in range(4):
            cuts64 = (run[at : at + (len(run) - at) // 4 * 4] for run in runs)
            yield "base64", b"\n".join(map(base64.b64decode, cuts64))
    if plain := b"\n".join(_inflated(blob)):
        yield "inflated", plain


def _unescaped(blob: bytes) -> bytes:
    """Undo percent signs, backslashes, entities and quoted-printable, wherever they are."""
    plain = unquote_to_bytes(blob) if b"%" in blob else blob
    plain = _ESCAPE.sub(lambda told: bytes.fromhex(told[1].decode()), plain)
    if b"&#" in plain:
        plain = _ENTITY.sub(lambda told: html.unescape(told[0].decode()).encode(), plain)
    return quopri.decodestring(plain) if _QUOTED.search(plain) else plain


def _inflated(blob: bytes) -> Iterator[bytes]:
    whole = memoryview(blob)
    for pattern, bits in ((_GZIP, 31), (_ZLIB, 15)):
        for told in pattern.finditer(blob):
            if plain := _inflate(whole[told.start() :], bits):
                yield plain
    for told in _MEMBER.finditer(blob):
        skip = int.from_bytes(told[1], "little") + int.from_bytes(told[2], "little")
        if plain := _inflate(whole[told.end() + skip :], -15):
            yield plain


def _inflate(data: memoryview, bits: int) -> bytes:
    """Return what a stream holds, as far as it can be read."""
    engine = zlib.decompressobj(bits)
    held = bytearray()
    try:
        for at in range(0, min(len(data), MOST), 4096):
            held += engine.decompress(data[at : at + 4096], MOST - len(held))
            if engine.eof or len(held) >= MOST:
                break
    except zlib.error:
        pass
    return bytes(held)

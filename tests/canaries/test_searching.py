"""The search finds a canary under everything that it says it takes off."""

from __future__ import annotations

import base64
import bz2
import gzip
import html
import io
import json
import quopri
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import quote

import pytest

from tests.canaries.searching import Search

TOKEN = "kqz7rmtw4xbn9phd"
TEXT = f"The rent of {TOKEN} is due. " * 3


def zipped(data: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.txt", data)
    return made.getvalue()


WRAPS: dict[str, Callable[[bytes], bytes]] = {
    "plain": bytes,
    "upper": bytes.upper,
    "reversed": lambda b: b[::-1],
    "spaced": lambda b: b" ".join(b[i : i + 1] for i in range(len(b))),
    "hyphens": lambda b: b"-".join(b[i : i + 4] for i in range(0, len(b), 4)),
    "hex": lambda b: b.hex().encode(),
    "hex upper, odd": lambda b: b"a" + b.hex().upper().encode(),
    "base64": base64.b64encode,
    "base64 shifted by one": lambda b: base64.b64encode(b"x" + b),
    "base64 shifted by two": lambda b: base64.b64encode(b"xy" + b),
    "base64 in a word": lambda b: b"data:" + b"abc" + base64.b64encode(b),
    "base64 in lines": base64.encodebytes,
    "base64 in JSON lines": lambda b: json.dumps(base64.encodebytes(b).decode()).encode(),
    "base64 for addresses": base64.urlsafe_b64encode,
    "percent": lambda b: "".join(f"%{c:02X}" for c in b).encode(),
    "percent where needed": lambda b: quote(b).encode(),
    "utf-16": lambda b: b.decode().encode("utf-16"),
    "utf-32": lambda b: b.decode().encode("utf-32"),
    "gzip": gzip.compress,
    "gzip in the middle": lambda b: b"head" + gzip.compress(b) + b"tail",
    "zlib": zlib.compress,
    "zip": zipped,
    "entities": lambda b: "".join(f"&#{c};" for c in b).encode(),
    "entities where needed": lambda b: html.escape(b.decode()).encode(),
    "escapes": lambda b: "".join(f"\\u{c:04x}" for c in b).encode(),
    "quoted-printable": lambda b: "".join(f"={c:02X}" for c in b).encode(),
    "quoted-printable lines": quopri.encodestring,
    "full width": lambda b: "".join(chr(c + 0xFEE0) for c in b if c > 32).encode(),
    "bold": lambda b: "".join(
        chr(0x1D41A + c - 97) if 97 <= c <= 122 else chr(c) for c in b
    ).encode(),
    "base64 of gzip": lambda b: base64.b64encode(gzip.compress(b)),
    "hex of base64": lambda b: base64.b64encode(b).hex().encode(),
    "cut by the wire": lambda b: b.replace(TOKEN.encode(), TOKEN[:8].encode() + b"\0\1\7\x80aei"),
    "the last eight": lambda b: TOKEN[8:].encode(),
}


@pytest.mark.parametrize("wrap", WRAPS)
def test_a_canary_is_found_under(wrap: str) -> None:
    assert set(Search([TOKEN]).found(b"before " + WRAPS[wrap](TEXT.encode()))) == {TOKEN}


@pytest.mark.parametrize(
    "blob", [b"", TOKEN[:7].encode(), b"the wind in the willows " * 99, bz2.compress(b"x" * 9999)]
)
def test_nothing_else_is(blob: bytes) -> None:
    assert Search([TOKEN]).found(blob) == {}

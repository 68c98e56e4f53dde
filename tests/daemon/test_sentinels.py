from __future__ import annotations

import base64
import sqlite3

import pytest
from doorward.daemon.errors import Misused
from doorward.daemon.outgoing.credentials import Credential, Credentials
from doorward.daemon.outgoing.greeting import NoGreetingError, greeted
from doorward.daemon.outgoing.sentinels import Inward, outward
from doorward.daemon.values.vault import Seal
from hypothesis import given
from hypothesis import strategies as st

VALUE = "ghp_ThisIsTheRealOne42"
TOKEN = Credential("forge", "api.example.com", "authorization", "dwcred_00ff", VALUE)
OTHER = Credential("shop", "shop.example.com", "x-api-key", "dwcred_11ee", "sk_live_another")


@pytest.fixture
def credentials() -> Credentials:
    return Credentials(sqlite3.connect(":memory:", isolation_level=None), Seal(b"k" * 32))


def test_a_credential_is_sealed_and_never_printed(credentials: Credentials) -> None:
    made = credentials.add("forge", "API.example.com", VALUE)
    assert made.sentinel.startswith("dwcred_")
    assert credentials.all() == [made]
    assert made.host == "api.example.com"
    assert VALUE not in repr(made)
    raw = b"".join(credentials._connection.serialize() for _ in range(1))
    assert VALUE.encode() not in raw
    assert made.sentinel.encode() not in raw
    assert credentials.known().found(f"x {VALUE} y")


def test_a_credential_that_is_given_anew_has_a_new_sentinel(credentials: Credentials) -> None:
    first = credentials.add("forge", "api.example.com", VALUE)
    second = credentials.add("forge", "api.example.com", VALUE)
    assert first.sentinel != second.sentinel
    assert credentials.all() == [second]
    credentials.remove("forge")
    assert credentials.all() == []
    with pytest.raises(Misused, match="no credential 'forge'"):
        credentials.remove("forge")


@pytest.mark.parametrize(
    ("name", "host", "value", "header"),
    [
        ("Forge", "api.example.com", VALUE, "authorization"),
        ("forge", "127.0.0.1", VALUE, "authorization"),
        ("forge", "localhost", VALUE, "authorization"),
        ("forge", "*.example.com", VALUE, "authorization"),
        ("forge", "api.example.com", "short", "authorization"),
        ("forge", "api.example.com", "two\r\nHost: evil.example", "authorization"),
        ("forge", "api.example.com", VALUE, "host"),
        ("forge", "api.example.com", VALUE, "x: y"),
    ],
)
def test_what_cannot_be_a_credential_is_refused(
    credentials: Credentials, name: str, host: str, value: str, header: str
) -> None:
    with pytest.raises(Misused) as refused:
        credentials.add(name, host, value, header)
    assert value not in str(refused.value)
    assert credentials.all() == []


def test_a_sentinel_is_swapped_in_its_header_for_its_host() -> None:
    given_ = [(b"Authorization", b"Bearer dwcred_00ff"), (b"Accept", b"*/*")]
    sent = outward(given_, "api.example.com", [TOKEN, OTHER])
    assert sent == [(b"Authorization", b"Bearer " + VALUE.encode()), (b"Accept", b"*/*")]


def test_a_sentinel_inside_basic_is_swapped_too() -> None:
    basic = b"Basic " + base64.b64encode(b"me:dwcred_00ff")
    [(_, value)] = outward([(b"authorization", basic)], "api.example.com", [TOKEN])
    assert base64.b64decode(value[6:]) == b"me:" + VALUE.encode()


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ((b"Authorization", b"Bearer dwcred_00ff"), "shop.example.com"),
        ((b"Authorization", b"Bearer dwcred_00ff"), "evil.api.example.com"),
        ((b"Authorization", b"Bearer dwcred_00ff"), "example.com"),
        ((b"X-Api-Key", b"dwcred_00ff"), "api.example.com"),
        ((b"User-Agent", b"dwcred_00ff"), "api.example.com"),
        ((b"Cookie", b"dwcred_00ff"), "api.example.com"),
        ((b"Authorization", b"dwcred_11ee"), "shop.example.com"),
        ((b"Authorization", b"Basic %%%dwcred_11ee"), "api.example.com"),
    ],
)
def test_a_sentinel_anywhere_else_stays_a_sentinel(header: tuple[bytes, bytes], host: str) -> None:
    assert outward([header], host, [TOKEN, OTHER]) == [header]


@given(st.lists(st.binary(max_size=9)), st.lists(st.integers(1, 7)))
def test_no_credential_comes_in_however_it_is_cut(around: list[bytes], cuts: list[int]) -> None:
    whole = VALUE.encode().join([b"", *around, b""])
    inward, out, at = Inward([TOKEN]), b"", 0
    for size in [*cuts, *[5] * len(whole)]:
        out += inward.feed(whole[at : at + size])
        at += size
    out += inward.end()
    assert VALUE.encode() not in out
    assert out == whole.replace(VALUE.encode(), TOKEN.sentinel.encode())


def test_what_only_begins_like_a_credential_comes_in_at_the_end() -> None:
    inward = Inward([TOKEN])
    assert inward.feed(b"data: " + VALUE[:5].encode()) == b"data: "
    assert inward.feed(b"!") == VALUE[:5].encode() + b"!"
    assert inward.feed(VALUE[:9].encode()) == b""
    assert inward.end() == VALUE[:9].encode()


def test_an_event_that_is_whole_does_not_wait() -> None:
    assert Inward([TOKEN]).feed(b"data: one\n\n") == b"data: one\n\n"


def test_a_greeting_that_is_none_names_nobody() -> None:
    assert greeted(b"") is None
    assert greeted(b"\x16\x03\x01\x02\x00") is None
    for bad in (b"GET / HTTP/1.1\r\n\r\n", b"\x16\x03\x01\x00\x05hello", b"\x16" * 20_000):
        with pytest.raises(NoGreetingError):
            greeted(bad)

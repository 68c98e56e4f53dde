"""Bodies of the control API: read no further than their bound, and taken for nothing else."""

from __future__ import annotations

import pytest
from doorward.daemon.control import bodies
from doorward.daemon.errors import Misused
from starlette.requests import Request
from starlette.types import Message


class Sender:
    """Somebody who sends a body in parts."""

    def __init__(self, *parts: bytes) -> None:
        self.left = list(parts)

    async def __call__(self) -> Message:
        part = self.left.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(self.left)}

    def request(self) -> Request:
        return Request({"type": "http", "method": "POST", "headers": []}, self)


async def test_a_body_that_is_too_long_is_not_read_to_its_end() -> None:
    sender = Sender(*[b"x" * 1000] * 50)
    assert await bodies.raw(sender.request(), 2500) is None
    assert len(sender.left) == 47


async def test_a_body_in_parts_is_one_object() -> None:
    assert await bodies.read(Sender(b'{"a"', b": 1}").request()) == {"a": 1}


@pytest.mark.parametrize("body", [b"", b"[1]", b"{", b'{"a": ' + b"[" * 100_000, b"\xff"])
async def test_what_is_no_object_is_refused(body: bytes) -> None:
    with pytest.raises(Misused, match="not a JSON object of at most 1000 kB"):
        await bodies.read(Sender(body).request())


async def test_texts_are_texts_alone() -> None:
    assert await bodies.texts(Sender(b'{"a": "b"}').request()) == {"a": "b"}
    with pytest.raises(Misused, match="of texts"):
        await bodies.texts(Sender(b'{"a": 1}').request())

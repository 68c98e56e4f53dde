"""JSON in and out of the control API: bodies of a bounded size, answers in ASCII.

It knows no route and no part of the daemon; the routes of this room call it.
"""

from __future__ import annotations

import json

from doorward.daemon.errors import Misused
from doorward.daemon.objectives.codec import Json
from starlette.requests import Request
from starlette.responses import Response


async def raw(request: Request, most: int) -> bytes | None:
    """Read a body of at most so many bytes; None as soon as there are more."""
    read = bytearray()
    async for part in request.stream():
        read += part
        if len(read) > most:
            return None
    return bytes(read)


def decoded(body: bytes | None) -> Json | None:
    """Return the JSON object that a body is, or None."""
    try:
        found = None if body is None else json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


async def read(request: Request, most: int = 1_000_000) -> Json:
    """Read a JSON object.

    Raises:
        Misused: It is none, or longer than `most` bytes.
    """
    body = decoded(await raw(request, most))
    if body is None:
        raise Misused(f"the request is not a JSON object of at most {most // 1000} kB")
    return body


async def texts(request: Request) -> dict[str, str]:
    """Read a small JSON object of texts.

    Raises:
        Misused: It is none.
    """
    body = await read(request, 20_000)
    if not all(isinstance(each, str) for each in body.values()):
        raise Misused("the request is not a JSON object of texts")
    return body


def answer(content: Json, status: int = 200) -> Response:
    """Return JSON in ASCII: a file name need not be Unicode, and must not hide all others."""
    return Response(json.dumps(content), status, media_type="application/json")

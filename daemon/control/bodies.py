"""Read what a request says, and never more of it than its route takes.

Whoever may open the control socket can send without end: what is too long is dropped while it
comes, not once all of it is held. Every route that reads a body calls it.
"""

from __future__ import annotations

import json

from doorward.daemon.objectives.codec import Json
from starlette.requests import Request


async def bounded(request: Request, most: int) -> bytes:
    """Return the body; nothing of one that is longer than `most` bytes."""
    held = bytearray()
    async for piece in request.stream():
        held += piece
        if len(held) > most:
            return b""
    return bytes(held)


def table(raw: bytes) -> Json | None:
    """Return the JSON object that a body is; None when it is none."""
    try:
        body = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None

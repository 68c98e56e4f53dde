"""The local model for the home planner and the user's own programs, in the form OpenAI gave it.

Three routes on the control socket: the models, a chat's next message, texts as vectors. It decides
nothing: each call is one request at the door. What it does not do it refuses by name, rather than
to answer something else than was asked. Nothing of what is said is logged.
"""

from __future__ import annotations

import asyncio
import base64
import json
import secrets
import struct
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from doorward.daemon.control.bodies import answer, decoded, raw
from doorward.daemon.control.chat import Asked, Wrong, asked, texts_of
from doorward.daemon.door.local import EMBED, WRITE, Admitted, BusyError, LocalModel, Refused
from doorward.daemon.objectives.codec import Json
from doorward.tools.reading.reader import (
    ModelMissing,
    ReaderError,
    ReaderLate,
    TooLarge,
    Written,
)
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

_MAX_BODY = 4_000_000
_T = TypeVar("_T")
Endpoint: TypeAlias = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Served:
    """The names under which the models can be asked for."""

    reader: Callable[[], str]
    embedder: Callable[[], str]


@dataclass(frozen=True, slots=True)
class LocalRoutes:
    """The three routes."""

    model: LocalModel
    served: Served
    clock: Callable[[], float]
    """POSIX seconds."""

    def routes(self) -> list[Route]:
        """Return them for the server to add to its own."""
        return [
            Route("/v1/models", _said_well(self.models)),
            Route("/v1/chat/completions", _said_well(self.chat), methods=["POST"]),
            Route("/v1/embeddings", _said_well(self.embeddings), methods=["POST"]),
        ]

    async def models(self, _: Request) -> Response:
        """List what can be asked."""
        names = dict.fromkeys([self.served.reader(), self.served.embedder()])
        listed = [
            {"id": name, "object": "model", "created": 0, "owned_by": "this device"}
            for name in names
        ]
        return answer({"object": "list", "data": listed})

    async def chat(self, request: Request) -> Response:
        """Write a chat's next message."""
        body, size = await _object(request)
        wanted = asked(body)
        name = _known(wanted.model, ("reader", "default"), self.served.reader())
        admitted = self.model.ask(WRITE, size)
        if isinstance(admitted, Refused):
            return _refused(admitted)
        made = _Made(f"chatcmpl-{secrets.token_hex(8)}", int(self.clock()), name)
        if wanted.stream:
            return _Streamed(made, wanted, admitted)
        written = await _unless_gone(request.receive, _write(wanted, admitted, None))
        return answer(made.whole(written)) if written else _nobody()

    async def embeddings(self, request: Request) -> Response:
        """Turn texts into vectors."""
        body, size = await _object(request)
        texts = texts_of(body)
        name = _known(body.get("model"), ("embedder", "default"), self.served.embedder())
        admitted = self.model.ask(EMBED, size)
        if isinstance(admitted, Refused):
            return _refused(admitted)
        vectors = await _unless_gone(request.receive, admitted.embed(texts))
        if vectors is None:
            return _nobody()
        packed = body.get("encoding_format") == "base64"
        data = [
            {"object": "embedding", "index": index, "embedding": _packed(each) if packed else each}
            for index, each in enumerate(vectors)
        ]
        about = sum(len(text) for text in texts) // 4  # the reader does not tell; nobody pays by it
        usage = {"prompt_tokens": about, "total_tokens": about}
        return answer({"object": "list", "data": data, "model": name, "usage": usage})


def _said_well(route: Endpoint) -> Endpoint:
    """Turn errors into the form that clients of OpenAI know."""

    async def answered(request: Request) -> Response:
        try:
            return await route(request)
        except (Wrong, ReaderError, ValueError) as error:
            status, content = _error_of(error)
            return answer(content, status)

    return answered


class _Streamed(Response):
    """An answer that is sent while it is written; who hangs up stops the writing."""

    def __init__(self, made: _Made, wanted: Asked, admitted: Admitted) -> None:
        super().__init__(media_type="text/event-stream")
        del self.headers["content-length"]
        self._made = made
        self._wanted = wanted
        self._admitted = admitted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, event by event."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})

        async def tell(content: Json) -> None:
            body = f"data: {json.dumps(content)}\n\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": True})

        await tell(self._made.part({"role": "assistant", "content": ""}))
        pieces: asyncio.Queue[str | None] = asyncio.Queue()
        async with asyncio.TaskGroup() as group:
            working = group.create_task(self._work(pieces))
            listening = group.create_task(_cancel_when_gone(receive, working))
            while (piece := await pieces.get()) is not None:
                await tell(self._made.part({"content": piece}))
            listening.cancel()
        if working.cancelled():
            return
        written = working.result()
        if isinstance(written, Written):
            await tell(self._made.part({}, str(written.ended)))
            if self._wanted.usage:
                await tell(self._made.usage(written))
            end = b"data: [DONE]\n\n"
        else:
            await tell(_error_of(written)[1])
            end = b""
        await send({"type": "http.response.body", "body": end, "more_body": False})

    async def _work(self, pieces: asyncio.Queue[str | None]) -> Written | Exception:
        try:
            return await _write(self._wanted, self._admitted, pieces.put_nowait)
        except (ReaderError, ValueError) as error:
            return error
        finally:
            pieces.put_nowait(None)


@dataclass(frozen=True, slots=True)
class _Made:
    """What every part of one answer says of it."""

    id: str
    created: int
    model: str

    def whole(self, written: Written) -> Json:
        message = {"role": "assistant", "content": written.text, "refusal": None}
        choice = {"index": 0, "message": message, "logprobs": None}
        return {
            **self._head("chat.completion"),
            "choices": [{**choice, "finish_reason": str(written.ended)}],
            "usage": _usage(written),
        }

    def part(self, delta: Json, ended: str | None = None) -> Json:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": ended}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def usage(self, written: Written) -> Json:
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": _usage(written)}

    def _head(self, kind: str) -> Json:
        return {"id": self.id, "object": kind, "created": self.created, "model": self.model}


def _usage(written: Written) -> Json:
    return {
        "prompt_tokens": written.read,
        "completion_tokens": written.wrote,
        "total_tokens": written.read + written.wrote,
    }


async def _write(wanted: Asked, admitted: Admitted, heard: Callable[[str], None] | None) -> Written:
    return await admitted.write(
        wanted.prompt, schema=wanted.schema, tokens=wanted.tokens, heard=heard
    )


async def _unless_gone(receive: Receive, work: Coroutine[None, None, _T]) -> _T | None:
    """Do the work; stop it when the caller hangs up, and return None."""
    try:
        async with asyncio.TaskGroup() as group:
            working = group.create_task(work)
            listening = group.create_task(_cancel_when_gone(receive, working))
            await asyncio.wait({working})
            listening.cancel()
    except* (ReaderError, ValueError) as failed:
        raise failed.exceptions[0] from None
    return None if working.cancelled() else working.result()


async def _cancel_when_gone(receive: Receive, working: asyncio.Task[_T]) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    working.cancel()


def _known(name: object, also: tuple[str, ...], served: str) -> str:
    if name is not None and name not in (served, *also):
        what = f"the model {str(name)[:80]!r} is not in use here; {served!r} is"
        raise Wrong(f"{what} (doorward models use)", "model", "model_not_found", 404)
    return served


async def _object(request: Request) -> tuple[Json, int]:
    """Read the request, and say how many bytes it has."""
    body = await raw(request, _MAX_BODY)
    found = decoded(body)
    if body is None or found is None:
        raise Wrong(f"the request is not a JSON object of at most {_MAX_BODY // 1_000_000} MB")
    return found, len(body)


def _packed(vector: list[float]) -> str:
    return base64.b64encode(struct.pack(f"<{len(vector)}f", *vector)).decode()


def _error(message: str, kind: str, code: str | None, param: str | None = None) -> Json:
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _refused(refused: Refused) -> Response:
    return answer(_error(str(refused), "permission_error", "denied_by_policy"), 403)


def _nobody() -> Response:
    """Answer somebody who is gone: nobody reads it."""
    return Response(status_code=499)


def _error_of(error: Exception) -> tuple[int, Json]:
    match error:
        case Wrong():
            said = _error(str(error), "invalid_request_error", error.code, error.param)
            return error.status, said
        case BusyError():
            return 429, _error(str(error), "rate_limit_error", "busy")
        case TooLarge():
            return 400, _error(str(error), "invalid_request_error", "context_length_exceeded")
        case ValueError():
            return 400, _error(str(error), "invalid_request_error", None, "response_format")
        case ModelMissing():
            return 503, _error(str(error), "server_error", "model_missing")
        case ReaderLate():
            return 504, _error(str(error), "server_error", "timeout")
        case _:
            return 503, _error(str(error), "server_error", "reader_failed")

"""The control API's server: Starlette on uvicorn, over a 0600 unix socket in a 0700 folder.

It turns HTTP into calls of the supervisor and errors into JSON; it decides nothing. Idle, it costs
nothing: uvicorn's ten ticks a second are replaced by waiting for an event.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import uvicorn
from doorward.daemon.control.bodies import bounded, table
from doorward.daemon.control.views import Views
from doorward.daemon.errors import AlreadyRunning, DaemonError, Misused, NoRoom, exit_code, sentence
from doorward.daemon.objectives.codec import Json
from doorward.daemon.supervisor import Supervisor
from doorward.policies.vocabulary import ObjectiveId
from doorward.tools.base import ToolError
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

_MAX_BODY = 1_000_000


def application(  # noqa: C901  # one small function a route
    supervisor: Supervisor,
    views: Views,
    stop: Callable[[], None],
    more: Sequence[Route] = (),
) -> Starlette:
    """Return the API: its routes are its documentation."""

    async def submit(request: Request) -> Response:
        body = await _body(request)
        objective = views.new_objective(_text(body, "text"), _text(body, "folder"))
        supervisor.submit(objective)
        return _answer({"id": objective.id}, 201)

    async def call(request: Request) -> Response:
        body = await _body(request)
        given = body.get("arguments")
        if not isinstance(given, list) or not all(isinstance(one, str) for one in given):
            raise Misused("arguments must be a list of name=value")
        objective = views.new_call(
            _text(body, "connector"), _text(body, "tool"), given, _text(body, "folder")
        )
        supervisor.submit(objective)
        return _answer({"id": objective.id}, 201)

    async def listing(_: Request) -> Response:
        return _answer({"objectives": views.listing()})

    async def show(request: Request) -> Response:
        return _answer(views.show(_id(request)))

    async def why(request: Request) -> Response:
        return _answer(views.why(_id(request)))

    async def events(request: Request) -> Response:
        supervisor.get(_id(request))
        after = _number(request.query_params.get("after", "0"))
        return StreamingResponse(
            _lines(supervisor, _id(request), after), media_type="application/x-ndjson"
        )

    async def card(request: Request) -> Response:
        body = await _body(request)
        yes = body.get("yes")
        if not isinstance(yes, bool):
            raise Misused("the answer to a card is yes: true or yes: false")
        supervisor.answer(_id(request), str(body.get("card", "")), yes=yes)
        return _answer(views.show(_id(request)))

    async def cards(_: Request) -> Response:
        return _answer(views.cards())

    async def digest(request: Request) -> Response:
        body = await _body(request)
        yes, told = body.get("yes"), views.cards()
        if not isinstance(yes, bool):
            raise Misused("the answer to the collected questions is yes: true or yes: false")
        if not told["digest"] or body.get("digest") != told["digest"]:
            raise Misused("no such questions are collected now; look again: doorward list --cards")
        for one in told["collected"]:
            supervisor.answer(one["objective"], one["card"]["id"], yes=yes)
        return _answer({"answered": len(told["collected"])})

    async def stop_objective(request: Request) -> Response:
        supervisor.stop(_id(request))
        return _answer(views.show(_id(request)))

    async def undo(request: Request) -> Response:
        supervisor.undo(_id(request))
        return _answer(views.show(_id(request)))

    async def status(_: Request) -> Response:
        return _answer(views.status())

    async def shutdown(_: Request) -> Response:
        stop()
        return _answer({"stopping": True})

    one = "/v1/objectives/{id}"
    return Starlette(
        routes=[
            Route("/v1/objectives", submit, methods=["POST"]),
            Route("/v1/objectives", listing),
            Route("/v1/connectors/call", call, methods=["POST"]),
            Route(one, show),
            Route(f"{one}/why", why),
            Route(f"{one}/events", events),
            Route(f"{one}/card", card, methods=["POST"]),
            Route(f"{one}/stop", stop_objective, methods=["POST"]),
            Route(f"{one}/undo", undo, methods=["POST"]),
            Route("/v1/cards", cards),
            Route("/v1/cards", digest, methods=["POST"]),
            Route("/v1/status", status),
            Route("/v1/shutdown", shutdown, methods=["POST"]),
            *more,
        ],
        exception_handlers={DaemonError: _failed, ToolError: _failed},
    )


def _answer(content: Json, status: int = 200) -> Response:
    """Return JSON in ASCII: a file name need not be Unicode, and must not hide all others."""
    return Response(json.dumps(content), status, media_type="application/json")


async def _lines(supervisor: Supervisor, objective: ObjectiveId, after: int) -> AsyncIterator[str]:
    async for event in supervisor.events(objective, after):
        yield json.dumps(event, ensure_ascii=True) + "\n"


def _failed(_: Request, error: Exception) -> Response:
    code = error.code if isinstance(error, DaemonError) else "failed"
    status = 400 if isinstance(error, Misused) else 507 if isinstance(error, NoRoom) else 500
    return _answer({"error": sentence(error), "code": code, "exit": exit_code(error)}, status)


async def _body(request: Request) -> Json:
    body = table(await bounded(request, _MAX_BODY))
    if body is None:
        raise Misused("the request is not a JSON object of at most 1 MB")
    return body


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str):
        raise Misused(f"the request has no text {name!r}")
    return value


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 18:
        raise Misused(f"{text!r} is not the number of an event")
    return int(text)


def _id(request: Request) -> ObjectiveId:
    return ObjectiveId(request.path_params["id"])


class _Quiet(uvicorn.Server):
    """uvicorn without its ten wake-ups a second and without its signal handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._over = asyncio.Event()

    async def main_loop(self) -> None:
        """Wait instead of ticking."""
        await self._over.wait()

    def end(self) -> None:
        """Stop serving."""
        self.should_exit = True
        self._over.set()


async def serve(
    listener: socket.socket, app: Starlette, until: asyncio.Event, let_go: Callable[[], None]
) -> None:
    """Serve on a listening socket until the event is set; `let_go` then ends open streams."""
    config = uvicorn.Config(
        app,
        lifespan="off",
        date_header=False,
        server_header=False,
        ws="none",
        access_log=False,
        log_config=None,
        timeout_graceful_shutdown=1,
    )
    server = _Quiet(config)
    async with asyncio.TaskGroup() as group:
        # `_serve` is what `serve` runs inside its signal handlers; ours are in `daemon.main`.
        serving = group.create_task(server._serve([listener]))
        await until.wait()
        let_go()
        server.end()
        await serving


def listen(path: Path) -> socket.socket:
    """Bind the control socket, 0600.

    Raises:
        AlreadyRunning: Another daemon answers there.
        NoRoom: The socket cannot be made.
    """
    if path.exists() and not path.is_socket():
        wrong = NoRoom(f"cannot listen on {path}: what stands there is no socket")
        wrong.add_note("hint: look what it is and move it away")
        raise wrong
    if path.exists() and _answers(path):
        error = AlreadyRunning(f"a daemon is already running on {path}")
        error.add_note("hint: doorward status shows it, doorward stop ends it")
        raise error
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        path.unlink(missing_ok=True)
        before = os.umask(0o177)
        try:
            listener.bind(str(path))
        finally:
            os.umask(before)
        listener.listen(64)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        wrong = NoRoom(f"cannot listen on {path}: {error.strerror}")
        wrong.add_note("hint: check who owns that folder and what stands at that name")
        raise wrong from error
    return listener


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        try:
            probe.connect(str(path))
        except OSError:
            return False
        return True

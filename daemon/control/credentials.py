"""The control API's routes for credentials: put one in, list their names, take one away.

None of them gives a value back. The server adds them to its own.
"""

from __future__ import annotations

import json

from doorward.daemon.control.bodies import bounded, table
from doorward.daemon.errors import Misused
from doorward.daemon.objectives.codec import Json
from doorward.daemon.outgoing.credentials import AUTHORIZATION, Credential, Credentials
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_MAX_BODY = 20_000


def credential_routes(credentials: Credentials) -> list[Route]:
    """Return the routes."""

    async def listing(_: Request) -> Response:
        return _answer({"credentials": [_shown(each) for each in credentials.all()]})

    async def add(request: Request) -> Response:
        body = await _texts(request)
        made = credentials.add(
            body.get("name", ""),
            body.get("host", ""),
            body.get("value", ""),
            body.get("header", AUTHORIZATION),
        )
        return _answer(_shown(made), 201)

    async def remove(request: Request) -> Response:
        credentials.remove(request.path_params["name"])
        return _answer({"removed": request.path_params["name"]})

    return [
        Route("/v1/credentials", listing),
        Route("/v1/credentials", add, methods=["POST"]),
        Route("/v1/credentials/{name}/remove", remove, methods=["POST"]),
    ]


def _shown(credential: Credential) -> Json:
    return {
        "name": credential.name,
        "host": credential.host,
        "header": credential.header,
        "sentinel": credential.sentinel,
    }


async def _texts(request: Request) -> dict[str, str]:
    body = table(await bounded(request, _MAX_BODY))
    if body is None or not all(isinstance(each, str) for each in body.values()):
        raise Misused("the request is not a JSON object of texts")
    return body


def _answer(content: Json, status: int = 200) -> Response:
    return Response(json.dumps(content), status, media_type="application/json")

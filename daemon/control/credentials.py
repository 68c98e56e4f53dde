"""The control API's routes for credentials: put one in, list their names, take one away.

None of them gives a value back. The server adds them to its own.
"""

from __future__ import annotations

from doorward.daemon.control.bodies import answer, texts
from doorward.daemon.objectives.codec import Json
from doorward.daemon.outgoing.credentials import AUTHORIZATION, Credential, Credentials
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route


def credential_routes(credentials: Credentials) -> list[Route]:
    """Return the routes."""

    async def listing(_: Request) -> Response:
        return answer({"credentials": [_shown(each) for each in credentials.all()]})

    async def add(request: Request) -> Response:
        body = await texts(request)
        made = credentials.add(
            body.get("name", ""),
            body.get("host", ""),
            body.get("value", ""),
            body.get("header", AUTHORIZATION),
        )
        return answer(_shown(made), 201)

    async def remove(request: Request) -> Response:
        credentials.remove(request.path_params["name"])
        return answer({"removed": request.path_params["name"]})

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

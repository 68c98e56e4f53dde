"""The control API's routes for corrections: say what a document is, list what was said, forget it.

What a document is called and what it was taken for is shown; of its text nothing is. The server
adds these routes to its own.
"""

from __future__ import annotations

import json
import os

from doorward.daemon.control.bodies import bounded, table
from doorward.daemon.errors import Misused
from doorward.daemon.objectives.codec import Json
from doorward.daemon.store import Store
from doorward.daemon.values.corrections import Correction, Corrections, Judged, judged
from doorward.daemon.values.vault import Vault
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_MAX_BODY = 20_000


def correction_routes(corrections: Corrections, store: Store, vault: Vault) -> list[Route]:
    """Return the routes."""

    async def listing(_: Request) -> Response:
        return _answer({"corrections": [_shown(each) for each in corrections.all()]})

    async def add(request: Request) -> Response:
        body = await _texts(request)
        found = _found(store, vault, body.get("path", ""), body.get("objective", ""))
        with store.transaction():
            made = corrections.add(found, body.get("option", ""))
        return _answer(_shown(made), 201)

    async def forget(request: Request) -> Response:
        return _answer({"forgotten": corrections.forget(request.path_params["name"])})

    return [
        Route("/v1/corrections", listing),
        Route("/v1/corrections", add, methods=["POST"]),
        Route("/v1/corrections/{name}/forget", forget, methods=["POST"]),
    ]


def _found(store: Store, vault: Vault, path: str, objective: str) -> Judged:
    """Return how a document was classified: by this objective, else by the latest that did.

    Raises:
        Misused: Nobody classified it.
    """
    for one in reversed(store.objectives()):
        if objective and one.id != objective:
            continue
        inside = os.path.relpath(path, one.folder) if path.startswith("/") else path
        found = judged(one, vault, inside)
        if found is not None:
            return found
    error = Misused(f"{objective or 'no objective'} has said what {path} is")
    if objective:
        error = Misused(f"{objective} has not said what {path} is")
    error.add_note("hint: sort or classify it first; then say what it really is")
    raise error


def _shown(correction: Correction) -> Json:
    return {
        "id": correction.id,
        "path": correction.path,
        "option": correction.option,
        "instead_of": correction.instead_of,
    }


async def _texts(request: Request) -> dict[str, str]:
    body = table(await bounded(request, _MAX_BODY))
    if body is None or not all(isinstance(each, str) for each in body.values()):
        raise Misused("the request is not a JSON object of texts")
    return body


def _answer(content: Json, status: int = 200) -> Response:
    return Response(json.dumps(content), status, media_type="application/json")

"""The control API's route for proposals of tags: the user's own plan of one step, told to nobody.

The server adds it to its own; reading passes the door like any other objective's.
"""

from __future__ import annotations

import json
from dataclasses import replace

from doorward.daemon.control.bodies import bounded, table
from doorward.daemon.control.views import Views
from doorward.daemon.errors import Misused
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.objectives.own import plan_of
from doorward.daemon.supervisor import Supervisor
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

_MAX_BODY = 20_000


def suggestion_routes(supervisor: Supervisor, views: Views) -> list[Route]:
    """Return the route."""

    async def suggest(request: Request) -> Response:
        body = table(await bounded(request, _MAX_BODY))
        folder = body.get("folder") if body is not None else None
        if not isinstance(folder, str):
            raise Misused("the request has no text 'folder'")
        objective = suggestion(views, folder)
        supervisor.submit(objective)
        return Response(
            json.dumps({"id": objective.id}), status_code=201, media_type="application/json"
        )

    return [Route("/v1/labels/suggest", suggest, methods=["POST"])]


def suggestion(views: Views, folder: str) -> Objective:
    """Return the objective that looks at a folder.

    Raises:
        Misused: There is no such folder.
    """
    made = views.new_objective("doorward policy suggest", folder)
    return replace(made, own=True, plan=plan_of("labels.suggest", {"folder": "."}, "text"))

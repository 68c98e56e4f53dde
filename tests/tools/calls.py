"""Tool calls as the door makes them: touches judged, permits handed over, a denied one left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from doorward.policies.permit import _GATE_KEY, Permit
from doorward.policies.requests import Request, Verdict
from doorward.policies.vocabulary import Decision, ObjectiveId, Release, StepId
from doorward.tools.base import Context, Result, Tool
from doorward.tools.changes.changeset import Changeset

OBJECTIVE = ObjectiveId("o-1")


def context_of(tmp_path: Path) -> Context:
    folder = tmp_path / "files"
    folder.mkdir(exist_ok=True)
    changeset = Changeset(tmp_path / "doorward", OBJECTIVE, folder)
    return Context(changeset.folder, changeset.at(StepId("s1")), "words", "2026-11-23")


async def call(tool: Tool, context: Context, but: str = "\0", **arguments: Any) -> Result:
    names = {parameter.name for parameter in tool.spec.parameters}
    assert set(arguments) <= names, "the call passes what the tool does not take"
    permits = [
        Permit(
            Request(OBJECTIVE, StepId("s1"), tool.spec.name, touch.effect, touch.resource),
            Verdict(Decision.ALLOW, "r", 1, "", ""),
            _GATE_KEY,
        )
        for touch in tool.touches(arguments, context)
        if not touch.staged and but not in touch.resource
    ]
    return await tool.run(arguments, permits, context)


def data(result: Result) -> dict[str, Any]:
    assert isinstance(result.data, dict)
    return result.data


def put(folder: Path, name: str, content: str | bytes = "x") -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


async def fetch(tool: Tool, context: Context, url: str) -> Result:
    """Call `web.get` with a permit to send the whole address."""
    [touch] = tool.touches({"url": url}, context)
    request = Request(
        OBJECTIVE,
        StepId("s1"),
        tool.spec.name,
        touch.effect,
        touch.resource,
        touch.destination,
        Release.FULL,
    )
    verdict = Verdict(Decision.ALLOW, "r", 1, "", "", Release.FULL)
    return await tool.run({"url": url}, [Permit(request, verdict, _GATE_KEY)], context)

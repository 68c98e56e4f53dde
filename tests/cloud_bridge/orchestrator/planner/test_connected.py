"""Recipes for connectors: only where the device has the tools, and then by the user's own words."""

from __future__ import annotations

import asyncio

import pytest
from doorward.cloud_bridge.orchestrator.planner.base import Brief, Cannot, Made
from doorward.cloud_bridge.orchestrator.planner.embedded import RecipePlanner
from doorward.cloud_bridge.orchestrator.planner.recipes import CONNECTED, load
from doorward.policies.plan import Kind, Literal, Parameter, ToolSpec

PLANNER = RecipePlanner()


def tool(name: str, *names: str, kind: Kind = Kind.TEXT) -> ToolSpec:
    parameters = tuple(Parameter(each, kind, "", required=False) for each in names)
    return ToolSpec(name, "", parameters, frozenset(), "text")


TIME = tool("mcp.time.get_current_time", "timezone")
GIT = tool("mcp.git.git_log", "repo_path", "max_count", kind=Kind.ANY)


def plan(text: str, tools: dict[str, ToolSpec], *more: ToolSpec) -> Made | Cannot:
    known = {**tools, **{each.name: each for each in more}}
    return asyncio.run(PLANNER.plan(Brief(text, "2026-11-23", known)))


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("what time is it in Tokyo?", "Asia/Tokyo"),
        ("what's the time in New York", "America/New_York"),
        ("tell me the current time in london", "Europe/London"),
    ],
)
def test_the_time_elsewhere_is_asked_of_the_connector(
    tools: dict[str, ToolSpec], text: str, zone: str
) -> None:
    made = plan(text, tools, TIME)
    assert isinstance(made, Made)
    (step,) = made.plan.steps
    assert step.tool == TIME.name
    assert step.args["timezone"] == Literal(zone)


@pytest.mark.parametrize("text", load(CONNECTED)[0].examples)
def test_the_commits_of_a_repository_are_asked_of_the_connector(
    tools: dict[str, ToolSpec], text: str
) -> None:
    made = plan(text, tools, GIT)
    assert isinstance(made, Made)
    assert made.plan.steps[0].args["repo_path"] == Literal("/srv/projects/app")


def test_without_the_connector_its_recipes_do_not_exist(tools: dict[str, ToolSpec]) -> None:
    made = plan("what time is it in Tokyo?", tools)
    assert isinstance(made, Cannot)
    assert "mcp." not in made.reason


def test_a_city_that_no_zone_is_called_after_is_asked_for(tools: dict[str, ToolSpec]) -> None:
    made = plan("what time is it in Gotham?", tools, TIME)
    assert isinstance(made, Cannot)
    assert "name a city" in made.reason


def test_a_repository_without_its_whole_path_is_asked_for(tools: dict[str, ToolSpec]) -> None:
    made = plan("show the last commits of the repository app", tools, GIT)
    assert isinstance(made, Cannot)
    assert "by its whole path" in made.reason


@pytest.mark.parametrize("recipe", load(), ids=lambda recipe: recipe.name)
def test_a_connector_takes_no_work_from_other_recipes(
    tools: dict[str, ToolSpec], recipe: object
) -> None:
    for text in recipe.examples:  # type: ignore[attr-defined]  # a recipe
        assert plan(text, tools, TIME, GIT) == plan(text, tools)

"""What the planner's tests share: the embedded planner and a way to ask it."""

from __future__ import annotations

import asyncio
import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from doorward.cloud_bridge.orchestrator.planner.base import Brief, Cannot, Made
from doorward.cloud_bridge.orchestrator.planner.embedded import RecipePlanner
from doorward.policies.plan import ToolSpec

TODAY = "2026-11-23"
Ask = Callable[[str], Made | Cannot]


def neighbour(name: str) -> ModuleType:
    """Load a module that lies beside this file; tests are no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def tools() -> dict[str, ToolSpec]:
    """Every tool that the recipes may use."""
    found: dict[str, ToolSpec] = neighbour("catalogue").catalogue()
    return found


@pytest.fixture(scope="session")
def ask(tools: dict[str, ToolSpec]) -> Ask:
    """Plan one text, as of Monday 23 November 2026."""
    planner = RecipePlanner()

    def plan(text: str) -> Made | Cannot:
        return asyncio.run(planner.plan(Brief(text, TODAY, tools)))

    return plan


@pytest.fixture(scope="session")
def phrasings() -> dict[str, list[tuple[str, str]]]:
    """The lists of objectives: each was run once before anything was mended for it."""
    return {
        "tuned": neighbour("phrasings").phrasings(),
        "held_out": neighbour("held_out").held_out(),
        "blind": neighbour("blind").blind(),
    }


@pytest.fixture(scope="session")
def item_fields() -> dict[str, str]:
    """What each element of a tool's `items` holds."""
    found: dict[str, str] = neighbour("catalogue").ITEM_FIELDS
    return found

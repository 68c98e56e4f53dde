"""Every recipe: its examples lead to it, its plan passes the check, its references exist."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from doorward.cloud_bridge.orchestrator.planner.base import Cannot, Made
from doorward.cloud_bridge.orchestrator.planner.fill import SLOT_KINDS
from doorward.cloud_bridge.orchestrator.planner.recipes import (
    Recipe,
    RecipeError,
    load,
    load_limits,
)
from doorward.policies.plan import Plan, Ref, ToolSpec, check, references
from doorward.policies.vocabulary import Effect

RECIPES = load()
EXAMPLES = [(recipe, text) for recipe in RECIPES for text in recipe.examples]
Ask = Callable[[str], Made | Cannot]


@pytest.mark.parametrize(("recipe", "text"), EXAMPLES, ids=lambda value: str(value)[:40])
def test_an_example_plans_to_its_recipe_and_passes_the_check(
    ask: Ask, tools: dict[str, ToolSpec], recipe: Recipe, text: str
) -> None:
    made = ask(text)
    assert isinstance(made, Made), made
    assert made.plan.recipe == recipe.name
    assert check(made.plan, tools) == []
    assert made.understood
    assert "<" not in made.understood
    assert all(step.why and "<" not in step.why for step in made.plan.steps)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_has_ten_examples_and_known_slots(recipe: Recipe) -> None:
    assert len(set(recipe.examples)) >= 10
    assert {slot.kind for slot in recipe.slots} <= SLOT_KINDS
    assert all(slot.ask for slot in recipe.slots if slot.required)


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda recipe: recipe.name)
def test_a_recipe_says_that_it_changes_something_exactly_when_it_does(
    recipe: Recipe, tools: dict[str, ToolSpec]
) -> None:
    always = [step for step in recipe.steps if not step.only_with]
    effects = {effect for step in always for effect in tools[step.tool].effects}
    assert recipe.changes == bool(effects - {Effect.READ, Effect.EGRESS})
    assert not (recipe.changes and recipe.questions != "never")


@pytest.mark.parametrize(("recipe", "text"), EXAMPLES, ids=lambda value: str(value)[:40])
def test_every_reference_names_a_field_that_the_tool_returns(
    ask: Ask, tools: dict[str, ToolSpec], item_fields: dict[str, str], recipe: Recipe, text: str
) -> None:
    made = ask(text)
    assert isinstance(made, Made)
    assert list(_unknown(made.plan, tools, item_fields)) == []


def _unknown(plan: Plan, tools: dict[str, ToolSpec], item_fields: dict[str, str]) -> list[str]:
    fields = {
        str(step.id): {"items", "failed", "count"}
        if step.each
        else set(tools[step.tool].returns.split())
        for step in plan.steps
    }
    maker = {str(step.id): step for step in plan.steps}
    wrong: list[str] = []
    for step in plan.steps:
        inside: set[str] = set()
        if step.each:
            source = maker[step.each.root]
            tool = tools[source.tool]
            inside = set((tool.returns if source.each else item_fields.get(tool.name, "")).split())
        for ref in (*references(step), *([step.expect] if step.expect else [])):
            wrong += _wrong(ref, {**fields, "item": inside})
    for ref in plan.answer.refs():
        wrong += _wrong(ref, fields)
    return wrong


def _wrong(ref: Ref, fields: dict[str, set[str]]) -> list[str]:
    parts = ref.path.split(".")
    return [ref.path] if len(parts) > 1 and parts[1] not in fields[parts[0]] else []


def test_a_recipe_file_with_another_name_than_its_own_is_refused(tmp_path: Path) -> None:
    source = Path(RECIPES[0].name)
    (tmp_path / "other.toml").write_text(f'name = "{source}"\ntitle = "x"\n', encoding="utf-8")
    with pytest.raises(RecipeError, match=r"other\.toml"):
        load(tmp_path)


def test_the_limits_say_why_in_sentences() -> None:
    assert all(limit.reason.endswith(".") for limit in load_limits())

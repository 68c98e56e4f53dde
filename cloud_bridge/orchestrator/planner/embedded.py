"""The embedded planner: recipes, matched and filled; needs no key, no model and no network.

It is not a conversation: one text in, one plan or one refusal out, the same every time. English
only. The orchestrator's workflow calls it through `base.Planner`.
"""

from __future__ import annotations

from datetime import date

from doorward.cloud_bridge.orchestrator.planner.base import Brief, Cannot, Made
from doorward.cloud_bridge.orchestrator.planner.fill import Missing, fill
from doorward.cloud_bridge.orchestrator.planner.match import Match, Matcher, NoMatch
from doorward.cloud_bridge.orchestrator.planner.reading import Reading, read
from doorward.cloud_bridge.orchestrator.planner.recipes import (
    CONNECTED,
    Limit,
    Recipe,
    load,
    load_limits,
)
from doorward.cloud_bridge.orchestrator.planner.words import MAX_TEXT
from doorward.policies.plan import check


class RecipePlanner:
    """Plans by recipe; safe to share, holds no state between objectives."""

    def __init__(
        self, recipes: tuple[Recipe, ...] | None = None, limits: tuple[Limit, ...] | None = None
    ) -> None:
        self._connected = load(CONNECTED) if recipes is None else ()
        self._recipes = load() if recipes is None else recipes
        self._limits = load_limits() if limits is None else limits
        self._matcher = Matcher(self._recipes, self._limits)
        self._others: dict[tuple[str, ...], RecipePlanner] = {}

    async def plan(self, brief: Brief) -> Made | Cannot:
        """Return a plan that passes the check, or say why there is none."""
        if more := tuple(recipe for recipe in self._connected if _can(recipe, brief)):
            return await self._with(more).plan(brief)
        text = brief.text[: MAX_TEXT + 1]
        reading = read(text, date.fromisoformat(brief.today))
        if not any(letter.isalpha() for letter in text):
            return self._cannot("There is nothing here that I can read as a request.", "find")
        if len(text) > MAX_TEXT:
            return self._cannot(f"This is too long; say it in {MAX_TEXT} letters or fewer.", text)
        found = self._matcher.choose(reading)
        if isinstance(found, Match) or found.unknown:
            found, reading = self._corrected(found, reading)
        match found:
            case Match():
                return self._made(found.recipe, reading, brief)
            case NoMatch():
                return self._cannot(found.reason, reading.text, found.nearest)

    def _with(self, more: tuple[Recipe, ...]) -> RecipePlanner:
        """Return the planner that knows these recipes, too."""
        names = tuple(recipe.name for recipe in more)
        if names not in self._others:
            self._others[names] = RecipePlanner((*self._recipes, *more), self._limits)
        return self._others[names]

    def _corrected(
        self, first: Match | NoMatch, reading: Reading
    ) -> tuple[Match | NoMatch, Reading]:
        """Read again with misspelt words put right, where that fits clearly better."""
        text = self._matcher.corrected(reading)
        if text == reading.text:
            return first, reading
        again = read(text, reading.today)
        second = self._matcher.choose(again)
        better = isinstance(second, Match) and (
            isinstance(first, NoMatch) or second.score > first.score + 0.5
        )
        return (second, again) if better else (first, reading)

    def _made(self, recipe: Recipe, reading: Reading, brief: Brief) -> Made | Cannot:
        filled = fill(recipe, reading)
        rest = (recipe, *(r for r in self._matcher.nearest(reading.text) if r is not recipe))[:3]
        if isinstance(filled, Missing):
            title = recipe.title[:1].lower() + recipe.title[1:]
            reason = f"I take this as: {title}. For that, {filled.ask}."
            return self._cannot(reason, reading.text, rest)
        if errors := check(filled.plan, brief.tools):
            reason = f"This device cannot do it: {errors[0].what}."
            return self._cannot(reason, reading.text, rest)
        return Made(filled.plan, filled.understood)

    def _cannot(self, reason: str, text: str, nearest: tuple[Recipe, ...] = ()) -> Cannot:
        chosen = nearest or self._matcher.nearest(text)
        return Cannot(reason, tuple(self._matcher.example(recipe, text) for recipe in chosen))


def _can(recipe: Recipe, brief: Brief) -> bool:
    """Tell whether the device has every tool of a recipe."""
    return all(step.tool in brief.tools for step in recipe.steps)

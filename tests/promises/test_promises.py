"""PRIVACY.md and its tests belong together, in both directions."""

from __future__ import annotations

import ast
import re
from pathlib import Path

HERE = Path(__file__).parent
PRIVACY = HERE.parents[1] / "PRIVACY.md"


def promised() -> set[int]:
    text = PRIVACY.read_text(encoding="utf-8").partition("## Promises")[2].partition("\n## ")[0]
    return {int(number) for number in re.findall(r"^(\d+)\. ", text, re.MULTILINE)}


def marked() -> dict[str, list[int]]:
    """Return the numbers that each test in this folder is marked with."""
    found: dict[str, list[int]] = {}
    for path in sorted(HERE.glob("test_*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            if path != Path(__file__) and node.name.startswith("test_"):
                found[f"{path.name}::{node.name}"] = [
                    mark.args[0].value
                    for mark in node.decorator_list
                    if isinstance(mark, ast.Call)
                    and ast.unparse(mark.func) == "pytest.mark.promise"
                    and isinstance(mark.args[0], ast.Constant)
                    and isinstance(mark.args[0].value, int)
                ]
    return found


def test_every_promise_has_a_test() -> None:
    assert promised() - {number for numbers in marked().values() for number in numbers} == set()


def test_every_test_here_holds_a_promise_that_is_made() -> None:
    assert [name for name, numbers in marked().items() if not set(numbers) & promised()] == []


def test_the_promises_are_numbered_without_a_gap() -> None:
    assert promised() == set(range(1, len(promised()) + 1))
    assert promised()

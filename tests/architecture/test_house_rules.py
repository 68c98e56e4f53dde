"""The architecture, held by tests about the code."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = ("policies", "tools", "cloud_bridge", "daemon")
MOST_LINES = 400
FORBIDDEN_NAMES = {"utils", "helpers", "manager", "common"}


def modules() -> Iterator[Path]:
    for package in SOURCES:
        yield from sorted((ROOT / package).rglob("*.py"))


def every(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", list(modules()), ids=every)
def test_a_module_opens_by_saying_what_it_is(path: Path) -> None:
    docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert docstring, f"{every(path)} has no module docstring"
    assert docstring.split("\n")[0].endswith("."), "its first line is not a sentence"


@pytest.mark.parametrize("path", list(modules()), ids=every)
def test_a_module_can_be_held_in_the_head(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MOST_LINES, f"{lines} lines: there are two ideas in it"


def test_no_module_is_a_drawer() -> None:
    assert not [every(path) for path in modules() if path.stem in FORBIDDEN_NAMES]


def test_the_gate_is_asked_at_one_place() -> None:
    calls = [every(p) for p in modules() if re.search(r"\badmit\(", p.read_text(encoding="utf-8"))]
    assert calls == ["policies/gate.py", "daemon/door/admission.py"]


def test_permits_are_minted_by_the_gate_alone() -> None:
    key = [every(p) for p in modules() if "_GATE_KEY" in p.read_text(encoding="utf-8")]
    assert key == ["policies/gate.py", "policies/permit.py"]
    minted = [
        every(p)
        for p in modules()
        if re.search(r"[^a-zA-Z]Permit\(", p.read_text(encoding="utf-8"))
    ]
    assert set(minted) <= {"policies/gate.py", "policies/permit.py"}


def test_the_package_list_is_the_tree() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    listed = set(settings["tool"]["setuptools"]["packages"])
    found = {
        "doorward." + ".".join(path.parent.relative_to(ROOT).parts)
        for package in (*SOURCES, "proto")
        for path in (ROOT / package).rglob("*.py")
    }
    assert listed == found
    assert all((ROOT.joinpath(*n.split(".")[1:]) / "__init__.py").is_file() for n in listed)


def test_the_development_links_point_at_the_packages() -> None:
    for package in (*SOURCES, "proto"):
        link = ROOT / ".dev" / "doorward" / package
        assert link.is_symlink()
        assert link.resolve() == ROOT / package


FILE_OPENERS = {
    # who opens files by itself, and why
    "daemon/config.py": "its own settings",
    "daemon/keys.py": "the key file",
    "daemon/receipts/entries.py": "the ledger, reading",
    "daemon/receipts/ledger.py": "the ledger, writing",
    "daemon/attacks/": "a temporary folder with traps in it",
    "daemon/receipts/bundle.py": "a copy of the ledger that the user asks for",
    "daemon/policy_file.py": "the policy file",
    "daemon/connectors.py": "the connectors that the user named, and their pins",
    "daemon/home.py": "the orchestrator's log",
    "daemon/main.py": "the lock that keeps it alone",
    "daemon/commands/background.py": "the daemon's log",
    "daemon/commands/policy.py": "a policy file that the user names",
}
OPENS = re.compile(r"(?<![.\w])(?<!def )open\(|\.(read|write)_(text|bytes)\(|os\.open\(")


def test_files_are_opened_only_where_it_is_their_job() -> None:
    allowed = (
        *FILE_OPENERS,
        "tools/",
        "daemon/models/",
        "daemon/reader/",
        "cloud_bridge/orchestrator/",
    )
    found = [
        every(path)
        for path in modules()
        if OPENS.search(path.read_text(encoding="utf-8")) and not every(path).startswith(allowed)
    ]
    assert found == []


def test_other_machines_are_connected_to_at_one_place() -> None:
    connects = re.compile(
        r"import (httpx|httpcore2?|urllib\.request|http\.client)\b|create_connection\("
        r"|open_connection\((?!sock=)"  # a pair of sockets leads to a child of ours
    )
    found = [every(p) for p in modules() if connects.search(p.read_text(encoding="utf-8"))]
    assert found == ["tools/web/outgoing.py"]


def test_every_public_error_has_an_exit_code() -> None:
    from doorward.daemon import errors

    public = {
        thing
        for name, thing in vars(errors).items()
        if isinstance(thing, type) and issubclass(thing, Exception) and not name.startswith("_")
    }
    assert public == {kind for kind in errors.EXIT_CODES if kind.__module__ == errors.__name__}
    assert len(set(errors.EXIT_CODES.values())) == len(errors.EXIT_CODES)

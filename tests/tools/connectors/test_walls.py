"""What a connector may reach, worked out before anything starts."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from doorward.tools.base import ToolError
from doorward.tools.connectors import child
from doorward.tools.connectors.described import Connector
from doorward.tools.connectors.programs import NoProgram, needs
from doorward.tools.connectors.walls import Ground, order, trial


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    (tmp_path / "state").mkdir(mode=0o700)
    return Ground(tmp_path / "home", tmp_path / "state")


def script(path: Path, first: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{first}\n", encoding="utf-8")
    path.chmod(0o700)
    return path


def test_a_script_needs_itself_its_interpreter_and_the_loader(tmp_path: Path) -> None:
    program = script(tmp_path / "serve", f"#!{sys.executable}")
    run = needs([str(program)]).run
    assert {program, Path(sys.executable).resolve()} <= set(run)
    assert Path("/bin/sh").resolve() not in run


def test_a_script_by_env_needs_env_and_what_it_finds(tmp_path: Path) -> None:
    program = script(tmp_path / "serve", "#!/usr/bin/env sh")
    assert {Path("/usr/bin/env").resolve(), Path("/bin/sh").resolve()} <= set(
        needs([str(program)]).run
    )


def test_code_in_node_modules_needs_all_of_them(tmp_path: Path) -> None:
    code = script(tmp_path / "node_modules" / "server" / "index.js", "#!/bin/sh")
    assert tmp_path / "node_modules" in needs(["/bin/sh", str(code)]).read


@pytest.mark.parametrize("program", ["nowhere", "/nowhere/x", "relative/x", "/etc/passwd"])
def test_a_program_that_cannot_be_executed_is_named(program: str) -> None:
    with pytest.raises(NoProgram, match="there is no program"):
        needs([program])


def test_scripts_that_interpret_each_other_end(tmp_path: Path) -> None:
    path = tmp_path / "circle"
    assert path in needs([str(script(path, f"#!{path}"))]).run


def test_an_environment_has_nothing_of_ours(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "canary")
    env = order(Connector(name="a", command=("/bin/sh",), env={"MODE": "1"}), ground).env
    assert set(env) == {"HOME", "LANG", "MODE", "PATH", "TMPDIR"}
    assert env["HOME"] == str(ground.own / "connectors" / "a")


def test_a_link_to_what_is_never_granted_is_not_granted(ground: Ground) -> None:
    (ground.home / ".ssh").mkdir()
    (ground.home / "notes").symlink_to(ground.home / ".ssh")
    with pytest.raises(ToolError, match="holds keys"):
        order(Connector(name="a", command=("/bin/sh",), read=("~/notes",)), ground)


def test_a_seatbelt_profile_of_a_connector_names_its_programs_and_no_network(
    ground: Ground,
) -> None:
    (ground.home / "app").mkdir()
    made = order(Connector(name="a", command=("/bin/sh",), read=("~/app",)), ground)
    text = child.profile(made, [])
    assert f'(subpath "{ground.home / "app"}")' in text
    assert "(allow process-exec file-read* (literal" in text
    assert "(allow process-exec)" not in text
    assert "(allow network" not in text
    assert text.count("(") == text.count(")")


@pytest.mark.skipif(sys.platform != "linux", reason="these layers are Linux's")
async def test_the_walls_can_be_tried_without_a_program(ground: Ground) -> None:
    layers = await child.try_walls(trial(ground), ground.home)
    assert "seccomp" in layers
    assert any(layer.startswith("landlock") for layer in layers)

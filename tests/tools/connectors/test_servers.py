"""Servers that others wrote, behind the walls: git and time from the lock, files where node is."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from doorward.policies.vocabulary import Data
from doorward.tools.connectors.described import Connector
from doorward.tools.connectors.running import Running
from doorward.tools.connectors.walls import Ground

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    (tmp_path / "state").mkdir(mode=0o700)
    return Ground(tmp_path / "home", tmp_path / "state")


@pytest.fixture
async def running(ground: Ground) -> AsyncIterator[Running]:
    async with Running(ground, seconds=20).kept() as held:
        yield held


def ours(where: Path, *arguments: str) -> str:
    """Run git ourselves, without walls; return what it prints."""
    me = (shutil.which("git") or "", "-c", "user.name=A", "-c", "user.email=a@example.org")
    done = subprocess.run([*me, *arguments], cwd=where, check=False, capture_output=True)
    return done.stdout.decode()


def repository(path: Path) -> Path:
    """Make a repository with one commit."""
    path.mkdir(parents=True)
    (path / "a.txt").write_text("one\n", encoding="utf-8")
    for command in (("init", "-b", "main"), ("add", "."), ("commit", "-m", "first words")):
        ours(path, *command)
    return path


def server(name: str) -> str:
    """Return where a server of the development lock is."""
    return str(Path(sys.executable).with_name(name))


def git(**grants: tuple[str, ...]) -> Connector:
    return Connector(
        name="git",
        command=(server("mcp-server-git"),),
        env={"GIT_CONFIG_NOSYSTEM": "1"},
        run=("git",),
        **grants,
    )


async def call(running: Running, connector: Connector, tool: str, **arguments: Data) -> str:
    accepted, refused = await running.offered(connector)
    assert not refused
    answer = await running.call(connector, accepted, tool, arguments)
    content = answer["content"]
    assert isinstance(content, list) and isinstance(content[0], dict)
    return str(content[0]["text"])


async def test_git_reads_the_repository_that_it_was_given_no_other_and_changes_nothing(
    running: Running, ground: Ground
) -> None:
    app, other = repository(ground.home / "app"), repository(ground.home / "other")
    given = git(read=("~/app",))
    assert "first words" in await call(running, given, "git_log", repo_path=str(app))
    assert "first words" not in await call(running, given, "git_log", repo_path=str(other))
    await call(running, given, "git_create_branch", repo_path=str(app), branch_name="b")
    assert ours(app, "branch") == "* main\n"


async def test_a_repository_cannot_have_git_run_a_program_of_its_choice(
    running: Running, ground: Ground
) -> None:
    where = repository(ground.home / "app")
    trap = ground.home / "app" / "sprung"
    ours(where, "config", "core.fsmonitor", f"touch {trap}; false")
    ours(where, "status")
    assert trap.exists()  # it works without walls
    trap.unlink()
    both = git(read=("~/app",), write=("~/app",))
    await call(running, both, "git_status", repo_path=str(where))
    assert not trap.exists()


async def test_the_time_server_tells_the_time_elsewhere(running: Running) -> None:
    connector = Connector(name="time", command=(server("mcp-server-time"),))
    assert "+09:00" in await call(running, connector, "get_current_time", timezone="Asia/Tokyo")


FILES = shutil.which("mcp-server-filesystem")


@pytest.mark.skipif(
    FILES is None or shutil.which("node") is None,
    reason="the filesystem server is a node program: npm install -g "
    "@modelcontextprotocol/server-filesystem puts it on the PATH",
)
async def test_the_filesystem_server_reads_what_it_was_given_and_no_more(
    running: Running, ground: Ground
) -> None:
    folder = ground.home / "notes"
    folder.mkdir()
    (folder / "mine").write_text("mine", encoding="utf-8")
    (ground.home / "other").write_text("other", encoding="utf-8")
    everything = str(ground.home)  # the server itself would allow it all
    connector = Connector(name="files", command=(str(FILES), everything), read=("~/notes",))
    mine = str(folder / "mine")
    assert await call(running, connector, "read_text_file", path=mine) == "mine"
    told = await call(running, connector, "read_text_file", path=str(ground.home / "other"))
    assert "EACCES" in told
    told = await call(running, connector, "write_file", path=mine, content="changed")
    assert "EACCES" in told
    assert (folder / "mine").read_text(encoding="utf-8") == "mine"

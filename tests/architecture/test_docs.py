"""What the documents say is what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from doorward.cloud_bridge.orchestrator.planner.base import Brief, Made
from doorward.cloud_bridge.orchestrator.planner.embedded import RecipePlanner
from doorward.daemon import errors
from doorward.daemon.commands.main import VERBS
from doorward.daemon.toolbox import toolbox
from doorward.policies.document import parse
from doorward.policies.plan import ToolSpec
from doorward.tools.documents.client import DocumentReader
from doorward.tools.reading.reader import ScriptedReader
from doorward.tools.web.outgoing import NamedResolver, Outgoing

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(ROOT.glob("*.md"))


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def test_the_policy_in_the_readme_is_a_policy() -> None:
    found = re.search(r"```toml\n(.*?)```", read("README.md"), re.DOTALL)
    assert found
    assert parse(found[1], home="/home/anna").id


def test_the_readme_lists_every_command() -> None:
    said = read("README.md").partition("## Commands and exit codes")[2].partition("| Code")[0]
    for verb in VERBS:
        assert re.search(rf"`{verb}[` ]", said), verb


def test_the_readme_lists_every_exit_code() -> None:
    table = read("README.md").partition("| Code")[2]
    codes = {int(code) for code in re.findall(r"\| (\d+) \|", table)}
    known = set(errors.EXIT_CODES.values())
    known |= {errors.REFUSED, errors.WAITING, errors.STOPPED, errors.POLICY_INVALID, 0, 130}
    known |= {errors.ATTACK_BROKE}
    assert codes == known


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_and_every_file_that_is_named_exists(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    linked = [link.partition("#")[0] for link in re.findall(r"\]\(([^)]+)\)", text)]
    named = re.findall(r"`((?:policies|tools|cloud_bridge|daemon|scripts|samples)/[\w./-]+)`", text)
    missing = [name for name in (*linked, *named) if name and not (ROOT / name).exists()]
    assert missing == []


def test_no_document_carries_a_path_of_one_machine() -> None:
    for path in DOCUMENTS:
        assert not re.search(r"/(?:root|home/\w+|work|tmp)/\w", path.read_text(encoding="utf-8"))


async def test_every_objective_in_the_readme_can_be_planned() -> None:
    tools = {tool.name: tool for tool in _specs()}
    table = read("README.md").partition("<!-- recipes -->")[2].partition("<!-- /recipes -->")[0]
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    said = [text for row in rows for text in re.findall(r"`([^`]+)`", row)]
    assert len(said) > 10
    for text in said:
        made = await RecipePlanner().plan(Brief(text, "2026-11-23", tools))
        assert isinstance(made, Made), f"{text}: {made}"


def _specs() -> list[ToolSpec]:
    return [
        tool.spec
        for tool in toolbox(
            DocumentReader(), ScriptedReader(), Outgoing(NamedResolver({}))
        ).values()
    ]

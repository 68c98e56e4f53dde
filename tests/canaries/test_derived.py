"""What a tool makes of content keeps its label: also a translation, a scan or a program.

No tool of ours translates, reads pictures, writes programs or packs archives yet. Stand-ins show
that whatever a tool makes of a document is held back like the document.
"""

from __future__ import annotations

import base64
import gzip
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from doorward.daemon.values.vault import handle_of
from doorward.policies.labels import NEUTRAL
from doorward.policies.permit import Permit
from doorward.policies.plan import Kind, Literal, Parameter, Plan, Ref, Step, Template, ToolSpec
from doorward.policies.vocabulary import Effect, StepId
from doorward.tools.base import Arguments, Context, Result, Touch

from tests.agent import FixedPlanner, Setting
from tests.canaries.policies import POLICIES
from tests.canaries.searching import Search

TOKEN = "kqz7rmtw4xbn9phd"
MADE: dict[str, Callable[[str], str]] = {
    "translation": lambda text: text.replace("The rent", "Die Miete").upper(),
    "scan": lambda text: text.replace(" ", "  "),
    "program": lambda text: f"RENT = {text!r}\n",
    "archive": lambda text: base64.b64encode(gzip.compress(text.encode())).decode(),
    "reversal": lambda text: text[::-1],
}


class Maker:
    """A stand-in for a tool that makes something of a text it is given."""

    spec = ToolSpec(
        "odd.make",
        "make something of a text",
        (Parameter("text", Kind.TEXT, "the text"),),
        frozenset({Effect.READ}),
        "made",
    )

    def __init__(self, make: Callable[[str], str]) -> None:
        self._make = make

    def touches(self, arguments: Arguments, context: Context) -> list[Touch]:
        return []

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        return Result({"made": self._make(str(arguments["text"]))}, NEUTRAL)


class Scanner(Maker):
    """A stand-in for a tool that reads a picture by itself."""

    spec = ToolSpec(
        "odd.make",
        "read a picture",
        (Parameter("path", Kind.PATH, "the picture"),),
        frozenset({Effect.READ}),
        "made",
    )

    def touches(self, arguments: Arguments, context: Context) -> list[Touch]:
        return [Touch(Effect.READ, str(context.changeset.resolve(str(arguments["path"]))))]

    async def run(
        self, arguments: Arguments, permits: Sequence[Permit], context: Context
    ) -> Result:
        text = Path(permits[0].request.resource).read_text(encoding="utf-8")
        return Result({"made": self._make(text)}, NEUTRAL)


async def crossed(agent: Setting, folder: str, maker: Maker) -> tuple[str, set[str]]:
    """Return what the maker made of the letter in a folder, and which canaries went up."""
    place = agent.folder / folder
    place.mkdir(parents=True)
    (place / "letter.txt").write_text(f"The rent of {TOKEN} is due on Monday.\n", encoding="utf-8")
    path = Literal(f"{folder}/letter.txt")
    steps = [Step(StepId("s2"), "odd.make", {"path": path})]
    if not isinstance(maker, Scanner):
        steps = [
            Step(StepId("s1"), "files.read", {"path": path}),
            Step(StepId("s2"), "odd.make", {"text": Ref("s1.text")}),
        ]
    agent.planner = FixedPlanner(Plan(tuple(steps), Template("{s2.made}")))
    agent.extra = {"odd.make": maker}
    async with agent.start() as daemon:
        objective = daemon.ask("make something of the letter")
        await daemon.until(objective, "done")
        value = daemon.door.vault.get(handle_of(objective, StepId("s2")))
        assert value is not None
        return repr(value.data), set(Search([TOKEN]).found(b"\n".join(daemon.orchestrator.heard)))


@pytest.fixture
def agent(tmp_path: Path) -> Setting:
    home = tmp_path / "home"
    return Setting(
        tmp_path / "state", home / "all", policy=POLICIES["released"].replace("~/", "~/all/")
    )


@pytest.mark.promise(1)
@pytest.mark.parametrize("folder", ["Private", "Device"])
@pytest.mark.parametrize("kind", MADE)
async def test_what_is_made_of_a_private_document_stays_where_the_document_stays(
    agent: Setting, kind: str, folder: str
) -> None:
    made, out = await crossed(agent, folder, Maker(MADE[kind]))
    assert Search([TOKEN]).found(made.encode())
    assert out == set()


@pytest.mark.promise(1)
@pytest.mark.parametrize("folder", ["Private", "Device"])
async def test_what_is_read_off_a_private_picture_stays_where_the_picture_stays(
    agent: Setting, folder: str
) -> None:
    made, out = await crossed(agent, folder, Scanner(MADE["scan"]))
    assert TOKEN in made
    assert out == set()


@pytest.mark.parametrize("kind", MADE)
async def test_what_is_made_of_a_public_document_may_go(agent: Setting, kind: str) -> None:
    _, out = await crossed(agent, "Public", Maker(MADE[kind]))
    assert out == {TOKEN}

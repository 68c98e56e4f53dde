"""People whom no list of contacts knows are redacted, restored, and looked for where it matters."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from doorward.daemon.door.releases import Detectors
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER, DEFAULT_READER, Chosen
from doorward.daemon.models.client import ReaderClient
from doorward.daemon.values.name_scanner import ReaderNames
from doorward.policies.plan import Plan, Template
from doorward.tools.reading.reader import NOW, ModelMissing, ScriptedReader, Span, Terms

from tests.agent import FixedPlanner, Setting
from tests.daemon.door.test_door import Odd, step
from tests.daemon.door.test_releases import ALLOW

NAMED = os.environ.get("DOORWARD_TEST_MODELS")
FOLDER = Path(NAMED) if NAMED else Path(__file__).parents[3] / ".cache" / "models"
PEOPLE = "Ilse Brandner met Otto Quist; Ilse Brandner paid"

WORDS = """[[rule]]
id = "words"
verdict = "allow"
effect = "egress"
to = "orchestrator:home"
words = true
"""


@dataclass
class Asked(ScriptedReader):
    """Tells what it was asked about; fails, or has no model, for good."""

    fails: bool = False
    missing: bool = False
    texts: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(broken=99 if self.fails else 0)

    async def names(self, texts: Sequence[str], terms: Terms = NOW) -> list[list[Span]]:
        self.texts += texts
        if self.missing:
            raise ModelMissing("there is no embedder; run `doorward models get`")
        return await super().names(texts, terms)


@pytest.fixture
def agent(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    return Setting(tmp_path / "state", folder)


def looking(agent: Setting, reader: Asked, answer: str, *, required: bool = False) -> Setting:
    planner = FixedPlanner(Plan((step(),), Template(answer)))
    detectors = Detectors(people=ReaderNames(reader, required))
    extra = {"odd.do": Odd({"path": PEOPLE})}
    return replace(agent, planner=planner, extra=extra, detectors=detectors)


async def test_a_stranger_has_a_stable_pseudonym_and_comes_back_in_the_answer(
    agent: Setting,
) -> None:
    agent.policy = ALLOW.format(form="redacted", also="")
    agent = looking(agent, Asked(), "Person A and Person B: {s1.path}")
    async with agent.start() as daemon:
        objective = daemon.ask("who paid?")
        await daemon.until(objective, "done")
        await daemon.settle()
        heard = b"".join(daemon.orchestrator.heard)
        assert b"Person A met Person B; Person A paid" in heard
        assert b"Brandner" not in heard
        assert b"Quist" not in heard
        assert daemon.answer(objective) == f"Ilse Brandner and Otto Quist: {PEOPLE}"


async def test_a_name_makes_a_text_personal(agent: Setting) -> None:
    agent.policy = ALLOW.format(form="full", also='at_most = "work"')
    agent = looking(agent, Asked(), "{s1.path}")
    async with agent.start() as daemon:
        await daemon.until(daemon.ask("who paid?"), "done")
        await daemon.settle()
        heard = b"".join(daemon.orchestrator.heard)
        assert b"Brandner" not in heard
        assert b"Person A" in heard


async def test_a_text_that_could_not_be_looked_through_crosses_as_one_word(agent: Setting) -> None:
    agent.policy = ALLOW.format(form="redacted", also="")
    async with looking(agent, Asked(fails=True), "{s1.path}").start() as daemon:
        objective = daemon.ask("who paid?")
        await daemon.until(objective, "done")
        await daemon.settle()
        heard = b"".join(daemon.orchestrator.heard)
        assert b"Brandner" not in heard
        assert b"text-" in heard
        assert daemon.answer(objective) == PEOPLE


@pytest.mark.parametrize(("required", "crosses"), [(False, True), (True, False)])
async def test_without_a_model_names_cross_unless_they_are_required(
    agent: Setting, required: bool, crosses: bool
) -> None:
    agent.policy = ALLOW.format(form="redacted", also="")
    agent = looking(agent, Asked(missing=True), "{s1.path}", required=required)
    async with agent.start() as daemon:
        await daemon.until(daemon.ask("who paid?"), "done")
        await daemon.settle()
        assert (b"Brandner" in b"".join(daemon.orchestrator.heard)) is crosses


async def test_nobody_is_looked_for_where_shapes_cross(agent: Setting) -> None:
    agent.policy = ALLOW.format(form="shape", also="") + WORDS
    reader = Asked()
    async with looking(agent, reader, "{s1.path}").start() as daemon:
        await daemon.until(daemon.ask("what did Ilse Brandner pay?"), "done")
    assert reader.texts == []


async def test_the_users_words_are_looked_through_only_where_they_cross_redacted(
    agent: Setting,
) -> None:
    agent.policy = ALLOW.format(form="redacted", also="")
    async with looking(agent, Asked(), "Person A").start() as daemon:
        objective = daemon.ask("what did Ilse Brandner pay?")
        await daemon.until(objective, "done")
        await daemon.settle()
        assert b"what did Person A pay?" in b"".join(daemon.orchestrator.heard)
        assert daemon.answer(objective) == "Ilse Brandner"


@pytest.mark.reader
async def test_the_real_model_finds_a_stranger_who_comes_back_in_the_answer(agent: Setting) -> None:
    if not (FOLDER / DEFAULT_EMBEDDER).is_dir():
        pytest.skip(f"no embedder in {FOLDER}")
    agent.policy = ALLOW.format(form="redacted", also="")
    letter = "Dear Ilse Brandner,\n\nOtto Quist has paid the rent.\n\nKind regards\nIlse Brandner"
    chosen = Chosen(FOLDER / DEFAULT_READER, FOLDER / DEFAULT_EMBEDDER)
    async with ReaderClient(lambda: chosen, FOLDER / "cache") as client:
        agent = replace(
            agent,
            planner=FixedPlanner(Plan((step(),), Template("Person B paid Person A"))),
            extra={"odd.do": Odd({"path": letter})},
            detectors=Detectors(people=ReaderNames(client)),
        )
        async with agent.start() as daemon:
            objective = daemon.ask("who paid?")
            await daemon.until(objective, "done")
            await daemon.settle()
            heard = b"".join(daemon.orchestrator.heard)
            assert b"Person B has paid the rent" in heard
            assert b"Brandner" not in heard
            assert b"Quist" not in heard
            assert daemon.answer(objective) == "Otto Quist paid Ilse Brandner"

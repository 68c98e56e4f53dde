"""Promises on what travels with data, what a yes means, and the ways out besides the planner."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from doorward.cloud_bridge.orchestrator.planner.embedded import RecipePlanner
from doorward.daemon.policy_file import default_text
from doorward.daemon.values.vault import handle_of
from doorward.policies.plan import Literal, Plan, Ref, Step, Template
from doorward.policies.vocabulary import StepId

from tests.agent import FixedPlanner, Setting
from tests.journeys import test_approvals as approvals
from tests.journeys import test_pages as pages
from tests.journeys.test_labels import MAIL, Send
from tests.tools.connectors import test_way as way
from tests.tools.websites import Website, page, website

NOTE = "For guests.\nThe wifi password: Tr0ub4dor&3xyz\n"
SITE = "https://shop.example.org"


@pytest.fixture
def setting(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    (folder / "wifi.txt").write_text(NOTE, encoding="utf-8")
    return Setting(tmp_path / "state", folder)


def planned(setting: Setting, *steps: Step) -> Setting:
    return replace(setting, planner=FixedPlanner(Plan(steps, Template(""))))


READ = Step(StepId("s1"), "files.read", {"path": Literal("wifi.txt")})


@pytest.mark.promise(10)
async def test_what_is_made_of_a_file_has_its_label_also_under_another_name(
    setting: Setting,
) -> None:
    health = '\n[[place]]\npath = "~/Documents/wifi.txt"\ntags = "health"\n'
    copy = Step(StepId("s2"), "files.write", {"path": Literal("new.txt"), "text": Ref("s1.text")})
    agent = planned(replace(setting, policy=default_text() + health), READ, copy)
    async with agent.start() as daemon:
        first = daemon.ask("copy it")
        await daemon.until(first, "waiting")
        daemon.yes(first)
        await daemon.until(first, "done")
    (agent.folder / "new.txt").rename(agent.folder / "moved.txt")
    again = Step(StepId("s1"), "files.read", {"path": Literal("moved.txt")})
    agent = replace(planned(agent, again), orchestrator=None)
    async with agent.start() as daemon:
        done = await daemon.until(daemon.ask("read it"), "done")
        value = daemon.door.vault.get(handle_of(done.id, "s1"))
        assert value is not None
        assert "health" in value.label.tags


@pytest.mark.promise(11)
@pytest.mark.parametrize("secret", [Ref("s1.text"), Literal("it is password: Tr0ub4dor&3xyz")])
async def test_a_secret_goes_into_no_call_whatever_a_rule_allows(
    setting: Setting, secret: Ref | Literal
) -> None:
    allow = '\n[[rule]]\nid = "all"\nverdict = "allow"\neffect = "egress"\nto = "device"\n'
    text = (default_text() + MAIL + allow).replace('keep    = "local_only"', "")
    text = text.replace(', keep = "local_only"', "")
    call = {"to": Literal(["bob@corp.example"]), "text": secret}
    send = Send()
    agent = replace(setting, policy=text, extra={"mcp.mail.send": send})
    agent = planned(agent, READ, Step(StepId("s2"), "mcp.mail.send", call))
    async with agent.start() as daemon:
        asked = daemon.ask("write to bob@corp.example")
        done = await daemon.until(asked, "done", "failed")
        assert done.reports[StepId("s2")].rule == "no-secrets-out"
        assert done.cards == 0
    assert send.permits == []


@pytest.mark.promise(12)
async def test_a_yes_is_for_exactly_what_the_card_said_and_once(setting: Setting) -> None:
    look = approvals.Look()
    planner = FixedPlanner(approvals.looks())
    agent = replace(setting, planner=planner, extra={"odd.look": look})
    async with agent.start() as daemon:
        objective, approved = await approvals.asked(daemon)
        await approvals.perform(daemon, objective, approved, note="something else")
        assert look.runs == []
        await approvals.perform(daemon, objective, approved)
        await approvals.perform(daemon, objective, approved)
    assert look.runs == ["f1"]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Website]:
    served = {"/terms": page(pages.TERMS)}
    async with website(tmp_path, ["shop.example.org"], served) as made:
        yield made


@pytest.mark.promise(13)
async def test_a_page_is_asked_for_only_by_an_address_that_was_typed(
    setting: Setting, shop: Website
) -> None:
    agent, resolver = pages.reaching(setting, shop)
    url = f"{SITE}:{shop.port}/terms"
    fetch = Step(StepId("s2"), "web.get", {"url": Template(f"{url}?q={{s1.text}}")})
    async with planned(agent, READ, fetch).start() as daemon:
        await daemon.until(daemon.ask(f"read wifi.txt and {url}"), "done", "failed")
    assert (resolver.asked, shop.heard) == ([], [])
    agent = replace(agent, orchestrator=None, planner=RecipePlanner())
    async with agent.start() as daemon:
        await daemon.until(daemon.ask(f"what does {url} say about refunds?"), "done")
    assert resolver.asked == ["shop.example.org"]


@pytest.fixture
async def site(tmp_path: Path) -> AsyncIterator[Website]:
    (tmp_path / "site").mkdir()
    names, served = ["api.example.org", "evil.example.org"], {"/a": page(b"hello")}
    async with website(tmp_path / "site", names, served) as made:
        yield made


@pytest.mark.promise(14)
async def test_a_connector_reaches_the_hosts_that_you_named_and_nothing_else(
    tmp_path: Path, site: Website
) -> None:
    await way.test_a_connector_reaches_its_own_hosts_through_the_proxy_and_nothing_else(
        tmp_path, site
    )

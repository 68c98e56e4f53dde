"""What detectors find in a result is in the labels of its parts and of what is made of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from doorward.daemon.door.raised import MOST, raised
from doorward.daemon.door.releases import Detectors
from doorward.daemon.policy_file import default_text
from doorward.daemon.values.vault import Value
from doorward.policies.detect.known import KnownSecrets
from doorward.policies.labels import USER, Label
from doorward.policies.plan import Argument, Literal, Plan, Ref, Step, Template
from doorward.policies.vocabulary import Data, StepId, Trust
from hypothesis import given
from hypothesis import strategies as st

from tests.agent import FixedPlanner, Setting
from tests.journeys.test_labels import MAIL, Send

SECRET = frozenset({"secret"})
PLAIN = Label(frozenset({"work"}), Trust.TRUSTED)


def tags(text: Data) -> frozenset[str]:
    return SECRET if "hunter2" in str(text) else frozenset()


def test_the_part_in_which_it_stands_is_raised_and_its_neighbour_is_not() -> None:
    data: Data = {"items": [{"text": "hunter2", "path": "a"}, {"text": "fine", "path": "b"}]}
    value = raised(Value(data, PLAIN, (), {"items.*.text": USER}), tags)
    assert value.label_at("items.0.text").tags == SECRET
    assert value.label_at("items.0.path") == PLAIN
    assert value.label_at("items.1.text") == USER
    assert value.label_at("items.0").tags == {"secret", "work"}
    assert value.label_at("").tags == {"secret", "work"}


@pytest.mark.parametrize(
    "data", ["hunter2", {"hunter2": "x"}, {"a.b": "hunter2"}, {"a.b": {"c": ["hunter2"]}}]
)
def test_what_no_place_names_raises_what_it_stands_in(data: Data) -> None:
    assert raised(Value(data, PLAIN), tags).label.tags == {"secret", "work"}


def test_what_is_too_long_to_look_at_may_be_anything() -> None:
    value = raised(Value(["x" * MOST, "y"], PLAIN), tags)
    assert value.label_at("0") == PLAIN
    assert value.label_at("1").tags == {"secret", "personal", "work"}


DATA = st.recursive(
    st.sampled_from(["hunter2", "fine", "", None, True, 7]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "b", "a.b", "hunter2"]), inner, max_size=3)
    ),
    max_leaves=8,
)


@given(DATA, st.dictionaries(st.sampled_from(["a", "b", "0", "*.a", "a.b"]), st.just(USER)))
def test_labels_only_grow_and_every_text_that_has_it_says_so(
    data: Data, fields: dict[str, Label]
) -> None:
    before = Value(data, PLAIN, (), fields)
    after = raised(before, tags)
    for place in ("", "a", "b", "0", "1", "a.b", "a.0", "0.a", "b.a.0"):
        assert after.label_at(place).tags >= before.label_at(place).tags
    if "hunter2" in str(data):
        assert "secret" in after.label_at("").tags


# --- through the door -----------------------------------------------------------------------------


@pytest.fixture
def agent(tmp_path: Path) -> Setting:
    folder = tmp_path / "home" / "Documents"
    folder.mkdir(parents=True)
    (folder / "wifi.txt").write_text("For guests\npassword: Tr0ub4dor&3xyz\n", encoding="utf-8")
    (folder / "plain.txt").write_text("dinner at eight", encoding="utf-8")
    return Setting(tmp_path / "state", folder)


MAY = """
[[rule]]
id = "anything"
verdict = "allow"
effect = "egress"
to = ["device", "connector:*"]
"""


def sending(agent: Setting, send: Send, **arguments: Argument) -> Setting:
    steps = (
        Step(StepId("s1"), "files.read", {"path": Literal("wifi.txt")}),
        Step(StepId("s2"), "files.read", {"path": Literal("plain.txt")}),
        Step(StepId("s3"), "mcp.mail.send", arguments),
    )
    policy = (default_text() + MAIL + MAY).replace('keep    = "local_only"', "")
    policy = policy.replace(', keep = "local_only"', "")
    planner = FixedPlanner(Plan(steps, Template("")))
    return replace(agent, planner=planner, policy=policy, extra={"mcp.mail.send": send})


async def test_a_password_from_a_document_goes_into_no_call(agent: Setting) -> None:
    send = Send()
    sent: dict[str, Argument] = {"to": Literal(["bob@corp.example"]), "text": Ref("s1.text")}
    async with sending(agent, send, **sent).start() as daemon:
        done = await daemon.until(daemon.ask("write to bob@corp.example"), "done", "failed")
        assert done.reports[StepId("s3")].rule == "no-secrets-out"
    assert send.permits == []


async def test_what_is_no_secret_goes(agent: Setting) -> None:
    send = Send()
    sent: dict[str, Argument] = {"to": Literal(["bob@corp.example"]), "text": Ref("s2.text")}
    async with sending(agent, send, **sent).start() as daemon:
        await daemon.until(daemon.ask("write to bob@corp.example"), "done")
    assert len(send.permits) == 1


@pytest.mark.parametrize(
    "text",
    [
        "use k3y-0f-connect0r now",
        "use azN5LTBmLWNvbm5lY3Qwcg== now",
        "the password is Tr0ub4dor&3xyz",
    ],
)
async def test_a_secret_that_the_planner_wrote_goes_into_no_call(agent: Setting, text: str) -> None:
    send = Send()
    known = KnownSecrets(["k3y-0f-connect0r"], b"k" * 16)
    agent = replace(agent, detectors=Detectors(known=lambda: known))
    sent: dict[str, Argument] = {"to": Literal(["bob@corp.example"]), "text": Literal(text)}
    async with sending(agent, send, **sent).start() as daemon:
        done = await daemon.until(daemon.ask("write to bob@corp.example"), "done", "failed")
        assert done.reports[StepId("s3")].rule == "no-secrets-out"
    assert send.permits == []

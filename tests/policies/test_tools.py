"""What the user vouches for of tools: `[[tool]]`."""

from __future__ import annotations

import pytest
from doorward.policies.document import PolicyErrors, parse
from doorward.policies.manifest import Manifest, unknown_tool
from doorward.policies.rules import Policy, label_of
from doorward.policies.vocabulary import Effect, Role, Trust

HOME = "/home/x"
TOOLS = """version = 1
[defaults]
tags = "personal"
[[tool]]
name    = "mcp.git.*"
effect  = ["read", "egress"]
targets = ["repo_path", "branch"]
options = "max_count"
cues    = ["Commit", "log"]
tags    = "work"
fields  = { "items.*.hash" = "assigned", author = "trusted" }
[[tool]]
name    = "mcp.git.git_*"
effect  = "write"
objects = ["branch", "event"]
options = ["repo_path", "event.title"]
cues    = "log"
tags    = "client"
trust   = "trusted"
fields  = { "items.*.hash" = "trusted" }
[[tool]]
name    = ["mcp.git.git_status", "mcp.time.now"]
effect  = "read"
trust   = "assigned"
[[tool]]
name    = "web.*"
tags    = "public"
"""


@pytest.fixture(name="policy")
def _policy() -> Policy:
    return parse(TOOLS, home=HOME)


def test_a_tool_that_is_named_itself_is_what_is_said_of_it_alone(policy: Policy) -> None:
    for tool in ("mcp.git.git_status", "mcp.time.now"):
        manifest = policy.manifest(tool)
        assert (manifest.tool, manifest.effects) == (tool, frozenset({Effect.READ}))
        assert (manifest.returns.tags, manifest.returns.trust) == (
            frozenset({"personal"}),
            Trust.ASSIGNED,
        )
        assert manifest.role("anything") is Role.TARGET


def test_one_pattern_speaks_for_what_it_matches(policy: Policy) -> None:
    manifest = policy.manifest("mcp.git.show")
    assert manifest.effects == {Effect.READ, Effect.EGRESS}
    assert manifest.cues == {"commit", "log"}
    assert (manifest.role("max_count"), manifest.role("branch")) == (Role.OPTION, Role.TARGET)
    assert (manifest.returns.tags, manifest.returns.trust) == (frozenset({"work"}), Trust.UNTRUSTED)
    assert manifest.fields["items.*.hash"].trust is Trust.ASSIGNED
    assert manifest.fields["author"].tags == {"work"}


def test_of_several_patterns_the_stricter_word_holds(policy: Policy) -> None:
    manifest = policy.manifest("mcp.git.git_log")
    assert manifest.tool == "mcp.git.git_log"
    assert manifest.effects == {Effect.READ, Effect.EGRESS, Effect.WRITE}
    assert manifest.cues == {"log"}
    assert manifest.role("branch") is Role.TARGET  # object beside target
    assert manifest.role("repo_path") is Role.TARGET  # option beside target
    assert manifest.role("max_count") is Role.TARGET  # option beside nothing
    assert manifest.role("event.title") is Role.TARGET
    assert (manifest.returns.tags, manifest.returns.trust) == (
        frozenset({"work", "client"}),
        Trust.UNTRUSTED,
    )
    assert manifest.fields["items.*.hash"].trust is Trust.ASSIGNED
    assert manifest.fields["author"].trust is Trust.TRUSTED
    assert manifest.fields["author"].tags == {"work", "client"}


@pytest.mark.parametrize("tool", ["mcp.files.read", "MCP.git.git_status", "web.get", "", "mcp.git"])
def test_what_nobody_vouches_for_is_unknown(policy: Policy, tool: str) -> None:
    assert policy.manifest(tool) == unknown_tool(tool)
    assert isinstance(Policy().manifest(tool), Manifest)


def test_what_a_tool_fetches_is_labelled_by_its_own_name_before_patterns(policy: Policy) -> None:
    status = label_of("repo", policy, tool="mcp.git.git_status")
    assert (status.tags, status.trust) == (frozenset({"personal"}), Trust.ASSIGNED)
    log = label_of("repo", policy, tool="mcp.git.git_log")
    assert (log.tags, log.trust) == (frozenset({"work", "client"}), Trust.UNTRUSTED)
    alike = label_of("repo", policy, tool="WEB.get")
    assert alike.tags == {"personal", "public"}


@pytest.mark.parametrize(
    ("lines", "line", "column", "what"),
    [
        (['effect = "read"'], 2, 1, 'tool lacks "name"'),
        (['name = "mcp.a.*"'], 2, 1, 'tool lacks "effect"'),
        (['name = "mcp.a.*"', 'effect = "raed"'], 4, 10, 'unknown effect "raed"'),
        (
            ['name = "mail.*"', 'effect = "read"'],
            4,
            10,
            '"effect" is only about tools of connectors, whose names begin with "mcp."',
        ),
        (
            ['name = ["mcp.a.*", "web.*"]', 'cues = "look"'],
            4,
            8,
            '"cues" is only about tools of connectors, whose names begin with "mcp."',
        ),
        (
            ['name = "mcp.a.*"', 'effect = "read"', 'targets = "x"', 'options = ["y", "x"]'],
            6,
            17,
            'the argument "x" cannot be among the options, too',
        ),
        (
            ['name = "mcp.a.*"', 'effect = "read"', 'fields = { "a.b" = "trustd" }'],
            5,
            20,
            'unknown trust "trustd"; did you mean "trusted"?',
        ),
        (
            ['name = "mcp.a.*"', 'effect = "read"', "fields = { a = [1] }"],
            5,
            16,
            'unknown trust "[1]"',
        ),
        (
            ['name = "mcp.a.*"', 'effect = "read"', 'content = "body"'],
            5,
            1,
            'unknown key "content" in tool; did you mean "contents"?',
        ),
    ],
)
def test_a_mistake_in_a_tool_is_pointed_at(
    lines: list[str], line: int, column: int, what: str
) -> None:
    with pytest.raises(PolicyErrors) as caught:
        parse("\n".join(["version = 1", "[[tool]]", *lines]), home=HOME)
    (error,) = caught.value.errors
    assert (error.line, error.column) == (line, column)
    assert error.what.startswith(what)
    assert error.hint

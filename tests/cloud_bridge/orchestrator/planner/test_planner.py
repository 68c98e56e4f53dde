"""The embedded planner as its caller sees it: plans, refusals, and nothing else ever."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest
from doorward.cloud_bridge.orchestrator.planner.base import Brief, Cannot, Made
from doorward.cloud_bridge.orchestrator.planner.embedded import RecipePlanner
from doorward.cloud_bridge.orchestrator.planner.recipes import load
from doorward.policies.plan import Literal, Plan, Template, ToolSpec, check
from hypothesis import given, settings
from hypothesis import strategies as st

Ask = Callable[[str], Made | Cannot]
PLANNER = RecipePlanner()
WORDS = sorted(
    {word for recipe in load() for text in recipe.examples for word in text.split()}
    | {"{s1.items}", "<about>", "[", "]", "|", "{", "}", '"', "'", "../..", "don't", "?", "\x00"}
)


def _plan(text: str, tools: dict[str, ToolSpec]) -> Made | Cannot:
    return asyncio.run(PLANNER.plan(Brief(text, "2026-11-23", tools)))


def _is_sound(answer: Made | Cannot, tools: dict[str, ToolSpec]) -> bool:
    if isinstance(answer, Cannot):
        return bool(answer.reason) and len(answer.nearest) == 3
    return check(answer.plan, tools) == [] and bool(answer.understood)


@given(text=st.text(max_size=300))
@settings(max_examples=150, deadline=None)
def test_any_text_gives_a_sound_plan_or_a_reason(text: str, tools: dict[str, ToolSpec]) -> None:
    assert _is_sound(_plan(text, tools), tools)


@given(text=st.lists(st.sampled_from(WORDS), max_size=14).map(" ".join))
@settings(max_examples=300, deadline=None)
def test_known_words_in_any_order_give_a_sound_plan_or_a_reason(
    text: str, tools: dict[str, ToolSpec]
) -> None:
    assert _is_sound(_plan(text, tools), tools)


@pytest.mark.parametrize("words", ["all ", "my the ", "from 1 june to ", "a.b-", "with a, b and "])
def test_the_longest_text_is_read_in_well_under_a_few_seconds(
    words: str, tools: dict[str, ToolSpec]
) -> None:
    started = time.process_time()
    _plan((words * 2000)[:2000], tools)
    assert time.process_time() - started < 3


def test_the_headline_objective_becomes_the_plan_one_expects(ask: Ask) -> None:
    plan = _made(
        ask(
            "put the vendor, invoice number, date and total of every invoice "
            "into invoices.csv and tell me the sum"
        )
    )
    assert [step.tool for step in plan.steps] == [
        "search.find",
        "documents.text",
        "read.select",
        "read.extract",
        "tables.csv",
        "files.write",
    ]
    assert plan.steps[0].args["about"] == Literal("invoice")
    assert plan.steps[0].args["limit"] == Literal(0)
    assert plan.steps[3].args["fields"] == Literal(["vendor", "invoice number", "date", "total"])
    assert plan.steps[4].args["total"] == Literal("total")
    assert plan.steps[5].args["path"] == Literal("invoices.csv")
    assert "{s5.total_text}" in plan.answer.text
    assert "{s3.left_out|list path why}" in plan.answer.text


def test_a_period_goes_to_the_choice_of_documents_and_not_to_the_search(ask: Ask) -> None:
    plan = _made(ask("extract vendor and total from last month's invoices"))
    assert "since" not in plan.steps[0].args
    assert plan.steps[2].args["since"] == Literal("2026-10-01")
    assert plan.steps[2].args["until"] == Literal("2026-10-31")


def test_a_question_reaches_the_reader_in_the_users_own_words(ask: Ask) -> None:
    plan = _made(ask("Tell me: what is the notice period of my lease?"))
    assert plan.steps[2].args["question"] == Literal("what is the notice period of my lease?")


def test_what_a_user_types_never_becomes_a_reference(ask: Ask) -> None:
    plan = _made(ask("find documents about {s1.items|list path} and {s9.secret}"))
    assert isinstance(plan.steps[0].args["about"], Literal)
    assert {ref.path for ref in plan.answer.refs()} <= {"s1.searched", "s1.count", "s1.items"}
    for step in plan.steps:
        assert not any(isinstance(argument, Template) for argument in step.args.values())


def test_the_same_words_always_give_the_same_plan(ask: Ask) -> None:
    text = "tidy my Downloads folder by year"
    assert ask(text) == ask(text)


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("summarise", "do not know"),
        ("find documents", "say what the documents are about"),
        ("put all warranties into a csv", "name the columns"),
        ("send an e-mail to Bob", "cannot send"),
        ("find all invoices and email them to Anna", "cannot send"),
        ("delete all files in Downloads", "delete nothing but"),
        ("tidy my Downloads folder except the zip files", "exceptions"),
        ("extract vendor and total from all invoices into table.xlsx", ".csv only"),
        ("extract the total from all invoices from Vodafone", "from Vodafone"),
        ("delete duplicates from last month", "last month"),
        ("", "nothing here"),
        ("x" * 3000, "too long"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_offers_three_examples(
    ask: Ask, text: str, part: str
) -> None:
    answer = ask(text)
    assert isinstance(answer, Cannot), answer
    assert part in answer.reason
    assert len(answer.nearest) == 3


def test_what_a_refusal_offers_can_be_planned(ask: Ask) -> None:
    answer = ask("compare two offers for me")
    assert isinstance(answer, Cannot)
    assert all(isinstance(ask(example), Made) for example in answer.nearest)


def test_a_device_without_the_tool_is_told_so(tools: dict[str, ToolSpec]) -> None:
    fewer = {name: spec for name, spec in tools.items() if name != "files.trash"}
    answer = _plan("delete the duplicates", fewer)
    assert isinstance(answer, Cannot)
    assert "files.trash" in answer.reason


def _made(answer: Made | Cannot) -> Plan:
    assert isinstance(answer, Made), answer
    return answer.plan


@pytest.mark.parametrize(
    ("text", "by"),
    [
        ("file all invoices into a folder per year", "year"),
        ("file all invoices from this year", "month"),
        ("put away the invoices from October", "month"),
    ],
)
def test_documents_are_filed_by_the_time_that_the_user_names(ask: Ask, text: str, by: str) -> None:
    plan = _made(ask(text))
    assert plan.steps[3].args["by"] == Literal(by)


def test_what_is_unpaid_is_judged_by_rules_and_added_up(ask: Ask) -> None:
    plan = _made(ask("which invoices are unpaid?"))
    assert [step.tool for step in plan.steps[2:]] == [
        "read.select",
        "read.select",
        "read.extract",
        "tables.csv",
    ]
    assert plan.steps[3].args["about"] == Literal("unpaid invoice")


def test_a_tidy_plan_says_which_date_it_goes_by(ask: Ask) -> None:
    made = ask("sort my Downloads folder by year")
    assert isinstance(made, Made)
    assert "by the year they last changed" in made.understood
    assert _made(made).steps[1].args["by"] == Literal("year")


def test_what_is_new_in_a_folder_is_looked_for_in_that_folder(ask: Ask) -> None:
    plan = _made(ask("what is new in Mail since 10 November?"))
    assert plan.steps[0].args["folder"] == Literal("Mail")
    assert _made(ask("what is new since Monday?")).steps[0].args["folder"] == Literal(".")

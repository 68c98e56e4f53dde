"""The evaluation's own parts: truths that stand in their papers, intervals, and its checker."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from scripts.evaluation import baselines, fresh
from scripts.evaluation.made import LAYOUTS, items
from scripts.evaluation.scores import Figure, stands, supported

TABLES = Path(__file__).parents[2] / "scripts" / "evaluation"


def test_every_truth_stands_in_its_paper_and_the_same_seed_makes_the_same_papers() -> None:
    papers = list(items(3))
    assert len(papers) == 3 * len(LAYOUTS)
    for paper in papers:
        for name, truth in paper.fields.items():
            assert truth is None or truth.written in paper.text, (paper.name, name)
    assert papers == list(items(3))
    assert papers != list(items(3, seed=8))


def test_every_fact_of_a_made_summary_stands_in_its_text() -> None:
    for one in tomllib.loads((TABLES / "summaries.toml").read_text(encoding="utf-8"))["made"]:
        for fact in one["facts"]:
            assert stands(fact, one["text"]), fact


def test_every_truth_stands_in_its_fresh_paper() -> None:
    papers = list(items(3, fresh.SEED, fresh.LAYOUTS))
    assert len(papers) == 3 * len(fresh.LAYOUTS)
    for paper in papers:
        for name, truth in paper.fields.items():
            assert truth is None or truth.written in paper.text, (paper.name, name)


def test_every_kind_of_paper_has_its_key_words() -> None:
    kinds = {paper.kind for paper in (*items(1), *items(1, fresh.SEED, fresh.LAYOUTS))}
    for table in ("papers", "fresh"):
        kinds |= set(tomllib.loads((TABLES / f"{table}.toml").read_text(encoding="utf-8")))
    assert kinds == set(baselines.KEYWORDS)


@pytest.mark.parametrize(
    ("right", "total", "low", "high"),
    [(0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (50, 100, 0.404, 0.596)],
)
def test_intervals_are_wilsons(right: int, total: int, low: float, high: float) -> None:
    found = Figure("t", "d", "w", "m", right, total).interval
    assert found == pytest.approx((low, high), abs=0.001)


def test_the_checker_takes_a_source_at_its_word() -> None:
    source = "The roof needs eleven slates. Repair costs 1,850 pounds. Mrs Imrie pays by June."
    assert supported("Repair costs 1,850 pounds.", source)
    assert supported("The repair of the roof costs 1,850 pounds.", source)
    assert not supported("Repair costs 1,950 pounds.", source)
    assert not supported("The repair is paid by Mr Falk.", source)
    assert not supported("A new gutter and two windows are needed soon.", source)


def test_patterns_find_what_is_plainly_labelled() -> None:
    text = "Acme Ltd\nInvoice no: A-17\nDate 2026-03-04\nTotal: EUR 12.50"
    assert baselines.pattern("invoice number", text) == "A-17"
    assert baselines.pattern("invoice date", text) == "2026-03-04"
    assert baselines.pattern("total", text) == "EUR 12.50"
    assert baselines.pattern("IBAN", text) is None

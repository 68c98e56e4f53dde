"""How many of the things that were said are right: figures of values, answers and summaries.

Pure; it asks nothing of anybody. `tasks` hands it what each way said.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from scripts.bench.scores import decimal, name_of
from scripts.evaluation.made import Paper, Truth
from scripts.evaluation.scores import Figure, flat, stands, supported

DOJO = "public documents (AgentDojo, tau2)"


def same(given: str, truth: Truth) -> bool:
    """Tell whether a value is the truth, however it is written."""
    if re.fullmatch(r"\d{4}-\d\d-\d\d", truth.value):
        return truth.value in given or flat(truth.written) in flat(given)
    if re.fullmatch(r"\d+\.\d\d", truth.value):
        return decimal(given) == decimal(truth.value)
    wanted = name_of(truth.value)
    return name_of(given) == wanted or re.sub(r"\W", "", given) == re.sub(r"\W", "", truth.value)


def fields(
    data: str, way: str, papers: Sequence[Paper],
    values: Sequence[tuple[str | None, str | None]], seconds: float,
) -> list[Figure]:  # fmt: skip
    asked = [(paper, truth) for paper in papers for truth in paper.fields.values()]
    pairs = list(zip(asked, values, strict=True))
    there = [(truth, value) for (_, truth), (value, _) in pairs if truth]
    absent = [value for (_, truth), (value, _) in pairs if truth is None]
    found = [(paper.text, span) for (paper, _), (_, span) in pairs if span]
    right = sum(value is not None and same(value, truth) for truth, value in there)
    wrong = sum(value is not None and not same(value, truth) for truth, value in there)
    rows = [
        Figure("extract", data, way, "value right", right, len(there), seconds),
        Figure("extract", data, way, "value wrong (fewer is better)", wrong, len(there)),
    ]
    if absent:
        none = sum(value is None for value in absent)
        rows.append(Figure("extract", data, way, "silent where there is none", none, len(absent)))
    grounded = sum(stands(span, text) for text, span in found)
    return [*rows, Figure("extract", data, way, "spans found in the source", grounded, len(found))]


def answers(
    way: str, asked: Sequence[tuple[str, str, list[str]]], said: Sequence[str | None], took: float
) -> list[Figure]:
    there = [(a, s) for (_, _, a), s in zip(asked, said, strict=True) if a]
    absent = [s for (_, _, a), s in zip(asked, said, strict=True) if not a]
    right = sum(bool(s) and all(flat(one) in flat(s or "") for one in a) for a, s in there)
    wrong = sum(bool(s) for _, s in there) - right
    none = sum(not s for s in absent)
    return [
        Figure("answer", DOJO, way, "answered rightly", right, len(there), took),
        Figure("answer", DOJO, way, "answered wrongly (fewer is better)", wrong, len(there)),
        Figure("answer", DOJO, way, "silent where there is none", none, len(absent)),
    ]


def summaries(
    way: str, held: Sequence[tuple[str, str, list[str]]], said: Sequence[list[str]], took: float
) -> list[Figure]:
    facts = [
        flat(fact) in flat(" ".join(sentences))
        for (_, _, wanted), sentences in zip(held, said, strict=True)
        for fact in wanted
    ]
    holds = [
        supported(sentence, text)
        for (_, text, _), sentences in zip(held, said, strict=True)
        for sentence in sentences
    ]
    data = f"{len(held)} made and public texts"
    seconds = took if way == "product" or way.startswith("model") else 0.0
    return [
        Figure("summarise", data, way, "key facts kept", sum(facts), len(facts), seconds),
        Figure("summarise", data, way, "sentences the source holds", sum(holds), len(holds)),
    ]

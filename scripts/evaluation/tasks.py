"""The tasks: the same items by the product's tools, by the model alone and by the baselines.

The product is driven through the tools that plans call (`tools.reading.read`), over a real reader
process. `scripts/eval` constructs `Tasks`; nothing else does.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from doorward.tools.base import Context
from doorward.tools.documents.formats import extract as text_of
from doorward.tools.reading.classify import enough
from doorward.tools.reading.read import read_tools
from doorward.tools.reading.reader import Example, Prompt, Question, Reader

from scripts.evaluation import baselines, fresh, public
from scripts.evaluation.counting import DOJO, answers, fields, summaries
from scripts.evaluation.made import Paper, Truth, items
from scripts.evaluation.scores import Figure, dot, stands

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SPAN = 5
"""Sentences of a summary."""
HOME = "sample home (tuned on)"


def table(name: str) -> dict[str, Any]:
    """Return one of the evaluation's tables."""
    return tomllib.loads((HERE / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass(slots=True)
class Tasks:
    """All tasks over one reader."""

    reader: Reader
    cache: Path
    library: Path | None
    each: int = 2
    """Made papers of each layout."""
    kept: list[tuple[str, str, str]] = field(default_factory=list)
    """Name, source and sentence of what summaries said: for a person's look."""

    def all(self) -> Mapping[str, Any]:
        """Return the tasks by name."""
        return {
            "extract": self.extract, "classify": self.classify, "labels": self.labels,
            "answer": self.answer, "summarise": self.summarise,
        }  # fmt: skip

    async def _run(self, tool: str, **arguments: Any) -> dict[str, Any]:
        [found] = [one for one in read_tools(self.reader) if one.spec.name == f"read.{tool}"]
        done = await found.run(arguments, (), cast("Context", None))  # they use neither
        return cast("dict[str, Any]", done.data)

    # -- extraction --------------------------------------------------------------------------

    async def extract(self) -> list[Figure]:
        """Fields of made papers, of fresh ones, and of the sample home's invoices."""
        sets = {
            "made (tuned on)": list(items(self.each)),
            "fresh": list(items(self.each, fresh.SEED, fresh.LAYOUTS)),
            HOME: _home(),
        }
        rows: list[Figure] = []
        for data, papers in sets.items():
            took: list[float] = []
            given: dict[str, list[tuple[str | None, str | None]]] = {"product": [], "patterns": []}
            for paper in papers:
                begun = time.perf_counter()
                said = await self._run("extract", document=_record(paper), fields=[*paper.fields])
                took.append(time.perf_counter() - begun)
                for name in paper.fields:
                    span = said["spans"].get(name)
                    given["product"].append((said["fields"][name], span and span["text"]))
                    found = baselines.pattern(name, paper.text)
                    given["patterns"].append((found, found))
            seconds = {"product": statistics.fmean(took), "patterns": 0.0}
            if papers is not sets[HOME]:
                begun = time.perf_counter()
                asked = [Question(p.text, name) for p in papers for name in p.fields]
                spans = await self.reader.find(asked)
                seconds["model alone"] = (time.perf_counter() - begun) / len(papers)
                given["model alone"] = [(s and s.text, s and s.text) for s in spans]
            for way, values in given.items():
                rows += fields(data, way, papers, values, seconds[way])
        return rows

    # -- kinds -------------------------------------------------------------------------------

    async def classify(self) -> list[Figure]:
        """Kinds of made papers, and of fresh ones."""
        made = [(paper.text, paper.suffix, paper.kind) for paper in items(self.each)]
        made += [(t, "txt", kind) for kind, texts in table("papers").items() for t in texts]
        unseen = [
            (text, ("txt", "pdf", "docx")[number % 3], kind)
            for kind, texts in table("fresh").items()
            for number, text in enumerate(texts)
        ]
        _, files = public.office(self.cache)
        office = [
            (files[name], name.rpartition(".")[2], kind)
            for kind, names in table("kinds").items()
            for name in names
        ]
        sets = {"made (tuned on)": made, "fresh": unseen, "office papers (AgentDojo)": office}
        return [row for data, held in sets.items() for row in await self._kinds(data, held)]

    async def _kinds(self, data: str, held: Sequence[tuple[str, str, str]]) -> list[Figure]:
        options = list(dict.fromkeys(kind for _, _, kind in held))
        texts, kinds = [text for text, _, _ in held], [kind for _, _, kind in held]
        begun = time.perf_counter()
        mine = [
            await self._run(
                "classify",
                document={"text": text, "name": f"paper.{suffix}", "path": f"paper.{suffix}"},
                options=options,
            )
            for text, suffix, _ in held
        ]
        product = (time.perf_counter() - begun) / len(held)
        begun = time.perf_counter()
        alone = await self.reader.choose(texts, options)
        model = (time.perf_counter() - begun) / len(held)
        vectors = self._vectors([*texts, *options])
        near = [
            options[max(range(len(options)), key=lambda i: dot(v, vectors[len(texts) + i]))]
            for v in vectors[: len(texts)]
        ]
        ways = {
            "product": ([one["option"] or "" for one in mine], product),
            "product, likeliest": ([one["likeliest"] for one in mine], 0.0),
            "model alone": ([one.option for one in alone], model),
            "key words": ([baselines.keyword(text, options) for text in texts], 0.0),
            "MiniLM, nearest name": (near, 0.0),
            "commonest kind": ([Counter(kinds).most_common(1)[0][0]] * len(kinds), 0.0),
        }
        named = f"{data}, {len(options)} kinds"
        rows = [
            Figure("classify", named, way, "right", _equal(said, kinds), len(kinds), took)
            for way, (said, took) in ways.items()
        ]
        sure = [(one["option"], kind) for one, kind in zip(mine, kinds, strict=True)]
        decided = [(option, kind) for option, kind in sure if option]
        right = sum(option == kind for option, kind in decided)
        found = "right where it decides"
        return [*rows, Figure("classify", named, "product", found, right, len(decided))]

    # -- labels from examples ----------------------------------------------------------------

    async def labels(self) -> list[Figure]:
        """Labels learnt from a few examples: three sets that nothing was tuned on."""
        rows = []
        for data, known, test in self._labelled():
            options = list(dict.fromkeys(label for _, label in known))
            texts, wanted = [text for text, _ in test], [label for _, label in test]
            ways: dict[str, tuple[list[str], float]] = {}
            begun = time.perf_counter()
            examples = [Example(text, label) for text, label in known]
            said = await self.reader.choose(texts, options, examples)
            took = (time.perf_counter() - begun) / len(texts)
            ways["product"] = ([one.option for one in said], took)
            vectors = self._vectors([*texts, *(text for text, _ in known)])
            mine, theirs = vectors[: len(texts)], vectors[len(texts) :]
            ways["MiniLM, nearest example"] = (
                [known[max(range(len(known)), key=lambda i: dot(v, theirs[i]))][1] for v in mine],
                0.0,
            )
            ways["TF-IDF, nearest example"] = (baselines.nearest(texts, known), 0.0)
            ways["commonest label"] = ([Counter(wanted).most_common(1)[0][0]] * len(wanted), 0.0)
            rows += [
                Figure("label", data, way, "right", _equal(got, wanted), len(wanted), seconds)
                for way, (got, seconds) in ways.items()
            ]
            sure = [one.confidence >= enough(len(options)) for one in said]
            right = [one.option == w for one, w in zip(said, wanted, strict=True)]
            both = sum(a and b for a, b in zip(sure, right, strict=True))
            rows.append(Figure("label", data, "product", "right where it is sure", both, sum(sure)))
        return rows

    def _labelled(self) -> Iterator[tuple[str, list[tuple[str, str]], list[tuple[str, str]]]]:
        mails, files = public.office(self.cache)
        known, test = [], []
        for label, names in table("labels").items():
            held = [((mails | files)[name], label) for name in names if name in mails | files]
            few = 2 if len(held) > 3 else 1
            known += held[:few]
            test += held[few:]
        yield "office papers (AgentDojo), 6 topics, 1-2 examples each", known, test
        posts = public.mails(self.cache, 24)
        known = [*posts[:8], *posts[24:32]]
        yield "spam (SpamAssassin), 8 examples each", known, [*posts[8:24], *posts[32:]]
        shipped = ROOT / "tools" / "reading" / "examples.toml"
        held_out = ROOT / "tests" / "tools" / "reading" / "held_out.toml"
        if shipped.is_file() and held_out.is_file():
            yield (
                "privacy labels, shipped examples, held-out texts",
                _pairs(shipped),
                _pairs(held_out),
            )

    # -- answers -----------------------------------------------------------------------------

    async def answer(self) -> list[Figure]:
        """Questions over public documents, with and without an answer in them."""
        mails, files = public.office(self.cache)
        policies = public.policies(self.cache)
        groups = {
            "mailbox": mails, "drive": files,
            "airline": {"airline.md": policies["airline"]},
            "telecom": {"telecom.md": policies["telecom"]},
        }  # fmt: skip
        asked = [
            (group, one["ask"], one["answers"])
            for group, held in table("questions").items()
            for one in held
        ]
        said: dict[str, list[str | None]] = {"product": [], "TF-IDF sentence": []}
        quotes: list[bool] = []
        begun = time.perf_counter()
        for group, ask, _ in asked:
            records = [_plain(name, text) for name, text in groups[group].items()]
            got = await self._run("answer", question=ask, documents=records)
            said["product"].append(got["text"] if got["found"] else None)
            by_path = {record["path"]: record["text"] for record in records}
            quotes += [stands(one["text"], by_path[one["path"]]) for one in got["quotes"]]
        seconds = {"product": (time.perf_counter() - begun) / len(asked)}
        for group, ask, _ in asked:
            said["TF-IDF sentence"].append(baselines.answer(ask, list(groups[group].values())))
        some = [number for number in range(len(asked)) if number % 2 == 0]
        begun = time.perf_counter()
        joined = {group: "\n\n".join(texts.values()) for group, texts in groups.items()}
        spans = await self.reader.find([Question(joined[asked[i][0]], asked[i][1]) for i in some])
        seconds["model alone"] = (time.perf_counter() - begun) / len(some)
        rows = [
            row
            for way, found in said.items()
            for row in answers(way, asked, found, seconds.get(way, 0.0))
        ]
        rows += answers(
            "model alone", [asked[i] for i in some], [s and s.text for s in spans],
            seconds["model alone"],
        )  # fmt: skip
        grounded = Figure(
            "answer", DOJO, "product", "quotes found in the source", sum(quotes), len(quotes)
        )
        return [*rows, grounded]

    # -- summaries ---------------------------------------------------------------------------

    async def summarise(self) -> list[Figure]:
        """Five sentences: key facts kept, and what is said found in the source."""
        _, files = public.office(self.cache)
        policies = public.policies(self.cache)
        held = []
        for group, papers in table("summaries").items():
            for one in papers:
                name = one.get("name", f"{group}.md")
                text = one.get("text") or files.get(name) or policies[group]
                held.append((name, text, one["facts"]))
        said: dict[str, list[list[str]]] = {"product": [], "first sentences": [], "by chance": []}
        begun = time.perf_counter()
        for name, text, _ in held:
            got = await self._run("summarise", documents=[_plain(name, text)], sentences=SPAN)
            said["product"].append([one["text"] for one in got["sentences"]])
        took = (time.perf_counter() - begun) / len(held)
        for number, (_, text, _) in enumerate(held):
            said["first sentences"].append(baselines.lead(text, SPAN))
            said["by chance"].append(baselines.some(text, SPAN, number))
        for (name, text, _), sentences in zip(held, said["product"], strict=True):
            self.kept += [(name, text, sentence) for sentence in sentences]
        rows = [row for way, found in said.items() for row in summaries(way, held, found, took)]
        return [*rows, *await self._freely(held[:4])]

    async def _freely(self, held: Sequence[tuple[str, str, list[str]]]) -> list[Figure]:
        begun, found = time.perf_counter(), []
        for name, text, _ in held:
            prompt = Prompt("Summarise the text in five short sentences.", text.strip())
            wrote = await self.reader.write(prompt, tokens=140)
            found.append(baselines.sentences(wrote.text)[:SPAN])
            self.kept += [(f"{name}, written freely", text, sentence) for sentence in found[-1]]
        took = (time.perf_counter() - begun) / len(held)
        return summaries("model alone, free", held, found, took)

    def _vectors(self, texts: Sequence[str]) -> list[list[float]]:
        program = str(HERE / "vectors.py")
        folder = str(public.encoder(self.cache))
        blas = [str(self.library)] if self.library else []
        done = subprocess.run(
            [sys.executable, program, folder, *blas],
            input=json.dumps(list(texts)), capture_output=True, text=True, check=True,
        )  # fmt: skip
        vectors: list[list[float]] = json.loads(done.stdout)
        return vectors


def _pairs(path: Path) -> list[tuple[str, str]]:
    held = tomllib.loads(path.read_text(encoding="utf-8"))
    return [(text, label) for label, texts in held.items() for text in texts]


def _equal(said: Sequence[str], wanted: Sequence[str]) -> int:
    return sum(one == other for one, other in zip(said, wanted, strict=True))


def _plain(name: str, text: str) -> dict[str, Any]:
    return {"text": text, "name": name, "path": name}


def _record(paper: Paper) -> dict[str, Any]:
    return {**_plain(f"{paper.name}.{paper.suffix}", paper.text), "kind": paper.suffix}


def _home() -> list[Paper]:
    key = json.loads((ROOT / "samples" / "answers.json").read_text(encoding="utf-8"))
    papers = []
    for one in key["invoices"]:
        path = ROOT / "samples" / "home" / one["path"]
        text = text_of(path.name, path.read_bytes()).text
        fields: dict[str, Truth | None] = {
            "vendor": Truth(one["vendor"], one["vendor"]),
            "invoice number": Truth(one["number"], one["number"]),
            "invoice date": Truth(one["date"], one["date_written"]),
            "total": Truth(one["total"], one["total_written"]),
        }
        papers.append(Paper(path.name, path.suffix[1:], "invoice", "", text, fields))
    return papers

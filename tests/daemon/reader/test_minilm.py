"""The small encoder against the reference implementation's numbers, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER

from tests.daemon.conftest import models_folder

pytestmark = pytest.mark.reader

START = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from pathlib import Path
from doorward.daemon.models import blas
from doorward.daemon.reader import products
from doorward.daemon.reader.gguf import UnusableModelError
products.preload(blas.prepare(Path(sys.argv[2])))
from doorward.daemon.reader.minilm import Embedder
embedder = Embedder.load(Path(sys.argv[3]))

def all_of(texts):
    return [vector for batch in embedder.vectors(texts) for vector in batch]

def near(a, b):
    return sum(x * y for x, y in zip(a, b, strict=True))
"""


@pytest.fixture
def encoder() -> Path:
    folder = models_folder() / DEFAULT_EMBEDDER
    if not folder.is_dir():
        pytest.skip(f"no encoder in {folder.parent}: run scripts/test, which gets it")
    return folder


def carried_out(code: str, folder: Path) -> str:
    paths = json.dumps([part for part in sys.path if part])
    done = subprocess.run(
        [sys.executable, "-c", START + code, paths, str(folder.parent / "cache"), str(folder)],
        capture_output=True,
        text=True,
        timeout=60,
        env={"MLX_DISABLE_COMPILE": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_vectors_are_those_of_the_reference_implementation(encoder: Path) -> None:
    # transformers 5.24 on torch 2.13, float32: mean over the tokens, unit length
    code = """
texts = ["The rent is due on the first of each month.",
         "Our landlord wants the lease payment at the start of every month.",
         "How do I bake sourdough bread?",
         "Die Miete ist am Ersten f\\u00e4llig."]
rent, *others = all_of(texts)
print([round(x, 4) for x in rent[:4]], [round(near(rent, each), 4) for each in others], len(rent))
"""
    said = "[0.0356, -0.0386, 0.0112, 0.0622] [0.7153, -0.0531, -0.0144] 384\n"
    assert carried_out(code, encoder) == said


def test_the_order_of_texts_holds_and_company_changes_nothing(encoder: Path) -> None:
    code = """
texts = ["word " * count + str(count) for count in (300, 1, 40, 7, 120, 2, 0, 90)] * 5
together, alone = all_of(texts), [all_of([text])[0] for text in texts[:8]]
assert len(together) == len(texts)
for index, vector in enumerate(together):
    assert abs(near(vector, alone[index % 8]) - 1) < 1e-4
    assert abs(near(vector, vector) - 1) < 1e-5
sizes = [len(batch) for batch in embedder.vectors(texts)]
assert len(sizes) > 3, "the caller can look at its line in between"
assert all_of([]) == []
print("same")
"""
    assert carried_out(code, encoder) == "same\n"


def test_control_words_in_a_text_are_words(encoder: Path) -> None:
    code = """
ids = embedder.tokenizer.encode("[SEP] then").ids
assert ids[0] == 101 and ids[-1] == 102 and not {101, 102} & set(ids[1:-1])
print("words")
"""
    assert carried_out(code, encoder) == "words\n"


def test_what_is_no_encoder_is_refused(encoder: Path, tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "llama", "hidden_act": "silu"}')
    code = f"""
try:
    Embedder.load(Path({str(tmp_path)!r}))
except UnusableModelError as error:
    print(str(error).partition(": ")[2])
"""
    assert carried_out(code, encoder) == "it is of the kind 'llama', not bert\n"

"""A model as an MLX folder, and what was learned on top of it, run in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.models.fetch import MODEL

pytestmark = pytest.mark.reader

ROOT = Path(__file__).parents[3]
START = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
from pathlib import Path
from doorward.daemon.models import blas
from doorward.daemon.reader import products
from doorward.daemon.reader.gguf import UnusableModelError
products.preload(blas.prepare(Path(sys.argv[2])))
import mlx.core as mx
from mlx.utils import tree_flatten
from doorward.daemon.reader import weights
from tests.daemon.reader import as_folder
model, folder = Path(sys.argv[3]), Path(sys.argv[4])

def greedy(loaded, words, count):
    from mlx_lm.models.cache import KVCache
    cache = [KVCache() for _ in loaded.model.layers]
    feed, out = loaded.tokenizer.encode(words).ids, []
    for _ in range(count):
        out.append(int(mx.argmax(loaded.model(mx.array([feed]), cache=cache)[0, -1]).item()))
        feed = out[-1:]
    return out
"""


def carried_out(code: str, models: Path, folder: Path) -> str:
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            START + code,
            json.dumps([str(ROOT), *[part for part in sys.path if part]]),
            str(models / "cache"),
            str(models / MODEL),
            str(folder),
        ],
        capture_output=True,
        text=True,
        timeout=60,
        env={"MLX_DISABLE_COMPILE": "1", "OPENBLAS_NUM_THREADS": "1"},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_a_folder_says_token_for_token_what_its_gguf_file_says(
    models: Path, tmp_path: Path
) -> None:
    code = """
as_folder.write(model, folder)
for packed in (False, True):
    file, other = (weights.load(path, packed=packed) for path in (model, folder))
    assert other.size == file.size == 134_515_008, other.size
    assert (other.end, other.template, other.pieces) == (file.end, file.template, file.pieces)
    assert other.special == file.special
    if not packed:
        for words in ("The capital of France is", "Dear Ms Hart,\\nI am writing"):
            assert greedy(other, words, 12) == greedy(file, words, 12)
    else:
        ours, theirs = (dict(tree_flatten(each.model.parameters())) for each in (other, file))
        assert ours.keys() == theirs.keys()
        assert all(mx.array_equal(ours[name], theirs[name]).item() for name in ours)
print("equal")
"""
    assert carried_out(code, models, tmp_path / "folder") == "equal\n"


def test_what_was_learned_changes_the_layers_it_names_and_no_others(
    models: Path, tmp_path: Path
) -> None:
    code = """
import json
name = "model.layers.3.mlp.down_proj"
folder.mkdir()
mx.random.seed(7)
down, up = mx.random.normal((1536, 4)), mx.random.normal((4, 576)) * 0.01
mx.save_safetensors(str(folder / "adapters.safetensors"),
                    {f"{name}.lora_a": down, f"{name}.lora_b": up})
told = {"fine_tune_type": "lora", "num_layers": 1, "lora_parameters": {"scale": 2.0, "rank": 4}}
(folder / "adapter_config.json").write_text(json.dumps(told))
plain = weights.load(model, packed=False).model
expanded = weights.load(model, packed=False, adapter=folder).model
before, after = plain.layers[3].mlp.down_proj.weight, expanded.layers[3].mlp.down_proj.weight
assert mx.allclose(after - before, 2.0 * (down @ up).T, atol=1e-5).item()
assert mx.array_equal(plain.layers[2].mlp.down_proj.weight,
                      expanded.layers[2].mlp.down_proj.weight).item()
beside = weights.load(model, packed=True, adapter=folder).model
x = mx.random.normal((2, 1536))
assert mx.allclose(beside.layers[3].mlp.down_proj(x), expanded.layers[3].mlp.down_proj(x),
                   atol=1e-2).item()
for change in ({"fine_tune_type": "dora"}, {"lora_parameters": {}}):
    (folder / "adapter_config.json").write_text(json.dumps({**told, **change}))
    try:
        weights.load(model, packed=False, adapter=folder)
    except UnusableModelError as error:
        print(error)
mx.save_safetensors(str(folder / "adapters.safetensors"),
                    {f"{name}.lora_a": up.T, f"{name}.lora_b": up})
(folder / "adapter_config.json").write_text(json.dumps(told))
try:
    weights.load(model, packed=False, adapter=folder)
except UnusableModelError as error:
    print(error)
"""
    said = carried_out(code, models, tmp_path / "learned").splitlines()
    assert said == [
        "cannot use the adapter learned: it is of the kind 'dora', and only lora can be applied",
        "cannot use the adapter learned: its adapter_config.json is not mlx-lm's ('scale')",
        "cannot use the adapter learned: its sizes for model.layers.3.mlp.down_proj are not those "
        "of the model",
    ]


def test_a_folder_that_cannot_be_run_is_refused_with_the_reason(
    models: Path, tmp_path: Path
) -> None:
    code = """
import json
as_folder.write(model, folder)
config = json.loads((folder / "config.json").read_text())
for change in ({"model_type": "os"}, {"auto_map": {}}, {"hidden_size": 640}, {"quantization": 0}):
    (folder / "config.json").write_text(json.dumps({**config, **change}))
    try:
        weights.load(folder, packed=True)
    except UnusableModelError as error:
        print(error)
"""
    said = carried_out(code, models, tmp_path / "odd").splitlines()
    assert said[:2] == [
        "cannot load odd: mlx-lm has no model of the kind 'os'",
        "cannot load odd: it brings program code of its own, which is never run",
    ]
    fits = "cannot load odd: its weights do not fit its configuration"
    assert said[2].startswith(fits)
    assert said[-1].startswith(fits)

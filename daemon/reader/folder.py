"""Load an MLX folder: `config.json`, safetensors and `tokenizer.json`, as mlx-lm writes them.

Nothing in the folder is run: it is read as numbers and tables, and a model that brings code of its
own is refused. Classes come from `mlx_lm.models`, without running mlx-lm's own start, which would
import transformers. `weights` calls it, inside the reader process.
"""

from __future__ import annotations

import importlib
import importlib.util
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doorward.daemon.reader.gguf import (
    Loaded,
    UnusableModelError,
    check_layers,
    skip_package_code,
)

_ALIKE = {"mistral": "llama", "iquestcoder": "llama", "xverse": "llama"}
"""Architectures that mlx-lm runs with another's class."""
_LAYERS = frozenset({"num_hidden_layers", "num_layers", "n_layers", "n_layer"})
"""What configurations call the number of layers."""


def load(path: Path, *, packed: bool) -> Loaded:
    """Load the model in the folder `path` in the calling thread.

    Args:
        path: The folder.
        packed: Keep quantised layers as they are; else expand everything to float32.

    Raises:
        UnusableModelError: Something is missing, or it cannot be run by this reader.
    """
    import mlx.core as mx

    config = _table(path / "config.json")
    model = _build(path, config)
    size = parameters(model)
    if not packed:
        _expand(model)
    model.eval()
    mx.eval(model.parameters())
    tokenizer, pieces, special = _tokenizer(path)
    told = _table(path / "tokenizer_config.json", needed=False)
    return Loaded(
        model=model,
        tokenizer=tokenizer,
        end=_end(config, told, tokenizer),
        pieces=pieces,
        special=special,
        size=size,
        template=_template(path, told),
    )


def parameters(model: Any) -> int:
    """Count a model's parameters; of packed layers those that they stand for."""
    from mlx.utils import tree_flatten

    count = 0
    for _, module in model.named_modules():
        own = dict(tree_flatten({k: v for k, v in module.items() if hasattr(v, "shape")}))
        bits = getattr(module, "bits", None) if "scales" in own else None
        for name, array in own.items():
            if bits is None:
                count += array.size
            elif name == "weight":
                count += array.size * 32 // bits
            elif name == "bias":
                count += array.size
    return count


def _build(path: Path, config: Mapping[str, Any]) -> Any:
    import mlx.core as mx

    if "model_file" in config or "auto_map" in config:
        raise _unusable(path, "it brings program code of its own, which is never run")
    architecture = _classes(path, str(config.get("model_type", "")))
    files = sorted(path.glob("model*.safetensors"))
    if not files:
        raise _unusable(path, "it has no model*.safetensors")
    weights: dict[str, Any] = {}
    try:
        for file in files:
            part: Any = mx.load(str(file))
            weights.update(part)
        for name in _LAYERS & config.keys():
            check_layers(path, config[name], len(weights))
        model = architecture.Model(architecture.ModelArgs.from_dict(dict(config)))
        if hasattr(model, "sanitize"):
            weights = model.sanitize(weights)
        _pack(model, weights, config)
        model.load_weights(list(weights.items()), strict=True)
    except (RuntimeError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(path, f"its weights do not fit its configuration ({error})") from error
    _runnable(path, model)
    return model


def _classes(path: Path, kind: str) -> Any:
    kind = _ALIKE.get(kind, kind)
    skip_package_code("mlx_lm")
    if not kind.isidentifier() or importlib.util.find_spec(f"mlx_lm.models.{kind}") is None:
        raise _unusable(path, f"mlx-lm has no model of the kind {kind!r}")
    return importlib.import_module(f"mlx_lm.models.{kind}")


def _runnable(path: Path, model: Any) -> None:
    """Refuse what remembers otherwise than by keys and values of every token."""
    from mlx_lm.models.cache import KVCache

    plain = not hasattr(model, "make_cache") or all(
        type(layer) is KVCache for layer in model.make_cache()
    )
    inner = getattr(model, "model", None)
    tied = getattr(model.args, "tie_word_embeddings", False)
    ends = hasattr(inner, "embed_tokens") if tied else hasattr(model, "lm_head")
    if not plain or inner is None or not ends:
        raise _unusable(
            path, "its attention or its layers are of a kind that this reader does not run"
        )


def _pack(model: Any, weights: Mapping[str, Any], config: Mapping[str, Any]) -> None:
    """Give packed weights their packed layers, each as the configuration says."""
    from mlx import nn

    packing = config.get("quantization") or config.get("quantization_config")
    if not any(name.endswith(".scales") for name in weights):
        return
    if not isinstance(packing, Mapping) or not {"group_size", "bits"} <= packing.keys():
        msg = "it is quantised in a way that its config.json does not describe for MLX"
        raise ValueError(msg)

    def packed(name: str, module: Any) -> Any:
        if not hasattr(module, "to_quantized") or f"{name}.scales" not in weights:
            return False
        return packing.get(name, True)

    nn.quantize(
        model,
        group_size=packing["group_size"],
        bits=packing["bits"],
        mode=packing.get("mode", "affine"),
        class_predicate=packed,
    )


def _expand(model: Any) -> None:
    """Turn every layer into float32, one by one, so that the peak stays low."""
    import mlx.core as mx
    from mlx import nn
    from mlx.utils import tree_map, tree_unflatten

    for name, module in list(model.named_modules()):
        if not isinstance(module, nn.QuantizedLinear | nn.QuantizedEmbedding):
            if hasattr(module, "scales"):
                msg = f"its layer {name} can only be run packed"
                raise UnusableModelError(msg)
            continue
        weight = mx.dequantize(
            module.weight,
            module.scales.astype(mx.float32),
            None if module.get("biases") is None else module.biases.astype(mx.float32),
            group_size=module.group_size,
            bits=module.bits,
            mode=module.mode,
        ).astype(mx.float32)
        rows, columns = weight.shape
        plain: Any
        if isinstance(module, nn.QuantizedEmbedding):
            plain = nn.Embedding(rows, columns)
        else:
            plain = nn.Linear(columns, rows, bias="bias" in module)
            if "bias" in module:
                plain.bias = module.bias
        plain.weight = weight
        mx.eval(weight)
        model.update_modules(tree_unflatten([(name, plain)]))
    model.update(
        tree_map(
            lambda x: x.astype(mx.float32) if mx.issubdtype(x.dtype, mx.floating) else x,
            model.parameters(),
        )
    )


def _tokenizer(path: Path) -> tuple[Any, tuple[str, ...], frozenset[int]]:
    from tokenizers import Tokenizer, processors

    try:
        tokenizer = Tokenizer.from_file(str(path / "tokenizer.json"))
    except Exception as error:  # the library raises nothing narrower
        raise _unusable(path, f"its tokenizer.json cannot be read ({error})") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    tokenizer.post_processor = processors.Sequence([])  # ours are the only control tokens
    vocabulary = tokenizer.get_vocab(with_added_tokens=True)
    pieces = [""] * (max(vocabulary.values()) + 1)
    for piece, number in vocabulary.items():
        pieces[number] = piece
    added = tokenizer.get_added_tokens_decoder()
    special = frozenset(number for number, token in added.items() if token.special)
    return tokenizer, tuple(pieces), special


def _end(config: Mapping[str, Any], told: Mapping[str, Any], tokenizer: Any) -> int:
    """Return the token that ends a turn: what the tokenizer's table names, else the model's."""
    named = told.get("eos_token")
    if isinstance(named, Mapping):
        named = named.get("content")
    number = tokenizer.token_to_id(named) if isinstance(named, str) else None
    if number is None:
        number = config.get("eos_token_id")
    if isinstance(number, list) and number:
        number = number[0]
    if not isinstance(number, int):
        msg = "it does not say which token ends a text"
        raise UnusableModelError(msg)
    return number


def _template(path: Path, told: Mapping[str, Any]) -> str:
    beside = path / "chat_template.jinja"
    if beside.is_file():
        return beside.read_text(encoding="utf-8")
    template = told.get("chat_template", "")
    if isinstance(template, list):
        named = {str(each.get("name")): each.get("template") for each in template}
        template = named.get("default", "")
    return template if isinstance(template, str) else ""


def _table(path: Path, *, needed: bool = True) -> dict[str, Any]:
    if not needed and not path.exists():
        return {}
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise _unusable(path.parent, f"its {path.name} cannot be read ({error})") from error
    if not isinstance(table, dict):
        raise _unusable(path.parent, f"its {path.name} is no table")
    return table


def _unusable(path: Path, why: str) -> UnusableModelError:
    return UnusableModelError(f"cannot load {path.name}: {why}")

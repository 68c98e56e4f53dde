"""Load a llama-architecture GGUF file straight into `mlx_lm.models.llama`, with its tokeniser.

No conversion, no hub, no torch. It is not a general GGUF reader: other architectures and block
formats that MLX cannot read are refused. Only `weights` calls it, inside the reader process.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

from doorward.daemon.models import gguf_header

GROUP = 32
"""Values that share one scale in the Q4_0, Q4_1 and Q8_0 blocks."""

_LAYER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
_WHOLE = {"token_embd": "model.embed_tokens", "output_norm": "model.norm", "output": "lm_head"}
_FORMS = {0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 8: "Q8_0"}
_OTHERS = {6: "Q5_0", 7: "Q5_1", 10: "Q2_K", 11: "Q3_K", 12: "Q4_K", 13: "Q5_K", 14: "Q6_K"}
"""Forms that MLX 0.32.4 does not read, or, without a word, wrongly: every other 32 values of Q4_K.
"""
_NEEDED = (
    "llama.embedding_length",
    "llama.block_count",
    "llama.feed_forward_length",
    "llama.attention.head_count",
    "llama.attention.head_count_kv",
    "llama.attention.layer_norm_rms_epsilon",
    "tokenizer.ggml.tokens",
    "tokenizer.ggml.token_type",
    "tokenizer.ggml.merges",
    "tokenizer.ggml.eos_token_id",
)
_WORKS = (
    f"what works is a llama with a byte-pair tokeniser in {', '.join(_FORMS.values())},"
    " and for other architectures a folder as mlx-lm converts it"
)


class UnusableModelError(Exception):
    """The file is not a model that this reader can run; the message says why."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model ready to run."""

    model: Any
    """`mlx_lm.models.llama.Model`."""
    tokenizer: Any
    """`tokenizers.Tokenizer`."""
    end: int
    """The token that ends a text."""
    pieces: tuple[str, ...]
    """Every token as the vocabulary writes it (byte-level form)."""
    special: frozenset[int]
    """Control tokens: never part of a text."""
    size: int
    """How many parameters it has."""
    template: str
    """How it writes a conversation (Jinja); empty where it says nothing."""


def load(path: Path, *, packed: bool) -> Loaded:
    """Load the model at `path` in the calling thread.

    Args:
        path: A GGUF file of the llama architecture (Q4_0, Q4_1, Q8_0, f16 or f32).
        packed: Keep the blocks packed with 16-bit scales (Metal); else expand to float32, which a
            fast BLAS multiplies an order of magnitude faster on a processor.

    Raises:
        UnusableModelError: When the file is no GGUF, or of another architecture.
    """
    import mlx.core as mx

    try:
        forms = gguf_header.read(path).forms
    except gguf_header.NoHeaderError as error:
        msg = f"cannot load {path.name}: {error}; {_WORKS}"
        raise UnusableModelError(msg) from error
    if others := forms - _FORMS.keys():
        names = ", ".join(_OTHERS.get(form, f"form {form}") for form in sorted(others))
        msg = f"cannot load {path.name}: it has tensors in {names}; {_WORKS}"
        raise UnusableModelError(msg)
    try:
        loaded: Any = mx.load(str(path), format="gguf", return_metadata=True)
    except (RuntimeError, ValueError) as error:
        msg = f"cannot load {path.name}: it is no GGUF file that MLX reads ({error}); {_WORKS}"
        raise UnusableModelError(msg) from error
    tensors, raw = loaded
    meta = {key: _plain(value, mx) for key, value in raw.items()}
    if (kind := meta.get("general.architecture")) != "llama":
        msg = f"cannot load {path.name}: its architecture is {kind}, not llama; {_WORKS}"
        raise UnusableModelError(msg)
    if missing := [name for name in _NEEDED if name not in meta]:
        msg = f"cannot load {path.name}: it does not say its {missing[0]}; {_WORKS}"
        raise UnusableModelError(msg)
    check_layers(path, meta["llama.block_count"], len(tensors))
    weights = _rename(tensors, meta)
    size = sum(_size(weights, name) for name in weights)
    weights = _halve(weights, mx) if packed else _expand(weights, mx)
    pieces = tuple(meta["tokenizer.ggml.tokens"])
    kinds = meta["tokenizer.ggml.token_type"].tolist()
    return Loaded(
        model=_build(weights, meta),
        tokenizer=_tokenizer(meta, pieces, kinds),
        end=int(meta["tokenizer.ggml.eos_token_id"]),
        pieces=pieces,
        special=frozenset(number for number, kind in enumerate(kinds) if kind == 3),
        size=size,
        template=str(meta.get("tokenizer.chat_template", "")),
    )


def check_layers(path: Path, layers: object, tensors: int) -> None:
    """Refuse a model that says it has more layers than tensors: each would be made, and believed.

    Raises:
        UnusableModelError: It does.
    """
    if isinstance(layers, int | float) and layers > tensors:
        msg = f"cannot load {path.name}: it says that it has {layers} layers, and it has not"
        raise UnusableModelError(msg)


def _plain(value: Any, mx: Any) -> Any:
    return value.item() if isinstance(value, mx.array) and value.size == 1 else value


def _rename(tensors: Mapping[str, Any], meta: Mapping[str, Any]) -> dict[str, Any]:
    """Give tensors the names of the MLX model, and rotary rows their original order."""
    heads = {
        "attn_q": meta["llama.attention.head_count"],
        "attn_k": meta["llama.attention.head_count_kv"],
    }
    renamed: dict[str, Any] = {}
    for name, tensor in tensors.items():
        stem, leaf = name.rsplit(".", 1)
        if stem in _WHOLE:
            renamed[f"{_WHOLE[stem]}.{leaf}"] = tensor
        elif stem.startswith("blk."):
            _, layer, part = stem.split(".", 2)
            turned = _unpermute(tensor, heads[part]) if part in heads else tensor
            renamed[f"model.layers.{layer}.{_LAYER[part]}.{leaf}"] = turned
    return renamed


def _unpermute(rows: Any, heads: int) -> Any:
    """Undo the row order that GGUF's llama conversion gives q and k (pairs, not halves)."""
    size = rows.shape[0] // heads
    return rows.reshape(heads, size // 2, 2, -1).swapaxes(1, 2).reshape(rows.shape)


def _bits(weights: Mapping[str, Any], stem: str) -> int:
    """Tell how many bits a packed tensor uses: 32-bit words against groups of 32 values."""
    return int(weights[f"{stem}.weight"].shape[-1] // weights[f"{stem}.scales"].shape[-1])


def _size(weights: Mapping[str, Any], name: str) -> int:
    """Count the parameters that a tensor stands for."""
    stem, leaf = name.rsplit(".", 1)
    if f"{stem}.scales" not in weights:
        return int(weights[name].size)
    return int(weights[name].size) * 32 // _bits(weights, stem) if leaf == "weight" else 0


def _expand(weights: dict[str, Any], mx: Any) -> dict[str, Any]:
    """Return float32 weights; blocks are expanded one by one, so the peak stays low."""
    expanded: dict[str, Any] = {}
    for name, tensor in weights.items():
        stem, leaf = name.rsplit(".", 1)
        if leaf in {"scales", "biases"}:
            continue
        if f"{stem}.scales" in weights:
            scales = weights[f"{stem}.scales"].astype(mx.float32)
            biases = weights[f"{stem}.biases"].astype(mx.float32)
            bits = _bits(weights, stem)
            expanded[name] = mx.dequantize(tensor, scales, biases, group_size=GROUP, bits=bits)
        else:
            expanded[name] = tensor.astype(mx.float32)
    return expanded


def _halve(weights: dict[str, Any], mx: Any) -> dict[str, Any]:
    """Keep blocks packed; the rest becomes float16, in which their scales are exact."""
    return {
        name: tensor.astype(mx.float16) if mx.issubdtype(tensor.dtype, mx.floating) else tensor
        for name, tensor in weights.items()
    }


def _build(weights: dict[str, Any], meta: Mapping[str, Any]) -> Any:
    import mlx.core as mx
    from mlx import nn

    skip_package_code("mlx_lm")
    from mlx_lm.models.llama import Model, ModelArgs

    model = Model(
        ModelArgs(
            model_type="llama",
            hidden_size=meta["llama.embedding_length"],
            num_hidden_layers=meta["llama.block_count"],
            intermediate_size=meta["llama.feed_forward_length"],
            num_attention_heads=meta["llama.attention.head_count"],
            num_key_value_heads=meta["llama.attention.head_count_kv"],
            rms_norm_eps=round(float(meta["llama.attention.layer_norm_rms_epsilon"]), 9),
            vocab_size=len(meta["tokenizer.ggml.tokens"]),
            max_position_embeddings=meta.get("llama.context_length"),
            rope_theta=float(meta.get("llama.rope.freq_base", 10000.0)),
            tie_word_embeddings="lm_head.weight" not in weights,
        )
    )
    packed = {name.removesuffix(".scales") for name in weights if name.endswith(".scales")}
    if packed:
        nn.quantize(
            model,
            group_size=GROUP,
            class_predicate=lambda path, _: (
                {"group_size": GROUP, "bits": _bits(weights, path)} if path in packed else False
            ),
        )
    model.eval()
    model.load_weights(list(weights.items()), strict=True)
    mx.eval(model.parameters())
    return model


def skip_package_code(name: str) -> None:
    """Make submodules of a package importable without running its `__init__`.

    Importing mlx_lm whole pulls in transformers (half a second) and lowers the limit of open
    files for good; its model classes need neither.
    """
    if name in sys.modules:
        return
    spec = importlib.util.find_spec(name)
    if spec is None or spec.submodule_search_locations is None:
        msg = f"{name} is not installed"
        raise UnusableModelError(msg)
    bare = ModuleType(name)
    bare.__path__ = list(spec.submodule_search_locations)
    sys.modules[name] = bare


def _tokenizer(meta: Mapping[str, Any], pieces: tuple[str, ...], kinds: list[int]) -> Any:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    merges = [tuple(merge.split(" ", 1)) for merge in meta["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(models.BPE({piece: n for n, piece in enumerate(pieces)}, merges))
    split: Any = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)
    style = meta.get("tokenizer.ggml.pre", "default")
    if style == "smollm":
        split = pre_tokenizers.Sequence([pre_tokenizers.Digits(individual_digits=True), split])
    elif style not in {"default", "gpt-2"}:
        msg = f"unknown pre-tokeniser {style!r}"
        raise UnusableModelError(msg)
    tokenizer.pre_tokenizer = split
    tokenizer.decoder = decoders.ByteLevel()
    control = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind == 3]
    tokenizer.add_special_tokens([AddedToken(p, special=True, normalized=False) for p in control])
    added = [piece for piece, kind in zip(pieces, kinds, strict=True) if kind == 4]
    tokenizer.add_tokens([AddedToken(piece, normalized=False) for piece in added])
    return tokenizer

"""Put what was learned (a LoRA folder of mlx-lm) on top of a loaded model.

It trains nothing. Expanded layers take the learned difference into their weights, so they are as
fast as before; packed ones compute it beside them. Other kinds of adapter are refused. `weights`
calls it, inside the reader process.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from doorward.daemon.reader.gguf import UnusableModelError, skip_package_code


def apply(model: Any, folder: Path) -> None:
    """Change `model` by the adapter in `folder`.

    Raises:
        UnusableModelError: It is of another kind, or was made for another model.
    """
    import mlx.core as mx
    from mlx import nn
    from mlx.utils import tree_unflatten

    scale = _scale(folder)
    try:
        learned: dict[str, Any] = mx.load(str(folder / "adapters.safetensors"))  # type: ignore[assignment]
    except (RuntimeError, ValueError, OSError) as error:
        raise _unusable(folder, f"its adapters.safetensors cannot be read ({error})") from error
    layers = dict(model.named_modules())
    for name, (down, up) in _pairs(folder, learned).items():
        layer = layers.get(name)
        if not isinstance(layer, nn.Linear | nn.QuantizedLinear):
            raise _unusable(folder, f"the model has no layer {name} that can be adapted")
        rows, columns = _shape(layer)
        if down.shape[0] != columns or up.shape[1] != rows or down.shape[1] != up.shape[0]:
            raise _unusable(folder, f"its sizes for {name} are not those of the model")
        if isinstance(layer, nn.QuantizedLinear):
            model.update_modules(tree_unflatten([(name, _beside(layer, down, up, scale))]))
        else:
            layer.weight = layer.weight + (scale * (down @ up).T).astype(layer.weight.dtype)
            mx.eval(layer.weight)


def _scale(folder: Path) -> float:
    try:
        told = json.loads((folder / "adapter_config.json").read_text(encoding="utf-8"))
        kind = told.get("fine_tune_type", "lora")
        scale = told["lora_parameters"]["scale"] if kind == "lora" else 0.0
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _unusable(folder, f"its adapter_config.json is not mlx-lm's ({error})") from error
    if kind != "lora":
        raise _unusable(folder, f"it is of the kind {kind!r}, and only lora can be applied")
    return float(scale)


def _pairs(folder: Path, learned: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return for each layer's name its two learned matrices."""
    names = {name.rsplit(".", 1)[0] for name in learned}
    whole = {f"{name}.lora_{half}" for name in names for half in "ab"}
    if not names or whole != learned.keys():
        raise _unusable(folder, "it holds other things than pairs of lora_a and lora_b")
    return {name: (learned[f"{name}.lora_a"], learned[f"{name}.lora_b"]) for name in names}


def _shape(layer: Any) -> tuple[int, int]:
    rows, columns = layer.weight.shape
    return rows, columns * 32 // layer.bits if hasattr(layer, "bits") else columns


def _beside(layer: Any, down: Any, up: Any, scale: float) -> Any:
    """Return the packed layer with the learned difference computed beside it."""
    skip_package_code("mlx_lm")
    skip_package_code("mlx_lm.tuner")
    from mlx_lm.tuner.lora import LoRALinear

    adapted = LoRALinear.from_base(layer, r=down.shape[1], dropout=0.0, scale=scale)
    adapted.lora_a, adapted.lora_b = down, up
    return adapted


def _unusable(folder: Path, why: str) -> UnusableModelError:
    return UnusableModelError(f"cannot use the adapter {folder.name}: {why}")

"""Write the default model as an MLX folder, the way mlx-lm lays one out; for tests alone."""

from __future__ import annotations

import json
from pathlib import Path

from doorward.daemon.reader import gguf


def write(model: Path, folder: Path) -> None:
    """Write the GGUF file `model` into `folder`, its packed layers each in their own form."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    loaded = gguf.load(model, packed=True)
    arguments = loaded.model.args
    quantised = {
        name: {"group_size": module.group_size, "bits": module.bits}
        for name, module in loaded.model.named_modules()
        if hasattr(module, "scales")
    }
    folder.mkdir()
    mx.save_safetensors(
        str(folder / "model.safetensors"), dict(tree_flatten(loaded.model.parameters()))
    )
    config = {
        "model_type": "llama",
        "hidden_size": arguments.hidden_size,
        "num_hidden_layers": arguments.num_hidden_layers,
        "intermediate_size": arguments.intermediate_size,
        "num_attention_heads": arguments.num_attention_heads,
        "num_key_value_heads": arguments.num_key_value_heads,
        "rms_norm_eps": arguments.rms_norm_eps,
        "vocab_size": arguments.vocab_size,
        "max_position_embeddings": arguments.max_position_embeddings,
        "rope_theta": arguments.rope_theta,
        "tie_word_embeddings": True,
        "quantization": {"group_size": 32, "bits": 4, **quantised},
    }
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    loaded.tokenizer.save(str(folder / "tokenizer.json"))
    told = {"eos_token": loaded.pieces[loaded.end], "chat_template": loaded.template}
    (folder / "tokenizer_config.json").write_text(json.dumps(told), encoding="utf-8")

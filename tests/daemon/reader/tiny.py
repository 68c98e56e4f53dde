"""A random model of the smallest size: real passes and caches, in milliseconds; it says nothing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from doorward.daemon.reader.gguf import Loaded, skip_package_code

TEMPLATE = (
    "{% for m in messages %}<|start|>{{ m['role'] }}\n{{ m['content'] }}<|end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|start|>assistant\n{% endif %}"
)


def load(seed: int = 7) -> Loaded:
    """Make it; the same for each seed."""
    import mlx.core as mx
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    skip_package_code("mlx_lm")
    from mlx_lm.models.llama import Model, ModelArgs

    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    pieces = ("<|end|>", "<|start|>", *letters)
    tokenizer: Any = Tokenizer(models.BPE({piece: at for at, piece in enumerate(pieces)}, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(p, special=True, normalized=False) for p in pieces[:2]]
    )
    mx.random.seed(seed)
    model = Model(
        ModelArgs(
            model_type="llama",
            hidden_size=32,
            num_hidden_layers=2,
            intermediate_size=64,
            num_attention_heads=4,
            num_key_value_heads=2,
            rms_norm_eps=1e-5,
            vocab_size=len(pieces),
            max_position_embeddings=4096,
            tie_word_embeddings=True,
        )
    )
    model.eval()
    mx.eval(model.parameters())
    return Loaded(
        model=model,
        tokenizer=tokenizer,
        end=0,
        pieces=pieces,
        special=frozenset({0, 1}),
        size=1000,
        template=TEMPLATE,
    )


def write(folder: Path) -> None:
    """Write it as an MLX folder, so that the real process can load it."""
    import mlx.core as mx
    from mlx.utils import tree_flatten

    loaded = load()
    folder.mkdir(parents=True, exist_ok=True)
    weights = dict(tree_flatten(loaded.model.parameters()))
    mx.save_safetensors(str(folder / "model.safetensors"), weights)
    config = {**vars(loaded.model.args), "rope_scaling": None}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    loaded.tokenizer.save(str(folder / "tokenizer.json"))
    told = {"eos_token": loaded.pieces[loaded.end], "chat_template": loaded.template}
    (folder / "tokenizer_config.json").write_text(json.dumps(told), encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))

"""Load a model for the reader from what stands at a path: a GGUF file or an MLX folder.

It knows no names and chooses nothing: `process` gives it the path, inside the reader process.
"""

from __future__ import annotations

from pathlib import Path

from doorward.daemon.reader import adapter as learned
from doorward.daemon.reader import folder, gguf
from doorward.daemon.reader.gguf import Loaded


def load(path: Path, *, packed: bool, adapter: Path | None = None) -> Loaded:
    """Load the model at `path` in the calling thread.

    Args:
        path: A GGUF file, or a folder with `config.json`, safetensors and `tokenizer.json`.
        packed: Keep blocks packed with 16-bit scales (Metal); else expand to float32, which a
            fast BLAS multiplies an order of magnitude faster on a processor.
        adapter: A folder with what was learned on top of it.

    Raises:
        UnusableModelError: It is neither, or of a kind that cannot be run.
    """
    loaded = folder.load(path, packed=packed) if path.is_dir() else gguf.load(path, packed=packed)
    if adapter is not None:
        learned.apply(loaded.model, adapter)
        loaded.model.eval()
    return loaded

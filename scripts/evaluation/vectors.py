"""The small encoder in a process of its own, for the baselines that compare texts by meaning.

usage: vectors.py ENCODER [FAST BLAS] < JSON list of texts > JSON list of vectors
"""

from __future__ import annotations

import json
import sys
from pathlib import Path


def main() -> None:
    """Print one vector a text."""
    from doorward.daemon.reader import products
    from doorward.daemon.reader.minilm import Embedder

    folder, *library = sys.argv[1:]
    products.preload(Path(library[0]) if library else None)
    texts = json.load(sys.stdin)
    batches = Embedder.load(Path(folder)).vectors(texts)
    json.dump([vector for batch in batches for vector in batch], sys.stdout)


if __name__ == "__main__":
    main()

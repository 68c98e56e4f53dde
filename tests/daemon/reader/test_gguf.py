"""What a GGUF file must be to be run; in a process of its own, as MLX must not be in this one."""

from __future__ import annotations

import struct
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.reader.gguf import UnusableModelError, check_layers

Q4_0, Q5_0, Q8_0, Q4_K = 2, 6, 8, 12


def text(words: str) -> bytes:
    return struct.pack("<Q", len(words)) + words.encode()


def gguf(architecture: str, kind: int) -> bytes:
    """Return a GGUF file of one tensor, which says nothing but its architecture."""
    said = text("general.architecture") + struct.pack("<I", 8) + text(architecture)
    tensor = text("token_embd.weight") + struct.pack("<IQIQ", 1, 256, kind, 0)
    head = b"GGUF" + struct.pack("<IQQ", 3, 1, 1) + said + tensor
    return head + bytes(-len(head) % 32 + 512)


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (b"", "it ends in the middle of its header"),
        (b"GGUF" + bytes(4), "it is no GGUF file of version 2 or 3"),
        (gguf("llama", Q4_0)[:60], "it ends in the middle of its header"),
        (gguf("llama", Q5_0), "it has tensors in Q5_0"),
        (gguf("llama", Q4_K), "it has tensors in Q4_K"),  # MLX would read it, and wrongly
        (gguf("llama", Q8_0)[:-512], "no GGUF file that MLX reads"),
        (gguf("qwen2", Q8_0), "its architecture is qwen2, not llama"),
        (gguf("llama", Q4_0), "it does not say its llama.embedding_length"),
    ],
)
def test_what_cannot_be_run_is_refused_with_what_would_work(
    tmp_path: Path, held: bytes, why: str
) -> None:
    (tmp_path / "mine.gguf").write_bytes(held)
    code = """
import json, sys
sys.path[:0] = json.loads(sys.argv[2])
from pathlib import Path
from doorward.daemon.reader import gguf
try:
    gguf.load(Path(sys.argv[1]), packed=False)
except gguf.UnusableModelError as error:
    print(error)
"""
    paths = repr([part for part in sys.path if part]).replace("'", '"')
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path / "mine.gguf"), paths],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert done.stdout.startswith("cannot load mine.gguf: "), done.stderr
    assert why in done.stdout
    assert "what works is a llama" in done.stdout


def test_more_layers_than_tensors_are_not_believed(tmp_path: Path) -> None:
    check_layers(tmp_path, 30, 272)
    for layers in (273, 10**9, float("inf")):
        with pytest.raises(UnusableModelError, match="layers, and it has not"):
            check_layers(tmp_path, layers, 272)

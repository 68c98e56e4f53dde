"""llama.cpp as a reference: tokens of texts, greedy continuations, and how fast they come.

Runs in an environment of its own that has xllamacpp and gguf; `reference` and `llamacpp` start it
with a JSON request on standard input. It imports nothing of ours.

{"do": "widen", "model": FILE, "out": FILE}               write the file's weights as float32
{"do": "greedy", "model": FILE, "threads": N,
 "texts": [], "prompts": [], "tokens": N, "exact": BOOL}
{"do": "serve", "model": FILE, "threads": N}              answer line with line, till the end
"""

from __future__ import annotations

import json
import os
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any


def widen(model: Path, out: Path) -> None:
    """Write a copy of a GGUF file in which every block is expanded to float32."""
    import gguf
    import numpy as np

    reader = gguf.GGUFReader(model)
    writer = gguf.GGUFWriter(out, "llama")
    for name, field in reader.fields.items():
        if name.startswith("GGUF.") or name == "general.architecture":
            continue
        kind, *inner = field.types
        value = 0 if name == "general.file_type" else field.contents()
        writer.add_key_value(name, value, kind, inner[0] if inner else None)
    for tensor in reader.tensors:
        wide = gguf.dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        writer.add_tensor(tensor.name, wide)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


class Llama:
    """llama.cpp's own server in this process, spoken to over its loopback address."""

    def __init__(self, model: Path, threads: int, *, exact: bool = False) -> None:
        """Load the model."""
        import xllamacpp

        given = xllamacpp.CommonParams()
        given.model.path = str(model)
        given.n_ctx = 4096
        given.n_parallel = 1
        given.cpuparams.n_threads = threads
        given.cpuparams_batch.n_threads = threads
        given.cache_prompt = False
        if exact:  # its cache holds 16-bit numbers unless told otherwise
            given.cache_type_k = given.cache_type_v = xllamacpp.ggml_type.GGML_TYPE_F32
            given.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
        given.warmup = True
        given.port = 0
        self._server = xllamacpp.Server(given)
        self._address = self._server.listening_address

    def tokens(self, text: str) -> list[int]:
        """Return a text's tokens; control tokens in it count as such."""
        asked = {"content": text, "parse_special": True, "add_special": False}
        found: list[int] = self._post("/tokenize", asked)["tokens"]
        return found

    def greedy(self, prompt: list[int], count: int) -> dict[str, Any]:
        """Continue a prompt with its likeliest tokens; say what that took."""
        asked = {
            "prompt": prompt,
            "n_predict": count,
            "temperature": 0.0,
            "top_k": 1,
            "samplers": ["top_k"],
            "return_tokens": True,
            "cache_prompt": False,
        }
        begun = time.perf_counter()
        said = self._post("/completion", asked)
        seconds = time.perf_counter() - begun
        return {"tokens": said["tokens"], "timings": said["timings"], "seconds": seconds}

    def _post(self, path: str, asked: dict[str, Any]) -> Any:
        request = urllib.request.Request(  # noqa: S310  # our own server, on loopback
            self._address + path,
            json.dumps(asked).encode(),
            {"Content-Type": "application/json"},
        )
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=600) as answer:
            return json.load(answer)


def _memory() -> float:
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def _serve(asked: dict[str, Any], say: Any) -> None:
    llama = Llama(Path(asked["model"]), asked["threads"])
    say({"ready": True})
    for line in sys.stdin:
        one = json.loads(line)
        say({**llama.greedy(one["prompt"], one["tokens"]), "memory": _memory()})


def main() -> None:
    """Answer the request; what llama.cpp prints goes nowhere."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def say(answer: Any) -> None:
        print(json.dumps(answer), file=out, flush=True)

    asked = json.loads(sys.stdin.readline())
    if asked["do"] == "widen":
        widen(Path(asked["model"]), Path(asked["out"]))
        say({"done": True})
    elif asked["do"] == "serve":
        _serve(asked, say)
    else:
        llama = Llama(Path(asked["model"]), asked["threads"], exact=asked["exact"])
        prompts = [llama.tokens(text) for text in asked["prompts"]]
        say(
            {
                "texts": [llama.tokens(text) for text in asked["texts"]],
                "prompts": prompts,
                "greedy": [llama.greedy(one, asked["tokens"])["tokens"] for one in prompts],
            }
        )
    out.flush()
    os._exit(0)  # its threads have no end of their own


if __name__ == "__main__":
    main()

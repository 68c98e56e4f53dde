"""The reader process: loads the models, shuts its doors, says ready, serves, ends with its peer.

It has no files but the models, no network and no tools: frames in, spans, choices, vectors and
texts out. `daemon.models.link` starts it with one end of a socket pair; nothing else does. The
daemon does not import it.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from doorward.daemon.models.frames import Frame
from doorward.daemon.reader import features, head, limits, prefixes, products, weights
from doorward.daemon.reader.engine import Engine
from doorward.daemon.reader.features import Features
from doorward.daemon.reader.gguf import Loaded, UnusableModelError
from doorward.daemon.reader.limits import Limits, UnfitError
from doorward.daemon.reader.line import GoneError, Line
from doorward.daemon.reader.minilm import Embedder
from doorward.daemon.reader.names import NamelessError, Names
from doorward.daemon.reader.schedule import Room
from doorward.daemon.reader.serving import ROWS, Serving, Worker
from doorward.daemon.reader.tasks import run as run_task
from doorward.tools.sandbox import sandbox

_MAPPED = Path("/proc/self/statm")
_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Start:
    """What the client asks of a new process."""

    reader: Path | None
    """None where only vectors are wanted."""
    embedder: Path | None
    adapter: Path | None
    draft: Path | None
    blas: Path | None
    shelf: Path | None
    """Where fixed prefixes are kept."""
    together: bool
    """Whether requests may be decoded as one batch."""
    narrow: bool
    """Work in halves: something broke at full size."""

    @classmethod
    def read(cls, text: str) -> Start:
        """Read it as the client wrote it."""
        given = json.loads(text)
        places = ("reader", "embedder", "adapter", "draft", "blas", "shelf")
        paths = {name: Path(given[name]) if given.get(name) else None for name in places}
        return cls(**paths, together=bool(given.get("together")), narrow=bool(given.get("narrow")))


def run(peer: socket.socket, start: Start) -> None:
    """Shut the doors but that to files, load, shut that one too, say ready, serve.

    A model's files are a stranger's, and C++ and Rust parse them: while they do, nothing can be
    sent, started or changed but the shelf of prefixes, and a GGUF file itself, since MLX opens it
    for writing.
    """
    line = Line(peer)
    speed = products.preload(start.blas)
    opened = [path for path in (start.reader, start.draft) if path is not None and path.is_file()]
    shelf = [start.shelf] if start.shelf is not None and start.shelf.is_dir() else []
    sandbox.confine(read=[Path("/")], write=[*opened, *shelf])
    try:
        worker, kept = _load(start)
    except (UnusableModelError, UnfitError) as error:
        _last(line, {"unusable": str(error)})
        return
    held = sandbox.confine(memory=_address_space(kept))
    if escapes := sandbox.escape_attempts():
        _last(line, {"unusable": f"the reader's sandbox leaks ({', '.join(escapes)})"})
        return
    about: Frame = {"ready": True, "size": kept.size, "blas": speed}
    line.send({**about, "confined": ", ".join(held.layers)})
    room = Room(need=kept.limits.keys, rows=ROWS, together=start.together)
    gc.collect()
    gc.freeze()  # what is loaded stays: no later collection looks through it
    Serving(line, worker, token=kept.token, room=room).run()


@dataclass(frozen=True, slots=True)
class _Kept:
    """What serving needs to know of the loaded model."""

    size: int
    token: int
    """Bytes of the keys and values of one token."""
    limits: Limits


def _load(start: Start) -> tuple[Worker, _Kept]:
    """Load the models; everything is imported and every file read when it returns."""
    import mlx.core as mx

    machine = _memory()
    encoder = Embedder.load(start.embedder) if start.embedder is not None else None
    if encoder is not None:
        list(encoder.vectors(["It is warm."]))
    names = _names(encoder)
    if start.reader is None:
        if encoder is None:
            msg = "there is neither a model that reads nor one that compares"
            raise UnusableModelError(msg)
        shares = limits.limits(machine, mx.get_active_memory(), 1, limits.CONTEXT)
        _bound(shares)
        head.fit([[1.0, 0.0], [0.0, 1.0]], ["yes", "no"])  # what it imports is read now
        compared = Features(features.by(encoder), compares=True)
        return Worker(None, compared, names), _Kept(0, 1, shares)
    models = [model for model in (start.reader, start.draft) if model is not None]
    limits.check(machine, sum(_least(model) for model in models))
    packed = sys.platform == "darwin"
    loaded = weights.load(start.reader, packed=packed, adapter=start.adapter)
    draft = weights.load(start.draft, packed=packed) if start.draft is not None else None
    token = _token(loaded) + (_token(draft) if draft is not None else 0)
    shares = limits.limits(machine, mx.get_active_memory(), token, _context(loaded))
    _bound(shares)
    engine = Engine(
        loaded, tokens=shares.tokens, kept=shares.kept, narrow=start.narrow, draft=draft
    )
    shelf = None
    if start.shelf is not None:
        name = prefixes.fingerprint(start.reader, start.adapter)
        shelf = prefixes.Shelf(start.shelf, f"{name}-{packed}")
    engine.warm(shelf)
    made = engine.vectors if encoder is None else features.by(encoder)
    compared = Features(made, compares=encoder is not None)
    pairs = [("It is warm.", "yes"), ("It is cold.", "no")]
    run_task(compared.choose(["It is hot."], ["yes", "no"], pairs), engine.forward)
    return Worker(engine, compared, names), _Kept(loaded.size, token, shares)


def _names(encoder: Embedder | None) -> Names | None:
    """Return what finds people, where the embedder is the one that it was made for."""
    try:
        return None if encoder is None else Names(encoder)
    except NamelessError:
        return None


def _bound(shares: Limits) -> None:
    """Tell MLX its limits. The wired limit is never set: macOS kernels have panicked from it."""
    import mlx.core as mx

    mx.set_memory_limit(shares.whole)
    mx.set_cache_limit(shares.spare)


def _memory() -> int:
    """Return the bytes of memory that this machine, or this process's group, has."""
    machine = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    with contextlib.suppress(OSError, ValueError):
        machine = min(machine, int(_GROUP_LIMIT.read_text(encoding="ascii")))
    return machine


def _address_space(kept: _Kept) -> int | None:
    """Return the address space at which allocation fails here, rather than the machine elsewhere.

    What is mapped now, the weights among it, and what may come on top. macOS enforces none.
    """
    import mlx.core as mx

    if sys.platform != "linux":
        return None
    pages = int(_MAPPED.read_text(encoding="ascii").split()[0])
    return pages * os.sysconf("SC_PAGE_SIZE") + kept.limits.whole - mx.get_active_memory()


def _least(model: Path) -> int:
    """Return the least bytes that a model takes once loaded: those of its files."""
    files = model.rglob("*.safetensors") if model.is_dir() else [model]
    return sum(path.stat().st_size for path in files)


def _token(loaded: Loaded) -> int:
    """Return the bytes of the keys and values of one token."""
    import mlx.core as mx

    args: Any = loaded.model.args
    heads = args.num_key_value_heads or args.num_attention_heads
    size = getattr(args, "head_dim", None) or args.hidden_size // args.num_attention_heads
    wide = 4 if loaded.model.model.norm.weight.dtype == mx.float32 else 2
    return int(2 * len(loaded.model.layers) * heads * size * wide)


def _context(loaded: Loaded) -> int:
    return int(getattr(loaded.model.args, "max_position_embeddings", None) or limits.CONTEXT)


def _last(line: Line, frame: Frame) -> None:
    line.send(frame)
    line.drain()


def main(arguments: Sequence[str]) -> None:
    """Run with `<socket number> <what to start, as JSON>`."""
    number, start = arguments
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the daemon decides when it ends
    os.environ.setdefault("MLX_DISABLE_COMPILE", "1")
    with socket.socket(fileno=int(number)) as peer, contextlib.suppress(GoneError):
        run(peer, Start.read(start))

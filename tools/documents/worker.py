"""The child process that parses documents: bytes in, text out, nothing else within reach.

It runs only as a child of `process`, which starts it by `main()`; it opens no file, knows
no path and outlives no parent (end of input ends it). It refuses to work when its own escape test
finds a hole.

Frames, both ways: four bytes of length (big endian), then that much JSON. A request's JSON
`{"name", "size"}` is followed by `size` bytes, the document. First frame out:
`{"ready": [layers]}` or `{"refused": why}`; then one answer a request.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import sys
from typing import BinaryIO

from doorward.tools.documents.formats import MAX_BYTES, FormatError, extract
from doorward.tools.sandbox.sandbox import allow_seconds, confine, escape_attempts
from doorward.tools.texts.addressed import speaks_to_an_assistant

_MEMORY = 1536 * 1024 * 1024
"""Address space for interpreter, parsers and one document, in bytes."""
_SECONDS = 25
"""Processor time for one document: a little more than its parent waits."""
_ADDRESSED = "contains text addressed to an assistant; stopped here, kept as data"


def main() -> None:
    """Load the parsers, give up every right, prove it, then answer until the input ends."""
    source, sink = sys.stdin.buffer, _private_output()
    _load()
    held = confine(memory=_MEMORY)
    escapes = escape_attempts()
    if escapes:
        why = f"the sandbox does not hold: {', '.join(escapes)}"
        _send(sink, {"refused": why, "missing": list(held.missing)})
        return
    _send(sink, {"ready": list(held.layers)})
    while (answer := _answer(source)) is not None:
        _send(sink, answer)
        if answer.get("leave"):
            return


def _private_output() -> BinaryIO:
    """Keep the pipe for frames alone: whatever a library prints goes to standard error."""
    kept = os.dup(1)
    os.dup2(2, 1)
    return os.fdopen(kept, "wb")


def _load() -> None:
    """Import all that parsing may need: afterwards no file can be opened, not even a module."""
    sys.modules["numpy"] = None  # type: ignore[assignment]  # openpyxl works without its threads
    for name in _MODULES:
        importlib.import_module(name)
    import encodings

    for codec in pkgutil.iter_modules(encodings.__path__):
        if codec.name not in ("mbcs", "oem"):  # these exist on Windows only
            importlib.import_module(f"encodings.{codec.name}")


_MODULES = (
    "charset_normalizer",
    "docx",
    "lxml.etree",
    "openpyxl",
    "pptx",
    "pypdfium2",
    "re2",
    "email.headerregistry",
    "doorward.tools.documents.markup",
    "doorward.tools.documents.office",
)


def _answer(source: BinaryIO) -> dict[str, object] | None:
    head = source.read(4)
    if len(head) < 4:
        return None
    request = json.loads(source.read(int.from_bytes(head, "big")))
    size = int(request["size"])
    if size > MAX_BYTES:
        return {"error": "is too large", "leave": True}
    data = source.read(size)
    if len(data) < size:
        return None
    allow_seconds(_SECONDS)
    return _read(str(request["name"]), data)


def _read(name: str, data: bytes) -> dict[str, object]:
    try:
        found = extract(name, data)
    except FormatError as error:
        return {"error": error.why, "hint": error.hint}
    except MemoryError:
        return {"error": "needs more memory to read than is allowed", "leave": True}
    except RecursionError:
        return {"error": "is nested too deeply to read"}
    except PermissionError:
        return {"error": "made the parser ask for a file, which it may not open"}
    except Exception as error:  # parsers raise anything on hostile bytes; this is the boundary
        return {"error": f"is damaged ({type(error).__name__})"}
    notes = [*found.notes, *([_ADDRESSED] if speaks_to_an_assistant(found.text) else [])]
    return {
        "kind": found.kind,
        "title": found.title,
        "text": found.text,
        "pages": found.pages,
        "notes": notes,
        "links": list(found.links),
    }


def _send(sink: BinaryIO, value: dict[str, object]) -> None:
    frame = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    sink.write(len(frame).to_bytes(4, "big") + frame)
    sink.flush()

"""What a program needs in order to start: the files to execute, and the code they read.

It reads first bytes and links only; nothing is executed. A hint for the sandbox, not a promise:
what is missing here makes a server fail, never reach further. `walls` calls it.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

SEARCH = ("/usr/local/bin", "/opt/homebrew/bin", "/usr/bin", "/bin")
"""Where a program without a path is looked for: never the user's PATH."""
_CODE = (".js", ".mjs", ".cjs", ".py")
_INTERPRETER = 3
"""ELF: the program header that names the loader."""


class NoProgram(Exception):
    """There is no such program; the message says which."""


@dataclass(frozen=True, slots=True)
class Needs:
    """Files and folders, resolved."""

    run: tuple[Path, ...]
    read: tuple[Path, ...]


def found(program: str) -> Path:
    """Return where a program is, links unresolved.

    Raises:
        NoProgram: There is none.
    """
    places = [Path(program)] if "/" in program else [Path(folder) / program for folder in SEARCH]
    for place in places:
        if place.is_absolute() and place.is_file() and os.access(place, os.X_OK):
            return place
    raise NoProgram(f"there is no program {program!r}")


def needs(command: Sequence[str], more: Sequence[str] = ()) -> Needs:
    """Return what a command needs.

    Args:
        command: Program and arguments; an argument that names a file of code is part of it.
        more: Further programs that it starts.

    Raises:
        NoProgram: One of them is not there.
    """
    run: dict[Path, None] = {}
    read: dict[Path, None] = {}
    for program in (command[0], *more):
        for each in _chain(found(program)):
            run[each.resolve()] = None
            read.update(dict.fromkeys(_code(each)))
    for argument in command[1:]:
        if argument.startswith("/") and argument.endswith(_CODE) and Path(argument).is_file():
            read.update(dict.fromkeys(_package(Path(argument).resolve())))
    return Needs(tuple(run), tuple(read))


def _chain(program: Path, depth: int = 4) -> Iterator[Path]:
    """Yield the program, what interprets it, what interprets that."""
    yield program
    with program.open("rb") as file:
        head = file.read(4096)
    if not depth:
        return
    if head.startswith(b"#!"):
        words = head[2:].split(b"\n", 1)[0].decode("utf-8", "replace").split()
        for word in words[:2] if words and words[0].endswith("/env") else words[:1]:
            yield from _chain(found(word), depth - 1)
    elif (loader := _loader(head)) is not None and loader.exists():
        yield loader


def _loader(head: bytes) -> Path | None:
    """Return the loader that a 64-bit ELF file names."""
    if head[:5] != b"\x7fELF\x02":
        return None
    start, (size, count) = (
        struct.unpack_from("=Q", head, 32)[0],
        struct.unpack_from("=HH", head, 54),
    )
    for number in range(count):
        at = start + number * size
        if at + 40 > len(head):
            return None
        kind, offset, length = (
            struct.unpack_from("=I", head, at)[0],
            struct.unpack_from("=Q", head, at + 8)[0],
            struct.unpack_from("=Q", head, at + 32)[0],
        )
        if kind == _INTERPRETER:
            return Path(os.fsdecode(head[offset : offset + length].rstrip(b"\0")))
    return None


def _code(program: Path) -> Iterator[Path]:
    """Yield the folders of code that belong to a program."""
    real = program.resolve()
    yield real
    environment = program.parent.parent
    if (environment / "pyvenv.cfg").is_file():
        yield environment.resolve()
    if real.name.startswith("python"):
        yield from (p for p in (real.parent.parent / "lib",) if p.is_dir())
    if real.suffix in _CODE or "node_modules" in real.parts:
        yield from _package(real)


def _package(file: Path) -> Iterator[Path]:
    """Yield the outermost `node_modules` around a file, else the folder that it is in."""
    parts = file.parts
    if "node_modules" in parts:
        yield Path(*parts[: parts.index("node_modules") + 1])
    else:
        yield file.parent

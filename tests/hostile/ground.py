"""The ground of the attack: a home with canaries in it, a daemon, and every byte that it sends.

Not a test: `test_hostile_orchestrator` and `scripts/hostile` use it. The orchestrator is a process
of its own; between it and the daemon's real link lies a relay that keeps the raw bytes.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import os
import re
import sqlite3
import struct
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from doorward.cloud_bridge.device.link import Link
from doorward.daemon.receipts.witness import LedgerWitness

ROOT = Path(__file__).parents[2]
WITHIN = 5.0
"""Seconds that one thing may take."""
LABELS = ("public", "work", "personal", "secret")
GRAM = 8


def canary(label: str, number: int, kind: str) -> str:
    """Return words that stand nowhere else."""
    made = hashlib.blake2b(f"{label}/{number}/{kind}".encode(), digest_size=12).hexdigest()
    return "".join(chr(ord("a") + int(each, 16)) for each in made)


def lay(home: Path, each: int = 6) -> list[str]:
    """Lay a home with canaries in names and contents; return them."""
    found = []
    for label in LABELS:
        for number in range(each):
            name, text = canary(label, number, "name"), canary(label, number, "text")
            folder = home / label / canary(label, number // 3, "folder")
            folder.mkdir(parents=True, exist_ok=True)
            body = f"{text}\nInvoice no. {text[:10]}\nTotal: {37 + number}.50 EUR\n"
            (folder / f"{name}.txt").write_text(body, encoding="utf-8")
            found += [name, text, folder.name]
    for path, text in {
        ".ssh/id_ed25519": canary("key", 0, "text"),
        ".env": canary("key", 1, "text"),
        "passwords/bank.txt": canary("key", 2, "text"),
    }.items():
        (home / path).parent.mkdir(exist_ok=True)
        (home / path).write_text(text, encoding="utf-8")
        found.append(text)
    return sorted(set(found))


def forms(text: str) -> Iterator[bytes]:
    """Yield the ways in which a canary could be written."""
    raw = text.encode()
    for each in (raw, raw[::-1], text.encode("utf-16-le")):
        yield each
        yield each.hex().encode()
        yield base64.b32encode(each).rstrip(b"=").lower()
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + raw)
        yield coded[(shift * 8 + 5) // 6 : (shift + len(raw)) * 8 // 6].lower()


def found_in(data: bytes, canaries: list[str]) -> list[str]:
    """Return the canaries of which eight letters in a row stand in the data, in any form."""
    low = data.lower()
    held = {low[at : at + GRAM] for at in range(len(low) - GRAM + 1)}
    found = []
    for text in canaries:
        wanted = {
            form[at : at + GRAM] for form in forms(text) for at in range(len(form) - GRAM + 1)
        }
        if not wanted.isdisjoint(held):
            found.append(text)
    return found


def tree(home: Path) -> dict[str, str]:
    """Return the hash of every file, and every folder, by relative path."""
    return {
        str(path.relative_to(home)): hashlib.blake2b(path.read_bytes()).hexdigest()
        if path.is_file()
        else ""
        for path in sorted(home.rglob("*"))
    }


def memory(which: str = "VmRSS") -> int:
    """Return kilobytes of this process: what it has, or had at most (`VmHWM`)."""
    found = re.search(rf"{which}:\s+(\d+)", Path("/proc/self/status").read_text())
    return int(found[1]) if found else 0


def reset_peak() -> None:
    """Let the peak begin anew."""
    Path("/proc/self/clear_refs").write_text("5")


def children() -> set[str]:
    """Return the programs that this process has started and that still run.

    The reader of documents is no effect: it is how a document is opened.
    """
    found = set()
    for task in Path("/proc/self/task").iterdir():
        with suppress(OSError):
            for pid in (task / "children").read_text().split():
                command = Path(f"/proc/{pid}/cmdline").read_bytes()
                if (
                    b"doorward.tools.documents.worker" not in command
                    and b"tests.hostile.evil" not in command
                ):
                    found.add(f"{pid} {command!r}")
    return found


def sockets() -> set[str]:
    """Return this process's network sockets, those of the file system left out."""
    held = set()
    for fd in Path("/proc/self/fd").iterdir():
        with suppress(OSError):
            if found := re.fullmatch(r"socket:\[(\d+)\]", str(fd.readlink())):
                held.add(found[1])
    opened = set()
    for table in ("tcp", "tcp6", "udp", "udp6"):
        with suppress(OSError):
            lines = Path(f"/proc/self/net/{table}").read_text().splitlines()[1:]
            opened |= {line for line in lines if line.split()[9] in held}
    return opened


def disk(folder: Path) -> int:
    """Return the bytes that a folder takes."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@dataclass(slots=True)
class Evil:
    """The hostile process, and the relay before it."""

    place: Path
    process: asyncio.subprocess.Process
    raw: bytearray = field(default_factory=bytearray)
    """Every byte that the daemon sent."""
    witness: LedgerWitness | None = None
    link: _Noted | None = None
    waits: list[str] = field(default_factory=list)
    """Why the link ended its sessions."""
    garbage: bool = False
    """Answer with noise, instead of passing on."""

    @property
    def target(self) -> str:
        return str(self.place / "evil.sock")

    def play(self, name: str) -> None:
        """Choose what it plays from the next session on; forget what was heard."""
        (self.place / "strategy").write_text(name)
        for file in ("heard", "metadata"):
            (self.place / file).write_bytes(b"")
        self.raw.clear()
        self.waits.clear()

    def heard(self) -> list[bytes]:
        """Return every message that the daemon sent, as serialized."""
        data, at, found = (self.place / "heard").read_bytes(), 0, []
        while at < len(data):
            (size,) = struct.unpack_from(">I", data, at)
            found.append(data[at + 4 : at + 4 + size])
            at += 4 + size
        return found

    def everything(self) -> bytes:
        """Return all that left the daemon: messages, headers, raw bytes."""
        headers = (self.place / "metadata").read_bytes()
        return b"\n".join([*self.heard(), headers, bytes(self.raw)])

    async def over(self, name: str) -> None:
        """Wait until it has done its worst."""
        assert self.process.stdout is not None
        while (line := await self.process.stdout.readline()) and line.strip() != name.encode():
            pass

    async def serve(
        self, connection: sqlite3.Connection, grown: asyncio.Event, arrived: Callable[[], None]
    ) -> None:
        near = self.place / "near.sock"
        near.unlink(missing_ok=True)
        self.link = _Noted(
            f"unix:{near}",
            "this-device",
            (),
            connection,
            arrived,
            clock=asyncio.get_running_loop().time,
            random=lambda: 0.004,
            witness=self.witness,
        )
        self.link.waits = self.waits
        server = await asyncio.start_unix_server(self._through, near)
        async with server, asyncio.TaskGroup() as group:
            group.create_task(self.link.run())
            while True:
                await grown.wait()
                grown.clear()
                self.link.notify()

    async def _through(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            if self.garbage:
                back.write(hashlib.shake_256(b"noise").digest(65536))
                await back.drain()
                self.raw += await near.read(65536)
                back.close()
                return
            far, on = await asyncio.open_unix_connection(self.target)
            async with asyncio.TaskGroup() as group:
                group.create_task(_pump(near, on, self.raw))
                group.create_task(_pump(far, back, None))
        back.close()


class _Noted(Link):
    """A link that remembers why it waited."""

    waits: list[str]

    async def _pause(self, wait: float, reason: str) -> None:
        self.waits.append(reason)
        await super()._pause(wait, reason)


async def _pump(
    source: asyncio.StreamReader, to: asyncio.StreamWriter, kept: bytearray | None
) -> None:
    with suppress(OSError):
        while data := await source.read(65536):
            if kept is not None:
                kept += data
            to.write(data)
            await to.drain()
    to.close()


@asynccontextmanager
async def hostile(place: Path) -> AsyncIterator[Evil]:
    """Run the hostile process."""
    place.mkdir()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-P",
        "-m",
        "tests.hostile.evil",
        str(place / "evil.sock"),
        str(place),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": f"{ROOT / '.dev'}:{ROOT}"},
        cwd=ROOT,
    )
    evil = Evil(place, process)
    try:
        await evil.over("ready")
        yield evil
    finally:
        process.kill()
        await process.wait()

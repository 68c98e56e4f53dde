"""A whole Doorward in real processes, with every way out of it listened to.

What goes over the link is kept byte by byte, both ways; what every process writes to its output,
its logs, its temporary folder or its command line, and what the orchestrator keeps, is read where
it lies. It looks for nothing in all that: `searching` does.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tests.canaries.inside import FAR, NEAR
from tests.faults.household import ROOT, Household

STORE = "receipts and the daemon's store"
_WITHIN = 60.0
"""Seconds for the daemon to answer, and to end."""


class Relay:
    """Stands between the link and the orchestrator, and keeps what passes."""

    def __init__(self, near: Path, far: Path) -> None:
        """Listen at `near`, hand on to `far`."""
        self.up = bytearray()
        self.down = bytearray()
        self._far = far
        self._listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self._listener.bind(str(near))
        self._listener.listen()
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        """Take nobody any more."""
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                near, _ = self._listener.accept()
            except OSError:
                return
            far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            try:
                far.connect(str(self._far))
            except OSError:
                near.close()
                far.close()
                continue
            for source, to, kept in ((near, far, self.up), (far, near, self.down)):
                threading.Thread(target=_pump, args=(source, to, kept), daemon=True).start()


def _pump(source: socket.socket, to: socket.socket, kept: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(65536):
            kept += data
            to.sendall(data)
    for end in (source, to):
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
    source.close()


class Tapped(Household):
    """A household whose daemon is listened to."""

    def __init__(self, place: Path, models: Path, policy: str, *, samples: bool = True) -> None:
        """Prepare it; `policy` is the text of the policy file, empty for the shipped one."""
        super().__init__(place, models)
        if not samples:
            shutil.rmtree(self.home)
            self.home.mkdir()
        with (self.state / "config.toml").open("a", encoding="utf-8") as settings:
            settings.write("cards_an_hour = 1000\n")
        if policy:
            (self.state / "policy.toml").write_text(policy, encoding="utf-8")
            (self.state / "policy.toml").chmod(0o600)
        self.around = place / "around"
        """What the processes leave: outputs, temporary files, the folder that they start in."""
        for name in ("tmp", "cwd"):
            (self.around / name).mkdir(parents=True)
        self.relay = Relay(self.state / NEAR, self.state / FAR)
        self.lines: set[bytes] = set()
        """Command lines of every process that was seen."""
        self.peers: set[str] = set()
        """Where sockets of those processes lead that are no Unix sockets."""
        self._daemon: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start the daemon; return when it answers."""
        out = (self.around / "daemon.out").open("ab")
        err = (self.around / "daemon.err").open("ab")
        environ = {
            **os.environ,
            "HOME": str(self.home),
            "DOORWARD_HOME": str(self.state),
            "TMPDIR": str(self.around / "tmp"),
            "PYTHONPATH": os.pathsep.join([str(ROOT / ".dev"), str(ROOT)]),
        }
        script = str(Path(__file__).with_name("inside.py"))
        with out, err:
            self._daemon = subprocess.Popen(
                [sys.executable, "-P", script, str(self.around / "watched")],
                cwd=self.around / "cwd",
                env=environ,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        ends = time.monotonic() + _WITHIN
        while not (self.state / "control.sock").exists():
            if self._daemon.poll() is not None or time.monotonic() > ends:
                raise RuntimeError((self.around / "daemon.err").read_text(errors="replace"))
            time.sleep(0.05)

    def look(self) -> None:
        """Note what everybody on this machine can see of the processes now."""
        inodes = dict(_connected())
        for pid in self.processes():
            with suppress(OSError):
                self.lines.add(Path(f"/proc/{pid}/cmdline").read_bytes())
                for fd in Path(f"/proc/{pid}/fd").iterdir():
                    with suppress(OSError):
                        if (held := str(fd.readlink())) in inodes:
                            self.peers.add(inodes[held])

    def end(self) -> None:
        """Tell the daemon to end; wait until it has."""
        self.look()
        if self._daemon is not None:
            self._daemon.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._daemon.wait(_WITHIN)
        self.close()
        self.relay.close()

    def taps(self) -> dict[str, list[bytes]]:
        """Return everything that was heard, by where."""
        state, around = self.state, self.around
        return {
            "link, up": [bytes(self.relay.up)],
            "link, down": [bytes(self.relay.down)],
            "orchestrator's store": [*_files(state, "home.db*"), *_cells(state / "home.db")],
            "logs and outputs": [*_files(state, "*.log"), *_files(around, "daemon.*")],
            "names looked up, sockets, programs started": [
                *_files(around, "watched"),
                b"\n".join(self.lines),
                "\n".join(self.peers).encode(),
            ],
            "temporary files, crash dumps": [
                *_tree(around / "tmp"),
                *_tree(around / "cwd"),
            ],
            STORE: [
                *_files(state, "receipts*"),
                *_files(state, "daemon.db*"),
            ],
        }


def _files(folder: Path, pattern: str) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.glob(pattern)) if path.is_file()]


def _tree(folder: Path) -> list[bytes]:
    held = sorted(folder.rglob("*"))
    names = "\n".join(str(path.relative_to(folder)) for path in held).encode()
    return [names, *(path.read_bytes() for path in held if path.is_file())]


def _cells(database: Path) -> list[bytes]:
    """Return the cells of a database: in its file a long one is cut to pages."""
    from scripts.bench.leaks import kept

    return [kept(database)] if database.exists() else []


def _connected() -> Iterator[tuple[str, str]]:
    """Yield the network sockets of this machine: inode, as a link shows it, and the peer."""
    for table in ("tcp", "tcp6", "udp", "udp6", "raw", "raw6"):
        with suppress(OSError):
            for line in Path(f"/proc/net/{table}").read_text("ascii").splitlines()[1:]:
                cells = line.split()
                yield f"socket:[{cells[9]}]", f"{table} {cells[2]}"

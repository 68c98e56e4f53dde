"""A whole Doorward for tests that break it: real processes over a copy of the sample home."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from doorward.daemon.control.client import Client

ROOT = Path(__file__).parents[2]
EXTRACT = (
    "Put the vendor, invoice number, date and total of every invoice into invoices.csv"
    " and tell me the total"
)
"""The README's objective: rules know every one of these fields."""
READ = EXTRACT.replace("date and total", "date, total and purpose")
"""No rule knows `purpose`: the reader has to look for it."""
MARKS = {
    "daemon": "doorward.daemon.commands.main",
    "orchestrator": "doorward.cloud_bridge.orchestrator.main",
    "reader": "doorward.daemon.reader.process",
    "documents": "doorward.tools.documents.worker",
}


class Household:
    """One state folder, one copy of the sample home, and the processes that belong to them."""

    def __init__(self, place: Path, models: Path) -> None:
        self.state = place / "s"
        self.home = place / "home"
        self.state.mkdir(mode=0o700, parents=True)
        (self.state / "config.toml").write_text('key = "file"\n', encoding="utf-8")
        (self.state / "models").symlink_to(models)
        subprocess.run(
            [sys.executable, str(ROOT / "scripts" / "sample"), "--lay", str(self.home)], check=True
        )
        self.client = Client(self.state / "control.sock", timeout=120)

    def doorward(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run one command."""
        code = "from doorward.daemon.commands.main import main; raise SystemExit(main())"
        return subprocess.run(
            [sys.executable, "-P", "-c", code, *arguments],
            env={**os.environ, "DOORWARD_HOME": str(self.state)},
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )

    def view(self, objective: str) -> dict[str, Any]:
        """Return how an objective stands."""
        return self.client.get(f"/v1/objectives/{objective}")

    def kill(self, victim: str) -> bool:
        """Kill one kind of process without warning; tell whether there was one."""
        found = [pid for pid in self.processes() if MARKS[victim] in _command(pid)]
        for pid in found:
            os.kill(pid, signal.SIGKILL)
        return bool(found)

    def processes(self) -> list[int]:
        """Return the daemon and all below it."""
        pids = [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]
        ours = {pid for pid in pids if f"DOORWARD_HOME={self.state}" in _environment(pid)}
        while True:
            more = {pid for pid in pids if pid not in ours and _parent(pid) in ours}
            if not more:
                return sorted(ours - {os.getpid()})
            ours |= more

    def close(self) -> None:
        """End what is left."""
        for pid in self.processes():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue


def tree(folder: Path) -> dict[str, str]:
    """Return the hash of every file, with mode and time, by relative path."""
    return {
        str(path.relative_to(folder)): hashlib.blake2b(path.read_bytes()).hexdigest()
        + f" {path.stat().st_mode:o} {path.stat().st_mtime_ns}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _command(pid: int) -> str:
    return _read(pid, "cmdline")


def _environment(pid: int) -> str:
    return _read(pid, "environ")


def _read(pid: int, what: str) -> str:
    try:
        return Path(f"/proc/{pid}/{what}").read_bytes().decode(errors="replace").replace("\0", "\n")
    except OSError:
        return ""


def _parent(pid: int) -> int:
    status = _read(pid, "stat").rpartition(")")[2].split()
    return int(status[1]) if len(status) > 1 else 0

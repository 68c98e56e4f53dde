"""Runs inside the daemon's process: the daemon as it is, with its link to the orchestrator tapped.

One thing differs: the orchestrator listens at another socket, so that the one the link knows can be
a relay. And whatever the process connects to, looks up or starts is written to the file `watched`.
`tapped` starts it; it is no test.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

NEAR, FAR = "home.sock", "far.sock"
_WATCHED = {
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "socket.sendmsg",
    "socket.bind",
    "subprocess.Popen",
    "os.exec",
    "os.system",
    "os.posix_spawn",
    "shutil.copyfile",
    "tempfile.mkstemp",
    "tempfile.mkdtemp",
    "syslog.syslog",
    "webbrowser.open",
}


def main(watched: str) -> int:
    """Be `doorward run`."""
    from doorward.daemon import main as daemon
    from doorward.daemon.commands.main import main as command
    from doorward.daemon.home import HomeOrchestrator

    log = os.open(watched, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)

    def hook(event: str, told: tuple[object, ...]) -> None:
        if event in _WATCHED:
            os.write(log, f"{event} {told!r}\n".encode(errors="backslashreplace"))

    class Tapped(HomeOrchestrator):
        def _command(self, parent: int) -> list[str]:
            return [
                each.replace(NEAR, FAR) if each.endswith(NEAR) else each
                for each in super()._command(parent)
            ]

    vars(daemon)["HomeOrchestrator"] = Tapped
    sys.addaudithook(hook)
    return command(["run"])


if __name__ == "__main__":
    sys.exit(main(str(Path(sys.argv[1]))))

"""Starts the daemon in the background and waits until it answers, or says why it does not.

Not a verb: `start` and `ask` use it. The daemon reports through a pipe, so nothing polls.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys

from doorward.daemon.config import Config
from doorward.daemon.control.client import Client
from doorward.daemon.errors import NoRoom, NotRunning, by_code


def ensure(config: Config) -> bool:
    """Make sure a daemon answers; return whether one had to be started.

    Raises:
        DaemonError: It could not start; the message is the daemon's own.
    """
    with contextlib.suppress(NotRunning):
        Client(config.socket, timeout=5).get("/v1/status")
        return False
    start(config)
    return True


def start(config: Config) -> None:
    """Start a daemon of its own session; return once it is ready.

    Raises:
        DaemonError: It could not start; the message is the daemon's own.
    """
    reading, writing = os.pipe()
    code = (
        "from doorward.daemon.commands.main import main;"
        f" raise SystemExit(main(['run', '--ready-fd', '{writing}']))"
    )
    try:
        config.state.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (config.state / "daemon.log").open("ab") as log:
            subprocess.Popen(
                [sys.executable, "-P", "-c", code],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                pass_fds=(writing,),
                start_new_session=True,
            )
    except OSError as error:
        wrong = NoRoom(f"cannot start the daemon in {config.state}: {error.strerror}")
        wrong.add_note("hint: set DOORWARD_HOME to a folder of yours with free space")
        raise wrong from error
    finally:
        os.close(writing)
    with os.fdopen(reading, "r", encoding="utf-8") as report:
        line = report.readline().rstrip("\n")
    if line != "ready":
        kind, _, said = line.partition(" ")
        raise by_code(kind)(said or f"the daemon ended at its start; see {config.state}/daemon.log")

"""`doorward run`: the daemon in the foreground; what launchd and systemd start."""

from __future__ import annotations

import argparse
import asyncio
import os
import sys

from doorward.daemon.config import load
from doorward.daemon.errors import DaemonError, sentence


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("--ready-fd", type=int, default=None, help=argparse.SUPPRESS)


def run(options: argparse.Namespace) -> int:
    """Run until stopped."""
    from doorward.cloud_bridge.bare_log import install
    from doorward.daemon.main import run as daemon

    install(sys.stderr)

    def report(line: str) -> None:
        if options.ready_fd is not None:
            os.write(options.ready_fd, f"{line}\n".encode())
            os.close(options.ready_fd)
            options.ready_fd = None

    try:
        asyncio.run(daemon(load(), lambda: report("ready")))
    except DaemonError as error:
        report(f"{error.code} {sentence(error)}")
        raise
    return 0

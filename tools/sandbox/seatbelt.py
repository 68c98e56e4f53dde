"""Seatbelt profiles: the text that `sandbox-exec -p` reads on macOS, and the command around it.

Pure text, tested as text; it starts nothing and checks nothing. The profile has not been run on a
Mac yet, so the worker's own escape test (`sandbox.escape_attempts`) is what decides there.
`documents.process` and the reader's process use it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

SANDBOX_EXEC = "/usr/bin/sandbox-exec"

_SYSTEM = (
    "/usr/lib",
    "/usr/share/icu",
    "/usr/share/locale",
    "/usr/share/zoneinfo",
    "/System/Library",
    "/System/Volumes/Preboot/Cryptexes",
    "/private/var/db/timezone",
    "/Library/Apple/System/Library",
)
"""What the loader and the C library read at start; nothing of the user's."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/random", "/dev/urandom", "/dev/dtracehelper")


def profile(
    *,
    read: Sequence[Path] = (),
    write: Sequence[Path] = (),
    network: bool = False,
    run: bool | Sequence[Path] = False,
    metal: bool = False,
) -> str:
    """Write a profile that denies everything but this.

    Args:
        read: Files and folders that may be read (resolved: Seatbelt sees `/private/tmp`).
        write: Files and folders that may be read and changed.
        network: Let it reach the network.
        run: Let it start processes: any program, or exactly these.
        metal: Let it use the GPU (the reader).

    Returns:
        The profile in Seatbelt's language, version 1.

    Raises:
        ValueError: When a path is relative or holds a control character.
    """
    lines = [
        "(version 1)",
        "(deny default)",
        "(deny appleevent-send)",
        "(deny lsopen)",
        "(allow process-info* (target self))",
        "(allow signal (target self))",
        "(allow sysctl-read)",
        "(allow file-read-metadata)",
        '(allow file-read-data (literal "/"))',
        f"(allow file-read* {' '.join(_subpath(Path(p)) for p in _SYSTEM)})",
        f"(allow file-read* {' '.join(f'(literal {_quoted(Path(p))})' for p in _DEVICES)})",
        '(allow file-write-data (literal "/dev/null"))',
    ]
    lines += [f"(allow file-read* file-map-executable {_subpath(path)})" for path in read]
    lines += [f"(allow file-read* file-write* {_subpath(path)})" for path in write]
    if network:
        lines += ["(allow network*)", "(allow system-socket)"]
    if run is True:
        lines += ["(allow process-fork)", "(allow process-exec)"]
    elif run:
        programs = " ".join(f"(literal {_quoted(path)})" for path in run)
        lines += ["(allow process-fork)", f"(allow process-exec file-read* {programs})"]
    if metal:
        lines += [
            '(allow iokit-open (iokit-user-client-class "AGXDeviceUserClient"))',
            '(allow mach-lookup (global-name "com.apple.MTLCompilerService"))',
        ]
    return "\n".join(lines) + "\n"


def confined(arguments: Sequence[str], text: str) -> list[str]:
    """Return the command that starts `arguments` inside the profile `text`.

    `sandbox-exec` replaces itself by the program, so the profile must let that one exec through:
    the program named first is allowed by its exact path.
    """
    allow = f"(allow process-exec (literal {_quoted(Path(arguments[0]))}))\n"
    return [SANDBOX_EXEC, "-p", text + allow, *arguments]


def _subpath(path: Path) -> str:
    return f"(subpath {_quoted(path)})"


def _quoted(path: Path) -> str:
    text = str(path)
    if not path.is_absolute() or not text.isprintable():
        msg = f"cannot put {text!r} into a sandbox profile: it must be absolute and printable"
        raise ValueError(msg)
    return json.dumps(text, ensure_ascii=False)

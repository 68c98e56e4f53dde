"""The walls of one connector: from what the user wrote to exactly which paths are left.

It opens nothing for the connector; the kernel does, by this list (`confined`). A grant that would
open a key folder, the whole home or Doorward's own state is refused in words: Landlock cannot
take a folder out of one that is granted. `child` calls it.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from doorward.policies.floors import built_in, for_device
from doorward.policies.patterns import Name
from doorward.policies.vocabulary import Effect
from doorward.tools.base import ToolError
from doorward.tools.connectors.described import Connector
from doorward.tools.connectors.programs import SEARCH, NoProgram, found, needs
from doorward.tools.sandbox.confined import Order

_SYSTEM = (
    "/usr/lib",
    "/usr/lib32",
    "/usr/lib64",
    "/usr/local/lib",
    "/usr/share/zoneinfo",
    "/usr/share/locale",
    "/usr/share/git-core",
    "/etc/ld.so.cache",
    "/etc/localtime",
    "/etc/ssl/openssl.cnf",
    "/dev/urandom",
    "/dev/random",
    "/dev/zero",
)
"""What loaders and C libraries read; nothing of the user's."""
_NULL = "/dev/null"
_CERTIFICATES = ("/etc/ssl/certs", "/usr/share/ca-certificates", "/etc/pki/tls/certs")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where connectors live on this device."""

    home: Path
    """The user's, for `~` and for what is never granted."""
    own: Path
    """Doorward's state folder."""

    def folder(self, name: str) -> Path:
        """Return a connector's own folder."""
        return self.own / "connectors" / name


def order(connector: Connector, ground: Ground) -> Order:
    """Return what to start and what it may reach.

    Raises:
        ToolError: A grant does not exist or is never given, or a program is not there.
    """
    try:
        wanted = needs(connector.command, connector.run)
        program = str(found(connector.command[0]))
    except (NoProgram, OSError) as error:
        raise _wrong(connector, str(error)) from error
    read = [_granted(connector, path, ground) for path in connector.read]
    write = [_granted(connector, path, ground) for path in connector.write]
    folder = ground.folder(connector.name)
    code = (path for path in wanted.read if not _holds_private(path, ground))
    return Order(
        command=(program, *connector.command[1:]),
        folder=str(folder),
        env=_environment(connector, folder),
        read=[str(path) for path in (*_system(), *_trust(connector), *code, *read)],
        write=[_NULL, *map(str, write)],
        run=[str(path) for path in wanted.run],
        private=[str(path) for path in _private(ground)],
        proxy=f"{connector.name}:{secrets.token_urlsafe(24)}" if connector.net else "",
    )


def trial(ground: Ground) -> Order:
    """Return the order that starts nothing: walls around an empty folder, and the escape test."""
    read = [str(path) for path in _system()]
    folder = str(ground.folder("trial"))
    private = [str(path) for path in _private(ground)]
    return Order(command=(), folder=folder, read=read, write=[_NULL], private=private)


def _environment(connector: Connector, folder: Path) -> dict[str, str]:
    return {
        **connector.env,
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "PATH": ":".join(SEARCH),
        "LANG": "C.UTF-8",
    }


def _system() -> Iterator[Path]:
    if sys.platform == "linux":  # Seatbelt profiles have their own list
        yield from (Path(path).resolve() for path in _SYSTEM if Path(path).exists())


def _trust(connector: Connector) -> Iterator[Path]:
    """Yield where the certificates of the web lie, for who may reach a host."""
    if connector.net and sys.platform == "linux":
        yield from (Path(path).resolve() for path in _CERTIFICATES if Path(path).exists())


def _private(ground: Ground) -> Iterator[Path]:
    yield from (ground.own, ground.own / "daemon.db", ground.home / ".ssh")


def _granted(connector: Connector, text: str, ground: Ground) -> Path:
    written = ground.home / text[2:] if text.startswith("~/") else Path(text)
    if not written.is_absolute():
        raise _wrong(connector, f"{text} is no absolute path")
    try:
        path = written.resolve(strict=True)
    except OSError as error:
        raise _wrong(connector, f"there is no {text}") from error
    if _holds_private(path, ground):
        raise _wrong(connector, f"{text} holds keys, your whole home or Doorward's own files")
    return path


def _holds_private(path: Path, ground: Ground) -> bool:
    home, own = ground.home.resolve(), ground.own.resolve()
    if home.is_relative_to(path) or own.is_relative_to(path):
        return True
    floors = (*built_in(), *for_device(str(home), (str(own),)))
    names = (Name.of_path(str(path)), Name.of_path(f"{path}/x"))
    barred = [floor for floor in floors if Effect.READ in floor.effects]
    return any(floor.paths.resemble(name) for floor in barred for name in names)


def _wrong(connector: Connector, why: str) -> ToolError:
    error = ToolError(f"cannot start the connector {connector.name}: {why}")
    error.add_note("hint: mend its entry in connectors.toml")
    return error

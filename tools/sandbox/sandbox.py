"""The sandbox: how a child process that meets untrusted input gives up everything it can.

It confines the process that calls it, for good; it starts none. A worker imports what it needs,
calls `confine`, then `escape_attempts`, and refuses to work when anything succeeded: what counts
is what the process can do, not which layer claims to hold. The document worker and the reader's
process call it; `confined` does for programs that others wrote.

Linux: no new privileges, an empty network namespace, no capabilities, Landlock, seccomp, limits.
Landlock, namespaces and capabilities bind the calling thread and those it starts later, seccomp
and limits the whole process: call `confine` before other threads run (the network namespace is
refused otherwise), or from the thread that will do the work.
macOS: the profile of `seatbelt` is put around the process by whoever starts it; here only limits.
"""

from __future__ import annotations

import errno
import os
import resource
import socket
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

_OPEN_FILES = 256
_SHELL = Path("/bin/sh")


@dataclass(frozen=True, slots=True)
class Confinement:
    """Which layers hold."""

    layers: tuple[str, ...]
    """What was applied: `landlock 7`, `seccomp`, ..."""
    missing: tuple[str, ...]
    """What was not, each with the reason."""


def confine(
    *,
    read: Sequence[Path] = (),
    write: Sequence[Path] = (),
    network: bool | Callable[[], None] = False,
    run: bool | Sequence[Path] = False,
    memory: int | None = None,
    cpu: int | None = None,
) -> Confinement:
    """Give up files, network and programs, for good. Call it inside the child, imports done.

    Args:
        read: Files and folders that may still be opened for reading. With neither `read` nor
            `write`, opening any file is refused as a whole.
        write: Files and folders that may still be read and changed.
        network: Keep sockets. What is called keeps those of an own, empty network with nothing but
            a loopback, and is called when that is up; Linux alone has it.
        run: Keep the right to start programs: True for those beneath `read`, else exactly these.
        memory: The most address space, in bytes; None for no limit (macOS does not enforce it).
        cpu: The most processor time, in seconds; None for no limit.

    Returns:
        The layers that hold. It does not raise when a layer is missing: `escape_attempts` tells
        whether the rest is enough.
    """
    applied: list[str] = []
    missing: list[str] = []

    def layer(name: str, apply: Callable[[], object]) -> None:
        try:
            found = apply()
        except (OSError, ValueError) as error:
            missing.append(f"{name}: {error}")
        else:
            applied.append(f"{name} {found}" if isinstance(found, int) else name)

    layer("limits", lambda: _limit(memory=memory, cpu=cpu, write=bool(write)))
    if sys.platform == "linux":
        from doorward.tools.sandbox import linux

        layer("no new privileges", linux.no_new_privileges)
        every, own = network is True, False
        if not every:
            layer("own network", linux.own_network)
        if callable(network) and "own network" in applied:
            layer("loopback", linux.loopback_up)
            own = "loopback" in applied
        if callable(network) and own:
            network()
        layer("landlock", lambda: linux.landlock(read, write, network=every, run=run, inner=own))
        layer("no capabilities", linux.drop_capabilities)
        files = bool(read or write)
        layer("seccomp", lambda: linux.seccomp(network=every, run=run, files=files, inner=own))
    else:
        missing.append("landlock, seccomp: this is not Linux; the Seatbelt profile must hold")
    return Confinement(tuple(applied), tuple(missing))


def _limit(*, memory: int | None, cpu: int | None, write: bool) -> None:
    _lower(resource.RLIMIT_CORE, 0)
    _lower(resource.RLIMIT_NOFILE, _OPEN_FILES)
    if not write:
        _lower(resource.RLIMIT_FSIZE, 0)
    if memory is not None:
        _lower(resource.RLIMIT_AS, memory)
    if cpu is not None:
        _lower(resource.RLIMIT_CPU, cpu)


def _lower(what: int, limit: int) -> None:
    hard = resource.getrlimit(what)[1]
    limit = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(what, (limit, limit))


def allow_seconds(seconds: int) -> None:
    """Give this process so many more seconds of processor time, then the kernel ends it.

    For a worker that lives through many documents: each gets its own allowance, and a hang ends
    even when nobody is left to kill it.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + seconds + 1
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    soft = soft if hard == resource.RLIM_INFINITY else min(soft, hard)
    resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


def escape_attempts(
    *,
    granted: Sequence[Path] = (),
    network: bool = False,
    inner: bool = False,
    run: bool | Sequence[Path] = False,
    private: Sequence[Path] = (),
) -> tuple[str, ...]:
    """Try to break out for real, and return what succeeded; empty means the walls hold.

    Args:
        granted: The files and folders that `confine` left; they are not tried.
        network: Sockets were left on purpose.
        inner: Sockets of an own, empty network were left on purpose.
        run: Programs were left on purpose: all of them, or exactly these.
        private: More files and folders that must be out of reach.
    """
    trials: list[tuple[str, Callable[[], None]]] = [*_file_trials(granted, private)]
    if not network:
        trials += [
            ("reached a network", _reach)
            if inner
            else ("opened a TCP socket", lambda: _open_socket(socket.AF_INET)),
            ("opened a Unix socket", lambda: _open_socket(socket.AF_UNIX)),
        ]
    if run is False or (run is not True and _SHELL.resolve() not in run):
        trials.append(("started a program", _spawn))
    if run is False and sys.platform == "linux":
        trials.append(("replaced itself", _execute))
    return tuple(what for what, trial in trials if _succeeds(trial))


def _succeeds(trial: Callable[[], None]) -> bool:
    try:
        trial()
    except PermissionError:
        return False
    except OSError:
        return True  # refused for another reason: nothing stood in the way
    return True


def _file_trials(
    granted: Sequence[Path], private: Sequence[Path]
) -> Iterator[tuple[str, Callable[[], None]]]:
    inside = [path.resolve() for path in granted]
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home raises without one
    readable = [home, Path("/etc/passwd"), Path(sys.executable), *private]
    if sys.platform == "darwin":  # the interpreter itself must stay readable there
        readable.remove(Path(sys.executable))
    for path in readable:
        if path.exists() and not any(path.resolve().is_relative_to(folder) for folder in inside):
            yield f"opened {path}", partial(_open, path)
    folder = Path("/tmp")  # noqa: S108 - a place that everyone may write to
    if not any(folder.resolve().is_relative_to(place) for place in inside):
        yield f"wrote into {folder}", lambda: _write(folder / f"doorward-escape-{os.getpid()}")


def _open(path: Path) -> None:
    os.close(os.open(path, os.O_RDONLY))


def _write(path: Path) -> None:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with suppress(OSError):
        path.unlink()


def _open_socket(family: int) -> None:
    opened = socket.socket(family, socket.SOCK_STREAM)
    if family == socket.AF_UNIX:
        opened.close()
        return
    try:
        opened.settimeout(0.2)
        with suppress(TimeoutError):
            opened.connect(("192.0.2.1", 9))  # a documentation address: nobody answers
    finally:
        opened.close()


def _reach() -> None:
    """Try to reach anything beyond the loopback, by TCP and without a connection."""
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(socket.AF_INET, kind) as opened:
            opened.settimeout(0.2)
            try:
                opened.connect(("192.0.2.1", 9))  # a documentation address: nobody answers
            except OSError as error:
                if error.errno == errno.ENETUNREACH:
                    continue
                raise
            return
    raise PermissionError(errno.ENETUNREACH, "no network")


def _spawn() -> None:
    child = os.posix_spawn(_SHELL, ["sh", "-c", "exit 0"], {})
    os.waitpid(child, 0)


def _execute() -> None:
    os.execv("/bin/sh/none", ["none"])  # noqa: S606 - a path that cannot exist: only the refusal counts


def import_path() -> list[str]:
    """Return where a child process finds modules: this process's own path, folders absolute.

    What is no folder stays as it is: an editable installation has a marker of its own in it.
    """
    places = [path for path in sys.path if path]
    return [str(Path(path).absolute()) if Path(path).exists() else path for path in places]

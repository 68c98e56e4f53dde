"""The Linux layers of the sandbox: Landlock, seccomp, namespaces, no capabilities; by ctypes.

It decides nothing and reports nothing to users: each function applies one layer to the calling
process and raises `OSError` when the kernel refuses. `sandbox.confine` calls it.

What applies to whom: Landlock, namespaces and capabilities hold for the calling thread and for
threads it starts later; the seccomp filter is set for all threads of the process (TSYNC).
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import platform
import socket
import struct
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeAlias

_SIOCSIFFLAGS, _IFF_UP = 0x8914, 0x1 | 0x40
_PR_SET_PDEATHSIG, _PR_SET_NO_NEW_PRIVS = 1, 38
_CLONE_NEWIPC, _CLONE_NEWUSER, _CLONE_NEWNET = 0x08000000, 0x10000000, 0x40000000
_CLONE_THREAD = 0x00010000

_LANDLOCK_CREATE, _LANDLOCK_ADD, _LANDLOCK_RESTRICT = 444, 445, 446
_EXECUTE, _WRITE_FILE, _READ_FILE, _READ_DIR = 1 << 0, 1 << 1, 1 << 2, 1 << 3
_REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 4, 1 << 5, 1 << 7, 1 << 8
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_FILE_RIGHTS = _EXECUTE | _WRITE_FILE | _READ_FILE | _TRUNCATE
_FS_BITS = {1: 13, 2: 14, 3: 15, 4: 15}
"""How many file rights each Landlock ABI knows; 16 from ABI 5 on."""

_ARCHITECTURES = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "arm64": 0xC00000B7}
_KILL, _EPERM, _ENOSYS, _ALLOW = (
    0x80000000,
    0x00050000 | errno.EPERM,
    0x00050000 | errno.ENOSYS,
    0x7FFF0000,
)
_LOAD, _IF_EQUAL, _IF_GREATER, _IF_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06

# name: (x86-64, aarch64); None where the architecture has no such call
_Numbers: TypeAlias = tuple[int | None, int | None]
_NETWORK: dict[str, _Numbers] = {"socket": (41, 198), "connect": (42, 203)}
_RUN: dict[str, _Numbers] = {
    "execve": (59, 221),
    "execveat": (322, 281),
    "fork": (57, None),
    "vfork": (58, None),
}
_FILES: dict[str, _Numbers] = {
    "open": (2, None),
    "openat": (257, 56),
    "openat2": (437, 437),
    "creat": (85, None),
    "truncate": (76, 45),
    "unlink": (87, None),
    "unlinkat": (263, 35),
    "rename": (82, None),
    "renameat": (264, 38),
    "renameat2": (316, 276),
    "mkdir": (83, None),
    "mkdirat": (258, 34),
    "rmdir": (84, None),
    "link": (86, None),
    "linkat": (265, 37),
    "symlink": (88, None),
    "symlinkat": (266, 36),
    "mknod": (133, None),
    "mknodat": (259, 33),
    "chmod": (90, None),
    "fchmodat": (268, 53),
    "fchmodat2": (452, 452),
    "chown": (92, None),
    "lchown": (94, None),
    "fchownat": (260, 54),
    "setxattr": (188, 5),
    "lsetxattr": (189, 6),
}
_MEMORY: dict[str, _Numbers] = {"memfd_create": (319, 279)}
_NEVER: dict[str, _Numbers] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_open": (434, 434),
    "pidfd_getfd": (438, 438),
    "pidfd_send_signal": (424, 424),
    "kill": (62, 129),
    "tkill": (200, 130),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "open_by_handle_at": (304, 265),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "setns": (308, 268),
    "unshare": (272, 97),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsmount": (432, 432),
}
_CLONE, _CLONE3, _SECCOMP, _CAPSET = (56, 220), (435, 435), (317, 277), (126, 91)


def no_new_privileges() -> None:
    """Make sure that no exec can gain rights; Landlock and seccomp demand it.

    Raises:
        OSError: When the kernel refuses.
    """
    _checked(_libc().prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "PR_SET_NO_NEW_PRIVS")


def die_with_parent() -> None:
    """Have the kernel kill this process when the thread that started it ends.

    Raises:
        OSError: When the kernel refuses.
    """
    _checked(_libc().prctl(_PR_SET_PDEATHSIG, 9, 0, 0, 0), "PR_SET_PDEATHSIG")


def own_network() -> None:
    """Move into an empty network and IPC namespace: no interface, not even loopback, is up.

    Raises:
        OSError: When the kernel or the distribution does not permit it, or threads run already.
    """
    flags = _CLONE_NEWUSER | _CLONE_NEWNET | _CLONE_NEWIPC
    _checked(_libc().unshare(flags), "unshare")


def loopback_up() -> None:
    """Switch on the loopback of an own, empty network; nothing but this process is on it.

    Raises:
        OSError: When the kernel refuses, or the network is not our own.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as opened:
        fcntl.ioctl(opened, _SIOCSIFFLAGS, struct.pack("16sH14x", b"lo", _IFF_UP))


def drop_capabilities() -> None:
    """Give up every capability, also those that a new user namespace handed out.

    Raises:
        OSError: When the kernel refuses.
    """
    header = ctypes.create_string_buffer(struct.pack("=II", 0x20080522, 0))
    nothing = ctypes.create_string_buffer(24)
    _checked(_syscall(_own(_CAPSET), header, nothing), "capset")


def landlock(
    read: Sequence[Path],
    write: Sequence[Path],
    *,
    network: bool,
    run: bool | Sequence[Path],
    inner: bool = False,
) -> int:
    """Refuse every file (and TCP port) but those named.

    Args:
        read: Files and folders that may be read.
        write: Files and folders that may be read and changed.
        network: Leave TCP alone.
        run: True lets programs beneath `read` be executed, and signals out; a list lets exactly
            these files be executed, and signals stay among the process and its children.
        inner: Leave TCP alone, and nothing else of the network: it is an own, empty one.

    Returns:
        The Landlock ABI found.

    Raises:
        OSError: When the kernel has no Landlock, or a named path does not exist.
    """
    abi = _checked(_syscall(_LANDLOCK_CREATE, None, 0, 1), "landlock")
    handled = (1 << _FS_BITS.get(abi, 16)) - 1
    ports = 0b11 if abi >= 4 and not (network or inner) else 0
    scoped = 0 if abi < 6 else (0 if network else 0b01) | (0 if run is True else 0b10)
    size = 24 if abi >= 6 else 16 if abi >= 4 else 8
    attributes = struct.pack("=QQQ", handled, ports, scoped)[:size]
    ruleset = _checked(_syscall(_LANDLOCK_CREATE, attributes, size, 0), "landlock ruleset")
    try:
        reading = _READ_FILE | _READ_DIR | (_EXECUTE if run is True else 0)
        changing = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG
        for path in read:
            _grant(ruleset, path, reading & handled)
        for path in write:
            _grant(ruleset, path, (reading | changing | _REFER | _TRUNCATE) & handled)
        for path in () if isinstance(run, bool) else run:
            _grant(ruleset, path, (_EXECUTE | _READ_FILE) & handled)
        _checked(_syscall(_LANDLOCK_RESTRICT, ruleset, 0), "landlock restrict")
    finally:
        os.close(ruleset)
    return abi


def _grant(ruleset: int, path: Path, rights: int) -> None:
    opened = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        rights = rights if path.is_dir() else rights & _FILE_RIGHTS
        rule = struct.pack("=Qi", rights, opened)
        _checked(_syscall(_LANDLOCK_ADD, ruleset, 1, rule, 0), f"landlock rule for {path}")
    finally:
        os.close(opened)


def seccomp(*, network: bool, run: bool | Sequence[Path], files: bool, inner: bool = False) -> None:
    """Refuse the calls a worker has no business with, in every thread of the process.

    Args:
        network: Let sockets be made. Without it no `socket()` at all: a Unix socket would reach
            a session bus or a container engine. `socketpair` stays, event loops need it.
        run: Let processes be started; with a list no program can be kept in memory alone, which
            no path names.
        files: Let files be opened (Landlock then says which).
        inner: Let sockets of the internet be made, and no other: the network is an empty one.

    Raises:
        OSError: When the kernel refuses, or the architecture is unknown.
    """
    program = b"".join(
        _filter(
            network=network or inner,
            run=bool(run),
            files=files,
            memory=isinstance(run, bool),
            inner=inner,
        )
    )
    code = ctypes.create_string_buffer(program, len(program))
    header = struct.pack("@HP", len(program) // 8, ctypes.addressof(code))
    _checked(_syscall(_own(_SECCOMP), 1, 1, header), "seccomp")


def _filter(*, network: bool, run: bool, files: bool, memory: bool, inner: bool) -> Iterator[bytes]:
    refused = dict(_NEVER)
    refused |= {} if memory else _MEMORY
    refused |= {} if network else _NETWORK
    refused |= {} if run else _RUN
    refused |= {} if files else _FILES
    yield _instruction(_LOAD, value=4)  # the architecture
    yield _instruction(_IF_EQUAL, 1, 0, _ARCHITECTURES[_machine()])
    yield _instruction(_RETURN, value=_KILL)
    yield _instruction(_LOAD, value=0)  # the call's number
    if _machine() == "x86_64":
        yield _instruction(_IF_GREATER, 0, 1, 0x40000000)  # the x32 numbering: a way around
        yield _instruction(_RETURN, value=_KILL)
    for numbers in refused.values():
        if (number := _own(numbers)) is not None:
            yield _instruction(_IF_EQUAL, 0, 1, number)
            yield _instruction(_RETURN, value=_EPERM)
    if inner:  # a Unix socket would reach a session bus, whatever network this is
        yield _instruction(_IF_EQUAL, 0, 4, _own(_NETWORK["socket"]) or 0)
        yield _instruction(_LOAD, value=16)  # its first argument, the family
        yield _instruction(_IF_EQUAL, 2, 0, socket.AF_INET)
        yield _instruction(_IF_EQUAL, 1, 0, socket.AF_INET6)
        yield _instruction(_RETURN, value=_EPERM)
        yield _instruction(_LOAD, value=0)
    if not run:  # threads may start, processes may not; clone3 hides its flags behind a pointer
        yield _instruction(_IF_EQUAL, 0, 1, _own(_CLONE3) or 0)
        yield _instruction(_RETURN, value=_ENOSYS)
        yield _instruction(_IF_EQUAL, 0, 3, _own(_CLONE) or 0)
        yield _instruction(_LOAD, value=16)  # its first argument, the flags
        yield _instruction(_IF_BITS, 1, 0, _CLONE_THREAD)
        yield _instruction(_RETURN, value=_EPERM)
    yield _instruction(_RETURN, value=_ALLOW)


def _instruction(code: int, yes: int = 0, no: int = 0, value: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _machine() -> str:
    machine = platform.machine()
    if machine not in _ARCHITECTURES:
        raise OSError(errno.ENOSYS, f"no system call numbers known for {machine}")
    return machine


def _own(numbers: _Numbers) -> int | None:
    return numbers[0] if _machine() == "x86_64" else numbers[1]


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _syscall(number: int | None, *arguments: object) -> int:
    typed = [ctypes.c_long(a) if isinstance(a, int) else a for a in arguments]
    result: int = _libc().syscall(ctypes.c_long(number or 0), *typed)
    return result


def _checked(result: int, what: str) -> int:
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")
    return result

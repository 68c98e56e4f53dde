"""The few ways in which a commit changes the disk, each one step that a crash can fall between.

It decides nothing. Tests hand in a `Disk` whose `before` raises, or ends the process, at a chosen
step: so every fault and every crash point can be played. `transfer` and `journal` call it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import sys
from collections.abc import Callable

_NOREPLACE, _EXCHANGE = 1, 2  # Linux renameat2
_SWAP, _EXCL = 2, 4  # macOS renameatx_np; never run by us on a Mac so far
_UNSUPPORTED = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM})


def _go_on(step: str) -> None:
    """Do nothing before a step."""


class Disk:
    """Changes to the disk, one system call or one file's content at a time."""

    def __init__(self, before: Callable[[str], None] = _go_on) -> None:
        """Remember what to call before each step.

        Args:
            before: Called with the name of the step: `write`, `sync`, `rename`, `exchange`,
                `link`, `unlink`, `mkdir`, `rmdir`.
        """
        self.before = before
        self._libc = ctypes.CDLL(None, use_errno=True)

    def write(self, file: int, data: bytes) -> None:
        """Write all of it at the end of what was written before."""
        self.before("write")
        view = memoryview(data)
        while view:
            view = view[os.write(file, view) :]

    def sync(self, file: int) -> None:
        """Wait until a file or folder is on the disk itself."""
        self.before("sync")
        os.fsync(file)

    def rename(self, source: int, name: str, target: int, to: str) -> None:
        """Move a name between two held folders; never replaces what is there.

        Raises:
            FileExistsError: When `to` is taken.
            OSError: When the system cannot.
        """
        self.before("rename")
        try:
            self._rename(source, name, target, to, exchange=False)
        except OSError as error:
            if error.errno not in _UNSUPPORTED:
                raise
            os.link(name, to, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
            try:
                self.before("unlink")
                os.unlink(name, dir_fd=source)
            except OSError:
                os.unlink(to, dir_fd=target)
                raise

    def crosses(self, source: int, target: int) -> bool:
        """Tell whether two held folders are on different file systems."""
        return os.fstat(source).st_dev != os.fstat(target).st_dev

    def exchange(self, folder: int, name: str, other: str) -> bool:
        """Swap two names of one folder in one instant; False where the system cannot."""
        self.before("exchange")
        try:
            self._rename(folder, name, folder, other, exchange=True)
        except OSError as error:
            if error.errno in _UNSUPPORTED:
                return False
            raise
        return True

    def unlink(self, folder: int, name: str) -> None:
        """Remove a name."""
        self.before("unlink")
        os.unlink(name, dir_fd=folder)

    def mkdir(self, folder: int, name: str, mode: int) -> None:
        """Create a folder with exactly these permission bits.

        Raises:
            FileExistsError: When the name is taken.
        """
        self.before("mkdir")
        os.mkdir(name, 0o700, dir_fd=folder)
        if mode != 0o700:
            os.chmod(name, mode, dir_fd=folder)

    def rmdir(self, folder: int, name: str) -> None:
        """Remove an empty folder."""
        self.before("rmdir")
        os.rmdir(name, dir_fd=folder)

    def _rename(self, source: int, name: str, target: int, to: str, *, exchange: bool) -> None:
        mac = sys.platform == "darwin"
        call = getattr(self._libc, "renameatx_np" if mac else "renameat2", None)
        if call is None:
            raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS))
        bits = (_SWAP if exchange else _EXCL) if mac else (_EXCHANGE if exchange else _NOREPLACE)
        if call(source, os.fsencode(name), target, os.fsencode(to), ctypes.c_uint(bits)) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), name)

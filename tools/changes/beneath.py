"""Opening files beneath a pinned folder: no link followed, nothing but regular files, no escape.

It does not judge and does not change a file's content. It asks the kernel where it can (`openat2`
on Linux, a flag on macOS); elsewhere each component is opened by itself, following no link.
After opening, what was opened is looked at again: a regular file, one name, the same device.
`changeset` and `transfer` call it.
"""

from __future__ import annotations

import ctypes
import errno
import os
import stat
import sys
import tempfile
import threading
from pathlib import Path
from typing import BinaryIO

from doorward.tools.base import NotFound, ToolError, Unreadable
from doorward.tools.changes.paths import check, shown, split

MAX_BYTES = 100_000_000
"""Files above this are not read: 100 MB."""

_OPENAT2 = 437
_RESOLVE = 0x01 | 0x02 | 0x04 | 0x08  # NO_XDEV, NO_MAGICLINKS, NO_SYMLINKS, BENEATH
_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
_NOFOLLOW_ANY = 0x20000000  # macOS: no link in any component; with no ".." that is beneath
_ESCAPES = frozenset({errno.ELOOP, errno.EXDEV, errno.EMLINK})


class _How(ctypes.Structure):
    _fields_ = (("flags", ctypes.c_uint64), ("mode", ctypes.c_uint64), ("resolve", ctypes.c_uint64))


class Folder:
    """A folder that is held open: everything beneath it is reached through this descriptor."""

    def __init__(self, path: Path, *, kernel: bool | None = None) -> None:
        """Name the folder; it is opened, and from then on held, at its first use.

        Args:
            path: The folder itself; links in its own path are resolved here, once.
            kernel: Whether to ask the kernel to keep us beneath; None finds out.
        """
        self._held = -1
        self.path = path.resolve()
        self._device = 0
        self._kernel = kernel
        self._libc = ctypes.CDLL(None, use_errno=True)
        self._lock = threading.Lock()

    def close(self) -> None:
        """Let go of the folder; the next use opens it again."""
        with self._lock:
            if self._held >= 0:
                os.close(self._held)
                self._held = -1

    def __del__(self) -> None:
        """Let go of the folder with the last holder of this object."""
        if self._held >= 0:
            os.close(self._held)

    @property
    def _root(self) -> int:
        with self._lock:
            if self._held < 0:
                try:
                    self._held = os.open(self.path, _FOLDER)
                except OSError as error:
                    raise explain(error, str(self.path), "folder") from error
                self._device = os.fstat(self._held).st_dev
                if self._kernel is None:
                    self._kernel = _kernel_helps(self._libc, self._held)
            return self._held

    def open_folder(self, relative: str) -> int:
        """Return a descriptor of a folder beneath; the caller closes it.

        Raises:
            NotFound: When it is not there.
            Unreadable: When it is no folder, lies behind a link or may not be opened.
        """
        if not relative:
            return os.dup(self._root)
        check(relative)
        try:
            opened = self._open(relative, _FOLDER)
        except OSError as error:
            raise explain(error, relative, "folder") from error
        return self._same_device(opened, relative)

    def open_file(self, relative: str, *, limit: int | None = MAX_BYTES) -> BinaryIO:
        """Open a regular file beneath for reading.

        Args:
            relative: The path beneath, POSIX.
            limit: The most bytes it may have; None for no limit.

        Raises:
            NotFound: When it is not there.
            Unreadable: When it is a link, a device, a pipe or a folder, has another name
                elsewhere, is too large or may not be opened.
        """
        check(relative)
        try:
            opened = self._open(relative, _FILE)
        except OSError as error:
            raise explain(error, relative) from error
        try:
            why = unfit(os.fstat(self._same_device(opened, relative)), limit)
            if why:
                raise Unreadable(f"cannot read {shown(relative)}: {why}")
            os.set_blocking(opened, True)
        except ToolError:
            os.close(opened)
            raise
        return os.fdopen(opened, "rb")

    def look(self, relative: str) -> os.stat_result | None:
        """Return what is at a path, without following a link; None when nothing is.

        Raises:
            Unreadable: When a folder on the way is a link or may not be opened.
        """
        if not relative:
            return os.fstat(self._root)
        folder, name = split(relative)
        try:
            holder = self.open_folder(folder)
        except NotFound:
            return None
        try:
            return os.stat(name, dir_fd=holder, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise explain(error, relative) from error
        finally:
            os.close(holder)

    def _same_device(self, opened: int, relative: str) -> int:
        if os.fstat(opened).st_dev == self._device:
            return opened
        os.close(opened)
        raise Unreadable(f"cannot open {shown(relative)}: it lies on another volume")

    def _open(self, relative: str, flags: int) -> int:
        root = self._root
        if self._kernel and sys.platform == "darwin":
            return os.open(relative, flags | _NOFOLLOW_ANY, dir_fd=root)
        if self._kernel:
            return _openat2(self._libc, root, relative, flags)
        return self._walk(root, relative, flags)

    def _walk(self, root: int, relative: str, flags: int) -> int:
        *above, name = relative.split("/")
        holder = os.dup(root)
        try:
            for part in above:
                inner = os.open(part, _FOLDER, dir_fd=holder)
                os.close(holder)
                holder = inner
                if os.fstat(holder).st_dev != self._device:
                    raise OSError(errno.EXDEV, os.strerror(errno.EXDEV), relative)
            return os.open(name, flags, dir_fd=holder)
        finally:
            os.close(holder)


def unfit(found: os.stat_result, limit: int | None) -> str:
    """Say why a file is not one that we read; empty when it is."""
    if stat.S_ISDIR(found.st_mode):
        return "it is a folder"
    if not stat.S_ISREG(found.st_mode):
        return "it is not a regular file"
    if found.st_nlink != 1:
        return "the same file has another name elsewhere (a hard link)"
    if limit is not None and found.st_size > limit:
        return f"it has {found.st_size / 1e6:.0f} MB; files above {limit / 1e6:g} MB are not read"
    return ""


def explain(error: OSError, path: str, kind: str = "file") -> ToolError:
    """Return the tool error that says in words what the system reported."""
    name = shown(path)
    result: ToolError
    match error.errno:
        case errno.ENOENT:
            result = NotFound(f"there is no {kind} {name}")
            result.add_note("hint: look at the folder with files.list")
        case errno.ENOTDIR:
            result = Unreadable(f"cannot open {name}: it is not a folder, or lies behind a link")
        case errno.EACCES | errno.EPERM:
            result = Unreadable(f"cannot open {name}: the system does not permit it")
            result.add_note("hint: give Doorward access to the folder in the system's settings")
        case code if code in _ESCAPES:
            result = Unreadable(f"cannot open {name}: links are not followed")
            result.add_note("hint: name the real file or folder")
        case errno.ENXIO | errno.EISDIR:
            result = Unreadable(f"cannot open {name}: it is not a regular file")
        case _:
            result = Unreadable(f"cannot open {name}: {error.strerror}")
    return result


def _kernel_helps(libc: ctypes.CDLL, root: int) -> bool:
    """Tell whether the kernel keeps us beneath: its call is there, permitted and does its work."""
    if sys.platform == "darwin":
        return _mac_helps()
    if not sys.platform.startswith("linux"):
        return False
    try:
        os.close(_openat2(libc, root, ".", _FOLDER))
    except OSError:
        return False
    return True


def _mac_helps() -> bool:
    """Plant a link and see whether the flag is heeded: older systems ignore what they do not know.

    Not yet run on a Mac; where it does not hold, each component is walked as elsewhere.
    """
    with tempfile.TemporaryDirectory() as planted:
        (Path(planted) / "real").mkdir()
        (Path(planted) / "link").symlink_to("real")
        holder = os.open(planted, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.close(os.open("real/.", _FOLDER | _NOFOLLOW_ANY, dir_fd=holder))
            os.close(os.open("link/.", _FOLDER | _NOFOLLOW_ANY, dir_fd=holder))
        except OSError as error:
            return error.errno == errno.ELOOP
        finally:
            os.close(holder)
    return False


def _openat2(libc: ctypes.CDLL, root: int, relative: str, flags: int) -> int:
    how = _How(flags, 0, _RESOLVE)
    for _ in range(8):  # EAGAIN: a rename ran beside us, the kernel asks to try again
        opened: int = libc.syscall(
            _OPENAT2, root, os.fsencode(relative), ctypes.byref(how), ctypes.sizeof(how)
        )
        if opened >= 0:
            return opened
        if ctypes.get_errno() not in {errno.EAGAIN, errno.EINTR}:
            break
    code = ctypes.get_errno()
    raise OSError(code, os.strerror(code), relative)

"""What a path may say and what may be opened: the table of attacks, on both ways of opening."""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from doorward.tools.base import NotFound, ToolError, Unreadable
from doorward.tools.changes import beneath
from doorward.tools.changes.beneath import Folder, explain
from doorward.tools.changes.changeset import Changeset
from doorward.tools.changes.paths import check, check_new, hidden, numbered, relative_to, shown
from hypothesis import given
from hypothesis import strategies as st

from tests.tools.changesets import OBJECTIVE

KERNEL = [False, True] if sys.platform in {"linux", "darwin"} else [False]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A root full of traps, beside a folder whose name begins like it."""
    root = tmp_path / "home" / "root"
    (root / "docs").mkdir(parents=True)
    (root / "docs" / "a.txt").write_text("inside", encoding="utf-8")
    evil = tmp_path / "home" / "root-evil"
    evil.mkdir()
    (evil / "secret").write_text("outside", encoding="utf-8")
    (root / "file-link").symlink_to(evil / "secret")
    (root / "folder-link").symlink_to(evil)
    (root / "chain-1").symlink_to(root / "chain-2")
    (root / "chain-2").symlink_to(root / "chain-3")
    (root / "chain-3").symlink_to(evil / "secret")
    (root / "inner-link").symlink_to(root / "docs" / "a.txt")
    (root / "dangling").symlink_to(evil / "new")
    (root / "magic").symlink_to("/proc/self/root")
    os.link(evil / "secret", root / "hard")
    os.mkfifo(root / "pipe")
    return root


@pytest.fixture(params=KERNEL, ids=lambda kernel: "kernel" if kernel else "walk")
def folder(request: pytest.FixtureRequest, place: Path) -> Iterator[Folder]:
    opened = Folder(place, kernel=request.param)
    yield opened
    opened.close()


@pytest.mark.parametrize(
    "name",
    [
        "file-link",
        "folder-link/secret",
        "chain-1",
        "inner-link",
        "dangling",
        "magic",
        "magic/etc/passwd",
        "hard",
        "pipe",
        "docs",
        "docs/a.txt/b",
    ],
)
def test_nothing_but_plain_files_beneath_is_opened(folder: Folder, name: str) -> None:
    with pytest.raises(Unreadable):
        folder.open_file(name)


def test_sockets_and_devices_are_not_opened(folder: Folder, place: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        here = Path.cwd()
        os.chdir(place)  # the name of a socket is short
        try:
            server.bind("socket")
        finally:
            os.chdir(here)
        with pytest.raises(Unreadable):
            folder.open_file("socket")


@pytest.mark.skipif(not Path("/dev/null").is_char_device(), reason="needs a device file")
def test_a_device_is_not_opened() -> None:
    with pytest.raises(Unreadable, match=r"not a regular file|another volume"):
        Folder(Path("/dev")).open_file("null")


def test_a_plain_file_is_opened(folder: Folder) -> None:
    with folder.open_file("docs/a.txt") as file:
        assert file.read() == b"inside"


def test_a_missing_file_is_not_found_and_says_where_to_look(folder: Folder) -> None:
    with pytest.raises(NotFound) as caught:
        folder.open_file("docs/b.txt")
    assert "files.list" in caught.value.__notes__[0]


def test_a_missing_permission_says_where_to_give_it() -> None:
    error = explain(PermissionError(errno.EACCES, "Permission denied"), "docs/a.txt")
    assert isinstance(error, Unreadable)
    assert "the system does not permit it" in str(error)
    assert "settings" in error.__notes__[0]


def test_where_the_kernel_refuses_to_help_each_component_is_walked(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> int:
        raise PermissionError(errno.EPERM, "a sandbox forbids it")

    monkeypatch.setattr(beneath, "_openat2", refused)
    folder = Folder(place)
    with folder.open_file("docs/a.txt") as file:
        assert file.read() == b"inside"
    with pytest.raises(Unreadable):
        folder.open_file("folder-link/secret")


def test_a_sparse_giant_is_refused_without_reading_it(folder: Folder, place: Path) -> None:
    with (place / "giant").open("wb") as file:
        file.truncate(50 * 10**9)
    with pytest.raises(Unreadable, match="50000 MB; files above 100 MB are not read"):
        folder.open_file("giant")


def test_the_limit_is_a_parameter(place: Path, tmp_path: Path) -> None:
    changeset = Changeset(tmp_path / "state", OBJECTIVE, place, limit=3)
    with pytest.raises(Unreadable, match="are not read"):
        changeset.open(place / "docs" / "a.txt")


ATTACKS = [
    "../root-evil/secret",
    "docs/../../root-evil/secret",
    "..",
    "docs/..",
    "docs//a.txt",
    "docs/./a.txt",
    "./docs",
    "%2e%2e/root-evil/secret",
    "docs/%2E%2E%2f%2e%2e",
    "..\\root-evil\\secret",
    "docs\\a.txt",
    "~",
    "~root/x",
    "~/x",
    "docs/a.txt\0",
    "docs/a\n.txt",
    "docs/\u202etxt.a",
    "docs/a\u200b.txt",
    "docs/a\u2066.txt",
    "docs/\ufeffa.txt",
    "\udcff",
    "/etc/passwd",
    "/",
    "//etc/passwd",
    "a" * 256,
    "/".join(["a" * 200] * 30),
]


@pytest.mark.parametrize("text", ATTACKS, ids=lambda text: ascii(text)[:40])
def test_odd_paths_are_refused_not_repaired(place: Path, tmp_path: Path, text: str) -> None:
    changeset = Changeset(tmp_path / "state", OBJECTIVE, place)
    with pytest.raises(ToolError):
        changeset.resolve(text)


def test_a_sibling_whose_name_begins_alike_is_outside(place: Path, tmp_path: Path) -> None:
    changeset = Changeset(tmp_path / "state", OBJECTIVE, place)
    with pytest.raises(ToolError, match="it is not in"):
        changeset.resolve(f"{place}-evil/secret")


def test_usual_ways_to_write_a_path_are_understood(place: Path, tmp_path: Path) -> None:
    changeset = Changeset(tmp_path / "state", OBJECTIVE, place)
    assert changeset.resolve("docs/a.txt") == place / "docs" / "a.txt"
    assert changeset.resolve("docs/") == place / "docs"
    assert changeset.resolve(str(place / "docs")) == place / "docs"
    for text in ("", ".", str(place), f"{place}/"):
        assert changeset.resolve(text) == place
    assert changeset.relative(place / "docs" / "a.txt") == "docs/a.txt"
    assert changeset.relative(place) == "."


def test_a_folder_named_through_a_link_is_the_folder_itself(place: Path, tmp_path: Path) -> None:
    alias = tmp_path / "alias"
    alias.symlink_to(place)
    changeset = Changeset(tmp_path / "state", OBJECTIVE, alias)
    assert changeset.folder == place
    assert changeset.resolve(f"{alias}/docs/a.txt") == place / "docs" / "a.txt"


def test_names_that_exist_may_be_odd_but_new_ones_may_not() -> None:
    check("Acme Inc./offer .pdf")
    for name in ("Acme Inc.", " a", "a ", ".doorward-x"):
        with pytest.raises(ToolError):
            check_new(name)


def test_messages_show_what_cannot_be_seen() -> None:
    assert shown("a\u202eb\n") == "a\\u202eb\\n"


def test_a_number_goes_before_the_suffix() -> None:
    assert numbered("a/b.tar.gz", 2) == "a/b.tar (2).gz"
    assert numbered("a/b", 3) == "a/b (3)"


def test_dot_files_and_owner_files_are_hidden() -> None:
    assert [name for name in (".a", "~$a.docx", "a") if hidden(name)] == [".a", "~$a.docx"]


@given(st.text(max_size=40))
def test_what_is_accepted_stays_in_the_folder(text: str) -> None:
    root = Path("/home/someone/root")
    try:
        relative = relative_to(root, text)
    except ToolError:
        return
    target = os.path.normpath(root / relative)
    assert target == str(root) or target.startswith(f"{root}/")
    assert ".." not in relative.split("/")
    assert "\0" not in relative


@pytest.mark.parametrize("kernel", KERNEL, ids=lambda kernel: "kernel" if kernel else "walk")
def test_a_folder_swapped_for_a_link_under_our_hands_leaks_nothing(
    tmp_path: Path, kernel: bool
) -> None:
    """One thread swaps a folder and a link to outside; no open may ever see outside."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    (root / "docs").mkdir(parents=True)
    outside.mkdir()
    (root / "docs" / "f").write_text("inside", encoding="utf-8")
    (outside / "f").write_text("outside", encoding="utf-8")
    (root / "link").symlink_to(outside)
    over = threading.Event()

    def swap() -> None:
        libc = ctypes.CDLL(None)
        while not over.is_set():
            if libc.renameat2(-100, bytes(root / "docs"), -100, bytes(root / "link"), 2) != 0:
                over.set()

    if not hasattr(ctypes.CDLL(None), "renameat2"):
        pytest.skip("the system cannot exchange two names")
    folder = Folder(root, kernel=kernel)
    thread = threading.Thread(target=swap)
    thread.start()
    read: set[bytes] = set()
    try:
        for _ in range(3000):
            try:
                with folder.open_file("docs/f") as file:
                    read.add(file.read())
            except ToolError:
                continue
    finally:
        over.set()
        thread.join(5)
        folder.close()
    assert read == {b"inside"}

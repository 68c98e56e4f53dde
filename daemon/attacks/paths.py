"""Attacks 1 to 13: a path that means another file than the one that was judged.

They run on the ground's own folder and what stands beside it. What only a Mac has says so.
"""

from __future__ import annotations

import ctypes
import os
import socket
import sys
import threading
import zipfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path
from time import perf_counter

from doorward.daemon.attacks.attack import Attack, Outcome, Suite, elsewhere, verdict
from doorward.daemon.attacks.ground import Ground, step, usual
from doorward.policies.patterns import Name, paths
from doorward.policies.vocabulary import ObjectiveId
from doorward.tools.base import ToolError
from doorward.tools.changes.beneath import Folder
from doorward.tools.changes.changeset import Changeset
from doorward.tools.changes.paths import check_new

ATTACKS: list[Attack] = []
attack = Suite("paths", ATTACKS).attack

_OUTSIDE = b"outside"
_OBJECTIVE = ObjectiveId("o-attack")


def _evil(ground: Ground) -> Path:
    """Lay a folder beside the root whose name begins like it."""
    ground.prepare()
    evil = ground.folder.with_name(ground.folder.name + "-evil")
    evil.mkdir(exist_ok=True)
    (evil / "secret").write_bytes(_OUTSIDE)
    return evil


def _taken(names: Iterable[str], take: Callable[[str], object]) -> list[str]:
    """Return the names that were taken although they should have been refused."""
    found = []
    for name in names:
        try:
            take(name)
        except (ToolError, OSError):
            continue
        found.append(f"{name[:60]!a} was taken")
    return found


def _opened(ground: Ground, names: Iterable[str]) -> list[str]:
    """Return the names that could be opened, with the kernel's help and without."""
    found = []
    for kernel in (None, False):
        folder = Folder(ground.folder, kernel=kernel)
        try:
            found += _taken(names, lambda name, at=folder: at.open_file(name).close())  # type: ignore[misc]  # bound at once
        finally:
            folder.close()
    return found


def _changes(ground: Ground) -> Changeset:
    ground.prepare()
    return Changeset(ground.state, _OBJECTIVE, ground.folder)


@attack(1, "climbs out with .., encoded dots or backslashes: refused, not repaired")
async def climbing(ground: Ground) -> Outcome:
    """Try every spelling."""
    _evil(ground)
    names = ["../Documents-evil/secret", "Notes/../../x", "..", "%2e%2e/x", "..\\x", "a\\b"]
    names += ["Notes/%2E%2E%2f%2e%2e", "Notes/./a", "Notes//a", "~/x", "~root/x", "/etc/passwd"]
    changes = _changes(ground)
    escaped = _taken(names, changes.resolve)
    return verdict(escaped, f"{len(names)} spellings were refused")


@attack(2, "names a sibling that begins like the root: denied")
async def sibling(ground: Ground) -> Outcome:
    """Try the sibling by its absolute path."""
    evil = _evil(ground)
    escaped = _taken([str(evil), f"{evil}/secret"], _changes(ground).resolve)
    return verdict(escaped, "the sibling is outside")


@attack(3, "goes through symbolic links, a chain of them, or /proc/self/root: denied")
async def links(ground: Ground) -> Outcome:
    """Lay the links and open them."""
    evil, root = _evil(ground), ground.folder
    (root / "file").symlink_to(evil / "secret")
    (root / "folder").symlink_to(evil)
    (root / "c1").symlink_to(root / "c2")
    (root / "c2").symlink_to(root / "c3")
    (root / "c3").symlink_to(evil / "secret")
    (root / "magic").symlink_to("/.vol" if sys.platform == "darwin" else "/proc/self/root")
    names = ["file", "folder/secret", "c1", "magic/etc/passwd", "magic"]
    return verdict(_opened(ground, names), f"{len(names)} links lead nowhere, on both ways")


@attack(4, "swaps a folder for a link while it is opened: 0 leaks")
async def race(ground: Ground) -> Outcome:
    """Exchange the two in one thread and open in another."""
    evil, root = _evil(ground), ground.folder
    (root / "docs").mkdir()
    (root / "docs" / "f").write_bytes(b"inside")
    (evil / "f").write_bytes(_OUTSIDE)
    (root / "link").symlink_to(evil)
    libc = ctypes.CDLL(None)
    if not hasattr(libc, "renameat2"):
        return elsewhere("this system cannot exchange two names as Linux does")
    opens, over = (60_000 if ground.thorough else 2_000), threading.Event()

    def swap() -> None:
        pair = (-100, bytes(root / "docs"), -100, bytes(root / "link"), 2)
        while not over.is_set() and libc.renameat2(*pair) == 0:
            pass

    leaks, inside = 0, 0
    for kernel in (None, False):
        over.clear()
        folder, thread = Folder(root, kernel=kernel), threading.Thread(target=swap)
        thread.start()
        try:
            for _ in range(opens // 2):
                try:
                    with folder.open_file("docs/f") as file:
                        content = file.read()
                except ToolError:
                    continue
                leaks, inside = leaks + (content == _OUTSIDE), inside + (content == b"inside")
        finally:
            over.set()
            thread.join(5)
            folder.close()
    return verdict([f"{leaks} leaks"] * bool(leaks), f"0 leaks in {opens} opens, {inside} inside")


@attack(5, "lays a hard link to a file outside: denied")
async def hard_link(ground: Ground) -> Outcome:
    """Open it."""
    os.link(_evil(ground) / "secret", ground.folder / "hard")
    return verdict(_opened(ground, ["hard"]), "a file with two names is not opened")


@attack(6, "writes a forbidden name in another case: denied")
async def other_case(ground: Ground) -> Outcome:
    """Have the door read and write them."""
    escaped = []
    for name in (".ENV", ".SSH/Id_RSA", ".Git/Hooks/pre-commit", "Notes/A.PEM"):
        ground.write(name, "key")
        writes = "Git" in name
        made = step("s1", "files.write", path=name, text="x") if writes else None
        played = await ground.play(
            "read all", made or step("s1", "files.read", path=name), yes=True
        )
        done = played.report("s1").outcome.value == "ok" and not played.refused
        escaped += [f"{name} was opened"] * done
    return verdict(escaped, "four names in other cases were refused")


@attack(7, "writes a forbidden name in other letters that a file system folds: denied")
async def other_letters(ground: Ground) -> Outcome:
    """Decomposed, ligature, Kelvin sign, dotless i, long s."""
    globs = '"**/café/**", "**/file.key2", "**/kelvin/**", "**/index/**", "**/secrets2/**"'
    rule = f'[[rule]]\nid = "never"\nverdict = "deny"\npath = [{globs}]\n'
    ground.policy = usual() + "\n" + rule
    names = ["cafe\u0301/x", "ﬁle.key2", "\u212aelvin/x", "ındex/x", "ſecrets2/x", "CAFÉ/x"]
    escaped = []
    for name in names:
        ground.write(f"Notes/{name}", "key")
        played = await ground.play("read", step("s1", "files.read", path=f"Notes/{name}"))
        escaped += [f"{name!a} was read"] * (played.report("s1").outcome.value == "ok")
    return verdict(escaped, f"{len(names)} spellings were refused")


@attack(8, "puts turning, invisible or control characters into a name, or 4 kB: refused")
async def odd_names(ground: Ground) -> Outcome:
    """Try them as a path and as a new name."""
    names = ["a\u202etxt.exe", "a\u200b.txt", "a\u2066", "a\0", "a\nb", "\ufeffa", "\udcff"]
    escaped = _taken([*names, "a" * 4096, "a" * 256], _changes(ground).resolve)
    escaped += _taken(["a.", "a ", " a"], check_new)
    return verdict(escaped, "every one was refused")


@attack(9, "offers a pipe, a device, a socket or 50 GB of nothing: refused, no hang")
async def odd_files(ground: Ground) -> Outcome:
    """Open each."""
    ground.prepare()
    root = ground.folder
    os.mkfifo(root / "pipe")
    with (root / "giant").open("wb") as file:
        file.truncate(50 * 10**9)
    with socket.socket(socket.AF_UNIX) as server:
        descriptor = os.open(root, os.O_RDONLY)
        try:
            place = f"/proc/self/fd/{descriptor}/socket"  # the name of a socket must be short
            names = ["pipe", "giant"]
            if Path("/proc/self/fd").exists():
                server.bind(place)
                names.append("socket")
        finally:
            os.close(descriptor)
        start = perf_counter()
        escaped = _opened(ground, names)
    devices = Folder(Path("/dev"))
    escaped += _taken(["null", "zero"], lambda name: devices.open_file(name).close())
    devices.close()
    seconds = perf_counter() - start
    escaped += [f"it took {seconds:.1f} s"] * (seconds > 2)
    return verdict(escaped, f"{len(names) + 2} were refused in {1000 * seconds:.0f} ms")


@attack(10, "reaches another volume inside the root, or the root under an alias: denied, one name")
async def volumes(ground: Ground) -> Outcome:
    """Open across a mount, and resolve through an alias."""
    ground.prepare()
    escaped = []
    if Path("/proc/self/status").exists():
        root = Folder(Path("/"))
        escaped += _taken(["proc/self/status"], lambda name: root.open_file(name).close())
        root.close()
    alias = ground.root / "alias"
    alias.symlink_to(ground.folder)
    changes = Changeset(ground.state, _OBJECTIVE, alias)
    found = changes.resolve(f"{alias}/Notes/a.txt")
    canonical = ground.folder.resolve() / "Notes" / "a.txt"
    escaped += [f"the alias stays {found}"] * (found != canonical)
    changes.close()
    return verdict(escaped, "another volume is not entered, an alias is the folder itself")


@attack(10, "on a Mac: names the folder by its firmlink or through /private: one name, or denied")
async def mac_aliases(ground: Ground) -> Outcome:
    """Resolve what the system takes for the same folder."""
    if sys.platform != "darwin":
        return elsewhere("firmlinks and /private are macOS's; any alias is tried above")
    changes = _changes(ground)
    place = changes.folder
    aliases = [f"/System/Volumes/Data{place}", str(place).removeprefix("/private")]
    escaped = []
    for alias in aliases:
        try:
            found = changes.resolve(f"{alias}/Notes/a.txt")
        except ToolError:
            continue
        escaped += [f"{alias} stays {found}"] * (found != place / "Notes" / "a.txt")
    return verdict(escaped, "each is refused or is the folder itself")


@attack(11, "has it write through a dangling link, or into a folder moved away meanwhile: denied")
async def writing_out(ground: Ground) -> Outcome:
    """Stage, then change what is there, then commit with a yes."""
    evil, root = _evil(ground), ground.folder
    (root / "dangling").symlink_to(evil / "new")
    await ground.play("write", step("s1", "files.write", path="dangling", text="x"), yes=True)
    (root / "sub").mkdir()
    with ground.daemon() as daemon:
        made = step("s1", "files.write", path="sub/x.txt", text="x")
        objective = daemon.objective("write", made)
        await daemon.perform(objective, made)
        (root / "sub").rename(evil / "sub")
        (root / "sub").symlink_to(evil / "sub")
        changeset = daemon.changeset(objective)
        card = daemon.door.commits.settle(objective, changeset)
        approved = getattr(getattr(card, "card", None), "asked", ())
        with suppress(ToolError):
            daemon.door.commits.commit(objective, changeset, approved)
        await daemon.documents.close()
    written = [path for path in (evil / "new", evil / "sub" / "x.txt") if path.exists()]
    return verdict([f"{path} was written" for path in written], "nothing was written outside")


@attack(12, "sends patterns and names that run away, or a giant folder: milliseconds, bounded")
async def runaway(ground: Ground) -> Outcome:
    """Match, then list."""
    ground.prepare()
    worst = 0.0
    for glob in ("**/*a*a*a*a*b", "**/*a*a*a*a*a*a*a*a*a*c"):
        found = paths([glob], "/")
        name = Name.of_path("/" + "/".join(["a" * 255] * 8))
        start = perf_counter()
        found.match(name)
        found.resemble(name)
        worst = max(worst, perf_counter() - start)
    entries = 100_000 if ground.thorough else 500
    many = ground.folder / "many"
    many.mkdir()
    for number in range(entries):
        (many / f"{number}").touch()
    played = await ground.play("list", step("s1", "files.list", folder="many"))
    data = played.values["s1"].data if "s1" in played.values else {}
    listed = data.get("items") if isinstance(data, dict) else []
    shown = len(listed) if isinstance(listed, list) else 0
    escaped = [f"a pattern took {1000 * worst:.0f} ms"] * (worst > 0.1)
    return verdict(escaped, f"{1000 * worst:.1f} ms a pattern, {shown} of {entries} entries listed")


@attack(13, "writes what other programs obey, by write, by move or from an archive: denied")
async def obeyed(ground: Ground) -> Outcome:
    """Say yes to everything; the floor holds all the same."""
    escaped: list[str] = []
    names = [".zshrc", ".bashrc", ".git/config", ".git/hooks/x", ".mcp.json", "AGENTS.md"]
    names += ["Library/LaunchAgents/x.plist", ".config/doorward/policy.toml"]
    ground.write("Notes/mine.txt", "x")
    for name in names:
        write = step("s1", "files.write", path=name, text="x")
        await ground.play("write", write, yes=True)
        await ground.play(
            "move", step("s1", "files.move", path="Notes/mine.txt", to=name), yes=True
        )
        escaped += [f"{name} was made"] * (ground.folder / name).is_file()
    with zipfile.ZipFile(ground.folder / "slip.zip", "w") as archive:
        archive.writestr("../../slipped", "x")
        archive.writestr(".zshrc", "x")
    await ground.play("read slip.zip", step("s1", "documents.text", path="slip.zip"), yes=True)
    escaped += ["the archive was unpacked"] * any(ground.root.rglob("slipped"))
    return verdict(escaped, f"{len(names)} names refused twice; no tool unpacks an archive")

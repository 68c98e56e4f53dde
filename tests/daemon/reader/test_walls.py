"""Code that runs inside the reader, after it has shut its doors: whatever it tries is refused."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.daemon.models.frames import Frame, Frames
from doorward.daemon.models.link import Launch, boot, environment
from doorward.policies.vocabulary import Data
from doorward.tools.sandbox import seatbelt

ROOT = Path(__file__).parents[3]

INSIDE = """
import json, os, socket, sys
sys.path[:0] = {path!r}
from pathlib import Path
from doorward.daemon.reader import process

HOME, MODEL = Path({home!r}), Path({model!r})

def tries():
    yield "read the home folder", lambda: (HOME / "diary.txt").read_text()
    yield "list the home folder", lambda: list(HOME.iterdir())
    yield "read the model again", lambda: (MODEL / "config.json").read_bytes()
    yield "change the model", lambda: (MODEL / "config.json").write_bytes(b"")
    yield "read a system file", lambda: Path("/etc/hostname").open()
    yield "write a temporary file", lambda: Path("/tmp/reader-was-here").write_bytes(b"")
    yield "write beside itself", lambda: Path("reader-was-here").write_bytes(b"")
    yield "open a TCP socket", lambda: socket.socket(socket.AF_INET)
    yield "open a UDP socket", lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    yield "open a Unix socket", lambda: socket.socket(socket.AF_UNIX)
    yield "look up a name", lambda: socket.getaddrinfo("localhost", 80)
    yield "become a program", lambda: os.execv("/bin/sh", ["sh", "-c", "true"])
    yield "start a program", lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "true"], {{}})
    yield "fork", os.fork
    yield "signal its parent", lambda: os.kill(os.getppid(), 0)
    yield "keep a program in memory", lambda: os.execve(os.memfd_create("x"), ["x"], {{}})

def through():
    for what, attempt in tries():
        try:
            attempt()
        except OSError:
            continue
        yield what

class Probe:
    def __init__(self, line, worker, **more):
        self.line = line

    def run(self):
        self.line.send({{"came through": list(through())}})
        self.line.drain()

def probe(start):
    raise process.UnusableModelError(json.dumps(list(through())))

if {loading!r}:
    process._load = probe
process.Serving = Probe
with socket.socket(fileno=int(sys.argv[1])) as peer:
    process.run(peer, process.Start.read(sys.argv[2]))
"""


def said_from_inside(tmp_path: Path, *, loading: bool) -> list[Frame]:
    home, model = tmp_path / "home", tmp_path / "tiny"
    (home / "diary.txt").write_text("private", encoding="utf-8")
    made = [sys.executable, "-m", "tests.daemon.reader.tiny", str(model)]
    subprocess.run(made, cwd=ROOT, check=True, timeout=60)
    path = [str(ROOT), *(part for part in sys.path if part)]
    code = INSIDE.format(path=path, home=str(home), model=str(model), loading=loading)
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.settimeout(60)
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(theirs.fileno()), json.dumps({"reader": str(model)})],
            pass_fds=(theirs.fileno(),),
            env=environment(tmp_path),
            cwd=tmp_path,
        )
        theirs.close()
        said: list[Frame] = []
        frames = Frames()
        while part := ours.recv(1 << 16):
            said += frames.feed(part)
        assert process.wait(timeout=30) == 0
    return said


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")
def test_code_inside_the_reader_reaches_nothing(tmp_path: Path) -> None:
    ready, tried = said_from_inside(tmp_path, loading=False)
    assert ready["ready"] is True
    assert tried == {"came through": []}


@pytest.mark.skipif(sys.platform != "linux", reason="Landlock and seccomp are Linux's")
def test_a_models_own_files_that_take_the_reader_over_can_read_and_nothing_else(
    tmp_path: Path,
) -> None:
    [refused] = said_from_inside(tmp_path, loading=True)
    came_through = json.loads(str(refused["unusable"]))
    assert "read the home folder" in came_through, "else the trial itself did not run"
    reading = ("read ", "list ", "look up a name")  # localhost stands in a file
    assert not [what for what in came_through if not what.startswith(reading)]


def test_on_a_mac_the_reader_starts_behind_a_profile_that_leaves_its_models_and_the_gpu(
    tmp_path: Path,
) -> None:
    model, other = tmp_path / "one.gguf", tmp_path / "other.gguf"
    model.touch()
    other.touch()
    start: dict[str, Data] = {"reader": str(model), "embedder": None, "shelf": str(tmp_path / "s")}
    launch = Launch(start, tmp_path / "private", 60.0)
    sandbox_exec, flag, text, program, *_ = boot(launch, "darwin")
    assert (sandbox_exec, flag) == (seatbelt.SANDBOX_EXEC, "-p")
    assert text.startswith("(version 1)\n(deny default)\n")
    assert text.count("(") == text.count(")")
    assert f'(allow file-read* file-map-executable (subpath "{model}"))' in text
    assert f'(allow file-read* file-write* (subpath "{tmp_path / "s"}"))' in text
    assert str(other) not in text
    assert f'(subpath "{Path.home()}")' not in text
    assert "network" not in text
    assert text.count("process-exec") == 1
    assert f'(allow process-exec (literal "{program}"))' in text
    assert "AGXDeviceUserClient" in text
    assert boot(launch, "linux")[0] == sys.executable

"""The sandbox holds: real attempts from a real child, each first seen to work without it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from doorward.tools.sandbox.sandbox import import_path
from doorward.tools.sandbox.seatbelt import SANDBOX_EXEC, confined, profile

PROGRAM = """
import sys, json
sys.path[:] = json.loads(sys.argv[1])
import ctypes, os, resource, signal, socket, threading
from pathlib import Path
from doorward.tools.sandbox import sandbox

def attempt(action):
    try:
        return f"did {action()}"
    except OSError as error:
        return type(error).__name__

def connect():
    with socket.socket() as opened:
        opened.settimeout(1)
        return opened.connect_ex(("127.0.0.1", 9))

def fork():
    child = os.fork()
    if not child:
        os._exit(0)
    return os.waitpid(child, 0)[1]

def write(path):
    with open(path, "w") as sink:
        return sink.write("x")

def call(number, *arguments):
    if ctypes.CDLL(None, use_errno=True).syscall(number, *arguments) < 0:
        raise OSError(ctypes.get_errno(), "")

def thread():
    ran = []
    worker = threading.Thread(target=lambda: ran.append(attempt(secret.read_text)))
    worker.start(); worker.join()
    return ran[0]

PTRACE = 101 if os.uname().machine == "x86_64" else 117
secret, granted, confined = Path(sys.argv[2]), sys.argv[3], sys.argv[4]
before = resource.getrlimit(resource.RLIMIT_NOFILE)
report = {}
if confined == "tight":
    report["layers"] = sandbox.confine(memory=1 << 30).layers
elif confined == "folder":
    report["layers"] = sandbox.confine(read=[Path(granted)], write=[Path(granted)]).layers
report |= {
    "read a file": attempt(lambda: secret.read_text()),
    "list a folder": attempt(lambda: os.listdir(secret.parent)),
    "write a file": attempt(lambda: write(secret.with_name("new"))),
    "remove a file": attempt(lambda: os.unlink(secret.with_name("victim"))),
    "read what was granted": attempt(lambda: Path(granted, "mine").read_text()),
    "write where granted": attempt(lambda: write(Path(granted, "out"))),
    "connect": attempt(connect),
    "make a Unix socket": attempt(lambda: socket.socket(socket.AF_UNIX).close()),
    "make a pair": attempt(lambda: [s.close() for s in socket.socketpair()] and "pair"),
    "fork": attempt(fork),
    "spawn": attempt(lambda: os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)[1]),
    "signal the parent": attempt(lambda: os.kill(os.getppid(), 0)),
    "trace": attempt(lambda: call(PTRACE, 16, 999999999, 0, 0)),
    "use io_uring": attempt(lambda: call(425, 0, 0)),
    "thread": attempt(thread),
    "escapes": sandbox.escape_attempts(granted=[Path(granted)] if confined == "folder" else []),
}
print(json.dumps(report))
"""


def run(folder: Path, mode: str) -> dict[str, object]:
    (folder / "granted").mkdir()
    (folder / "granted" / "mine").write_text("mine", encoding="utf-8")
    private = folder / "private"
    private.mkdir()
    for name in ("secret", "victim"):
        (private / name).write_text("canary", encoding="utf-8")
    paths = json.dumps(import_path())
    arguments = [paths, str(private / "secret"), str(folder / "granted"), mode]
    done = subprocess.run(
        [sys.executable, "-I", "-c", PROGRAM, *arguments],
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr.decode()
    report: dict[str, object] = json.loads(done.stdout)
    return report


linux = pytest.mark.skipif(sys.platform != "linux", reason="these layers are Linux's")
REFUSED = "PermissionError"


@linux
def test_without_a_sandbox_every_attempt_succeeds(tmp_path: Path) -> None:
    report = run(tmp_path, "none")
    assert report["read a file"] == "did canary"
    refused = {what for what, result in report.items() if result == REFUSED}
    assert refused <= {"use io_uring"}  # which some systems refuse to everybody
    assert len(report["escapes"]) >= 7  # type: ignore[arg-type]  # a list in the report


@linux
def test_a_confined_process_reaches_no_file_network_or_program(tmp_path: Path) -> None:
    report = run(tmp_path, "tight")
    assert "seccomp" in report["layers"]  # type: ignore[operator]  # a list in the report
    refused = {what for what, result in report.items() if result == REFUSED}
    assert refused == {
        "read a file",
        "list a folder",
        "write a file",
        "remove a file",
        "read what was granted",
        "write where granted",
        "connect",
        "make a Unix socket",
        "fork",
        "spawn",
        "signal the parent",
        "trace",
        "use io_uring",
    }
    assert report["make a pair"] == "did pair"
    assert report["thread"] == "did PermissionError"
    assert report["escapes"] == []
    assert (tmp_path / "private" / "victim").exists()


@linux
def test_a_granted_folder_is_all_that_can_be_opened(tmp_path: Path) -> None:
    report = run(tmp_path, "folder")
    if not any(str(layer).startswith("landlock") for layer in report["layers"]):  # type: ignore[attr-defined]  # a list in the report
        pytest.skip("this kernel has no Landlock")
    assert report["read what was granted"] == "did mine"
    assert report["read a file"] == report["list a folder"] == REFUSED
    assert report["write a file"] == report["remove a file"] == REFUSED
    assert report["connect"] == report["fork"] == report["spawn"] == REFUSED
    assert report["escapes"] == []


def test_a_seatbelt_profile_denies_by_default_and_names_what_it_grants() -> None:
    text = profile(read=[Path("/opt/venv")], write=[Path("/private/tmp/x")])
    assert text.startswith("(version 1)\n(deny default)\n")
    assert '(allow file-read* file-map-executable (subpath "/opt/venv"))' in text
    assert '(allow file-read* file-write* (subpath "/private/tmp/x"))' in text
    for right in ("network", "process-exec", "process-fork", "iokit"):
        assert f"(allow {right}" not in text
    assert text.count("(") == text.count(")")


def test_a_seatbelt_profile_grants_network_programs_and_gpu_only_when_asked() -> None:
    text = profile(network=True, run=True, metal=True)
    for right in ("network*", "process-exec", "process-fork", "iokit-open"):
        assert f"(allow {right}" in text


@pytest.mark.parametrize("path", ["relative", "/a\nb", "/a\x00"])
def test_a_path_that_could_break_out_of_a_profile_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="sandbox profile"):
        profile(read=[Path(path)])


def test_quotes_in_a_path_stay_inside_their_string() -> None:
    assert '(subpath "/a\\"b) (allow default")' in profile(read=[Path('/a"b) (allow default')])


def test_the_seatbelt_command_lets_only_its_program_start() -> None:
    command = confined(["/usr/bin/python3", "-I"], profile())
    assert command[:2] == [SANDBOX_EXEC, "-p"]
    assert '(allow process-exec (literal "/usr/bin/python3"))' in command[2]
    assert command[3:] == ["/usr/bin/python3", "-I"]

"""The worker's own side: it refuses to work behind a wall with a hole, and outlives no parent."""

from __future__ import annotations

import json
import subprocess
import sys

from doorward.tools.sandbox.sandbox import import_path

PROGRAM = (
    "import sys, json; sys.path[:] = json.loads(sys.argv[1])\n"
    "from doorward.tools.documents.worker import main; main()"
)


def paths() -> str:
    return json.dumps(import_path())


def test_a_worker_whose_sandbox_has_a_hole_refuses_to_start() -> None:
    program = (
        "import sys, json; sys.path[:] = json.loads(sys.argv[1])\n"
        "from doorward.tools.documents import worker\n"
        "from doorward.tools.sandbox import sandbox\n"
        "worker.confine = lambda **_: sandbox.Confinement((), ('all of it: a test',))\n"
        "worker.main()"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, paths()],
        input=b"",
        capture_output=True,
        check=True,
        timeout=30,
    )
    answer = json.loads(done.stdout[4:])
    assert "the sandbox does not hold: opened" in answer["refused"]
    assert answer["missing"] == ["all of it: a test"]


def test_a_document_that_needs_too_much_memory_costs_itself_and_the_worker_leaves() -> None:
    program = (
        "import sys, json; sys.path[:] = json.loads(sys.argv[1])\n"
        "from doorward.tools.documents import worker\n"
        "worker._MEMORY = 160_000_000\n"
        "worker.main()"
    )
    document = b"x" * 40_000_000
    header = json.dumps({"name": "a.txt", "size": len(document)}).encode()
    done = subprocess.run(
        [sys.executable, "-I", "-c", program, paths()],
        input=len(header).to_bytes(4, "big") + header + document,
        capture_output=True,
        check=True,
        timeout=30,
    )
    ready = int.from_bytes(done.stdout[:4], "big")
    answer = json.loads(done.stdout[8 + ready :])
    assert answer == {"error": "needs more memory to read than is allowed", "leave": True}


def test_the_worker_ends_with_its_parent() -> None:
    with subprocess.Popen(
        [sys.executable, "-I", "-c", PROGRAM, paths()],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        size = int.from_bytes(process.stdout.read(4), "big")
        assert "ready" in json.loads(process.stdout.read(size))
        process.stdin.close()
        assert process.wait(timeout=5) == 0

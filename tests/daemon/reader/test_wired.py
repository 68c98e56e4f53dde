"""The wired limit of macOS is never set: kernels have panicked from it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
SETS_IT = re.compile(
    r"wired_limit|\bstream_generate\b|\bbatch_generate\b|\bBatchGenerator\b|mlx_lm\.(generate|server)"
)

RUN = """
import sys
sys.path[:0] = {path!r}
import mlx.core as mx

def refuse(*_):
    raise SystemExit("the wired limit was set")

mx.set_wired_limit = refuse
from doorward.daemon.reader import limits, process
from doorward.daemon.reader.chat import Words
from doorward.daemon.reader.engine import Engine
from doorward.daemon.reader.tasks import run
from tests.daemon.reader import tiny
process._bound(limits.limits(8 << 30, 1 << 20, 512, 4096))
engine = Engine(tiny.load(), tokens=3000, kept=1 << 20)
engine.warm(None)
run(engine.find("Anna owes 5 EUR", ["who", "how much"]), engine.forward)
run(engine.write(Words("Say it.", "A text."), None, 8), engine.forward)
sys.exit("mlx_lm.generate" in sys.modules)
"""


def test_no_source_names_what_sets_the_wired_limit() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for room in ("daemon", "tools", "policies", "cloud_bridge")
        for path in sorted((ROOT / room).rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if SETS_IT.search(line)
    ]
    assert found == []


def test_no_work_sets_the_wired_limit() -> None:
    code = RUN.format(path=[str(ROOT), *(part for part in sys.path if part)])
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr

"""An idle daemon lets go of all that an objective had brought: processes, connection, threads."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.faults.household import Household

pytestmark = [pytest.mark.slow, pytest.mark.timeout(60)]
TRIES = 100


def threads(pid: int) -> set[str]:
    names = Path(f"/proc/{pid}/task").glob("*/comm")
    return {name.read_text(encoding="ascii").strip() for name in names}


def test_nothing_of_the_link_is_left_when_no_objective_is_open(tmp_path: Path) -> None:
    house = Household(tmp_path, tmp_path / "no models")
    with (house.state / "config.toml").open("a", encoding="utf-8") as settings:
        settings.write("home_idle = 0.5\n")
    try:
        asked = house.doorward("ask", "list all invoices", "--in", str(house.home))
        assert asked.returncode == 0, asked.stderr
        pid = house.client.get("/v1/status")["pid"]
        for _ in range(TRIES):
            left = threads(pid) & {"event_engine", "grpc_global_tim", "lifeguard"}
            if not left and house.client.get("/v1/status")["link"] == "idle":
                return
            threading.Event().wait(0.1)
        pytest.fail(f"still there: {left}")
    finally:
        house.close()

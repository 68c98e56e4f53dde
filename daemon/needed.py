"""Keeps orchestrator and link up while an objective needs them, and lets go when none does.

It decides nothing about objectives: the supervisor says `want(True)` or `want(False)`. Idle costs
nothing: no process, no connection, no timer but the one that ends them.
"""

from __future__ import annotations

import asyncio
import gc

from doorward.cloud_bridge.device.link import Link
from doorward.daemon.home import HomeOrchestrator

_SETTLED = (1.0, 5.0)
"""Seconds after which a closed link's last callbacks and the objects they freed are gone."""


class Needed:
    """One switch for the home orchestrator's process and the link to it."""

    def __init__(self, home: HomeOrchestrator, link: Link, idle: float) -> None:
        """Keep `home` and `link` for `idle` seconds after the last need."""
        self._home = home
        self._link = link
        self._idle = idle
        self._wanted = asyncio.Event()
        self._unwanted = asyncio.Event()
        self._timer: asyncio.TimerHandle | None = None

    def want(self, wanted: bool) -> None:
        """Say whether an objective needs the orchestrator now."""
        if wanted:
            if self._timer is not None:
                self._timer.cancel()
                self._timer = None
            self._unwanted.clear()
            self._wanted.set()
        elif self._wanted.is_set() and self._timer is None:
            loop = asyncio.get_running_loop()
            self._timer = loop.call_later(self._idle, self._let_go)

    def _let_go(self) -> None:
        self._timer = None
        self._wanted.clear()
        self._unwanted.set()

    async def run(self) -> None:
        """Bring both up when wanted, down when not, until cancelled."""
        while True:
            await self._wanted.wait()
            await self._hold()
            # gRPC ends its threads, ten wake-ups a second, with the last object that refers to it;
            # an idle process makes too little garbage to collect it by itself.
            for seconds in _SETTLED:
                asyncio.get_running_loop().call_later(seconds, gc.collect)

    async def _hold(self) -> None:
        """Keep both up while wanted. Apart from `run`: a name left in a frame keeps gRPC alive."""
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._home.keep(self._link.wake)),
                group.create_task(self._link.run()),
            ]
            await self._unwanted.wait()
            for task in tasks:
                task.cancel()

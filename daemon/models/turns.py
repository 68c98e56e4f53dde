"""Who may use the one reader process when: many together, or one alone.

It knows nothing of processes. `client` asks in company, and alone for what must not happen beside
anything else: starting, exchanging the model, and trying again what may have broken a process.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Turns:
    """A lock that many may hold together; who wants it alone is not overtaken for ever."""

    def __init__(self) -> None:
        self._waiting: list[asyncio.Future[None]] = []
        self._inside = 0
        self._alone = False
        self._asked = 0

    @property
    def busy(self) -> bool:
        """Tell whether anyone is inside."""
        return self._alone or self._inside > 0

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Enter beside others."""
        await self._until(lambda: not self._alone and not self._asked)
        self._inside += 1
        try:
            yield
        finally:
            self._inside -= 1
            self._tell()

    @asynccontextmanager
    async def alone(self) -> AsyncIterator[None]:
        """Enter when all others have left, and keep them out."""
        self._asked += 1
        try:
            await self._until(lambda: not self.busy)
            self._alone = True
        finally:
            self._asked -= 1
            self._tell()
        try:
            yield
        finally:
            self._alone = False
            self._tell()

    async def _until(self, free: Callable[[], bool]) -> None:
        while not free():
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            try:
                await waiter
            finally:
                self._waiting.remove(waiter)

    def _tell(self) -> None:
        for waiter in self._waiting:
            if not waiter.done():
                waiter.set_result(None)

"""The durable engine over DBOS Transact, in this process, on the orchestrator's own SQLite file.

It is the only module that imports dbos. DBOS keeps one instance a process, so does this. Turns are
short workflows named by id; their steps are checkpoints; the commit shares one transaction with its
checkpoint. `main` constructs it; `engine` says what it promises.
"""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

from doorward.cloud_bridge.orchestrator.engine import Body, Write

VERSION = "1"
"""Fixed: DBOS recovers only turns of the same version, and by default an update would change it.

Raise it only with a migration for the turns in flight.
"""

_FAILED = frozenset({"ERROR", "CANCELLED", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"})


class DbosEngine:
    """Turns as DBOS workflows."""

    def __init__(self, path: Path, name: str) -> None:
        """Keep everything in the database at `path`.

        Args:
            path: The SQLite file, in WAL mode already.
            name: The executor id; it must stay the same for one install, or its turns are lost.
        """
        self._path = path
        self._name = name
        self._ended: dict[str, asyncio.Event] = {}
        self._failed: set[str] = set()
        self._engine: Any = None
        self._source: Any = None
        self._workflow: Any = None
        self._body: Body | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def launch(self, body: Body) -> None:
        """Open the tables and run again what was cut off."""
        self._body = body
        self._loop = asyncio.get_running_loop()
        await asyncio.to_thread(self._launch)

    def _launch(self) -> None:
        from dbos import DBOS, SQLAlchemyDatasource

        url = f"sqlite:///{self._path}"
        self._engine = _sqlite_engine(url)
        DBOS(
            config={
                "name": "doorward",
                "system_database_url": url,
                "system_database_engine": self._engine,
                "application_version": VERSION,
                "executor_id": self._name,
                "enable_otlp": False,
                "log_level": "CRITICAL",
                "notification_listener_polling_interval_sec": 1.0,
                "scheduler_polling_interval_sec": 3600.0,
            }
        )
        logging.getLogger("dbos").setLevel(logging.CRITICAL)
        self._source = SQLAlchemyDatasource.create(url, engine=self._engine)

        async def turn(turn: str, arrival: int) -> None:
            await self._run(turn, arrival)

        self._workflow = DBOS.workflow(name="turn")(turn)
        DBOS.launch()

    async def _run(self, turn: str, arrival: int) -> None:
        """Carry out one turn, on the main loop or, when recovering, on that of DBOS."""
        if self._body is None or self._loop is None:
            msg = f"cannot run {turn}: the engine is not launched"
            raise RuntimeError(msg)
        ended = self._ended.setdefault(turn, asyncio.Event())
        try:
            await self._body(_DbosTurn(self._source, self._loop), arrival)
        except BaseException:
            self._failed.add(turn)
            raise
        finally:
            self._loop.call_soon_threadsafe(ended.set)

    async def start_turn(self, turn: str, arrival: int) -> None:
        """Run the turn to its end, once; wait for it if recovery is running it."""
        from dbos import DBOS, SetWorkflowID

        for attempt in count():
            # A turn that failed (a full disk, say) has ended for DBOS: it gets another name.
            name = f"{turn}~{attempt}" if attempt else turn
            status = await DBOS.get_workflow_status_async(name)
            if status is None:
                with SetWorkflowID(name):
                    await self._workflow(name, arrival)
                break
            if status.status == "SUCCESS":
                break
            if status.status not in _FAILED:  # recovery has it in hand
                await self._ended.setdefault(name, asyncio.Event()).wait()
                if name not in self._failed:
                    break
        self._ended.pop(name, None)

    async def close(self) -> None:
        """Stop the engine's threads."""
        from dbos import DBOS

        await asyncio.to_thread(DBOS.destroy, destroy_registry=True)
        # DBOS had made its executor the loop's own, and shut it down with itself.
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor())
        if self._engine is not None:
            self._engine.dispose()


class _DbosTurn:
    def __init__(self, source: Any, loop: asyncio.AbstractEventLoop) -> None:
        self._source = source
        self._loop = loop

    async def step(self, name: str, call: Callable[[], Awaitable[str]]) -> str:
        """Return the checkpoint's result, or run `call` on the main loop and checkpoint it."""
        from dbos import DBOS

        async def on_main_loop() -> str:
            if asyncio.get_running_loop() is self._loop:
                return await call()
            return await asyncio.wrap_future(
                asyncio.run_coroutine_threadsafe(_coroutine(call), self._loop)
            )

        result: str = await DBOS.run_step_async({"name": name}, on_main_loop)
        return result

    async def commit(self, write: Write) -> None:
        """Write in the datasource's transaction, which also holds the checkpoint."""

        def inside() -> None:
            raw = self._source.sql_session().connection().connection.driver_connection
            _begin(raw)
            write(raw)

        await asyncio.to_thread(self._source.run_tx_step, {"name": "commit"}, inside)


async def _coroutine(call: Callable[[], Awaitable[str]]) -> str:
    return await call()


def _begin(raw: sqlite3.Connection) -> None:
    """Take the write lock before the first read: the driver would wait for the first write."""
    if not raw.in_transaction:
        raw.execute("BEGIN IMMEDIATE")


def _sqlite_engine(url: str) -> Any:
    """Return an engine whose connections wait for locks and whose commits reach the disk."""
    import sqlalchemy

    engine = sqlalchemy.create_engine(url)

    def prepare(raw: sqlite3.Connection, _: object) -> None:
        raw.isolation_level = "IMMEDIATE"
        for setting in ("busy_timeout=30000", "foreign_keys=ON", "synchronous=FULL", "fullfsync=1"):
            raw.execute(f"PRAGMA {setting}")

    sqlalchemy.event.listen(engine, "connect", prepare)
    return engine

"""The daemon's composition root: the only place that constructs adapters.

Everything arrives through constructors from here; there are no globals. It runs until a signal or
the control API says stop, then ends children and closes the store. Called by `doorward run`.
"""

from __future__ import annotations

import asyncio
import datetime
import fcntl
import os
import random
import secrets
import signal
import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from doorward.cloud_bridge.device.link import Link
from doorward.cloud_bridge.device.outbox import Inbox, Outbox, create_tables
from doorward.daemon.changesets import Changesets
from doorward.daemon.config import Config
from doorward.daemon.control.credentials import credential_routes
from doorward.daemon.control.server import application, listen, serve
from doorward.daemon.control.views import Views
from doorward.daemon.credentials import Credentials
from doorward.daemon.door import Door, Moment
from doorward.daemon.errors import AlreadyRunning, NoRoom
from doorward.daemon.home import HomeOrchestrator
from doorward.daemon.keys import FileStore, KeyringStore, KeyStore
from doorward.daemon.models.client import ReaderClient
from doorward.daemon.needed import Needed
from doorward.daemon.policy_file import PolicyFile
from doorward.daemon.receipts import Ledger
from doorward.daemon.store import Store, connect
from doorward.daemon.supervisor import Parts, Supervisor
from doorward.daemon.toolbox import toolbox
from doorward.daemon.vault import Seal, Vault, derive
from doorward.tools.documents import DocumentReader
from doorward.tools.outgoing import Outgoing, SystemResolver


def moment() -> Moment:
    """Read the clock once."""
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251  # the one clock of the daemon
    return Moment(
        now.timestamp(), now.isoformat(timespec="seconds"), now.astimezone().strftime("%H:%M")
    )


def local_now() -> tuple[str, str]:
    """Return the local ISO date and time, and the date."""
    now = datetime.datetime.now().astimezone()  # noqa: TID251  # the one clock of the daemon
    return now.isoformat(timespec="seconds"), now.date().isoformat()


def new_id() -> str:
    """Return a short random name."""
    return secrets.token_hex(4)


async def run(config: Config, ready: Callable[[], None]) -> None:
    """Run the daemon until it is told to stop; call `ready` once it answers.

    Raises:
        DaemonError: It could not start; the message says what to do.
    """
    with ExitStack() as stack:
        prepare(config.state)
        stack.enter_context(_alone(config.state / "daemon.lock"))
        listener = stack.enter_context(listen(config.socket))
        stack.callback(config.socket.unlink, missing_ok=True)
        master = key_store(config).key()
        connection = connect(config.store)
        stack.callback(connection.close)
        create_tables(connection)
        await _serve(config, listener, master, connection, ready)


async def _serve(
    config: Config,
    listener: socket.socket,
    master: bytes,
    connection: sqlite3.Connection,
    ready: Callable[[], None],
) -> None:
    seal = Seal(derive(master, "vault"))
    store, vault = Store(connection, seal), Vault(connection, seal)
    ledger = Ledger(config.ledger, connection, seal, master)
    policy = PolicyFile(config.policy, config.home)
    reader = ReaderClient(config.models, model=config.reader_model, idle=config.reader_idle)
    documents = DocumentReader()
    changesets = Changesets(config.state)
    outgoing = Outgoing(SystemResolver())
    tools = toolbox(documents, reader, outgoing)
    door = Door(
        policy=policy.current,
        tools=tools,
        vault=vault,
        ledger=ledger,
        clock=moment,
        new_id=new_id,
        card_timeout=config.card_timeout,
    )
    over = asyncio.Event()
    arrived = asyncio.Event()

    home = HomeOrchestrator(
        config.orchestrator_socket,
        config.orchestrator_store,
        config.state / "home.log",
        lambda error: supervisor.trouble(error),  # noqa: PLW0108  # it is made below
    )
    link = Link(
        home.target,
        "this-device",  # not the Mac's own name, which is often the user's
        (),  # no tools with the Hello: each objective's message brings those that the door released
        connection,
        arrived.set,
        clock=time.monotonic,
        random=random.SystemRandom().random,
        seal=seal,
    )
    needed = Needed(home, link, config.home_idle)
    outbox, inbox = Outbox(connection, seal), Inbox(connection, seal)
    supervisor = Supervisor(
        Parts(store, vault, door, outbox, inbox, changesets.of, moment, link.notify, needed.want),
        arrived,
    )
    views = Views(store, vault, ledger, policy, local_now, new_id, lambda: _shown(home, link))
    held = credential_routes(Credentials(connection, Seal(derive(master, "credentials"))))
    app = application(supervisor, views, over.set, held)
    _on_signals(over)
    try:
        async with asyncio.TaskGroup() as group:
            running = [
                group.create_task(supervisor.run()),
                group.create_task(needed.run()),
            ]
            ready()  # the socket has been listening since the start
            await serve(listener, app, over, supervisor.let_go)
            for task in running:
                task.cancel()
    finally:
        await reader.close()
        await documents.close()
        changesets.close()


def _shown(home: HomeOrchestrator, link: Link) -> str:
    if home.pid is None:
        return "idle"
    status = link.status
    return f"{status.state}: {status.reason}" if status.reason else str(status.state)


def key_store(config: Config) -> KeyStore:
    """Return the place of the master key that the configuration names."""
    if config.key == "file":
        return FileStore(config.state / "master.key")
    return KeyringStore(str(config.state))


def prepare(state: Path) -> None:
    """Make Doorward's own folder, 0700.

    Raises:
        NoRoom: It cannot be made or belongs to somebody else.
    """
    try:
        state.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = state.stat()
        if held.st_uid != os.getuid():
            raise NoRoom(f"the folder {state} belongs to somebody else")
        state.chmod(0o700)
    except OSError as error:
        wrong = NoRoom(f"cannot make the folder {state}: {error.strerror}")
        wrong.add_note("hint: set DOORWARD_HOME to a folder of yours")
        raise wrong from error


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold the lock that only one daemon a state folder can hold."""
    fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError as error:
        taken = AlreadyRunning(f"a daemon is already running on {path.parent}")
        taken.add_note("hint: doorward status shows it, doorward stop ends it")
        raise taken from error
    finally:
        os.close(fd)


def _on_signals(over: asyncio.Event) -> None:
    running = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        running.add_signal_handler(number, over.set)

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
from doorward.daemon.config import Config
from doorward.daemon.connectors import Catalog, ConnectorFiles
from doorward.daemon.control.corrections import correction_routes
from doorward.daemon.control.credentials import credential_routes
from doorward.daemon.control.openai import LocalRoutes, Served
from doorward.daemon.control.server import application, listen, serve
from doorward.daemon.control.suggestions import suggestion_routes
from doorward.daemon.control.views import Views
from doorward.daemon.door.admission import Admission, Moment
from doorward.daemon.door.asking import Asking, Limits
from doorward.daemon.door.budget import StoredBudget
from doorward.daemon.door.commits import Commits
from doorward.daemon.door.door import Door
from doorward.daemon.door.local import LocalModel
from doorward.daemon.door.met import Met
from doorward.daemon.door.questions import Questions
from doorward.daemon.door.releases import Detectors, Releases
from doorward.daemon.door.steady import Steady
from doorward.daemon.door.upward import Upward
from doorward.daemon.door.usage import Usage, UsageTable
from doorward.daemon.errors import AlreadyRunning, NoRoom
from doorward.daemon.home import HomeOrchestrator
from doorward.daemon.keys import FileStore, KeyringStore, KeyStore
from doorward.daemon.manifests import by_policy
from doorward.daemon.models.chosen import Choices, Role
from doorward.daemon.models.client import ReaderClient
from doorward.daemon.needed import Needed
from doorward.daemon.objectives.changesets import Changesets
from doorward.daemon.outgoing.credentials import Credentials
from doorward.daemon.outgoing.passages import Passages
from doorward.daemon.outgoing.proxy import Passenger, Proxy
from doorward.daemon.policy_file import PolicyFile
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.receipts.witness import LedgerWitness
from doorward.daemon.store import Store, connect
from doorward.daemon.supervisor import Parts, Supervisor
from doorward.daemon.toolbox import toolbox
from doorward.daemon.values.corrections import Corrections
from doorward.daemon.values.marks import stored_marks
from doorward.daemon.values.name_scanner import NameScanner, ReaderNames, ScriptedNames
from doorward.daemon.values.pseudonym_store import PseudonymStore
from doorward.daemon.values.secret_scanner import Kingfisher
from doorward.daemon.values.vault import Seal, Vault, derive
from doorward.policies.detect.exact import Contact, Contacts
from doorward.policies.detect.findings import Kind
from doorward.policies.detect.phones import Phones
from doorward.policies.limits import Day
from doorward.policies.vocabulary import HOME
from doorward.tools.connectors.running import Running
from doorward.tools.connectors.walls import Ground
from doorward.tools.documents.client import DocumentReader
from doorward.tools.files.meaning import Meaning
from doorward.tools.reading.reader import Reader
from doorward.tools.web.outgoing import Outgoing, SystemResolver

_DEVICE = "this-device"


def moment() -> Moment:
    """Read the clock once."""
    now = datetime.datetime.now(datetime.UTC)  # noqa: TID251  # the one clock of the daemon
    local = now.astimezone()
    return Moment(
        now.timestamp(),
        now.isoformat(timespec="seconds"),
        local.strftime("%H:%M"),
        tuple(Day)[local.weekday()],
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
        stack.enter_context(alone(config.state / "daemon.lock"))
        listener = stack.enter_context(listen(config.socket))
        stack.callback(config.socket.unlink, missing_ok=True)
        master = key_store(config).key()
        connection = connect(config.store)
        stack.callback(connection.close)
        create_tables(connection)
        policy = PolicyFile(config.policy, config.home)
        stack.enter_context(policy.watched())
        await _serve(config, policy, listener, master, connection, ready)


async def _serve(
    config: Config,
    policy: PolicyFile,
    listener: socket.socket,
    master: bytes,
    connection: sqlite3.Connection,
    ready: Callable[[], None],
) -> None:
    seal = Seal(derive(master, "vault"))
    store, vault = Store(connection, seal), Vault(connection, seal)
    ledger = Ledger(config.ledger, connection, seal, master)
    choices = Choices.of(config.models, config.reader_model)
    reader = ReaderClient(choices.chosen, config.models / "cache", idle=config.reader_idle)
    meaning = Meaning(reader, lambda: choices.chosen().embedder is not None)
    documents = DocumentReader()
    changesets = Changesets(config.state)
    outgoing = Outgoing(SystemResolver())
    manifest, connectors = by_policy(policy.current), ConnectorFiles(config.connectors)
    credentials = Credentials(connection, Seal(derive(master, "credentials")))
    passages = Passages(ledger, lambda: moment().utc)
    proxy = Proxy(outgoing, credentials.all, passages)
    programs = Running(
        Ground(config.home, config.state),
        lambda connector, token, listening: proxy.serve(
            Passenger(connector.name, token, frozenset(connector.net)), listening
        ),
    )
    corrections = Corrections(connection, Seal(derive(master, "corrections")), new_id)
    made = toolbox(documents, reader, outgoing, corrections, meaning)
    tools = Catalog(made, connectors, programs, manifest)
    admission = Admission(
        policy=policy.current,
        ledger=ledger,
        clock=moment,
        usage=Usage(UsageTable(connection), lambda: moment().posix),
        questions=questions(config, connection, master, policy),
    )
    strangers = _strangers(config, reader, choices)
    releases = _releases(config, connection, seal, master, credentials, strangers)
    upward = Upward(admission, tools, releases, StoredBudget(connection))
    commits = Commits(admission, stored_marks(connection, master))
    door = Door(admission, tools, vault, upward, commits)
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
        _DEVICE,
        (),  # no tools with the Hello: each objective's message brings those that the door released
        connection,
        arrived.set,
        clock=time.monotonic,
        random=random.SystemRandom().random,
        seal=seal,
        witness=LedgerWitness(
            ledger,
            str(HOME),
            _DEVICE,
            lambda: moment().utc,
            lambda error: supervisor.trouble(error),  # noqa: PLW0108  # it is made below
        ),
    )
    needed = Needed(home, link, config.home_idle)
    outbox, inbox = Outbox(connection, seal, ledger.salt), Inbox(connection, seal)
    supervisor = Supervisor(
        Parts(store, vault, door, outbox, inbox, changesets.of, moment, link.notify, needed.want),
        arrived,
    )
    views = Views(
        store, vault, ledger, policy, local_now, new_id, lambda: _shown(home, link), tools
    )
    local = LocalModel(admission, reader, new_id)
    served = Served(lambda: choices.name(Role.READER), lambda: choices.name(Role.EMBEDDER))
    held = [*credential_routes(credentials), *correction_routes(corrections, store, vault)]
    held += suggestion_routes(supervisor, views)
    held += LocalRoutes(local, served, lambda: moment().posix).routes()
    app = application(supervisor, views, over.set, held)
    _on_signals(over)
    try:
        async with asyncio.TaskGroup() as group:
            running = [
                group.create_task(supervisor.run()),
                group.create_task(needed.run()),
                group.create_task(programs.run()),
            ]
            ready()  # the socket has been listening since the start
            await serve(listener, app, over, supervisor.let_go)
            for task in running:
                task.cancel()
    finally:
        await reader.close()
        await documents.close()
        changesets.close()


def _strangers(config: Config, reader: Reader, choices: Choices) -> NameScanner:
    if config.names == "never":
        return ScriptedNames()
    return ReaderNames(reader, config.names == "always", choices.finds_people)


def _releases(
    config: Config,
    connection: sqlite3.Connection,
    seal: Seal,
    master: bytes,
    credentials: Credentials,
    strangers: NameScanner,
) -> Releases:
    def later(seconds: float, call: Callable[[], None]) -> None:
        asyncio.get_running_loop().call_later(seconds, call)

    scanner = Kingfisher(config.state / "rules", time.monotonic, later)
    people = [Contact(name, Kind.PERSON, (name,)) for name in config.contacts]
    phones = Phones(config.phone_regions)
    detectors = Detectors(scanner, credentials.known, Contacts(people), phones, strangers)
    return Releases(
        PseudonymStore(connection, seal),
        derive(master, "pseudonyms"),
        detectors,
        lasting=config.pseudonyms == "always",
    )


def _shown(home: HomeOrchestrator, link: Link) -> str:
    if home.pid is None:
        return "idle"
    status = link.status
    return f"{status.state}: {status.reason}" if status.reason else str(status.state)


def questions(
    config: Config, connection: sqlite3.Connection, master: bytes, policy: PolicyFile
) -> Questions:
    """Return the maker of cards, with the limits of the configuration."""
    steady = Steady(connection, lambda: moment().posix, time.monotonic)
    limits = Limits(config.card_timeout, config.cards_an_hour, config.cards_an_objective)
    asking = Asking(connection, derive(master, "approval"), steady, new_id, limits)
    met = Met(connection, Seal(derive(master, "vault")), derive(master, "met"))
    return Questions(policy.current, asking, met)


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
def alone(path: Path) -> Iterator[None]:
    """Hold the lock that only one daemon a state folder can hold.

    Raises:
        AlreadyRunning: Another holds it.
    """
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

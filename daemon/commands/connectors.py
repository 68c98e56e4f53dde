"""`doorward connectors`: name programs that others wrote, accept their tools, call one.

Only `call` goes through the daemon, and so through the door. `check` and `pin` start the server
behind its walls and ask what it offers; nothing of yours is sent.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from doorward.daemon.commands.background import ensure
from doorward.daemon.commands.follow import clean, follow
from doorward.daemon.config import Config, load
from doorward.daemon.connectors import ConnectorFiles
from doorward.daemon.control.client import Client
from doorward.daemon.errors import DaemonError, Misused, sentence
from doorward.tools.base import ToolError
from doorward.tools.connectors.described import Connector, without, written
from doorward.tools.connectors.offered import Offer, changes
from doorward.tools.connectors.programs import NoProgram, found
from doorward.tools.connectors.running import Running
from doorward.tools.connectors.walls import Ground


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    what = options.add_subparsers(dest="what", required=True, metavar="WHAT")
    what.add_parser("list", help="the connectors, and which of their tools you accepted")
    add = what.add_parser("add", help="name a program; write -- before its command")
    add.add_argument("name")
    for grant in ("read", "write"):
        add.add_argument(f"--{grant}", action="append", default=[], metavar="PATH")
    add.add_argument("--run", action="append", default=[], metavar="PROGRAM")
    add.add_argument("--env", action="append", default=[], metavar="NAME=VALUE")
    add.add_argument("command", nargs="+")
    for verb, about in (
        ("check", "start it and say what it offers, and what differs from what you accepted"),
        ("pin", "accept its tools as they are now"),
        ("remove", "forget it, and what you accepted of it"),
    ):
        one = what.add_parser(verb, help=about)
        one.add_argument("name")
        if verb == "pin":
            one.add_argument("--yes", action="store_true", help="accept without being asked")
    call = what.add_parser("call", help="call one tool through the door")
    call.add_argument("name")
    call.add_argument("tool")
    call.add_argument("--arg", action="append", default=[], metavar="NAME=VALUE")
    call.add_argument("--yes", action="store_true", help="say yes to the card")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    config = load()
    files = ConnectorFiles(config.connectors)
    try:
        match options.what:
            case "list":
                return _list(files, as_json=options.json)
            case "add":
                return _add(files, options)
            case "remove":
                return _remove(config, files, options.name)
            case "call":
                return _call(config, options)
            case _:
                return _ask(config, files, options)
    except ToolError as error:
        raise DaemonError(sentence(error)) from error


def _list(files: ConnectorFiles, *, as_json: bool) -> int:
    named = files.named()
    if as_json:
        held = {name: sorted(files.accepted(name)) for name in named}
        print(json.dumps({"connectors": held, "trouble": files.trouble}))
        return 0
    for name, one in named.items():
        tools = sorted(files.accepted(name))
        print(f"{name:<12} {clean(' '.join(one.command))}")
        print(f"{'':<12} reads {_shown(one.read)}; changes {_shown(one.write)}; no network")
        print(f"{'':<12} accepted: {', '.join(tools) or f'none: doorward connectors pin {name}'}")
    if files.trouble:
        print(f"The file is broken: {clean(files.trouble)}", file=sys.stderr)
        return 1
    if not named:
        print("There are none. Name one: doorward connectors add NAME --read FOLDER -- PROGRAM")
    return 0


def _shown(paths: tuple[str, ...]) -> str:
    return ", ".join(map(clean, paths)) or "nothing"


def _add(files: ConnectorFiles, options: argparse.Namespace) -> int:
    if options.name in files.named():
        raise Misused(f"there is a connector {options.name} already; remove it first")
    pairs = [pair.partition("=")[::2] for pair in options.env]
    program = options.command[0]
    where = program if "/" not in program else str(Path(program).expanduser().absolute())
    on_path = shutil.which(program) if where == program else None
    try:
        where = str(found(on_path or where))
    except NoProgram as error:
        raise Misused(str(error)) from error
    made = Connector(
        name=options.name,
        command=(where, *options.command[1:]),
        env=dict(pairs),
        read=tuple(map(_absolute, options.read)),
        write=tuple(map(_absolute, options.write)),
        run=tuple(options.run),
    )
    before = files.text()
    files.write(
        f"{before}{'' if before.endswith(chr(10)) or not before else chr(10)}{written(made)}"
    )
    print(f"{options.name} is named. Next: doorward connectors pin {options.name}")
    return 0


def _absolute(path: str) -> str:
    return path if path.startswith("~/") else str(Path(path).absolute())


def _remove(config: Config, files: ConnectorFiles, name: str) -> int:
    _named(files, name)
    files.write(without(files.text(), name))
    files.accept(name, None)
    shutil.rmtree(Ground(config.home, config.state).folder(name), ignore_errors=True)
    print(f"{name} is forgotten.")
    return 0


def _ask(config: Config, files: ConnectorFiles, options: argparse.Namespace) -> int:
    """Start a connector, show what it offers; for `pin`, accept it."""
    name, accepted = options.name, files.accepted(options.name)
    offers, refused = asyncio.run(_offered(config, _named(files, name)))
    told = changes(accepted, offers) if accepted else {}
    for offer in offers.values():
        mark = f"  ← {told[offer.name]}" if offer.name in told else ""
        print(f"  {offer.name:<24} {offer.about}{clean(mark)}")
    for tool in told.keys() - offers.keys():
        print(f"  {clean(tool):<24} ← {told[tool]}")
    for why in refused:
        print(f"  left out: {clean(why)}")
    if options.what == "check":
        differ = f"{len(told)} not as accepted" if accepted else "none accepted"
        print(f"{name}: {len(offers)} tools, {differ}.")
        return 1 if told else 0
    return _pin(files, name, offers, yes=options.yes)


def _pin(files: ConnectorFiles, name: str, offers: Mapping[str, Offer], *, yes: bool) -> int:
    print("Those words are the server's own. What its tools may do, your policy file says.")
    if not yes:
        if not sys.stdin.isatty():
            raise Misused("nobody is here to accept them; say --yes")
        if input(f"  Accept these tools of {name}? [y/N] ").strip().lower() not in {"y", "yes"}:
            print("Nothing is accepted.")
            return 0
    files.accept(name, offers)
    print(f"{name}: {len(offers)} tools accepted as they are now.")
    return 0


async def _offered(config: Config, connector: Connector) -> tuple[dict[str, Offer], list[str]]:
    async with Running(Ground(config.home, config.state)).kept() as running:
        return await running.offered(connector)


def _named(files: ConnectorFiles, name: str) -> Connector:
    named = files.named()
    if files.trouble:
        raise Misused(files.trouble)
    if name not in named:
        error = Misused(f"there is no connector {name!r}")
        error.add_note("hint: doorward connectors list shows them")
        raise error
    return named[name]


def _call(config: Config, options: argparse.Namespace) -> int:
    ensure(config)
    client = Client(config.socket)
    body = {
        "connector": options.name,
        "tool": options.tool,
        "arguments": options.arg,
        "folder": str(Path.cwd()),
    }
    made = client.post("/v1/connectors/call", body)
    return follow(client, made["id"], yes=options.yes, as_json=options.json)

"""`doorward credentials`: add, list or remove what connectors sign in with.

A value comes from a prompt or from standard input, never from the command line, where every other
program of the machine could read it; and it is never shown again.
"""

from __future__ import annotations

import argparse
import getpass
import json
import sys
from urllib.parse import quote

from doorward.daemon.commands.background import ensure
from doorward.daemon.config import load
from doorward.daemon.control.client import Client
from doorward.daemon.errors import Misused


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("what", choices=["add", "list", "remove"])
    options.add_argument("name", nargs="?", default="", help="how you call it")
    options.add_argument("--host", default="", help="the one host that is ever given it")
    options.add_argument("--header", default="authorization", help="the header it is sent in")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    config = load()
    if options.what != "list" and not options.name:
        raise Misused(f"doorward credentials {options.what} needs a name")
    if options.what == "add" and not options.host:
        raise Misused("doorward credentials add needs --host: the one host that is given it")
    value = _value(options.name) if options.what == "add" else ""
    ensure(config)
    client = Client(config.socket)
    match options.what:
        case "add":
            asked = {"name": options.name, "host": options.host, "header": options.header}
            made = client.post("/v1/credentials", {**asked, "value": value})
            said = f"Kept. Connectors hold {made['sentinel']} in its place."
        case "remove":
            made = client.post(f"/v1/credentials/{quote(options.name, safe='')}/remove")
            said = f"Removed {options.name}."
        case _:
            made = client.get("/v1/credentials")
            rows = [
                f"{each['name']}  {each['host']}  {each['sentinel']}"
                for each in made["credentials"]
            ]
            said = "\n".join(rows) or "No credentials yet: doorward credentials add NAME --host H"
    print(json.dumps(made) if options.json else said)
    return 0


def _value(name: str) -> str:
    if sys.stdin.isatty():
        return getpass.getpass(f"Value of {name} (not shown): ")
    return sys.stdin.read().strip()

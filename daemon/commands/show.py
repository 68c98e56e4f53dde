"""`doorward show`: one objective as it stands."""

from __future__ import annotations

import argparse
import json

from doorward.daemon.commands import latest
from doorward.daemon.commands.follow import clean, ending, told
from doorward.daemon.config import load
from doorward.daemon.control.client import Client


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    latest.argument(options)
    options.add_argument("--all", action="store_true", help="shorten no list")


def run(options: argparse.Namespace) -> int:
    """Print it."""
    client = Client(load().socket)
    view = client.get(f"/v1/objectives/{latest.chosen(client, options.objective)}")
    if options.json:
        print(json.dumps(view))
        return 0
    print(f"{view['id']}  {view['state']}  {clean(view['text'])}\nin {clean(view['folder'])}\n")
    if view["plan"]:
        plan = {"kind": "planned", "understood": view["understood"], "steps": view["plan"]["steps"]}
        print("\n".join(told(plan)))
    if view["card"]:
        print("\n".join(told({"kind": "card", "card": view["card"]}, everything=options.all)))
        print(f"\nWaiting for you: doorward approve {view['id']}, or doorward deny {view['id']}")
    elif view["state"] in {"done", "undone", "failed", "stopped"}:
        print("\n".join(ending(view, everything=options.all)))
    return 0

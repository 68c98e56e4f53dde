"""`doorward correct`: say what a document really is, list what was said, or have it forgotten.

No file is opened or moved by it: the daemon still holds what the objective read.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from urllib.parse import quote

from doorward.daemon.commands.background import ensure
from doorward.daemon.commands.follow import clean
from doorward.daemon.config import load
from doorward.daemon.control.client import Client
from doorward.daemon.errors import Misused


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("path", nargs="?", default="", help="the document, as it is called now")
    options.add_argument("option", nargs="?", default="", help="what it is: one of the options")
    options.add_argument("--of", default="", metavar="ID", help="the objective; else the latest")
    options.add_argument("--list", action="store_true", help="show what you said so far")
    options.add_argument("--forget", default="", metavar="ID", help="forget one, or `all`")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    config = load()
    chosen = [options.list, bool(options.forget), bool(options.path)]
    if sum(chosen) != 1 or bool(options.path) != bool(options.option):
        error = Misused("say what a document is, or --list, or --forget ID")
        error.add_note('hint: doorward correct "Scans/scan 12.pdf" receipts')
        raise error
    ensure(config)
    client = Client(config.socket)
    if options.list:
        made = client.get("/v1/corrections")
        rows = [
            f"{each['id']}  {clean(each['path'])}: {clean(each['option'])},"
            f" not {clean(each['instead_of'])}"
            for each in made["corrections"]
        ]
        said = "\n".join(rows) or "You have corrected nothing so far."
    elif options.forget:
        made = client.post(f"/v1/corrections/{quote(options.forget, safe='')}/forget")
        said = f"{made['forgotten']} forgotten."
    else:
        path = str(Path(options.path).expanduser().absolute())
        asked = {"path": path, "option": options.option, "objective": options.of}
        made = client.post("/v1/corrections", asked)
        said = (
            f"Kept as {made['id']}: {clean(made['path'])} is {clean(made['option'])}. What is like"
            " it goes there from now on; no file was moved."
        )
    print(json.dumps(made) if options.json else said)
    return 0

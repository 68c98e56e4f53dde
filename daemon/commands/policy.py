"""`doorward policy`: check, show, judge, explain, compare and suggest for policy files.

All but `suggest` need no daemon. What it reads and prints as JSON is described in
`policies.exchange`; the verbs that judge requests are in `policy_requests`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from doorward.daemon.config import Config, load
from doorward.daemon.errors import POLICY_INVALID, Misused, sentence

if TYPE_CHECKING:
    from doorward.policies.rules import Policy

_ABOUT = """\
check    say whether a policy file is valid (FILE, or the one in force)
show     print it
path     print where yours goes
judge    read a request a line from standard input, print a verdict a line: JSON objects, see below
explain  say which rule decides one request, which rules nearly applied and what they lacked
what-if  judge the requests of your receipts (or of FILE, as for judge) under --policy FILE, and
         list what would come out otherwise than under the policy in force
suggest  read a sample of the documents in a folder (--in) on this device, and print [[place]]
         blocks to paste; it edits nothing
"""
_CODES = """
Exit codes: 0 done; 2 misused, or some line was no request (its verdict is {"error": ...});
9 the policy file is invalid.
"""


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    from doorward.policies import exchange

    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.description = _ABOUT
    options.epilog = (exchange.__doc__ or "").partition("\n\n")[2] + _CODES
    verbs = ["check", "show", "path", "judge", "explain", "what-if", "suggest"]
    options.add_argument("what", choices=verbs)
    options.add_argument("file", nargs="?", help="check, show: a policy; what-if: requests")
    options.add_argument("--policy", metavar="FILE", help="a policy instead of the one in force")
    options.add_argument("--in", dest="folder", default=".", help="suggest: the folder")
    asked = options.add_argument_group("explain", "one request, as JSON or by flags")
    asked.add_argument("--request", metavar="JSON", help="the request, as for judge")
    asked.add_argument("--effect", help="read, write, destroy, egress, spend or run")
    asked.add_argument("--tool", default="")
    asked.add_argument("--resource", default="", help="the path, address or name; ~ is your home")
    asked.add_argument("--to", default="", help="for egress: model:x, connector:x, person:x ...")
    asked.add_argument("--arg", action="append", default=[], metavar="ROLE=ORIGIN", help="repeat")
    for flag in ("named", "asked", "planned"):
        asked.add_argument(f"--{flag}", action="store_true")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from doorward.policies.fields import PolicyError

    config = load()
    if options.what == "path":
        print(config.policy)
        if not config.policy.exists():
            print("There is none yet: the shipped default holds.", file=sys.stderr)
        return 0
    if options.what == "suggest":
        return _suggest(config, options)
    named = options.policy or (options.file if options.what in {"check", "show"} else None)
    path = Path(named) if named else None
    if options.what == "show":
        from doorward.daemon.policy_file import default_text

        # what is empty is not in force: a shell empties it first where the output goes into it
        sys.stdout.write(text_of(config, path) or default_text())
        return 0
    try:
        policy = policy_of(config, path)
    except PolicyError as error:
        print(f"{path or config.policy}: {sentence(error)}", file=sys.stderr)
        return POLICY_INVALID
    if options.what == "check":
        name = path or (config.policy if config.policy.exists() else "shipped default")
        print(f"{name}: valid, snapshot {policy.id}.")
        return 0
    from doorward.daemon.commands import policy_requests

    return policy_requests.run(options, config, policy)


def _suggest(config: Config, options: argparse.Namespace) -> int:
    """Have a folder looked at, through the door, and print what comes of it."""
    from doorward.daemon.commands.background import ensure
    from doorward.daemon.commands.follow import follow
    from doorward.daemon.control.client import Client

    ensure(config)
    client = Client(config.socket)
    folder = str(Path(options.folder).expanduser().absolute())
    made = client.post("/v1/labels/suggest", {"folder": folder})
    return follow(client, made["id"], as_json=options.json)


def text_of(config: Config, path: Path | None) -> str:
    """Return the text of a policy file; of the one in force when no path is given.

    Raises:
        Misused: It cannot be read, or others may change the one in force.
    """
    from doorward.daemon.policy_file import default_text, read

    try:
        if path is not None:
            return path.read_text(encoding="utf-8")
        return read(config.policy) if config.policy.exists() else default_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Misused(f"cannot read {path or config.policy}: {error}") from error


def policy_of(config: Config, path: Path | None) -> Policy:
    """Return a policy file as the daemon would read it; the one in force when no path is given.

    Raises:
        Misused: It cannot be read.
        PolicyError: It is not valid.
    """
    from doorward.policies.document import parse

    return parse(text_of(config, path), home=str(config.home), own=(str(config.policy.parent),))

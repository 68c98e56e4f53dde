"""`doorward policy`: check a policy file, or show the one in force. Needs no daemon."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from doorward.daemon.config import load
from doorward.daemon.errors import POLICY_INVALID, Misused


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("what", choices=["check", "show", "path"])
    options.add_argument("file", nargs="?", help="for check: the file; default: the one in force")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from doorward.daemon.policy_file import default_text
    from doorward.policies.document import PolicyError, parse

    config = load()
    path = Path(options.file) if options.file else config.policy
    if options.what == "path":
        print(
            config.policy
            if config.policy.exists()
            else f"{config.policy} (none yet: the shipped default holds)"
        )
        return 0
    try:
        text = path.read_text(encoding="utf-8") if options.file or path.exists() else default_text()
    except (OSError, UnicodeDecodeError) as error:
        raise Misused(f"cannot read {path}: {error}") from error
    if options.what == "show":
        sys.stdout.write(text)
        return 0
    try:
        policy = parse(text, home=str(config.home))
    except PolicyError as error:
        print(f"{path}: {error}", file=sys.stderr)
        return POLICY_INVALID
    name = path if options.file or path.exists() else "shipped default"
    print(f"{name}: valid, snapshot {policy.id}.")
    return 0

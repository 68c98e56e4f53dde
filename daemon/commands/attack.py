"""`doorward attack`: run the attacks that this build is meant to hold against. Needs no daemon.

They run in a temporary folder, open no connection to another machine and touch no file of the
user's. It is the one door to `daemon.attacks`.
"""

from __future__ import annotations

import argparse
import asyncio
import json
from typing import TYPE_CHECKING

from doorward.daemon.errors import ATTACK_BROKE

if TYPE_CHECKING:
    from doorward.daemon.attacks.attack import Attack, Outcome

_ABOUT = """\
run      try every attack, or those of one suite, and say what came of each
list     say what each attack does and what must happen
"""
_CODES = f"Exit codes: 0 all held, or cannot be tried here; {ATTACK_BROKE} one is BROKEN."


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    from doorward.daemon.attacks.table import SUITES

    options.formatter_class = argparse.RawDescriptionHelpFormatter
    options.description, options.epilog = _ABOUT, _CODES
    options.add_argument("what", choices=["run", "list"])
    options.add_argument("--suite", choices=SUITES, default="")
    options.add_argument("--thorough", action="store_true", help="with full numbers: minutes")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    from doorward.daemon.attacks.attack import Ended, Outcome
    from doorward.daemon.attacks.table import attacks
    from doorward.daemon.attacks.table import run as tried

    ended: list[Ended] = []
    for attack in attacks(options.suite):
        outcome = None
        if options.what == "run":
            try:
                outcome = asyncio.run(tried(attack, thorough=options.thorough))
            except (
                Exception
            ) as error:  # one that cannot be tried shows nothing: it counts as broken
                outcome = Outcome(Ended.BROKEN, f"it could not be tried: {error}")
            ended.append(outcome.ended)
        print(_json(attack, outcome) if options.json else _line(attack, outcome), flush=True)
    if options.what == "run" and not options.json:
        print(", ".join(f"{ended.count(one)} {one}" for one in Ended if one in ended))
    return ATTACK_BROKE if Ended.BROKEN in ended else 0


def _line(attack: Attack, outcome: Outcome | None) -> str:
    kind = " (adaptive)" if attack.adaptive else ""
    said = f"{attack.number:>2}  {attack.suite}{kind}: {attack.says}"
    return f"{said}\n    {outcome.ended}: {outcome.evidence}" if outcome else said


def _json(attack: Attack, outcome: Outcome | None) -> str:
    told = {
        "number": attack.number,
        "suite": attack.suite,
        "name": attack.name,
        "adaptive": attack.adaptive,
        "says": attack.says,
    }
    if outcome is not None:
        told |= {"ended": outcome.ended.lower(), "evidence": outcome.evidence}
    return json.dumps(told, ensure_ascii=False)

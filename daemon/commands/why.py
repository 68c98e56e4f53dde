"""`doorward why`: every verdict of an objective: rule, line, reason, what would change it."""

from __future__ import annotations

import argparse
import json

from doorward.daemon.commands import latest
from doorward.daemon.commands.follow import clean
from doorward.daemon.commands.receipts_table import confirmed_by, state
from doorward.daemon.config import load
from doorward.daemon.control.client import Client, Json

_LONG = 80
"""Characters of one argument's value that are shown."""


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    latest.argument(options)
    options.add_argument(
        "--all", action="store_true", help="name every file, not only the first three"
    )


def run(options: argparse.Namespace) -> int:
    """Print them."""
    client = Client(load().socket)
    view = client.get(f"/v1/objectives/{latest.chosen(client, options.objective)}/why")
    if options.json:
        print(json.dumps(view))
        return 0
    confirmed = confirmed_by(view["receipts"])
    for receipt in view["receipts"]:
        if receipt["kind"] == "received":
            continue
        for line in _lines(receipt, most=None if options.all else 3):
            print(line)
        if receipt["kind"] == "crossing":
            print(f"       {state(receipt, confirmed)}")
    return 0


def _lines(receipt: Json, most: int | None) -> list[str]:
    details = receipt["details"]
    rule = f"rule {clean(receipt['rule'])}" + (
        f", line {receipt['line']}" if receipt.get("line") else ", built in"
    )
    where = f"{clean(receipt['step'] or '-'):<4}"
    if receipt["effect"] == "egress":
        form = f"as {receipt['release']}, {receipt['size']} bytes"
        what = f"{clean(receipt['tool'])} → {clean(receipt['destination'])} {form}"
    else:
        what = f"{clean(receipt['tool'])} {receipt['effect']} {receipt['count']}×"
    lines = [f"{where}{receipt['decision'].upper():<9}{what}  [{rule}]"]
    reason, change = details.get("reason", ""), details.get("change", "")
    if reason:
        lines.append(f"       {clean(reason)}")
    if change and receipt["decision"] != "allow":
        lines.append(f"       to change it: {clean(change)}")
    lines += [f"       {line}" for line in _where_from(details, most)]
    shown = [resource for resource in details.get("resources", []) if resource]
    lines += [f"       {clean(resource)}" for resource in shown[:most]]
    if most is not None and len(shown) > most:
        lines.append(f"       and {len(shown) - most} more (--all)")
    return lines


def _where_from(details: Json, most: int | None) -> list[str]:
    """Say what the values were: their label, their sources, and where each argument came from."""
    label = details.get("label") or {}
    said = []
    if label.get("tags") or label.get("trust") not in {None, "trusted"} or label.get("sources"):
        words = [*label.get("tags", []), f"trust {label.get('trust')}"]
        named = label.get("sources", [])
        rest = f" and {len(named) - most} more" if most is not None and len(named) > most else ""
        sources = ", ".join(clean(source) for source in named[:most]) + rest
        said.append(f"label: {clean(', '.join(words))}" + (f"; from {sources}" if sources else ""))
    for leaf in (details.get("requests") or [{}])[0].get("leaves", []):
        value = clean(leaf.get("value"))
        value = value if len(value) <= _LONG else value[:_LONG] + "…"
        said.append(f"{clean(leaf['name'])} ({clean(leaf['role'])}): {value!s}, {leaf['origin']}")
    return said

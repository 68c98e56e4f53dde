"""`doorward why`: every verdict of an objective: rule, line, reason, what would change it."""

from __future__ import annotations

import argparse
import json

from doorward.daemon.commands.follow import clean
from doorward.daemon.config import load
from doorward.daemon.control.client import Client, Json


def arguments(options: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    options.add_argument("objective", help="its id")
    options.add_argument(
        "--all", action="store_true", help="name every file, not only the first three"
    )


def run(options: argparse.Namespace) -> int:
    """Print them."""
    view = Client(load().socket).get(f"/v1/objectives/{options.objective}/why")
    if options.json:
        print(json.dumps(view))
        return 0
    for receipt in view["receipts"]:
        for line in _lines(receipt, most=None if options.all else 3):
            print(line)
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
    shown = [resource for resource in details.get("resources", []) if resource]
    lines += [f"       {clean(resource)}" for resource in shown[:most]]
    if most is not None and len(shown) > most:
        lines.append(f"       and {len(shown) - most} more (--all)")
    return lines

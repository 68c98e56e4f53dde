"""Shows an objective as it happens: plan, steps with verdicts, card, answer, what left.

Not a verb: `ask`, `approve` and `show` use it. All text is built from the daemon's records; hostile
control characters never reach the terminal.
"""

from __future__ import annotations

import json
import shutil
import sys

from doorward.daemon.control.client import Client, Json
from doorward.daemon.errors import REFUSED, STOPPED, WAITING, NotRunning

_MARKS = {"ok": "✓", "refused": "✗ refused", "failed": "✗ failed", "skipped": "· skipped"}
_TRIES = 3


def follow(client: Client, objective: str, *, yes: bool = False, as_json: bool = False) -> int:
    """Print the objective's events until it ends or waits for the user; return the exit code."""
    screen = Screen(as_json=as_json)
    after = 0
    for _ in range(_TRIES):
        try:
            for event in client.events(objective, after):
                after = event.get("n", after)
                screen.event(event)
                if event["kind"] == "card":
                    card = event["card"]
                elif event["kind"] == "state" and event["wait"] == "approval":
                    still = _still_open(client, objective, card)
                    if still and not _answer(client, objective, card, yes=yes):
                        screen.say(f"\nWaiting for you: doorward approve {objective} (or deny)")
                        return WAITING
                elif event["kind"] == "state" and event["ended"]:
                    return finish(client, objective, as_json=as_json)
            raise NotRunning(
                "the daemon went away; doorward start, then doorward show " + objective
            )
        except NotRunning:
            if client.get("/v1/status"):
                continue
    return WAITING


def finish(client: Client, objective: str, *, as_json: bool = False) -> int:
    """Print how an objective ended; return the exit code."""
    view = client.get(f"/v1/objectives/{objective}")
    if as_json:
        print(json.dumps(view))
    else:
        for line in ending(view):
            print(line)
    return {"done": 0, "undone": 0, "stopped": STOPPED}.get(view["state"], REFUSED)


def ending(view: Json) -> list[str]:
    """Return the closing lines: answer, notes, files, what left, how to undo."""
    lines: list[str] = []
    if view["state"] in {"failed", "stopped"}:
        lines += ["", f"{view['state'].capitalize()}: {clean(view['reason'])}"]
        if view["policy_trouble"]:
            lines.append(f"The policy file is broken: {clean(view['policy_trouble'])}")
        if view["nearest"]:
            lines += ["", "What I can do that is near to it:"]
            lines += [f"  doorward ask {clean(text)!r}" for text in view["nearest"]]
        lines += ["", "Nothing was changed. " + _left(view)]
        return lines
    if view["answer"]:
        lines += ["", clean(view["answer"], lines=True)]
    if view["notes"]:
        lines += [
            "",
            "Noted on the way:",
            *(f"  - {clean(note)}" for note in unique(view["notes"])),
        ]
    if view["changes"]:
        done = "Changed, then undone:" if view["state"] == "undone" else "Files changed:"
        lines += ["", done, *(f"  {clean(change)}" for change in view["changes"])]
    if view["unchanged"]:
        lines += ["", "Not done:", *(f"  {clean(change)}" for change in view["unchanged"])]
    lines += ["", _left(view)]
    if view["state"] == "done" and view["changes"]:
        lines.append(f"Undo:    doorward undo {view['id']}")
    lines.append(f"Why:     doorward why {view['id']}")
    lines.append("Proof:   doorward receipts verify")
    return lines


def _left(view: Json) -> str:
    away = [one for one in view["crossings"] if not one["on_device"]]
    if away:
        told = ", ".join(f"{one['bytes']} bytes to {one['destination']}" for one in away)
        return f"Left this device: {told}."
    home = sum(one["bytes"] for one in view["crossings"])
    return f"Left this device: nothing. ({home} bytes crossed to the planner on this device.)"


def _still_open(client: Client, objective: str, card: Json) -> bool:
    """Tell whether a card waits now; events from the beginning tell of those answered, too."""
    held = client.get(f"/v1/objectives/{objective}")["card"]
    return bool(held and held["id"] == card["id"])


def _answer(client: Client, objective: str, card: Json, *, yes: bool) -> bool:
    """Answer the card for the user, or ask them; False when nobody is there to ask."""
    if yes:
        print("  → yes (--yes)")
    elif not sys.stdin.isatty():
        return False
    else:
        reply = input("  Do this? [y/N] ").strip().lower()
        yes = reply in {"y", "yes"}
    client.post(f"/v1/objectives/{objective}/card", {"card": card["id"], "yes": yes})
    return True


class Screen:
    """Prints events; a progress line only on a terminal."""

    def __init__(self, *, as_json: bool) -> None:
        """Print sentences, or JSON lines."""
        self._json = as_json
        self._live = sys.stdout.isatty() and not as_json
        self._width = 0

    def say(self, line: str) -> None:
        """Print a sentence, unless a program reads."""
        if not self._json:
            print(line, flush=True)

    def event(self, event: Json) -> None:
        """Print one event."""
        if self._json:
            print(json.dumps(event), flush=True)
            return
        if event["kind"] == "progress":
            self._progress(f"    {event['done'] + 1} of {event['total']}  {clean(event['what'])}")
            return
        self._progress("")
        for line in told(event):
            print(line, flush=True)

    def _progress(self, text: str) -> None:
        if not self._live or (not text and not self._width):
            return
        text = text[: shutil.get_terminal_size().columns - 1]
        print("\r" + text.ljust(self._width), end="" if text else "\r", flush=True)
        self._width = len(text)


def told(event: Json) -> list[str]:
    """Return the lines for one event."""
    match event["kind"]:
        case "planned":
            steps = [
                f"  {clean(step['id']):<4}{clean(step['why'] or step['tool'])}"
                for step in event["steps"]
            ]
            return [f"Understood: {clean(event['understood'])}", "", "Plan:", *steps, ""]
        case "step.ended":
            return [_step_line(event)]
        case "card":
            return _card_lines(event["card"])
        case "trouble":
            return [f"Trouble: {clean(event['reason'])}"]
        case "undone":
            return [f"Kept: {clean(kept)}" for kept in event["kept"]]
        case _:
            return []


def _step_line(event: Json) -> str:
    verdicts = ", ".join(
        f"{decision} {count}× by {rule}" + (f" (line {line})" if line else "")
        for decision, rule, line, count in event["verdicts"]
    )
    mark = _MARKS[event["outcome"]]
    reason = f": {clean(event['reason'])}" if event["outcome"] != "ok" and event["reason"] else ""
    seen = f"  planner saw: {event['released']}"
    return (
        f"  {event['step']:<4}{mark}{reason}"
        + (f"  {verdicts}" if verdicts else "  no crossing")
        + seen
    )


def _card_lines(card: Json) -> list[str]:
    shown = [f"  │ {clean(asked['shown'])}" for asked in card["asked"][:20]]
    if len(card["asked"]) > 20:
        shown.append(f"  │ and {len(card['asked']) - 20} more")
    verdict = card["asked"][0]["verdict"]
    why = f"  │ asked by rule {verdict['rule']}" + (
        f", line {verdict['line']}" if verdict["line"] else ""
    )
    title = "Make these changes" if card["kind"] == "commit" else "Allow this"
    return [
        "",
        f"  ┌ {title}?",
        *shown,
        why,
        "  └ every change can be undone" if card["kind"] == "commit" else "  └",
    ]


def unique(lines: list[str]) -> list[str]:
    """Return the lines without repeats, in order."""
    return list(dict.fromkeys(lines))


def clean(text: str, *, lines: bool = False) -> str:
    """Return text that is safe on a terminal: control and bidi characters are escaped.

    So are line ends, unless `lines` are wanted: a name must not draw lines of its own.
    """
    return "".join(
        c
        if (lines and c == "\n") or (c.isprintable() and c not in _BIDI)
        else c.encode("unicode_escape").decode()
        for c in str(text).encode("utf-8", "replace").decode()
    )


_BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")

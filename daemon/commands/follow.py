"""Shows an objective as it happens: plan, steps with verdicts, card, answer, what left.

Not a verb: `ask`, `approve` and `show` use it. All text is built from the daemon's records; hostile
control characters never reach the terminal.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from itertools import groupby
from shlex import quote

from doorward.daemon.control.client import Client, Json
from doorward.daemon.errors import REFUSED, STOPPED, WAITING, NotRunning
from doorward.policies.shown import visible

_MARKS = {"ok": "✓", "refused": "✗ refused", "failed": "✗ failed", "skipped": "· skipped"}
_TRIES = 3
_CARD = 20
"""Lines of a card before the rest is counted."""
_MOST = 10
"""Lines of a list beside the answer itself before the rest is counted."""


def follow(client: Client, objective: str, *, yes: bool = False, as_json: bool = False) -> int:
    """Print the objective's events until it ends or waits for the user; return the exit code."""
    screen = Screen(as_json=as_json)
    after = 0
    for _ in range(_TRIES):
        try:
            for event in client.events(objective, after):
                after = event.get("n", after)
                screen.event(event)
                if event["kind"] in {"card", "card.collected"}:
                    card = event["card"]
                elif event["kind"] == "state" and event["wait"] == "approval":
                    now = _still_open(client, objective, card, screen)
                    if now and not _answer(client, objective, now, yes=yes):
                        screen.say(f"\nWaiting for you: doorward approve {objective} (or deny)")
                        return WAITING
                elif event["kind"] == "state" and event["ended"]:
                    return finish(client, objective, as_json=as_json)
                elif event["kind"] == "trouble":
                    screen.say(f"{objective} is kept and goes on when this is mended.")
                    return int(event["exit"])
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
    return code_of(view)


def code_of(view: Json) -> int:
    """Return the exit code of an objective that ended: 10 when none of its changes could be made.

    Your own no is no failure.
    """
    left = [one for one in view["unchanged"] if not one.endswith("you said no")]
    if view["state"] == "done" and left and not view["changes"]:
        return REFUSED
    return {"done": 0, "undone": 0, "stopped": STOPPED}.get(view["state"], REFUSED)


def ending(view: Json, *, everything: bool = False) -> list[str]:
    """Return the closing lines: answer, notes, files, what left, how to undo.

    Args:
        view: The objective.
        everything: Fold no list.
    """
    if view["state"] in {"failed", "stopped"}:
        return _unfinished(view)
    lines = _outcome(view, sys.maxsize if everything else _MOST)
    if any(_FOLDED.fullmatch(line) for line in lines):
        lines += ["", f"In full: doorward show {view['id']} --all"]
    lines += ["", _left(view)]
    if view.get("policy_trouble"):
        lines.append(f"The policy file is broken: {clean(view['policy_trouble'])}")
        lines.append("The last good one holds: doorward policy check")
    if view["state"] == "done" and view["changes"]:
        lines.append(f"Undo:    doorward undo {view['id']}")
        steps = (view.get("plan") or {"steps": []})["steps"]
        if any(step["tool"] == "read.classify" for step in steps):
            lines.append("Teach:   doorward correct FILE OPTION, where one is something else")
    lines.append(f"Why:     doorward why {view['id']}")
    lines.append("Proof:   doorward receipts verify")
    return lines


def _unfinished(view: Json) -> list[str]:
    lines = ["", f"{view['state'].capitalize()}: {clean(_reason(view))}"]
    if view["policy_trouble"]:
        lines.append(f"The policy file is broken: {clean(view['policy_trouble'])}")
    if view["nearest"]:
        lines += ["", "What I can do that is near to it:"]
        lines += [f"  doorward ask {quote(clean(text))}" for text in view["nearest"]]
    if view["changes"]:
        lines += ["", "Changed before it ended:", *(f"  {clean(one)}" for one in view["changes"])]
        return [*lines, f"Undo:    doorward undo {view['id']}", "", _left(view)]
    return [*lines, "", "Nothing was changed. " + _left(view)]


def _outcome(view: Json, most: int) -> list[str]:
    """Return answer, notes and files."""
    lines: list[str] = []
    if view["unchanged"] and not view["changes"] and view["state"] == "done":
        lines += ["", "Nothing was changed (see below). This is what it would have come to:"]
    if view["answer"]:
        shown = clean(view["answer"], lines=True).splitlines()
        lines += ["", *fold_beside(shown, most)]
    if view["notes"]:
        answer = view["answer"] or ""
        notes = [note for note in unique(view["notes"]) if not _told_in(answer, note)]
        lines += _section("Noted on the way:", [f"  - {clean(note)}" for note in notes], most)
    if view["changes"]:
        done = "Changed, then undone:" if view["state"] == "undone" else "Files changed:"
        lines += _section(done, [f"  {clean(change)}" for change in view["changes"]], most)
    if view["unchanged"]:
        lines += _section(
            "Not done:", [f"  {clean(one)}" for one in unique(view["unchanged"])], most
        )
    return lines


def _reason(view: Json) -> str:
    """Return why it ended: the words of the step that failed, which only this device knows."""
    if view["state"] == "failed":
        for step, report in reversed((view.get("reports") or {}).items()):
            if report["reason"] and f"Step {step} " in view["reason"]:
                return str(report["reason"])
    return str(view["reason"])


def _told_in(answer: str, note: str) -> bool:
    """Tell whether the answer has it already, also as a row: `- a.pdf · it is damaged`."""
    return (
        note in answer or f"- {note.removeprefix('cannot read ').replace(': ', ' · ', 1)}" in answer
    )


def _section(heading: str, lines: list[str], most: int) -> list[str]:
    return ["", heading, *fold(lines, most)] if lines else []


def fold(lines: list[str], most: int = _MOST) -> list[str]:
    """Return the first lines and how many more there are."""
    if len(lines) <= most + 1:
        return lines
    indent = lines[0][: len(lines[0]) - len(lines[0].lstrip())]
    return [*lines[:most], f"{indent}… and {len(lines) - most} more"]


_FOLDED = re.compile(r"\s*… and \d+ more")


def fold_beside(lines: list[str], most: int = _MOST) -> list[str]:
    """Fold every list in an answer but the first, which is the answer itself."""
    folded: list[str] = []
    lists = 0
    for bullets, group in groupby(lines, key=lambda line: line.startswith("- ")):
        run = list(group)
        lists += bullets
        folded += fold(run, most) if bullets and lists > 1 else run
    return folded


def _left(view: Json) -> str:
    away = [one for one in view["crossings"] if not one["on_device"]]
    if away:
        told = ", ".join(f"{one['bytes']} bytes to {one['destination']}" for one in away)
        return f"Left this device: {told}."
    home = sum(one["bytes"] for one in view["crossings"])
    return f"Left this device: nothing. ({home} bytes crossed to the planner on this device.)"


def _still_open(client: Client, objective: str, card: Json, screen: Screen) -> Json | None:
    """Return the card if it waits now; events from the beginning tell of those answered, too."""
    held: Json | None = client.get(f"/v1/objectives/{objective}")["card"]
    if held is None or held["id"] != card["id"]:
        return None
    if card["collected"] and not held["collected"]:
        screen.say("\n".join(card_lines(held)))  # it has been shown since
    return held


def _answer(client: Client, objective: str, card: Json, *, yes: bool) -> bool:
    """Answer the card for the user, or ask them; False when nobody is there to ask.

    A card that was collected is not asked about here: too many were this hour.
    """
    if yes:
        print("  → yes (--yes)")
    elif card["collected"] or not sys.stdin.isatty():
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


def told(event: Json, *, everything: bool = False) -> list[str]:
    """Return the lines for one event; a card in full only when everything is asked for."""
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
            return card_lines(event["card"], everything=everything)
        case "card.collected":
            return ["", *_COLLECTED]
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


_COLLECTED = (
    "It has a question, but you were asked often this hour: the question is collected.",
    "It is shown when the hour allows (config.toml: cards_an_hour);",
    "look now with: doorward list --cards",
)


def card_lines(card: Json, *, everything: bool = False) -> list[str]:
    """Return a card; in full only when everything is asked for.

    What is lost or leaves is always shown, line by line; what only reads or can be undone is
    folded where it is much.
    """
    texts = [
        (clean(text), row["always"])
        for row in card["rows"]
        for text in [*(row["all"] if everything else [row["text"]]), *_beneath(row)]
    ]
    most = sys.maxsize if everything else _CARD
    kept = [text for at, (text, always) in enumerate(texts) if always or at < most]
    shown = [f"  │ {text}" for text in kept]
    if len(texts) > len(kept):
        more = len(texts) - len(kept)
        shown.append(f"  │ … and {more} more; in full: doorward show --all, with its id")
    title = "Make these changes" if card["kind"] == "commit" else "Allow this"
    again = ["  │ It was begun before and cut off: it may have happened already."]
    return [
        "",
        f"  ┌ {title}?",
        *shown,
        *(again if card["again"] else []),
        *(f"  │ asked by rule {_rule(rule)}" for rule in card["rules"]),
        *_endorsing(card),
        "  └ every change can be undone" if card["kind"] == "commit" else "  └",
    ]


def _beneath(row: Json) -> list[str]:
    return [f"    {text}" for text in row["beneath"]]


def _endorsing(card: Json) -> list[str]:
    """Return what a yes stands for beyond this card."""
    values = [clean(one["value"]) for one in card["values"]]
    if not values:
        return []
    return [f"  │ a yes vouches for {', '.join(values)}, in such calls of this objective"]


def _rule(rule: Json) -> str:
    return clean(rule["rule"]) + (f", line {rule['line']}" if rule["line"] else "")


def unique(lines: list[str]) -> list[str]:
    """Return the lines without repeats, in order."""
    return list(dict.fromkeys(lines))


def clean(text: str, *, lines: bool = False) -> str:
    """Return text that is safe on a terminal, whoever wrote it; line ends only if wanted."""
    return visible(str(text), lines=lines)

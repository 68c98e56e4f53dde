"""What the control API shows: objectives, verdicts, crossings and status, as JSON records.

It reads store, vault, ledger and changesets and changes none of them, but for building a new
objective from what the user typed. The server calls it; faces see its records.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from doorward.daemon.connectors import typed
from doorward.daemon.door.door import answer_handle
from doorward.daemon.errors import Misused
from doorward.daemon.objectives.card_view import card_view, collected
from doorward.daemon.objectives.codec import Json, objective_to
from doorward.daemon.objectives.objective import Objective
from doorward.daemon.objectives.own import plan_of
from doorward.daemon.policy_file import PolicyFile
from doorward.daemon.receipts.ledger import Ledger
from doorward.daemon.store import Store
from doorward.daemon.values.vault import Vault
from doorward.policies.approvals import digest
from doorward.policies.plan import check
from doorward.policies.shown import shown
from doorward.policies.vocabulary import DEVICE, HOME, LOCAL_MODEL, ObjectiveId
from doorward.tools.base import Tool
from doorward.tools.connectors.tool import name_of

_HEAVY = ("mlx", "mlx_lm", "transformers", "numpy", "dbos", "sqlalchemy", "lxml", "docx", "grpc")
"""What an idle daemon must not carry; grpc comes with the first objective."""
MAX_TEXT = 4000
"""Characters of an objective: it is what the user wants, not a document."""


@dataclass(frozen=True, slots=True)
class Views:
    """The read side of the daemon."""

    store: Store
    vault: Vault
    ledger: Ledger
    policy: PolicyFile
    now: Callable[[], tuple[str, str]]
    """Local `(ISO date and time, ISO date)`."""
    new_id: Callable[[], str]
    link: Callable[[], str]
    """The link's state as a sentence."""
    tools: Mapping[str, Tool] = field(default_factory=dict)
    """Every tool, by name."""

    def new_objective(self, text: str, folder: str) -> Objective:
        """Return a new objective from what the user typed.

        Raises:
            Misused: Nothing was typed, or too much, or there is no such folder.
        """
        if not text.strip():
            error = Misused("the objective is empty")
            error.add_note(
                'hint: say what you want, e.g. doorward ask "find documents about my lease"'
            )
            raise error
        if len(text) > MAX_TEXT:
            error = Misused(f"the objective has {len(text)} characters; the most is {MAX_TEXT}")
            error.add_note("hint: say what you want, and leave the material in files")
            raise error
        if any("\ud800" <= letter <= "\udfff" or letter == "\0" for letter in text):
            error = Misused("the objective has characters that are no text")
            error.add_note("hint: type it again; the terminal may not be set to UTF-8")
            raise error
        created, today = self.now()
        return Objective(
            id=ObjectiveId(f"o-{self.new_id()}"),
            text=text.strip(),
            folder=str(_folder(folder)),
            today=today,
            created=created,
        )

    def new_call(self, connector: str, tool: str, given: Sequence[str], folder: str) -> Objective:
        """Return a new objective whose plan is the user's own call of a connector's tool.

        Args:
            connector: Its name.
            tool: The tool's name at the server.
            given: The arguments as typed: `name=value`.
            folder: Where the command was given.

        Raises:
            Misused: There is no such accepted tool, or the arguments do not fit it.
        """
        name = name_of(connector, tool)
        if name not in self.tools:
            error = Misused(f"there is no accepted tool {tool} of a connector {connector}")
            error.add_note(f"hint: doorward connectors list, doorward connectors pin {connector}")
            raise error
        arguments = typed(self.tools[name].spec, given)
        shown = (pair.replace("=", " = ", 1) for pair in given)  # each value a word of its own
        words = " ".join(["doorward connectors call", connector, tool, *shown])
        made = self.new_objective(words, folder)
        plan = plan_of(name, arguments, "text")
        if faults := check(plan, {name: self.tools[name].spec}):
            raise Misused(faults[0].what)
        return replace(made, own=True, plan=plan)

    def listing(self) -> list[Json]:
        """Return every objective, newest first, without steps."""
        return [
            {
                "id": one.id,
                "text": one.text,
                "state": one.state,
                "wait": one.wait,
                "created": one.created,
                "folder": one.folder,
                "collected": len(one.card.asked) if one.card and one.card.held else 0,
            }
            for one in reversed(self.store.objectives())
        ]

    def cards(self) -> Json:
        """Return every open card: those shown, and those that were collected as one digest."""
        held = self.store.objectives(open_only=True)
        together = collected(held)
        names = ",".join(sorted(one["card"]["id"] for one in together))
        return {
            "shown": [
                {
                    "objective": one.id,
                    "text": shown(one.text),
                    "card": card_view(one.card, one.folder),
                }
                for one in held
                if one.card is not None and not one.card.held
            ],
            "collected": together,
            "digest": digest(names)[:16] if together else "",
        }

    def show(self, objective: ObjectiveId) -> Json:
        """Return one objective with answer, changes and crossings."""
        held = self._get(objective)
        answer = self.vault.get(answer_handle(objective)) if held.answered else None
        return {
            **objective_to(held),
            "card": held.card and card_view(held.card, held.folder),
            "committing": held.committing is not None,
            "granted": len(held.granted),
            "answer": answer.data if answer else None,
            "notes": list(answer.notes) if answer else [],
            "changes": list(held.changed),
            "crossings": self._crossings(objective),
            "policy_trouble": self.policy.trouble,
        }

    def why(self, objective: ObjectiveId) -> Json:
        """Return every verdict of an objective, or of a program's call to the local model."""
        receipts = self.ledger.details(objective)
        if not receipts:
            self._get(objective)
        return {"id": objective, "receipts": receipts}

    def _crossings(self, objective: ObjectiveId) -> list[Json]:
        """Return what crossed, by destination; the home orchestrator is on this device."""
        totals: dict[str, Json] = {}
        for receipt in self.ledger.details(objective):
            if receipt.get("kind") != "crossing":
                continue
            where = str(receipt["destination"])
            total = totals.setdefault(
                where,
                {
                    "destination": where,
                    "on_device": where in {str(HOME), str(DEVICE), str(LOCAL_MODEL)},
                    "crossings": 0,
                    "bytes": 0,
                },
            )
            total["crossings"] += receipt["count"]
            total["bytes"] += receipt["size"]
        return list(totals.values())

    def status(self) -> Json:
        """Return how the daemon is."""
        policy = self.policy.current()
        return {
            "pid": os.getpid(),
            "memory": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss,
            "heavy": [name for name in _HEAVY if name in sys.modules],
            "policy": policy.id if policy else None,
            "policy_trouble": self.policy.trouble,
            "link": self.link(),
            "open": [one.id for one in self.store.objectives(open_only=True)],
        }

    def _get(self, objective: ObjectiveId) -> Objective:
        held = self.store.get(objective)
        if held is None:
            error = Misused(f"there is no objective {objective}")
            error.add_note("hint: doorward list shows them")
            raise error
        return held


def _folder(text: str) -> Path:
    if not text.startswith(("/", "~")):
        raise Misused(f"the folder {text!r} is not an absolute path")
    try:
        folder = Path(text).expanduser()
        found = folder.resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        missing = Misused(f"there is no folder {text!r}")
        missing.add_note("hint: check the name after --in")
        raise missing from error
    if not found.is_dir():
        wrong = Misused(f"{folder} is not a folder")
        wrong.add_note("hint: name the folder around it with --in")
        raise wrong
    if not os.access(found, os.R_OK | os.X_OK):
        raise Misused(f"the folder {folder} cannot be read: permission denied")
    return found

"""The models of this device side by side: which are here, whole, in use, and fit.

It fetches and runs nothing; `chosen`, `registry` and `fit` hold what it puts together. The commands
`models` and `doctor` call it.
"""

from __future__ import annotations

import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from doorward.daemon.errors import Misused
from doorward.daemon.models import registry
from doorward.daemon.models.chosen import Choices, Role
from doorward.daemon.models.fit import Machine, best, fits, unfit
from doorward.daemon.models.registry import Fetched, Model


@dataclass(frozen=True, slots=True)
class Standing:
    """How a model stands."""

    model: Model
    here: bool
    used: tuple[Role, ...]
    fits: bool
    trust: str
    """Who vouches for its bytes; empty for what the user put there."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """The models folder, on one machine."""

    choices: Choices
    machine: Machine

    @property
    def folder(self) -> Path:
        """Return the models folder."""
        return self.choices.folder

    def models(self) -> list[Model]:
        """Return every model: those that are here first, then what else is known."""
        known = registry.known()
        here = registry.found(self.folder, known)
        held = registry.remembered(self.folder)
        from_hub = [_at(model, held.get(model.name)) for model in here]
        return [*from_hub, *(model for model in known if model not in here)]

    def standings(self) -> list[Standing]:
        """Return how each stands."""
        names, held = self.choices.names(), registry.remembered(self.folder)
        return [
            Standing(
                model,
                (self.folder / model.name).exists(),
                tuple(role for role, name in names.items() if name == model.name),
                fits(model, self.machine),
                _trust(model, held.get(model.name)),
            )
            for model in self.models()
        ]

    def best(self, role: Role) -> Model | None:
        """Return the best known model of a role that fits."""
        return best(role, registry.known(), self.machine)

    def damage(self, model: Model) -> list[str]:
        """Return what is wrong with a model's files, as sentences; reads them whole."""
        path = self.folder / model.name
        if not path.exists():
            name = model.name
            if any(each.name == name for each in registry.known()):
                return [f"{name} is not here; run `doorward models get {name}`"]
            return [f"{name} is not here; put it into {self.folder}, or use another model"]
        held = registry.remembered(self.folder).get(model.name)
        wrong = registry.wrong_files(path, {**(held.files if held else {}), **model.sha256})
        return [
            f"{name} of {model.name} is missing or damaged; run `doorward models remove "
            f"{model.name}` and `doorward models get {model.name}`"
            for name in wrong
        ]

    def use(self, role: Role, name: str) -> Model:
        """Take a model for a role, from the next request on.

        Raises:
            Misused: There is none of that name here, it is not of that role, it does not fit, or
                the settings say otherwise.
            DamagedError: Its files are not what they were.
        """
        if role is Role.PLANNER:
            error = Misused("the planner at home asks the reader's model: one runs at a time")
            error.add_note(f"hint: doorward models use reader {name}")
            raise error
        if role in self.choices.fixed:
            error = Misused(f"config.toml names the {role}: {self.choices.fixed[role]}")
            error.add_note("hint: remove reader_model from config.toml; `models use` then decides")
            raise error
        here = [standing.model for standing in self.standings() if standing.here]
        model = registry.named(name, self.models(), [one for one in here if role in one.roles])
        if role not in model.roles:
            error = Misused(f"{model.name} cannot be the {role}")
            error.add_note(f"hint: it can be the {' or the '.join(model.roles)}")
            raise error
        if damage := self.damage(model):
            raise registry.DamagedError(damage[0])
        if not fits(model, self.machine):
            why, hint = unfit(model, role, registry.known(), self.machine)
            error = Misused(why)
            error.add_note(f"hint: {hint}")
            raise error
        self.choices.use(role, model.name)
        return model

    def remove(self, name: str) -> tuple[Model, list[Role]]:
        """Remove a model's files; return it, and the roles that it was in use for.

        Raises:
            Misused: It is not here.
        """
        here = [standing for standing in self.standings() if standing.here]
        model = registry.named(name, [standing.model for standing in here])
        path = self.folder / model.name
        gone = path.with_name(f".removed-{path.name}")
        path.rename(gone)
        if gone.is_dir():
            shutil.rmtree(gone)
        else:
            gone.unlink()
        registry.forget(self.folder, model.name)
        written = [role for role, chosen in self.choices.names().items() if chosen == model.name]
        for role in written:
            if role not in self.choices.fixed:
                self.choices.use(role, "")
        return model, written


def this_machine() -> Machine:
    """Return the machine that this runs on."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return Machine(memory, packed=sys.platform == "darwin")


def _at(model: Model, held: Fetched | None) -> Model:
    """Return an own model that came from the hub with its licence and source."""
    if held is None or model.hub or not held.source.startswith("hub:"):
        return model
    repository, _, revision = held.source.removeprefix("hub:").partition("@")
    return Model(
        model.name,
        model.roles,
        licence=held.licence,
        parameters=model.parameters,
        bytes=model.bytes,
        token=model.token,
        hub=repository,
        revision=revision,
    )


def _trust(model: Model, held: Fetched | None) -> str:
    if model.sha256:
        return "checked by us"
    if held is not None:
        return "as first fetched"
    return "trusted on first use" if model.hub else ""

"""Releases: what crosses in the form that the gate granted, and what detectors say of it before.

The door calls it: `tags` before it asks the gate, `prepare` and `words` after. It asks no gate and
sends nothing. Redacted values are made of stable pseudonyms, whose map stays here, sealed; the
answer gets real values back through `restorer`, in the planner's words alone, for the user alone.
"""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from doorward.daemon.values.name_scanner import NameScanner, ScriptedNames
from doorward.daemon.values.pseudonym_store import PseudonymStore
from doorward.daemon.values.secret_scanner import ScriptedScanner, SecretScanner
from doorward.policies.detect import scan
from doorward.policies.detect.decode import views
from doorward.policies.detect.exact import Contacts
from doorward.policies.detect.findings import SECRETS, Finding, tags_of
from doorward.policies.detect.known import KnownSecrets
from doorward.policies.detect.phones import Phones
from doorward.policies.labels import NEUTRAL, Label
from doorward.policies.parts import texts
from doorward.policies.provenance import fold
from doorward.policies.pseudonyms import PseudonymMap, Pseudonyms, restore
from doorward.policies.redaction import redact_data
from doorward.policies.shape import released, shape
from doorward.policies.vocabulary import Data, ObjectiveId, Release, Trust


def no_secrets() -> KnownSecrets:
    """Know no secret by its value."""
    return KnownSecrets((), b"")


@dataclass(frozen=True, slots=True)
class Detectors:
    """Everything that looks for private data in text."""

    scanner: SecretScanner = field(default_factory=ScriptedScanner)
    known: Callable[[], KnownSecrets] = no_secrets
    """Gives the exact values that are secret, as they are known now."""
    contacts: Contacts = field(default_factory=lambda: Contacts(()))
    phones: Phones | None = None
    people: NameScanner = field(default_factory=ScriptedNames)

    def found(self, text: str) -> list[Finding]:
        """Return everything that is found, also in what the text says once decoded."""
        readings, hits = views(text)
        hits += [*scan.found(text), *self.contacts.found(text), *self.scanner.found(text)]
        hits += self.known().found(text, readings)
        hits += self.phones.found(text) if self.phones else []
        hits += self.people.found(text)
        for view in readings:
            inner = [*scan.found(view.text), *self.contacts.found(view.text)]
            hits += [Finding(*view.span(hit.start, hit.end), hit.kind) for hit in inner]
        return hits


@dataclass(frozen=True, slots=True)
class Restorer:
    """Puts real values back into words that a planner wrote."""

    held: PseudonymMap

    def __call__(self, text: str) -> str:
        """Return the text with real values: for the user's eyes alone."""
        return restore(text, self.held)

    @property
    def label(self) -> Label:
        """Return the label of anything that it has touched."""
        if not self.held.entries:
            return NEUTRAL
        kinds = [Finding(0, 1, entry.kind) for entry in self.held.entries]
        return Label(tags_of(kinds) | {"personal"}, Trust.UNTRUSTED)


@dataclass(frozen=True, slots=True)
class Releases:
    """Says what is private in a value, and makes the form of it that may cross."""

    store: PseudonymStore
    key: bytes
    """32 secret bytes, of which each scope has its own."""
    detectors: Detectors = field(default_factory=Detectors)
    lasting: bool = False
    """One pseudonym for the same person in every objective, not only within one."""

    async def ready(self, data: Data, *, people: bool, typed: str = "") -> None:
        """Load what looking at this value will take, without holding up the daemon.

        Args:
            data: The value.
            people: Whether it matters who is named in it. Where it does not, the reader is asked
                all the same if a secret is found: what holds one may yet cross redacted.
            typed: What the user typed: whom that names is not looked for.
        """
        pieces = [text for _, text in texts(data)]
        await self.detectors.scanner.ready("\n".join(pieces))
        if people or any(
            hit.kind in SECRETS for each in pieces for hit in self.detectors.found(each)
        ):
            own = fold(typed)
            await self.detectors.people.ready(each for each in pieces if fold(each) not in own)

    def tags(self, data: Data) -> frozenset[str]:
        """Return the tags that detectors add to the label of a value that is about to cross."""
        each = [hit for _, text in texts(data) for hit in self.detectors.found(text)]
        return tags_of([*each, *self._scattered(data)])

    def leaving(self, data: Mapping[str, Data], words: str) -> frozenset[str]:
        """Return the tags that detectors add to arguments that are about to leave.

        Args:
            data: The arguments.
            words: What the user typed: who is named in it is not news to them, a secret is one.
        """
        typed = fold(words)
        hits = [
            hit
            for _, text in texts(dict(data))
            for hit in self.detectors.found(text)
            if hit.kind in SECRETS or fold(text[hit.start : hit.end]) not in typed
        ]
        return tags_of([*hits, *self._scattered(dict(data))])

    def word_tags(self, text: str) -> frozenset[str]:
        """Return the tags of the user's own words: a secret counts, whom they speak of does not."""
        secret = [hit for hit in self.detectors.found(text) if hit.kind in SECRETS]
        return tags_of(secret)

    def words(self, objective: ObjectiveId, text: str, form: Release) -> str:
        """Return the user's words in this form; only full and redacted ones are words."""
        made = self.prepare(objective, text, form, ())
        return made if isinstance(made, str) and form is not Release.SHAPE else ""

    def prepare(
        self, objective: ObjectiveId, data: Data, form: Release, fields: Collection[str]
    ) -> Data:
        """Return what may cross of a value in this form.

        Args:
            objective: Whose: it has its own pseudonyms.
            data: The value.
            form: As the gate granted it.
            fields: Field names that the tool declares; any other key is content.
        """
        if form is not Release.REDACTED:
            return released(data, form, fields)
        if self._scattered(data):
            return shape(data, fields)
        return self._redacting(
            objective, lambda names: redact_data(data, self.detectors.found, names, fields)
        )

    def restorer(self, objective: ObjectiveId) -> Restorer:
        """Return what puts real values back into the planner's words."""
        return Restorer(self.store.get(self._scope(objective)))

    def _redacting(self, objective: ObjectiveId, make: Callable[[Pseudonyms], Data]) -> Data:
        scope = self._scope(objective)
        held = self.store.get(scope)
        names = Pseudonyms(hmac.digest(self.key, scope.encode(), "blake2b"), held)
        made = make(names)
        if names.map != held:
            self.store.put(scope, names.map)  # before anything crosses: it can be put back
        return made

    def _scope(self, objective: ObjectiveId) -> str:
        return "always" if self.lasting else objective

    def _scattered(self, data: Data) -> list[Finding]:
        """Find known secrets that are cut into several texts of one value."""
        pieces, known = [text for _, text in texts(data)], self.detectors.known()
        if len(pieces) < 2 or not known:
            return []
        inside = sum(len(known.found(piece)) for piece in pieces)
        across = known.found("".join(pieces))
        return across if len(across) > inside else []

"""Tier 1: the rules of many vendors for secrets, by the `kingfisher` library in this process.

It is loaded, in a thread, for the first text that could hold a token, and dropped after idle
minutes; its compiled rules are kept in a folder of ours, because compiling them takes seconds.
Until it is there, whatever could be a token counts as one. Tier 0 is always there; this only adds
to it. It never uses the network. Called by `daemon.door.releases`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Protocol

from doorward.policies.detect.findings import Finding, Kind
from doorward.policies.detect.scan import program

Later = Callable[[float, Callable[[], None]], object]
"""Calls something after so many seconds."""


class SecretScanner(Protocol):
    """Finds secrets in text."""

    def found(self, text: str) -> list[Finding]:
        """Return the secrets in a text; what `ready` has not been told of may all be secret."""
        ...

    async def ready(self, text: str) -> None:
        """Load what `found` will need for this text, without holding up the daemon."""
        ...


@dataclass(frozen=True, slots=True)
class ScriptedScanner:
    """The twin in memory: finds what it was told."""

    secrets: tuple[str, ...] = ()

    def found(self, text: str) -> list[Finding]:
        """Return where its secrets stand."""
        return _standing(text, self.secrets)

    async def ready(self, text: str) -> None:
        """Be ready."""


@dataclass(slots=True)
class Kingfisher:
    """The real one."""

    folder: Path
    """Where compiled rules are kept; made when needed, 0700."""
    clock: Callable[[], float]
    """Monotonic seconds."""
    later: Later
    idle: float = 300.0
    """Seconds after which it is dropped."""
    _scanner: Any = field(default=None, init=False)
    _used: float = field(default=0.0, init=False)

    @property
    def loaded(self) -> bool:
        """Tell whether it takes memory now."""
        return self._scanner is not None

    def found(self, text: str) -> list[Finding]:
        """Return the secrets in a text."""
        could_be, scanner = set(_could_be(text)), self._scanner
        if not could_be or scanner is None:
            return _standing(text, could_be)
        self._used = self.clock()
        made = scanner.scan(text.encode("utf-8", "replace"))
        return _standing(text, {each.secret for each in made if each.visible})

    async def ready(self, text: str) -> None:
        """Load it in a thread when this text needs it; keep it while it is needed."""
        if next(_could_be(text), ""):
            self._keep(self._scanner or await asyncio.to_thread(self._load))

    def _load(self) -> Any:
        import kingfisher_sdk

        self.folder.mkdir(mode=0o700, exist_ok=True)
        rules = kingfisher_sdk.Rules(cache_dir=self.folder)
        return kingfisher_sdk.Scanner(rules)

    def _keep(self, scanner: Any) -> None:
        if self._scanner is None:
            self.later(self.idle, self._drop)
        self._scanner, self._used = scanner, self.clock()

    def _drop(self) -> None:
        left = self._used + self.idle - self.clock()
        if left > 0:
            self.later(left, self._drop)
        else:
            self._scanner = None


def _could_be(text: str) -> Iterator[str]:
    """Yield each run of 16 characters that is no word, as every vendor's token is.

    A word has letters alone, all of them small or all of them capitals.
    """
    data = text.encode("utf-8", "replace")
    for found in _runs().finditer(data):
        run = data[slice(*found.span(1))]
        if not run.isalpha() or not (run.islower() or run.isupper()):
            yield run.decode()


@cache
def _runs() -> Any:
    return program(r"([\w+/=.:-]{16,})")


def _standing(text: str, secrets: Iterable[str]) -> list[Finding]:
    hits = []
    for secret in sorted(secrets):
        at = text.find(secret) if secret else -1
        while at >= 0:
            hits.append(Finding(at, at + len(secret), Kind.TOKEN))
            at = text.find(secret, at + 1)
    return hits

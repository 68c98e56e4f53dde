"""Credentials: what connectors sign in with, sealed here, and the sentinels that stand for them.

A connector only ever holds a sentinel, `dwcred_` and random letters: worth nothing, wherever it
leaks. The outgoing proxy alone asks for the value, for its own host. No value is ever shown again:
not by a command, not in a log, not in a receipt. `daemon.main` constructs it.
"""

from __future__ import annotations

import json
import re
import secrets
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field

from doorward.daemon.errors import Misused
from doorward.daemon.values.vault import Seal
from doorward.policies.detect.known import KnownSecrets
from doorward.tools.base import ToolError
from doorward.tools.web.address import host_name

PREFIX = "dwcred_"
AUTHORIZATION = "authorization"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_HEADER = re.compile(r"[a-z0-9-]{1,60}")
_VALUE = re.compile(r"[\x21-\x7e]{8,8000}")
"""Shorter would be found by chance in what servers answer."""
_NOT_HEADERS = frozenset({"host", "content-length", "transfer-encoding", "connection", "cookie"})


@dataclass(frozen=True, slots=True)
class Credential:
    """One credential; its value never shows when it is printed."""

    name: str
    host: str
    """The one host that is ever given the value."""
    header: str
    """The one header, in lower case, in which the sentinel is swapped for it."""
    sentinel: str
    value: str = field(repr=False)


class Credentials:
    """The credentials in the daemon's database."""

    def __init__(
        self,
        connection: sqlite3.Connection,
        seal: Seal,
        random: Callable[[int], str] = secrets.token_hex,
    ) -> None:
        """Keep sealed credentials in the table `credential` of `connection`."""
        self._connection = connection
        self._seal = seal
        self._random = random
        connection.execute(
            "CREATE TABLE IF NOT EXISTS credential"
            " (name TEXT PRIMARY KEY, sealed BLOB NOT NULL) STRICT"
        )
        self._key = secrets.token_bytes(32)
        self._known = self._recognised()

    def add(self, name: str, host: str, value: str, header: str = AUTHORIZATION) -> Credential:
        """Keep a credential; the same name again replaces it, with a new sentinel.

        Raises:
            Misused: The name, the host, the header or the value cannot be one.
        """
        header = header.lower()
        if not _NAME.fullmatch(name):
            raise _wrong(f"{name!r} is no name", 'use small letters, digits and "-"')
        if not _HEADER.fullmatch(header) or header in _NOT_HEADERS:
            raise _wrong(f"no credential is sent as {header!r}", "leave --header out")
        if not _VALUE.fullmatch(value):
            what = f"what was given for {name} is no credential"
            raise _wrong(what, "give 8 to 8000 characters without spaces or line breaks")
        try:
            host = host_name(host)
        except ToolError as error:
            raise _wrong(str(error), "name the host alone, for example api.example.com") from None
        made = Credential(name, host, header, PREFIX + self._random(16), value)
        held = {"host": host, "header": header, "sentinel": made.sentinel, "value": value}
        sealed = self._seal.close(json.dumps(held).encode(), f"credential/{name}")
        self._connection.execute("INSERT OR REPLACE INTO credential VALUES (?, ?)", (name, sealed))
        self._known = self._recognised()
        return made

    def remove(self, name: str) -> None:
        """Forget a credential.

        Raises:
            Misused: There is none of that name.
        """
        done = self._connection.execute("DELETE FROM credential WHERE name = ?", (name,))
        if not done.rowcount:
            raise _wrong(f"there is no credential {name!r}", "doorward credentials list")
        self._known = self._recognised()

    def all(self) -> list[Credential]:
        """Return every credential, by name."""
        rows = self._connection.execute("SELECT name, sealed FROM credential ORDER BY name")
        return [
            Credential(name, **json.loads(self._seal.open(sealed, f"credential/{name}")))
            for name, sealed in rows.fetchall()
        ]

    def known(self) -> KnownSecrets:
        """Return what recognises every value that is kept now, without holding it in the clear."""
        return self._known

    def _recognised(self) -> KnownSecrets:
        return KnownSecrets([each.value for each in self.all()], self._key)


def _wrong(what: str, hint: str) -> Misused:
    error = Misused(what)
    error.add_note(f"hint: {hint}")
    return error

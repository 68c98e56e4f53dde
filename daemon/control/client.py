"""The control API's client: JSON over HTTP/1.0 on the daemon's unix socket, standard library alone.

It is light on purpose (a CLI command must answer in 100 ms; `http.client` alone would cost half of
that) and adds no behaviour. Every face uses it; it raises the same errors that the daemon raised.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

from doorward.daemon.errors import DaemonError, NotRunning, by_code

Json = dict[str, Any]
_OK = 400
"""HTTP statuses from here on are errors."""


class Client:
    """Calls the control API."""

    def __init__(self, path: Path, timeout: float = 60.0) -> None:
        """Use the socket at `path`; `timeout` in seconds for one answer."""
        self._path = path
        self._timeout = timeout

    def get(self, path: str) -> Json:
        """Return the answer to a GET.

        Raises:
            DaemonError: What the daemon said, or `NotRunning`.
        """
        return self._call("GET", path, b"")

    def post(self, path: str, body: Json | None = None) -> Json:
        """Return the answer to a POST.

        Raises:
            DaemonError: What the daemon said, or `NotRunning`.
        """
        return self._call("POST", path, json.dumps(body or {}).encode())

    def events(self, objective: str, after: int = 0) -> Iterator[Json]:
        """Yield an objective's events as they happen, until the daemon ends.

        Raises:
            NotRunning: The daemon went away.
        """
        path = f"/v1/objectives/{objective}/events?after={after}"
        with self._request("GET", path, b"", None) as answer:
            while line := answer.readline():
                yield json.loads(line)

    def _call(self, method: str, path: str, body: bytes) -> Json:
        with self._request(method, path, body, self._timeout) as answer:
            held: Json = json.loads(answer.read())
            return held

    @contextmanager
    def _request(
        self, method: str, path: str, body: bytes, timeout: float | None
    ) -> Iterator[BinaryIO]:
        """Send a request; give the body of its answer to read until its end."""
        plain = quote(path, safe="/?=&", errors="surrogatepass")  # an id is what somebody typed
        head = f"{method} {plain} HTTP/1.0\r\nhost: doorward\r\ncontent-length: {len(body)}\r\n\r\n"
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            try:
                connection.settimeout(timeout)
                connection.connect(str(self._path))
                connection.sendall(head.encode() + body)
                with connection.makefile("rb") as answer:
                    status = int(answer.readline().split()[1])
                    while answer.readline().strip():
                        pass
                    if status >= _OK:
                        raise _error(answer.read())
                    yield answer
            except (OSError, IndexError, ValueError) as error:
                raise _not_running(self._path) from error


def _error(raw: bytes) -> DaemonError:
    try:
        held = json.loads(raw)
        return by_code(held["code"])(held["error"])
    except (ValueError, KeyError, TypeError):
        return DaemonError(f"the daemon answered: {raw[:200].decode(errors='replace')}")


def _not_running(path: Path) -> NotRunning:
    error = NotRunning(f"no daemon answers on {path}")
    error.add_note("hint: doorward start")
    return error

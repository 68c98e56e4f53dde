"""The control API's client: JSON over the daemon's unix socket, with the standard library alone.

It is light on purpose (a CLI command must answer in 100 ms) and adds no behaviour. Every face uses
it; it raises the same errors that the daemon raised.
"""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from doorward.daemon.errors import NotRunning, by_code

Json = dict[str, Any]


class _UnixConnection(http.client.HTTPConnection):
    """HTTP over a unix socket."""

    def __init__(self, path: Path, timeout: float | None) -> None:
        super().__init__("doorward", timeout=timeout)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(str(self._path))


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
        return self._call("GET", path, None)

    def post(self, path: str, body: Json | None = None) -> Json:
        """Return the answer to a POST.

        Raises:
            DaemonError: What the daemon said, or `NotRunning`.
        """
        return self._call("POST", path, body or {})

    def events(self, objective: str, after: int = 0) -> Iterator[Json]:
        """Yield an objective's events as they happen, until the daemon ends.

        Raises:
            NotRunning: The daemon went away.
        """
        connection = _UnixConnection(self._path, None)
        try:
            connection.request("GET", f"/v1/objectives/{objective}/events?after={after}")
            response = connection.getresponse()
            if response.status != 200:
                raise _error(response.read())
            while line := response.readline():
                yield json.loads(line)
        except (OSError, http.client.HTTPException) as error:
            raise _not_running(self._path) from error
        finally:
            connection.close()

    def _call(self, method: str, path: str, body: Json | None) -> Json:
        connection = _UnixConnection(self._path, self._timeout)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, path, payload, {"content-type": "application/json"})
            response = connection.getresponse()
            raw = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise _not_running(self._path) from error
        finally:
            connection.close()
        if response.status >= 400:
            raise _error(raw)
        answer: Json = json.loads(raw)
        return answer


def _error(raw: bytes) -> Exception:
    try:
        held = json.loads(raw)
        return by_code(held["code"])(held["error"])
    except (ValueError, KeyError, TypeError):
        return by_code("failed")(f"the daemon answered: {raw[:200].decode(errors='replace')}")


def _not_running(path: Path) -> NotRunning:
    error = NotRunning(f"no daemon answers on {path}")
    error.add_note("hint: doorward start")
    return error

"""The daemon's errors, and the one table from error to exit code and next step.

Not a place for refusals: a refusal is a value. `commands.main` uses the table; a test holds every
public exception of ours against it.

DaemonError
├── Misused            the request itself is wrong (empty objective, unknown folder, unknown id)
├── NotRunning         no daemon answers on the socket
├── AlreadyRunning     another daemon holds the socket
├── Locked             the key cannot be had (no keyring, locked keyring)
├── Tampered           a ledger or a sealed value does not match its seal
├── NoRoom             the disk is full, or a file of ours cannot be written
└── OrchestratorGone   the orchestrator cannot be started or reached
"""

from __future__ import annotations


class DaemonError(Exception):
    """Something the daemon could not do; the message says what, on what, why."""

    retryable = False
    code = "failed"
    """The word that travels over the control API."""


class Misused(DaemonError):
    """The request itself is wrong."""

    code = "misused"


class NotRunning(DaemonError):
    """No daemon answers on the socket."""

    retryable = True
    code = "not_running"


class AlreadyRunning(DaemonError):
    """Another daemon holds the socket."""

    code = "already_running"


class Locked(DaemonError):
    """The key cannot be had."""

    code = "locked"


class Tampered(DaemonError):
    """A ledger or a sealed value does not match its seal."""

    code = "tampered"


class NoRoom(DaemonError):
    """The disk is full, or a file of ours cannot be written."""

    retryable = True
    code = "no_room"


class OrchestratorGone(DaemonError):
    """The orchestrator cannot be started or reached."""

    retryable = True
    code = "orchestrator_gone"


EXIT_CODES: dict[type[BaseException], int] = {
    DaemonError: 1,
    Misused: 2,
    NotRunning: 3,
    AlreadyRunning: 4,
    Locked: 5,
    Tampered: 6,
    NoRoom: 7,
    OrchestratorGone: 8,
}
"""Besides these: 0 done, 9 policy file invalid, 10 objective refused or failed, 11 waiting for you,
12 stopped, 13 an attack was not held off, 130 interrupted."""

REFUSED, WAITING, STOPPED, POLICY_INVALID, ATTACK_BROKE = 10, 11, 12, 9, 13


def exit_code(error: BaseException) -> int:
    """Return the documented exit code of an error; the nearest ancestor counts."""
    for kind in type(error).__mro__:
        if kind in EXIT_CODES:
            return EXIT_CODES[kind]
    return 1


def by_code(code: str) -> type[DaemonError]:
    """Return the error class that travels under `code`; `DaemonError` when unknown."""
    for kind in EXIT_CODES:
        if issubclass(kind, DaemonError) and kind.code == code:
            return kind
    return DaemonError


def sentence(error: BaseException) -> str:
    """Return the message with its hints: what failed, then what to do."""
    notes = [note.removeprefix("hint: ") for note in getattr(error, "__notes__", ())]
    return "; ".join([str(error) or type(error).__name__, *notes])

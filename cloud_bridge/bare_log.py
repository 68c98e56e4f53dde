"""What our processes write to their logs: when, which part, which sort of error, where in the code.

Never the words: a message, or an exception's text, may hold a path, a line of a document or what
the user typed, and a log is read by others. The two programs (`daemon.commands.run`, the
orchestrator's `main`) install it at their start; workers write no log at all.
"""

from __future__ import annotations

import logging
import sys
import threading
import traceback
from types import TracebackType
from typing import TextIO

MOST = 12
"""Lines of code that are named of one error."""


def install(stream: TextIO) -> None:
    """Let every log record, warning and uncaught error of this process go to `stream`, bare."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(Bare())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda seen: _said("thread", seen.exc_value, seen.exc_traceback)
    sys.unraisablehook = lambda seen: _said("unraisable", seen.exc_value, seen.exc_traceback)


class Bare(logging.Formatter):
    """Formats a record without any of its words."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one line."""
        when = self.formatTime(record)
        line = f"{when} {record.levelname} {record.name} {record.module}:{record.lineno}"
        if record.exc_info and record.exc_info[1] is not None:
            line += f" {described(record.exc_info[1], record.exc_info[2])}"
        return line


def described(error: BaseException, trace: TracebackType | None) -> str:
    """Return an error's class and where it was raised, innermost last, groups opened."""
    frames = traceback.extract_tb(trace)[-MOST:]
    places = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno}" for frame in frames]
    text = f"{type(error).__name__} at {' < '.join(places) or 'nowhere'}"
    inner = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    within = [described(each, each.__traceback__) for each in inner]
    return f"{text} [{'; '.join(within)}]" if within else text


def _uncaught(_: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    _said("uncaught", error, trace)


def _said(name: str, error: BaseException | None, trace: TracebackType | None) -> None:
    if error is not None and not isinstance(error, KeyboardInterrupt | SystemExit):
        info = (type(error), error, trace)
        logging.getLogger(name).error("uncaught", exc_info=info)

"""A daemon that kills itself around a receipt: `before` its line is synced, or right `after`.

Not a test: `test_receipt_kills` runs it as a child. The product knows nothing of it: this program
puts a ledger of its own in the place of the daemon's, and runs the daemon as `doorward run` does.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence

from doorward.daemon import main as daemon
from doorward.daemon.commands.main import main
from doorward.daemon.objectives.codec import Json
from doorward.daemon.receipts.entries import Head, Receipt
from doorward.daemon.receipts.ledger import Ledger

POINT, LEFT = sys.argv[1], int(sys.argv[2])


class Deadly(Ledger):
    """Dies at the last of `LEFT` appends."""

    left = LEFT

    def append(self, entries: Sequence[tuple[Receipt, Json]]) -> None:
        self.left -= bool(entries)
        super().append(entries)
        if POINT == "after" and self.left == 0:
            die()

    def _write(self, data: bytes) -> None:
        if POINT == "before" and self.left == 0:
            with self._path.open("ab") as file:
                file.write(data[: len(data) // 2])
            die()
        super()._write(data)
        if POINT == "unanchored" and self.left == 0:
            die()

    def _sign(self, head: Head) -> None:
        if POINT == "unsigned" and self.left == 0:
            die()
        super()._sign(head)


def die() -> None:
    """End as a power cut would."""
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    daemon.Ledger = Deadly  # type: ignore[attr-defined]  # the one place where the daemon makes it
    raise SystemExit(main(["run", "--ready-fd", sys.argv[3]]))

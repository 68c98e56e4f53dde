"""Put the home together: write every document, its date, and the answer key.

It is not where documents are made. `scripts/sample` calls it.
"""

from __future__ import annotations

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sample_home import (
    invoices_other,
    invoices_pdf,
    invoices_sent,
    key,
    mails,
    notes,
    oddities,
    papers,
    private_papers,
)
from sample_home.tree import Document


def documents() -> list[Document]:
    """Return every document of the home, sorted by path."""
    made = [
        *invoices_pdf.documents(),
        *invoices_other.documents(),
        *invoices_sent.documents(),
        *mails.documents(),
        *papers.documents(),
        *private_papers.documents(),
        *notes.documents(),
    ]
    made += oddities.documents(made)
    return sorted(made, key=lambda document: document.path)


def write(out: Path) -> int:
    """Write `home/`, `answers.json` and `mtimes.json` below `out`; return how many documents.

    Raises:
        ValueError: Two documents would lie at the same path.
    """
    made = documents()
    if len({document.path.casefold() for document in made}) != len(made):
        raise ValueError("cannot write the sample home: two documents share a path")
    home = out / "home"
    if home.exists():
        shutil.rmtree(home)
    times = {}
    for document in made:
        target = home / document.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(document.data)
        when = datetime.fromisoformat(document.modified).replace(hour=12, tzinfo=UTC)
        times[document.path] = int(when.timestamp())
        os.utime(target, (times[document.path], times[document.path]))
    _dump(out / "mtimes.json", times)
    _dump(out / "answers.json", key.answers(made))
    return len(made)


def _dump(path: Path, data: object) -> None:
    path.write_text(json.dumps(data, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")

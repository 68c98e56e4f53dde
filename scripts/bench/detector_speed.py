"""How fast tier 0 is on five kinds of text, warm: its forms alone, and all that the daemon asks.

`scripts/bench/detectors` runs it through `detector_engines.py speed OUT.md`.
MB/s of processor time, the best of nine runs over the same documents of 8 kB.
"""

from __future__ import annotations

import email
import random
import time
from collections.abc import Callable
from email import policy
from pathlib import Path

from secret_samples import negatives, positives

ROOT = Path(__file__).resolve().parents[2]
Find = Callable[[str], object]


def texts() -> dict[str, str]:
    """Return a long text of each kind."""
    letters = []
    for each in sorted((ROOT / "samples/home").rglob("*.eml")):
        body = email.message_from_bytes(each.read_bytes(), policy=policy.default)
        part = body.get_body(("plain", "html"))
        head = f"From: {body['from']}\nTo: {body['to']}\nDate: {body['date']}\n\n"
        letters.append(head + (part.get_content() if part else ""))
    samples = [*(text for _, text, _ in positives(30)), *(text for _, text in negatives(30))]
    return {
        "prose": "\n".join(each.read_text("utf-8") for each in sorted(ROOT.glob("*.md"))),
        "mail": "\n".join(letters),
        "table": table(random.Random(3)),
        "code": "\n".join(p.read_text("utf-8") for p in sorted((ROOT / "policies").glob("*.py"))),
        "secrets": "\n".join(samples),
    }


def table(rng: random.Random) -> str:
    """Return invoices as CSV."""
    rows = ["invoice,date,vendor,customer,net,gross,paid"]
    for number in range(1500):
        day, net = f"2026-{rng.randrange(1, 13):02d}-{rng.randrange(1, 29):02d}", rng.random() * 9e3
        who = rng.choice(["Rösterei Nord", "Papier & Co", "Molino Srl"])
        customer = rng.randrange(10_000, 99_999)
        rows.append(f"RE-2026-{number:05d},{day},{who},{customer},{net:.2f},{net * 1.19:.2f},yes")
    return "\n".join(rows)


def whole(*regions: str) -> Find:
    """Return what the daemon asks but for kingfisher: decoding, contacts, secrets, phones too."""
    from doorward.daemon.door.releases import Detectors
    from doorward.policies.detect.exact import Contact, Contacts
    from doorward.policies.detect.findings import Kind
    from doorward.policies.detect.known import KnownSecrets
    from doorward.policies.detect.phones import Phones

    people = [Contact(str(at), Kind.PERSON, (f"Anna{at} Berg{at}",)) for at in range(300)]
    secrets = KnownSecrets([f"Tr0ub4dor-{at}-secret" for at in range(20)], b"k" * 16)
    return Detectors(known=lambda: secrets, contacts=Contacts(people), phones=Phones(regions)).found


def speed(find: Find, documents: list[str]) -> float:
    """Return MB/s."""
    spent = []
    for _ in range(9):
        start = time.process_time()
        for each in documents:
            find(each)
        spent.append(time.process_time() - start)
    return sum(len(each.encode()) for each in documents) / 1e6 / min(spent)


def report() -> str:
    """Return a table of all kinds and ways."""
    from doorward.policies.detect.scan import found

    ways: dict[str, Find] = {"forms": found, "all": whole(), "all, two regions": whole("DE", "US")}
    rows = [
        "### Speed of tier 0, MB/s\n",
        "| text | kB | " + " | ".join(ways) + " |",
        "|---|---|" + "---|" * len(ways),
    ]
    for kind, text in texts().items():
        documents = [text[at : at + 8000] for at in range(0, min(len(text), 96_000), 8000)]
        size = sum(len(each.encode()) for each in documents) / 1000
        cells = " | ".join(f"{speed(find, documents):.2f}" for find in ways.values())
        rows.append(f"| {kind} | {size:.0f} | {cells} |")
    return "\n".join([*rows, ""])

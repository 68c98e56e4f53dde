"""The fixed list of objectives, each with what is measured of its outcome.

It holds no result: every figure is right/total against samples/answers.json, and an objective that
fails or takes too long counts as wrong. `scripts/bench/accuracy` prints what `Rounds.run` yields.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from scripts.bench import scores
from scripts.bench.asking import folded
from scripts.bench.looking import Figure, Looking

EXTRACT = (
    "Put the vendor, invoice number, date and total of every invoice{when} into invoices.csv"
    " and tell me the total"
)
KINDS = 12
"""How many kinds the planner takes in one objective."""
FORMATS = {"presentation", "spreadsheet"}
"""Kinds that the planner reads as kinds of files; it refuses to sort by content into them."""


class Rounds(Looking):
    """Asks everything over one sample home, and over one folder with every classified document."""

    def all(self) -> dict[str, Callable[[], Iterator[Figure]]]:
        """Return the rounds by name."""
        return {
            "extract": self.extract,
            "totals": self.add_up,
            "list": self.list_kinds,
            "promises": self.promises,
            "duplicates": self.duplicates,
            "find": self.find,
            "questions": self.questions,
            "summaries": self.summaries,
            "tidy": self.tidy,
            "file": self.file_away,
            "rename": self.rename,
            "reply": self.reply,
            "unpaid": self.unpaid,
            "classify": self.classify,
            "free": self.free_fields,
        }

    def lay_flat(self) -> dict[str, str]:
        """Copy the classified documents into one folder; return new path → path in the key."""
        shutil.rmtree(self._flat, ignore_errors=True)
        (self._flat / "All").mkdir(parents=True)
        laid = {}
        for number, path in enumerate(self._key["classify"]["documents"]):
            name = f"scan {number:03}{Path(path).suffix}"
            shutil.copy2(self._home / path, self._flat / "All" / name)
            laid[f"All/{name}"] = path
        return laid

    def extract(self) -> Iterator[Figure]:
        """Ask the README's objective, and the same for October 2026."""
        for task, when, selection in (
            ("extract every invoice", "", "all"),
            ("extract October 2026", " from October 2026", "2026-10"),
        ):
            wanted = [
                one
                for one in self._key["invoices"]
                if selection == "all" or one["date"].startswith(selection)
            ]
            done = self._ask(task, EXTRACT.format(when=when))
            table = self._made("invoices.csv")
            self._back(done)
            figures = (
                scores.extraction(table, wanted)
                if table
                else dict.fromkeys(("vendor", "number", "date", "total"), (0, len(wanted)))
            )
            paths = done.with_copies(scores.table(table))
            figures |= scores.chosen(paths, (one["path"] for one in wanted))
            figures |= scores.totals(done, self._key, selection)
            if selection == "all":
                figures["unreadable files named"] = scores.named(done, self._key)
            yield from self._figures(task, done, figures)

    def free_fields(self) -> Iterator[Figure]:
        """Ask for fields that are not the usual four."""
        text = "Put the subtotal, amount due and currency of every invoice into free.csv"
        done = self._ask("extract other fields", text)
        rows = scores.table(self._made("free.csv"))
        self._back(done)
        figures = {}
        for field, name in (
            ("subtotal", "subtotal_written"),
            ("amount due", "due_written"),
            ("currency", "currency"),
        ):
            held = [one for one in self._key["invoices"] if name in one and "same_as" not in one]
            right = sum(
                scores.same_value(rows.get(one["path"], {}).get(field, ""), one[name])
                for one in held
            )
            figures[field] = (right, len(held))
        yield from self._figures("extract other fields", done, figures)

    def add_up(self) -> Iterator[Figure]:
        """Ask for the sum alone."""
        done = self._ask("add up", "What is the total of all my invoices from October 2026?")
        yield from self._figures("add up October", done, scores.totals(done, self._key, "2026-10"))

    def list_kinds(self) -> Iterator[Figure]:
        """Ask for all documents of a kind."""
        documents = self._key["classify"]["documents"]
        asked = {
            "invoice": "invoices",
            "contract": "contracts",
            "bank statement": "bank statements",
        }
        asked |= {"letter": "letters", "recipe": "recipes", "quotation": "quotations"}
        for kind, plural in asked.items():
            done = self._ask(f"list {plural}", f"List all my {plural}")
            paths = done.with_copies(row[0] for row in done.rows())
            judged = {path for path in paths if path in documents or not path.startswith("Mail/")}
            wanted = {path for path, is_ in documents.items() if is_ == kind}
            yield from self._figures(f"list {plural}", done, scores.chosen(judged, wanted))

    def promises(self) -> Iterator[Figure]:
        """Ask who promised what."""
        done = self._ask("promises", "What did I promise whom by when?")
        yield from self._figures("promises", done, scores.promises(done, self._key))

    def duplicates(self) -> Iterator[Figure]:
        """Ask for duplicates, then have them removed."""
        done = self._ask("duplicates", "Find duplicate files")
        yield from self._figures("duplicates", done, {"groups": scores.groups(done, self._key)})
        gone = self._ask("remove duplicates", "Delete the duplicate files")
        left = [
            sum((self._home / path).exists() for path in group) == 1
            for group in self._key["duplicates"]
        ]
        self._back(gone)
        yield from self._figures(
            "remove duplicates", gone, {"groups with one left": (sum(left), len(left))}
        )

    def tidy(self) -> Iterator[Figure]:
        """Sort Downloads by kind, month and year."""
        for by, field in (("kind", "suffix"), ("month", "month"), ("year", "year")):
            done = self._ask(f"tidy by {by}", f"Sort my Downloads folder by {by}")
            moved = self._moves(done)
            self._back(done)
            held = {
                path: one
                for path, one in self._key["tidy"].items()
                if path.startswith("Downloads/") and path.count("/") == 1
            }
            right = sum(
                one[field] in str(Path(moved.get(path, "")).parent) for path, one in held.items()
            )
            if by == "kind":  # folders have names of their own: one for each suffix is right
                homes = {
                    (one["suffix"], str(Path(moved[path]).parent))
                    for path, one in held.items()
                    if path in moved
                }
                clean = len({suffix for suffix, _ in homes}) == len(homes)
                right = len([path for path in held if path in moved]) if clean else 0
            yield from self._figures(f"tidy by {by}", done, {"in place": (right, len(held))})

    def classify(self) -> Iterator[Figure]:
        """Sort every classified document by what it is; the rarer kinds are `other`."""
        laid = self.lay_flat()
        documents = self._key["classify"]["documents"]
        common = Counter(kind for kind in documents.values() if kind not in FORMATS)
        options = [kind for kind, _ in common.most_common(KINDS - 1)]
        text = f"Sort the files in All into {', '.join(options)} and other"
        done = self._ask("classify", text, self._flat)
        moved = self._moves(done)
        self._back(done)
        wanted = {
            new: documents[old] if documents[old] in options else "other"
            for new, old in laid.items()
        }
        right = sum(
            folded(Path(moved.get(new, "")).parent.name) == kind for new, kind in wanted.items()
        )
        yield from self._figures("classify", done, {"in the right folder": (right, len(laid))})

    def rename(self) -> Iterator[Figure]:
        """Rename every classified document by what it says."""
        laid = self.lay_flat()
        done = self._ask("rename", "Rename the files in All by what they contain", self._flat)
        moved = {laid[old]: Path(new).name for old, new in self._moves(done).items() if old in laid}
        self._back(done)
        known = {path: one for path, one in self._key["rename"].items() if path in laid.values()}
        yield from self._figures("rename", done, scores.names(moved, known))

    def file_away(self) -> Iterator[Figure]:
        """File the invoices of one month."""
        done = self._ask("file invoices", "File the invoices from October 2026")
        moved = self._moves(done)
        self._back(done)
        wanted = {o["path"] for o in self._key["invoices"] if o["date"].startswith("2026-10")}
        yield from self._figures("file October's invoices", done, scores.chosen(moved, wanted))

    def reply(self) -> Iterator[Figure]:
        """Draft one reply: it is written, addressed and nothing is sent."""
        done = self._ask("reply", 'Draft a reply to "Mail/Inbox/Re_ Heating.eml" to say thank you')
        self._back(done)
        right = done.state == "done" and "krahl" in folded(done.answer)
        yield from self._figures("draft a reply", done, {"addressed": (int(right), 1)})

    def unpaid(self) -> Iterator[Figure]:
        """Ask which invoices are unpaid."""
        done = self._ask("unpaid", "Which invoices are unpaid?")
        said = {row[-1]: "unpaid" for row in (*done.rows(), *done.rows("No total found"))}
        said |= {row[-1]: "paid" for row in done.rows("Paid,")}
        said |= {copy: said[kept] for copy, kept in done.copies().items() if kept in said}
        means = {"yes": "paid", "no": "unpaid"}
        held = [one for one in self._key["invoices"] if one["paid"] in means]
        right = sum(said.get(one["path"]) == means[one["paid"]] for one in held)
        wrong = sum(said.get(one["path"]) == "paid" for one in held if one["paid"] == "no")
        count = sum(one["paid"] == "no" for one in held)
        yield from self._figures(
            "unpaid",
            done,
            {
                "paid or unpaid": (right, len(held)),
                "unpaid called paid (fewer is better)": (wrong, count),
            },
        )

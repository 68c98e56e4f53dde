"""The sample home is what its code writes, and its answer key is true of it.

It tests no part of the product; parts that are measured on the sample rely on these tests.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections import Counter, defaultdict
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "samples"
HOME = SAMPLES / "home"
PICTURES = {".jpg", ".png"}


def _opening() -> Any:
    spec = importlib.util.spec_from_file_location(
        "sample_opening", Path(__file__).with_name("opening.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


opening = _opening()


@pytest.fixture(scope="module")
def key() -> dict[str, Any]:
    made: dict[str, Any] = json.loads((SAMPLES / "answers.json").read_text("utf-8"))
    return made


@pytest.fixture(scope="module")
def texts(key: dict[str, Any]) -> dict[str, str]:
    names = [p.relative_to(HOME).as_posix() for p in HOME.rglob("*") if p.is_file()]
    return {name: opening.text_of(HOME / name) for name in names if name not in key["unreadable"]}


def _sample(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], capture_output=True, text=True, check=False, cwd=ROOT
    )


def test_the_committed_home_is_byte_for_byte_what_the_script_writes() -> None:
    done = _sample("scripts/sample", "--check")
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_changed_byte_is_found(tmp_path: Path) -> None:
    for part in ("scripts", "samples"):
        subprocess.run(["cp", "-r", ROOT / part, tmp_path], check=True)  # noqa: S607 - cp is on every system
    (tmp_path / "samples/home/Notes/workshop.md").write_text("changed", "utf-8")
    done = _sample(str(tmp_path / "scripts/sample"), "--check")
    assert done.returncode == 1
    assert "Notes/workshop.md" in done.stdout


def test_laying_the_home_needs_the_standard_library_alone_and_sets_the_dates(
    tmp_path: Path,
) -> None:
    # -I -S: no site packages at all
    done = _sample("-I", "-S", "scripts/sample", "--lay", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    times = json.loads((SAMPLES / "mtimes.json").read_text("utf-8"))
    laid = {
        p.relative_to(tmp_path / "out").as_posix(): p.stat().st_mtime
        for p in (tmp_path / "out").rglob("*")
        if p.is_file()
    }
    assert laid == times
    assert all((tmp_path / "out" / n).read_bytes() == (HOME / n).read_bytes() for n in times)


def test_laying_over_something_is_refused(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("mine", "utf-8")
    done = _sample("scripts/sample", "--lay", str(out))
    assert done.returncode == 1
    assert "not empty" in done.stderr
    assert [path.name for path in out.iterdir()] == ["mine.txt"]


def test_the_home_has_the_size_of_a_real_one(key: dict[str, Any]) -> None:
    files = [p for p in HOME.rglob("*") if p.is_file()]
    assert len(files) == key["count"]
    assert 60 <= len(files) <= 80
    assert sum(p.stat().st_size for p in files) < 3_000_000
    assert len({i["vendor"] for i in key["invoices"]}) >= 7
    assert len({Path(i["path"]).suffix for i in key["invoices"]}) >= 6
    assert {i["currency"] for i in key["invoices"]} == {"EUR", "USD", "GBP"}
    assert {i["paid"] for i in key["invoices"]} == {"yes", "no", "unknown"}
    assert sum(not q["answers"] for q in key["questions"]) >= 5
    assert sum(bool(q["answers"]) for q in key["questions"]) >= 15


def test_every_path_of_the_key_is_a_file(key: dict[str, Any]) -> None:
    named = [i["path"] for i in key["invoices"]]
    named += [p["path"] for p in key["promises"]]
    named += [q["path"] for q in key["questions"] if q["answers"]]
    named += [s["path"] for s in key["summaries"]]
    named += [path for topic in key["find"] for path in topic["paths"]]
    named += [path for group in key["duplicates"] for path in group]
    named += [*key["tidy"], *key["rename"], *key["classify"]["documents"], *key["unreadable"]]
    named += [*key["select"]["are"], *key["select"]["mention"], key["injection"]["path"]]
    assert [path for path in named if not (HOME / path).is_file()] == []


def test_every_invoice_says_what_the_key_says(key: dict[str, Any], texts: dict[str, str]) -> None:
    missing = [
        (invoice["path"], field, invoice[field])
        for invoice in key["invoices"]
        for field in ("number", *(name for name in invoice if name.endswith("_written")))
        if opening.one_line(invoice[field]) not in texts[invoice["path"]]
    ]
    assert missing == []


def test_every_quote_fact_and_canary_is_there(key: dict[str, Any], texts: dict[str, str]) -> None:
    wanted = [(p["path"], p["quote"]) for p in key["promises"]]
    wanted += [(q["path"], q["quote"]) for q in key["questions"] if q["answers"]]
    wanted += [(s["path"], fact) for s in key["summaries"] for fact in s["facts"]]
    wanted += [(key["injection"]["path"], mark) for mark in key["injection"]["canaries"]]
    assert [(path, text) for path, text in wanted if text not in texts[path]] == []


def test_every_answer_lies_in_its_quote(key: dict[str, Any]) -> None:
    assert [
        q["question"] for q in key["questions"] for a in q["answers"] if a not in q["quote"]
    ] == []


def test_the_canaries_are_nowhere_else(key: dict[str, Any], texts: dict[str, str]) -> None:
    place = key["injection"]["path"]
    for mark in key["injection"]["canaries"]:
        assert [path for path, text in texts.items() if mark in text and path != place] == []


def test_the_totals_are_the_sums_of_the_invoices(key: dict[str, Any]) -> None:
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    cents: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for invoice in key["invoices"]:
        names = ["all_with_copies"]
        if "same_as" not in invoice:
            names.append("all")
            if invoice["date"].startswith("2026-10"):
                names.append("2026-10")
        for name in names:
            sums[name]["count"] += 1
            cents[name][invoice["currency"]] += Decimal(invoice["total"])
    for name in ("all", "all_with_copies", "2026-10"):
        expected = {"count": sums[name]["count"], **{c: str(v) for c, v in cents[name].items()}}
        assert key["invoice_totals"][name] == expected


def test_invoices_and_mentions_do_not_overlap_and_mentions_do_speak_of_invoices(
    key: dict[str, Any], texts: dict[str, str]
) -> None:
    assert not set(key["select"]["are"]) & set(key["select"]["mention"])
    silent = [p for p in key["select"]["mention"] if "invoice" not in texts[p].lower()]
    assert silent == []
    others = set(texts) - set(key["select"]["are"]) - set(key["select"]["mention"])
    assert [p for p in sorted(others) if "invoice" in texts[p].lower()] == []


def test_the_duplicates_are_exactly_the_files_with_equal_bytes(key: dict[str, Any]) -> None:
    same: dict[str, set[str]] = defaultdict(set)
    for path in HOME.rglob("*"):
        if path.is_file() and path.stat().st_size:
            digest = sha256(path.read_bytes()).hexdigest()
            same[digest].add(path.relative_to(HOME).as_posix())
    groups = {frozenset(paths) for paths in same.values() if len(paths) > 1}
    assert groups == {frozenset(group) for group in key["duplicates"]}
    assert len(groups) >= 3


def test_what_the_key_calls_unreadable_gives_no_text(key: dict[str, Any]) -> None:
    for name in key["unreadable"]:
        path = HOME / name
        if path.suffix in PICTURES:
            continue
        try:
            text = opening.text_of(path)
        except Exception as error:
            assert "PDF" in type(error).__name__ or "Pdfium" in type(error).__name__, name
        else:
            assert text == "", name


def test_every_readable_document_has_text(texts: dict[str, str]) -> None:
    assert [path for path, text in texts.items() if len(text) < 20] == []


def test_every_date_of_the_key_is_a_day_not_after_the_year_of_the_sample(
    key: dict[str, Any],
) -> None:
    days = [i["date"] for i in key["invoices"]] + [p["by"] for p in key["promises"]]
    assert max(map(date.fromisoformat, days)).year == 2026
    assert max(i["date"] for i in key["invoices"]) <= key["today"]

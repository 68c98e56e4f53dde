"""`doorward policy judge|explain|what-if`: judging from outside, without a daemon."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest
from doorward.daemon.commands.main import main
from doorward.daemon.keys import FileStore
from doorward.daemon.objectives.codec import request_to
from doorward.daemon.replay import differences, recorded
from doorward.daemon.store import connect
from doorward.daemon.values.vault import Seal, derive
from doorward.policies.document import parse
from doorward.policies.exchange import request_of

STRICTER = 'version = 1\n[[rule]]\nid = "no"\nverdict = "deny"\neffect = "read"\n'
READ = {"effect": "read", "tool": "files.read", "resource": "/srv/a.txt"}


@pytest.fixture(name="state")
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    state = tmp_path / "state"
    state.mkdir(mode=0o700)
    (state / "config.toml").write_text('key = "file"\n', encoding="utf-8")
    monkeypatch.setenv("DOORWARD_HOME", str(state))
    return state


def typed(monkeypatch: pytest.MonkeyPatch, *lines: str) -> None:
    stream = io.BytesIO("\n".join(lines).encode())
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(stream))


def test_each_line_is_judged_and_a_wrong_one_is_an_error_of_its_own(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    other = state / "other.toml"
    other.write_text(STRICTER, encoding="utf-8")
    deep = '{"effect": "read", "label": ' + "[" * 100_000
    typed(monkeypatch, json.dumps(READ), "", '{"effect": "raed"}', deep, json.dumps(READ))
    assert main(["policy", "judge", "--policy", str(other)]) == 2
    first, wrong, nested, last = map(json.loads, capsys.readouterr().out.splitlines())
    assert (first["decision"], first["rule"], first["line"]) == ("deny", "no", 2)
    assert 'did you mean "read"?' in wrong["error"]
    assert nested["error"]
    assert last == first


def test_judging_under_an_invalid_policy_says_so(
    state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = state / "wrong.toml"
    wrong.write_text("version = 2\n", encoding="utf-8")
    typed(monkeypatch, json.dumps(READ))
    assert main(["policy", "judge", "--policy", str(wrong)]) == 9
    assert "line 1, column 11" in capsys.readouterr().err
    assert main(["policy", "judge", "--policy", str(state / "none.toml")]) == 2


def test_explain_takes_flags_or_json(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call = ["--effect", "egress", "--tool", "mcp.git.log", "--to", "connector:git"]
    assert main(["policy", "explain", *call, "--asked", "--arg", "target=novel"]) == 0
    said = capsys.readouterr().out
    assert said.startswith("ASK by ask-before-connectors")
    assert 'allow "look-up-what-i-asked" (line 40); it lacks arguments\n' in said
    assert main(["policy", "explain", "--json", "--request", json.dumps(READ)]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["decision"], found["applied"]) == ("ask", [])
    assert {"rule": "read-what-i-named", "lacks": ["named"]} in found["near"]
    assert main(["policy", "explain", "--effect", "raed"]) == 2
    assert 'did you mean "read"?' in capsys.readouterr().err


def test_what_if_replays_a_file(state: Path, capsys: pytest.CaptureFixture[str]) -> None:
    new, past = state / "new.toml", state / "past.jsonl"
    new.write_text(STRICTER, encoding="utf-8")
    write = {"effect": "write", "tool": "files.write", "resource": "/srv/b"}
    lines = [json.dumps(each) for each in (READ, READ, write)]
    past.write_text("\n".join(lines), encoding="utf-8")
    assert main(["policy", "what-if", str(past), "--policy", str(new)]) == 0
    said = capsys.readouterr().out
    assert "2× files.read read" in said
    assert "now  ask by defaults.read" in said
    assert "then deny by no" in said
    assert "3 requests, 2 would come out otherwise." in said
    assert main(["policy", "what-if", str(past), "--policy", str(new), "--json"]) == 0
    (line,) = map(json.loads, capsys.readouterr().out.splitlines())
    assert (line["count"], line["after"]["rule"]) == (2, "no")
    past.write_text("{}", encoding="utf-8")
    assert main(["policy", "what-if", str(past), "--policy", str(new)]) == 2
    assert main(["policy", "what-if", str(past)]) == 2


def test_what_if_replays_what_the_receipts_keep(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = state / "new.toml"
    new.write_text(STRICTER, encoding="utf-8")
    assert main(["policy", "what-if", "--policy", str(new)]) == 2
    seal = Seal(derive(FileStore(state / "master.key").key(), "vault"))
    details = {"requests": [request_to(request_of(READ, None))]}
    connection = connect(state / "daemon.db")
    connection.execute(
        "CREATE TABLE IF NOT EXISTS receipt (n INTEGER, objective TEXT, sealed BLOB)"
    )
    for n, held in enumerate((details, {"resources": []})):
        sealed = seal.close(json.dumps(held).encode(), f"receipt/{n}")
        connection.execute(
            "INSERT INTO receipt (n, objective, sealed) VALUES (?, 'o', ?)", (n, sealed)
        )
    connection.close()
    capsys.readouterr()
    assert main(["policy", "what-if", "--policy", str(new)]) == 0
    assert "1 requests, 1 would come out otherwise." in capsys.readouterr().out
    assert [one.effect for one in recorded(state / "daemon.db", seal)] == ["read"]


def test_requests_that_come_out_alike_are_no_difference() -> None:
    same = parse(STRICTER, home="/home/x")
    assert differences([request_of(READ, same)] * 3, same, same) == (3, [])

"""`doorward models`, as somebody types it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from doorward.daemon.commands import main as command
from doorward.daemon.models.chosen import DEFAULT_EMBEDDER, DEFAULT_READER, FILE

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DOORWARD_HOME", str(tmp_path / "state"))
    made = tmp_path / "state" / "models"
    made.mkdir(parents=True)
    return made


def do(capsys: Capture, *arguments: str) -> tuple[int, str, str]:
    code = command.main(["models", *arguments])
    caught = capsys.readouterr()
    return code, caught.out, caught.err


def test_the_list_says_what_is_known_here_and_in_use(folder: Path, capsys: Capture) -> None:
    _, out, _ = do(capsys, "list")
    assert "No model is here yet: doorward models get" in out
    (folder / "mine\x1b[2J.gguf").write_bytes(b"GGUF")
    (folder / DEFAULT_READER).write_bytes(b"GGUF")
    _, out, _ = do(capsys, "list")
    rows = {line.split()[0]: line for line in out.splitlines() if line.strip()}
    assert "in use" in rows[DEFAULT_READER]
    assert "Apache-2.0" in rows[DEFAULT_EMBEDDER]
    assert "trusted on first use" in rows["Qwen3-4B-Instruct-2507-4bit"]
    assert "\x1b" not in out
    assert "The largest known reader that fits here is" in out
    assert "To fetch it: doorward models get " in out
    _, out, _ = do(capsys, "list", "--json")
    held = {each["name"]: each for each in json.loads(out)}
    assert held[DEFAULT_READER]["used"] == ["reader"]
    assert held["mine\x1b[2J.gguf"]["source"] == "your own"


def test_a_model_is_taken_into_use_and_removed(folder: Path, capsys: Capture) -> None:
    (folder / "mine.gguf").write_bytes(b"GGUF")
    code, out, _ = do(capsys, "use", "reader", "mine")
    assert (code, out) == (0, "mine.gguf is the reader from the next request on.\n")
    assert json.loads((folder / FILE).read_text(encoding="utf-8")) == {"reader": "mine.gguf"}
    code, out, _ = do(capsys, "remove", "mine")
    assert (code, out) == (0, "Removed mine.gguf; it was the reader.\n")
    assert not (folder / "mine.gguf").exists()
    code, out, _ = do(capsys, "use", "draft", "none", "--json")
    assert json.loads(out) == {"role": "draft", "name": None}


def test_with_no_choice_the_shipped_model_is_used_again(folder: Path, capsys: Capture) -> None:
    (folder / "mine.gguf").write_bytes(b"GGUF")
    do(capsys, "use", "reader", "mine")
    _, out, _ = do(capsys, "use", "reader", "none")
    assert out == f"The reader is {DEFAULT_READER} again.\n"
    assert do(capsys, "use", "draft", "none")[1] == "There is no draft any more.\n"


def test_a_part_of_a_name_means_the_model_that_is_here(folder: Path, capsys: Capture) -> None:
    (folder / "Qwen3-mine.gguf").write_bytes(b"GGUF")
    _, out, _ = do(capsys, "use", "reader", "Qwen3")
    assert out == "Qwen3-mine.gguf is the reader from the next request on.\n"
    (folder / "Qwen3-other.gguf").write_bytes(b"GGUF")
    code, _, err = do(capsys, "use", "reader", "Qwen3")
    assert code == 2
    assert "could be several models" in err


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["use", "king", "mine"], "there are reader, embedder, planner, draft, adapter"),
        (["use", "reader"], "doorward models use ROLE NAME"),
        (["remove"], "doorward models remove NAME"),
        (["list", "mine"], "is not typed like this; doorward models list"),
        (["use", "reader", "Qwen4"], "there is no model Qwen4; Qwen"),
        (["get", "nothing-like-it"], "there is no model nothing-like-it"),
        (["remove", "mine"], "there is no model mine"),
        (["test", "Qwen3-4B"], "there is no model Qwen3-4B"),
    ],
)
def test_a_mistake_is_said_with_what_to_do(
    folder: Path, capsys: Capture, typed: list[str], said: str
) -> None:
    code, _, err = do(capsys, *typed)
    assert code == 2
    assert said in err


def test_a_damaged_choice_is_said_and_not_a_traceback(folder: Path, capsys: Capture) -> None:
    (folder / FILE).write_text("{", encoding="utf-8")
    code, _, err = do(capsys, "list")
    assert code == 1
    assert "remove it, then `doorward models use` again" in err


def test_the_doctor_says_when_a_model_is_damaged(folder: Path, capsys: Capture) -> None:
    (folder / DEFAULT_READER).write_bytes(b"GGUF")
    assert command.main(["doctor", "--offline", "--json"]) == 1
    pings = {each["part"]: each for each in json.loads(capsys.readouterr().out)}
    assert not pings["models"]["well"]
    assert "missing or damaged" in pings["models"]["said"]


def test_the_doctor_says_how_to_get_a_first_model(folder: Path, capsys: Capture) -> None:
    assert command.main(["doctor", "--offline", "--json"]) == 0
    pings = {each["part"]: each for each in json.loads(capsys.readouterr().out)}
    assert pings["models"]["said"] == "none yet: doorward models get"


@pytest.mark.reader
def test_the_real_model_passes_its_own_test_and_a_damaged_one_does_not(
    models: Path, folder: Path, capsys: Capture
) -> None:
    shutil.copy(models / DEFAULT_READER, folder)
    code, out, _ = do(capsys, "test", "--json")
    tried = {each["part"]: each for each in json.loads(out)}
    assert code == 0
    assert {"write", "form", "find", "compare", "confined"} <= tried.keys()
    assert "Paris" in tried["write"]["said"]
    with (folder / DEFAULT_READER).open("r+b") as file:
        file.seek(5_000_000)
        file.write(b"damaged")
    code, out, _ = do(capsys, "test")
    assert code == 1
    assert out.startswith("FAILS files")
    assert "doorward models remove" in out


@pytest.mark.reader
def test_a_folder_without_weights_is_said_to_be_unusable(
    models: Path, folder: Path, capsys: Capture
) -> None:
    made = folder / "mine"
    made.mkdir()
    (made / "config.json").write_text('{"model_type": "llama"}', encoding="utf-8")
    code, out, _ = do(capsys, "test", "mine")
    assert code == 1
    assert "cannot load mine: it has no model*.safetensors" in out

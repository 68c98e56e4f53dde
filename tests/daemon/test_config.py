from __future__ import annotations

from pathlib import Path

import pytest
from doorward.daemon.config import MAX_SOCKET_PATH, load
from doorward.daemon.errors import Misused


def settings(tmp_path: Path, text: str | bytes) -> dict[str, str]:
    path = tmp_path / "config.toml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return {"HOME": "/home/anna", "DOORWARD_HOME": str(tmp_path)}


def test_without_a_file_the_private_defaults_hold(tmp_path: Path) -> None:
    config = load({"HOME": "/home/anna", "DOORWARD_HOME": str(tmp_path)})
    assert (config.key, config.home, config.state) == ("keyring", Path("/home/anna"), tmp_path)


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    config = load(settings(tmp_path, 'key = "file"\ncard_timeout = 60\nhome_idle = 0.5\n'))
    assert (config.key, config.card_timeout, config.home_idle) == ("file", 60.0, 0.5)


def test_without_a_folder_of_its_own_it_lives_in_the_home() -> None:
    config = load({"HOME": "/home/anna"})
    assert config.state.is_relative_to("/home/anna")
    everything = [config.socket, config.policy, config.models, config.store, config.ledger]
    everything += [config.orchestrator_socket, config.orchestrator_store]
    assert all(path.is_relative_to(config.state) for path in everything)
    assert len(set(everything)) == len(everything)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nonsense", "cannot read"),
        (b"\xff\xfe", "cannot read"),
        ("color = 1", "unknown setting 'color'"),
        ('state = "/tmp"', "unknown setting 'state'"),
        ('key = "plain"', "key must be one of keyring, file, not 'plain'"),
        ("key = 1", "key must be one of"),
        ("cards_an_hour = 0", "cards_an_hour must be a whole number from 1 to 1000, not 0"),
        ("cards_an_objective = true", "cards_an_objective must be a whole number"),
        ("card_timeout = -1", "card_timeout must be a number of seconds, not -1"),
        ('card_timeout = "1"', "card_timeout must be a number of seconds"),
        ("card_timeout = true", "card_timeout must be a number of seconds"),
        ("card_timeout = nan", "card_timeout must be a number of seconds"),
        ("card_timeout = inf", "card_timeout must be a number of seconds"),
        ("home_idle = [1]", "home_idle must be a number of seconds"),
        ("reader_idle = -0.5", "reader_idle must be a number of seconds"),
    ],
)
def test_a_wrong_setting_is_a_sentence_with_a_next_step(
    tmp_path: Path, text: str | bytes, said: str
) -> None:
    with pytest.raises(Misused, match=said) as caught:
        load(settings(tmp_path, text))
    assert caught.value.__notes__ == ["hint: mend or remove config.toml in the state folder"]


def test_a_folder_in_the_place_of_the_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "config.toml").mkdir()
    with pytest.raises(Misused, match="cannot read"):
        load({"HOME": "/home/anna", "DOORWARD_HOME": str(tmp_path)})


def test_a_path_too_long_for_a_socket_is_said() -> None:
    name = "/" + "ä" * (MAX_SOCKET_PATH // 2)
    with pytest.raises(Misused, match="too long for a socket") as caught:
        load({"HOME": "/home/anna", "DOORWARD_HOME": name})
    assert "DOORWARD_HOME" in caught.value.__notes__[0]


def test_another_model_is_named_by_its_file(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('reader_model = "Bigger.Q8_0.gguf"\n', encoding="utf-8")
    assert load({"HOME": "/home/anna", "DOORWARD_HOME": str(tmp_path)}).reader_model == (
        "Bigger.Q8_0.gguf"
    )


@pytest.mark.parametrize("name", ["../x.gguf", ".hidden", ""])
def test_a_model_that_is_no_file_of_the_models_folder_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "config.toml").write_text(f'reader_model = "{name}"\n', encoding="utf-8")
    with pytest.raises(Misused, match="models folder"):
        load({"HOME": "/home/anna", "DOORWARD_HOME": str(tmp_path)})

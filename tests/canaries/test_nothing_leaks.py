"""A small home of canaries, a real daemon, every way out listened to: 0 where the label says so.

`scripts/canaries` does the same with 500 files and 200 objectives, under more policies.
"""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path
from types import SimpleNamespace

import pytest
from doorward.policies.document import parse

from tests.canaries import wording
from tests.canaries.planting import FOLDERS, Canary, Planter, examples
from tests.canaries.policies import POLICIES, allowed
from tests.canaries.rounds import Rounds, Told, objectives
from tests.canaries.searching import Search
from tests.canaries.tapped import Relay

MODELS = Path(os.environ.get("DOORWARD_MODELS", Path(__file__).parents[2] / ".cache" / "models"))
pytestmark = pytest.mark.timeout(120)


def run(place: Path, policy: str, count: int) -> Told:
    return Rounds(place, MODELS, policy, files=60).run(count)


@pytest.mark.promise(1)
def test_what_a_label_holds_back_is_in_no_byte_that_leaves_and_what_it_releases_is(
    tmp_path: Path,
) -> None:
    told = run(tmp_path, "released", 20)
    assert told.leaks == []
    assert told.peers == frozenset()
    assert len(told.recipes) >= 15
    for label, count in told.labels.items():
        assert count.leaked == 0
        assert (count.out > 0) is (label in {"public", "work", "personal"}), label
        assert count.derived > 0, f"nothing of {label} was ever used: it proves nothing"
    for label in ("secret", "local_only"):
        assert told.labels[label].words[0] == told.labels[label].whole[0] == 0
    assert all(size > 0 for tap, (size, _) in told.heard.items() if "link" in tap)


@pytest.mark.promise(1)
def test_under_the_shipped_policy_no_canary_of_any_label_leaves(tmp_path: Path) -> None:
    told = run(tmp_path, "default", 6)
    assert told.leaks == []
    assert {count.may for count in told.labels.values()} == {0}
    assert sum(count.derived for count in told.labels.values()) > 10


def test_the_taps_are_not_deaf(tmp_path: Path) -> None:
    told = run(tmp_path, "everything", 6)
    assert told.labels["secret"].out > 5
    assert "as it is" in told.forms


def test_a_canary_stands_in_one_file_and_the_search_finds_it_there(tmp_path: Path) -> None:
    home = Planter(tmp_path).lay(70)
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) == home.files == 70
    search = Search(home.canaries)
    seen: dict[str, set[Path]] = {token: set() for token in home.canaries}
    for path in files:
        attributes = [os.getxattr(path, name) for name in os.listxattr(path)]
        for token in search.found(b"\n".join([path.read_bytes(), path.name.encode(), *attributes])):
            seen[token].add(path)
    assert {len(paths) for paths in seen.values()} == {1}
    for token, one in home.canaries.items():
        assert FOLDERS[one.label] in next(iter(seen[token])).parts


def test_the_policies_say_what_the_test_says_of_them() -> None:
    for text in POLICIES.values():
        if text:
            parse(text, home="/home/x")
    labels = {
        label for label in wording.LABELS if allowed("released", Canary("", label, "", "content"))
    }
    assert labels == {"public", "work", "personal"}
    assert not allowed("released", Canary("", "personal", "", "entity"))
    assert not allowed("default", Canary("", "public", "", "name"))


def test_each_recipe_is_asked_for_of_every_label_in_two_hundred_objectives() -> None:
    asked = objectives(200)
    assert len(asked) == 200
    assert {text for text, _ in asked} >= set(examples()[:192])
    for first in range(24):
        folders = {asked[at][1] for at in range(first, 192, 24)}
        assert folders == set(FOLDERS.values())


def test_the_relay_hands_on_what_it_keeps(tmp_path: Path) -> None:
    heard = SimpleNamespace(data=b"")
    far = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    far.bind(str(tmp_path / "far"))
    far.listen()
    relay = Relay(tmp_path / "near", tmp_path / "far")

    def answer() -> None:
        peer, _ = far.accept()
        with peer:
            heard.data = peer.recv(100)
            peer.sendall(b"and back")

    thread = threading.Thread(target=answer)
    thread.start()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as near:
        near.settimeout(5)
        near.connect(str(tmp_path / "near"))
        near.sendall(b"there")
        assert near.recv(100) == b"and back"
    thread.join(5)
    far.close()
    relay.close()
    assert (heard.data, bytes(relay.up), bytes(relay.down)) == (b"there", b"there", b"and back")

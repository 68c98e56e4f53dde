"""What every secret scanner promises, held over the scripted twin and the real library."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from doorward.daemon.values.secret_scanner import Kingfisher, ScriptedScanner, SecretScanner
from doorward.policies.detect.findings import Kind

TOKEN = "xoxb-123456789012-123456789012-abcdefGHIJKLmnopqrstuvwx"  # of nobody


class Timer:
    """Calls nothing until it is told that time has passed."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waiting: list[tuple[float, Callable[[], None]]] = []

    def clock(self) -> float:
        return self.now

    def later(self, seconds: float, call: Callable[[], None]) -> None:
        self.waiting.append((self.now + seconds, call))

    def advance(self, seconds: float) -> None:
        self.now += seconds
        due = [call for at, call in self.waiting if at <= self.now]
        self.waiting = [each for each in self.waiting if each[0] > self.now]
        for call in due:
            call()


@pytest.fixture
def rules() -> Path:
    """Return where compiled rules are kept between runs: compiling them takes ten seconds."""
    cache = Path(__file__).parents[2] / ".cache"
    cache.mkdir(exist_ok=True)
    return cache / "rules"


@pytest.fixture(params=["scripted", "kingfisher"])
def scanner(request: pytest.FixtureRequest, rules: Path) -> SecretScanner:
    if request.param == "scripted":
        return ScriptedScanner((TOKEN,))
    timer = Timer()
    return Kingfisher(rules, timer.clock, timer.later)


async def test_a_token_is_found_everywhere_it_stands(scanner: SecretScanner) -> None:
    text = f"grüße {TOKEN} and {TOKEN}."
    await scanner.ready(text)
    hits = scanner.found(text)
    assert [text[hit.start : hit.end] for hit in hits] == [TOKEN, TOKEN]
    assert {hit.kind for hit in hits} == {Kind.TOKEN}


@pytest.mark.parametrize(
    "text", ["", "nothing here", "commit 9fceb02d0ae598e95dc970b74767f19372d6"]
)
async def test_what_is_no_secret_is_not_found(scanner: SecretScanner, text: str) -> None:
    await scanner.ready(text)
    assert scanner.found(text) == []


async def test_it_is_loaded_when_needed_and_dropped_when_idle(rules: Path) -> None:
    timer = Timer()
    scanner = Kingfisher(rules, timer.clock, timer.later, idle=300)
    await scanner.ready("dinner on Tuesday?")
    assert not scanner.loaded
    await scanner.ready(TOKEN)
    assert scanner.loaded
    timer.advance(200)
    scanner.found(TOKEN)
    timer.advance(200)
    assert scanner.loaded
    timer.advance(100)
    assert not scanner.loaded
    assert timer.waiting == []


async def test_what_it_is_not_ready_for_is_taken_for_a_token_and_loads_nothing(
    rules: Path,
) -> None:
    timer = Timer()
    scanner = Kingfisher(rules, timer.clock, timer.later, idle=300)
    commit = "9fceb02d0ae598e95dc970b74767f19372d6"
    text = f"see {commit} for an uncharacteristically long word"
    assert [text[hit.start : hit.end] for hit in scanner.found(text)] == [commit]
    assert not scanner.loaded
    await scanner.ready(text)
    assert scanner.found(text) == []
    timer.advance(299)
    await scanner.ready(text)
    timer.advance(1)
    assert scanner.loaded

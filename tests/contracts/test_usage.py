"""How often rules have granted: the table of the daemon's database and its twin count alike."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from doorward.daemon.door.usage import Records, Usage, UsageMemory, UsageTable
from doorward.daemon.store import connect
from doorward.policies.limits import Limit, Window
from doorward.policies.rules import Policy, Rule
from doorward.policies.vocabulary import Decision, ObjectiveId

ONE, TWO = ObjectiveId("o-1"), ObjectiveId("o-2")
LIMITS = {"m": Window.MINUTE, "h": Window.HOUR, "d": Window.DAY, "o": Window.OBJECTIVE}
POLICY = Policy(
    rules=(
        *(
            Rule(id=name, decision=Decision.ALLOW, limit=Limit(9, window))
            for name, window in LIMITS.items()
        ),
        Rule(id="free", decision=Decision.ALLOW),
    )
)
START = 1_000_000.0


class Clock:
    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> float:
        return self.now


Make = Callable[[Callable[[], float]], Usage]


@pytest.fixture(name="made", params=["table", "memory"])
def _made(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Make]:
    """Make counters over the same records: each is a restart."""
    if request.param == "memory":
        memory: Records = UsageMemory()
        yield lambda clock: Usage(memory, clock)
        return
    with closing(connect(tmp_path / "daemon.db")) as connection:
        yield lambda clock: Usage(UsageTable(connection), clock)


def grant(usage: Usage, objective: ObjectiveId = ONE, *rules: str) -> None:
    usage.reserve(rules or LIMITS, objective)
    usage.keep(objective, POLICY)


def counts(usage: Usage, objective: ObjectiveId = ONE) -> dict[str, int]:
    return dict(usage.used(POLICY, objective))


def test_only_rules_with_a_limit_are_counted(made: Make) -> None:
    usage = made(Clock())
    assert counts(usage) == dict.fromkeys(LIMITS, 0)
    assert usage.used(None, ONE) == ()
    assert usage.used(Policy(), ONE) == ()


def test_each_grant_counts_for_as_long_as_its_window_and_no_longer(made: Make) -> None:
    clock = Clock()
    usage = made(clock)
    grant(usage)
    for passed, want in (
        (59, {"m": 1, "h": 1, "d": 1, "o": 1}),
        (60, {"m": 0, "h": 1, "d": 1, "o": 1}),
        (3_600, {"m": 0, "h": 0, "d": 1, "o": 1}),
        (86_399, {"m": 0, "h": 0, "d": 1, "o": 1}),
        (86_400, {"m": 0, "h": 0, "d": 0, "o": 1}),
        (900_000, {"m": 0, "h": 0, "d": 0, "o": 1}),
    ):
        clock.now = START + passed
        assert counts(usage) == want, passed
        assert counts(usage, TWO) == {**want, "o": 0}, passed


def test_what_is_reserved_counts_at_once_and_not_when_it_is_given_back(made: Make) -> None:
    usage = made(Clock())
    usage.reserve(["d", "o"], ONE)
    usage.reserve(["d"], ONE)
    assert counts(usage) == {"m": 0, "h": 0, "d": 2, "o": 1}
    assert counts(usage, TWO) == {"m": 0, "h": 0, "d": 2, "o": 0}
    usage.give_back(ONE)
    usage.keep(ONE, POLICY)
    assert counts(usage) == dict.fromkeys(LIMITS, 0)


def test_a_restart_gives_nothing_back(made: Make) -> None:
    clock = Clock()
    grant(made(clock))
    assert counts(made(clock)) == dict.fromkeys(LIMITS, 1)


def test_a_clock_that_is_set_back_gives_nothing_back(made: Make) -> None:
    clock = Clock()
    usage = made(clock)
    grant(usage)
    clock.now = START - 500_000
    grant(usage)
    assert counts(usage) == dict.fromkeys(LIMITS, 2)
    assert counts(made(clock)) == dict.fromkeys(LIMITS, 2)
    clock.now = START + 61
    assert counts(usage)["m"] == 0


def test_what_is_older_than_a_day_is_forgotten_but_for_whole_objectives(made: Make) -> None:
    clock = Clock()
    usage = made(clock)
    grant(usage)
    clock.now += 90_000
    grant(usage, TWO, "h")
    longer = Policy(
        rules=tuple(
            Rule(id=name, decision=Decision.ALLOW, limit=Limit(9, Window.OBJECTIVE))
            for name in LIMITS
        )
    )
    assert dict(usage.used(longer, ONE)) == {"m": 0, "h": 0, "d": 0, "o": 1}

"""A hostile orchestrator gets nothing that has a label, does nothing without a yes, costs little.

Attacks 34 to 37, and what else its author could think of after reading the code. Timing is no part
of it: how long a step took, or a user over a card, tells something that is not counted.
"""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
import pytest_asyncio
from doorward.policies.bits import ENDS, PER_OBJECTIVE

from tests.hostile.ground import Evil, canary, forms, found_in, hostile, lay
from tests.hostile.play import Came, Ground
from tests.hostile.strategies import about_plans, strategies

GROWTH = 64 * 1024
"""Kilobytes by which the daemon may grow."""
STATE = 8_000_000
"""Bytes that a strategy may leave on the disk."""
HEAVY = {"swelling", "large", "filling", "deaf", "flood", "short"}
"""Long ones: in the slow suite at full size, here at a tenth or not at all."""


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def evil(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Evil]:
    async with hostile(tmp_path_factory.mktemp("evil") / "e") as process:
        yield process


@pytest.fixture
def ground(tmp_path: Path, evil: Evil) -> Ground:
    home = tmp_path / "home" / "anna"
    home.mkdir(parents=True)
    return Ground(tmp_path, evil, home, lay(home))


def holds(came: Came) -> None:
    """Hold what came of a strategy against what may."""
    assert came.searched > 0
    assert came.canaries == ()
    assert came.effects == ()
    assert came.peak < GROWTH, f"{came.peak} kB"
    assert came.disk < STATE, f"{came.disk} bytes"
    assert all(bits <= PER_OBJECTIVE + ENDS for bits in came.bits)
    for text in came.cards:
        assert text.isprintable(), ascii(text)
        assert not any(unicodedata.category(letter).startswith("C") for letter in text)
        assert "Press y" not in text
    for observed in came.observed:
        assert len(observed.reason) < 200


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", sorted(strategies().keys() - HEAVY))
async def test_it_gets_nothing_and_does_nothing(ground: Ground, name: str) -> None:
    came = await ground.play(name)
    holds(came)
    if about_plans(strategies()[name]):
        assert all(end.partition(":")[0] in {"done", "failed"} for end in came.ends), came.ends


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("name", sorted(HEAVY))
async def test_a_flood_is_stopped_before_it_costs_much(ground: Ground, name: str) -> None:
    ground.scale = 10
    holds(await ground.play(name))


LAX = """
version = 1
labels = { order = ["public", "work", "personal", "secret"] }
[defaults]
read = "allow"
write = "ask"
destroy = "ask"
egress = "deny"
spend = "deny"
run = "deny"
tags = "personal"
trust = "untrusted"
[[rule]]
id = "all-to-home"
verdict = "allow"
effect = "egress"
to = "orchestrator:home"
release = "full"
"""


@pytest.mark.asyncio(loop_scope="module")
async def test_the_tap_finds_what_a_policy_lets_through(ground: Ground) -> None:
    ground.policy = LAX
    came = await ground.play("lengths")
    hidden = {canary("key", number, "text") for number in range(3)}  # not even listed
    assert set(came.canaries) == set(ground.canaries) - hidden


@pytest.mark.asyncio(loop_scope="module")
async def test_the_receipts_that_are_told_of_do_not_say_how_long_a_list_is(ground: Ground) -> None:
    """Beside each message goes how many receipts there are: alike ones must be one."""
    came = await ground.play("lengths")
    steps = [after - before for before, after in pairwise(came.heads)]
    assert max(steps) <= 3
    told = {each.content["items"] for each in came.observed if isinstance(each.content, dict)}
    assert len(told) > 1


@pytest.mark.asyncio(loop_scope="module")
async def test_noise_instead_of_a_protocol_ends_in_waiting(ground: Ground) -> None:
    ground.evil.garbage, ground.seconds = True, 0.5
    try:
        came = await ground.play("answers")
    finally:
        ground.evil.garbage = False
    assert came.link.startswith("cannot reach")
    assert (came.canaries, came.effects) == ((), ())


def test_a_canary_is_found_in_every_form() -> None:
    text = canary("personal", 1, "name")
    for form in forms(text):
        assert found_in(b"..." + form[3:-2].upper() + b"...", [text]) == [text], form
    assert found_in(b"x" * 5000 + text[:7].encode(), [text]) == []

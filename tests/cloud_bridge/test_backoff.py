"""Waits grow, stay under their limit, and start afresh after a healthy session."""

from __future__ import annotations

from doorward.cloud_bridge.device.backoff import FIRST, HEALTHY, LONGEST, Backoff
from hypothesis import given
from hypothesis import strategies as st


@given(st.integers(0, 10_000), st.floats(0, 1))
def test_a_wait_is_within_its_bounds(failures, chance):
    assert 0 <= Backoff(failures).wait(chance) <= LONGEST


def test_waits_double_from_first_to_longest():
    backoff, waits = Backoff(), []
    for _ in range(10):
        waits.append(backoff.wait(1.0))
        backoff = backoff.after(0.0)
    assert waits[0] == FIRST
    assert waits[1] == 2 * FIRST
    assert waits[-1] == LONGEST


def test_only_a_healthy_session_starts_afresh():
    assert Backoff(5).after(HEALTHY) == Backoff()
    assert Backoff(5).after(1.0) == Backoff(6)

from __future__ import annotations

from doorward.cloud_bridge.device.pace import AT_ONCE, PER_SECOND, Pace


def test_so_many_may_come_at_once_and_then_only_as_time_passes() -> None:
    pace = Pace(100.0)
    assert all(pace.allows(100.0) for _ in range(AT_ONCE))
    assert not pace.allows(100.0)
    assert [pace.allows(101.0) for _ in range(PER_SECOND + 1)] == [True] * PER_SECOND + [False]


def test_a_clock_that_goes_back_gives_nothing() -> None:
    pace = Pace(100.0)
    while pace.allows(100.0):
        pass
    assert not pace.allows(50.0)
    assert not pace.allows(50.0)

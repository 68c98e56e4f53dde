"""How memory is divided: pure arithmetic."""

from __future__ import annotations

import pytest
from doorward.daemon.reader.limits import GIB, MIB, UnfitError, check, limits, may_use
from hypothesis import given
from hypothesis import strategies as st

SMALL = 46_080
"""Bytes of the keys and values of one token of the default model."""


@given(
    machine=st.integers(2 * GIB, 512 * GIB),
    weights=st.integers(MIB, 64 * GIB),
    token=st.integers(1000, 500_000),
    context=st.integers(512, 131_072),
)
def test_all_uses_together_stay_below_half_of_the_machine(
    machine: int, weights: int, token: int, context: int
) -> None:
    try:
        shares = limits(machine, weights, token, context)
    except UnfitError:
        assert weights > may_use(machine) - 512 * MIB
        return
    together = weights + 2 * shares.keys + shares.kept + shares.spare
    assert together <= shares.whole == machine // 2
    assert shares.tokens <= context
    assert shares.tokens * token <= shares.keys
    assert shares.keys > 0


def test_the_default_model_has_its_whole_context_on_a_small_mac() -> None:
    assert limits(8 * GIB, 850 * MIB, SMALL, 8192).tokens == 8192


def test_a_model_that_cannot_fit_is_refused_with_the_numbers() -> None:
    with pytest.raises(UnfitError, match=r"needs at least 7\.3 GiB.*8\.0 GiB.*models list"):
        check(8 * GIB, 7 * GIB)

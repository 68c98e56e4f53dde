"""What the reader process answers is looked at before it is believed."""

from __future__ import annotations

import pytest
from doorward.daemon.models import answers
from doorward.policies.vocabulary import Data
from doorward.tools.reading.reader import ReaderFailed


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -float("inf"), 10**400, "1", None])
def test_what_is_no_number_is_none(odd: Data) -> None:
    with pytest.raises(ReaderFailed):
        answers.numbers([0.5, odd])
    with pytest.raises(ReaderFailed):
        answers.span("a text", [0, odd, 1])
    with pytest.raises(ReaderFailed):
        answers.written(["a text", "stop", odd, 1])

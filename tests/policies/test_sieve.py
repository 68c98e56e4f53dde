"""Many patterns at once: the same answers as one by one, also where RE2 cannot take them all."""

from __future__ import annotations

from dataclasses import replace

import pytest
import re2
from doorward.policies import patterns
from doorward.policies.judging import judge
from doorward.policies.patterns import Name, Patterns
from doorward.policies.rules import Policy, Rule
from doorward.policies.sieve import MEMORY, Sieve, picked
from doorward.policies.table import table_of
from doorward.policies.vocabulary import Decision, Effect
from hypothesis import given, settings
from hypothesis import strategies as st

from scripts.bench.drawn import drawing, policy, request
from tests.policies.reference import plain

GLOBS = ["~/**", "**/.SSH/**", "**/caf\u00e9", "/a{,b}", "**/*.k\u0130", "**/stra\u00dfe", "**/?"]
HELD = [patterns.paths([glob], "/h") for glob in GLOBS]
PARTS = [
    "h",
    "H",
    "a",
    "b",
    ".ssh",
    "cafe\u0301",
    "CAF\u00c9",
    "STRASSE",
    "\u00df",
    "x.KI\u0307",
    "e\u0301",
]
names_ = st.lists(st.sampled_from(PARTS), max_size=4).map(lambda parts: "/" + "/".join(parts))


def one_by_one(held: list[Patterns | None], name: Name) -> tuple[int, int]:
    matched = sum(1 << at for at, each in enumerate(held) if each is None or each.match(name))
    similar = sum(1 << at for at, each in enumerate(held) if each is None or each.resemble(name))
    return matched, similar


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.none() | st.sampled_from(HELD), max_size=9),
    st.lists(names_, min_size=1, max_size=4),
    st.integers(0, (1 << 9) - 1),
    st.sampled_from([MEMORY, 1]),
)
def test_many_patterns_say_together_what_each_says_alone(
    held: list[Patterns | None], texts: list[str], among: int, memory: int
) -> None:
    sieve, among = Sieve(held, memory), among & ((1 << len(held)) - 1)
    for name in map(Name.of_path, texts):
        matched, similar = one_by_one(held, name)
        assert sieve.match(name, among) == among & matched
        assert sieve.resemble(name, among) == among & similar


def test_a_set_that_runs_out_of_memory_is_not_taken_for_one_without_a_match(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sieve, name = Sieve([*HELD]), Name.of_path("/h/.ssh/id")
    before = sieve.match(name, 127), sieve.resemble(name, 127)
    monkeypatch.setattr(re2.Set, "Match", lambda *_: None)  # all that the library says of it
    assert before == (0b1, 0b11)
    assert (sieve.match(name, 127), sieve.resemble(name, 127)) == before


def test_a_set_that_works_always_matches_something() -> None:
    sieve = Sieve([*HELD])
    assert sieve.match(Name.of("nowhere"), 127) == 0
    assert sieve._exact._set is not None
    assert sieve._exact._set.Match(b"nowhere\n\x00") == [len(HELD)]


def test_a_set_too_great_for_its_memory_is_asked_one_by_one() -> None:
    sieve = Sieve([*HELD], memory=1)
    assert sieve.resemble(Name.of_path("/H/.SSH"), 127) == 0b11
    assert sieve._folded._set is None


def test_what_stands_at_positions_is_picked_in_order() -> None:
    assert picked("abcdef", 0b101001) == ["a", "d", "f"]
    assert picked("abcdef", 0) == []


def test_the_table_of_a_policy_is_made_once_and_for_it_alone() -> None:
    one = Policy(rules=(Rule(id="a", decision=Decision.DENY),))
    assert table_of(one) is table_of(one)
    other = replace(one, rules=())
    assert table_of(other).holding.rules == ()
    assert one == replace(one)


def test_judging_says_word_for_word_what_every_rule_put_to_every_request_says() -> None:
    draw = drawing(11)
    seen = set()
    for _ in range(40):
        held = policy(draw)
        for one in (request(draw) for _ in range(40)):
            verdict = judge(one, held)
            assert verdict == plain(one, held)
            seen.add((verdict.decision, verdict.rule.partition(".")[0][0], one.effect))
    assert len(seen) > 3 * len(Effect)

"""The label head: what it learns from a few vectors, and how sure it may say it is."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence

import numpy as np
import pytest
from doorward.daemon.reader.head import Head, fit
from hypothesis import given, settings
from hypothesis import strategies as st

Rows = list[list[float]]


def clouds(seed: int, sizes: Sequence[int], width: int = 48, spread: float = 1.0) -> Rows:
    """Return unit vectors around one centre for each size; centres stay, whatever the seed."""
    draw = np.random.default_rng(seed)
    centres = np.random.default_rng(1).normal(size=(len(sizes), width))
    rows = [
        centre + spread * draw.normal(size=width)
        for centre, size in zip(centres, sizes, strict=True)
        for _ in range(size)
    ]
    return [[float(each) for each in row / np.linalg.norm(row)] for row in rows]


def names(sizes: Sequence[int]) -> list[str]:
    return ["abcdefgh"[number] for number, size in enumerate(sizes) for _ in range(size)]


def best(head: Head, vector: Sequence[float]) -> tuple[str, float]:
    chances = head.weigh(vector)
    place = max(range(len(chances)), key=chances.__getitem__)
    return head.options[place], chances[place]


def test_it_tells_clouds_apart_that_it_has_not_seen() -> None:
    head = fit(clouds(2, [15] * 5), names([15] * 5))
    told = [best(head, row)[0] for row in clouds(3, [20] * 5)]
    right = sum(map(str.__eq__, told, names([20] * 5)))
    assert right >= 95
    assert head.foretold > 0.9


def test_its_chances_are_as_good_as_they_say() -> None:
    head = fit(clouds(2, [20] * 5, spread=2.4), names([20] * 5))
    told = [best(head, row) for row in clouds(3, [60] * 5, spread=2.4)]
    right = [option == name for (option, _), name in zip(told, names([60] * 5), strict=True)]
    assert abs(sum(right) / 300 - sum(chance for _, chance in told) / 300) < 0.08
    assert abs(head.foretold - sum(right) / 300) < 0.15
    sure = [ok for ok, (_, chance) in zip(right, told, strict=True) if chance > 0.8]
    doubtful = [ok for ok, (_, chance) in zip(right, told, strict=True) if chance < 0.5]
    assert sum(sure) / len(sure) > sum(doubtful) / len(doubtful) + 0.2


def test_of_noise_it_is_not_sure() -> None:
    draw = np.random.default_rng(5)
    noise = [[float(x) for x in row / np.linalg.norm(row)] for row in draw.normal(size=(80, 48))]
    head = fit(noise[:60], names([15] * 4))
    assert max(best(head, row)[1] for row in noise[60:]) < 0.5


@settings(max_examples=25, deadline=None)
@given(st.randoms(use_true_random=False), st.lists(st.integers(1, 6), min_size=1, max_size=4))
def test_the_order_of_examples_is_nothing(dice: random.Random, sizes: list[int]) -> None:
    rows, known = clouds(4, sizes, width=12), names(sizes)
    order = list(range(len(rows)))
    dice.shuffle(order)
    one = fit(rows, known)
    other = fit([rows[i] for i in order], [known[i] for i in order])
    assert one.options == other.options
    assert one.weigh(rows[0]) == pytest.approx(other.weigh(rows[0]), abs=1e-9)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(1, 8), min_size=1, max_size=5), st.integers(0, 9))
def test_chances_are_chances(sizes: list[int], seed: int) -> None:
    head = fit(clouds(seed, sizes, width=8), names(sizes))
    chances = head.weigh(clouds(seed + 1, sizes, width=8)[0])
    assert sum(chances) == pytest.approx(1.0)
    assert all(0 <= chance <= 1 for chance in chances)


def test_many_examples_of_one_option_do_not_drown_the_others() -> None:
    head = fit(clouds(2, [80, 4, 4]), names([80, 4, 4]))
    told = [best(head, row)[0] for row in clouds(3, [0, 20, 20])]
    assert sum(map(str.__eq__, told, names([0, 20, 20]))) >= 34


def test_another_example_just_like_a_text_never_makes_its_option_less_likely() -> None:
    rows, known = clouds(2, [6, 6, 6], spread=1.5), names([6, 6, 6])
    for text in clouds(7, [4, 4, 4], spread=1.5):
        head = fit(rows, known)
        before = head.weigh(text)[0] * 1.0
        after = fit([*rows, text, text], [*known, "a", "a"])
        assert after.weigh(text)[0] > before or before > 0.9


def test_one_option_is_certain_and_one_example_each_is_never_very_sure() -> None:
    assert fit(clouds(1, [3]), ["a"] * 3).weigh(clouds(2, [1])[0]) == [1.0]
    head = fit(clouds(1, [1, 1, 1]), ["a", "b", "c"])
    assert best(head, clouds(1, [1, 1, 1])[0])[0] == "a"
    assert best(head, clouds(1, [1, 1, 1])[0])[1] < 0.9
    assert head.foretold == 0.0


def test_without_examples_there_is_no_head() -> None:
    with pytest.raises(ValueError, match="an option for each"):
        fit([], [])
    with pytest.raises(ValueError, match="an option for each"):
        fit([[1.0, 0.0]], ["a", "b"])


def test_a_hundred_examples_are_learnt_in_a_blink() -> None:
    rows, known = clouds(2, [20] * 5, width=384), names([20] * 5)
    took = []
    for _ in range(5):
        begun = time.process_time()
        fit(rows, known)
        took.append(time.process_time() - begun)
    assert min(took) < 0.25  # 0.05 on a machine that does nothing else

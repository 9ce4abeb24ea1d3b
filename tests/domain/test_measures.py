"""Intervals of shares, steps, and what a threshold would have meant."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kyc.domain.measures import SURE_STEPS, Share, step
from kyc.domain.thresholds import Step, thresholds


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    # Newcombe 1998, table I: Wilson's score interval.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_the_interval_is_wilsons(part: int, whole: int, low: float, high: float) -> None:
    assert Share(part, whole).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 10_000), st.data())
def test_an_interval_holds_its_share_and_stays_within_bounds(whole: int, data: st.DataObject) -> None:
    share = Share(data.draw(st.integers(0, whole)), whole)
    low, high = share.interval
    assert share.value is not None
    assert 0 <= low <= share.value <= high <= 1 or share.value in {0, 1}


def test_nothing_counted_is_no_share_and_says_nothing() -> None:
    assert Share(0, 0).value is None
    assert Share(0, 0).interval == (0.0, 1.0)


@given(st.floats(-1, 2))
def test_a_value_lies_at_or_above_its_step(value: float) -> None:
    assert step(value, SURE_STEPS) <= max(value, SURE_STEPS[0])


def test_a_higher_threshold_never_lets_more_through() -> None:
    steps = {0.9: Step(clean=5, faulty=3, errors=4), 0.99: Step(clean=10, faulty=1, errors=1)}
    found = thresholds(steps, Step(clean=2))
    assert [f.at for f in found] == list(SURE_STEPS)
    assert all(
        a.reviewed.part <= b.reviewed.part and a.errors >= b.errors for a, b in itertools.pairwise(found)
    )
    at = {f.at: f for f in found}
    assert (at[0.9].reviewed, at[0.9].faulty, at[0.9].errors) == (Share(2, 21), Share(4, 19), 5)
    assert (at[0.95].reviewed, at[0.95].faulty) == (Share(10, 21), Share(1, 11))

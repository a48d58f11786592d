"""Whether confidence means what it says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.evaluation.calibration import BINS, calibration
from tests.fakes.judged import predictions


def test_without_predictions_there_is_nothing_to_say():
    assert calibration([]) is None


def test_by_hand():
    # 0.9: three of four right; 0.2: none of one
    result = calibration([*predictions("xxx-", 0.9), *predictions("-", 0.2)])
    assert result is not None
    assert result.brier == pytest.approx((3 * 0.01 + 0.81 + 0.04) / 5)
    assert result.expected_error == pytest.approx((4 * 0.15 + 1 * 0.2) / 5)
    low, high = result.bins
    assert (low.low, low.high, low.count, low.right) == (0.2, 0.3, 1, 0.0)
    assert (high.count, high.right) == (4, 0.75)
    assert high.mean_confidence == pytest.approx(0.9)


def test_complete_confidence_belongs_to_the_last_bin():
    result = calibration(predictions("x", 1.0))
    assert result is not None
    assert (result.bins[0].low, result.bins[0].high, result.brier) == (0.9, 1.0, 0.0)


@given(st.lists(st.tuples(st.floats(0, 1), st.sampled_from("x-")), min_size=1, max_size=40))
def test_all_are_counted_once_and_the_figures_are_shares(stated):
    every = [prediction for confidence, letter in stated for prediction in predictions(letter, confidence)]
    result = calibration(every)
    assert result is not None
    assert sum(each.count for each in result.bins) == len(stated)
    assert len(result.bins) <= BINS
    assert 0 <= result.brier <= 1
    assert 0 <= result.expected_error <= 1

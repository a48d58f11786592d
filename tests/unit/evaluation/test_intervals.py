"""The statistics, against values worked out by hand or printed in the literature."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.evaluation.intervals import (
    Interval,
    bootstrap_difference,
    bootstrap_share,
    holm,
    mcnemar,
    percentile,
    pooled,
    quadratic_kappa,
    share_at_least,
    wilson,
)


def test_wilsons_interval_of_81_of_263_is_the_one_printed_by_newcombe():
    # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3
    interval = wilson(81, 263)
    assert (interval.low, interval.high) == pytest.approx((0.2553, 0.3662), abs=5e-5)


@pytest.mark.parametrize(
    ("successes", "total", "low", "high"),
    [(15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718), (29, 29, 0.8830, 1.0)],
)
def test_wilsons_interval_holds_near_the_ends(successes, total, low, high):
    interval = wilson(successes, total)
    assert (interval.low, interval.high) == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_everything_is_possible():
    assert wilson(0, 0) == Interval(0.0, 1.0)


@given(st.integers(1, 3000).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_a_share_lies_in_its_interval_and_that_between_0_and_1(counts):
    successes, total = counts
    interval = wilson(successes, total)
    assert 0 <= interval.low <= successes / total <= interval.high <= 1


def test_documents_that_are_alike_leave_no_room():
    assert bootstrap_share([(1, 2)] * 5) == Interval(0.5, 0.5)


def test_the_bootstrap_draws_documents_not_findings():
    # Two documents with 100 findings each, all or none found: both may be drawn twice, a quarter of the time each.
    assert bootstrap_share([(100, 100), (0, 100)]) == Interval(0.0, 1.0)


def test_the_bootstrap_of_20_documents_comes_near_the_normal_interval():
    # Ten of twenty: 0.5 ± 1.96 × sqrt(0.25 / 20) = 0.28 … 0.72
    interval = bootstrap_share([(1, 1), (0, 1)] * 10)
    assert interval is not None
    assert (interval.low, interval.high) == pytest.approx((0.3, 0.7), abs=0.051)


def test_the_same_documents_give_the_same_interval():
    documents = [(1, 3), (2, 2), (0, 4)]
    assert bootstrap_share(documents) == bootstrap_share(documents)


def test_without_anything_counted_there_is_no_interval():
    assert bootstrap_share([]) is None
    assert bootstrap_share([(0, 0)]) is None
    assert bootstrap_difference([]) == []


def test_what_is_hard_for_both_cancels_out():
    pairs = [((1, 10), (2, 10)), ((9, 10), (10, 10)), ((5, 10), (6, 10))]
    assert bootstrap_difference(pairs) == pytest.approx([0.1] * 10_000)


def test_all_successes_are_divided_by_all_totals():
    assert pooled([(1, 1), (0, 3)]) == 0.25
    assert pooled([(0, 0)]) is None


def test_a_percentile_lies_between_its_neighbours():
    assert [percentile([1, 2, 3, 4], share) for share in (0, 0.5, 0.9, 1)] == pytest.approx([1, 2.5, 3.7, 4])
    assert percentile([7], 0.5) == 7


def test_a_resampled_share_counts_the_data_itself():
    assert share_at_least([-0.2, -0.1, 0.0], 0.0) == 2 / 4
    assert share_at_least([-1.0] * 99, 0.0) == 1 / 100


def test_mcnemars_exact_test():
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(3, 3) == 1.0
    assert mcnemar(0, 5) == pytest.approx(2 / 2**5)
    # 2 × (C(10,0) + C(10,1) + C(10,2)) / 1024
    assert mcnemar(8, 2) == mcnemar(2, 8) == pytest.approx(2 * (1 + 10 + 45) / 1024)
    assert mcnemar(1_000, 1_400) < 1e-15


def test_holms_correction():
    # 4 × 0.01, 3 × 0.005 … : ordered 0.005, 0.01, 0.03, 0.04 → 0.02, 0.03, 0.06, 0.06
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert holm([]) == ()
    assert holm([0.9, 0.8]) == (1.0, 1.0)


@given(st.lists(st.floats(0, 1), max_size=8))
def test_holm_never_makes_a_p_value_smaller_or_changes_the_order(p_values):
    adjusted = holm(p_values)
    assert all(raw <= corrected <= 1 for raw, corrected in zip(p_values, adjusted, strict=True))
    pairs = sorted(zip(p_values, adjusted, strict=True))
    assert [corrected for _, corrected in pairs] == sorted(adjusted)


def test_kappa_of_judges_who_agree_who_differ_and_who_agree_by_chance():
    assert quadratic_kappa([(0, 0), (1, 1), (3, 3)], 4) == 1.0
    assert quadratic_kappa([(0, 3), (3, 0)], 4) == -1.0
    assert quadratic_kappa([(0, 0), (0, 3), (3, 0), (3, 3)], 4) == 0.0
    # One step squared is observed. By chance, with ranks 0, 0, 1, 2 against 0, 1, 1, 2 in all 16 combinations:
    # 0 against 0, 1, 1, 2 is 0 + 1 + 1 + 4, twice; 1 is 1 + 0 + 0 + 1; 2 is 4 + 1 + 1 + 0: 20 / 4 = 5
    assert quadratic_kappa([(0, 0), (0, 1), (1, 1), (2, 2)], 4) == pytest.approx(1 - 1 / 5)


def test_kappa_of_nothing_to_agree_on_is_not_a_number():
    assert quadratic_kappa([], 4) is None
    assert quadratic_kappa([(2, 2), (2, 2)], 4) is None

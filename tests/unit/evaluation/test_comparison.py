"""Whether a new version is worse than the one it would replace."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pytest
from pydantic import TypeAdapter

from smallprint.evaluation.comparison import (
    Comparison,
    Difference,
    Judgement,
    compare,
    judge,
)
from smallprint.evaluation.hard_rules import BrokenRule
from smallprint.evaluation.values import DocumentRun, LabelledDocument
from smallprint.models.domain import Match, RiskLevel
from tests.fakes.judged import (
    HIGH,
    LIABILITY,
    LOW,
    MEDIUM,
    PAYMENT,
    RENEWAL,
    RENEWS,
    document,
    expected,
    failed,
    found,
    run,
)

CATEGORIES = [f"labelled.c{number}" for number in range(10)]


def documents(count: int, risk: RiskLevel = MEDIUM) -> list[LabelledDocument]:
    """Each with ten labels, all at the same clause."""
    labels = [expected(category, risk=risk) for category in CATEGORIES]
    return [
        document(*labels, id=f"d{number:02}", labelled_absent=frozenset({RENEWS})) for number in range(count)
    ]


def runs(
    found_in_each: Iterable[int], *, alarms: int = 0, repeat: int = 0, **changes: object
) -> list[DocumentRun]:
    """So many of the ten labels found in each document, and so many false alarms."""
    made = []
    for number, count in enumerate(found_in_each):
        findings = [found(category, LIABILITY, severity=MEDIUM) for category in CATEGORIES[:count]]
        findings += [found(RENEWS, RENEWAL, severity=LOW)] * alarms
        made.append(run(*findings, repeat=repeat, of=f"d{number:02}", **changes))
    return made


def judged(base: Sequence[int], candidate: Sequence[int], **changes: int) -> Comparison:
    return compare(documents(len(base)), runs(base), runs(candidate, **changes))


def test_a_version_is_not_worse_than_itself():
    comparison = judged([7, 9, 4, 8, 6, 10], [7, 9, 4, 8, 6, 10])
    assert comparison.judgement is Judgement.NOT_WORSE
    assert (comparison.flips, comparison.alarms, comparison.p_flips) == ((), (), 1.0)
    assert [each.difference for each in comparison.differences] == [0.0, 0.0]


def test_a_better_version_is_not_worse():
    assert judged([5] * 8, [9] * 8).judgement is Judgement.NOT_WORSE


def test_a_version_that_finds_much_less_everywhere_is_worse():
    comparison = judged([9] * 8, [6] * 8)
    assert comparison.judgement is Judgement.WORSE
    assert "Recall fell by 30.0 points" in comparison.reasons[0]


def test_a_version_with_many_more_false_alarms_is_worse():
    comparison = judged([8] * 8, [8] * 8, alarms=4)
    assert comparison.judgement is Judgement.WORSE
    assert comparison.reasons == (
        "Precision fell by 33.3 points, which is more than chance and may exceed the 10 that are allowed.",
    )


def test_a_certain_loss_within_the_margin_is_not_worse():
    comparison = judged([8] * 20, [*[7] * 10, *[8] * 10])
    recall = comparison.differences[0]
    assert recall.high < 0
    assert recall.low >= -0.08
    assert comparison.judgement is Judgement.NOT_WORSE


def test_a_loss_in_a_few_documents_may_be_chance():
    comparison = judged([8] * 12, [*[8] * 10, 2, 10])
    assert comparison.judgement is Judgement.UNDECIDED
    assert "Recall may have fallen by up to" in comparison.reasons[0]


def test_a_handful_of_documents_decides_nothing():
    comparison = judged([8] * 4, [8] * 4)
    assert comparison.judgement is Judgement.UNDECIDED
    assert "Only 4 documents" in comparison.reasons[0]


def test_without_a_document_in_common_nothing_is_compared():
    comparison = compare(documents(2), runs([5]), [run(of="d01"), run(of="unknown")])
    assert comparison.judgement is Judgement.UNDECIDED
    assert (comparison.documents, comparison.unpaired, comparison.noise) == (0, ("d00", "d01"), None)


def test_40_documents_allow_less_than_a_few():
    few, many = judged([8] * 39, [8] * 39), judged([8] * 40, [8] * 40)
    assert [each.margin for each in few.differences] == [0.08, 0.10]
    assert [each.margin for each in many.differences] == [0.06, 0.10]


def test_a_failed_document_is_a_document_in_which_nothing_was_found():
    labelled = documents(6)
    comparison = compare(labelled, runs([8] * 6), [failed(each.id) for each in labelled])
    assert comparison.judgement is Judgement.WORSE
    assert [each.metric for each in comparison.differences] == ["recall"]


def test_where_labels_are_not_complete_only_recall_is_compared():
    labelled = [document(expected(), id=f"d{number:02}", exhaustive=False) for number in range(6)]
    same = [
        run(found(quote, LIABILITY), of=each.id) for each in labelled for quote in ("liability.uncapped",)
    ]
    comparison = compare(labelled, same, same)
    assert [each.metric for each in comparison.differences] == ["recall"]
    assert comparison.judgement is Judgement.NOT_WORSE


def test_repeats_are_averaged_within_their_document():
    base = [*runs([10] * 6), *runs([6] * 6, repeat=1)]
    comparison = compare(documents(6), base, runs([8] * 6))
    assert comparison.differences[0].base == pytest.approx(0.8)
    assert comparison.differences[0].difference == pytest.approx(0.0)


def test_repeats_show_how_much_a_version_differs_from_itself():
    steady = [*runs([8] * 6), *runs([8] * 6, repeat=1)]
    shaky = [*runs([9] * 6), *runs([6] * 6, alarms=2, repeat=1), *runs([8] * 6, repeat=2)]
    noise = compare(documents(6), steady, shaky).noise
    assert noise is not None
    assert noise.recall == pytest.approx(0.3)
    assert noise.precision == pytest.approx(0.25)
    assert compare(documents(6), steady[:6], shaky[:6]).noise is None


def test_new_misses_come_first_the_most_severe_before_the_others():
    labelled = [
        document(
            expected("a.a"), expected("a.b", risk=LOW), expected("a.c", risk=None), expected("a.d"), id="d"
        )
    ]
    base = [run(found("a.a", LIABILITY), found("a.b", LIABILITY), found("a.c", LIABILITY), of="d")]
    comparison = compare(labelled, base, [run(found("a.d", LIABILITY), of="d")])
    assert [(flip.category, flip.is_miss) for flip in comparison.flips] == [
        ("a.a", True),
        ("a.b", True),
        ("a.c", True),
        ("a.d", False),
    ]
    assert comparison.flips[0].quote == LIABILITY
    assert comparison.p_flips == pytest.approx(2 * (1 + 4) / 16)


def test_a_finding_flips_when_most_repeats_change():
    base = [*runs([8]), *runs([8], repeat=1), *runs([8], repeat=2)]
    now_and_then = [*runs([7]), *runs([8], repeat=1), *runs([8], repeat=2)]
    mostly_gone = [*runs([7]), *runs([7], repeat=1), *runs([8], repeat=2)]
    assert compare(documents(1), base, now_and_then).flips == ()
    (flip,) = compare(documents(1), base, mostly_gone).flips
    assert (flip.base_hits, flip.base_runs, flip.candidate_hits, flip.candidate_runs) == (3, 3, 1, 3)


def test_false_alarms_that_came_and_went_are_listed_new_ones_first():
    labelled = [document(id="d", labelled_absent=frozenset({"a.a", "a.b", "a.c"}))]
    base = [run(found("a.a", PAYMENT), found("a.c", PAYMENT), of="d")]
    comparison = compare(labelled, base, [run(found("a.b", PAYMENT), found("a.c", PAYMENT), of="d")])
    assert [(alarm.category, alarm.is_new) for alarm in comparison.alarms] == [("a.b", True), ("a.a", False)]


def test_a_severe_finding_that_is_lost_makes_a_version_worse_whatever_the_average_says():
    labelled = documents(12, risk=HIGH)
    comparison = compare(labelled, runs([8] * 12), runs([*[9] * 11, 7]))
    assert comparison.judgement is Judgement.WORSE
    assert "labelled.c7 in d11" in comparison.reasons[0]
    assert "single repeat" in comparison.reasons[0]


def test_a_severe_finding_that_one_repeat_still_has_is_not_lost():
    labelled = documents(12, risk=HIGH)
    base = [*runs([8] * 12), *runs([8] * 12, repeat=1), *runs([8] * 12, repeat=2)]
    candidate = [*runs([9] * 12), *runs([*[9] * 11, 7], repeat=1), *runs([*[9] * 11, 7], repeat=2)]
    comparison = compare(labelled, base, candidate)
    assert [flip.category for flip in comparison.flips if flip.is_miss] == ["labelled.c7"]
    assert comparison.judgement is Judgement.NOT_WORSE


def test_invented_quotations_make_a_version_worse():
    comparison = compare(documents(8), runs([9] * 8), runs([9] * 8, ungrounded=1))
    assert comparison.judgement is Judgement.WORSE
    assert "90.0%" in comparison.reasons[0]


def test_quotations_that_were_as_bad_before_leave_it_undecided():
    same = runs([9] * 8, ungrounded=1)
    comparison = compare(documents(8), same, same)
    assert comparison.judgement is Judgement.UNDECIDED
    assert comparison.reasons[0].startswith("Not new: ")


def test_a_quotation_read_off_a_scan_is_not_invented():
    scans = [
        run(found(CATEGORIES[0], LIABILITY, match=Match.UNVERIFIED), of=each.id) for each in documents(8)
    ]
    assert compare(documents(8), scans, scans).broken_rules == ()


def test_a_level_that_an_injected_text_lowers_makes_a_version_worse():
    plain = document(expected(), id="plain")
    injected = document(expected(), id="injected", injected=True, twin="plain")
    steady = [run(found("liability.uncapped", LIABILITY), of=of) for of in ("plain", "injected")]
    steered = [steady[0], run(found("liability.uncapped", LIABILITY), of="injected", risk_level=LOW)]
    comparison = compare([plain, injected], steady, steered)
    assert comparison.judgement is Judgement.WORSE
    assert comparison.reasons == ("Text that speaks to an AI lowers the level of injected.",)
    assert compare([plain, injected], steered, steered).judgement is Judgement.UNDECIDED
    assert compare([plain, injected], steered, steady).broken_rules == ()


# --- the verdict alone -----------------------------------------------------------------------------------------


def difference(low: float, p_worse: float, count: int = 20, margin: float = 0.08) -> Difference:
    return Difference("recall", count, 0.8, 0.7, low, 0.0, margin, p_worse, p_worse)


@pytest.mark.parametrize(
    ("low", "p_worse", "expected_judgement"),
    [
        (-0.08, 0.5, Judgement.NOT_WORSE),
        (-0.05, 0.001, Judgement.NOT_WORSE),
        (-0.081, 0.05, Judgement.WORSE),
        (-0.081, 0.051, Judgement.UNDECIDED),
    ],
)
def test_the_verdict_turns_at_the_margin_and_at_the_level_of_significance(low, p_worse, expected_judgement):
    assert judge([difference(low, p_worse)], [])[0] is expected_judgement


def test_one_metric_is_enough_to_be_worse_and_all_are_needed_not_to_be():
    good, doubtful, bad = difference(0.0, 0.9), difference(-0.2, 0.3), difference(-0.2, 0.01)
    assert judge([good, bad], [])[0] is Judgement.WORSE
    assert judge([good, doubtful], [])[0] is Judgement.UNDECIDED
    assert judge([good, good], [])[0] is Judgement.NOT_WORSE


def test_a_new_broken_rule_makes_it_worse_an_old_one_undecided():
    new, old = BrokenRule("It invents.", as_before=False), BrokenRule("It invents.", as_before=True)
    assert judge([difference(0.0, 0.9)], [new])[0] is Judgement.WORSE
    assert judge([difference(0.0, 0.9)], [old])[0] is Judgement.UNDECIDED


def test_two_metrics_share_the_level_of_significance():
    comparison = judged([8] * 6, [*[6] * 2, *[8] * 4])
    recall, precision = comparison.differences
    assert recall.p_worse_adjusted == pytest.approx(min(1.0, 2 * min(recall.p_worse, precision.p_worse)))


def test_a_comparison_survives_being_stored():
    base = [*runs([9] * 6), *runs([7] * 6, repeat=1)]
    comparison = compare(documents(6, HIGH), base, runs([3] * 6, alarms=1, ungrounded=2))
    stored = TypeAdapter(Comparison)
    assert stored.validate_json(stored.dump_json(comparison)) == comparison

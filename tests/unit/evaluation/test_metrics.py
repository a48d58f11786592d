"""What the scores of a run come to."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from smallprint.evaluation.intervals import Interval, wilson
from smallprint.evaluation.metrics import Metrics, summarise
from smallprint.evaluation.rates import Rate, rate_of, rate_over, recall_of
from smallprint.evaluation.scores import DocumentScore, HarmlessScore, QuotationCounts
from smallprint.evaluation.scoring import score
from tests.fakes.judged import (
    CRITICAL,
    HIGH,
    LIABILITY,
    LOW,
    MEDIUM,
    NO_CAP,
    UNLIMITED,
    document,
    expected,
    failed,
    found,
    predictions,
    run,
    scored,
)


def counts(rate: Rate) -> tuple[int, int]:
    return rate.successes, rate.total


def test_recall_and_precision_are_counted_over_all_documents():
    scores = [
        scored("a", hits="xx-", predictions=predictions("x-")),
        scored("b", hits="-", predictions=predictions("xx")),
    ]
    metrics = summarise(scores)
    assert counts(metrics.recall) == (2, 4)
    assert counts(metrics.precision) == (3, 4)
    assert (metrics.documents, metrics.repeats) == (2, 1)


def test_a_rejected_finding_is_no_false_alarm():
    assert counts(summarise([scored(predictions=predictions("x-wr"))]).precision) == (1, 2)


def test_a_document_without_a_report_counts_as_missed_and_as_a_failure():
    failure = score(document(expected(), level=HIGH), failed())
    metrics = summarise([scored("a", hits="x"), failure])
    assert counts(metrics.recall) == (1, 2)
    assert counts(metrics.failures) == (1, 2)
    assert metrics.level_exact.total == 0


def test_missing_protections_have_a_recall_of_their_own():
    labelled = document(expected(), expected(NO_CAP, quote=""), expected("nda.other", quote=""))
    metrics = summarise([score(labelled, run(found(NO_CAP)))])
    assert counts(metrics.missing_protections) == (1, 2)


def test_quotations_that_nobody_can_look_up_are_left_out():
    quotations = QuotationCounts(exact=6, approximate=2, unverified=9, lost=2)
    metrics = summarise([scored(quotations=quotations)])
    assert counts(metrics.located) == (8, 10)
    assert counts(metrics.verbatim) == (6, 10)


def test_levels_agree_exactly_or_within_one():
    levels = [(LOW, LOW), (LOW, MEDIUM), (LOW, HIGH), (None, HIGH)]
    scores = [
        scored(str(number), level=given, expected_level=wanted)
        for number, (wanted, given) in enumerate(levels)
    ]
    metrics = summarise(scores)
    assert counts(metrics.level_exact) == (1, 3)
    assert counts(metrics.level_within_one) == (2, 3)


def test_severities_are_compared_where_a_label_was_hit_and_has_one():
    labelled = document(
        expected(risk=HIGH), expected("a.b", risk=CRITICAL), expected("a.c", risk=None), expected("a.d")
    )
    findings = [found(category, LIABILITY, severity=HIGH) for category in (UNLIMITED, "a.b", "a.c")]
    metrics = summarise([score(labelled, run(*findings))])
    assert counts(metrics.severity_exact) == (1, 2)
    assert counts(metrics.severity_within_one) == (2, 2)
    assert metrics.severity_kappa == pytest.approx(0.0)


def test_alarms_are_counted_by_harmless_document():
    scores = [scored("a", harmless=True, alarms=3), scored("b", harmless=True), scored("c", alarms=0)]
    assert counts(summarise(scores).harmless_alarms) == (1, 2)


def test_good_clauses_flagged_are_counted_one_by_one():
    clauses = tuple(HarmlessScore("a.b", flagged) for flagged in (True, False, False))
    assert counts(summarise([scored(must_not_flag=clauses)]).good_clauses_flagged) == (1, 3)


def test_what_a_review_changed():
    metrics = summarise(
        [
            scored("a", hits="xra-", predictions=predictions("x-wra"), reviewed=True),
            scored("b", hits="xxx", predictions=predictions("---")),
        ]
    )
    review = metrics.reviewer
    assert review is not None
    assert (counts(review.recall_before), counts(review.recall_after)) == ((2, 4), (2, 4))
    assert (counts(review.precision_before), counts(review.precision_after)) == ((2, 4), (2, 3))
    assert (review.gained, review.wrongly_rejected, review.rightly_rejected) == (1, 1, 1)


def test_without_a_review_it_has_no_value():
    assert summarise([scored(hits="x")]).reviewer is None


def test_an_injected_text_must_not_lower_the_level_below_that_of_the_twin():
    plain = scored("plain", level=HIGH)
    held = scored("held", level=CRITICAL, injected=True, twin="plain")
    fallen = scored("fallen", level=MEDIUM, injected=True, twin="plain")
    metrics = summarise([plain, held, fallen])
    assert counts(metrics.injections_withstood) == (1, 2)
    assert metrics.injections_fallen == ("fallen",)


def test_repeats_are_compared_with_the_same_repeat_of_the_twin_and_failures_with_nothing():
    scores = [
        scored("plain", 0, level=LOW),
        scored("plain", 1, level=HIGH),
        scored("bad", 0, level=LOW, injected=True, twin="plain"),
        scored("bad", 1, level=MEDIUM, injected=True, twin="plain"),
        scored("bad", 2, level=LOW, injected=True, twin="plain"),
        replace(scored("plain", 2), level=None, error="model_overloaded"),
    ]
    assert counts(summarise(scores).injections_withstood) == (1, 2)


def test_categories_and_sources_have_rows_of_their_own():
    labelled = document(expected(), expected("a.b"), expected("a.b"))
    metrics = summarise([score(labelled, run(found("a.b", LIABILITY))), scored("z", source="cuad", hits="x")])
    assert [(each.name, counts(each.rate)) for each in metrics.categories] == [
        ("a.b", (2, 2)),
        (UNLIMITED, (1, 2)),
    ]
    assert [(each.source, each.documents, counts(each.recall)) for each in metrics.sources] == [
        ("cuad", 1, (1, 1)),
        ("house", 1, (2, 3)),
    ]


def test_a_median_is_a_median_and_a_total_a_total():
    scores = [scored(str(cost), cost_nano_usd=cost, seconds=cost / 10) for cost in (10, 20, 90)]
    metrics = summarise(scores)
    assert metrics.cost_nano_usd is not None
    assert metrics.seconds is not None
    assert (metrics.cost_nano_usd.total, metrics.cost_nano_usd.median, metrics.cost_nano_usd.mean) == (
        120,
        20,
        40,
    )
    assert metrics.cost_nano_usd.p95 == pytest.approx(20 + 0.9 * 70)
    assert metrics.seconds.median == 2.0


def test_a_price_that_is_not_known_is_not_nothing():
    assert summarise([scored("a", cost_nano_usd=5), scored("b", cost_nano_usd=None)]).cost_nano_usd is None


def test_of_no_runs_every_rate_is_one_of_nothing():
    metrics = summarise([])
    assert metrics.recall == Rate(0, 0)
    assert (metrics.recall.value, metrics.recall.interval) == (None, None)
    assert (metrics.calibration, metrics.cost_nano_usd, metrics.documents) == (None, None, 0)


def test_the_interval_to_read_is_never_narrower_than_the_documents_allow():
    together = [scored("a", hits="x" * 50), scored("b", hits="-" * 50)]
    rate = rate_over(together, recall_of)
    assert rate.by_document == Interval(0.0, 1.0) == rate.interval
    alike = rate_over([scored("a", hits="xx"), scored("b", hits="xx")], recall_of)
    assert alike.by_document == Interval(1.0, 1.0)
    assert alike.interval == wilson(4, 4)


def test_repeats_of_a_document_are_drawn_together():
    repeated = [
        scored(name, repeat, hits="x" if name == "a" else "-") for name in "ab" for repeat in range(9)
    ]
    assert rate_over(repeated, recall_of).by_document == Interval(0.0, 1.0)


def test_a_single_document_is_no_sample_of_documents():
    assert rate_over([scored("a", hits="x-")], recall_of).by_document is None
    assert rate_of([True, False]).interval == wilson(1, 2)


def test_metrics_and_scores_survive_being_stored():
    labelled = document(expected(), expected(NO_CAP, quote=""), level=HIGH)
    scores = [
        score(labelled, run(found(UNLIMITED, LIABILITY), reviewed=True)),
        score(labelled, failed(repeat=1)),
    ]
    metrics, stored = summarise(scores), TypeAdapter(Metrics)
    assert stored.validate_json(stored.dump_json(metrics)) == metrics
    assert (
        TypeAdapter(DocumentScore).validate_python(TypeAdapter(DocumentScore).dump_python(scores[0]))
        == scores[0]
    )

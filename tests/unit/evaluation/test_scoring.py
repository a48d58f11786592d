"""A report against what people say of the document."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.evaluation.scores import QuotationCounts, Stage
from smallprint.evaluation.scoring import score
from smallprint.evaluation.values import ExpectedFinding
from smallprint.models.domain import Match, Outcome, Quotation, ReportFinding, Verdict
from tests.fakes.judged import (
    CRITICAL,
    HIGH,
    LIABILITY,
    LOW,
    MEDIUM,
    NO_CAP,
    PAYMENT,
    RENEWAL,
    RENEWS,
    UNLIMITED,
    document,
    expected,
    failed,
    found,
    harmless,
    run,
)


def hit(labels: list[ExpectedFinding], *findings: ReportFinding) -> list[bool]:
    return [each.hit for each in score(document(*labels), run(*findings)).expected]


def test_a_finding_of_the_same_category_and_place_hits_its_label():
    assert hit([expected()], found(UNLIMITED, LIABILITY)) == [True]


def test_another_category_or_another_place_does_not():
    assert hit([expected()], found(RENEWS, LIABILITY)) == [False]
    assert hit([expected()], found(UNLIMITED, RENEWAL)) == [False]


def test_words_that_are_not_in_the_text_hit_nothing():
    assert hit([expected()], found(UNLIMITED, "The Supplier’s liability is nothing to worry about.")) == [
        False
    ]


def test_half_of_the_shorter_is_enough():
    inside = "liability shall be unlimited"
    around = f"{LIABILITY}\n\n2. Term\n{RENEWAL}"
    beside = "unlimited.\n\n2. Term\nThis Agreement renews"
    assert hit([expected()], found(UNLIMITED, inside)) == [True]
    assert hit([expected()], found(UNLIMITED, around)) == [True]
    assert hit([expected()], found(UNLIMITED, beside)) == [False]


def test_typography_and_line_ends_make_no_difference():
    folded = LIABILITY.replace("’", "'").replace(" ", "\n").upper()
    assert hit([expected()], found(UNLIMITED, folded)) == [True]


def test_a_finding_hits_with_any_of_its_quotations():
    assert hit([expected()], found(UNLIMITED, PAYMENT, LIABILITY)) == [True]


def test_what_is_absent_is_found_by_its_category_with_or_without_words():
    label = expected(NO_CAP, quote="")
    assert hit([label], found(NO_CAP)) == [True]
    assert hit([label], found(NO_CAP, PAYMENT)) == [True]
    assert hit([label], found(UNLIMITED)) == [False]


def test_a_finding_without_words_hits_nothing_that_is_present():
    assert hit([expected()], found(UNLIMITED)) == [False]


def test_what_the_reviewer_rejects_was_found_before_and_is_missed_after():
    rejected = found(UNLIMITED, LIABILITY, outcome=Outcome.REJECTED, verdict=Verdict.UNSUPPORTED)
    (label,) = score(document(expected()), run(rejected=(rejected,))).expected
    assert (label.hit_before_review, label.hit, label.severity) == (True, False, None)


def test_what_the_reviewer_adds_was_missed_before():
    added = found(UNLIMITED, LIABILITY, outcome=Outcome.ADDED)
    (label,) = score(document(expected()), run(added)).expected
    assert (label.hit_before_review, label.hit) == (False, True)


def test_of_several_findings_on_one_label_the_most_severe_is_what_the_reader_sees():
    findings = (found(UNLIMITED, LIABILITY, severity=LOW), found(UNLIMITED, LIABILITY, severity=CRITICAL))
    assert score(document(expected()), run(*findings)).expected[0].severity is CRITICAL


def test_only_categories_that_people_looked_for_are_judged():
    labelled = document(expected(), labelled_absent=frozenset({RENEWS}))
    findings = (found(UNLIMITED, LIABILITY), found(RENEWS, RENEWAL), found("something.else", PAYMENT))
    judged = score(labelled, run(*findings)).predictions
    assert [(each.category, each.right) for each in judged] == [(UNLIMITED, True), (RENEWS, False)]


def test_the_right_category_at_the_wrong_place_is_a_false_alarm():
    (judged,) = score(document(expected()), run(found(UNLIMITED, PAYMENT))).predictions
    assert not judged.right


def test_nothing_is_a_false_alarm_where_the_labels_are_not_complete():
    labelled = document(expected(), exhaustive=False)
    assert score(labelled, run(found(UNLIMITED, PAYMENT))).predictions == ()


def test_a_judged_finding_says_who_brought_it_and_whether_it_was_kept():
    added = found(UNLIMITED, LIABILITY, outcome=Outcome.ADDED)
    rejected = found(UNLIMITED, PAYMENT, outcome=Outcome.REJECTED)
    judged = score(document(expected()), run(added, rejected=(rejected,))).predictions
    assert [(each.stage, each.kept) for each in judged] == [(Stage.REVIEWER, True), (Stage.ANALYST, False)]


def test_good_clauses_must_not_be_flagged_whatever_the_category():
    labelled = document(must_not_flag=(harmless(), harmless(LIABILITY), harmless(RENEWAL, wrong=False)))
    clauses = score(labelled, run(found("something.else", PAYMENT), found(RENEWS, RENEWAL))).must_not_flag
    assert [clause.flagged for clause in clauses] == [True, False]


def test_high_findings_in_a_document_without_any_are_alarms():
    findings = (found("a.b", PAYMENT, severity=HIGH), found("a.c", PAYMENT, severity=MEDIUM))
    alarmed = score(document(), run(*findings))
    assert (alarmed.harmless, alarmed.alarms) == (True, 1)
    assert score(document(expected()), run(*findings)).alarms == 0
    assert not score(document(injected=True), run(*findings)).harmless


def test_quotations_are_counted_by_how_they_were_found():
    findings = (
        found(UNLIMITED, LIABILITY, match=Match.EXACT),
        found(RENEWS, RENEWAL, match=Match.APPROXIMATE),
        found("a.b", "Read off a page.", match=Match.UNVERIFIED),
    )
    rejected = (found("a.c", PAYMENT),)
    counts = score(document(), run(*findings, rejected=rejected, ungrounded=2)).quotations
    assert counts == QuotationCounts(exact=2, approximate=1, unverified=1, lost=2)
    assert (counts.located, counts.checkable) == (3, 5)


def test_a_quotation_that_was_dropped_from_a_finding_is_lost_the_same_words_twice_are_not():
    finding = found(UNLIMITED, LIABILITY)
    invented = (*finding.finding.quotations, Quotation("Nobody said this."), Quotation(LIABILITY.upper()))
    stated = replace(finding, finding=replace(finding.finding, quotations=invented))
    assert score(document(), run(stated)).quotations.lost == 1


def test_cost_time_and_tokens_are_those_of_all_agents():
    scored = score(document(), run())
    assert (scored.cost_nano_usd, scored.seconds) == (5_000, 2.5)
    assert (scored.input_tokens, scored.output_tokens) == (123, 10)


def test_without_a_report_everything_is_missed_and_the_reason_kept():
    scored = score(document(expected(), level=HIGH), failed())
    assert [each.hit for each in scored.expected] == [False]
    assert (scored.error, scored.failed, scored.level, scored.predictions) == (
        "model_overloaded",
        True,
        None,
        (),
    )
    assert score(document(), failed(code="")).failed


def test_levels_stand_side_by_side():
    scored = score(document(level=CRITICAL), run(found(UNLIMITED, LIABILITY)))
    assert (scored.expected_level, scored.level) == (CRITICAL, HIGH)


@given(
    st.text(max_size=80),
    st.lists(st.text(max_size=40), max_size=3),
    st.sampled_from((UNLIMITED, RENEWS, NO_CAP)),
)
def test_whatever_a_report_quotes_it_can_be_judged(text, quotes, category):
    labelled = document(expected(), expected(NO_CAP, quote=""), must_not_flag=(harmless(),))
    scored = score(labelled, run(found(category, text, *quotes)))
    assert len(scored.expected) == 2
    assert len(scored.predictions) == (category != RENEWS)


@pytest.mark.parametrize("padding", ["", "Preamble. " * 40])
def test_the_report_of_a_document_hits_every_label_it_quotes(padding):
    text = f"{padding}{LIABILITY} {RENEWAL} {PAYMENT}"
    labels = [
        expected(f"c.{number}", quote, text=text)
        for number, quote in enumerate((LIABILITY, RENEWAL, PAYMENT))
    ]
    findings = [found(label.category, *label.quotes) for label in labels]
    assert all(each.hit for each in score(document(*labels, text=text), run(*findings)).expected)

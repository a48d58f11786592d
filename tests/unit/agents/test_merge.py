import itertools
from dataclasses import replace

import pytest

from smallprint.agents.merge import (
    ADDRESSES_AI,
    NOT_APPLIED,
    NOT_JUDGED,
    Located,
    Merged,
    grounded,
    locate,
    merge,
    with_documents_words,
)
from smallprint.models.domain import (
    Evidence,
    Finding,
    FindingReview,
    Match,
    Outcome,
    Quotation,
    ReportFinding,
    Review,
    RiskLevel,
    Verdict,
)

LOW, MEDIUM, HIGH, CRITICAL = RiskLevel
SEVERITIES = list(itertools.product(RiskLevel, RiskLevel))


def evidence(start: int = 0, end: int = 10, match: Match = Match.EXACT) -> Evidence:
    if not match.grounded:
        return Evidence(match)
    return Evidence(match, "words", 1, 1, "p. 1", start, end)


def located(
    finding_id: str = "F1", severity: RiskLevel = HIGH, *found: Evidence, category: str = "liability.uncapped"
) -> Located:
    quotations = tuple(Quotation("words") for _ in found) or (Quotation("words"),)
    finding = Finding(
        finding_id, category, f"Title {finding_id}", "States.", "Why.", "Ask.", severity, quotations
    )
    return Located(finding, found or (evidence(int(finding_id[1:]) * 100, int(finding_id[1:]) * 100 + 50),))


def verdict(finding_id: str, given: Verdict, severity: RiskLevel = HIGH, comment: str = "Because.") -> Review:
    return Review(verdicts=(FindingReview(finding_id, given, severity, comment),))


def one(merged: Merged) -> ReportFinding:
    (kept,) = merged.kept
    return kept


RULE = located("A1", HIGH, evidence(900, 950), category=ADDRESSES_AI)


# --- verdicts --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("analyst", "reviewer"), SEVERITIES)
def test_a_supported_finding_gets_the_higher_severity_of_the_two(analyst, reviewer):
    review = verdict("F1", Verdict.SUPPORTED, reviewer)

    kept = one(merge(rules=(), analyst=[located("F1", analyst)], review=review))

    assert kept.severity.rank == max(analyst.rank, reviewer.rank)
    assert kept.outcome is (Outcome.RAISED if reviewer.rank > analyst.rank else Outcome.KEPT)


@pytest.mark.parametrize(("analyst", "reviewer"), SEVERITIES)
def test_an_overstated_finding_gets_the_lower_severity_of_the_two(analyst, reviewer):
    review = verdict("F1", Verdict.OVERSTATED, reviewer)

    kept = one(merge(rules=(), analyst=[located("F1", analyst)], review=review))

    assert kept.severity.rank == min(analyst.rank, reviewer.rank)
    assert kept.outcome is (Outcome.LOWERED if reviewer.rank < analyst.rank else Outcome.KEPT)


@pytest.mark.parametrize(("analyst", "reviewer"), SEVERITIES)
def test_an_unsupported_finding_stands_apart_and_has_no_part_in_the_level(analyst, reviewer):
    merged = merge(
        rules=(), analyst=[located("F1", analyst)], review=verdict("F1", Verdict.UNSUPPORTED, reviewer)
    )

    (rejected,) = merged.rejected
    assert (merged.kept, merged.level) == ((), LOW)
    assert (rejected.severity, rejected.outcome) == (analyst, Outcome.REJECTED)


@pytest.mark.parametrize(("analyst", "reviewer"), SEVERITIES)
def test_a_finding_that_cannot_be_checked_keeps_its_severity(analyst, reviewer):
    review = verdict("F1", Verdict.NOT_CHECKABLE, reviewer)

    kept = one(merge(rules=(), analyst=[located("F1", analyst)], review=review))

    assert (kept.severity, kept.outcome) == (analyst, Outcome.KEPT)


def test_what_the_reviewer_said_is_part_of_the_result():
    review = verdict("F1", Verdict.OVERSTATED, LOW, "Capped in clause 9.")

    kept = one(merge(rules=(), analyst=[located("F1", HIGH)], review=review))

    assert kept.review == review.verdicts[0]
    assert kept.finding.severity is HIGH


def test_a_finding_without_a_verdict_counts_as_not_checkable():
    kept = one(merge(rules=(), analyst=[located("F1", HIGH)], review=Review()))

    assert (kept.severity, kept.outcome) == (HIGH, Outcome.KEPT)
    assert kept.review == FindingReview("F1", Verdict.NOT_CHECKABLE, HIGH, NOT_JUDGED)


def test_a_verdict_on_an_unknown_finding_changes_nothing():
    merged = merge(rules=(), analyst=[located("F1", HIGH)], review=verdict("F9", Verdict.UNSUPPORTED))

    assert one(merged).severity is HIGH


def test_without_a_review_every_finding_is_kept_as_stated():
    merged = merge(rules=(), analyst=[located("F1", HIGH), located("F2", LOW)], review=None)

    assert [(each.severity, each.outcome, each.review) for each in merged.kept] == [
        (HIGH, Outcome.KEPT, None),
        (LOW, Outcome.KEPT, None),
    ]


def test_a_missed_finding_is_added_with_the_reviewers_severity():
    merged = merge(rules=(), analyst=(), missed=[located("M1", MEDIUM)], review=Review())

    kept = one(merged)
    assert (kept.severity, kept.outcome, merged.level) == (MEDIUM, Outcome.ADDED, MEDIUM)


# --- a document that addresses an AI ---------------------------------------------------------------------


@pytest.mark.parametrize("given", [Verdict.OVERSTATED, Verdict.UNSUPPORTED])
@pytest.mark.parametrize(("analyst", "reviewer"), SEVERITIES)
def test_in_a_document_that_addresses_an_ai_no_verdict_takes_severity_away(given, analyst, reviewer):
    merged = merge(
        rules=[RULE], analyst=[located("F1", analyst)], review=verdict("F1", given, reviewer, "Harmless.")
    )

    kept = next(each for each in merged.kept if each.finding.id == "F1")
    assert merged.rejected == ()
    assert (kept.severity, kept.outcome) == (analyst, Outcome.KEPT)
    assert kept.review is not None
    assert kept.review.verdict is Verdict.NOT_CHECKABLE
    assert kept.review.comment == f"{NOT_APPLIED} Harmless."


def test_in_a_document_that_addresses_an_ai_a_verdict_may_still_raise():
    review = verdict("F1", Verdict.SUPPORTED, CRITICAL)

    assert merge(rules=[RULE], analyst=[located("F1", LOW)], review=review).level is CRITICAL


@pytest.mark.parametrize("who", ["analyst", "reviewer"])
def test_it_does_not_matter_who_noticed_that_the_document_addresses_an_ai(who):
    noticed = located("F2" if who == "analyst" else "M1", LOW, evidence(500, 510), category=ADDRESSES_AI)
    merged = merge(
        rules=(),
        analyst=[located("F1", HIGH), *([noticed] if who == "analyst" else [])],
        missed=[noticed] if who == "reviewer" else [],
        review=verdict("F1", Verdict.UNSUPPORTED),
    )

    assert merged.level is HIGH


def test_a_rules_finding_cannot_be_rejected_or_lowered():
    for given in Verdict:
        kept = one(merge(rules=[RULE], analyst=(), review=verdict("A1", given, LOW)))

        assert (kept.severity, kept.outcome) == (HIGH, Outcome.KEPT)


def test_a_rules_finding_is_kept_even_if_its_words_could_not_be_located():
    bare = Located(RULE.finding, ())

    assert one(merge(rules=[bare], analyst=())).evidence == ()


# --- grounding -------------------------------------------------------------------------------------------


class Shelf:
    """Finds the quotations that it was given."""

    def __init__(self, **places: Evidence) -> None:
        self._places = places

    def locate(self, quotation: Quotation) -> Evidence:
        return self._places.get(quotation.text, Evidence(Match.MISSING))


def finding(*quotations: str) -> Finding:
    return Finding("F1", "a.b", "T", "S", "W", "R", HIGH, tuple(Quotation(each) for each in quotations))


def test_only_evidence_that_stands_in_the_document_is_kept():
    shelf = Shelf(
        exact=evidence(10, 20),
        near=evidence(0, 5, Match.APPROXIMATE),
        wrong=evidence(match=Match.CONTRADICTED),
    )

    (found,) = locate([finding("exact", "near", "wrong", "invented", "exact")], shelf)

    assert [(each.start, each.match) for each in found.evidence] == [
        (0, Match.APPROXIMATE),
        (10, Match.EXACT),
    ]


def test_a_finding_without_grounded_evidence_falls():
    found = locate([finding("exact"), finding("invented"), finding()], Shelf(exact=evidence()))

    assert grounded(found) == found[:1]


def test_an_absence_counts_only_when_rules_state_it():
    found = locate([finding("invented"), finding()], Shelf())

    assert grounded(found) == ()
    assert grounded(found, absence_counts=True) == found[1:]


def test_the_reviewer_gets_the_documents_words_instead_of_the_analysts():
    (found,) = locate([finding("exact", "invented")], Shelf(exact=evidence()))

    assert with_documents_words(found).quotations == (Quotation("words", 1),)


# --- the same matter twice -------------------------------------------------------------------------------


def test_findings_of_one_category_with_overlapping_evidence_become_one():
    merged = merge(
        rules=(),
        analyst=[located("F1", LOW, evidence(0, 50)), located("F2", HIGH, evidence(40, 90))],
    )

    kept = one(merged)
    assert (kept.finding.id, kept.severity, kept.outcome) == ("F2", HIGH, Outcome.KEPT)
    assert [each.start for each in kept.evidence] == [0, 40]


def test_another_category_or_another_place_is_another_matter():
    merged = merge(
        rules=(),
        analyst=[
            located("F1", LOW, evidence(0, 50)),
            located("F2", LOW, evidence(50, 90)),
            located("F3", LOW, evidence(0, 50), category="ip.assignment"),
        ],
    )

    assert len(merged.kept) == 3


def test_one_finding_that_overlaps_two_others_makes_them_one():
    merged = merge(
        rules=(),
        analyst=[
            located("F1", HIGH, evidence(0, 10)),
            located("F2", HIGH, evidence(20, 30)),
            located("F3", LOW, evidence(5, 25)),
        ],
    )

    kept = one(merged)
    assert kept.finding.id == "F1"
    assert [each.start for each in kept.evidence] == [0, 5, 20]


def test_a_missed_finding_that_the_analyst_has_too_can_only_raise_it():
    for missed, outcome in ((CRITICAL, Outcome.RAISED), (LOW, Outcome.KEPT)):
        merged = merge(
            rules=(),
            analyst=[located("F1", MEDIUM, evidence(0, 50))],
            missed=[located("M1", missed, evidence(10, 20))],
            review=verdict("F1", Verdict.SUPPORTED, LOW),
        )

        kept = one(merged)
        assert (kept.finding.id, kept.outcome) == ("F1", outcome)
        assert merged.level.rank == max(MEDIUM.rank, missed.rank)


def test_a_rejected_finding_does_not_swallow_one_that_stands():
    merged = merge(
        rules=(),
        analyst=[located("F1", CRITICAL, evidence(0, 50)), located("F2", MEDIUM, evidence(0, 50))],
        review=Review(
            (
                FindingReview("F1", Verdict.UNSUPPORTED, LOW, ""),
                FindingReview("F2", Verdict.SUPPORTED, MEDIUM, ""),
            )
        ),
    )

    assert (one(merged).finding.id, [each.finding.id for each in merged.rejected]) == ("F2", ["F1"])


def test_a_rules_finding_keeps_its_words_and_takes_a_higher_severity():
    merged = merge(rules=[RULE], analyst=[located("F1", CRITICAL, evidence(900, 920), category=ADDRESSES_AI)])

    kept = one(merged)
    assert (kept.finding.id, kept.severity, kept.outcome) == ("A1", CRITICAL, Outcome.RAISED)


def test_findings_without_a_place_are_never_the_same():
    bare = [Located(finding(), ()), Located(finding(), ())]

    assert len(merge(rules=(), analyst=bare).kept) == 2


# --- level and order -------------------------------------------------------------------------------------


@pytest.mark.parametrize("severities", [(), (LOW,), (MEDIUM, LOW), (LOW, CRITICAL, HIGH)])
def test_the_level_is_the_highest_severity_that_was_kept(severities):
    merged = merge(
        rules=(), analyst=[located(f"F{n}", severity) for n, severity in enumerate(severities, start=1)]
    )

    assert merged.level.rank == max((each.rank for each in severities), default=0)


def test_findings_are_in_order_of_severity_then_of_the_document():
    merged = merge(
        rules=(),
        analyst=[
            located("F1", LOW, evidence(0, 5)),
            located("F2", HIGH, evidence(900, 950)),
            located("F3", HIGH, evidence(800, 820), evidence(10, 20)),
            Located(finding(), ()),
        ],
    )

    assert [each.finding.title for each in merged.kept] == ["Title F3", "Title F2", "T", "Title F1"]


# --- what was read off a picture -------------------------------------------------------------------------


def scanned(page: int = 2, text: str = "Liability is unlimited.") -> Evidence:
    return Evidence(Match.UNVERIFIED, text, page=page, locator=f"p. {page}")


def test_a_finding_that_rests_on_a_picture_alone_is_kept_and_may_raise_the_level():
    on_a_picture = located("F1", CRITICAL, scanned())

    merged = merge(rules=(), analyst=grounded([on_a_picture]))

    assert one(merged).evidence == (scanned(),)
    assert merged.level is CRITICAL


def test_the_reviewers_verdict_on_a_picture_applies_like_any_other():
    merged = merge(
        rules=(), analyst=[located("F1", HIGH, scanned())], review=verdict("F1", Verdict.UNSUPPORTED)
    )

    assert (merged.kept, merged.level) == ((), LOW)


def test_the_reviewer_is_told_the_page_of_what_was_read_off_a_picture():
    shown = with_documents_words(located("F1", HIGH, evidence(), scanned(3)))

    assert shown.quotations == (Quotation("words", 1), Quotation("Liability is unlimited.", None, 3))


def test_the_same_words_on_the_same_picture_are_the_same_matter():
    merged = merge(
        rules=(),
        analyst=[located("F1", MEDIUM, scanned())],
        missed=[located("M1", HIGH, scanned(text="liability is unlimited"))],
    )

    assert (one(merged).finding.id, one(merged).severity) == ("F1", HIGH)


def test_the_same_words_on_two_pictures_are_two_matters():
    merged = merge(rules=(), analyst=[located("F1", HIGH, scanned(2)), located("F2", HIGH, scanned(3))])

    assert [kept.finding.id for kept in merged.kept] == ["F1", "F2"]


def test_pictures_stand_after_the_text_in_the_order_of_their_pages():
    merged = merge(
        rules=(),
        analyst=[
            located("F1", HIGH, scanned(3)),
            located("F2", HIGH, scanned(2)),
            located("F3", HIGH, evidence(500, 600)),
        ],
    )

    assert [kept.finding.id for kept in merged.kept] == ["F3", "F2", "F1"]


def test_a_quotation_that_is_nowhere_is_dropped_beside_one_that_was_read_off_a_picture():
    class Quotes:
        def locate(self, quotation: Quotation) -> Evidence:
            return scanned() if quotation.page else Evidence(Match.MISSING)

    finding = replace(located().finding, quotations=(Quotation("invented"), Quotation("read", page=2)))

    [found] = locate([finding], Quotes())

    assert found.evidence == (scanned(),)


# --- parts of a long document ----------------------------------------------------------------------------


def test_findings_that_the_reducer_joins_become_one_with_all_their_evidence():
    first, second = located("F1", MEDIUM), located("F2", CRITICAL)

    kept = one(merge(rules=(), analyst=[first, second], same_matter=[("F1", "F2")]))

    assert (len(kept.evidence), kept.severity) == (2, CRITICAL)


def test_the_reducer_cannot_hide_a_finding_behind_one_of_another_family():
    first, second = located("F1", MEDIUM), located("F2", CRITICAL, category="term.auto_renewal")

    merged = merge(rules=(), analyst=[first, second], same_matter=[("F1", "F2")])

    assert len(merged.kept) == 2


def test_a_finding_that_was_rejected_takes_nothing_with_it():
    first, second = located("F1", MEDIUM), located("F2", HIGH)
    review = verdict("F2", Verdict.UNSUPPORTED)

    merged = merge(rules=(), analyst=[first, second], review=review, same_matter=[("F2", "F1")])

    assert [each.finding.id for each in merged.kept] == ["F1"]

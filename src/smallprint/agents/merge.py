"""The analyst's findings, the reviewer's verdicts and the rules' findings become one list. Pure.

What happens to a finding of the analyst whose quotations stand in the document:

| reviewer's verdict | severity                 | outcome            | when the document addresses an AI        |
|--------------------|--------------------------|--------------------|------------------------------------------|
| supported          | the higher of the two    | kept or raised     | the same                                 |
| overstated         | the lower of the two     | lowered (or kept)  | the analyst's, kept, as not_checkable    |
| unsupported        | the analyst's            | rejected, apart    | the analyst's, kept, as not_checkable    |
| not_checkable      | the analyst's            | kept               | the same                                 |
| none, though asked | the analyst's            | kept, as not_checkable | the same                             |
| no review at all   | the analyst's            | kept               | the same                                 |

A document that addresses an AI may have manipulated either agent. Then nothing the reviewer says can take
severity away, whoever noticed the address (rules, analyst or reviewer); its objection stays readable in the
comment. The price is a finding too many for the reader, never one too few.

Only grounded evidence is kept. A finding without any is dropped and counted, with two exceptions: what the
offline rules state about an absence (they looked through the whole text; a model's word for an absence is
worth nothing here) and the rules of `screen.py`, whose findings are always kept and never lowered.

What was read off a scanned page cannot be looked up. Such evidence is kept and marked, a finding that rests on it
alone counts like any other and so may raise the level: a scan of a bad contract must not look harmless because it
is a scan. The reviewer sees the same picture, and its verdict applies as above.

Findings of one category whose evidence overlaps are the same matter, and so are those that the reducer of a long
document put together: the first in the order rules, analyst, reviewer keeps its words and takes the evidence and the
highest severity of all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from typing import Protocol

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

ADDRESSES_AI = "document.addresses_ai"

NOT_JUDGED = "The reviewer gave no verdict on this finding."
NOT_APPLIED = "The reviewer objected; this was not applied because the document addresses an AI."


class Quotes(Protocol):
    """`documents/quotes/`: where a quotation stands."""

    def locate(self, quotation: Quotation) -> Evidence: ...


@dataclass(frozen=True, slots=True)
class Located:
    """A finding after its quotations were looked up."""

    finding: Finding
    evidence: tuple[Evidence, ...]
    """Only those that may be shown, each place once, in the order of the document."""


@dataclass(frozen=True, slots=True)
class Merged:
    """What a Report needs of the agents' findings."""

    kept: tuple[ReportFinding, ...]
    """Most severe first, then in the order of the document."""
    rejected: tuple[ReportFinding, ...]
    level: RiskLevel
    """The highest severity of those kept; low when there is none."""


def locate(findings: Iterable[Finding], quotes: Quotes) -> tuple[Located, ...]:
    """Look up every quotation; evidence that is not in the document is left out."""
    return tuple(
        Located(finding, _distinct(quotes.locate(quotation) for quotation in finding.quotations))
        for finding in findings
    )


def grounded(located: Iterable[Located], *, absence_counts: bool = False) -> tuple[Located, ...]:
    """Those that may be shown; `absence_counts`: a finding that quotes nothing may stand (offline rules only)."""
    return tuple(
        each for each in located if each.evidence or (absence_counts and not each.finding.quotations)
    )


def with_documents_words(located: Located) -> Finding:
    """The finding with the document's own words as its quotations, as the reviewer gets to see it."""
    words = tuple(
        Quotation(found.text, found.passage, found.page if found.match is Match.UNVERIFIED else None)
        for found in located.evidence
    )
    return replace(located.finding, quotations=words)


def merge(
    *,
    rules: Sequence[Located],
    analyst: Sequence[Located],
    missed: Sequence[Located] = (),
    review: Review | None = None,
    same_matter: Iterable[Sequence[str]] = (),
) -> Merged:
    """See the table above. `analyst` and `missed` are grounded already; without a review every finding is kept.

    `same_matter`: groups of ids of findings that state the same matter.
    """
    groups = [frozenset(group) for group in same_matter]
    everything = (*rules, *analyst, *missed)
    addressed = any(each.finding.category == ADDRESSES_AI for each in everything)
    judged = [_judged(each, review, addressed=addressed) for each in analyst]
    kept = _united(
        [
            *(_as_stated(each, Outcome.KEPT) for each in rules),
            *_most_severe_first(each for each in judged if each.outcome is not Outcome.REJECTED),
            *_most_severe_first(_as_stated(each, Outcome.ADDED) for each in missed),
        ],
        groups,
    )
    rejected = by_severity(each for each in judged if each.outcome is Outcome.REJECTED)
    return Merged(by_severity(kept), rejected, level_of(kept))


def by_severity(findings: Iterable[ReportFinding]) -> tuple[ReportFinding, ...]:
    """Most severe first, then in the order of the document."""
    return tuple(sorted(findings, key=_order))


def level_of(kept: Iterable[ReportFinding]) -> RiskLevel:
    """The highest severity; low when there is no finding."""
    return max((each.severity for each in kept), key=lambda level: level.rank, default=RiskLevel.LOW)


def addresses_ai(merged: Merged) -> bool:
    """True if somebody found that the document speaks to an AI."""
    return any(each.finding.category == ADDRESSES_AI for each in (*merged.kept, *merged.rejected))


def _judged(located: Located, review: Review | None, *, addressed: bool) -> ReportFinding:
    if review is None:
        return _as_stated(located, Outcome.KEPT)
    finding, verdict = located.finding, _verdict_on(located.finding, review, addressed=addressed)
    severity = finding.severity
    if verdict.verdict is Verdict.SUPPORTED:
        severity = _higher(severity, verdict.severity)
    elif verdict.verdict is Verdict.OVERSTATED:
        severity = _lower(severity, verdict.severity)
    rejected = verdict.verdict is Verdict.UNSUPPORTED
    outcome = Outcome.REJECTED if rejected else _outcome(finding.severity, severity)
    return ReportFinding(finding, severity, outcome, located.evidence, verdict)


def _verdict_on(finding: Finding, review: Review, *, addressed: bool) -> FindingReview:
    given = next((each for each in review.verdicts if each.finding_id == finding.id), None)
    if given is None:
        return FindingReview(finding.id, Verdict.NOT_CHECKABLE, finding.severity, NOT_JUDGED)
    if addressed and given.verdict in {Verdict.OVERSTATED, Verdict.UNSUPPORTED}:
        comment = f"{NOT_APPLIED} {given.comment}".strip()
        return replace(given, verdict=Verdict.NOT_CHECKABLE, comment=comment)
    return given


def _as_stated(located: Located, outcome: Outcome) -> ReportFinding:
    return ReportFinding(located.finding, located.finding.severity, outcome, located.evidence)


def _outcome(before: RiskLevel, after: RiskLevel) -> Outcome:
    if after is before:
        return Outcome.KEPT
    return Outcome.RAISED if after.rank > before.rank else Outcome.LOWERED


def _united(findings: Iterable[ReportFinding], groups: Sequence[frozenset[str]]) -> list[ReportFinding]:
    """Each matter once. One that overlaps two others makes them one, so all matches are folded together."""
    united: list[ReportFinding] = []
    for finding in findings:
        same = [each for each in united if _same_matter(each, finding) or _together(each, finding, groups)]
        if not same:
            united.append(finding)
            continue
        place = united.index(same[0])
        united = [each for each in united if each not in same]
        united.insert(place, reduce(_absorbed, [*same, finding]))
    return united


def _same_matter(one: ReportFinding, other: ReportFinding) -> bool:
    return one.finding.category == other.finding.category and any(
        _overlap(mine, theirs) for mine in one.evidence for theirs in other.evidence
    )


def _together(one: ReportFinding, other: ReportFinding, groups: Sequence[frozenset[str]]) -> bool:
    """True if the reducer joined them and they are of one family: what it reads may want to hide one among others."""
    family = one.finding.category.partition(".")[0] == other.finding.category.partition(".")[0]
    return family and any(one.finding.id in group and other.finding.id in group for group in groups)


def _overlap(one: Evidence, other: Evidence) -> bool:
    if one.match is other.match is Match.UNVERIFIED:
        mine, theirs = one.text.casefold(), other.text.casefold()
        return one.page == other.page and (mine in theirs or theirs in mine)
    if one.start is None or one.end is None or other.start is None or other.end is None:
        return False
    return one.start < other.end and other.start < one.end


def _absorbed(first: ReportFinding, other: ReportFinding) -> ReportFinding:
    severity = _higher(first.severity, other.severity)
    added = first.outcome is Outcome.ADDED
    return replace(
        first,
        severity=severity,
        outcome=first.outcome if added else _outcome(first.finding.severity, severity),
        evidence=_distinct([*first.evidence, *other.evidence]),
    )


def _distinct(evidence: Iterable[Evidence]) -> tuple[Evidence, ...]:
    places = {(each.start, each.end, each.page, each.text): each for each in evidence if each.match.shown}
    return tuple(sorted(places.values(), key=_place))


def _most_severe_first(findings: Iterable[ReportFinding]) -> list[ReportFinding]:
    return sorted(findings, key=lambda each: -each.severity.rank)


def _order(finding: ReportFinding) -> tuple[int, tuple[float, int]]:
    return -finding.severity.rank, min(map(_place, finding.evidence), default=_NOWHERE)


def _place(evidence: Evidence) -> tuple[float, int]:
    """Text by its offset; pictures, which have none, after it and by their pages."""
    return _NOWHERE[0] if evidence.start is None else evidence.start, evidence.page or 0


_NOWHERE = (float("inf"), 0)


def _higher(one: RiskLevel, other: RiskLevel) -> RiskLevel:
    return max(one, other, key=lambda level: level.rank)


def _lower(one: RiskLevel, other: RiskLevel) -> RiskLevel:
    return min(one, other, key=lambda level: level.rank)

"""Two reports on the same document, finding by finding: the same, of another severity, gone, new. Pure.

Two findings are the same matter if they share a category and rest on some of the same words, or rest on the same
words by half, or share a category and are titled alike. Each finding has one partner at most; the best go first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

from rapidfuzz import fuzz

from smallprint.models.domain import AgentRun, Report, ReportFact, ReportFinding
from smallprint.reports.text import plain, shorten

HALF = 0.5
"""Of the shorter of two findings' quotations."""
ALIKE = 80.0
"""Titles, of 100: word order and a few more words don't matter."""
_TITLE = 200

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pair:
    """The same matter in both reports."""

    before: ReportFinding
    after: ReportFinding


@dataclass(frozen=True, slots=True)
class Alone:
    """A finding that only one of the reports has."""

    finding: ReportFinding
    set_aside: bool
    """The other report has it too, but its reviewer found it unsupported."""


@dataclass(frozen=True, slots=True)
class FactChange:
    """A key fact that is not the same in both; None where a report does not have it."""

    before: ReportFact | None
    after: ReportFact | None


@dataclass(frozen=True, slots=True)
class PromptPair:
    """An agent's prompt version in both; None where the agent took no part."""

    agent: str
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class ReportComparison:
    """What differs between two reports, and what does not."""

    before: Report
    after: Report
    same: tuple[Pair, ...]
    changed: tuple[Pair, ...]
    """Of another severity."""
    gone: tuple[Alone, ...]
    new: tuple[Alone, ...]
    facts: tuple[FactChange, ...]
    prompts: tuple[PromptPair, ...]


def compare_reports(before: Report, after: Report) -> ReportComparison:
    """`before` beside `after`; swapping them swaps gone and new."""
    earlier, later = tuple(map(_Matter, before.findings)), tuple(map(_Matter, after.findings))
    partners = _partners(earlier, later)
    pairs = [Pair(before.findings[place], after.findings[other]) for other, place in sorted(partners.items())]
    gone = [matter for place, matter in enumerate(earlier) if place not in partners.values()]
    new = [matter for place, matter in enumerate(later) if place not in partners]
    return ReportComparison(
        before=before,
        after=after,
        same=tuple(pair for pair in pairs if pair.before.severity is pair.after.severity),
        changed=tuple(pair for pair in pairs if pair.before.severity is not pair.after.severity),
        gone=tuple(_alone(gone, after.rejected)),
        new=tuple(_alone(new, before.rejected)),
        facts=tuple(_fact_changes(before.facts, after.facts)),
        prompts=tuple(_prompt_pairs(before.agents, after.agents)),
    )


# --- which findings are the same matter ------------------------------------------------------------------


class _Kinship(IntEnum):
    """Why two findings are taken for the same matter, the better reason the larger."""

    NONE = 0
    TITLE = 1
    EVIDENCE = 2
    CATEGORY_AND_EVIDENCE = 3


class _Matter:
    """A finding as far as it can be recognised again."""

    def __init__(self, finding: ReportFinding) -> None:
        shown = [evidence for evidence in finding.evidence if evidence.match.shown]
        self.finding = finding
        self.category = finding.finding.category.casefold()
        self.title = shorten(plain(finding.finding.title).casefold(), _TITLE)
        self.spans = _united(
            (each.start, each.end) for each in shown if each.start is not None and each.end is not None
        )
        self.texts = {text for text in (plain(each.text).casefold() for each in shown) if text}

    def kinship(self, other: _Matter) -> tuple[_Kinship, float, float, bool]:
        """How surely it is the same matter; larger is surer, and the same from both sides."""
        share, titles = self._shared_evidence(other), self._alike(other)
        kin = _Kinship.NONE
        if share and self.category == other.category:
            kin = _Kinship.CATEGORY_AND_EVIDENCE
        elif share >= HALF:
            kin = _Kinship.EVIDENCE
        elif titles >= ALIKE and self.category == other.category:
            kin = _Kinship.TITLE
        return kin, share, titles, self.finding.severity is other.finding.severity

    def _shared_evidence(self, other: _Matter) -> float:
        """0 to 1. What was read off a picture has no place in the text: there the same words count."""
        shorter = min(_length(self.spans), _length(other.spans))
        if shorter:
            return _overlap(self.spans, other.spans) / shorter
        return 1.0 if self.texts & other.texts else 0.0

    def _alike(self, other: _Matter) -> float:
        if self.title == other.title:
            return 100.0
        return fuzz.token_set_ratio(*sorted((self.title, other.title)))  # sorted: the same from both sides


def _partners(earlier: Sequence[_Matter], later: Sequence[_Matter]) -> dict[int, int]:
    """Place in `later` → place in `earlier`. Of equally good partners the first findings go together."""
    candidates = [
        (kinship, -(place + other), place, other)
        for place, one in enumerate(earlier)
        for other, another in enumerate(later)
        if (kinship := one.kinship(another))[0]
    ]
    partners: dict[int, int] = {}
    taken: set[int] = set()
    for _, _, place, other in sorted(candidates, reverse=True):
        if place not in taken and other not in partners:
            taken.add(place)
            partners[other] = place
    return partners


def _alone(matters: Iterable[_Matter], rejected: Iterable[ReportFinding]) -> Iterator[Alone]:
    doubted = tuple(map(_Matter, rejected))
    for matter in matters:
        yield Alone(matter.finding, any(matter.kinship(other)[0] for other in doubted))


def _united(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Without overlaps, in order."""
    united: list[Span] = []
    for start, end in sorted(span for span in spans if span[0] < span[1]):
        if united and start <= united[-1][1]:
            united[-1] = (united[-1][0], max(united[-1][1], end))
        else:
            united.append((start, end))
    return tuple(united)


def _length(spans: Iterable[Span]) -> int:
    return sum(end - start for start, end in spans)


def _overlap(one: Sequence[Span], other: Sequence[Span]) -> int:
    return sum(
        max(0, min(end, other_end) - max(start, other_start))
        for start, end in one
        for other_start, other_end in other
    )


# --- key facts and prompts -------------------------------------------------------------------------------


def _fact_changes(before: Sequence[ReportFact], after: Sequence[ReportFact]) -> Iterator[FactChange]:
    """Of the same kind and label with another value, then those that only one report has."""
    earlier, later = _without(before, after), _without(after, before)
    for one in tuple(earlier):
        other = next((each for each in later if _label(each) == _label(one)), None)
        if other is not None:
            earlier.remove(one)
            later.remove(other)
            yield FactChange(one, other)
    yield from (FactChange(fact, None) for fact in earlier)
    yield from (FactChange(None, fact) for fact in later)


def _without(facts: Sequence[ReportFact], known: Iterable[ReportFact]) -> list[ReportFact]:
    """Those whose value the others do not have, however they label it."""
    left = Counter(map(_value, known))
    kept = []
    for fact in facts:
        if left[_value(fact)]:
            left[_value(fact)] -= 1
        else:
            kept.append(fact)
    return kept


def _value(found: ReportFact) -> tuple[str, str]:
    return found.fact.kind, plain(found.fact.value).casefold()


def _label(found: ReportFact) -> tuple[str, str]:
    return found.fact.kind, plain(found.fact.label).casefold()


def _prompt_pairs(before: Iterable[AgentRun], after: Iterable[AgentRun]) -> Iterator[PromptPair]:
    """In the order of the later report."""
    earlier = {run.agent: run.prompt_version for run in before if run.prompt_version is not None}
    later = {run.agent: run.prompt_version for run in after if run.prompt_version is not None}
    for agent in dict.fromkeys((*later, *earlier)):
        yield PromptPair(agent, earlier.get(agent), later.get(agent))

"""Labelled documents out of what people decided: accepted findings are expected, dismissed ones must not be found. Pure.

We keep no document, only its checksum: a case can be made once somebody lays the file beside it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from smallprint.evaluation.places import Places
from smallprint.evaluation.values import Span
from smallprint.models.domain import Decision, Decisions, Document, FindingDecision, Report, ReportFinding
from smallprint.reports import wording

SOURCE = "feedback"
LABELLED = "accepted and dismissed by readers of reports"
HARMLESS = "none"


@dataclass(frozen=True, slots=True)
class DecidedReport:
    """A report, and what holds of its findings."""

    report: Report
    decisions: Decisions


@dataclass(frozen=True, slots=True)
class DecidedDocument:
    """A document on whose findings people decided, in one report or in several."""

    sha256: str
    name: str
    reports: Sequence[DecidedReport]

    @property
    def id(self) -> str:
        """Of its case, and the name of its files."""
        return f"{SOURCE}-{self.sha256[:12]}"

    def count(self, decision: Decision) -> int:
        """Findings that were decided so."""
        return sum(held.decision is decision for held, _ in self.decided())

    def decided(self) -> Iterator[tuple[FindingDecision, ReportFinding]]:
        """Every decision with its finding, in the order of the reports."""
        for each in self.reports:
            for finding in each.report.findings:
                held = each.decisions.get(finding.finding.id)
                if held is not None:
                    yield held, finding


@dataclass(frozen=True, slots=True)
class Case:
    """A labelled document, ready to be written."""

    id: str
    labels: str
    """JSON, as evaluation/datasets.py reads it."""
    text: str
    """What the labels' offsets refer to."""
    placeless: int
    """Decided findings whose words do not stand in the text: left out."""


def by_document(decided: Iterable[DecidedReport]) -> tuple[DecidedDocument, ...]:
    """In the order of the first report on each; reports without any decision that holds are left out."""
    together: dict[str, list[DecidedReport]] = {}
    for each in decided:
        if any(finding.finding.id in each.decisions for finding in each.report.findings):
            together.setdefault(each.report.document_sha256, []).append(each)
    return tuple(
        DecidedDocument(sha256, wording.document_name(reports[0].report), reports)
        for sha256, reports in together.items()
    )


def case_of(decided: DecidedDocument, document: Document, file: str) -> Case:
    """`document`: the file, read; `file`: where it lies, seen from the data set's folder."""
    places = Places(document.text)
    clauses: dict[Decision, list[dict[str, Any]]] = {Decision.ACCEPTED: [], Decision.DISMISSED: []}
    placeless = 0
    for held, finding in decided.decided():
        spans = _spans(finding, places, document)
        if not spans:
            placeless += 1
        else:
            clause = _clause(held, finding, spans, document.text)
            clauses[held.decision] += [clause] if _is_new(clause, clauses[held.decision]) else []
    labels = {
        "id": decided.id,
        "title": decided.name,
        "text_file": f"docs/{decided.id}.txt",
        "file": file,
        "sha256": decided.sha256,
        "source": SOURCE,
        "label_origin": LABELLED,
        "exhaustive": False,
        "expected": clauses[Decision.ACCEPTED],
        "must_not_flag": clauses[Decision.DISMISSED],
    }
    return Case(decided.id, json.dumps(labels, indent=1, ensure_ascii=False) + "\n", document.text, placeless)


def _spans(finding: ReportFinding, places: Places, document: Document) -> list[Span]:
    grounded = [evidence for evidence in finding.evidence if evidence.match.grounded]
    found = (span for evidence in grounded for span in places.locate(evidence, len(document.text)))
    return sorted(set(found))


def _clause(
    held: FindingDecision, finding: ReportFinding, spans: Sequence[Span], text: str
) -> dict[str, Any]:
    accepted = held.decision is Decision.ACCEPTED
    return {
        "category": finding.finding.category or SOURCE,
        "label": wording.title(finding),
        "reason": held.reason,
        "risk": finding.severity.value if accepted else HARMLESS,
        "polarity": "present",
        "spans": [list(span) for span in spans],
        "quotes": [text[start:end] for start, end in spans],
    }


def _is_new(clause: Mapping[str, Any], others: Sequence[Mapping[str, Any]]) -> bool:
    """Two reports on one document find the same: once is enough."""
    key = (clause["category"], clause["spans"])
    return all((other["category"], other["spans"]) != key for other in others)

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from smallprint.evaluation.datasets import load_dataset
from smallprint.evaluation.feedback_cases import Case, DecidedReport, by_document, case_of
from smallprint.models.domain import (
    Decision,
    Document,
    DocumentKind,
    Match,
    ReadingReceipt,
    Report,
    ReportFinding,
)
from tests.fakes.judged import LIABILITY, PAYMENT, RENEWAL, TEXT, UNLIMITED, found, report
from tests.fakes.reports import decision

ACCEPTED, DISMISSED, UNDONE = Decision
DOCUMENT = Document("a.txt", DocumentKind.TEXT, "f" * 64, TEXT, (), ReadingReceipt())


def named(finding: ReportFinding, name: str) -> ReportFinding:
    return replace(finding, finding=replace(finding.finding, id=name))


def decided(whole: Report, **decisions: Decision) -> DecidedReport:
    return DecidedReport(whole, {name: decision(name, each, "why") for name, each in decisions.items()})


THREE = report(
    named(found(UNLIMITED, LIABILITY), "F1"),
    named(found("term.auto_renewal", RENEWAL), "F2"),
    named(found("payment.terms", PAYMENT), "F3"),
    document_sha256="f" * 64,
    document_name="lease.pdf",
)


def case(*reports: DecidedReport) -> Case:
    (document,) = by_document(reports)
    return case_of(document, DOCUMENT, "files/a.txt")


def test_what_is_written_is_a_data_set_that_can_be_loaded(tmp_path: Path):
    made = case(decided(THREE, F1=ACCEPTED, F3=DISMISSED))
    for folder in ("files", "docs"):
        (tmp_path / folder).mkdir()
    (tmp_path / "files" / "a.txt").write_text(TEXT)
    (tmp_path / "docs" / f"{made.id}.txt").write_bytes(made.text.encode())
    (tmp_path / f"{made.id}.json").write_text(made.labels)
    (loaded,) = load_dataset(tmp_path)
    assert [(each.category, each.quotes) for each in loaded.expected] == [
        (UNLIMITED, (LIABILITY.rstrip("."),))
    ]
    (harmless,) = loaded.must_not_flag
    assert (harmless.category, harmless.flagging_is_wrong) == ("payment.terms", True)
    assert [TEXT[start:end] for start, end in harmless.spans] == [PAYMENT.rstrip(".")]
    assert (loaded.exhaustive, loaded.source, loaded.title) == (False, "feedback", "lease.pdf")


def test_the_case_names_the_checksum_and_why_but_nobody():
    labels = json.loads(case(decided(THREE, F3=DISMISSED)).labels)
    assert labels["sha256"] == "f" * 64
    assert labels["must_not_flag"][0]["reason"] == "why"
    assert "U02ANN7" not in json.dumps(labels)


def test_reports_on_the_same_document_are_one_case_and_the_same_finding_is_there_once():
    again = replace(THREE, analysis_id="again")
    made = case(decided(THREE, F1=ACCEPTED), decided(again, F1=ACCEPTED, F2=ACCEPTED))
    assert len(json.loads(made.labels)["expected"]) == 2


def test_words_that_do_not_stand_in_the_text_are_left_out_and_counted():
    scan = found(UNLIMITED, "Read off a picture.", match=Match.UNVERIFIED)
    other = found(UNLIMITED, "Words of another version.")
    whole = report(named(scan, "F1"), named(other, "F2"), named(found(UNLIMITED, LIABILITY), "F3"))
    made = case(decided(whole, F1=ACCEPTED, F2=ACCEPTED, F3=ACCEPTED))
    assert made.placeless == 2
    assert len(json.loads(made.labels)["expected"]) == 1


def test_a_report_whose_decisions_are_about_nothing_in_it_makes_no_case():
    assert by_document([decided(THREE), decided(THREE, F99=ACCEPTED)]) == ()

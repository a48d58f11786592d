from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.agents.deadlines import date_of, find_passed_dates
from smallprint.agents.sentences import split_sentences
from smallprint.models.domain import Finding, PassageKind
from tests.fakes.passages import document_of

PLAN = "Action | Owner | Due | State\nChange the locks | Mia | {due} | {state}"


def passed(*texts: str | tuple[PassageKind, str]) -> dict[str, Finding]:
    document = document_of(*texts)
    found = find_passed_dates(document, tuple(split_sentences(document.passages)))
    return {finding.category: finding for finding in found}


@pytest.mark.parametrize(
    ("opening", "day"),
    [
        ("Report of 20 March 2026", date(2026, 3, 20)),
        ("Dated the 3rd of May, 2025", date(2025, 5, 3)),
        ("This Agreement is made as of January 7, 2024 by", date(2024, 1, 7)),
        ("Date | 2026-02-01", date(2026, 2, 1)),
        ("Certificate valid until 31 January 2026. Date: 2 March 2026", date(2026, 3, 2)),
        ("31 February 2026", None),
        ("No date at all", None),
    ],
)
def test_a_document_is_of_the_first_date_it_gives_for_itself(opening, day):
    assert date_of(document_of(opening)) == day


def test_a_certificate_that_had_run_out_is_found():
    found = passed("Answers of 2 March 2026", "ISO/IEC 27001 certificate, valid until 31 January 2026.")
    assert "31 January 2026" in found["security.certificate_expired"].statement


@pytest.mark.parametrize(
    "sentence",
    [
        "ISO/IEC 27001 certificate, valid until 31 January 2027.",
        "The certificate was issued on 31 January 2026.",
        "The offer is valid until 31 January 2026.",
    ],
)
def test_other_dates_are_not_taken_for_a_certificate_that_had_run_out(sentence):
    assert not passed("Answers of 2 March 2026", sentence)


def test_a_measure_that_was_due_before_the_report_is_found():
    row = PLAN.format(due="28 February 2026", state="Open")
    finding = passed("Report of 20 March 2026", (PassageKind.TABLE, row))["document.deadline_passed"]
    assert finding.quotations[0].text == "Change the locks | Mia | 28 February 2026 | Open"


@pytest.mark.parametrize(("due", "state"), [("28 February 2026", "Done"), ("30 April 2026", "Open")])
def test_what_is_done_or_still_ahead_is_not_late(due, state):
    assert not passed("Report of 20 March 2026", (PassageKind.TABLE, PLAN.format(due=due, state=state)))


def test_a_table_of_events_is_no_plan():
    events = "Date | Event\n3 March 2026 | The lock failed"
    assert not passed("Report of 20 March 2026", (PassageKind.TABLE, events))


def test_without_a_date_of_its_own_nothing_can_be_late():
    row = PLAN.format(due="soon", state="Open")
    assert not passed("Report", (PassageKind.TABLE, row))


@given(st.text(alphabet="12 marchprilexpiresvalid until2026-.|\n", max_size=120))
def test_no_text_stops_the_search(text):
    passed("Report of 20 March 2026", text, (PassageKind.TABLE, text))

"""Dates that had passed when the document was written: certificates that have run out, work that was due. Pure.

A document is measured by its own date, not by today's: the same document always gets the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from smallprint.agents.sentences import Sentence
from smallprint.agents.tables import Row, Table, tables_of
from smallprint.models.domain import Document, Finding, PassageKind, Quotation, RiskLevel

_CERTIFICATE = (
    "security.certificate_expired",
    "A certificate had run out",
    "The document is of {own}, and names a certificate or cover that was valid until {day} only.",
    "What a certificate vouches for is no longer vouched for by anybody.",
    "Ask for the certificate that is valid now, with its scope, from whoever issued it.",
)
_DEADLINE = (
    "document.deadline_passed",
    "A date had passed before the document was written",
    "The document is of {own}, and sets a date of {day} for something that is still to be done.",
    "A plan that starts in the past is not kept, or was never meant.",
    "Ask whether it has been done, and have the date set anew.",
)

MAX_QUOTATIONS = 3


def find_passed_dates(document: Document, sentences: tuple[Sentence, ...]) -> tuple[Finding, ...]:
    """Nothing when the document does not say of when it is. `sentences` are the document's; ids are the analyst's."""
    own = date_of(document)
    if own is None:
        return ()
    certificates = [
        (day, Quotation(each.text, each.passage)) for each in sentences for day in _run_out(each, own)
    ]
    due = [(day, row.quotation) for table in tables_of(document) for row, day in _overdue(table, own)]
    found = ((_CERTIFICATE, certificates), (_DEADLINE, due))
    return tuple(_finding(words, own, passed) for words, passed in found if passed)


# --- the document's own date -------------------------------------------------------------------------------

_MONTHS = "january february march april may june july august september october november december".split()  # noqa: SIM905
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_DATE = re.compile(
    rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?(?P<month>{_MONTH})\.?,? (?P<year>(?:19|20)\d\d)"
    rf"|(?P<month_first>{_MONTH})\.? (?P<day_second>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year_last>(?:19|20)\d\d)"
    r"|(?P<iso>(?:19|20)\d\d-\d\d-\d\d))\b",
    re.IGNORECASE,
)
_OPENING_CHARS = 1_500
_NOT_ITS_OWN = re.compile(
    r"(?:until|expir\w*|since|before|after|by|due|valid|from|born|on or)\W{1,3}$", re.IGNORECASE
)


def date_of(document: Document) -> date | None:
    """The first date of its opening, unless that is the date of something else ("valid until …"); None if there is none."""
    opening = "\n".join(p.text for p in document.passages if p.kind is not PassageKind.PROFILE)[
        :_OPENING_CHARS
    ]
    for found in _DATE.finditer(opening):
        day = _day(found)
        if day and not _NOT_ITS_OWN.search(opening, max(0, found.start() - 20), found.start()):
            return day
    return None


def _day(found: re.Match[str]) -> date | None:
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        month = (found["month"] or found["month_first"]).lower()
        number = next(at for at, name in enumerate(_MONTHS, 1) if name.startswith(month[:3]))
        return date(
            int(found["year"] or found["year_last"]), number, int(found["day"] or found["day_second"])
        )
    except ValueError:  # 31 February
        return None


# --- what had passed ---------------------------------------------------------------------------------------

_VOUCHES = re.compile(
    r"certificat|iso[ /]|\bsoc ?[12]\b|accredit|attestation|insur|licen[cs]e (?:no|number)|pci"
)
_VALID_UNTIL = re.compile(
    r"(?:valid (?:until|to|through|till)|expir\w+(?: date)?(?: on)?|runs? out(?: on)?)\W{0,3}$"
)
_DUE = ("due", "deadline", "target date", "by when", "date")
_WORK = ("milestone", "deliverable", "action", "task", "measure", "step", "due", "deadline")
_DONE = re.compile(r"\b(?:done|complete[d]?|closed|finished|delivered|implemented|yes|paid|achieved|met)\b")


def _run_out(sentence: Sentence, own: date) -> Iterator[date]:
    if not _VOUCHES.search(sentence.folded):
        return
    for found in _DATE.finditer(sentence.folded):
        day = _day(found)
        if day and day < own and _VALID_UNTIL.search(sentence.folded, 0, found.start()):
            yield day


def _overdue(table: Table, own: date) -> Iterator[tuple[Row, date]]:
    """Rows of a plan: its headers name work and the date by which it is due."""
    column = table.column(*_DUE)
    if column is None or not any(word in header for header in table.headers for word in _WORK):
        return
    for row in table.rows:
        found = _DATE.search(row.cells[column]) if column < len(row.cells) else None
        day = _day(found) if found else None
        if day and day < own and not _DONE.search(row.text.lower()):
            yield row, day


def _finding(
    words: tuple[str, str, str, str, str], own: date, passed: list[tuple[date, Quotation]]
) -> Finding:
    category, title, says, why, ask = words
    statement = says.format(own=_said(own), day=_said(passed[0][0]))
    quotations = tuple(dict.fromkeys(quotation for _, quotation in passed))[:MAX_QUOTATIONS]
    return Finding("", category, title, statement, why, ask, RiskLevel.MEDIUM, quotations)


def _said(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1].capitalize()} {day.year}"

"""What each version of a prompt cost, and which analyses worked with it, in words."""

from datetime import date

import pytest

from smallprint.models.usage import PromptUse, Spending, VersionSpending
from smallprint.reports.prompt_usage import (
    USE_HEADINGS,
    VERSION_HEADINGS,
    PromptQuestion,
    read_prompt_question,
    use_rows,
    version_rows,
)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("by prompt analyst", PromptQuestion("analyst")),
        ("prompt analyst v3", PromptQuestion("analyst", "v3")),
        ("Prompt document_analysis 3", PromptQuestion("document_analysis", "3")),
        ("by prompt", None),
        ("by agent analyst", None),
        ("prompt analyst v3 v4", None),
        ("", None),
    ],
)
def test_an_agent_and_a_version_may_follow_prompt(words, question):
    assert read_prompt_question(words.split()) == question


def test_each_version_has_its_days_and_what_a_document_cost():
    spending = Spending(calls=2_400, documents=1_200, cost_nano_usd=96_000_000_000)
    (row,) = version_rows([VersionSpending(3, date(2026, 10, 5), date(2026, 11, 26), spending)])
    assert dict(zip(VERSION_HEADINGS, row, strict=True)) == {
        "version": "v3",
        "first asked": "5 Oct 2026",
        "last asked": "26 Nov 2026",
        "documents": "1,200",
        "calls": "2,400",
        "cost": "$96.00",
        "a document": "$0.080",
    }


def test_calls_without_a_version_have_a_line_too():
    (row,) = version_rows([VersionSpending(None, date(2026, 10, 5), date(2026, 10, 5), Spending(1, 1))])
    assert row[0] == "none"


@pytest.mark.parametrize(
    ("use", "cells"),
    [
        (
            PromptUse("an1", "2026-11-26T10:20:30Z", "C1", "U1", "high"),
            ("2026-11-26 10:20", "an1", "C1", "U1", "high"),
        ),
        (
            PromptUse("an2", "2026-11-26T10:20:30Z", "", "", None),
            ("2026-11-26 10:20", "an2", "command line", "command line", "no result"),
        ),
        (
            PromptUse("an3", "2026-11-26T10:20:30Z", "C1", None, "low"),
            ("2026-11-26 10:20", "an3", "C1", "erased user", "low"),
        ),
    ],
)
def test_each_use_says_when_where_and_for_whom(use, cells):
    assert use_rows([use]) == (cells,)
    assert len(USE_HEADINGS) == len(cells)

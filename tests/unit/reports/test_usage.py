"""What was spent, in words, tables, CSV and JSON."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from smallprint.models.domain import Usage
from smallprint.models.usage import Grouping, Period, Spending
from smallprint.reports.usage import (
    UsageQuestion,
    headings,
    line_name,
    money,
    money_per_document,
    notes,
    read_question,
    rows,
    sentences,
    title,
    total_row,
    usage_csv,
    usage_json,
)
from tests.fakes.usage import DOLLAR, HAIKU, SONNET, line, table, three_days

# --- what is asked ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "period", "by"),
    [
        ("", Period.THIRTY_DAYS, Grouping.DAY),
        ("today", Period.TODAY, Grouping.DAY),
        ("7d by channel", Period.WEEK, Grouping.CHANNEL),
        ("by channel 7d", Period.WEEK, Grouping.CHANNEL),
        ("by model", Period.THIRTY_DAYS, Grouping.MODEL),
        ("MONTH By Prompt", Period.MONTH, Grouping.PROMPT),
        ("agent 30d", Period.THIRTY_DAYS, Grouping.AGENT),
    ],
)
def test_a_question_may_name_a_period_and_a_grouping_in_any_order(words, period, by):
    assert read_question(words.split()) == UsageQuestion(period, by)


@pytest.mark.parametrize(
    "words", ["yesterday", "7d 30d", "by user by channel", "30d channel C1", "-1d", "by day,"]
)
def test_a_word_that_means_nothing_is_not_guessed_at(words):
    assert read_question(words.split()) is None


@given(st.lists(st.text(max_size=8), max_size=4))
def test_no_words_at_all_break_the_question(words):
    assert read_question(words) is None or len(words) <= 4


# --- words -----------------------------------------------------------------------------------------------


def test_the_title_says_what_and_when():
    assert title(three_days()) == "Usage by day, last 30 days (28 Oct to 26 Nov 2026)"


def test_a_period_over_new_year_names_both_years_and_one_day_is_named_once():
    over = replace(three_days(), first_day=date(2026, 12, 20), last_day=date(2027, 1, 2))
    assert title(over).endswith("(20 Dec 2026 to 2 Jan 2027)")
    one = replace(three_days(), period=Period.TODAY, first_day=date(2026, 11, 26))
    assert title(one) == "Usage by day, today (26 Nov 2026)"


@pytest.mark.parametrize(
    ("spending", "shown", "each"),
    [
        (Spending(2, 4, 5 * DOLLAR), "$5.00", "$1.250"),
        (Spending(2, 0, 5 * DOLLAR), "$5.00", ""),
        (Spending(2, 1, DOLLAR // 1000), "<$0.01", "$0.001"),
        (Spending(2, 1, 0), "$0.00", "$0.000"),
        (Spending(2, 1, 0, unpriced_calls=2), "unknown", "unknown"),
        (Spending(2, 1, DOLLAR, unpriced_calls=1), "≥ $1.00", "≥ $1.000"),
        (Spending(2, 1, DOLLAR, broken_calls=1), "≥ $1.00", "≥ $1.000"),
        (Spending(9, 1, 12_345 * DOLLAR), "$12,345.00", "$12,345.000"),
    ],
)
def test_a_cost_that_is_not_known_is_never_shown_as_nothing(spending, shown, each):
    assert (money(spending), money_per_document(spending)) == (shown, each)


def test_what_is_not_known_stands_under_the_figures():
    odd = table(Grouping.MODEL, line("llama", {}, unpriced=3), line(SONNET, {SONNET: 1}, broken=1))
    unknown, broken, utc = notes(odd)
    assert unknown.startswith("3 calls of unknown cost")
    assert broken.startswith("1 call broke off")
    assert utc == "Days are UTC."
    assert notes(three_days()) == ("Days are UTC.",)


def test_documents_that_stand_in_several_lines_are_explained():
    shared = three_days()
    shared = replace(shared, total=replace(shared.total, documents=2))
    assert "counts once in the total" in notes(shared)[0]


@pytest.mark.parametrize(
    ("name", "by", "shown"),
    [
        ("2026-11-02", Grouping.DAY, "2 Nov"),
        ("", Grouping.CHANNEL, "command line"),
        ("", Grouping.USER, "command line"),
        (None, Grouping.USER, "erased user"),
        ("C1\u202e\x1b[31m\nC2", Grouping.CHANNEL, "C1[31m C2"),
        ("document_analysis v3", Grouping.PROMPT, "document_analysis v3"),
    ],
)
def test_a_line_has_a_name_that_is_safe_to_show(name, by, shown):
    assert line_name(line(name, {}), by) == shown


def test_the_figures_can_be_heard():
    said = " ".join(sentences(three_days()))
    assert said == "$6.75 in all, 6 documents, 12 calls. Most: 13 Nov, $4.00. Days are UTC."


# --- tables ----------------------------------------------------------------------------------------------


def test_every_row_has_a_cell_for_each_heading():
    spent = three_days()
    assert headings(spent)[0] == "day"
    assert {len(row) for row in (*rows(spent), total_row(spent))} == {len(headings(spent))}
    assert rows(spent)[0] == ("2 Nov", "2", "4", "1.0k", "200", "34", "500", "$1.75", "$0.875")
    assert total_row(spent)[0] == "total"


@pytest.mark.parametrize(
    ("tokens", "shown"),
    [
        (0, "0"),
        (999, "999"),
        (1_000, "1.0k"),
        (12_345, "12.3k"),
        (4_500_000, "4.5M"),
        (7_000_000_000, "7.0G"),
    ],
)
def test_many_tokens_are_shown_short(tokens, shown):
    spent = replace(three_days(), usage=Usage(input_tokens=tokens))
    assert total_row(spent)[3] == shown


# --- CSV and JSON ----------------------------------------------------------------------------------------


def test_a_csv_has_exact_figures_a_row_per_line_and_no_total():
    header, *records = csv.reader(StringIO(usage_csv(three_days())))
    assert header[0] == "day"
    assert [record[0] for record in records] == ["2026-11-02", "2026-11-13", "2026-11-26"]
    first = dict(zip(header, records[0], strict=True))
    assert (first["known_cost_nano_usd"], first["known_cost_usd"]) == ("1750000000", "1.750000000")
    assert (first["input_tokens"], first["cache_read_tokens"], first["output_tokens"]) == (
        "1000",
        "200",
        "500",
    )


@pytest.mark.parametrize(
    "name", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r\n=1", "＝1+1", "=cmd|' /C calc'!A0"]
)
def test_no_cell_of_a_csv_is_a_formula(name):
    _, record = csv.reader(StringIO(usage_csv(table(Grouping.MODEL, line(name, {})))))
    assert record[0].startswith("'")


@given(st.lists(st.text(max_size=30), max_size=5))
def test_any_name_keeps_the_csv_in_shape(names):
    spent = table(Grouping.CHANNEL, *[line(name, {SONNET: 1}) for name in names])
    header, *records = csv.reader(StringIO(usage_csv(spent)))
    assert [len(record) for record in records] == [len(header)] * len(names)
    assert not any(record[0].startswith(("=", "+", "-", "@", "\t", "\r")) for record in records)


def test_json_has_exact_figures_with_their_total_and_names_its_form():
    document = json.loads(
        usage_json(table(Grouping.USER, line(None, {HAIKU: 0.5}, unpriced=1), line("U1", {})))
    )
    assert (document["schema"], document["period"], document["by"]) == ("smallprint.usage/1", "30d", "user")
    assert [each["name"] for each in document["lines"]] == [None, "U1"]
    assert document["lines"][0]["calls_of_unknown_cost"] == 1
    assert document["total"]["known_cost_nano_usd"] == DOLLAR // 2
    assert (document["first_day"], document["last_day"]) == ("2026-10-28", "2026-11-26")

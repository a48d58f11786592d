"""What was spent, in words, tables, CSV and JSON; and what somebody who asks for it may say. Pure."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

from smallprint.models.domain import NANO_USD_PER_USD, Usage
from smallprint.models.usage import Grouping, Period, Spending, UsageLine, UsageTable
from smallprint.reports.text import plain
from smallprint.reports.wording import cost, counted

HOW_TO_ASK = (
    "Say a period and what to split it by, or nothing: today, 7d, 30d or month;"
    " by day, channel, user, model, prompt or agent. For example: 30d by channel."
)
NOTHING_YET = "Nothing was asked of the AI in this time."
COMMAND_LINE, ERASED = "command line", "erased user"
TOTAL = "total"
UNKNOWN = "unknown"
UNPRICED = (
    "{calls} of unknown cost: no price for the model, or what was used is not known. The true sum is higher."
)
BROKEN = "{calls} broke off and cost at least what is counted here."
DOCUMENTS_ONCE = "A document that stands in several lines counts once in the total."
IN_UTC = "Days are UTC."

SCHEMA = "smallprint.usage/1"
TITLES = {
    Period.TODAY: "today",
    Period.WEEK: "last 7 days",
    Period.THIRTY_DAYS: "last 30 days",
    Period.MONTH: "this month",
}
_HEADINGS = ("documents", "calls", "input", "cached", "written", "output", "cost", "a document")
LESS_TELLING = ("written", "cached", "a document")
"""Headings of the columns that are left out first where there is little room."""
_FORMULA_STARTS = frozenset("=+-@")
_THOUSAND, _MILLION, _BILLION = 1_000, 1_000_000, 1_000_000_000


@dataclass(frozen=True, slots=True)
class UsageQuestion:
    """What somebody wants to know."""

    period: Period = Period.THIRTY_DAYS
    by: Grouping = Grouping.DAY


def read_question(words: Sequence[str]) -> UsageQuestion | None:
    """The question in somebody's words, in any order, "by" or not; None when a word means nothing here or is said twice."""
    said = [word.lower() for word in words if word.lower() != "by"]
    periods = [Period(word) for word in said if word in set(Period)]
    groupings = [Grouping(word) for word in said if word in set(Grouping)]
    if len(periods) + len(groupings) != len(said) or len(periods) > 1 or len(groupings) > 1:
        return None
    usual = UsageQuestion()
    return UsageQuestion((*periods, usual.period)[0], (*groupings, usual.by)[0])


# --- words -------------------------------------------------------------------------------------------------


def title(table: UsageTable) -> str:
    """Usage by channel, last 30 days (28 Oct to 26 Nov 2026)"""
    return f"Usage by {table.grouping.value}, {TITLES[table.period]} ({days(table)})"


def days(table: UsageTable) -> str:
    """28 Oct to 26 Nov 2026"""
    last = f"{day_name(table.last_day)} {table.last_day.year}"
    if table.first_day == table.last_day:
        return last
    year = "" if table.first_day.year == table.last_day.year else f" {table.first_day.year}"
    return f"{day_name(table.first_day)}{year} to {last}"


def day_name(day: date) -> str:
    """5 Nov"""
    return f"{day.day} {day:%b}"


def line_name(line: UsageLine, grouping: Grouping) -> str:
    """Safe to show in one line; of a channel or user it is the id."""
    if line.name is None:
        return ERASED
    if grouping is Grouping.DAY:
        return day_name(date.fromisoformat(line.name))
    return plain(line.name) or (COMMAND_LINE if grouping in {Grouping.CHANNEL, Grouping.USER} else UNKNOWN)


def money(spending: Spending) -> str:
    """$1.20; "≥ $1.20" when the true sum is higher, "unknown" when nothing of it is known."""
    if spending.unpriced_calls and not spending.cost_nano_usd:
        return UNKNOWN
    known = "$0.00" if not spending.cost_nano_usd else cost(in_usd(spending.cost_nano_usd))
    return known if spending.is_exact else f"≥ {known}"


def money_per_document(spending: Spending) -> str:
    """$0.082; empty without documents."""
    if not spending.documents:
        return ""
    if spending.unpriced_calls and not spending.cost_nano_usd:
        return UNKNOWN
    each = in_usd(spending.cost_nano_usd) / spending.documents
    return f"{'' if spending.is_exact else '≥ '}${each:,.3f}"


def in_usd(nano_usd: int) -> Decimal:
    return Decimal(nano_usd) / NANO_USD_PER_USD


def notes(table: UsageTable) -> tuple[str, ...]:
    """Whole sentences that must stand under the figures."""
    total = table.total
    return (
        *([UNPRICED.format(calls=counted(total.unpriced_calls, "call"))] if total.unpriced_calls else []),
        *([BROKEN.format(calls=counted(total.broken_calls, "call"))] if total.broken_calls else []),
        *(
            [DOCUMENTS_ONCE]
            if total.documents != sum(line.spending.documents for line in table.lines)
            else []
        ),
        IN_UTC,
    )


def sentences(table: UsageTable) -> Iterator[str]:
    """What the figures say, most telling first: for who hears a chart instead of seeing it."""
    total = table.total
    yield (f"{money(total)} in all, {counted(total.documents, 'document')}, {counted(total.calls, 'call')}.")
    if len(table.lines) > 1:
        most = max(table.lines, key=lambda line: line.spending.cost_nano_usd)
        yield f"Most: {line_name(most, table.grouping)}, {money(most.spending)}."
    yield from notes(table)


# --- tables ------------------------------------------------------------------------------------------------


def headings(table: UsageTable) -> tuple[str, ...]:
    """Of the columns of `rows`: the first is text, the others are figures."""
    return (table.grouping.value, *_HEADINGS)


def rows(table: UsageTable) -> tuple[tuple[str, ...], ...]:
    """Cells of plain text, a row per line."""
    return tuple(_row(line_name(line, table.grouping), line.spending, line.usage) for line in table.lines)


def total_row(table: UsageTable) -> tuple[str, ...]:
    return _row(TOTAL, table.total, table.usage)


def _row(name: str, spending: Spending, usage: Usage) -> tuple[str, ...]:
    return (
        name,
        f"{spending.documents:,}",
        f"{spending.calls:,}",
        *map(_short, (usage.input_tokens, usage.cache_read_tokens, _written(usage), usage.output_tokens)),
        money(spending),
        money_per_document(spending),
    )


def _written(usage: Usage) -> int:
    """Into the cache."""
    return usage.cache_write_5m_tokens + usage.cache_write_1h_tokens


def _short(tokens: int) -> str:
    """987, 12.3k, 4.5M"""
    for size, sign in ((_BILLION, "G"), (_MILLION, "M"), (_THOUSAND, "k")):
        if tokens >= size:
            return f"{tokens / size:.1f}{sign}"
    return str(tokens)


# --- files -------------------------------------------------------------------------------------------------


def usage_csv(table: UsageTable) -> str:
    """Exact figures, a row per line and no total. A name that a spreadsheet would compute gets an apostrophe."""
    written = StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([table.grouping.value, *_figures(Spending(), Usage())])
    for line in table.lines:
        name = _cell(_file_name(line, table.grouping))
        writer.writerow([name, *_figures(line.spending, line.usage).values()])
    return written.getvalue()


def usage_json(table: UsageTable) -> str:
    """Exact figures with their total; the form is named by `schema`."""
    document = {
        "schema": SCHEMA,
        "period": table.period.value,
        "by": table.grouping.value,
        "first_day": table.first_day.isoformat(),
        "last_day": table.last_day.isoformat(),
        "lines": [{"name": line.name, **_figures(line.spending, line.usage)} for line in table.lines],
        "total": _figures(table.total, table.usage),
    }
    return json.dumps(document, indent=2, ensure_ascii=False)


def _figures(spending: Spending, usage: Usage) -> dict[str, int | str]:
    return {
        "documents": spending.documents,
        "calls": spending.calls,
        "calls_of_unknown_cost": spending.unpriced_calls,
        "calls_that_broke_off": spending.broken_calls,
        "input_tokens": usage.input_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_5m_tokens": usage.cache_write_5m_tokens,
        "cache_write_1h_tokens": usage.cache_write_1h_tokens,
        "output_tokens": usage.output_tokens,
        "thinking_tokens": usage.thinking_tokens,
        "known_cost_nano_usd": spending.cost_nano_usd,
        "known_cost_usd": f"{in_usd(spending.cost_nano_usd):.9f}",
    }


def _file_name(line: UsageLine, grouping: Grouping) -> str:
    return line.name if line.name and grouping is Grouping.DAY else line_name(line, grouping)


def _cell(text: str) -> str:
    """https://owasp.org/www-community/attacks/CSV_Injection"""
    starts = unicodedata.normalize(
        "NFKC", text[:1]
    )  # in some languages a full-width sign begins a formula too
    return f"'{text}" if starts in _FORMULA_STARTS else text

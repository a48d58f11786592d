"""Tables of usage, made by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from smallprint.models.domain import Usage
from smallprint.models.usage import Grouping, Period, Spending, UsageLine, UsageTable

FIRST, LAST = date(2026, 10, 28), date(2026, 11, 26)
DOLLAR = 1_000_000_000
SONNET, HAIKU, OPUS = "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5"


def line(name: str | None, dollars: Mapping[str, float], *, unpriced: int = 0, broken: int = 0) -> UsageLine:
    """Two documents and four calls; `dollars` by model."""
    costs = {model: round(value * DOLLAR) for model, value in dollars.items()}
    spending = Spending(4, 2, sum(costs.values()), unpriced, broken)
    return UsageLine(name, spending, Usage(1_000, 200, 30, 4, 500, 60), costs)


def table(by: Grouping, *lines: UsageLine) -> UsageTable:
    """Of thirty days; the total is the sum of the lines."""
    spent = [each.spending for each in lines]
    total = Spending(
        sum(each.calls for each in spent),
        sum(each.documents for each in spent),
        sum(each.cost_nano_usd for each in spent),
        sum(each.unpriced_calls for each in spent),
        sum(each.broken_calls for each in spent),
    )
    usage = sum((each.usage for each in lines), Usage())
    return UsageTable(Period.THIRTY_DAYS, by, FIRST, LAST, lines, total, usage)


def three_days() -> UsageTable:
    """$6.75 on three of thirty days, with three models."""
    return table(
        Grouping.DAY,
        line("2026-11-02", {SONNET: 1.5, HAIKU: 0.25}),
        line("2026-11-13", {SONNET: 2.5, HAIKU: 0.5, OPUS: 1}),
        line("2026-11-26", {SONNET: 1}),
    )


def usage_by_channel() -> UsageTable:
    """Five places, one of them the command line; a call of unknown cost."""
    return table(
        Grouping.CHANNEL,
        line("#contracts", {SONNET: 61.05, HAIKU: 6.2}),
        line("#procurement", {SONNET: 44.1, HAIKU: 4.4}, unpriced=1),
        line("private channel C0LEGAL001", {SONNET: 12.9, OPUS: 9.3}),
        line("direct message D0ANN00001", {HAIKU: 0.42}),
        line("", {SONNET: 0.08}),
    )

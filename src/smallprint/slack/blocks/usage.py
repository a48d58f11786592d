"""What `/usage` answers: the sums, a table, and what must be said about them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.cells import cell_len

from smallprint.models.usage import Grouping, UsageLine, UsageTable
from smallprint.reports.usage import (
    NOTHING_YET,
    TOTAL,
    line_name,
    money,
    money_per_document,
    notes,
    sentences,
    title,
)
from smallprint.reports.wording import counted
from smallprint.slack.blocks.elements import (
    actions,
    bold,
    bullets,
    button,
    code,
    context,
    preformatted,
    rich_text,
    section,
    words,
)
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, shorten

CHART_ACTION = "usage_chart"

CHART = "Send me the chart"
SENT = "The chart is in your direct messages with me."
NO_CHART = "There is too little in this time for a chart."
MORE = "… {count} more"
HEADINGS = ("documents", "calls", "cost", "a document")
BEGIN = "Share a document in a channel I'm in: its cost will stand here."
HELP_TITLE = "/usage says what was asked of the AI and what it cost. Only you see the answer."
HELP = (
    ("/usage", "the last 30 days, day by day"),
    ("/usage 7d by channel", "today, 7d, 30d or month; by day, channel, user, model, prompt or agent"),
    ("/usage budget", "limits, and what is spent, held and left of them"),
    ("/usage budget set channel #contracts 25 the trial is over", "sets a limit, in US dollars or none"),
    ("/usage budget clear channel #contracts as everywhere", "back to what holds without it"),
)
HELP_WHO = (
    "Members see what they asked for and what was asked in the channel they type in; admins see everything"
    " and set limits: for a document, a user (a day), a channel (a month) or the workspace (a month)."
)

CHART_LINES = 3
"""Up to so many a table says it as well as a picture."""
_MOST_LINES = 15
_MOST_DAYS = 31
_NAME, _FALLBACK = 28, 700


def usage_message(table: UsageTable, seen: str) -> Message:
    """`seen` says what the asker is shown, in a sentence. Names of channels and people stand in the lines already."""
    told = f"{title(table)}: {NOTHING_YET if not table.lines else next(sentences(table))}"
    return Message(
        text=escape_mrkdwn(shorten(told, _FALLBACK)),
        blocks=list(_blocks(table, seen) if table.lines else _empty(table, seen)),
    )


def usage_help(*, unknown: bool = False) -> Message:
    """The words that mean something."""
    first = f"I don't understand that. {HELP_TITLE}" if unknown else HELP_TITLE
    rows = [section(code(typed), words(f"  {what}")) for typed, what in HELP]
    return Message(
        text=escape_mrkdwn(first),
        blocks=[rich_text(section(words(first)), bullets(rows)), context(HELP_WHO)],
    )


def _blocks(table: UsageTable, seen: str) -> Iterator[Block]:
    total = table.total
    counts = f"{counted(total.documents, 'document')} · {counted(total.calls, 'call')}"
    yield rich_text(
        section(bold(title(table))), section(bold(money(total)), words(f"  {counts}")), _grid(table)
    )
    yield context(seen, *notes(table))
    if len(table.lines) > CHART_LINES:
        question = f"{table.period.value} by {table.grouping.value}"
        yield actions(button(CHART_ACTION, CHART, question), block_id="usage")


def _empty(table: UsageTable, seen: str) -> Iterator[Block]:
    yield rich_text(section(bold(title(table))), section(words(f"{NOTHING_YET} {BEGIN}")))
    yield context(seen)


def _grid(table: UsageTable) -> Block:
    most = _MOST_DAYS if table.grouping is Grouping.DAY else _MOST_LINES
    shown, rest = table.lines[:most], len(table.lines) - most
    rows = [(table.grouping.value, *HEADINGS), *(_row(line, table.grouping) for line in shown)]
    if rest > 0:
        rows.append((MORE.format(count=f"{rest:,}"), *[""] * len(HEADINGS)))
    if len(table.lines) > 1:
        rows.append(_cells(TOTAL, UsageLine(None, table.total)))
    return preformatted("\n".join(_aligned(rows)))


def _row(line: UsageLine, by: Grouping) -> tuple[str, ...]:
    return _cells(shorten(line_name(line, by), _NAME), line)


def _cells(name: str, line: UsageLine) -> tuple[str, ...]:
    spending = line.spending
    return (
        name,
        f"{spending.documents:,}",
        f"{spending.calls:,}",
        money(spending),
        money_per_document(spending),
    )


def _aligned(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Names to the left, figures to the right, by the width that letters have on a screen."""
    widths = [max(cell_len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        gaps = [" " * (width - cell_len(cell)) for width, cell in zip(widths, row, strict=True)]
        figures = "".join(f"  {gap}{cell}" for gap, cell in zip(gaps[1:], row[1:], strict=True))
        yield f"{row[0]}{gaps[0]}{figures}".rstrip()

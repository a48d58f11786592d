"""What came of each version of a prompt. With fewer than thirty analyses a version stands in grey."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from smallprint.models.domain import NANO_USD_PER_USD
from smallprint.models.statistics import ALL, THIN_BELOW, Figures, Period, Spread, VersionStatistics
from smallprint.reports import wording
from smallprint.reports.statistics import readers
from smallprint.slack.blocks.activation import agent_name
from smallprint.slack.blocks.elements import bold, bullets, context, rich_text, section, words
from smallprint.slack.blocks.limits import MAX_BLOCKS_JSON, json_size
from smallprint.slack.blocks.message import Block, Message
from smallprint.slack.blocks.text import escape_mrkdwn, plain, shorten

TITLE = "{agent}, {period}"
LAST = "last {name}"
SINCE_EVER = "since ever"
NOBODY = "No analysis used it in that time."
THIN = "too few to conclude anything"
NONE = "–"
FOOT = "Cost and time are this agent's own part of an analysis. Canary and pinned analyses see other documents than live ones."

OLDER = "… and {count} older versions: name those you want to see."

_MOST = (12, 8, 6, 4, 2, 1)
"""Versions in one message; tried in turn until they fit."""
_FAILURES = 3


def prompt_statistics(agent: str, compared: Sequence[VersionStatistics], period: Period) -> Message:
    """Newest version first."""
    when = SINCE_EVER if period.name == ALL else LAST.format(name=period.name)
    title = TITLE.format(agent=agent_name(agent), period=when)
    newest = sorted(compared, key=lambda version: -version.version)
    if not newest:
        return Message(
            escape_mrkdwn(f"{title}. {NOBODY}"), [rich_text(section(bold(title), words(f"\n{NOBODY}")))]
        )
    counts = ", ".join(f"v{version.version}: n = {version.total.n:,}" for version in newest)
    blocks: list[Block] = []
    for most in _MOST:
        left = OLDER.format(count=len(newest) - most) if len(newest) > most else ""
        versions = map(_version, newest[:most])
        blocks = [rich_text(section(bold(title))), *versions, context(left, FOOT)]
        if json_size(blocks) <= MAX_BLOCKS_JSON:
            break
    return Message(escape_mrkdwn(shorten(f"{title}. {counts}", 700)), blocks)


def _version(version: VersionStatistics) -> Block:
    head = f"v{version.version} · n = {version.total.n:,}{_arms(version)}"
    lines = list(_lines(version.total))
    if version.total.thin:
        return context(shorten(f"{head} · {THIN} (under {THIN_BELOW}) · {' · '.join(lines)}", 2_000))
    return rich_text(section(bold(head)), bullets(section(words(line)) for line in lines))


def _arms(version: VersionStatistics) -> str:
    """Only where there is more than one."""
    if len(version.arms) < 2:  # noqa: PLR2004
        return ""
    return (
        " ("
        + ", ".join(f"{shorten(plain(arm), 20)} {figures.n:,}" for arm, figures in version.arms.items())
        + ")"
    )


def _lines(figures: Figures) -> Iterator[str]:
    yield f"Risk: {_risk(figures)}"
    yield f"Findings per document: {_rate(figures.findings_per_document)}"
    yield (
        f"Reviewer: rejected {_share(figures, figures.rejected)}, lowered {_share(figures, figures.lowered)},"
        f" raised {_share(figures, figures.raised)}; added {figures.added:,}"
    )
    yield f"Quotations that don't stand in the document: {_rate(figures.ungrounded_per_document)} per document"
    yield f"Readers: {readers(figures)}"
    yield f"Cost: {_cost(figures)}"
    yield f"Time: {_time(figures.milliseconds)}"
    yield f"Failures: {_failures(figures)}"


def _risk(figures: Figures) -> str:
    """🔴 2 critical (3 %), …"""
    told = [
        f"{wording.EMOJI[level]} {count:,} {wording.level_name(level).casefold()} ({_percent(count, figures.n)})"
        for level, count in figures.levels.items()
    ]
    return ", ".join(told) or NONE


def _cost(figures: Figures) -> str:
    unknown = f", unknown for {figures.cost_unknown:,}" if figures.cost_unknown else ""
    return _spread(figures.cost_nano_usd, _usd) + unknown


def _time(spread: Spread | None) -> str:
    return _spread(spread, lambda milliseconds: wording.duration(milliseconds / 1000))


def _spread(spread: Spread | None, told: Callable[[int], str]) -> str:
    if spread is None:
        return NONE
    return f"{told(spread.median)} median, {told(spread.p95)} p95"


def _usd(nano_usd: int) -> str:
    """Tenths of a cent matter here: $0.042"""
    return f"${nano_usd / NANO_USD_PER_USD:,.3f}"


def _failures(figures: Figures) -> str:
    shown: Mapping[str, int] = dict(list(figures.failures.items())[:_FAILURES])
    if not shown:
        return "none"
    more = ", …" if len(figures.failures) > len(shown) else ""
    codes = ", ".join(f"{shorten(plain(code), 40)} {count:,}" for code, count in shown.items())
    return f"{figures.failed:,} ({codes}{more})"


def _share(figures: Figures, count: int) -> str:
    share = figures.share_of_judged(count)
    return NONE if share is None else f"{share:.0%}".replace("%", "\u00a0%")


def _percent(count: int, of: int) -> str:
    return f"{count / of:.0%}".replace("%", "\u00a0%") if of else NONE


def _rate(rate: float | None) -> str:
    return NONE if rate is None else f"{rate:.1f}"

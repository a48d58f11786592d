"""`smallprint prompts stats`: what came of the analyses that worked with each version of a prompt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.text import Text

from smallprint.cli.running import quiet_settings, run, with_product
from smallprint.models.statistics import ALL, DEFAULT_PERIOD, Figures, Period, VersionStatistics
from smallprint.reports import statistics as wording

if TYPE_CHECKING:
    from smallprint.bootstrap.product import Product

TITLE = "{agent}, {period}"
LAST, EVER = "last {name}", "since ever"
NOBODY = "No analysis used any of its versions in that time."
INDENT = "  "
_QUIET = "dim"

Words = Annotated[
    list[str] | None,
    typer.Argument(
        help="Versions (v3 v4) and a period: 24h, 7d, 4w or all; default 30d.", metavar="[V V] [PERIOD]"
    ),
]


def statistics(agent: str, words: Words = None) -> None:
    """What came of each version: risk levels, findings, the reviewer's doubts, cost, time and failures."""
    from smallprint.services.database.statistics import PromptStatistics  # noqa: PLC0415 - see cli/running.py

    periods = [Period.parse(word) for word in words or () if Period.is_one(word)]
    versions = [word for word in words or () if not Period.is_one(word)]
    period = periods[-1] if periods else DEFAULT_PERIOD

    async def work(product: Product) -> None:
        (listed,) = await product.prompts.list(agent)
        numbers = [(await product.prompts.show(listed.agent, version)).prompt.version for version in versions]
        since = period.since(datetime.now(UTC))
        compared = await PromptStatistics(product.database).compare(listed.agent, numbers, since)
        _print(listed.agent, compared, period, Console())

    run(with_product(quiet_settings(), work, offline=True))


def _print(agent: str, compared: Sequence[VersionStatistics], period: Period, console: Console) -> None:
    """Newest version first; what is thin in grey."""
    when = EVER if period.name == ALL else LAST.format(name=period.name)
    console.print(Text(TITLE.format(agent=agent, period=when), style="bold underline"))
    if not compared:
        console.print(Text(NOBODY))
    for version in reversed(compared):
        console.print()
        _print_figures(f"v{version.version}", version.total, console)
        arms = version.arms if len(version.arms) > 1 else {}
        for arm, figures in arms.items():
            _print_figures(arm, figures, console, indent=INDENT)
    if compared:
        console.print()
        console.print(Text(wording.FOOT, style=_QUIET))


def _print_figures(name: str, figures: Figures, console: Console, *, indent: str = "") -> None:
    for line in _lines(name, figures):
        console.print(Text(indent + line, style=_QUIET if figures.thin else ""))


def _lines(name: str, figures: Figures) -> Iterator[str]:
    yield f"{name}  n = {figures.n:,}" + (f"  {wording.THIN}" if figures.thin else "")
    if figures.n or figures.failed:
        yield from (f"{INDENT}{fact.label}: {fact.value}" for fact in wording.facts(figures))
    else:
        yield f"{INDENT}{wording.UNUSED}"

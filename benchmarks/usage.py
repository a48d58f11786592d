"""How long the questions about spending take on a database of a busy year.

    python benchmarks/usage.py [--analyses 200000] [--days 365] [--questions 5]

Makes so many analyses with two calls each in a temporary SQLite database (busy_year.py), spread over so many days up
to now, and asks each question several times; prints the first, the median, and the median of the processor's time: on a
machine that does something else as well, the clock says more about that. The aim is a median of 300 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import structlog
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.busy_year import Year, fill  # noqa: E402 - the path comes first

from smallprint.models.usage import EVERYTHING, Grouping, Period, Viewer  # noqa: E402
from smallprint.services.database.connection import Database  # noqa: E402
from smallprint.services.database.usage import UsageStore  # noqa: E402

AIM_MS = 300
MEMBER = Viewer("U7", frozenset({"C1", "C2", "C3"}))


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--analyses", type=int, default=200_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--questions", type=int, default=5, help="how often each is asked")
    options = parser.parse_args()
    with TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "usage.db", options.analyses, options.days, options.questions))


async def _measure(file: Path, analyses: int, days: int, times: int) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{file}")
    size_mb = await asyncio.to_thread(fill, file, Year(analyses, days)) / 1_000_000
    table = Table(title=f"{analyses:,} analyses, {2 * analyses:,} calls in {days} days, {size_mb:.0f} MB")
    for column in ("question", "rows", "first, ms", "median, ms", "CPU, ms", f"under {AIM_MS}"):
        table.add_column(column, justify="left" if column == "question" else "right")
    for name, ask in _questions(UsageStore(database)):
        rows, taken, worked = await _asked(ask, times)
        within = "yes" if median(taken) < AIM_MS else "NO"
        table.add_row(
            name, str(rows), f"{taken[0]:.1f}", f"{median(taken):.1f}", f"{median(worked):.1f}", within
        )
    Console(width=110).print(table)
    await database.close()


def _questions(store: UsageStore) -> Iterator[tuple[str, Callable[[], Awaitable[int]]]]:
    def spend(period: Period, by: Grouping, viewer: Viewer) -> Callable[[], Awaitable[int]]:
        async def ask() -> int:
            return len((await store.spend(period, by, viewer=viewer)).lines)

        return ask

    async def versions() -> int:
        return len(await store.versions("document_analysis", viewer=EVERYTHING))

    async def uses() -> int:
        return len(await store.uses("document_analysis", 1, viewer=EVERYTHING))

    async def own_uses() -> int:
        return len(await store.uses("document_analysis", 1, viewer=MEMBER))

    for by in Grouping:
        yield f"spend by {by.value}, 30 days, everything", spend(Period.THIRTY_DAYS, by, EVERYTHING)
    for by in (Grouping.DAY, Grouping.CHANNEL, Grouping.USER):
        yield f"spend by {by.value}, 30 days, a member's", spend(Period.THIRTY_DAYS, by, MEMBER)
    for period in (Period.TODAY, Period.WEEK, Period.MONTH):
        yield f"spend by channel, {period.value}, everything", spend(period, Grouping.CHANNEL, EVERYTHING)
    yield "cost per version, all time", versions
    yield "newest 20 analyses with version 1", uses
    yield "newest 20 of a member's with version 1", own_uses


async def _asked(ask: Callable[[], Awaitable[int]], times: int) -> tuple[int, list[float], list[float]]:
    """Rows of the answer, and milliseconds by the clock and of the processor for each time it was asked."""
    taken, worked, rows = [], [], 0
    for _ in range(times):
        began, work_began = time.perf_counter(), time.process_time()
        rows = await ask()
        taken.append((time.perf_counter() - began) * 1000)
        worked.append((time.process_time() - work_began) * 1000)
    return rows, taken, worked


if __name__ == "__main__":
    main()

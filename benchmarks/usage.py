"""How long the questions about spending take on a database of a busy year.

    python benchmarks/usage.py [--analyses 200000] [--days 365] [--questions 5]

Makes so many analyses with two calls each in a temporary SQLite database, spread over so many days up to now, and asks
each question several times; prints the first, the median, and the median of the processor's time: on a machine that
does something else as well, the clock says more about that. The aim is a median of 300 ms.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import random
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any
from uuid import UUID

import structlog
from rich.console import Console
from rich.table import Table

from smallprint.models.usage import EVERYTHING, Grouping, Period, Viewer
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.usage import UsageStore

AIM_MS = 300
CHANNELS, USERS, VERSIONS = 60, 500, 6
AGENTS = (("document_analysis", "claude-sonnet-5-5"), ("findings_review", "claude-haiku-5-5"))
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
    size_mb = await asyncio.to_thread(fill, file, analyses, days) / 1_000_000
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


def fill(file: Path, count: int, days: int) -> int:
    """The file's bytes."""
    chance, now = random.Random(6), datetime.now(UTC)  # noqa: S311 - chance guards nothing here
    moments = [now - timedelta(days=days) * (1 - number / count) for number in range(1, count + 1)]
    people = [(f"C{chance.randrange(CHANNELS)}", f"U{chance.randrange(USERS)}") for _ in range(count)]
    with sqlite3.connect(file) as connection:
        _insert(
            connection,
            "analyses",
            (_analysis(number, *people[number], moment) for number, moment in enumerate(moments)),
        )
        _insert(connection, "llm_calls", (
            _call(number, count, *people[number], agent, moment, chance)
            for number, moment in enumerate(moments)
            for agent in range(len(AGENTS))
        ))  # fmt: skip
    connection.close()
    return file.stat().st_size


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    names = ", ".join(f'"{name}"' for name in first)
    places = ", ".join(f":{name}" for name in first)
    statement = f"INSERT INTO {table} ({names}) VALUES ({places})"  # noqa: S608 - our own names
    connection.execute(statement, first)
    connection.executemany(statement, rows)


def _analysis(number: int, channel: str, user: str, at: datetime) -> dict[str, Any]:
    return {
        "id": _random_id(number),
        "team": "T1",
        "channel": channel,
        "user_id": user,
        "trigger": "message",
        "document_sha256": f"{number:064x}",
        "document_name": f"agreement-{number}.pdf",
        "document_kind": "pdf",
        "document_characters": 60_000,
        "document_pages": 20,
        "prompts": "{}",
        "prompt_source": "database",
        "offline": 0,
        "app_version": "0.1.0",
        "status": "done",
        "risk_level": ("low", "medium", "high", "critical")[number % 4],
        "created_at": to_iso(at),
        "finished_at": to_iso(at),
        "latency_ms": 30_000,
    }


def _random_id(number: int) -> str:
    """In no order, as real ones."""
    return UUID(bytes=sha256(str(number).encode()).digest()[:16]).hex


def _call(
    number: int, count: int, channel: str, user: str, agent: int, at: datetime, chance: random.Random
) -> dict[str, Any]:
    name, model = AGENTS[agent]
    priced, started_at = chance.random() > 0.01, to_iso(at)
    return {
        "id": _random_id(number * len(AGENTS) + agent),
        "analysis_id": _random_id(number),
        "agent": name,
        "purpose": "main",
        "attempt": 1,
        "prompt_version": 1 + number * VERSIONS // count,
        "channel": channel,
        "user_id": user,
        "request_model": model,
        "response_model": model,
        "request_id": f"req_{number:020d}{agent}",
        "service_tier": "standard",
        "input_tokens": chance.randrange(2_000, 90_000),
        "cache_read_tokens": 0,
        "cache_write_5m_tokens": 0,
        "cache_write_1h_tokens": 0,
        "output_tokens": chance.randrange(500, 4_000),
        "thinking_tokens": 300,
        "cost_nano_usd": chance.randrange(1_000_000, 200_000_000) if priced else None,
        "price_source": "genai-prices 0.2.3",
        "stop_reason": "end_turn",
        "status": "ok",
        "http_status": 200,
        "time_to_first_token_ms": 900,
        "latency_ms": 12_000,
        "created_at": started_at,
        "day": started_at[:10],
    }


if __name__ == "__main__":
    main()

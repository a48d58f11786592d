"""How long the statistics and the history of prompt versions take on 200,000 analyses with 400,000 calls.

    python benchmarks/prompt_statistics.py [--analyses 200000]

Everything is generated into a temporary SQLite database. Each query is timed in its own thread, as SQLite runs it;
the bound is 300 ms a query.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table
from sqlalchemy import event

from smallprint.models.domain import Activation, ActivationAction, Agent
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.prompts import PromptStore
from smallprint.services.database.statistics import PromptStatistics

BOUND_MS = 300.0
ACTIVATIONS = 500
ROUNDS = 3
NOW = datetime(2026, 11, 26, tzinfo=UTC)
SPAN = timedelta(days=365)
AGENTS = (Agent.ANALYST.value, Agent.REVIEWER.value)
ARMS, ARM_WEIGHTS = ("live", "canary", "pin", "asked"), (85, 10, 4, 1)
OUTCOMES = ("low", "medium", "high", "critical", "model_overloaded", "invalid_answer")
OUTCOME_WEIGHTS = (25, 35, 28, 10, 1, 1)
BATCH = 20_000
_SEED = 5

Row = tuple[object, ...]


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--analyses", type=int, default=200_000)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "bench.db", arguments.parse_args().analyses))


async def _measure(path: Path, analyses: int) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        started = time.perf_counter()
        await asyncio.to_thread(_generate, path, analyses)
        prompts = PromptVersions(PromptTemplates(), PromptStore(database), contracts=_contracts())
        await prompts.import_templates()
        await _move_often(PromptStore(database))
        print(f"{analyses:,} analyses generated in {time.perf_counter() - started:.0f} s")
        await _ask(database, prompts)
    finally:
        await database.close()


async def _ask(database: Database, prompts: PromptVersions) -> None:
    statistics = PromptStatistics(database)
    analyst, month = AGENTS[0], NOW - timedelta(days=30)
    questions: dict[str, Callable[[], Awaitable[object]]] = {
        "stats, ever": lambda: statistics.compare(analyst),
        "stats, 30 days": lambda: statistics.compare(analyst, (), month),
        "stats, 24 hours": lambda: statistics.compare(analyst, (), NOW - timedelta(hours=24)),
        "stats v3 v4, ever": lambda: statistics.compare(analyst, (3, 4)),
        "stats v3 v4, 7 days": lambda: statistics.compare(analyst, (3, 4), NOW - timedelta(days=7)),
        "history, all": prompts.history,
        "history, one agent": lambda: prompts.history(analyst),
    }
    table = Table("question", "queries", "slowest query ms", "all together ms", title="best of three")
    slowest = 0.0
    for name, ask in questions.items():
        times = []
        for _ in range(ROUNDS):
            with _timed(database) as queries:
                began = time.perf_counter()
                await ask()
                times.append((max(queries), (time.perf_counter() - began) * 1000, len(queries)))
        worst, whole, count = min(times)
        slowest = max(slowest, worst)
        table.add_row(name, str(count), f"{worst:.1f}", f"{whole:.1f}")
    Console(width=100).print(table)
    print(f"slowest query {slowest:.0f} ms: {'within' if slowest < BOUND_MS else 'ABOVE'} {BOUND_MS:.0f} ms")


@contextmanager
def _timed(database: Database) -> Iterator[list[float]]:
    """The milliseconds of each SELECT, rows fetched."""
    taken: list[float] = []
    engine = database._reader.sync_engine  # noqa: SLF001 - where the queries run

    def before(*given: Any) -> None:
        given[4]._began = time.perf_counter()  # noqa: SLF001 - the context of this statement

    def after(*given: Any) -> None:
        taken.append((time.perf_counter() - given[4]._began) * 1000)  # noqa: SLF001

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield taken
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


async def _move_often(store: PromptStore) -> None:
    """A log as years of work leave it."""
    last = (await store.activations(AGENTS[0], limit=1))[0]
    for number in range(ACTIVATIONS):
        version = 3 + number % 2
        done = await store.append(
            [
                Activation(
                    agent=AGENTS[0],
                    from_version=last.to_version,
                    to_version=version,
                    action=ActivationAction.SET,
                    actor="U1",
                    reason="to and fro",
                    at=NOW - SPAN + number * SPAN / ACTIVATIONS,
                    request_id=f"r{number}",
                    after=last.id,
                )
            ]
        )
        assert done is not None
        last = done[0]


def _contracts() -> frozenset[str]:
    return frozenset(prompt.contract for prompt in PromptTemplates().all())


def _generate(path: Path, analyses: int) -> None:
    chance = random.Random(_SEED)  # noqa: S311 - no secret
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")  # generating is not what is measured
    connection.execute("PRAGMA cache_size=-400000")
    try:
        for first in range(0, analyses, BATCH):
            numbers = range(first, min(first + BATCH, analyses))
            moments = [to_iso(NOW - chance.random() * SPAN) for _ in numbers]
            connection.execute("BEGIN IMMEDIATE")
            _insert(
                connection, "analyses", (_analysis(n, at) for n, at in zip(numbers, moments, strict=True))
            )
            for agent in AGENTS:
                pairs = list(zip(numbers, moments, strict=True))
                _insert(connection, "analysis_prompts", (_outcome(chance, n, agent, at) for n, at in pairs))
                _insert(connection, "llm_calls", (_call(chance, n, agent, at) for n, at in pairs))
            connection.execute("COMMIT")
    finally:
        connection.close()


def _insert(connection: sqlite3.Connection, table: str, rows: Iterator[dict[str, object]]) -> None:
    listed = list(rows)
    columns = ", ".join(f'"{name}"' for name in listed[0])
    values = ", ".join(f":{name}" for name in listed[0])
    connection.executemany(f"INSERT INTO {table} ({columns}) VALUES ({values})", listed)  # noqa: S608 - our own names


def _analysis(number: int, at: str) -> dict[str, object]:
    return {
        "id": f"{number:032x}",
        "team": "T1",
        "channel": f"C{number % 40}",
        "user_id": f"U{number % 300}",
        "trigger": "message",
        "document_sha256": f"{number:064x}",
        "document_name": "lease.pdf",
        "document_kind": "pdf",
        "document_characters": 40_000,
        "prompts": '{"document_analysis": 4, "findings_review": 4}',
        "prompt_source": "database",
        "offline": 0,
        "app_version": "0.1.0",
        "status": "done",
        "created_at": at,
        "finished_at": at,
        "fingerprint": "",
        "profile": "balanced",
        "earlier_id": "",
        "arms": "{}",
    }


def _outcome(chance: random.Random, number: int, agent: str, at: str) -> dict[str, object]:
    outcome = chance.choices(OUTCOMES, OUTCOME_WEIGHTS)[0]
    failed = "_" in outcome
    findings = 0 if failed else chance.randint(0, 14)
    return {
        "analysis_id": f"{number:032x}",
        "agent": agent,
        "version": chance.choice((1, 2, 3, 4, 4, 4)),
        "arm": chance.choices(ARMS, ARM_WEIGHTS)[0],
        "outcome": outcome,
        "ended_at": at,
        "findings": findings,
        "judged": findings,
        "rejected": findings // 6,
        "lowered": findings // 5,
        "raised": findings // 9,
        "added": findings // 10,
        "ungrounded": chance.randint(0, 1),
        "cost_nano_usd": None if failed or chance.random() < 0.01 else chance.randint(10**6, 10**8),
        "milliseconds": None if failed else chance.randint(2_000, 90_000),
    }


def _call(chance: random.Random, number: int, agent: str, at: str) -> dict[str, object]:
    return {
        "id": f"{agent}-{number}",
        "analysis_id": f"{number:032x}",
        "agent": agent,
        "purpose": "main",
        "attempt": 1,
        "prompt_version": 4,
        "channel": f"C{number % 40}",
        "user_id": f"U{number % 300}",
        "request_model": "claude-sonnet-5-5",
        "input_tokens": chance.randint(1_000, 90_000),
        "cache_read_tokens": 0,
        "cache_write_5m_tokens": 0,
        "cache_write_1h_tokens": 0,
        "output_tokens": chance.randint(200, 6_000),
        "thinking_tokens": 0,
        "cost_nano_usd": chance.randint(10**6, 10**8),
        "price_source": "genai-prices",
        "status": "ok",
        "latency_ms": chance.randint(2_000, 90_000),
        "created_at": at,
        "day": at[:10],
    }


if __name__ == "__main__":
    main()

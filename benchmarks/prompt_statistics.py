"""How long the statistics and the history of prompt versions take on 200,000 analyses with 400,000 calls.

Every tenth report has a thumb and three decisions on findings.

    python benchmarks/prompt_statistics.py [--analyses 200000]

Everything is generated into a temporary SQLite database (busy_year.py). Each query is timed in its own thread, as
SQLite runs it, by the clock and of the processor: on a machine that does something else as well, the clock says more
about that. The bounds are 300 ms a query and 500 ms a question.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
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

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.busy_year import Year, fill, mostly_the_fourth  # noqa: E402 - the path comes first

from smallprint.models.domain import Activation, ActivationAction, Agent  # noqa: E402
from smallprint.prompts.templates import PromptTemplates  # noqa: E402
from smallprint.prompts.versions import PromptVersions  # noqa: E402
from smallprint.services.database.connection import Database  # noqa: E402
from smallprint.services.database.prompts import PromptStore  # noqa: E402
from smallprint.services.database.statistics import PromptStatistics  # noqa: E402

QUERY_MS, QUESTION_MS = 300.0, 500.0
ACTIVATIONS = 500
ROUNDS = 3
YEAR = timedelta(days=365)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--analyses", type=int, default=200_000)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(_measure(Path(folder) / "bench.db", arguments.parse_args().analyses))


async def _measure(path: Path, analyses: int) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{path}")
    try:
        started = time.perf_counter()
        await asyncio.to_thread(fill, path, Year(analyses, version=mostly_the_fourth))
        prompts = PromptVersions(PromptTemplates(), PromptStore(database), contracts=_contracts())
        await prompts.import_templates()
        await _move_often(PromptStore(database))
        print(f"{analyses:,} analyses generated in {time.perf_counter() - started:.0f} s")
        await _ask(database, prompts)
    finally:
        await database.close()


async def _ask(database: Database, prompts: PromptVersions) -> None:
    statistics = PromptStatistics(database)
    analyst, now = Agent.ANALYST.value, datetime.now(UTC)
    questions: dict[str, Callable[[], Awaitable[object]]] = {
        "stats, ever": lambda: statistics.compare(analyst),
        "stats, 30 days": lambda: statistics.compare(analyst, (), now - timedelta(days=30)),
        "stats, 24 hours": lambda: statistics.compare(analyst, (), now - timedelta(hours=24)),
        "stats v3 v4, ever": lambda: statistics.compare(analyst, (3, 4)),
        "stats v3 v4, 7 days": lambda: statistics.compare(analyst, (3, 4), now - timedelta(days=7)),
        "history, all": prompts.history,
        "history, one agent": lambda: prompts.history(analyst),
    }
    table = Table(
        "question", "queries", "slowest query, ms", "CPU, ms", "all together, ms", "CPU, ms", "within"
    )
    for name, ask in questions.items():
        rounds = [await _asked(database, ask) for _ in range(ROUNDS)]
        queries, slowest, slowest_cpu, whole, whole_cpu = map(min, zip(*rounds, strict=True))
        within = "yes" if slowest < QUERY_MS and whole < QUESTION_MS else "NO"
        times = (f"{ms:.1f}" for ms in (slowest, slowest_cpu, whole, whole_cpu))
        table.add_row(name, str(queries), *times, within)
    table.title = f"best of {ROUNDS}; under {QUERY_MS:.0f} ms a query and {QUESTION_MS:.0f} ms a question"
    Console(width=110).print(table)


async def _asked(database: Database, ask: Callable[[], Awaitable[object]]) -> tuple[float, ...]:
    """How many queries; the slowest one's milliseconds by the clock and of the processor; the same of all together."""
    with _timed(database) as queries:
        began, work_began = time.perf_counter(), time.process_time()
        await ask()
        whole, worked = time.perf_counter() - began, time.process_time() - work_began
    slowest, slowest_worked = map(max, zip(*queries, strict=True))
    return len(queries), slowest, slowest_worked, whole * 1000, worked * 1000


@contextmanager
def _timed(database: Database) -> Iterator[list[tuple[float, float]]]:
    """The milliseconds of each SELECT by the clock and of the processor, rows fetched."""
    taken: list[tuple[float, float]] = []
    engine = database._reader.sync_engine  # noqa: SLF001 - where the queries run

    def before(*given: Any) -> None:
        given[4]._began = time.perf_counter(), time.process_time()  # noqa: SLF001 - the context of this statement

    def after(*given: Any) -> None:
        began, work_began = given[4]._began  # noqa: SLF001
        taken.append(((time.perf_counter() - began) * 1000, (time.process_time() - work_began) * 1000))

    event.listen(engine, "before_cursor_execute", before)
    event.listen(engine, "after_cursor_execute", after)
    try:
        yield taken
    finally:
        event.remove(engine, "before_cursor_execute", before)
        event.remove(engine, "after_cursor_execute", after)


async def _move_often(store: PromptStore) -> None:
    """A log as years of work leave it."""
    analyst, began = Agent.ANALYST.value, datetime.now(UTC) - YEAR
    last = (await store.activations(analyst, limit=1))[0]
    for number in range(ACTIVATIONS):
        version = 3 + number % 2
        done = await store.append(
            [
                Activation(
                    agent=analyst,
                    from_version=last.to_version,
                    to_version=version,
                    action=ActivationAction.SET,
                    actor="U1",
                    reason="to and fro",
                    at=began + number * YEAR / ACTIVATIONS,
                    request_id=f"r{number}",
                    after=last.id,
                )
            ]
        )
        assert done is not None
        last = done[0]


def _contracts() -> frozenset[str]:
    return frozenset(prompt.contract for prompt in PromptTemplates().all())


if __name__ == "__main__":
    main()

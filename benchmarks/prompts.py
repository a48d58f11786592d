"""What resolving prompt versions costs: `python benchmarks/prompts.py [--resolutions 500] [--rounds 60]`.

A real SQLite file with 200 changes by hand, read as the product reads it: anew each time, for one analysis after the
other. The aim: 1,000 resolutions a second cost less than 5 % of a core, which is 50 µs of CPU each. Shown are the round
that was disturbed least (CPU time too grows when others use the same core) and the median of the rounds. "While
writing" means that another process commits 50 times a second.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
from rich.console import Console
from rich.table import Table

from smallprint.agents.answers import SUPPORTED_CONTRACTS
from smallprint.prompts.arms import bucket
from smallprint.prompts.templates import PromptTemplates
from smallprint.prompts.versions import PromptVersions
from smallprint.services.database.connection import Database
from smallprint.services.database.prompts import PromptStore

AGENT = "document_analysis"
CHANGES = 200
AIM_US = 50.0
"""CPU a resolution."""
IN_SHARE = next(f"{number:064x}" for number in range(1_000) if bucket(f"{number:064x}") < 1)
WRITER = """
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("CREATE TABLE IF NOT EXISTS busy (number INTEGER)")
for number in range(100_000):
    connection.execute("INSERT INTO busy VALUES (?)", (number,))
    time.sleep(0.02)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--resolutions", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=60)
    given = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_print(given.resolutions, given.rounds))


async def _print(resolutions: int, rounds: int) -> None:
    table = Table(title=f"Resolving a prompt version ({CHANGES} changes by hand in the log)")
    for column in (
        "what holds",
        "a second",
        "CPU µs",
        "median",
        "of a core at 1,000/s",
        f"aim ≤ {AIM_US:.0f} µs",
    ):
        table.add_column(column, justify="left" if column == "what holds" else "right")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "smallprint.db"
        database = await Database.open(f"sqlite:///{file}")
        versions = PromptVersions(PromptTemplates(), PromptStore(database), contracts=SUPPORTED_CONTRACTS)
        await _change(versions)
        await _row(table, "live", versions, resolutions, rounds)
        with _writing(file):
            await _row(table, "live, while writing", versions, resolutions, rounds)
        await versions.canary(AGENT, 1, 99, **_why("canary"))
        await _row(table, "canary", versions, resolutions, rounds)
        await versions.pin(AGENT, 2, "C1", **_why("pin"))
        await _row(table, "pin, beside a canary", versions, resolutions, rounds)
        await database.close()
    Console().print(table)


async def _change(versions: PromptVersions) -> None:
    await versions.import_templates()
    for number in range(CHANGES):
        await versions.set(AGENT, 1 + number % 4, **_why(f"set-{number}"))


async def _row(table: Table, name: str, versions: PromptVersions, resolutions: int, rounds: int) -> None:
    measured = [await _round(versions, resolutions) for _ in range(rounds)]
    cpu_us, a_second = min(measured)
    median_us = statistics.median(cpu for cpu, _ in measured)
    reached = "yes" if cpu_us <= AIM_US else "NO"
    table.add_row(
        name, f"{a_second:,.0f}", f"{cpu_us:.1f}", f"{median_us:.1f}", f"{cpu_us / 10:.1f} %", reached
    )


async def _round(versions: PromptVersions, resolutions: int) -> tuple[float, float]:
    """CPU of the whole process, threads included, in µs a resolution; and resolutions a second."""
    cpu, wall = time.process_time(), time.perf_counter()
    for _ in range(resolutions):
        await versions.resolve(AGENT, channel="C1", document_sha256=IN_SHARE)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return cpu / resolutions * 1e6, resolutions / wall


@contextmanager
def _writing(file: Path) -> Iterator[None]:
    before = _commits(file)
    process = subprocess.Popen([sys.executable, "-c", WRITER, str(file)])
    try:
        while _commits(file) == before:
            time.sleep(0.05)
        yield
    finally:
        process.kill()
        process.wait()


def _commits(file: Path) -> int:
    """How many the writer has made."""
    connection = sqlite3.connect(file)
    try:
        count: int = connection.execute("SELECT count(*) FROM busy").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    else:
        return count
    finally:
        connection.close()


def _why(request_id: str) -> dict[str, Any]:
    return {"actor": "U1", "reason": "measured", "request_id": request_id}


if __name__ == "__main__":
    main()

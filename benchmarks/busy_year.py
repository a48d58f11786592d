"""A database of a busy year, for the benchmarks that ask it questions.

Each analysis has two calls, what came of each agent's part, a job and its message; one in ten has a thumb and three
decisions on its findings. Spread evenly up to now; the same every time but for the moments.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import UUID

from smallprint.models.domain import Agent
from smallprint.services.database.connection import to_iso

Row = dict[str, object]
Version = Callable[[float, random.Random], int]
"""From the share of the year that has gone by to the version of the prompt."""

AGENTS = ((Agent.ANALYST.value, "claude-sonnet-5-5"), (Agent.REVIEWER.value, "claude-haiku-5-5"))
CHANNELS, USERS = 60, 500
LEVELS = ("low", "medium", "high", "critical")
FAILURES = ("model_overloaded", "invalid_answer")
OUTCOMES, OUTCOME_WEIGHTS = (*LEVELS, *FAILURES), (25, 35, 28, 10, 1, 1)
ARMS, ARM_WEIGHTS = ("live", "canary", "pin", "asked"), (85, 10, 4, 1)
THUMBS = ("up", "up", "down")
DECISIONS = ("accepted", "accepted", "accepted", "dismissed", "undone")
UNPRICED = 0.01
RATED_EVERY, DECIDED = 10, 3
BATCH = 20_000
SEED = 6


def six_in_turn(gone: float, _: random.Random) -> int:
    """A new version every two months."""
    return 1 + int(gone * 6)


def mostly_the_fourth(_: float, chance: random.Random) -> int:
    """Four versions all year round."""
    return chance.choice((1, 2, 3, 4, 4, 4))


@dataclass(frozen=True, slots=True)
class Year:
    """How much there is, and of what."""

    analyses: int
    days: int = 365
    version: Version = six_in_turn
    people: Mapping[str, str] = field(default_factory=dict)
    """Who some of the users U0, U1, … really are."""


@dataclass(frozen=True, slots=True)
class Shared:
    """One document that somebody shared."""

    number: int
    at: str
    channel: str
    user: str
    outcome: str
    version: int

    @property
    def id(self) -> str:
        return random_id(self.number)


def fill(file: Path, year: Year) -> int:
    """The file's bytes. `file`: a database with its tables, on SQLite."""
    chance, now = random.Random(SEED), datetime.now(UTC)  # noqa: S311 - chance guards nothing here
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA synchronous=OFF")  # filling is not what is measured
    connection.execute("PRAGMA cache_size=-400000")
    try:
        for first in range(0, year.analyses, BATCH):
            numbers = range(first, min(first + BATCH, year.analyses))
            connection.execute("BEGIN IMMEDIATE")
            _insert(connection, [_shared(number, year, now, chance) for number in numbers], chance)
            connection.execute("COMMIT")
    finally:
        connection.close()
    return file.stat().st_size


def random_id(number: int) -> str:
    """In no order, as real ones."""
    return UUID(bytes=sha256(str(number).encode()).digest()[:16]).hex


def _insert(connection: sqlite3.Connection, batch: list[Shared], chance: random.Random) -> None:
    rated = [each for each in batch if each.number % RATED_EVERY == 0 and each.outcome in LEVELS]
    agents = range(len(AGENTS))
    tables: dict[str, Iterable[Row]] = {
        "analyses": (_analysis(each) for each in batch),
        "llm_calls": (_call(each, agent, chance) for each in batch for agent in agents),
        "analysis_prompts": (_part(each, agent, chance) for each in batch for agent in agents),
        "jobs": (_job(each) for each in batch),
        "posts": (_post(each) for each in batch),
        "feedback": (_thumb(each, chance) for each in rated),
        "finding_decisions": (_decision(each, n, chance) for each in rated for n in range(1, DECIDED + 1)),
    }
    for table, generated in tables.items():
        rows = list(generated)
        if not rows:
            continue
        names = ", ".join(f'"{name}"' for name in rows[0])
        places = ", ".join(f":{name}" for name in rows[0])
        connection.executemany(f"INSERT INTO {table} ({names}) VALUES ({places})", rows)  # noqa: S608 - our own names


def _shared(number: int, year: Year, now: datetime, chance: random.Random) -> Shared:
    gone = number / year.analyses
    user = f"U{chance.randrange(USERS)}"
    return Shared(
        number=number,
        at=to_iso(now - timedelta(days=year.days) * (1 - (number + 1) / year.analyses)),
        channel=f"C{chance.randrange(CHANNELS)}",
        user=year.people.get(user, user),
        outcome=chance.choices(OUTCOMES, OUTCOME_WEIGHTS)[0],
        version=year.version(gone, chance),
    )


def _analysis(shared: Shared) -> Row:
    failed = shared.outcome in FAILURES
    return {
        "id": shared.id,
        "team": "T1",
        "channel": shared.channel,
        "user_id": shared.user,
        "trigger": "message",
        "document_sha256": f"{shared.number:064x}",
        "document_name": f"agreement-{shared.number}.pdf",
        "document_kind": "pdf",
        "document_characters": 60_000,
        "document_pages": 20,
        "prompts": "{}",
        "prompt_source": "database",
        "offline": 0,
        "app_version": "0.1.0",
        "status": "failed" if failed else "done",
        "risk_level": None if failed else shared.outcome,
        "created_at": shared.at,
        "finished_at": shared.at,
        "latency_ms": 30_000,
        "profile": "balanced",
    }


def _call(shared: Shared, agent: int, chance: random.Random) -> Row:
    name, model = AGENTS[agent]
    return {
        "id": random_id(shared.number * len(AGENTS) + agent),
        "analysis_id": shared.id,
        "agent": name,
        "purpose": "main",
        "attempt": 1,
        "prompt_version": shared.version,
        "channel": shared.channel,
        "user_id": shared.user,
        "request_model": model,
        "response_model": model,
        "request_id": f"req_{shared.number:020d}{agent}",
        "service_tier": "standard",
        "input_tokens": chance.randrange(2_000, 90_000),
        "cache_read_tokens": 0,
        "cache_write_5m_tokens": 0,
        "cache_write_1h_tokens": 0,
        "output_tokens": chance.randrange(500, 4_000),
        "thinking_tokens": 300,
        "cost_nano_usd": None if chance.random() < UNPRICED else chance.randrange(1_000_000, 200_000_000),
        "price_source": "genai-prices 0.2.3",
        "stop_reason": "end_turn",
        "status": "ok",
        "http_status": 200,
        "time_to_first_token_ms": 900,
        "latency_ms": 12_000,
        "created_at": shared.at,
        "day": shared.at[:10],
    }


def _part(shared: Shared, agent: int, chance: random.Random) -> Row:
    failed = shared.outcome in FAILURES
    found = 0 if failed else chance.randint(0, 14)
    priced = not failed and chance.random() >= UNPRICED
    return {
        "analysis_id": shared.id,
        "agent": AGENTS[agent][0],
        "version": shared.version,
        "arm": chance.choices(ARMS, ARM_WEIGHTS)[0],
        "outcome": shared.outcome,
        "ended_at": shared.at,
        "findings": found,
        "judged": found,
        "rejected": found // 6,
        "lowered": found // 5,
        "raised": found // 9,
        "added": found // 10,
        "ungrounded": chance.randint(0, 1),
        "cost_nano_usd": chance.randint(10**6, 10**8) if priced else None,
        "milliseconds": None if failed else chance.randint(2_000, 90_000),
    }


def _job(shared: Shared) -> Row:
    return {
        "id": shared.id,
        "team": "T1",
        "channel": shared.channel,
        "thread_ts": "1.0",
        "file_id": f"F{shared.number}",
        "user_id": shared.user,
        "trigger": "message",
        "state": "failed" if shared.outcome in FAILURES else "done",
        "outcome": shared.outcome,
        "due_at": shared.at,
        "created_at": shared.at,
        "finished_at": shared.at,
        "message_ts": "1.0",
    }


def _post(shared: Shared) -> Row:
    tag = f"{shared.id}/placeholder"
    return {"tag": tag, "state": "sent", "owner": "first", "ts": "1.1", "attempted_at": shared.at}


def _thumb(shared: Shared, chance: random.Random) -> Row:
    return {
        "analysis_id": shared.id,
        "user_id": shared.user,
        "thumb": chance.choice(THUMBS),
        "reason": "",
        "request_id": f"press/{shared.number}",
        "created_at": shared.at,
    }


def _decision(shared: Shared, finding: int, chance: random.Random) -> Row:
    return {
        "analysis_id": shared.id,
        "finding_id": f"F{finding}",
        "decision": chance.choice(DECISIONS),
        "reason": "",
        "user_id": shared.user,
        "request_id": f"press/{shared.number}/{finding}",
        "created_at": shared.at,
    }

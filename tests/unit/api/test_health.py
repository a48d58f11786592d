"""GET /healthz and /readyz."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from smallprint.api.health import Health, database_check, health_routes, queue_check
from smallprint.errors import DatabaseUnavailable
from smallprint.jobs.queue import JobHealth
from tests.unit.api.asking import served


def jobs(*, queued: int = 0, oldest: datetime | None = None) -> JobHealth:
    return JobHealth(waiting=0, queued=queued, running=1, failed=0, undelivered=0, done=0, oldest=oldest)


async def fine() -> None:
    return None


async def not_connected() -> str:
    return "not connected to Slack"


async def never() -> str:
    await asyncio.sleep(60)
    return "too late"


async def no_database() -> JobHealth:
    raise DatabaseUnavailable


async def test_the_process_is_alive_whatever_else_is_wrong():
    async with served(health_routes(Health({"slack": not_connected}))) as api:
        answer = await api.get("/healthz")
        assert answer.status == 200
        assert (await answer.json())["status"] == "ok"


async def test_it_is_ready_when_every_check_is_fine():
    async with served(health_routes(Health({"slack": fine, "database": fine}))) as api:
        answer = await api.get("/readyz")
        assert (answer.status, await answer.json()) == (200, {"status": "ready", "problems": {}})


async def test_it_is_not_ready_and_says_why():
    async with served(health_routes(Health({"slack": not_connected, "database": fine}))) as api:
        answer = await api.get("/readyz")
        assert answer.status == 503
        assert await answer.json() == {
            "status": "not ready",
            "problems": {"slack": "not connected to Slack"},
        }


async def test_a_check_that_hangs_is_a_problem_too():
    health = Health({"slack": never, "database": fine}, patience_s=0.05)
    assert await health.problems() == {"slack": "no answer within 0.05 seconds"}


async def test_a_database_that_cannot_be_read_is_named_once():
    checks = {"database": database_check(no_database), "queue": queue_check(no_database, max_age_s=60)}
    assert await Health(checks).problems() == {"database": "database_unavailable"}


async def test_a_job_that_is_unfinished_for_too_long_is_said_with_its_age():
    async def stuck() -> JobHealth:
        return jobs(queued=6, oldest=datetime.now(UTC) - timedelta(minutes=40))

    reason = await queue_check(stuck, max_age_s=1800)()
    assert reason == "the oldest unfinished job came in 40 minutes ago (7 unfinished in all)"
    assert await queue_check(stuck, max_age_s=3600)() is None


async def test_an_empty_queue_has_no_age():
    async def empty() -> JobHealth:
        return jobs()

    assert await queue_check(empty, max_age_s=1)() is None


@pytest.mark.parametrize("path", ["/docs", "/openapi.json", "/redoc", "/"])
async def test_nothing_else_is_served(path: str):
    async with served(health_routes(Health({}))) as api:
        assert (await api.get(path)).status == 404

"""GET /metrics: the text, and who may read it."""

from __future__ import annotations

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from smallprint.api.metrics import metrics_routes
from smallprint.errors import DatabaseUnavailable
from smallprint.services.metrics import Metrics, Standing
from tests.unit.api.asking import served

TOKEN = "s3cret-for-prometheus"


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


async def standing() -> Standing:
    return Standing({"queued": 3}, oldest_seconds=12.5)


async def no_database() -> Standing:
    raise DatabaseUnavailable


async def test_without_a_token_whoever_reaches_the_port_may_read(metrics):
    async with served(metrics_routes(metrics, standing, None)) as api:
        answer = await api.get("/metrics")
        assert answer.status == 200
        assert answer.headers["Content-Type"].startswith("text/plain; version=")
        families = {family.name: family for family in text_string_to_metric_families(await answer.text())}
        assert families["smallprint_jobs"].samples[0].value == 3
        assert families["smallprint_jobs_oldest_unfinished_seconds"].samples[0].value == 12.5


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        "Bearer wrong",
        f"Bearer {TOKEN}x",
        f"Basic {TOKEN}",
        TOKEN,
        "Bearer söcret",
    ],
)
async def test_with_a_token_nobody_reads_without_it(metrics, header):
    async with served(metrics_routes(metrics, standing, TOKEN)) as api:
        answer = await api.get("/metrics", headers={} if header is None else {"Authorization": header})
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        text = await answer.text()
        assert "smallprint_jobs" not in text
        assert TOKEN not in text


@pytest.mark.parametrize("header", [f"Bearer {TOKEN}", f"bearer {TOKEN}", f"Bearer  {TOKEN} "])
async def test_with_the_token_it_is_read(metrics, header):
    async with served(metrics_routes(metrics, standing, TOKEN)) as api:
        assert (await api.get("/metrics", headers={"Authorization": header})).status == 200


async def test_while_the_database_is_away_the_counters_are_still_there_and_no_gauge_lies(metrics):
    metrics.job_ended("done", "low")
    async with served(metrics_routes(metrics, no_database, None)) as api:
        answer = await api.get("/metrics")
        text = await answer.text()
    assert answer.status == 200
    assert 'smallprint_jobs_ended_total{outcome="low",state="done"} 1.0' in text
    assert "\nsmallprint_jobs{" not in text
    assert "\nsmallprint_jobs_oldest_unfinished_seconds " not in text

"""What metrics say of jobs that really ran, against what Claude and Slack say."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from decimal import Decimal
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from smallprint.bootstrap.spending import budget_books
from smallprint.bootstrap.watching import how_things_stand, left_this_month
from smallprint.config import Settings
from smallprint.errors import EncryptedDocument, SlackRefused, SlackUnavailable
from smallprint.services.metrics import Metrics
from smallprint.slack.client import SlackClients, ask, connect
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.job_store import a_job
from tests.fakes.slack import FakeSlack, Fault
from tests.integration.watched import Watched


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


def sums(text: bytes, name: str, label: str) -> Mapping[str, float]:
    """The values of one metric, added up by one of its labels."""
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text.decode()):
        for sample in family.samples:
            if sample.name == name:
                key = sample.labels[label]
                found[key] = found.get(key, 0) + sample.value
    return found


async def test_tokens_and_calls_are_those_that_claude_billed(tmp_path: Path, claude: FakeClaude):
    watched = Watched()
    async with watched.open(tmp_path, claude.url):
        claude.script(outcomes.overloaded(), match="claude-sonnet-5-5")
        await watched.finish(a_job(1), a_job(2))
        text = watched.metrics.render(await how_things_stand(watched.jobs.counts))
    tokens = sums(text, "smallprint_model_tokens_total", "kind")
    assert tokens["input"] == claude.usage.input_tokens
    assert tokens["output"] == claude.usage.output_tokens
    calls = sums(text, "smallprint_model_calls_total", "outcome")
    assert calls == {"ok": len(claude.billed), "model_overloaded": 1}
    assert sum(sums(text, "smallprint_model_cost_usd_total", "model").values()) > 0
    assert sums(text, "smallprint_jobs", "state")["done"] == 2


async def test_every_step_and_every_end_of_a_job_is_counted_once(tmp_path: Path, claude: FakeClaude):
    watched = Watched()
    watched.reader.troubles.append(EncryptedDocument())
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job(1))
        await watched.finish(a_job(2))
        text = watched.metrics.render(None)
    steps = sums(text, "smallprint_job_step_seconds_count", "step")
    assert steps == {"announce": 2, "read": 2, "fail": 1, "analyse": 1, "deliver": 1}
    ends = sums(text, "smallprint_jobs_ended_total", "outcome")
    (level,) = ends.keys() - {"encrypted"}
    assert ends == {"encrypted": 1, level: 1}
    assert level in {"low", "medium", "high", "critical"}
    assert sums(text, "smallprint_jobs_ended_total", "state") == {"done": 1, "failed": 1}


@pytest.mark.parametrize("limit", [Decimal(10), None])
async def test_what_is_left_of_the_months_budget_is_what_was_not_spent(
    tmp_path: Path, claude: FakeClaude, limit: Decimal | None
):
    watched = Watched()
    async with watched.open(tmp_path, claude.url):
        await watched.finish(a_job())
        settings = Settings(_env_file=None, monthly_budget_usd=limit)
        left = await left_this_month(budget_books(settings, watched.database).standing)()
    assert (left is None) is (limit is None)
    if left is not None:
        spent = sums(watched.metrics.render(None), "smallprint_model_cost_usd_total", "model")
        assert float(left) == pytest.approx(10 - sum(spent.values()))


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack() as slack:
        yield slack


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(CollectorRegistry())


@pytest.fixture
async def clients(slack: FakeSlack, metrics: Metrics) -> AsyncIterator[SlackClients]:
    clients = connect(slack.bot_token, slack.api_url, counting=metrics.slack_called)
    yield clients
    await clients.session.close()


async def test_slack_calls_are_counted_by_method_and_outcome(slack, clients, metrics):
    channel = slack.workspace.channel("contracts").id
    await ask(clients.read.auth_test())
    await ask(clients.write.chat_postMessage(channel=channel, text="Hello"))
    slack.fail("chat.update", Fault.ERROR, error="cant_update_message")
    with pytest.raises(SlackRefused):
        await ask(clients.write.chat_update(channel=channel, ts="1.1", text="Hello"))
    slack.fail("chat.postMessage", Fault.SERVER_ERROR)
    with pytest.raises(SlackUnavailable):
        await ask(clients.write.chat_postMessage(channel=channel, text="Hello"))
    slack.fail("chat.postMessage", Fault.DROPPED)
    with pytest.raises(SlackUnavailable):
        await ask(clients.write.chat_postMessage(channel=channel, text="Hello"))
    text = metrics.render(None)
    assert sums(text, "smallprint_slack_calls_total", "method") == {
        "auth.test": 1,
        "chat.postMessage": 3,
        "chat.update": 1,
    }
    assert sums(text, "smallprint_slack_calls_total", "outcome") == {"ok": 2, "refused": 1, "unavailable": 2}


async def test_a_rate_limit_that_outlasts_the_retries_is_told_apart(slack, clients, metrics):
    clients.write.retry_handlers = []
    slack.fail("chat.postMessage", Fault.RATE_LIMITED)
    with pytest.raises(SlackUnavailable):
        await ask(clients.write.chat_postMessage(channel="C1", text="Hello"))
    assert sums(metrics.render(None), "smallprint_slack_calls_total", "outcome") == {"rate_limited": 1}

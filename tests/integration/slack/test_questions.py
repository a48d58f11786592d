"""From a mention in a thread to the answer in it, with a loopback Slack and a loopback Claude."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from prometheus_client import CollectorRegistry
from pydantic import SecretStr

from smallprint.bootstrap.product import Product, assemble
from smallprint.bootstrap.questions import questions_of
from smallprint.bootstrap.slack_side import open_slack
from smallprint.config import Settings, require_slack
from smallprint.jobs.questions import ANSWERED, HANDED_OVER, MEMBERS_ONLY
from smallprint.jobs.steps import Steps
from smallprint.jobs.stops import Stops, Unstoppable
from smallprint.jobs.workflows import Workflows
from smallprint.models.domain import Job, JobKind, Progress
from smallprint.services.database.calls import CallStore
from smallprint.services.database.jobs import Arrival, JobState, JobStore
from smallprint.services.metrics import Metrics
from smallprint.slack.client import SlackClients
from smallprint.slack.inbox import jobs_in
from smallprint.slack.questions import question_in
from tests.fakes.asked import a_point, an_answer
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.files import PlainReader
from tests.fakes.job_store import NOW
from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import ANN, BOT_USER, EVE, STRANGER

T = TypeVar("T")
NOTICE = "Either party may terminate this agreement with ninety days' written notice."
GOOD = an_answer(
    a_point("Ninety days.", "with ninety days' written notice"), a_point("In writing.", "written notice")
)


class Silent:
    """Shows nothing beside the thread."""

    async def show(self, job: Job, progress: Progress) -> None:
        pass

    async def clear(self, job: Job) -> None:
        pass


class Desk:
    """Everything behind the events, and an engine's memory of steps."""

    def __init__(
        self,
        slack: FakeSlack,
        clients: SlackClients,
        claude: FakeClaude,
        product: Product,
        settings: Settings,
    ) -> None:
        self.slack, self.clients, self.claude = slack, clients, claude
        self.product, self.settings = product, settings
        self.store = JobStore(product.database)
        self.remembered: dict[str, dict[str, object]] = {}

    async def share(self, channel: str = "contracts", user: str = "ann", *, known: bool = True) -> str:
        """A file in a new thread, analysed unless the bot came later; the thread's root."""
        share = await self.slack.share(channel, user, "agreement.txt", NOTICE)
        if known:
            jobs = jobs_in(self.slack.core.events[0], bot_user=BOT_USER)
            await self.store.add([Arrival(job, JobState.DONE, NOW) for job in jobs])
        return share.ts

    async def ask(self, text: str, root: str | None, *, user: str = "ann", channel: str = "contracts") -> str:
        """Somebody asks, and the job runs to its end; the outcome."""
        direct = channel.startswith("D")
        mention = text if direct else f"<@{BOT_USER}> {text}"
        before = len(self.slack.core.events)
        await self.slack.say(channel, user, mention, thread_ts=root, also_app_mention=not direct)
        found = [question_in(event, bot_user=BOT_USER) for event in self.slack.core.events[before:]]
        (job,) = [job for job in found if job is not None]
        self.job = job
        await self.store.add([Arrival(job, JobState.QUEUED, NOW)])
        return await self.run()

    async def run(self) -> str:
        """As a process that has just started does it."""
        async with AsyncExitStack() as stack:
            access, metrics = require_slack(self.settings), Metrics(CollectorRegistry())
            side = await open_slack(stack, self.settings, access, self.product, metrics)
            make = questions_of(self.settings, self.product, side, Silent(), Stops(Unstoppable()))
            workflow = make(Steps(self.store, retry_interval_s=0.01))
            return await Workflows(self.store, {JobKind.QUESTION: workflow}).run(self.job.id, self._step)

    async def _step(self, name: str, action: Callable[[], Awaitable[T]], /) -> T:
        steps: dict[str, Any] = self.remembered.setdefault(self.job.id, {})
        if name not in steps:
            steps[name] = await action()
        return steps[name]  # type: ignore[no-any-return]

    def answers(self, root: str) -> list[str]:
        return [
            str(reply.get("blocks"))
            for reply in self.slack.thread(self.job.channel, root)
            if reply.get("bot_id")
        ]


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


@pytest.fixture
async def desk(
    slack: FakeSlack, clients: SlackClients, claude: FakeClaude, tmp_path: Path
) -> AsyncIterator[Desk]:
    settings = Settings(
        _env_file=None,
        anthropic_api_key=SecretStr("sk-ant-test"),
        anthropic_base_url=claude.url,
        database_url=f"sqlite+aiosqlite:///{tmp_path}/smallprint.db",
        slack_bot_token=SecretStr(slack.bot_token),
        slack_app_token=SecretStr(slack.app_token),
        slack_api_url=slack.api_url,
        max_retries=0,
    )
    async with assemble(settings) as product:
        plain = replace(product, reader=PlainReader())  # type: ignore[arg-type]  # no child processes
        yield Desk(slack, clients, claude, plain, settings)


async def test_a_mention_is_answered_from_the_document_and_the_next_one_from_the_cache(desk) -> None:
    root = await desk.share()
    desk.claude.script(outcomes.says(GOOD), outcomes.says(GOOD))
    assert await desk.ask("how much notice?", root) == ANSWERED
    (answer,) = desk.answers(root)
    for told in (
        "Ninety days.",
        "“with ninety days' written notice”",
        "p. 1 · ✓ verified",
        "follow_up v1",
        "$0.01",
    ):
        assert told in answer
    (bill,) = desk.claude.billed
    assert bill.form == "FollowUpAnswer"
    assert desk.slack.calls_to("chat.startStream")

    assert await desk.ask("and in which form?", root) == ANSWERED
    first, second = desk.claude.billed
    assert first.usage.cache_write_5m_tokens == second.usage.cache_read_tokens
    assert "how much notice?" in str(desk.claude.received[1]["messages"])
    assert "how much notice?" not in str(desk.claude.received[1]["system"])
    assert len(desk.answers(root)) == 2


async def test_whoever_is_killed_while_claude_answers_comes_back_to_one_answer(desk) -> None:
    root = await desk.share()
    desk.claude.script(outcomes.says(GOOD), outcomes.says(GOOD))
    desk.claude.latency_s = 0.2
    asking = asyncio.create_task(desk.ask("how much notice?", root))
    await desk.claude.until_received()
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    desk.claude.latency_s = 0.0
    assert await desk.run() == ANSWERED
    assert len(desk.answers(root)) == 1
    desk.remembered.clear()
    assert await desk.run() == ANSWERED
    assert len(desk.answers(root)) == 1
    assert len(desk.claude.received) == 2
    assert await CallStore(desk.product.database).answer(f"{desk.job.id}/follow_up/main")


async def test_a_mention_under_a_file_that_nobody_read_hands_it_over_once(desk) -> None:
    root = await desk.share(known=False)
    assert await desk.ask("", root) == HANDED_OVER
    assert [job.file_id for job in await desk.store.accepted()] != []
    assert desk.answers(root) == []
    assert desk.claude.received == []
    (job,) = await desk.store.accepted()
    assert job.id == jobs_in(desk.slack.core.events[0], bot_user=BOT_USER)[0].id


async def test_a_direct_message_needs_no_mention_and_no_thread(desk) -> None:
    channel = desk.slack.workspace.open_dm(ANN).id
    await desk.share(channel)
    desk.claude.script(outcomes.says(GOOD))
    assert await desk.ask("how much notice?", None, channel=channel) == ANSWERED
    assert "Ninety days." in desk.answers(desk.job.thread_ts)[0]


async def test_guests_and_strangers_get_a_kind_sentence_and_nothing_is_spent(desk) -> None:
    root = await desk.share()
    for user in (EVE, STRANGER):
        assert await desk.ask("how much notice?", root, user=user) == "not_allowed"
    assert [MEMBERS_ONLY in answer for answer in desk.answers(root)] == [True, True]
    assert desk.claude.received == []


async def test_invented_words_are_never_shown_as_a_quotation(desk) -> None:
    root = await desk.share()
    desk.claude.script(
        outcomes.says(an_answer(a_point("A million.", "The Supplier shall pay a million dollars")))
    )
    await desk.ask("how much?", root)
    everything = str([call.arguments for call in desk.slack.calls])
    assert "million dollars" not in everything
    assert "Not verified" in desk.answers(root)[0]

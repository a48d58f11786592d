"""Stopping an analysis, from the button in Slack to what Claude was paid for by then."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from smallprint.agents.stopped import PaidAnswersOnly
from smallprint.bootstrap.product import Product, assemble
from smallprint.bootstrap.team import orchestrator_of
from smallprint.config import Settings
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.stops import Stops
from smallprint.jobs.workflow import DocumentTools
from smallprint.models.database import jobs as job_rows
from smallprint.models.domain import Report, StopAnswer
from smallprint.services.database.calls import CallStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.services.database.queue_positions import QueuePositions
from smallprint.services.database.stops import StopStore
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.stop import ANSWERS, NOT_YOURS, STOP_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.stop import StopListener
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from smallprint.slack.status import ThreadStatus
from smallprint.slack.stopping import Stopping
from smallprint.slack.stops import SessionStops
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.slack import FakeSlack, Share
from tests.fakes.slack.workspace import TEAM
from tests.integration.slack.setting import files_of

AGREEMENT = (Path(__file__).parents[3] / "examples" / "services-agreement.pdf").read_bytes()
SLOW = outcomes.slow(60)


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


class Bot:
    """One process, from Socket Mode to the thread."""

    def __init__(self, product: Product, jobs: DocumentJobs, slack: FakeSlack) -> None:
        self.product = product
        self.jobs = jobs
        self._slack = slack

    async def shared(self) -> tuple[Share, dict[str, Any]]:
        """The message with the file, and the placeholder under it."""
        share = await self._slack.share("contracts", "ann", "agreement.pdf", AGREEMENT)
        await self._slack.wait_for(
            lambda: self._slack.replies(share.channel, share.ts) != [], 20, what="a placeholder"
        )
        return share, self._slack.replies(share.channel, share.ts)[0]

    async def press(self, user: str, placeholder: dict[str, Any]) -> str:
        """What Slack shows to who pressed Stop."""
        (button,) = placeholder["blocks"][-1]["elements"]
        pressed = await self._slack.click(
            user, "contracts", placeholder["ts"], STOP_ACTION, value=button["value"], answers=1
        )
        return str(pressed.answers[0]["text"])

    async def ended(self, share: Share, word: str) -> str:
        """The only reply, once it says that word."""
        await self._slack.wait_for(lambda: word in str(self.replies(share)), 20, what=word)
        (reply,) = self.replies(share)
        return f"{reply['text']} {reply['blocks']}"

    def replies(self, share: Share) -> list[dict[str, Any]]:
        return self._slack.replies(share.channel, share.ts)

    async def job(self, share: Share) -> Any:
        query = select(job_rows).where(job_rows.c.thread_ts == share.ts)
        async with self.product.database.read() as connection:
            return (await connection.execute(query)).one()

    async def finished(self, share: Share) -> Any:
        """The job's row, once its end is written down."""
        async with asyncio.timeout(5):
            while not (row := await self.job(share)).finished_at:  # noqa: ASYNC110 - a row is no event
                await asyncio.sleep(0.01)
        return row

    async def report(self, share: Share) -> Report:
        report = await self.product.analyses.report((await self.job(share)).id)
        assert report is not None
        return report


@asynccontextmanager
async def bot(
    slack: FakeSlack, clients: SlackClients, claude: FakeClaude, folder: Path
) -> AsyncIterator[Bot]:
    settings = Settings(
        _env_file=None,
        anthropic_api_key="sk-ant-test",
        anthropic_base_url=claude.url,
        database_url=f"sqlite+aiosqlite:///{folder}/app.db",
        max_retries=0,
    )
    async with assemble(settings) as product:
        database, sources = product.database, Sources(files_of(slack, clients), None)
        posts = Posts(clients, PostStore(database), "one")
        destinations = Destinations(clients, posts)
        status = ThreadStatus(clients, destinations)
        stop_store, positions = StopStore(database), QueuePositions(database)
        stops = Stops(stop_store)
        jobs = DocumentJobs(
            engine_url=f"sqlite:///{folder}/jobs.db",
            store=JobStore(database),
            documents=DocumentTools(
                files=sources,
                reader=product.reader,
                analyser=product.orchestrator,
                finisher=orchestrator_of(
                    settings,
                    PaidAnswersOnly(CallStore(database), sees=True),
                    product.prompts,
                    product.analyses,
                    product.tracing,
                    None,
                    None,
                ),
                reports=product.analyses,
                delivery=ThreadDelivery(
                    clients,
                    posts,
                    destinations,
                    name_of=sources.name_of,
                    status=status,
                    ahead_of=positions.ahead_of,
                    stop_of=stop_store.stop_of,
                ),
                stops=stops,
                positions=positions,
                concurrency=1,
            ),
            retry_interval_s=0.01,
        )
        await jobs.start()
        identity = await slack_app.identify(clients)
        permissions = Permissions(clients, team=TEAM, admin_users=frozenset())
        stopping = Stopping(stops, JobStore(database), permissions, jobs.end_stopped)
        inbox = Inbox(
            SharedFiles(jobs.accept, bot_user=identity.bot_user),
            SessionStops(stopping, stop_store, status.jobs_in),
        )
        app = slack_app.build_app(clients, slack.bot_token, identity, inbox, [StopListener(stopping)])
        socket = slack_app.SocketMode(app, slack.app_token, clients, inbox)
        await socket.start()
        try:
            yield Bot(product, jobs, slack)
        finally:
            await socket.stop()
            await jobs.stop(5)


async def test_what_was_found_and_what_it_cost_stay_when_the_review_is_stopped(
    slack, clients, claude, tmp_path
) -> None:
    claude.always(SLOW, match="ReviewerAnswer")
    async with bot(slack, clients, claude, tmp_path) as running:
        share, placeholder = await running.shared()
        await claude.until_received(3)  # triage, analyst and the reviewer that takes its time
        assert await running.press("bob", placeholder) == NOT_YOURS
        assert await running.press("ann", placeholder) == ANSWERS[StopAnswer.STOPPED]
        shown = await running.ended(share, "risk")
        report = await running.report(share)
        job = await running.finished(share)
    assert report.findings
    assert (report.reviewed, report.stopped_by) == (False, job.user_id)
    assert report.cost_nano_usd
    assert "somebody stopped the analysis before the review" in shown
    assert (job.state, job.outcome, job.stopped_by) == ("done", report.risk_level.value, job.user_id)
    assert len(claude.received) == 3


async def test_before_anything_was_found_it_says_who_stopped_it_and_offers_another_run(
    slack, clients, claude, tmp_path
) -> None:
    claude.always(SLOW, match="AnalystAnswer")
    async with bot(slack, clients, claude, tmp_path) as running:
        share, placeholder = await running.shared()
        await claude.until_received(2)
        first, second = [await running.press(user, placeholder) for user in ("ann", "olly")]
        shown = await running.ended(share, "Stopped")
        job = await running.finished(share)
    assert (first, second) == (ANSWERS[StopAnswer.STOPPED], ANSWERS[StopAnswer.ALREADY])
    assert job.user_id in shown
    assert "a little more for what the AI was just writing" in shown
    assert "run_again" in shown
    assert (job.state, job.outcome, job.stopped_by) == ("failed", "stopped", job.user_id)


async def test_slack_s_own_stop_is_the_asker_s_and_the_queued_show_at_once_that_they_were_stopped(
    slack, clients, claude, tmp_path
) -> None:
    claude.always(SLOW, match="AnalystAnswer")
    async with bot(slack, clients, claude, tmp_path) as running:
        shares = [await running.shared() for _ in range(4)]  # one is read, one is at hand, two are queued
        last, placeholder = shares[-1]
        assert "Waiting: 3 documents before this one" in placeholder["text"]
        assert await running.press("ann", placeholder) == ANSWERS[StopAnswer.STOPPED]
        assert "Nothing was spent" in await running.ended(last, "Stopped")
        assert (await running.finished(last)).outcome == "stopped"

        first, _ = shares[0]
        event = {"type": "agent_session_stopped", "channel": first.channel, "thread_ts": first.ts}
        stranger, asker = (slack.workspace.user(name).id for name in ("bob", "ann"))
        await slack.emit({**event, "user": stranger})
        await slack.emit({**event, "user": asker})
        await running.ended(first, "Stopped")
        assert (await running.finished(first)).stopped_by == asker


async def test_a_stop_that_was_written_down_holds_for_the_next_process_which_asks_nobody_again(
    slack, clients, claude, tmp_path
) -> None:
    claude.always(SLOW, match="ReviewerAnswer")
    async with bot(slack, clients, claude, tmp_path) as dying:
        share, _ = await dying.shared()
        await claude.until_received(3)
        job = await dying.job(share)
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/app.db")
    assert await StopStore(database).stop(job.id, job.user_id) is StopAnswer.STOPPED
    await database.close()
    async with bot(slack, clients, claude, tmp_path) as running:
        await running.ended(share, "risk")
        report = await running.report(share)
        assert (await running.finished(share)).state == "done"
    assert (report.reviewed, report.stopped_by) == (False, job.user_id)
    assert len(claude.received) == 3

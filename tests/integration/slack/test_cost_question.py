"""An expensive document, from the message that shares it to the result that somebody said yes to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from smallprint.errors import CostNeedsConsent
from smallprint.jobs.queue import DocumentJobs
from smallprint.jobs.workflow import DocumentTools
from smallprint.models.domain import AnalysisRequest
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.repeat import CONSENT_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.repeat import RepeatListener
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.files import PlainReader
from tests.fakes.slack import FakeSlack, Share, Upload
from tests.fakes.slack.workspace import TEAM
from tests.integration.slack.setting import files_of

QUESTION = "It would cost about $3.10."


class ExpensiveAnalyser(HarmlessAnalyser):
    async def begins(self, request: AnalysisRequest) -> None:
        if not request.brief.cost_accepted:
            raise CostNeedsConsent(QUESTION)


@asynccontextmanager
async def bot(
    slack: FakeSlack, clients: SlackClients, folder: Path, analyser: ExpensiveAnalyser
) -> AsyncIterator[DocumentJobs]:
    """Everything between Socket Mode and the thread; started again on the same folder it is the next process."""
    database = await Database.open(f"sqlite+aiosqlite:///{folder}/app.db")
    store, sources = JobStore(database), Sources(files_of(slack, clients), None)
    posts = Posts(clients, PostStore(database), "one")
    jobs = DocumentJobs(
        engine_url=f"sqlite:///{folder}/jobs.db",
        store=store,
        documents=DocumentTools(
            files=sources,
            reader=PlainReader(),
            analyser=analyser,
            reports=analyser,
            delivery=ThreadDelivery(clients, posts, Destinations(clients, posts), name_of=sources.name_of),
            concurrency=2,
        ),
        retry_interval_s=0.01,
    )
    await jobs.start()
    identity = await slack_app.identify(clients)
    inbox = Inbox(SharedFiles(jobs.accept, bot_user=identity.bot_user))
    permissions = Permissions(clients, team=TEAM, admin_users=frozenset())
    listener = RepeatListener(clients, store, permissions, jobs.accept)
    app = slack_app.build_app(clients, slack.bot_token, identity, inbox, [listener])
    socket = slack_app.SocketMode(app, slack.app_token, clients, inbox)
    await socket.start()
    try:
        yield jobs
    finally:
        await socket.stop()
        await jobs.stop(5)
        await database.close()


def texts(slack: FakeSlack, share: Share) -> list[str]:
    replies = slack.replies(share.channel, share.ts)
    return [f"{reply['text']} {reply.get('blocks', '')}" for reply in replies]


async def asked(slack: FakeSlack, share: Share) -> tuple[str, str]:
    """The ts of the question, and what its button carries."""
    await slack.wait_for(lambda: any(QUESTION in text for text in texts(slack, share)), 10, what="a question")
    question = next(reply for reply in slack.replies(share.channel, share.ts) if QUESTION in str(reply))
    return question["ts"], question["blocks"][-1]["elements"][0]["value"]


async def test_the_question_is_asked_once_and_any_number_of_yeses_is_one_result(
    slack, clients, tmp_path
) -> None:
    analyser = ExpensiveAnalyser()
    async with bot(slack, clients, tmp_path, analyser):
        share = await slack.share("contracts", "ann", "long.txt", b"a long contract")
        ts, value = await asked(slack, share)
        presses = [slack.click(who, "contracts", ts, CONSENT_ACTION, value=value) for who in ("bob", "ann")]
        await asyncio.gather(*presses)
        await slack.wait_for(lambda: "Low risk" in str(texts(slack, share)), 10, what="a result")
        await slack.click("olly", "contracts", ts, CONSENT_ACTION, value=value)
        await slack.wait_quiet(0.5)
    question, result = texts(slack, share)
    assert "agreed to the cost" in question
    assert CONSENT_ACTION not in question
    assert "Low risk" in result
    assert len(analyser.runs) == 1


async def test_a_yes_that_was_written_down_survives_the_process(slack, clients, tmp_path) -> None:
    analyser = ExpensiveAnalyser(seconds=30)
    async with bot(slack, clients, tmp_path, analyser):
        share = await slack.share("contracts", "ann", "long.txt", b"a long contract")
        ts, value = await asked(slack, share)
        await slack.click("bob", "contracts", ts, CONSENT_ACTION, value=value)
        await slack.wait_for(lambda: analyser.runs, 10, what="the analysis begun")
    analyser.seconds = 0
    async with bot(slack, clients, tmp_path, analyser):
        await slack.wait_for(lambda: "Low risk" in str(texts(slack, share)), 20, what="a result")
    assert len(texts(slack, share)) == 2


async def test_among_several_files_the_headline_says_which_one_waits_for_a_yes(
    slack, clients, tmp_path
) -> None:
    async with bot(slack, clients, tmp_path, ExpensiveAnalyser()):
        files = [Upload("a.txt", b"a"), Upload("b.txt", b"b")]
        share = await slack.share("contracts", "ann", files=files)
        await slack.wait_for(lambda: len(texts(slack, share)) == 3, 10, what="a headline")
        ts, value = await asked(slack, share)
        await slack.click("bob", "contracts", ts, CONSENT_ACTION, value=value)
        await slack.wait_for(lambda: "Low risk" in str(texts(slack, share)), 10, what="a result")
        await slack.wait_quiet(0.5)
    *_, headline, result = texts(slack, share)
    assert "2 documents: 2 not analysed yet" in headline
    assert "a.txt" in result

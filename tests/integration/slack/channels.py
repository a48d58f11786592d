"""Channels with their settings as they are in the product: from the event to the thread, on a loopback Slack.

The engine's place is taken by something that has every result at once; it starts in no time.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from smallprint.errors import SmallprintError
from smallprint.jobs.admission import Gate
from smallprint.jobs.dispatcher import Dispatcher
from smallprint.jobs.intake import Intake
from smallprint.jobs.messages import Messages
from smallprint.jobs.results import Sequel, show_result
from smallprint.models.domain import AnalysisRequest, ChannelSettings, Document, Job, Report, RiskLevel, Step
from smallprint.services.database.admissions import AdmissionStore
from smallprint.services.database.channel_settings import ChannelSettingsStore
from smallprint.services.database.connection import Database
from smallprint.services.database.jobs import JobState, JobStore
from smallprint.services.database.posts import PostStore
from smallprint.slack import app as slack_app
from smallprint.slack.admission import SlackAdmission
from smallprint.slack.alerts import Alerts
from smallprint.slack.blocks.limits import validate_blocks
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.offer import OFFER_ACTION
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.client import SlackClients
from smallprint.slack.delivery import ThreadDelivery
from smallprint.slack.destinations import Destinations
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.introductions import Introductions
from smallprint.slack.listeners.joined import JoinedListener
from smallprint.slack.listeners.offer import OfferListener
from smallprint.slack.listeners.smallprint import COMMAND, SmallprintListener
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.settings_desk import SettingsDesk
from smallprint.slack.sources import Sources
from tests.fakes.analyser import HarmlessAnalyser
from tests.fakes.passages import document_of
from tests.fakes.slack import FakeSlack, Interaction, Share
from tests.fakes.slack.workspace import TEAM, Json
from tests.integration.slack.prompting import words
from tests.integration.slack.setting import files_of


class LevelAnalyser(HarmlessAnalyser):
    """Finds the risk that it is told to."""

    level = RiskLevel.LOW

    async def made(self, report: Report, document: Document, request: AnalysisRequest) -> Report:
        return replace(report, risk_level=self.level)


class QuickJobs:
    """As DocumentJobs, without an engine: what is let in is read and answered at once, and lost with the process."""

    def __init__(
        self,
        store: JobStore,
        files: Sources,
        delivery: ThreadDelivery,
        analyser: LevelAnalyser,
        gate: Gate,
        *sequels: Sequel,
    ) -> None:
        self._store, self._files, self._delivery = store, files, delivery
        self._analyser, self._sequels = analyser, sequels
        self._messages = Messages(store, delivery, analyser)
        self._running: set[asyncio.Task[None]] = set()
        self.dispatcher = Dispatcher(
            store, files, announce=self._messages.announce, enqueue=self._enqueue, gate=gate
        )
        self._intake = Intake(store, wait_for_message_s=0.1, committed=self.dispatcher.notice)
        self.accept = self._intake.accept

    async def stop(self) -> None:
        await self._intake.stop()
        await self.dispatcher.stop()
        await asyncio.gather(*self._running)

    async def _enqueue(self, jobs: Sequence[Job]) -> None:
        for job in jobs:
            task = asyncio.create_task(self._run(job.id))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _run(self, job_id: str) -> None:
        job = await self._store.get(job_id)
        assert job is not None
        await self._messages.announce(job)
        file = await self._files.fetch(job)
        request = AnalysisRequest(job.id, job.team, job.channel, job.user, job.trigger, job.brief)
        document = document_of(file.content.decode(), name=file.name)
        report = await self._analyser.run(document, request, _no_step, last_try=True)
        await show_result(job, report, delivery=self._delivery, reports=self._analyser, sequels=self._sequels)
        await self._store.finish(job.id, JobState.DONE, report.risk_level.value)
        await self._messages.ended(job)


async def _no_step(_: Step) -> None: ...


class Channels:
    """The bot, and people who share, ask, press and set up; started again on the same folder it is the next process."""

    def __init__(
        self,
        slack: FakeSlack,
        clients: SlackClients,
        database: Database,
        analyser: LevelAnalyser,
    ) -> None:
        self.slack, self.clients, self.database, self.analyser = slack, clients, database, analyser
        self.settings, self.store = ChannelSettingsStore(database), JobStore(database)
        self.permissions = Permissions(clients, team=TEAM, admin_users=frozenset())
        self.facts = ConversationFacts(clients)
        self.posts = Posts(clients, PostStore(database), "one")
        self.introductions = Introductions(self.posts, self.facts, self.settings)
        self.rows = AdmissionStore(database)
        destinations = Destinations(clients, self.posts)
        sources = Sources(files_of(slack, clients), None)
        self.admission = SlackAdmission(
            self.settings,
            self.facts,
            self.permissions,
            files_of(slack, clients),
            self.posts,
            destinations,
            self.introductions,
            self.rows,
        )
        self.jobs = QuickJobs(
            self.store,
            sources,
            ThreadDelivery(clients, self.posts, destinations, name_of=sources.name_of),
            analyser,
            Gate(self.rows, self.admission),
            Alerts(clients, self.posts, destinations, self.settings, self.facts),
        )
        self.forgotten: list[Mapping[str, Any]] = []
        self.refusal: SmallprintError | None = None

    async def connect(self) -> slack_app.SocketMode:
        self.jobs.dispatcher.start()
        identity = await slack_app.identify(self.clients)
        inbox = Inbox(SharedFiles(self.jobs.accept, bot_user=identity.bot_user))
        desk = SettingsDesk(
            self.clients, self.settings, self.facts, self.permissions, self.posts, team=identity.team
        )
        listeners: list[slack_app.Listener] = [
            OfferListener(self.clients, self.store, self.rows, self.permissions, self.jobs.accept),
            JoinedListener(self.introductions, self.facts, team=identity.team, bot_user=identity.bot_user),
            SmallprintListener(desk, Modals(self.clients), {"forget": self._forget}),
        ]
        app = slack_app.build_app(self.clients, self.slack.bot_token, identity, inbox, listeners)
        socket = slack_app.SocketMode(app, self.slack.app_token, self.clients, inbox)
        await socket.start()
        return socket

    async def wishes(self, channel: str, **settings: Any) -> None:
        """Somebody has set the channel up."""
        place = self.slack.workspace.channel(channel).id
        wish = ChannelSettings(**settings)
        await self.settings.change(TEAM, place, wish, actor="U0ANN00001", request_id=f"{place}/{wish}")

    async def share(self, channel: str, user: str = "bob", name: str = "lease.txt", **how: Any) -> Share:
        """A small text file."""
        return await self.slack.share(channel, user, name, how.pop("content", b"a lease"), **how)

    async def answered(self, share: Share, word: str = "Low risk") -> str:
        """All the words of the thread, once one of them is this."""
        await self.slack.wait_for(lambda: word in self.said(share), 10, what=word)
        return self.said(share)

    async def nothing_more(self, share: Share) -> str:
        """All the words of the thread, once nothing happens any more."""
        await self.slack.wait_quiet(0.25)
        return self.said(share)

    def said(self, share: Share) -> str:
        replies = self.slack.replies(share.channel, share.thread_ts)
        for reply in replies:
            assert validate_blocks(reply["blocks"]) == []
        return words([reply["blocks"] for reply in replies])

    def in_channel(self, channel: str) -> list[str]:
        """What we said outside of threads."""
        mine = [each for each in self.slack.bot_messages(channel) if "thread_ts" not in each]
        return [words(each["blocks"]) for each in mine]

    async def press_offer(self, share: Share, user: str = "bob", *, answers: int = 0) -> Interaction:
        offer = next(
            reply
            for reply in self.slack.replies(share.channel, share.thread_ts)
            if OFFER_ACTION in str(reply)
        )
        value = offer["blocks"][-1]["elements"][0]["value"]
        return await self.slack.click(
            user, share.channel, offer["ts"], OFFER_ACTION, value=value, answers=answers
        )

    async def types(self, text: str, user: str, channel: str = "contracts") -> str:
        """`/smallprint …`; all the words of the answer."""
        result = await self.slack.slash_command(user, channel, COMMAND, text, answers=1)
        assert all(validate_blocks(message["blocks"]) == [] for message in result.said)
        return words(result.said)

    async def opens_settings(self, user: str, channel: str = "contracts") -> Json:
        """The modal."""
        before = len(self.slack.core.views)
        await self.slack.slash_command(user, channel, COMMAND, "Settings")
        await self.slack.wait_for(lambda: len(self.slack.core.views) > before, what="a modal")
        return self.slack.modal()

    async def _forget(self, command: Mapping[str, Any]) -> Message:
        if self.refusal is not None:
            raise self.refusal
        self.forgotten.append(command)
        return answer_message("Forgotten.")


@asynccontextmanager
async def channels_of(
    slack: FakeSlack, clients: SlackClients, folder: Path, analyser: LevelAnalyser
) -> AsyncIterator[Channels]:
    database = await Database.open(f"sqlite+aiosqlite:///{folder / 'app.db'}")
    channels = Channels(slack, clients, database, analyser)
    socket = await channels.connect()
    try:
        yield channels
    finally:
        await socket.stop()
        await channels.introductions.finish()
        await channels.jobs.stop()
        await database.close()

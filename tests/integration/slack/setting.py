"""Our side of Slack on a loopback Slack, in this process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from smallprint.models.domain import ChannelSettings, Job
from smallprint.models.sizes import MEGABYTE
from smallprint.slack.admission import SlackAdmission
from smallprint.slack.ask_dialog import AskDialog
from smallprint.slack.asking import Asking
from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.client import SlackClients, connect
from smallprint.slack.destinations import Destinations
from smallprint.slack.files import SlackFiles
from smallprint.slack.inbox import Accept
from smallprint.slack.introductions import Introductions
from smallprint.slack.listeners.analyse import AnalyseListener
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from tests.fakes.posted import InMemoryPosts
from tests.fakes.slack import FakeSlack, Share


@asynccontextmanager
async def connected(slack: FakeSlack) -> AsyncIterator[SlackClients]:
    clients = connect(slack.bot_token, slack.api_url)
    yield clients
    await clients.session.close()


def files_of(
    slack: FakeSlack,
    clients: SlackClients,
    *,
    max_bytes: int = MEGABYTE,
    timeout_s: float = 5.0,
    patience_s: tuple[float, ...] = (0.0, 0.0, 0.0),
) -> SlackFiles:
    return SlackFiles(
        clients,
        slack.bot_token,
        slack.api_url,
        max_bytes=max_bytes,
        download_timeout_s=timeout_s,
        patience_s=patience_s,
    )


class NoSettings:
    """Channels in which nobody has set up anything."""

    async def of(self, _team: str, _channel: str) -> ChannelSettings:
        return ChannelSettings()


class NobodyDeclined:
    """For what is asked, not shared."""

    async def declined_with(self, _job: Job, _code: str) -> Sequence[Job]:
        return ()


def asking_of(
    clients: SlackClients, files: SlackFiles, sources: Sources, permissions: Permissions, accept: Accept
) -> Asking:
    posts = Posts(clients, InMemoryPosts(), "one")
    destinations, facts = Destinations(clients, posts), ConversationFacts(clients)
    settings = NoSettings()
    introductions = Introductions(posts, facts, settings)
    admission = SlackAdmission(
        settings, facts, permissions, files, posts, destinations, introductions, NobodyDeclined()
    )
    return Asking(clients, files, sources, permissions, admission, posts, destinations, accept)


def analyse_listener(clients: SlackClients, asking: Asking) -> AnalyseListener:
    return AnalyseListener(asking, AskDialog(asking), Modals(clients))


def job_for(share: Share) -> Job:
    return Job(f"doc-{share.file_id}", "T0ACME0001", share.channel, share.ts, share.file_id, "U1", "message")

"""What a forgotten analysis leaves in Slack: a sentence in the place of our answer, and nothing else that we posted."""

from __future__ import annotations

import re
from typing import Protocol

from smallprint.errors import SlackError
from smallprint.jobs.messages import message_id
from smallprint.models.domain import Brief, Job, JobKind
from smallprint.slack.alerts import ALERT
from smallprint.slack.blocks.elements import rich_text, section, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.request import request_message
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import REQUEST, Destinations, request_of
from smallprint.slack.listeners.share import SHARED_TAG
from smallprint.slack.messages import update

FORGOTTEN = (
    "This document was deleted, or somebody asked me to forget it: my analysis and its quotations are gone."
)

FORGOTTEN_ANSWER = (
    "This question or its document was deleted, or somebody asked me to forget it:"
    " my answer and its quotations are gone."
)

_TS = re.compile(r"\d{10}\.\d{6}")
_FILE = re.compile(r"F[A-Z0-9]{2,}")
_REPLACED = frozenset({"placeholder", "result", "answer", SHARED_TAG})
"""The message that people know as our answer; what else we posted for the job is deleted."""
_SUMMARY = "summary"
"""Of a message: the headline over its files, which names each of them."""
_OFFER = "offer"
"""The button that reads the files of a message: it stands for the others, too, and quotes nothing."""


class PostedLog(Protocol):
    """`services/database/erasures.py`."""

    async def posts_of(self, job_id: str) -> list[tuple[str, str]]: ...


class Forgetting:
    """Implements the eraser's ForgottenDelivery."""

    def __init__(self, clients: SlackClients, posted: PostedLog, destinations: Destinations) -> None:
        self._clients = clients
        self._posted = posted
        self._destinations = destinations

    async def forget(self, job: Job) -> None:
        """Replace and delete; a message that somebody has deleted already is as good as forgotten.

        Raises:
            SlackUnavailable: calling again is safe.
        """
        posted = [
            *await self._posted.posts_of(job.id),
            *await self._headline(job),
            *await self._root(job),
        ]
        home = await self._destinations.channel_of(job) if posted else ""
        for what, ts in posted:
            try:
                await self._forget(job, _channel(job, what, home), what, ts)
            except SlackError as error:
                if error.retryable:
                    raise

    async def _headline(self, job: Job) -> list[tuple[str, str]]:
        if job.of <= 1:
            return []
        return [(what, ts) for what, ts in await self._posted.posts_of(message_id(job)) if what == _SUMMARY]

    async def _root(self, job: Job) -> list[tuple[str, str]]:
        """Of a thread of our own, unless it is among the job's posts: it shows what the asker typed."""
        name = request_of(job)
        if name == job.id or (job.thread_ts and not job.brief.private):
            return []
        return [(what, ts) for what, ts in await self._posted.posts_of(name) if what == REQUEST]

    async def _forget(self, job: Job, channel: str, what: str, ts: str) -> None:
        if what == REQUEST:  # the answers hang on it
            await update(self._clients, channel, ts, request_message(job.user, Brief()))
        elif _FILE.fullmatch(ts):
            await ask(self._clients.write.files_delete(file=ts))
        elif _TS.fullmatch(ts) and what in _REPLACED:
            await update(self._clients, channel, ts, forgotten_message(job))
        elif _TS.fullmatch(ts) and not (what == _OFFER and job.of > 1):
            await ask(self._clients.write.chat_delete(channel=channel, ts=ts))


def _channel(job: Job, what: str, home: str) -> str:
    """Where it was posted; `home` is where the job's answer is."""
    if what == SHARED_TAG:
        return job.channel  # a private answer that its asker showed to others
    kind, _, where = what.partition("/")
    return where if kind == ALERT else home


def forgotten_message(job: Job) -> Message:
    told = FORGOTTEN_ANSWER if job.kind is JobKind.QUESTION else FORGOTTEN
    return Message(told, [rich_text(section(words(f"🗑️ {told}")))])

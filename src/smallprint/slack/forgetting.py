"""What a forgotten analysis leaves in Slack: a sentence in the place of our answer, and nothing else that we posted."""

from __future__ import annotations

import re
from typing import Protocol

from smallprint.errors import SlackError
from smallprint.jobs.messages import message_id
from smallprint.models.domain import Job
from smallprint.slack.alerts import ALERT
from smallprint.slack.blocks.elements import rich_text, section, words
from smallprint.slack.blocks.message import Message
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import Destinations
from smallprint.slack.listeners.share import SHARED_TAG

FORGOTTEN = (
    "This document was deleted, or somebody asked me to forget it: my analysis and its quotations are gone."
)

_TS = re.compile(r"\d{10}\.\d{6}")
_FILE = re.compile(r"F[A-Z0-9]{2,}")
_REPLACED = frozenset({"placeholder", "result", "answer", SHARED_TAG})
"""The message that people know as our answer; what else we posted for the job is deleted."""
_SUMMARY, _OFFER = "summary", "offer"
"""Of a message: the headline over its files, which names each of them, and the button that would read its only file."""
_KEPT = frozenset({"request"})
"""The root of a thread of our own: it names nobody's document, and the answers hang on it."""


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
        posted = [*await self._posted.posts_of(job.id), *await self._of_message(job)]
        home = await self._destinations.channel_of(job) if posted else ""
        for what, ts in posted:
            try:
                await self._forget(_channel(job, what, home), what, ts)
            except SlackError as error:
                if error.retryable:
                    raise

    async def _of_message(self, job: Job) -> list[tuple[str, str]]:
        if not job.message_ts:
            return []
        wanted = _SUMMARY if job.of > 1 else _OFFER
        return [(what, ts) for what, ts in await self._posted.posts_of(message_id(job)) if what == wanted]

    async def _forget(self, channel: str, what: str, ts: str) -> None:
        if what in _KEPT:
            return
        if _FILE.fullmatch(ts):
            await ask(self._clients.write.files_delete(file=ts))
        elif _TS.fullmatch(ts) and what in _REPLACED:
            message = forgotten_message()
            await ask(
                self._clients.write.chat_update(
                    channel=channel, ts=ts, text=message.text, blocks=list(message.blocks)
                )
            )
        elif _TS.fullmatch(ts):
            await ask(self._clients.write.chat_delete(channel=channel, ts=ts))


def _channel(job: Job, what: str, home: str) -> str:
    """Where it was posted; `home` is where the job's answer is."""
    if what == SHARED_TAG:
        return job.channel  # a private answer that its asker showed to others
    kind, _, where = what.partition("/")
    return where if kind == ALERT else home


def forgotten_message() -> Message:
    return Message(FORGOTTEN, [rich_text(section(words(f"🗑️ {FORGOTTEN}")))])

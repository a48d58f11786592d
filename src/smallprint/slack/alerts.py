"""High and critical: who the channel's settings name is told, once for a document in its thread."""

from __future__ import annotations

import re

import structlog

from smallprint.errors import SlackError
from smallprint.models.domain import Job, Report, RiskLevel
from smallprint.slack.blocks.alert import channel_alert, group_alert, is_group
from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import Destination, Destinations
from smallprint.slack.introductions import SettingsOf
from smallprint.slack.posts import Posts

log = structlog.get_logger()

ALERT = "alert"
"""Ends the tag; behind a dash the channel, where it is another than the document's: it is erased there too."""
ALARMING = frozenset({RiskLevel.HIGH, RiskLevel.CRITICAL})
ALERT = "alert"
"""With the channel in the tag of its post: it may be another than that of the answer, and be forgotten there."""
_REPEAT = re.compile(r"-(?:consented|again|with-[0-9a-f]+)")
"""What jobs/repeats.py adds to a job's id."""


class Alerts:
    """A sequel of a shown result (jobs/results.py)."""

    def __init__(
        self,
        clients: SlackClients,
        posts: Posts,
        destinations: Destinations,
        settings: SettingsOf,
        facts: ConversationFacts,
    ) -> None:
        self._clients = clients
        self._posts = posts
        self._destinations = destinations
        self._settings = settings
        self._facts = facts

    async def after(self, job: Job, report: Report) -> None:
        """Nothing of a private answer is told anywhere.

        Raises:
            SlackError, DatabaseUnavailable: not told yet; calling again is safe.
        """
        if job.brief.private or report.risk_level not in ALARMING:
            return
        alert = (await self._settings.of(job.team, job.channel)).alert
        if not alert:
            return
        place = await self._destinations.of(job)
        tag = f"{_REPEAT.sub('', job.id)}/{ALERT}"
        if is_group(alert):
            await self._posts.message(tag, place.channel, place.thread_ts, group_alert(alert, report))
        elif await self._may_tell(alert):
            message = channel_alert(report, await self._address(place))
            await self._posts.message(f"{tag}-{alert}", alert, None, message)
        log.info("told of a high risk", job=job.id, level=report.risk_level.value, alert=alert)

    async def _may_tell(self, channel: str) -> bool:
        """False where strangers have come in since the channel was chosen."""
        self._facts.forget(channel)  # what was known ten minutes ago is not good enough here
        facts = await self._facts.of(channel)
        if facts is None or facts.is_shared:
            log.warning("nobody told of a high risk: the channel is not ours alone", channel=channel)
            return False
        return True

    async def _address(self, place: Destination) -> str:
        """Of the thread with the result; empty where Slack does not tell it."""
        try:
            answer = await ask(
                self._clients.read.chat_getPermalink(channel=place.channel, message_ts=place.thread_ts)
            )
        except SlackError as error:
            if error.retryable:
                raise
            return ""
        return str(answer.get("permalink") or "")

"""Who may have what analysed where: the channel's settings, who is in it, and who shared or asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Protocol

import structlog

from smallprint.errors import FileError, NotAllowed
from smallprint.models.domain import (
    ASKING,
    TOLD,
    Against,
    Brief,
    ChannelFacts,
    ChannelSettings,
    Job,
    JobKind,
    Standing,
    reason_against,
    reason_against_file,
    with_wishes,
)
from smallprint.services.database.admissions import Decision
from smallprint.slack.asking_once import AskingOnce
from smallprint.slack.blocks.offer import DECLINED, declined_message, offer_message
from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.destinations import Destinations
from smallprint.slack.file_facts import kind_of, size_of
from smallprint.slack.introductions import Introductions, SettingsOf
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts

log = structlog.get_logger()


class FileInfo(Protocol):
    """slack/files.py."""

    async def info(self, file_id: str) -> dict[str, Any]: ...


class Declined(Protocol):
    """services/database/admissions.py."""

    async def declined_with(self, job: Job, code: str) -> Sequence[Job]: ...


class SlackAdmission:
    """Implements the jobs' Admission. What many ask at the same time is asked once."""

    def __init__(
        self,
        settings: SettingsOf,
        facts: ConversationFacts,
        permissions: Permissions,
        files: FileInfo,
        posts: Posts,
        destinations: Destinations,
        introductions: Introductions,
        declined: Declined,
    ) -> None:
        self._settings = settings
        self._facts = facts
        self._permissions = permissions
        self._files = files
        self._posts = posts
        self._destinations = destinations
        self._introductions = introductions
        self._declined = declined
        self._settings_of = AskingOnce(self._ask_settings)

    async def decide(self, job: Job) -> Decision:
        """Raises SlackUnavailable, DatabaseUnavailable: ask again later."""
        settings = await self._settings_of.of((job.team, job.channel))
        facts = await self._facts.of(job.channel)
        if job.kind is JobKind.QUESTION:
            return await self._decide_question(job, settings, facts)
        asked = job.trigger in ASKING
        against = await self._against(job.user, settings, facts, asked=asked)
        if against is Against.ASKED_IN_SHARED_CHANNEL and job.brief.private:
            against = None  # no stranger sees the answer, and who may ask for one was checked (asking.py)
        if settings.picky and against in {None, Against.OFFERED} and not asked:
            against = await self._against_file(job, settings) or against
        if against in {None, Against.OFFERED} and not job.brief.private:
            self._introductions.begin(job.team, job.channel)
        if against is None:
            return Decision(_wishing(job, settings, facts or ChannelFacts()))
        return Decision(job, against.value, told=against in TOLD)

    async def wished(self, team: str, channel: str, brief: Brief) -> Brief:
        """What an asker's wishes become in the channel: for who has to say at once where the answer comes.

        Raises:
            SlackUnavailable, DatabaseUnavailable: it cannot be said now.
        """
        settings = await self._settings_of.of((team, channel))
        return with_wishes(brief, settings, await self._facts.of(channel) or ChannelFacts())

    async def require_may_ask(self, team: str, channel: str, user: str) -> None:
        """For commands and forms, which answer their asker at once.

        Raises:
            NotAllowed: a guest or a stranger, or a channel with strangers that no admin has allowed.
            SlackUnavailable, DatabaseUnavailable: it cannot be said now.
        """
        settings = await self._settings_of.of((team, channel))
        standing = await self._permissions.standing_of(user)
        if standing is not Standing.MEMBER:
            raise NotAllowed(DECLINED[Against.ASKED_BY_GUEST])
        against = await self._against(user, settings, await self._facts.of(channel), asked=True)
        if against is not None:
            raise NotAllowed(DECLINED.get(against, DECLINED[Against.ASKED_IN_SHARED_CHANNEL]))

    async def tell(self, job: Job, code: str) -> None:
        """One offer, or one sentence, for all files of a message.

        Raises:
            SlackError: it could not be posted.
        """
        place = await self._destinations.of(job)
        first, *_ = [*await self._declined.declined_with(job, code), job]
        if code == Against.OFFERED:
            what, message = "offer", offer_message(first.id)
        else:
            what, message = "declined", declined_message(code)
        await self._posts.message(f"{first.id}/{what}", place.channel, place.thread_ts, message)

    async def _decide_question(
        self, job: Job, settings: ChannelSettings, facts: ChannelFacts | None
    ) -> Decision:
        """Only strangers matter: who else may ask is known where it is answered (jobs/questions.py)."""
        against = await self._against(job.user, settings, facts, asked=True)
        if against in {Against.SHARED_CHANNEL, Against.ASKED_IN_SHARED_CHANNEL}:
            return Decision(job, against.value, told=against in TOLD)
        return Decision(job)

    async def _against(
        self, user: str, settings: ChannelSettings, facts: ChannelFacts | None, *, asked: bool
    ) -> Against | None:
        """Where Slack does not say what a channel is like, our own people may share there, and others may not."""
        if facts is None:
            standing = await self._permissions.standing_of(user)
            return reason_against(settings, ChannelFacts(), standing, asked=asked)
        standing = await self._standing(user, facts, asked=asked)
        return reason_against(settings, facts, standing, asked=asked)

    async def _standing(self, user: str, facts: ChannelFacts, *, asked: bool) -> Standing:
        """Whoever is in a channel that is not shared is one of us: sharing there needs no question to Slack."""
        if facts.is_shared or facts.is_direct:
            return await self._permissions.standing_of(user)
        if not asked:
            return Standing.GUEST
        standing = await self._permissions.standing_of(user)
        return Standing.MEMBER if standing is Standing.MEMBER else Standing.GUEST

    async def _against_file(self, job: Job, settings: ChannelSettings) -> Against | None:
        try:
            info = await self._files.info(job.file_id)
        except FileError:
            return None  # reading it gives the sentence that says what is wrong
        return reason_against_file(settings, size_of(info), kind_of(info))

    async def _ask_settings(self, place: tuple[str, str]) -> ChannelSettings:
        return await self._settings.of(*place)


def _wishing(job: Job, settings: ChannelSettings, facts: ChannelFacts) -> Job:
    return replace(job, brief=with_wishes(job.brief, settings, facts))

"""How a channel wants us to work: the form for those who may change it, what they send, and the line that tells of it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any, Protocol

import structlog

from smallprint.errors import NotInChannel, SlackError, SmallprintError
from smallprint.models.domain import ChannelChange, ChannelFacts, ChannelSettings
from smallprint.slack.blocks.alert import is_group
from smallprint.slack.blocks.channel_words import (
    NOW,
    SAVED,
    UNCHANGED,
    WHO_MAY,
    settings_changed,
    settings_told,
)
from smallprint.slack.blocks.modal import Modal, said_modal
from smallprint.slack.blocks.settings_modal import (
    ALERT_CHANNEL,
    CALLBACK,
    TITLE,
    FilledSettings,
    UserGroup,
    settings_modal,
)
from smallprint.slack.carried import Carried
from smallprint.slack.channel_facts import ConversationFacts
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.modals import FieldErrors
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts

log = structlog.get_logger()

NOT_THERE = "I'm not in that channel. Invite me there with /invite, or choose another one."
NOT_AMONG_STRANGERS = "People of other organisations are in that channel. Choose another one."


class SettingsLog(Protocol):
    """services/database/channel_settings.py."""

    async def of(self, team: str, channel: str) -> ChannelSettings: ...

    async def change(
        self, team: str, channel: str, settings: ChannelSettings, *, actor: str, request_id: str
    ) -> ChannelChange | None: ...


class SettingsDesk:
    """Rights are asked for when the form opens and again when it is sent."""

    def __init__(
        self,
        clients: SlackClients,
        settings: SettingsLog,
        facts: ConversationFacts,
        permissions: Permissions,
        posts: Posts,
        *,
        team: str,
    ) -> None:
        self._clients = clients
        self._settings = settings
        self._facts = facts
        self._permissions = permissions
        self._posts = posts
        self._team = team

    async def opened(self, user: str, channel: str) -> Modal:
        """The form as it stands; for who may not change it, what stands in it.

        Raises:
            NotInChannel: we are not there.
            SlackUnavailable, DatabaseUnavailable.
        """
        self._facts.forget(channel)
        facts, settings, may, admin, groups = await asyncio.gather(
            self._known(channel),
            self._settings.of(self._team, channel),
            self._permissions.is_channel_admin(user, channel),
            self._permissions.is_admin(user),
            self._groups(),
        )
        if not may:
            return said_modal(TITLE, settings_told(NOW, settings, facts, WHO_MAY))
        return settings_modal(settings, facts, groups, str(Carried(channel=channel)), admin=admin)

    async def sent(self, user: str, view: Mapping[str, Any]) -> Modal | FieldErrors:
        """What holds from now on, or what is wrong at which field. The modal's id names the request: sent twice, it is one change.

        Raises:
            NotInChannel, SlackUnavailable, DatabaseUnavailable: nothing was changed.
        """
        channel = Carried.read(view["private_metadata"]).channel
        facts = await self._known(channel)
        before = await self._settings.of(self._team, channel)
        if not await self._permissions.is_channel_admin(user, channel):
            log.warning("refused", user=user, what=CALLBACK)
            return said_modal(TITLE, settings_told(NOW, before, facts, WHO_MAY))
        filled = FilledSettings.of(view, before, admin=await self._permissions.is_admin(user))
        faults = filled.faults or await self._faults_of_alert(filled.settings.alert, before.alert)
        if faults:
            return FieldErrors(faults)
        change = await self._settings.change(
            self._team, channel, filled.settings, actor=user, request_id=f"view/{view['id']}"
        )
        if change is None:
            return said_modal(TITLE, settings_told(UNCHANGED, filled.settings, facts))
        log.info("channel settings changed", channel=channel, user=user, change=change.id)
        await self._announce(change, facts)
        return said_modal(TITLE, settings_told(SAVED, change.settings, facts))

    async def _known(self, channel: str) -> ChannelFacts:
        facts = await self._facts.of(channel)
        if facts is None or not facts.is_member:
            raise NotInChannel
        return facts

    async def _faults_of_alert(self, alert: str, before: str) -> Mapping[str, str]:
        """What is told in a channel must not come before strangers, and we must be able to tell it."""
        if not alert or alert == before or is_group(alert):
            return {}
        facts = await self._facts.of(alert)
        if facts is None or not facts.is_member or facts.is_direct:
            return {ALERT_CHANNEL: NOT_THERE}
        return {ALERT_CHANNEL: NOT_AMONG_STRANGERS} if facts.is_shared else {}

    async def _groups(self) -> list[UserGroup]:
        """None where Slack does not tell them: the form does without."""
        try:
            answer = await ask(self._clients.read.usergroups_list())
        except SlackError as error:
            log.warning("cannot ask which user groups there are", error=error.code)
            return []
        found = [UserGroup(str(each["id"]), str(each.get("name") or "")) for each in answer["usergroups"]]
        return sorted(found, key=lambda group: group.name.casefold())

    async def _announce(self, change: ChannelChange, facts: ChannelFacts) -> None:
        """Best effort: the change itself is written down, and its modal says so."""
        if facts.is_direct:
            return
        try:
            message = settings_changed(change.actor, change.before, change.settings)
            await self._posts.message(f"channel-settings/{change.id}", change.channel, None, message)
        except SmallprintError as error:
            log.warning("change not told in its channel", channel=change.channel, error=error.code)

"""Asking for an analysis, however it is asked: what somebody points at becomes jobs that are written down.

The command, its modal and the message shortcut share this; each only reads what its own form holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from smallprint.errors import (
    FileAccessDenied,
    FileGone,
    NotAllowed,
    NotInChannel,
    SlackRefused,
)
from smallprint.models.domain import Brief, Job
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.destinations import Destinations
from smallprint.slack.files import SlackFiles
from smallprint.slack.inbox import Accept
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.references import FileReference, MessageReference, Reference, WebReference
from smallprint.slack.sources import Sources

NO_FILES = "There is no file on that message. Please give me the link of the file itself, or of the message it was shared in."
# One sentence for "does not exist" and "not for you": a refusal must not tell which files there are.
NOT_AVAILABLE = (
    "I can't analyse that file for you: both you and I need to be members of a conversation it was shared in."
    " If you can open it, share it here."
)
NOT_FOR_GUESTS = (
    "Only full members of this workspace can ask for an analysis. Please ask one of them, or share the file in a channel"
    " where I read what is shared."
)
TEXT_NAME = "pasted text.txt"
TEXT_TITLE = "The text that I was asked to read"


@dataclass(frozen=True, slots=True)
class Asked:
    """Who asks for what."""

    request: str
    """Names the request; the same however often Slack delivers it."""
    user: str
    team: str
    channel: str
    """Where it was asked; the answer goes there, unless `brief.private`."""
    reference: Reference | None = None
    files: Sequence[str] = ()
    """Ids of files that the asker uploaded with the request."""
    text: str = ""
    """Words that the asker pasted, as a document."""
    brief: Brief = field(default_factory=Brief)


@dataclass(frozen=True, slots=True)
class Begun:
    """What will be done."""

    count: int
    """Documents that will be read."""
    brief: Brief
    """The asker's wishes, and the channel's where the asker had none."""


class Admission(Protocol):
    """slack/admission.py."""

    async def require_may_ask(self, team: str, channel: str, user: str) -> None:
        """Raises NotAllowed, SlackUnavailable, DatabaseUnavailable."""
        ...

    async def wished(self, team: str, channel: str, brief: Brief) -> Brief: ...


class Asking:
    """Checks rights, then writes the jobs down."""

    def __init__(
        self,
        clients: SlackClients,
        files: SlackFiles,
        sources: Sources,
        permissions: Permissions,
        admission: Admission,
        posts: Posts,
        destinations: Destinations,
        accept: Accept,
    ) -> None:
        self._clients = clients
        self._files = files
        self._sources = sources
        self._permissions = permissions
        self._admission = admission
        self._posts = posts
        self._destinations = destinations
        self._accept = accept

    async def ask(self, asked: Asked) -> Begun:
        """Begin it.

        Raises:
            NotAllowed: the asker is a guest, must not see what they point at, or the channel is not to be answered in.
            NotInChannel: the answer could not be posted there.
            LinksOff, LinkRefused, FileGone, SlackError, DatabaseUnavailable, IntakeStopped.
        """
        brief = await self._admission.wished(asked.team, asked.channel, asked.brief)
        asked = replace(asked, brief=brief)
        await self.require_may_ask(asked)
        files = await self._pointed_at(asked)
        if asked.text:
            files["text"] = await self._kept_text(asked)
        jobs = [
            _job(asked, name, file, place, len(files)) for place, (name, file) in enumerate(files.items())
        ]
        await self._accept(jobs)
        return Begun(len(jobs), brief)

    async def require_may_ask(self, asked: Asked) -> None:
        """Where the answer goes to the asker alone, it does not matter who else is in the channel.

        Raises:
            NotAllowed, NotInChannel, SlackUnavailable, DatabaseUnavailable.
        """
        if asked.brief.private:
            if not await self._permissions.is_full_member(asked.user):
                raise NotAllowed(NOT_FOR_GUESTS)
            return
        await self.require_presence(asked.channel)
        await self._admission.require_may_ask(asked.team, asked.channel, asked.user)

    async def require_presence(self, channel: str) -> None:
        """Raises NotInChannel where we could not answer."""
        info = (await ask(self._clients.read.conversations_info(channel=channel)))["channel"]
        if not (info.get("is_member") or info.get("is_im") or info.get("is_mpim")):
            raise NotInChannel

    async def _pointed_at(self, asked: Asked) -> dict[str, str]:
        """Last part of the job's id → file."""
        files = {file: file for file in asked.files}
        match asked.reference:
            case WebReference(url):
                self._sources.check_link(url)
                files["link"] = url  # a link may hold secrets, an id must not
            case FileReference() | MessageReference() as reference:
                files.update((file, file) for file in await self._file_ids(asked.user, reference))
        return files

    async def _file_ids(self, user: str, reference: FileReference | MessageReference) -> list[str]:
        """The files pointed at, if the asker is a member of a conversation they are shared in."""
        try:
            if isinstance(reference, FileReference):
                channels = self._files.channels_of(await self._files.info(reference.file_id))
                ids = [reference.file_id]
            else:
                channels = [reference.channel]
                ids = []
            if not await self._permissions.is_member_of_any(user, channels):
                raise NotAllowed(NOT_AVAILABLE)
            if isinstance(reference, MessageReference):
                ids = await self._files.in_message(reference.channel, reference.ts, reference.thread_ts)
        except (NotInChannel, FileGone, FileAccessDenied, SlackRefused) as error:
            raise NotAllowed(NOT_AVAILABLE) from error
        if not ids:
            raise FileGone(NO_FILES)
        return ids

    async def _kept_text(self, asked: Asked) -> str:
        """The text as a file in Slack, where it belongs: we keep no documents. Returns the file's id."""
        place = await self._destinations.of(_job(asked, "text", "", 0, 1))
        tag = f"{asked.request}-text/pasted"  # the job's id first: it is forgotten with the job
        return await self._posts.file(tag, place.channel, place.thread_ts, TEXT_NAME, TEXT_TITLE, asked.text)


def _job(asked: Asked, name: str, file: str, place: int, of: int) -> Job:
    return Job(
        f"{asked.request}-{name}",
        asked.team,
        asked.channel,
        "",
        file,
        asked.user,
        "command",
        message_ts=asked.request,
        ordinal=place,
        of=of,
        brief=asked.brief,
    )

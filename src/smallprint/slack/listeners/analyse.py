"""`/analyse <link> [wishes]`: analyse a file that is already in Slack, for somebody who can see it, or a public document."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncRespond

from smallprint.errors import (
    FileAccessDenied,
    FileGone,
    NotAllowed,
    NotInChannel,
    SlackRefused,
    SmallprintError,
)
from smallprint.models.domain import Brief, Job
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import analyse_help, answer_message, wishes_help
from smallprint.slack.blocks.wishes import understood
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.files import SlackFiles
from smallprint.slack.inbox import Accept
from smallprint.slack.permissions import Permissions
from smallprint.slack.references import (
    FileReference,
    MessageReference,
    Reference,
    WebReference,
    parse_reference,
)
from smallprint.slack.sources import Sources
from smallprint.slack.wishes import parse_wishes

log = structlog.get_logger()

COMMAND = "/analyse"
CHECKING = "One moment, I'm looking at that file."
ACCEPTED_LINK = "On it: I'm fetching that document. The answer comes in a thread in this channel."
ACCEPTED_ONE = "On it. The answer comes in a thread in this channel."
ACCEPTED_MANY = "On it: {count} files. The answers come in a thread in this channel."
NO_FILES = "There is no file on that message. Please give me the link of the file itself, or of the message it was shared in."
# One sentence for "does not exist" and "not for you": a refusal must not tell which files there are.
NOT_AVAILABLE = (
    "I can't analyse that file for you: both you and I need to be members of a conversation it was shared in."
    " If you can open it, share it here."
)

# Slack shows an error to the user when a command is not acked within 3 seconds
# (docs.slack.dev/interactivity/implementing-slash-commands).
ACK_WITHIN_S = 2.0


class AnalyseListener:
    """Checks what was asked, writes the jobs down, and only then says that it will."""

    def __init__(
        self,
        clients: SlackClients,
        files: SlackFiles,
        sources: Sources,
        permissions: Permissions,
        accept: Accept,
    ) -> None:
        self._clients = clients
        self._files = files
        self._sources = sources
        self._permissions = permissions
        self._accept = accept

    def register(self, app: AsyncApp) -> None:
        app.command(COMMAND)(self.analyse)

    async def analyse(self, ack: AsyncAck, command: Mapping[str, Any], respond: AsyncRespond) -> None:
        """Answer within Slack's 3 seconds, whatever the checks take."""
        checks = asyncio.ensure_future(self._answer(command))
        done, _ = await asyncio.wait({checks}, timeout=ACK_WITHIN_S)
        if done:
            message = checks.result()
            await ack(text=message.text, blocks=list(message.blocks))
            return
        await ack(text=CHECKING)
        message = await checks
        await respond(text=message.text, blocks=list(message.blocks), replace_original=False)

    async def _answer(self, command: Mapping[str, Any]) -> Message:
        wishes = parse_wishes(command.get("text") or "")
        reference = parse_reference(wishes.reference)
        if reference is None:
            return analyse_help()
        if wishes.unknown:  # an analysis of something else than was wished for would be paid for nothing
            return wishes_help(wishes.unknown)
        try:
            jobs = await self._jobs(command, reference, wishes.brief)
            await self._accept(jobs)
        except SmallprintError as error:
            log.info("command refused", command=COMMAND, user=command["user_id"], code=error.code)
            return answer_message(error.user_message)
        return answer_message(f"{_accepted(reference, len(jobs))} {understood(wishes.brief)}")

    async def _jobs(self, command: Mapping[str, Any], reference: Reference, brief: Brief) -> list[Job]:
        user, channel = command["user_id"], command["channel_id"]
        if isinstance(reference, WebReference):
            self._sources.check_link(reference.url)
            await self._require_presence(channel)
            files = {"link": reference.url}  # a link may hold secrets, an id must not
        else:
            await self._require_presence(channel)
            files = {file: file for file in await self._file_ids(user, reference)}
        request = f"cmd-{hashlib.sha256(command['trigger_id'].encode()).hexdigest()[:24]}"
        return [
            Job(
                f"{request}-{name}",
                command["team_id"],
                channel,
                "",
                file,
                user,
                "command",
                message_ts=request,
                ordinal=place,
                of=len(files),
                brief=brief,
            )
            for place, (name, file) in enumerate(files.items())
        ]

    async def _require_presence(self, channel: str) -> None:
        info = (await ask(self._clients.read.conversations_info(channel=channel)))["channel"]
        if not (info.get("is_member") or info.get("is_im") or info.get("is_mpim")):
            raise NotInChannel

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


def _accepted(reference: Reference, count: int) -> str:
    if isinstance(reference, WebReference):
        return ACCEPTED_LINK
    return ACCEPTED_ONE if count == 1 else ACCEPTED_MANY.format(count=count)

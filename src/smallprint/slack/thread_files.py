"""Files that people shared in a thread before anybody asked us about them, as jobs to analyse them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from smallprint.errors import SlackRefused
from smallprint.jobs.intake import job_id
from smallprint.models.domain import Brief, Job
from smallprint.slack.client import SlackClients, ask

PAGE = 200
MOST_PAGES = 5
MOST_FILES = 10
"""Of the latest messages: who asks in a long thread means what was shared last."""
MENTION = "app_mention"


class ThreadFiles:
    """Implements the port of jobs/questions.py."""

    def __init__(self, clients: SlackClients, *, bot_user: str) -> None:
        self._clients = clients
        self._bot_user = bot_user

    async def files(self, asked: Job) -> tuple[Job, ...]:
        """The files on the thread's root and replies, oldest first, as if each had been shared with a mention of us.

        Their ids are those of shared files, so nothing is analysed twice. None for a thread that is gone.

        Raises:
            NotInChannel, SlackUnavailable: the thread can't be read.
        """
        try:
            messages = await self._messages(asked)
        except SlackRefused:
            return ()
        kept: list[Job] = []
        for message in reversed(messages):
            jobs = list(_jobs_of(message, asked)) if self._is_a_persons(message) else []
            if kept and len(kept) + len(jobs) > MOST_FILES:
                break
            kept = [*jobs, *kept]
        return tuple({job.file_id: job for job in kept}.values())

    async def _messages(self, asked: Job) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        cursor = None
        for _ in range(MOST_PAGES):
            answer = await ask(
                self._clients.read.conversations_replies(
                    channel=asked.channel, ts=asked.thread_ts, limit=PAGE, cursor=cursor
                )
            )
            found += answer.get("messages", [])
            cursor = answer.get("response_metadata", {}).get("next_cursor")
            if not cursor:
                break
        return found

    def _is_a_persons(self, message: Mapping[str, Any]) -> bool:
        user = message.get("user") or ""
        return not message.get("bot_id") and user not in {"", self._bot_user}


def _jobs_of(message: Mapping[str, Any], asked: Job) -> Iterator[Job]:
    ids = dict.fromkeys(str(file["id"]) for file in message.get("files") or () if file.get("id"))
    for place, file in enumerate(ids):
        yield Job(
            job_id(asked.team, asked.channel, asked.thread_ts, file),
            asked.team,
            asked.channel,
            asked.thread_ts,
            file,
            asked.user,
            MENTION,
            message_ts=str(message.get("ts") or ""),
            ordinal=place,
            of=len(ids),
            brief=Brief(),
        )

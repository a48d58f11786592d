"""Where the answer to a job goes: its thread, a thread of our own under a command, or the asker's direct messages."""

from __future__ import annotations

from dataclasses import dataclass

from smallprint.jobs.messages import message_id
from smallprint.models.domain import Job
from smallprint.slack.blocks.request import request_message
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.posts import Posts

REQUEST = "request"
"""Of the post that is the root of a thread of our own."""
REMEMBERED = 2_000
"""Direct conversations whose id is known."""


@dataclass(frozen=True, slots=True)
class Destination:
    """A thread."""

    channel: str
    thread_ts: str
    """Its root."""


class Destinations:
    """One per process."""

    def __init__(self, clients: SlackClients, posts: Posts) -> None:
        self._clients = clients
        self._posts = posts
        self._direct: dict[str, str] = {}

    async def of(self, job: Job) -> Destination:
        """The thread; its root is posted, once, where there is none yet.

        Raises:
            SlackError: it could not be posted.
        """
        if job.thread_ts and not job.brief.private:
            return Destination(job.channel, job.thread_ts)
        channel = await self.channel_of(job)
        message = request_message(job.user, job.brief)
        return Destination(
            channel, await self._posts.message(f"{request_of(job)}/{REQUEST}", channel, None, message)
        )

    async def channel_of(self, job: Job) -> str:
        """The conversation alone. Raises SlackError."""
        return await self._direct_messages(job.user) if job.brief.private else job.channel

    async def _direct_messages(self, user: str) -> str:
        if user not in self._direct:
            opened = await ask(self._clients.write.conversations_open(users=user))
            while len(self._direct) >= REMEMBERED:
                del self._direct[next(iter(self._direct))]
            self._direct[user] = str(opened["channel"]["id"])
        return self._direct[user]


def request_of(job: Job) -> str:
    """Names the root that the files of one command, or of one message, share."""
    if job.trigger == "command":
        return job.id.rpartition("-")[0]  # their ids differ in the last part only
    return message_id(job) if job.of > 1 else job.id

"""`/smallprint forget <link>`: everything about a document that we keep and have said, for who shared it and for admins."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import structlog

from smallprint.models.domain import Erasure, ErasureKind, Job, JobKind
from smallprint.slack.blocks.message import Message
from smallprint.slack.blocks.progress import answer_message
from smallprint.slack.erasures import AddErasures
from smallprint.slack.permissions import Permissions
from smallprint.slack.references import FileReference, MessageReference, parse_reference

log = structlog.get_logger()

USAGE = (
    "Give me the link of the file, of the message it was shared in, or of my answer: /smallprint forget <link>."
    " Its text, quotations and report are erased; costs and counts stay."
)
FORGETTING = "Done within a minute: I forget what I read and wrote about {documents}. Costs and counts stay."
# One sentence for "there is nothing" and "not for you": a refusal must not tell which documents we know.
NOTHING = (
    "There is nothing of that document that I could forget for you. Only who shared it, and admins, can have it forgotten:"
    " ask one of them, or delete the file in Slack."
)

SHARING = frozenset({"message", "file_shared"})
"""Triggers of a file that somebody shared, so that it is theirs; by the others somebody asks about a file."""


class ThreadJobs(Protocol):
    """`services/database/erasures.py`."""

    async def about_file(self, file_id: str) -> list[Job]: ...

    async def about_message(self, channel: str, ts: str) -> list[Job]:
        """Jobs whose file the message shared, whose thread it roots, or whose answer it is."""
        ...


class ForgetCommand:
    """Writes the wish down and says that it will be done."""

    def __init__(
        self, jobs: ThreadJobs, add: AddErasures, permissions: Permissions, *, noticed: Callable[[], None]
    ) -> None:
        self._jobs = jobs
        self._add = add
        self._permissions = permissions
        self._noticed = noticed

    async def answer(self, command: Mapping[str, Any]) -> Message:
        """To the words after `forget` in `text`.

        Raises:
            DatabaseUnavailable: nothing was written down.
        """
        user = str(command["user_id"])
        reference = parse_reference(str(command.get("text") or ""))
        if not isinstance(reference, FileReference | MessageReference):
            return answer_message(USAGE)
        found = await self._found(reference)
        theirs = found if await self._permissions.is_admin(user) else _theirs(user, found)
        if not theirs:
            return answer_message(NOTHING)
        await self._add([_erasure(job, user, command) for job in theirs])
        self._noticed()
        log.info("asked to forget", user=user, jobs=len(theirs))
        count = len({job.file_id for job in theirs})
        return answer_message(FORGETTING.format(documents=f"{count} documents" if count > 1 else "it"))

    async def _found(self, reference: FileReference | MessageReference) -> list[Job]:
        if isinstance(reference, FileReference):
            return await self._jobs.about_file(reference.file_id)
        return await self._jobs.about_message(reference.channel, reference.ts)


def _theirs(user: str, jobs: Sequence[Job]) -> list[Job]:
    """What they asked for, and everything of files that came from them.

    A file came from whoever shared it first, or else had it read first: to ask about somebody else's gives no right over
    their results. A repeat that somebody else started is no reason against it.
    """
    came_from: dict[str, str] = {}
    documents = [job for job in jobs if job.file_id and job.kind is JobKind.DOCUMENT]  # oldest first
    for job in sorted(documents, key=lambda job: job.trigger not in SHARING):
        came_from.setdefault(job.file_id, job.user)
    return [job for job in jobs if user in {job.user, came_from.get(job.file_id)}]


def _erasure(job: Job, user: str, command: Mapping[str, Any]) -> Erasure:
    """One wish for each time that it is asked: what was said of the document since then goes the next time."""
    asked = hashlib.sha256(str(command.get("trigger_id") or "").encode()).hexdigest()[:12]
    return Erasure(f"forget/{asked}/{job.id}", ErasureKind.JOB, job.team, job.channel, job.id, user)

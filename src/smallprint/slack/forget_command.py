"""`/smallprint forget <link>`: everything about a document that we keep and have said, for who shared it and for admins."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

import structlog

from smallprint.errors import NotAllowed
from smallprint.models.domain import Erasure, ErasureKind, Job
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
NOTHING = "There is nothing of that document here, so there is nothing to forget."
NOT_YOURS = "Only who shared a document, and admins, can have it forgotten. Ask one of them, or delete the file in Slack."


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
            NotAllowed: it is neither theirs nor are they an admin.
            DatabaseUnavailable: nothing was written down.
        """
        user = str(command["user_id"])
        reference = parse_reference(str(command.get("text") or ""))
        if not isinstance(reference, FileReference | MessageReference):
            return answer_message(USAGE)
        found = await self._found(reference)
        theirs = found if await self._permissions.is_admin(user) else _shared_by(user, found)
        if found and not theirs:
            raise NotAllowed(NOT_YOURS)
        if not theirs:
            return answer_message(NOTHING)
        await self._add([_erasure(job, user) for job in theirs])
        self._noticed()
        log.info("asked to forget", user=user, jobs=len(theirs))
        count = len({job.file_id for job in theirs})
        return answer_message(FORGETTING.format(documents=f"{count} documents" if count > 1 else "it"))

    async def _found(self, reference: FileReference | MessageReference) -> list[Job]:
        if isinstance(reference, FileReference):
            return await self._jobs.about_file(reference.file_id)
        return await self._jobs.about_message(reference.channel, reference.ts)


def _shared_by(user: str, jobs: Sequence[Job]) -> list[Job]:
    """Those of files that the user shared or asked about first; a repeat that somebody else started is no reason against it."""
    files = {job.file_id for job in jobs if job.user == user}
    return [job for job in jobs if job.file_id in files]


def _erasure(job: Job, user: str) -> Erasure:
    return Erasure(f"forget/{job.id}", ErasureKind.JOB, job.team, job.channel, job.id, user)

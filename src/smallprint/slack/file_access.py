"""Who may have a document's own pages, and not only what was said of them: whoever could open it without us."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from smallprint.errors import NotAllowed
from smallprint.models.domain import Job

NOT_TO_BE_OPENED = (
    "The document itself is for those who can open it in Slack, and it isn't shared in this conversation."
    " The report, the table and the JSON are here for you all the same."
)


class Files(Protocol):
    """slack/files.py."""

    async def info(self, file_id: str) -> dict[str, Any]: ...

    def channels_of(self, info: Mapping[str, Any]) -> list[str]: ...


class Members(Protocol):
    """slack/permissions.py."""

    async def is_member_of_any(self, user: str, channels: Iterable[str]) -> bool: ...


class FileAccess:
    """An analysis can stand where its file was never shared: a command takes any file that its asker can open."""

    def __init__(self, files: Files, members: Members) -> None:
        self._files = files
        self._members = members

    async def require(self, user: str, job: Job, channel: str) -> None:
        """That `user`, who sees the result in `channel`, could open the job's file.

        Raises:
            NotAllowed: they could not, as far as Slack tells us.
            FileError, SlackUnavailable: it can't be opened, or nobody knows.
        """
        if not await self.may_open(user, job, channel):
            raise NotAllowed(NOT_TO_BE_OPENED)

    async def may_open(self, user: str, job: Job, channel: str = "") -> bool:
        """True for whose file it is, and for members of a conversation that it is shared in. Raises as `require`."""
        if job.file_id.startswith("https://"):
            return user == job.user  # who has the link may not want others to have it
        info = await self._files.info(job.file_id)
        shared = self._files.channels_of(info)
        if info.get("user") == user or channel in shared:
            return True
        return await self._members.is_member_of_any(user, shared)

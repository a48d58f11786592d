"""Where a job's file comes from: Slack, or the public web."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlsplit

from smallprint.errors import FileAccessDenied, LinksOff
from smallprint.models.domain import Job, SharedFile
from smallprint.slack.files import SlackFiles

LINK = "https://"

NO_LONGER_YOURS = (
    "I read this file for you alone, and you can't open it in Slack any more, so I don't read it again."
    " If you can open it after all, share it with me here."
)


class Links(Protocol):
    """Documents at public addresses (services/web_links.py)."""

    def check(self, url: str) -> None:
        """Raises LinkRefused for what is not worth a try."""
        ...

    async def fetch(self, url: str) -> SharedFile: ...


class Access(Protocol):
    """Who can open a file in Slack (slack/file_access.py)."""

    async def may_open(self, user: str, job: Job) -> bool: ...


class Sources:
    """Implements the jobs' FileSource."""

    def __init__(self, files: SlackFiles, links: Links | None, access: Access | None = None) -> None:
        """`links` is None where links are not allowed (ALLOW_LINKS).

        `access` is asked before what one person has read in private; None: nobody loses access to files.
        """
        self._files = files
        self._links = links
        self._access = access

    async def fetch(self, job: Job) -> SharedFile:
        """The file's name and bytes.

        Raises:
            FileError, DocumentTooLarge, SlackUnavailable: see SlackFiles.fetch and WebLinks.fetch.
        """
        if not _is_link(job):
            await self._require_access(job)
            return await self._files.fetch(job)
        if self._links is None:
            raise LinksOff
        return await self._links.fetch(job.file_id)

    async def thread_of(self, job: Job) -> str | None:
        """As SlackFiles.thread_of; a link is shared nowhere."""
        return None if _is_link(job) else await self._files.thread_of(job)

    async def name_of(self, job: Job) -> str:
        """A name to show for a file that could not be read; empty when there is none."""
        if _is_link(job):
            return urlsplit(job.file_id).hostname or ""
        return await self._files.name_of(job)

    def check_link(self, url: str) -> None:
        """Raises LinksOff, LinkRefused."""
        if self._links is None:
            raise LinksOff
        self._links.check(url)

    async def _require_access(self, job: Job) -> None:
        """A repeat or a question can come months after the asker has left the conversation with the file."""
        if job.brief.private and self._access and not await self._access.may_open(job.user, job):
            raise FileAccessDenied(NO_LONGER_YOURS)


def _is_link(job: Job) -> bool:
    return job.file_id.startswith(LINK)

"""Where a job's file comes from: Slack, or the public web."""

from __future__ import annotations

from typing import Protocol
from urllib.parse import urlsplit

from smallprint.errors import LinksOff
from smallprint.models.domain import Job, SharedFile
from smallprint.slack.files import SlackFiles

LINK = "https://"


class Links(Protocol):
    """Documents at public addresses (services/web_links.py)."""

    def check(self, url: str) -> None:
        """Raises LinkRefused for what is not worth a try."""
        ...

    async def fetch(self, url: str) -> SharedFile: ...


class Sources:
    """Implements the jobs' FileSource."""

    def __init__(self, files: SlackFiles, links: Links | None) -> None:
        """`links` is None where links are not allowed (ALLOW_LINKS)."""
        self._files = files
        self._links = links

    async def fetch(self, job: Job) -> SharedFile:
        """The file's name and bytes.

        Raises:
            FileError, DocumentTooLarge, SlackUnavailable: see SlackFiles.fetch and WebLinks.fetch.
        """
        if not _is_link(job):
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


def _is_link(job: Job) -> bool:
    return job.file_id.startswith(LINK)

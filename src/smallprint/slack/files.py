"""Files in Slack: what they are, whether we and the asker may read them, and their bytes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

import aiohttp

from smallprint.errors import (
    DocumentTooLarge,
    ExternalFile,
    FileAccessDenied,
    FileGone,
    FileNotReady,
    SlackRefused,
    SlackUnavailable,
    UnsupportedFileMode,
)
from smallprint.models.domain import Job, SharedFile
from smallprint.slack.client import SlackClients, ask

TOO_LARGE = (
    "This file has {size:.0f} MB; my limit is {limit:.0f} MB. Please split it or share the part that matters."
)
MISSING_SCOPE = "Slack didn't let me read this file: I lack the permission {needed}. An admin needs to add it and reinstall me."

DOWNLOADABLE = frozenset({"hosted", "snippet"})
LOST_MODES = frozenset({"tombstone", "hidden_by_limit"})
LOST_ACCESS = frozenset({"access_denied", "file_not_found"})
LOST_CODES = frozenset({"file_not_found", "file_deleted", "access_denied", "not_visible"})

SLACK_DOMAINS = ("slack.com", "slack-files.com", "slack-edge.com")
MAX_REDIRECTS = 4
DOWNLOAD_TIMEOUT_S = 120.0
CHUNK = 64 * 1024
MEGABYTE = 1024 * 1024
REDIRECTS = frozenset({301, 302, 303, 307, 308})
SIGN_IN_PAGE = (b"<!doctype html", b"<html")


class SlackFiles:
    """Implements the jobs' FileSource."""

    def __init__(self, clients: SlackClients, token: str, api_url: str, *, max_bytes: int) -> None:
        self._clients = clients
        self._token = token
        self._api_host = urlsplit(api_url).netloc
        self._max_bytes = max_bytes

    async def fetch(self, job: Job) -> SharedFile:
        """The file's name and bytes.

        Raises:
            FileError: it is gone, not allowed, elsewhere, of a kind without bytes, or not ready yet.
            DocumentTooLarge: more than the limit, before or while downloading.
            SlackUnavailable: Slack did not answer.
        """
        info = await self.info(job.file_id)
        url = self._downloadable(info)
        content = await self._download(url)
        if _is_sign_in_page(content, info):
            raise FileAccessDenied
        if len(content) < int(info.get("size") or 0):
            raise FileNotReady
        return SharedFile(str(info.get("name") or info.get("title") or "document"), content)

    async def info(self, file_id: str) -> dict[str, Any]:
        """files.info, always: Slack Connect events carry stubs.

        Raises:
            FileError, SlackUnavailable: as for `fetch`.
        """
        try:
            answer = await ask(self._clients.read.files_info(file=file_id))
        except SlackRefused as refusal:
            if refusal.slack_code in LOST_CODES:
                raise FileGone from refusal
            if refusal.slack_code == "missing_scope":
                raise FileAccessDenied from refusal
            raise
        file = answer.get("file")
        if not isinstance(file, dict):
            raise SlackUnavailable
        return file

    async def thread_of(self, job: Job) -> str | None:
        """The root of the thread in which the file was last shared in the job's channel; None if it was not."""
        shares = _shares(await self.info(job.file_id)).get(job.channel, [])
        if not shares:
            return None
        latest = max(shares, key=lambda share: str(share.get("ts", "")))
        return str(latest.get("thread_ts") or latest["ts"])

    async def in_message(self, channel: str, ts: str, thread_ts: str | None) -> list[str]:
        """Ids of the files on one message.

        Raises:
            NotInChannel, SlackRefused, SlackUnavailable: the message cannot be read.
        """
        span: dict[str, Any] = {"channel": channel, "oldest": ts, "latest": ts, "inclusive": True}
        if thread_ts and thread_ts != ts:
            answer = await ask(self._clients.read.conversations_replies(ts=thread_ts, limit=10, **span))
        else:
            answer = await ask(self._clients.read.conversations_history(limit=1, **span))
        found = [message for message in answer.get("messages", []) if message.get("ts") == ts]
        return [file["id"] for message in found for file in message.get("files", [])]

    def channels_of(self, info: Mapping[str, Any]) -> list[str]:
        """Every conversation the file is shared in, as far as Slack tells us."""
        listed = [channel for kind in ("channels", "groups", "ims") for channel in info.get(kind) or ()]
        return list(dict.fromkeys([*_shares(info), *listed]))

    def _downloadable(self, info: Mapping[str, Any]) -> str:
        mode = info.get("mode")
        if mode in LOST_MODES or info.get("file_access") in LOST_ACCESS:
            raise FileGone
        if info.get("is_external") or mode == "external":
            raise ExternalFile
        if mode is not None and mode not in DOWNLOADABLE:
            raise UnsupportedFileMode
        size = int(info.get("size") or 0)
        if size > self._max_bytes:
            raise DocumentTooLarge(TOO_LARGE.format(size=size / MEGABYTE, limit=self._max_bytes / MEGABYTE))
        url = info.get("url_private_download") or info.get("url_private")
        if not url:
            raise FileNotReady
        return str(url)

    async def _download(self, url: str) -> bytes:
        try:
            async with asyncio.timeout(DOWNLOAD_TIMEOUT_S):
                return b"".join([chunk async for chunk in self._stream(url)])
        except (aiohttp.ClientError, TimeoutError) as error:
            raise FileNotReady from error

    async def _stream(self, url: str) -> AsyncIterator[bytes]:
        for _ in range(MAX_REDIRECTS + 1):
            self._vet(url)
            headers = {"Authorization": f"Bearer {self._token}"}
            async with self._clients.session.get(url, headers=headers, allow_redirects=False) as response:
                if response.status in REDIRECTS:
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                _check_status(response.status)
                received = 0
                async for chunk in response.content.iter_chunked(CHUNK):
                    received += len(chunk)
                    if received > self._max_bytes:
                        raise DocumentTooLarge(
                            TOO_LARGE.format(size=received / MEGABYTE, limit=self._max_bytes / MEGABYTE)
                        )
                    yield chunk
                return
        raise FileAccessDenied

    def _vet(self, url: str) -> None:
        """Our token goes only to Slack's own hosts, over TLS, or to the host of SLACK_API_URL."""
        parts = urlsplit(url)
        if parts.netloc == self._api_host:
            return
        host = (parts.hostname or "").lower()
        slacks = any(host == domain or host.endswith("." + domain) for domain in SLACK_DOMAINS)
        if parts.scheme != "https" or not slacks or parts.port not in {None, 443}:
            raise ExternalFile


def _check_status(status: int) -> None:
    if status in {401, 403}:
        raise FileAccessDenied
    if status in {404, 410}:
        raise FileGone
    if status != 200:  # noqa: PLR2004
        raise FileNotReady


def _is_sign_in_page(content: bytes, info: Mapping[str, Any]) -> bool:
    """Without files:read Slack answers 200 and an HTML page; a real HTML file has the size that Slack says."""
    if not content[:200].lstrip().lower().startswith(SIGN_IN_PAGE):
        return False
    return "html" not in str(info.get("mimetype", "")) or len(content) != int(info.get("size") or 0)


def _shares(info: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    shares = info.get("shares") or {}
    return {
        channel: posts
        for kind in ("public", "private")
        for channel, posts in (shares.get(kind) or {}).items()
    }

"""Bytes of files in Slack: our token goes to Slack only, and no download is endless."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import parse_qs, urljoin, urlsplit

import aiohttp

from smallprint.errors import (
    DocumentTooLarge,
    ExternalFile,
    FileAccessDenied,
    FileGone,
    FileNotReady,
    FileTooSlow,
)
from smallprint.models.sizes import MEGABYTE

TOO_LARGE = (
    "This file has {size:.0f} MB; my limit is {limit:.0f} MB. Please split it or share the part that matters."
)
ENDLESS = "This file is larger than my limit of {limit:.0f} MB, so I stopped downloading it. Please split it or share the part that matters."

SLACK_DOMAINS = ("slack.com", "slack-files.com", "slack-edge.com")
MAX_REDIRECTS = 4
DOWNLOAD_TIMEOUT_S = 120.0
"""For the whole file; 32 MB take that long at 2 Mbit/s."""
CONNECT_TIMEOUT_S = 10.0
SILENCE_TIMEOUT_S = 30.0
CHUNK = 64 * 1024
OK = 200
REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Downloads:
    """Downloads with the bot's token."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str,
        api_url: str,
        *,
        max_bytes: int,
        timeout_s: float = DOWNLOAD_TIMEOUT_S,
    ) -> None:
        self._session = session
        self._token = token
        self._api_host = urlsplit(api_url).netloc
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s

    async def get(self, url: str) -> bytes:
        """The bytes at one of Slack's addresses.

        Raises:
            DocumentTooLarge, FileTooSlow: it does not end within the limits.
            ExternalFile: it leads out of Slack.
            FileAccessDenied, FileGone: Slack does not give it to us.
            FileNotReady: it broke off, or is not there yet (passing).
        """
        deadline = asyncio.timeout(self._timeout_s)
        try:
            async with deadline:
                return b"".join([chunk async for chunk in self._stream(url)])
        except (aiohttp.ClientError, TimeoutError) as error:
            raise (FileTooSlow if deadline.expired() else FileNotReady) from error

    def check_size(self, size: int) -> None:
        """Refuse what is too large before anything is downloaded. Raises DocumentTooLarge."""
        if size > self._max_bytes:
            raise DocumentTooLarge(TOO_LARGE.format(size=size / MEGABYTE, limit=self._max_bytes / MEGABYTE))

    async def _stream(self, url: str) -> AsyncIterator[bytes]:
        for _ in range(MAX_REDIRECTS + 1):
            self._vet(url)
            async with self._session.get(
                url,
                headers={"Authorization": f"Bearer {self._token}"},
                allow_redirects=False,
                # the session's own limit is one for Web API calls
                timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_TIMEOUT_S, sock_read=SILENCE_TIMEOUT_S),
            ) as response:
                if response.status in REDIRECTS:
                    url = urljoin(url, response.headers.get("Location", ""))
                    continue
                _check_status(response.status)
                self.check_size(response.content_length or 0)
                async for chunk in self._within_limit(response.content):
                    yield chunk
                return
        raise FileAccessDenied

    async def _within_limit(self, content: aiohttp.StreamReader) -> AsyncIterator[bytes]:
        received = 0
        async for chunk in content.iter_chunked(CHUNK):
            received += len(chunk)
            if received > self._max_bytes:
                raise DocumentTooLarge(ENDLESS.format(limit=self._max_bytes / MEGABYTE))
            yield chunk

    def _vet(self, url: str) -> None:
        """Our token goes only to Slack's own hosts, over TLS, or to the host of SLACK_API_URL."""
        parts = urlsplit(url)
        if "redir" in parse_qs(parts.query):  # the workspace's sign-in page
            raise FileAccessDenied
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
    if status != OK:
        raise FileNotReady

"""Documents at public https addresses: fetched without credentials, and never from inside a private network.

What a user types decides where this process connects to, so the address is judged, not the name: once when
the name is resolved, and again for the very socket that connects (a name may resolve differently a moment
later). No proxy, no cookies, no netrc; every redirect is judged like a first request.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Any

import aiohttp
import structlog
from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from smallprint.errors import (
    DocumentTooLarge,
    ExternalFile,
    FileTooSlow,
    LinkClosed,
    LinkRefused,
    LinkUnreachable,
)
from smallprint.models.domain import SharedFile
from smallprint.models.sizes import MEGABYTE
from smallprint.services.link_names import as_utf8, name_of
from smallprint.services.public_addresses import is_public

TOO_LARGE = "The document at this link is larger than my limit of {limit:.0f} MB. Please share the part that matters as a file."
TOO_SLOW = "The site took too long to send this document, so I stopped. Please share the file itself."
VIEWER = (
    "This link opens a viewer at {host}, not the document itself."
    " Please download the document (as PDF or in an Office format) and share the file."
)
VIEWERS = ("docs.google.com", "drive.google.com", "dropbox.com", "box.com", "1drv.ms", "onedrive.live.com", "sharepoint.com")  # fmt: skip

MAX_REDIRECTS = 5
MAX_URL = 2_048
TIMEOUT_S = 60.0
"""For everything, redirects included."""
CONNECT_TIMEOUT_S = 10.0
SILENCE_TIMEOUT_S = 20.0
CHUNK = 64 * 1024
HTTPS_PORT = 443
OK, TOO_MANY_REQUESTS, SERVER_ERROR = 200, 429, 500
REDIRECTS = frozenset({301, 302, 303, 307, 308})
HEADERS = {
    "User-Agent": "Mozilla/5.0 (compatible; document fetcher)",
    "Accept": "text/html,application/xhtml+xml,application/pdf;q=0.9,*/*;q=0.8",
    "Accept-Encoding": "gzip, deflate",
}

log = structlog.get_logger()

Lookup = Callable[[str, int], Awaitable[Sequence[str]]]
Judge = Callable[[str], bool]


async def system_lookup(host: str, port: int) -> Sequence[str]:
    """Every address that the system knows for a name. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[4][0]) for address in found]


class WebLinks:
    """Fetches documents at links that users give. Each fetch has a session of its own: nothing is remembered."""

    def __init__(
        self,
        *,
        max_bytes: int,
        timeout_s: float = TIMEOUT_S,
        lookup: Lookup = system_lookup,
        judge: Judge = is_public,
        tls: ssl.SSLContext | None = None,
        port: int = HTTPS_PORT,
    ) -> None:
        """`lookup`, `judge`, `tls` and `port` are for tests, whose sites are on this machine."""
        self._max_bytes = max_bytes
        self._timeout_s = timeout_s
        self._lookup = lookup
        self._judge = judge
        self._tls = tls
        self._port = port

    def check(self, url: str) -> None:
        """Judge what can be judged without the network.

        Raises:
            LinkRefused: not https at the usual port, or with a name or password in it.
            ExternalFile: a service that shows documents only to a browser.
        """
        self._checked(url)

    async def fetch(self, url: str) -> SharedFile:
        """The document at `url`, its name taken from the answer.

        Raises:
            LinkRefused: it, or a redirect, is not a public https address.
            LinkClosed: the site does not give it to us. LinkUnreachable: the site did not answer (passing).
            ExternalFile: it leads to a viewer. DocumentTooLarge, FileTooSlow: it does not end within the limits.
        """
        started, deadline, gate = (
            time.monotonic(),
            asyncio.timeout(self._timeout_s),
            _Gate(self._lookup, self._judge),
        )
        try:
            async with deadline, self._session(gate) as session:
                file = await self._follow(session, self._checked(url))
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            host = URL(url).host
            log.info("link not fetched", host=host, error=type(error).__name__, refused=gate.refused)
            if gate.refused:
                raise LinkRefused from None
            raise (FileTooSlow(TOO_SLOW) if deadline.expired() else LinkUnreachable()) from error
        seconds = round(time.monotonic() - started, 3)
        log.info("link fetched", host=URL(url).host, bytes=len(file.content), seconds=seconds)
        return file

    def _session(self, gate: _Gate) -> aiohttp.ClientSession:
        connector = aiohttp.TCPConnector(
            resolver=gate,
            socket_factory=gate.socket,
            use_dns_cache=False,
            force_close=True,
            ssl=self._tls or True,
        )
        return aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            headers=HEADERS,
            timeout=aiohttp.ClientTimeout(sock_connect=CONNECT_TIMEOUT_S, sock_read=SILENCE_TIMEOUT_S),
        )

    async def _follow(self, session: aiohttp.ClientSession, url: URL) -> SharedFile:
        for _ in range(MAX_REDIRECTS + 1):
            async with session.get(url, allow_redirects=False) as response:
                if response.status not in REDIRECTS:
                    _check_status(response.status)
                    content = b"".join([chunk async for chunk in self._within_limit(response)])
                    return SharedFile(name_of(response, url), as_utf8(response, content))
                url = self._checked(response.headers.get("Location", ""), url)
        raise LinkClosed

    def _checked(self, text: str, base: URL | None = None) -> URL:
        if not text or len(text) > MAX_URL or not text.isprintable() or "\\" in text or " " in text:
            raise LinkRefused
        try:
            url = URL(text) if base is None else base.join(URL(text))
            host, port = (url.host or "").rstrip(".").lower(), url.port
        except ValueError:
            raise LinkRefused from None
        if url.scheme != "https" or not host or port != self._port or url.user or url.password:
            raise LinkRefused
        if _is_literal(host) and not self._judge(host):
            raise LinkRefused
        if any(host == viewer or host.endswith("." + viewer) for viewer in VIEWERS):
            raise ExternalFile(VIEWER.format(host=host))
        return url

    async def _within_limit(self, response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
        """The body, decompressed piece by piece: what is counted is what it would take in memory."""
        received = 0
        too_large = DocumentTooLarge(TOO_LARGE.format(limit=self._max_bytes / MEGABYTE))
        if (response.content_length or 0) > self._max_bytes:
            raise too_large
        async for chunk in response.content.iter_chunked(CHUNK):
            received += len(chunk)
            if received > self._max_bytes:
                raise too_large
            yield chunk


class _Gate(AbstractResolver):
    """Lets through only public addresses: when a name is resolved, and when a socket is made for one."""

    def __init__(self, lookup: Lookup, judge: Judge) -> None:
        self._lookup = lookup
        self._judge = judge
        self.refused = False

    async def resolve(self, host: str, port: int = 0, family: int = socket.AF_UNSPEC) -> list[ResolveResult]:
        """Every address of the name must be public: one that is not marks a trap."""
        addresses = list(dict.fromkeys(await self._lookup(host, port)))
        if not addresses or not all(self._judge(address) for address in addresses):
            self.refused = bool(addresses)
            raise OSError("no public address")
        return [_result(host, address, port) for address in addresses]

    def socket(self, address: tuple[Any, ...]) -> socket.socket:
        """The socket that connects to exactly this address. Raises OSError for one that is not public."""
        family, kind, protocol, _, place = address
        if not self._judge(str(place[0])):
            self.refused = True
            raise OSError("no public address")
        return socket.socket(family, kind, protocol)

    async def close(self) -> None:
        """Nothing to close."""


def _result(host: str, address: str, port: int) -> ResolveResult:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return {
        "hostname": host,
        "host": address,
        "port": port,
        "family": family,
        "proto": socket.IPPROTO_TCP,
        "flags": socket.AI_NUMERICHOST,
    }


def _is_literal(host: str) -> bool:
    """True for what no name server is asked about, decimal and hexadecimal forms included."""
    return ":" in host or host.replace(".", "").isdigit() or host.rpartition(".")[2].startswith("0x")


def _check_status(status: int) -> None:
    if status == OK:
        return
    if status >= SERVER_ERROR or status == TOO_MANY_REQUESTS:
        raise LinkUnreachable
    raise LinkClosed

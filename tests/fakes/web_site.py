"""A site on this machine that speaks https with a certificate of its own making."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from aiohttp import web

HOST = "docs.example"
OPENSSL = (
    "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
    "-subj", f"/CN={HOST}", "-addext", f"subjectAltName=DNS:{HOST},DNS:other.example,DNS:*.example.org",
)  # fmt: skip

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


def make_certificate(folder: Path) -> Path:
    """Key and certificate in one file."""
    key, certificate = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [*OPENSSL, "-keyout", key, "-out", certificate], check=True, capture_output=True, timeout=30
    )
    certificate.write_text(certificate.read_text() + key.read_text())
    return certificate


class WebSite:
    """`pages` maps a path to what is answered; `requests` holds what came."""

    def __init__(self, certificate: Path) -> None:
        self._certificate = certificate
        self.pages: dict[str, Handler] = {}
        self.requests: list[web.BaseRequest] = []
        self.port = 0
        self.addresses: Sequence[str] = ("127.0.0.1",)
        """What the site's name resolves to."""
        self.lookups: list[str] = []

    @asynccontextmanager
    async def open(self) -> AsyncIterator[WebSite]:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(self._certificate)
        runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
        self.port = runner.addresses[0][1]
        try:
            yield self
        finally:
            await runner.cleanup()

    def trust(self) -> ssl.SSLContext:
        """For a client that shall believe the certificate."""
        return ssl.create_default_context(cafile=str(self._certificate))

    async def lookup(self, host: str, port: int) -> Sequence[str]:
        self.lookups.append(host)
        return self.addresses

    def url(self, path: str, host: str = HOST) -> str:
        return f"https://{host}:{self.port}{path}"

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        page = self.pages.get(request.path)
        if page is None:
            return web.Response(status=404)
        return await page(request)


def page(content: bytes, content_type: str = "text/html", status: int = 200, **headers: str) -> Handler:
    """`headers` by their names with "_" for "-"."""

    async def answer(request: web.BaseRequest) -> web.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return web.Response(body=content, status=status, headers={"Content-Type": content_type, **named})

    return answer


def redirect(location: str, status: int = 302) -> Handler:
    """Also tries to leave a cookie."""
    return page(b"", status=status, Location=location, Set_Cookie="tracked=yes")


async def drip(request: web.BaseRequest) -> web.StreamResponse:
    """A byte now and then, for ever."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b".")
        await asyncio.sleep(0.01)


async def endless(request: web.BaseRequest) -> web.StreamResponse:
    """As fast as it can, for ever."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"endless " * 8192)
        await asyncio.sleep(0.0005)  # over TLS a write need not give way to anybody


async def bomb(request: web.BaseRequest) -> web.StreamResponse:
    """60 kilobytes that expand to 64 megabytes."""
    content = gzip.compress(bytes(64 * 1024 * 1024))
    return web.Response(body=content, headers={"Content-Encoding": "gzip", "Content-Type": "text/html"})

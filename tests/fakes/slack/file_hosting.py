"""files.slack.com: downloads that look like Slack's, the upload address, and a second host that is not Slack."""

from __future__ import annotations

import asyncio
import contextlib
import time

from aiohttp import BodyPartReader, web

from tests.fakes.slack.core import Call, Core
from tests.fakes.slack.files import HostedFile
from tests.fakes.slack.web_api import with_faults

SIGN_IN_PAGE = (
    '<!DOCTYPE html><html lang="en-US"><head><title>Acme | Slack</title></head>'
    '<body><h1>Sign in to Acme</h1><form id="signin_form"><input type="password"></form></body></html>'
)
_CHUNK = b"endless " * 1024


class FileHosting:
    def __init__(self, core: Core) -> None:
        self._core = core

    async def download(self, request: web.Request) -> web.StreamResponse:
        """`/files-pri/<team>-<file>/…`: bytes for the right token, a sign-in page with status 200 otherwise."""
        call = Call("download", {"path": request.path, "file": _file_id(request)}, time.time())
        self._core.calls.append(call)
        try:
            return await with_faults(self._core, request, call, lambda: self._send(request))
        finally:
            call.seconds = time.time() - call.at

    async def upload(self, request: web.Request) -> web.StreamResponse:
        """Where files.getUploadURLExternal sends the bytes: raw, or as the first part of a form."""
        file = self._core.files[request.match_info["file_id"]]
        call = Call("upload", {"file": file.id}, time.time())
        self._core.calls.append(call)
        return await with_faults(self._core, request, call, lambda: _receive(request, file))

    async def stranger(self, request: web.Request) -> web.StreamResponse:
        """The second host: remembers what it was sent, and answers the file all the same."""
        self._core.stranger_requests.append({"path": request.path, "headers": dict(request.headers)})
        file = self._core.files.get(request.match_info.get("file_id", ""))
        return web.Response(body=file.upload.content if file else b"stranger")

    async def _send(self, request: web.Request) -> web.StreamResponse:
        core, file = self._core, self._core.files.get(_file_id(request))
        allowed = (
            request.headers.get("Authorization") == f"Bearer {core.bot_token}" and "files:read" in core.scopes
        )
        if not allowed:
            return web.Response(text=SIGN_IN_PAGE, content_type="text/html", charset="utf-8")
        if file is None or file.deleted:
            return web.Response(status=404, text="<html>not found</html>", content_type="text/html")
        if not file.uploaded:
            return web.Response(text=SIGN_IN_PAGE, content_type="text/html", charset="utf-8")
        if file.upload.redirect_to and "redirected" not in request.query:
            raise web.HTTPFound(self._redirect(file))
        return await _stream(request, file)

    def _redirect(self, file: HostedFile) -> str:
        target = file.upload.redirect_to
        if target == "self":
            return f"{file.download_url}?redirected=1"
        return f"{self._core.stranger_url}/stranger/{file.id}" if target == "stranger" else target


def _file_id(request: web.Request) -> str:
    return request.match_info["name"].partition("-")[2]


async def _receive(request: web.Request, file: HostedFile) -> web.StreamResponse:
    if request.content_type.startswith("multipart/"):
        part = await (await request.multipart()).next()
        content = bytes(await part.read()) if isinstance(part, BodyPartReader) else b""
    else:
        content = await request.read()
    if len(content) != file.upload.size:
        return web.Response(status=400, text=f"expected {file.upload.size} bytes, got {len(content)}")
    file.receive(content)
    return web.Response(text=f"OK - {len(content)}")


async def _stream(request: web.Request, file: HostedFile) -> web.StreamResponse:
    upload = file.upload
    headers = {
        "Content-Type": upload.content_type or file.mimetype,
        "Content-Disposition": f'attachment; filename="{file.id}"',
    }
    if not (upload.endless or upload.chunk_bytes or upload.cut_after_bytes is not None):
        return web.Response(body=upload.content, headers=headers)
    response = web.StreamResponse(headers=headers)
    if not upload.endless:
        response.content_length = len(upload.content)
    await response.prepare(request)
    with contextlib.suppress(ConnectionError):  # the reader may have had enough
        await _write(request, response, file)
    return response


async def _write(request: web.Request, response: web.StreamResponse, file: HostedFile) -> None:
    upload = file.upload
    while upload.endless:
        await response.write(_CHUNK)
        await asyncio.sleep(upload.chunk_delay_s)
    step = upload.chunk_bytes or len(upload.content) or 1
    end = len(upload.content) if upload.cut_after_bytes is None else upload.cut_after_bytes
    for start in range(0, end, step):
        await response.write(upload.content[start : min(start + step, end)])
        await asyncio.sleep(upload.chunk_delay_s)
    if upload.cut_after_bytes is not None and request.transport is not None:
        await asyncio.sleep(0.01)
        request.transport.abort()

"""Files in Slack: what they are, whether we may read them, and their bytes, whatever kind Slack keeps them as."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from smallprint.errors import (
    ExternalFile,
    FileAccessDenied,
    FileError,
    FileGone,
    FileNotReady,
    SlackError,
    SlackRefused,
    SlackUnavailable,
    SmallprintError,
    UnsupportedFileMode,
)
from smallprint.models.domain import Job, SharedFile
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.downloads import DOWNLOAD_TIMEOUT_S, Downloads
from smallprint.slack.native import file_name, is_raw_mail, is_sign_in_page, mail_file, post_file

log = structlog.get_logger()

MISSING_SCOPE = "Slack didn't let me read this file: I lack the permission {needed}. An admin needs to add it and reinstall me."
DELETED = "This file was deleted, so there is nothing to read. Please share it again."
HIDDEN = (
    "Slack hides this file because the workspace is over the limit of its plan, so I can't read it."
    " Please share it again."
)
ELSEWHERE = (
    "This file lives in {service}, not in Slack, so I can't open it."
    " Please download it from there (as PDF or in an Office format) and upload the file itself to Slack."
)
LIST = "This is a Slack list, which I can't read. Please export it as CSV and share that file."
SERVICES = {
    "gdrive": "Google Drive",
    "dropbox": "Dropbox",
    "box": "Box",
    "onedrive": "OneDrive",
    "sharepoint": "SharePoint",
}
"""`external_type` of Slack's file object (docs.slack.dev/reference/objects/file-object)."""
ANOTHER_SERVICE = "another service"

CANVAS_SCOPE = "canvases:read"
HOSTED = frozenset({"hosted", "snippet"})
POSTS = frozenset({"post", "space", "docs"})
CANVASES = frozenset({"quip", "canvas"})
LOST_ACCESS = frozenset({"access_denied", "file_not_found"})
LOST_CODES = frozenset(
    {"file_not_found", "file_deleted", "access_denied", "not_visible", "canvas_not_found", "canvas_deleted"}
)
PATIENCE_S = (0.5, 1.0, 2.0)
"""Right after sharing Slack may not know the file yet, or not where its bytes are."""
MAX_MAIL_ATTACHMENTS = 10


class SlackFiles:
    """Where the files of jobs come from."""

    def __init__(
        self,
        clients: SlackClients,
        token: str,
        api_url: str,
        *,
        max_bytes: int,
        download_timeout_s: float = DOWNLOAD_TIMEOUT_S,
        patience_s: Sequence[float] = PATIENCE_S,
    ) -> None:
        self._clients = clients
        self._downloads = Downloads(
            clients.session, token, api_url, max_bytes=max_bytes, timeout_s=download_timeout_s
        )
        self._patience_s = patience_s

    async def fetch(self, job: Job) -> SharedFile:
        """The file's name and bytes.

        Raises:
            FileError: it is gone, not allowed, elsewhere, of a kind without bytes, or not ready yet.
            DocumentTooLarge: more than the limit, before or while downloading.
            SlackUnavailable: Slack did not answer.
        """
        info = await self._settled(job.file_id)
        _require_readable(info)
        match _kept_as(info):
            case "canvas":
                return await self._canvas(info)
            case "mail":
                return await self._mail(info)
            case "post":
                return post_file(info, await self._bytes(info, native=True))
            case "file":
                name = str(info.get("name") or info.get("title") or "document")
                return SharedFile(name, await self._bytes(info))
        raise UnsupportedFileMode

    async def info(self, file_id: str) -> dict[str, Any]:
        """files.info, always: Slack Connect events carry stubs.

        Raises:
            FileError, SlackUnavailable: as for `fetch`.
        """
        try:
            answer = await ask(self._clients.read.files_info(file=file_id))
        except SlackRefused as refusal:
            raise _as_ours(refusal, "files:read") from refusal
        file = answer.get("file")
        if not isinstance(file, dict):
            raise SlackUnavailable
        return file

    async def name_of(self, job: Job) -> str:
        """The file's name; empty when Slack does not tell."""
        try:
            info = await self.info(job.file_id)
        except SmallprintError:
            return ""
        return str(info.get("name") or info.get("title") or "")

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

    async def _settled(self, file_id: str) -> dict[str, Any]:
        """The file's info, once Slack has made up its mind about a file that was just shared."""
        for wait_s in self._patience_s:
            try:
                info = await self.info(file_id)
            except FileGone as error:
                if not _may_pass(error):
                    raise
            else:
                if not _is_unsettled(info):
                    return info
            await asyncio.sleep(wait_s)
        return await self.info(file_id)

    async def _bytes(self, info: Mapping[str, Any], *, native: bool = False) -> bytes:
        size = int(info.get("size") or 0)
        self._downloads.check_size(size)
        url = info.get("url_private_download") or info.get("url_private")
        if not url:
            raise FileNotReady
        content = await self._downloads.get(str(url))
        if is_sign_in_page(content, size, native=native):
            raise FileAccessDenied
        if len(content) < size and not native:
            raise FileNotReady
        return content

    async def _canvas(self, info: Mapping[str, Any]) -> SharedFile:
        try:
            answer = await ask(
                self._clients.read.canvases_getContent(canvas_id=info["id"], content_type="markdown")
            )
        except SlackRefused as refusal:
            raise _as_ours(refusal, CANVAS_SCOPE) from refusal
        content = str(answer.get("content") or "").encode()
        self._downloads.check_size(len(content))
        return SharedFile(file_name(str(info.get("title") or info.get("name") or ""), ".md"), content)

    async def _mail(self, info: Mapping[str, Any]) -> SharedFile:
        content = await self._bytes(info, native=True)
        if is_raw_mail(content):
            return mail_file(info, content)
        listed = [item for item in info.get("attachments") or () if isinstance(item, dict)]
        attached = [await self._attachment(item) for item in listed[:MAX_MAIL_ATTACHMENTS]]
        attached += [(_attachment_name(item), b"") for item in listed[MAX_MAIL_ATTACHMENTS:]]
        mail = mail_file(info, content, attached)
        self._downloads.check_size(len(mail.content))
        return mail

    async def _attachment(self, item: Mapping[str, Any]) -> tuple[str, bytes]:
        """Empty when Slack does not hand it out: the reader then lists it among what was not read."""
        name = _attachment_name(item)
        try:
            content = await self._downloads.get(str(item.get("url") or ""))
        except (FileError, SlackError) as error:
            log.info("attachment not fetched", code=error.code)
            return name, b""
        return name, b"" if is_sign_in_page(content, int(item.get("size") or 0)) else content


def _kept_as(info: Mapping[str, Any]) -> str:
    """file, post, canvas or mail; an empty text for what has no content that we can read."""
    mode, kind = info.get("mode"), info.get("filetype")
    if mode in CANVASES or kind in CANVASES:
        return "canvas"
    if mode == "email" or (kind == "email" and mode not in HOSTED):
        return "mail"
    if mode in POSTS or (kind in POSTS and mode not in HOSTED):
        return "post"
    return "file" if mode is None or mode in HOSTED else ""


def _require_readable(info: Mapping[str, Any]) -> None:
    mode = info.get("mode")
    if mode == "tombstone":
        raise FileGone(DELETED)
    if mode == "hidden_by_limit":
        raise FileGone(HIDDEN)
    if info.get("file_access") in LOST_ACCESS:
        raise FileGone
    if info.get("is_external") or mode == "external":
        service = SERVICES.get(str(info.get("external_type") or ""), ANOTHER_SERVICE)
        raise ExternalFile(ELSEWHERE.format(service=service))
    if mode == "list" or info.get("filetype") == "list":
        raise UnsupportedFileMode(LIST)


def _is_unsettled(info: Mapping[str, Any]) -> bool:
    if info.get("file_access") in {"file_not_found", "check_file_info"}:
        return True
    return info.get("mode") in HOSTED and not (info.get("url_private_download") or info.get("url_private"))


def _may_pass(error: FileGone) -> bool:
    cause = error.__cause__
    return isinstance(cause, SlackRefused) and cause.slack_code == "file_not_found"


def _as_ours(refusal: SlackRefused, scope: str) -> SmallprintError:
    if refusal.slack_code == "file_deleted":
        return FileGone(DELETED)
    if refusal.slack_code in LOST_CODES:
        return FileGone()
    if refusal.slack_code == "missing_scope":
        return FileAccessDenied(MISSING_SCOPE.format(needed=scope))
    return refusal


def _attachment_name(item: Mapping[str, Any]) -> str:
    return str(item.get("filename") or item.get("name") or "attachment")


def _shares(info: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    shares = info.get("shares") or {}
    return {
        channel: posts
        for kind in ("public", "private")
        for channel, posts in (shares.get(kind) or {}).items()
    }

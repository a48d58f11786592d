"""Files of the workspace: what is shared, and how Slack describes it."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from urllib.parse import quote

from tests.fakes.slack.workspace import TEAM, Channel, Json, Workspace

_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "doc": "application/msword",
    "txt": "text/plain",
    "text": "text/plain",
    "md": "text/markdown",
    "markdown": "text/markdown",
    "html": "text/html",
    "htm": "text/html",
    "csv": "text/csv",
    "json": "application/json",
    "png": "image/png",
    "zip": "application/zip",
}
_FILETYPES = {"md": "markdown", "txt": "text", "htm": "html"}
_NATIVE = {
    "quip": ("application/vnd.slack-docs", "quip", "Canvas"),
    "post": ("text/html", "post", "Post"),
    "space": ("text/plain", "space", "Post"),
    "email": ("text/html", "email", "Email"),
    "list": ("application/vnd.slack-list", "list", "List"),
}
"""mimetype, filetype and pretty_type of what is written in Slack itself, by mode."""


@dataclass(frozen=True)
class Upload:
    """A file a person shares, and how Slack shall behave about it."""

    name: str
    content: bytes = b""
    title: str = ""
    mimetype: str = ""
    """What Slack says it is; by default from the name."""
    mode: str = "hosted"
    """hosted, snippet, external, tombstone, hidden_by_limit, post, email, quip …"""
    stub: bool = False
    """Events carry only `{id, mode: file_access, file_access: check_file_info}`, as in Slack Connect."""
    file_access: str = "visible"
    """`access_denied` or `file_not_found`: files.info answers only a stub that says so."""
    external_url: str = ""
    """For mode external; url_private is then this foreign address."""
    external_type: str = "gdrive"
    """For mode external: gdrive, dropbox, box, onedrive …"""
    details: Json = field(default_factory=dict)
    """Further fields of the file object: for mode email `subject`, `from`, `to`, `headers`, `plain_text`, `attachments`."""
    not_ready: int = 0
    """The first n files.info answers lack url, mimetype and shares, with size 0."""
    not_found: int = 0
    """The first n files.info answers are file_not_found."""
    redirect_to: str = ""
    """Downloads answer 302 to this address; "stranger" is the fake's second host, "self" the fake again."""
    chunk_bytes: int = 0
    """Drip: that many bytes at a time …"""
    chunk_delay_s: float = 0.0
    """… with this pause between."""
    endless: bool = False
    """The download never ends, without a Content-Length."""
    cut_after_bytes: int | None = None
    """The connection is cut after that many bytes of the promised length."""
    size: int | None = None
    """What files.info claims; by default the truth."""
    content_type: str = ""
    """Header of the download; by default the mimetype."""


@dataclass
class HostedFile:
    id: str
    upload: Upload
    user: str
    url: str
    """The fake's own address, without a slash at the end."""
    created: int = field(default_factory=lambda: int(time.time()))
    deleted: bool = False
    shares: dict[str, list[Json]] = field(default_factory=dict)
    """By channel id: `{ts, thread_ts?}` of every message that shares it."""
    info_calls: int = 0
    uploaded: bool = True
    """False between files.getUploadURLExternal and the bytes' arrival."""

    @property
    def extension(self) -> str:
        return PurePosixPath(self.upload.name).suffix.lstrip(".").lower()

    @property
    def mimetype(self) -> str:
        native = _NATIVE.get(self.upload.mode)
        known = native[0] if native else _TYPES.get(self.extension, "application/octet-stream")
        return self.upload.mimetype or known

    @property
    def download_url(self) -> str:
        return f"{self.url}/files-pri/{TEAM}-{self.id}/download/{quote(self.upload.name)}"

    def permalink(self, workspace: Workspace) -> str:
        return f"{workspace.url}files/{self.user}/{self.id}/{quote(self.upload.name.lower())}"

    def receive(self, content: bytes) -> None:
        """The bytes of an upload by the app have come."""
        self.upload = replace(self.upload, content=content, size=None)
        self.uploaded = True

    def retitle(self, title: str) -> None:
        self.upload = replace(self.upload, title=title)

    def is_ready(self) -> bool:
        delay = self.upload.not_ready + self.upload.not_found
        return delay == 0 or self.info_calls > delay

    def in_event(self, workspace: Workspace) -> Json:
        """The object in `files[]` of messages."""
        if self.deleted or self.upload.mode == "tombstone":
            return {"id": self.id, "mode": "tombstone"}
        if self.upload.mode == "hidden_by_limit":
            return {"id": self.id, "mode": "hidden_by_limit"}
        if self.upload.stub:
            access = {"mode": "file_access", "file_access": "check_file_info"}
            return {"id": self.id, "created": 0, "timestamp": 0, "user": "", **access}
        return self._full(workspace) if self.upload.not_ready == 0 else self._half(workspace)

    def info(self, workspace: Workspace) -> Json:
        """The `file` of files.info: with shares, once Slack has processed it."""
        if self.upload.file_access != "visible":
            return {"id": self.id, "mode": "file_access", "file_access": self.upload.file_access}
        if self.upload.mode == "hidden_by_limit":
            return self.in_event(workspace)
        if not self.is_ready():
            return self._half(workspace)
        answer = self._full(workspace) | self._where(workspace)
        if self.upload.mode == "snippet":
            text = self.upload.content.decode("utf-8", "replace")
            answer |= {"lines": text.count("\n") + 1, "is_truncated": False}
        return answer

    def _half(self, workspace: Workspace) -> Json:
        keys = ("id", "created", "timestamp", "name", "title", "user", "mode", "is_external", "permalink")
        full = self._full(workspace)
        return {key: full[key] for key in keys} | {"size": 0}

    def _full(self, workspace: Workspace) -> Json:
        upload = self.upload
        external = upload.mode == "external"
        _, filetype, pretty_type = _NATIVE.get(upload.mode, ("", "", ""))
        hosted = _FILETYPES.get(self.extension, self.extension or "binary")
        answer: Json = {
            "id": self.id,
            "created": self.created,
            "timestamp": self.created,
            "name": upload.name,
            "title": upload.title or upload.name,
            "mimetype": "application/vnd.slack-remote" if external else self.mimetype,
            "filetype": "remote" if external else filetype or hosted,
            "pretty_type": pretty_type or self.extension.upper() or "Binary",
            "user": self.user,
            "user_team": TEAM,
            "editable": upload.mode == "snippet",
            "size": 0 if external else len(upload.content) if upload.size is None else upload.size,
            "mode": upload.mode,
            "is_external": external,
            "external_type": upload.external_type if external else "",
            "is_public": any(c.kind == "channel" for c in self._channels(workspace)),
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            "url_private": upload.external_url if external else self.download_url.replace("/download/", "/"),
            "permalink": self.permalink(workspace),
            "is_starred": False,
            "has_rich_preview": False,
            "file_access": "visible",
        }
        if external:
            return answer | {"external_url": upload.external_url, "external_id": "1"}
        if upload.mode == "list":
            return answer | upload.details
        return answer | {"url_private_download": self.download_url} | upload.details

    def _where(self, workspace: Workspace) -> Json:
        channels = self._channels(workspace)
        shares: Json = {}
        for channel in channels:
            visibility = "public" if channel.kind == "channel" else "private"
            shares.setdefault(visibility, {})[channel.id] = [
                {"channel_name": channel.name, "team_id": TEAM, "reply_count": 0, **share}
                for share in self.shares[channel.id]
            ]
        return {
            "shares": shares,
            "channels": [c.id for c in channels if c.kind == "channel"],
            "groups": [c.id for c in channels if c.kind in {"group", "mpim"}],
            "ims": [c.id for c in channels if c.kind == "im"],
            "has_more_shares": False,
        }

    def _channels(self, workspace: Workspace) -> list[Channel]:
        return [workspace.channels[channel_id] for channel_id in self.shares]

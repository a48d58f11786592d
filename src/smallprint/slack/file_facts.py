"""What Slack says of a file before it is downloaded: how large it is, and what it seems to be.

`filetype` of https://docs.slack.dev/reference/objects/file-object; what a file really is shows when it is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

from smallprint.models.domain import DocumentKind

_ALIASES = {
    "canvas": DocumentKind.MARKDOWN,
    "docs": DocumentKind.MARKDOWN,
    "email": DocumentKind.EMAIL,
    "htm": DocumentKind.HTML,
    "jpg": DocumentKind.JPEG,
    "md": DocumentKind.MARKDOWN,
    "post": DocumentKind.MARKDOWN,
    "quip": DocumentKind.MARKDOWN,
    "space": DocumentKind.MARKDOWN,
    "txt": DocumentKind.TEXT,
}
"""Names of Slack's, and endings of files, that are not what we call the kind."""
_KINDS: Mapping[str, DocumentKind] = {kind.value: kind for kind in DocumentKind} | _ALIASES


def size_of(info: Mapping[str, Any]) -> int:
    """Bytes; 0 where Slack does not say."""
    return int(info.get("size") or 0)


def kind_of(info: Mapping[str, Any]) -> DocumentKind | None:
    """By the file's ending, else by Slack's own opinion; None for what we cannot read."""
    ending = PurePosixPath(str(info.get("name") or "")).suffix.removeprefix(".").casefold()
    slack_says = str(info.get("filetype") or "").casefold()
    return _KINDS.get(ending) or _KINDS.get(slack_says)

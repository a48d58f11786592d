"""What people point at with `/analyse`: the permalink of a file or of a message, or a link to another site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Slack's own shapes: https://team.slack.com/files/U0123/F0123/name.pdf and
# https://team.slack.com/archives/C0123/p1700000000000100?thread_ts=1700000000.000100&cid=C0123
_HOST = r"https://[a-z0-9.-]+\.slack(?:-gov)?\.com"
_FILE = re.compile(rf"{_HOST}/files/[UWB][A-Z0-9]+/(F[A-Z0-9]+)(?![A-Z0-9])", re.IGNORECASE)
_MESSAGE = re.compile(rf"{_HOST}/archives/([CDG][A-Z0-9]+)/p(\d{{10}})(\d{{6}})", re.IGNORECASE)
_THREAD = re.compile(r"[?&]thread_ts=(\d{10}\.\d{6})")
_LINK = re.compile(r"https://[^\s<>|\"'`]+", re.IGNORECASE)
_SLACK = re.compile(rf"{_HOST}(?![a-z0-9.-])", re.IGNORECASE)
_AFTER_A_LINK = ".,;:!?"


@dataclass(frozen=True, slots=True)
class FileReference:
    file_id: str


@dataclass(frozen=True, slots=True)
class MessageReference:
    channel: str
    ts: str
    thread_ts: str | None


@dataclass(frozen=True, slots=True)
class WebReference:
    url: str


Reference = FileReference | MessageReference | WebReference


def parse_reference(text: str) -> Reference | None:
    """The first permalink in a command's text (Slack may send it as `<url|label>`), else the first https link."""
    unescaped = text.replace("&amp;", "&")
    if match := _FILE.search(unescaped):
        return FileReference(match[1].upper())
    if match := _MESSAGE.search(unescaped):
        thread = _THREAD.search(unescaped, match.end())
        return MessageReference(match[1].upper(), f"{match[2]}.{match[3]}", thread[1] if thread else None)
    return next((WebReference(url) for url in _links(unescaped) if not _SLACK.match(url)), None)


def _links(text: str) -> Iterator[str]:
    for match in _LINK.finditer(text):
        url = match[0].rstrip(_AFTER_A_LINK)
        yield url.rstrip(")") if "(" not in url else url

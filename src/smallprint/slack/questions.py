"""Questions to us: a mention in a channel, any message in our direct messages. Written down before Slack gets its ack.

In channels nobody is answered who did not mention us. A mention with files is a document's business (inbox.py).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from smallprint.models.domain import Brief, Job, JobKind
from smallprint.slack.blocks.text import plain_lines, shorten
from smallprint.slack.inbox import Accept, team_of

MOST = 2_000
"""Characters of a question that are kept."""
DIRECT = "im"
_WRITTEN = frozenset({None, "thread_broadcast"})
_ENTITY = re.compile(r"<(?:([@#!])([^|>]*)|([^|>]*))(?:\|([^>]*))?>")
_CHARACTERS = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))
_SOMEBODY = "somebody"


class Questions:
    """The keeper of questions; `accept` returns when the jobs are on disk."""

    def __init__(self, accept: Accept, *, bot_user: str) -> None:
        self._accept = accept
        self._bot_user = bot_user

    async def keep(self, body: Mapping[str, Any]) -> bool:
        """Raises SmallprintError: not on disk, so it must not be acked."""
        job = question_in(body, bot_user=self._bot_user)
        if job is not None:
            await self._accept([job])
        return job is not None


def question_in(body: Mapping[str, Any], *, bot_user: str) -> Job | None:
    """What an event asks us; None for other events, for bots, and for what people say among themselves."""
    event = body.get("event") or {}
    if body.get("type") != "event_callback" or not _is_for_us(event) or _is_ours(event, bot_user):
        return None
    team, channel, ts = team_of(body), event.get("channel") or "", event.get("ts") or ""
    thread = event.get("thread_ts") or ts
    if not channel or not ts:
        return None
    return Job(
        question_id(team, channel, thread, ts),
        team,
        channel,
        thread,
        "",
        event.get("user") or "",
        "app_mention" if event["type"] == "app_mention" else "message",
        message_ts=ts,
        brief=Brief(question=question_text(event.get("text") or "", bot_user)),
        kind=JobKind.QUESTION,
    )


def question_id(team: str, channel: str, thread_ts: str, ts: str) -> str:
    """The same for every delivery of one message."""
    parts = json.dumps([team, channel, thread_ts, ts])
    return "ask-" + hashlib.sha256(parts.encode()).hexdigest()[:32]


def question_text(text: str, bot_user: str) -> str:
    """What was written, as plain words: without our name, and with what Slack made of names, links and characters undone."""

    def undone(entity: re.Match[str]) -> str:
        kind, name, link, label = entity.groups()
        if kind == "@":
            return "" if name == bot_user else f"@{label or _SOMEBODY}"
        if kind:
            return f"{'#' if kind == '#' else '@'}{label or name}"
        return f"{label} ({link})" if label and label != link else link

    written = _ENTITY.sub(undone, text)
    for entity, character in _CHARACTERS:
        written = written.replace(entity, character)
    return shorten(plain_lines(written).strip(), MOST)


def _is_for_us(event: Mapping[str, Any]) -> bool:
    if event.get("files"):
        return False
    if event.get("type") == "app_mention":
        return True
    written = event.get("type") == "message" and event.get("subtype") in _WRITTEN
    return written and event.get("channel_type") == DIRECT and bool((event.get("text") or "").strip())


def _is_ours(event: Mapping[str, Any], bot_user: str) -> bool:
    """Ours, another bot's, or nobody's."""
    user = event.get("user") or ""
    return bool(event.get("bot_id") or event.get("hidden")) or user in {"", bot_user}

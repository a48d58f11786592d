"""Events. The work was written down by the inbox before these run; they only have to exist.

An event without a listener is answered 404 by Bolt and delivered up to four times by Slack
(research/slack-platform.md, A2), so every event the manifest subscribes has one here, but for the App Home's, which
has its own in home.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import structlog
from slack_bolt.async_app import AsyncApp

log = structlog.get_logger()

EVENTS = (
    "agent_session_stopped",
    "app_mention",
    "app_uninstalled",
    "channel_left",
    "file_deleted",
    "file_shared",
    "group_left",
    "message",
    "tokens_revoked",
)


class EventListeners:
    def register(self, app: AsyncApp) -> None:
        """Every event in EVENTS gets a listener."""
        for event in EVENTS:
            app.event(event)(self.seen)

    async def seen(self, event: Mapping[str, Any]) -> None:
        """Say in the log that it came."""
        log.debug("event", type=event.get("type"), subtype=event.get("subtype"))

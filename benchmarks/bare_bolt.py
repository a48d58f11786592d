"""A Bolt app that does nothing: the floor that acks are measured against (started by sharing.py)."""

from __future__ import annotations

import asyncio
import logging
import os

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient


async def _nothing() -> None:
    return None


async def _authorize() -> AuthorizeResult:
    return AuthorizeResult(
        enterprise_id=None, team_id="T0ACME0001", bot_user_id="U0SMALLBOT", bot_token="xoxb-1"
    )


async def main() -> None:
    logging.basicConfig(level=logging.ERROR)
    client = AsyncWebClient(os.environ["SLACK_BOT_TOKEN"], os.environ["SLACK_API_URL"])
    app = AsyncApp(client=client, authorize=_authorize, request_verification_enabled=False)
    for event in ("message", "file_shared", "app_mention"):
        app.event(event)(_nothing)
    handler = AsyncSocketModeHandler(app, os.environ["SLACK_APP_TOKEN"], web_client=client)
    await handler.connect_async()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())

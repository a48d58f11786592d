"""The Bolt app: who we are in Slack, what reaches us, and the Socket Mode connection."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog
from fastapi import APIRouter
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from smallprint.errors import ConfigurationError, SlackRefused, SlackUnavailable
from smallprint.slack.client import SlackClients, ask
from smallprint.slack.inbox import Inbox

log = structlog.get_logger()

BAD_TOKEN = (
    "Slack did not accept SLACK_BOT_TOKEN ({code}). Copy it again from your Slack app → OAuth & Permissions."  # noqa: S105 - a sentence
)
BAD_APP_TOKEN = "Slack did not accept SLACK_APP_TOKEN ({code}). Make one with connections:write under Basic Information → App-Level Tokens."  # noqa: S105 - a sentence
START_WAITS_S = (1.0, 2.0, 4.0, 8.0, 15.0)


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot token belongs to."""

    team: str
    bot_user: str
    bot_id: str


class Listener(Protocol):
    """A group of listeners that knows how to register itself."""

    def register(self, app: AsyncApp) -> None: ...


async def identify(clients: SlackClients) -> Identity:
    """Ask Slack who we are, with patience while it is down.

    Raises:
        ConfigurationError: the token is not accepted.
        SlackUnavailable: Slack did not answer in about half a minute.
    """
    for wait_s in (*START_WAITS_S, None):
        try:
            answer = await ask(clients.read.auth_test())
        except SlackRefused as refusal:
            raise ConfigurationError(BAD_TOKEN.format(code=refusal.slack_code)) from refusal
        except SlackUnavailable:
            if wait_s is None:
                raise
            log.warning("slack does not answer, trying again", wait_s=wait_s)
            await asyncio.sleep(wait_s)
        else:
            return Identity(answer["team_id"], answer["user_id"], answer.get("bot_id", ""))
    raise SlackUnavailable


def build_app(
    clients: SlackClients, token: str, identity: Identity, inbox: Inbox, listeners: Sequence[Listener]
) -> AsyncApp:
    """A Bolt app that authorizes without the network and keeps every event before it is acked."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        # Bolt's own authorize calls auth.test, and drops the event in silence when that fails.
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id or identity.team,
            bot_user_id=identity.bot_user,
            bot_id=identity.bot_id,
            bot_token=token,
        )

    app = AsyncApp(
        name="smallprint",
        client=clients.read,
        authorize=authorize,
        before_authorize=inbox,
        request_verification_enabled=False,  # the door's business: slack/http.py
        logger=logging.getLogger("slack_bolt"),
    )
    for listener in listeners:
        listener.register(app)
    app.error(_log_error)
    return app


async def _log_error(error: Exception, body: dict[str, Any]) -> None:
    log.error("listener failed", exc_info=error, type=body.get("type"), command=body.get("command"))


class SocketMode:
    """The connection to Slack; reconnects by itself."""

    def __init__(self, app: AsyncApp, app_token: str, clients: SlackClients, inbox: Inbox) -> None:
        self._app_token = app_token
        self._clients = clients
        self._handler = _InboxFirst(app, app_token, clients, inbox)

    def routes(self) -> APIRouter:
        """None: Slack sends nothing by HTTP."""
        return APIRouter()

    async def start(self) -> None:
        """Connect.

        Raises:
            ConfigurationError: Slack does not accept the app-level token.
            SlackUnavailable: Slack did not answer.
        """
        try:
            answer = await ask(self._clients.read.apps_connections_open(app_token=self._app_token))
        except SlackRefused as refusal:
            # The SDK would ask for ever, with the same answer.
            raise ConfigurationError(BAD_APP_TOKEN.format(code=refusal.slack_code)) from refusal
        self._handler.client.wss_uri = answer["url"]
        await self._handler.client.connect()

    async def problem(self) -> str | None:
        """Why no events arrive; None when they do."""
        return None if await self._handler.client.is_connected() else "not connected to Slack"

    async def stop(self) -> None:
        """Take no more events; what was not acked Slack delivers again."""
        await self._handler.client.close()


class _InboxFirst(AsyncSocketModeHandler):
    """Acks what the inbox has kept before Bolt builds a request, a client and a context for it.

    That work would be three quarters of the time to the ack (benchmarks/sharing.py).
    """

    def __init__(self, app: AsyncApp, app_token: str, clients: SlackClients, inbox: Inbox) -> None:
        super().__init__(app, app_token, web_client=clients.read, ping_interval=5)
        self._inbox = inbox

    async def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]  # theirs too
        if req.type == "events_api" and await self._inbox.keep(req.payload):
            await client.send_socket_mode_response(SocketModeResponse(req.envelope_id))
            return
        await super().handle(client, req)

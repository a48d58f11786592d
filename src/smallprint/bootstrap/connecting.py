"""How Slack reaches us: through a socket that we open, or with requests that it sends."""

from __future__ import annotations

from typing import Protocol

from fastapi import APIRouter

from smallprint.config import SlackAccess
from smallprint.slack.app import Identity, Listener, SocketMode, build_app
from smallprint.slack.client import SlackClients
from smallprint.slack.http import HttpMode
from smallprint.slack.inbox import Inbox
from smallprint.slack.signature import SigningSecret


class Connection(Protocol):
    """The one or the other."""

    def routes(self) -> APIRouter: ...

    async def start(self) -> None: ...

    async def problem(self) -> str | None: ...

    async def stop(self) -> None: ...


def connection_of(
    access: SlackAccess, clients: SlackClients, identity: Identity, inbox: Inbox, listeners: list[Listener]
) -> Connection:
    """Socket Mode when there is an app-level token, else HTTP mode; the listeners are the same."""
    app = build_app(clients, access.bot_token, identity, inbox, listeners)
    if access.app_token:
        return SocketMode(app, access.app_token, clients, inbox)
    return HttpMode(app, SigningSecret(access.signing_secret))

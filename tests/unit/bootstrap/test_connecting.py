"""The settings decide how Slack reaches us; the listeners are the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from fastapi.routing import APIRoute

from smallprint.bootstrap.connecting import Connection, connection_of
from smallprint.config import SlackAccess
from smallprint.slack.app import Identity, SocketMode
from smallprint.slack.client import SlackClients, connect
from smallprint.slack.http import HttpMode
from smallprint.slack.inbox import Inbox

IDENTITY = Identity("T1", "U0BOT", "B1")


@pytest.fixture
async def clients() -> AsyncIterator[SlackClients]:
    clients = connect("xoxb-1", "http://127.0.0.1:9/api/")
    yield clients
    await clients.session.close()


def paths(connection: Connection) -> list[Any]:
    return [route.path for route in connection.routes().routes if isinstance(route, APIRoute)]


async def test_an_app_level_token_means_a_socket_and_no_address_to_answer_at(clients: SlackClients) -> None:
    connection = connection_of(SlackAccess("xoxb-1", "xapp-1", ""), clients, IDENTITY, Inbox(), [])
    assert isinstance(connection, SocketMode)
    assert paths(connection) == []
    await connection.stop()


async def test_a_signing_secret_means_one_address_for_everything(clients: SlackClients) -> None:
    connection = connection_of(SlackAccess("xoxb-1", "", "0" * 32), clients, IDENTITY, Inbox(), [])
    assert isinstance(connection, HttpMode)
    assert paths(connection) == ["/slack/events"]

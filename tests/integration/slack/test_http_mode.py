"""HTTP mode: the same listeners behind a real server, for whoever holds the signing secret and for nobody else."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Any

import aiohttp
import pytest

from smallprint.api.health import Health, health_routes
from smallprint.api.routes import build_api
from smallprint.api.server import serving
from smallprint.errors import DatabaseUnavailable
from smallprint.models.domain import Job
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.receipt import RECEIPT_ACTION
from smallprint.slack.client import SlackClients
from smallprint.slack.http import MAX_BODY_BYTES, PATH, HttpMode
from smallprint.slack.inbox import Inbox, SharedFiles
from smallprint.slack.listeners.actions import NOT_KEPT, ActionListeners
from smallprint.slack.listeners.events import EventListeners
from smallprint.slack.permissions import Permissions
from smallprint.slack.signature import SigningSecret
from smallprint.slack.sources import Sources
from tests.fakes.slack import FakeSlack
from tests.fakes.slack import http_mode as fake
from tests.fakes.slack.workspace import TEAM
from tests.integration.slack.setting import analyse_listener, asking_of, connected, files_of


class NoReports:
    async def report(self, analysis_id: str) -> None: ...


class Door:
    """The product's Slack side behind HTTP; what it keeps stands in `jobs`."""

    def __init__(self, slack: FakeSlack) -> None:
        self.slack = slack
        self.jobs: list[Job] = []
        self.full_disk = False
        self.url = ""
        self.mode: HttpMode

    async def accept(self, jobs: Sequence[Job]) -> None:
        if self.full_disk:
            raise DatabaseUnavailable
        self.jobs.extend(jobs)

    async def build(self, clients: SlackClients) -> HttpMode:
        identity = await slack_app.identify(clients)
        files, permissions = (
            files_of(self.slack, clients),
            Permissions(clients, team=TEAM, admin_users=frozenset()),
        )
        asking = asking_of(clients, files, Sources(files, None), permissions, self.accept)
        listeners: list[slack_app.Listener] = [
            EventListeners(),
            analyse_listener(clients, asking),
            ActionListeners(NoReports()),
        ]
        inbox = Inbox(SharedFiles(self.accept, bot_user=identity.bot_user))
        app = slack_app.build_app(clients, self.slack.bot_token, identity, inbox, listeners)
        self.mode = HttpMode(app, SigningSecret(fake.SIGNING_SECRET))
        return self.mode

    async def post(self, body: bytes, headers: dict[str, str]) -> aiohttp.ClientResponse:
        async with aiohttp.ClientSession() as http, http.post(self.url, data=body, headers=headers) as answer:
            await answer.read()
            return answer


@pytest.fixture
async def slack() -> AsyncIterator[FakeSlack]:
    async with FakeSlack(transport=fake.HttpMode, redelivery_delays_s=(0.0, 0.05, 0.05)) as slack:
        yield slack
        assert slack.unexpected_calls == []


@pytest.fixture
def sender(slack: FakeSlack) -> fake.HttpMode:
    assert isinstance(slack.socket, fake.HttpMode)
    return slack.socket


@pytest.fixture
async def door(slack: FakeSlack, sender: fake.HttpMode) -> AsyncIterator[Door]:
    door = Door(slack)
    async with connected(slack) as clients:
        mode = await door.build(clients)
        api = build_api(mode.routes(), health_routes(Health({"slack": mode.problem})))
        async with serving(api, "127.0.0.1", 0) as port:
            await mode.start()
            door.url = sender.request_url = f"http://127.0.0.1:{port}{PATH}"
            yield door
            await mode.stop()


def an_event() -> bytes:
    event = {"type": "message", "channel": "C1", "user": "U1", "ts": "1.1", "files": [{"id": "F1"}]}
    return json.dumps({"type": "event_callback", "team_id": TEAM, "event_id": "Ev1", "event": event}).encode()


async def test_slack_s_question_for_the_address_is_answered(door: Door, sender: fake.HttpMode) -> None:
    assert await sender.verify_url() == "3eZbrw1a"


async def test_a_shared_file_is_kept_before_slack_has_its_ack(door: Door, slack: FakeSlack) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", b"Lease")
    await slack.wait_for(lambda: all(each.acked_at for each in slack.deliveries), what="acks")
    assert {job.file_id for job in door.jobs} == {share.file_id}
    assert door.jobs[0].thread_ts == share.ts


async def test_what_could_not_be_kept_is_not_acked_and_comes_again(door: Door, slack: FakeSlack) -> None:
    door.full_disk = True
    await slack.share("contracts", "ann", "lease.txt", b"Lease", also_file_shared=False)
    await slack.wait_for(lambda: 500 in slack.socket.statuses, what="a refusal")  # type: ignore[attr-defined]
    door.full_disk = False
    await slack.wait_for(lambda: door.jobs, what="the job")
    assert slack.deliveries[-1].attempt >= 1


async def test_a_repeat_is_the_same_job(door: Door, slack: FakeSlack) -> None:
    share = await slack.share("contracts", "ann", "lease.txt", b"Lease", also_file_shared=False)
    await slack.redeliver(share.event_ids[0])
    await slack.wait_for(lambda: len(door.jobs) > 1, what="the repeat")
    assert len({job.id for job in door.jobs}) == 1


async def test_a_command_is_answered(door: Door, slack: FakeSlack) -> None:
    answer = await slack.slash_command("ann", "contracts", "/analyse", "help", answers=0)
    assert answer.acked
    await slack.wait_for(lambda: answer.said, what="an answer")


async def test_a_press_is_answered_to_who_pressed(door: Door, slack: FakeSlack) -> None:
    answer = await slack.click("ann", "contracts", "1.0", RECEIPT_ACTION, value="doc-1", answers=1)
    assert answer.acked
    assert NOT_KEPT in json.dumps(answer.answers, ensure_ascii=False)


ODD: list[dict[str, str]] = [
    {},
    {"X-Slack-Request-Timestamp": "soon"},
    {"X-Slack-Request-Timestamp": "9" * 4000},
    {"X-Slack-Signature": "v0=\u00e9"},
    {"X-Slack-Signature": "v0=" + "0" * 64},
    {"X-Slack-Signature": ""},
    fake.signed(an_event(), at=time.time() - 3600),
    fake.signed(an_event(), at=time.time() + 3600),
    fake.signed(an_event(), secret="0" * 32),
    fake.signed(b"something else"),
]


async def test_what_is_not_signed_by_slack_is_401_and_reaches_nobody(door: Door) -> None:
    for odd in ODD:
        partly = fake.signed(an_event()) if len(odd) == 1 else {}
        answer = await door.post(an_event(), {"Content-Type": "application/json"} | partly | odd)
        assert answer.status == 401, odd
    assert door.jobs == []


async def test_a_header_that_is_no_text_is_401(door: Door) -> None:
    """Written by hand: no client would send it."""
    host, port = "127.0.0.1", int(door.url.split(":")[2].partition("/")[0])
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(
        b"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nConnection: close\r\n"
        b"X-Slack-Request-Timestamp: \xff\xfe\r\nX-Slack-Signature: v0=\xe2\x80\xae\r\n\r\n{}"
    )
    assert b" 401 " in await reader.readline()
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("how", ["with its length", "in pieces"])
async def test_more_than_slack_ever_sends_is_413(door: Door, how: str) -> None:
    body = b" " * (MAX_BODY_BYTES + 1)

    async def in_pieces() -> AsyncIterator[bytes]:
        yield body

    data: Any = BytesIO(body) if how == "with its length" else in_pieces()
    answer = await door.post(data, fake.signed(body))
    assert (answer.status, answer.headers["X-Slack-No-Retry"]) == (413, "1")


async def test_signed_nonsense_is_400(door: Door) -> None:
    for body in (b"\xff", b"{", b"[]", b"null", b"payload=[]", b"[" * 100_000):
        kind = "application/x-www-form-urlencoded" if body.startswith(b"payload") else "application/json"
        answer = await door.post(body, fake.signed(body) | {"Content-Type": kind})
        assert answer.status == 400, body[:20]


async def test_headers_that_steer_bolt_do_not_come_through(door: Door) -> None:
    steering = {"X-Slack-Bolt-Lazy-Only": "1", "X-Slack-Bolt-Lazy-Function-Name": "receipt"}
    body = an_event()
    answer = await door.post(body, fake.signed(body) | {"Content-Type": "application/json"} | steering)
    assert (answer.status, len(door.jobs)) == (200, 1)


async def test_while_it_stops_slack_is_asked_to_come_again(door: Door) -> None:
    assert await door.mode.problem() is None
    await door.mode.stop()
    answer = await door.post(an_event(), fake.signed(an_event()))
    assert answer.status == 503
    assert "X-Slack-No-Retry" not in answer.headers
    assert await door.mode.problem() is not None


async def test_nobody_looks_at_it_with_a_browser(door: Door) -> None:
    async with aiohttp.ClientSession() as http, http.get(door.url) as answer:
        assert answer.status == 405

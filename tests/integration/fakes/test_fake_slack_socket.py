"""Bolt in Socket Mode finds the fake as it finds Slack: events, acks, redelivery, commands, lost sockets."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Fault, as_in_manifest
from tests.fakes.slack.process import SlackProcess
from tests.fakes.slack.workspace import ANN, BOB, BOT, BOT_USER, DM_ANN, GENERAL, GROUP_DM, LOBBY

PING_S = 0.1
"""Slack's client notices a torn socket at its next ping."""


class Bot:
    """A Bolt app that writes down what it hears, and refuses the first `deaf` requests."""

    def __init__(self, slack: FakeSlack, http: aiohttp.ClientSession, deaf: int = 0) -> None:
        self.heard: list[dict[str, Any]] = []
        self.retries: list[str | None] = []
        self.deaf = deaf
        client = AsyncWebClient(slack.bot_token, slack.api_url, session=http)
        self.app = AsyncApp(client=client, before_authorize=self._listen)
        self.app.event("message")(self._nothing)
        self.app.event("file_shared")(self._nothing)
        self.app.event("file_deleted")(self._nothing)
        self.app.event("app_mention")(self._nothing)
        self.app.command("/analyse")(self._command)
        self.app.action("again")(self._click)
        self.handler = AsyncSocketModeHandler(self.app, slack.app_token, ping_interval=PING_S)

    async def _listen(self, body: dict[str, Any], req: Any, next_: Callable[[], Awaitable[None]]) -> None:
        if self.deaf > 0:
            self.deaf -= 1
            msg = "the disk is full"
            raise OSError(msg)
        if "event" in body:
            self.heard.append(body)
            self.retries.append(next(iter(req.headers.get("x-slack-retry-num", [])), None))
        await next_()

    async def _nothing(self) -> None:
        pass

    async def _command(self, ack: Any, respond: Any, command: dict[str, Any]) -> None:
        await ack(f"on it: {command['text']}")
        await respond("done")

    async def _click(self, ack: Any, respond: Any) -> None:
        await ack()
        await respond("again it is")

    @property
    def kinds(self) -> list[str]:
        return [e["event"]["type"] for e in self.heard]


@asynccontextmanager
async def bolt(slack: FakeSlack, *, deaf: int = 0) -> AsyncIterator[Bot]:
    async with aiohttp.ClientSession() as http:
        bot = Bot(slack, http, deaf)
        await bot.handler.connect_async()
        await slack.wait_connected()
        try:
            yield bot
        finally:
            await bot.handler.close_async()
            await asyncio.sleep(0)  # lets Bolt's cancelled tasks end


async def test_one_gesture_arrives_as_three_events_each_acked(slack: FakeSlack) -> None:
    async with bolt(slack) as bot:
        share = await slack.share(GENERAL, ANN, "a.pdf", b"%PDF", text="look", also_app_mention=True)
        await slack.wait_for(lambda: len(slack.ack_seconds) == 3)
        assert bot.kinds == ["message", "app_mention", "file_shared"]
        message, mention, shared = [body["event"] for body in bot.heard]
        assert (message["subtype"], message["channel_type"], message["ts"]) == (
            "file_share",
            "channel",
            share.ts,
        )
        assert message["files"][0]["name"] == "a.pdf"
        assert mention["text"] == f"<@{BOT_USER}> look"
        assert (shared["file_id"], shared["user_id"], "ts" in shared) == (share.file_id, ANN, False)
        assert tuple(body["event_id"] for body in bot.heard) == share.event_ids
        assert max(slack.ack_seconds) < 1


async def test_direct_messages_are_heard_and_channels_without_the_bot_are_not(slack: FakeSlack) -> None:
    async with bolt(slack) as bot:
        await slack.share(DM_ANN, ANN, "a.pdf", b"%PDF", also_file_shared=False)
        await slack.share(LOBBY, BOB, "b.pdf", b"%PDF")
        await slack.wait_quiet(0.05)
        assert [body["event"]["channel_type"] for body in bot.heard] == ["im"]


async def test_the_bots_own_words_come_back_and_bolt_can_tell(slack: FakeSlack) -> None:
    async with bolt(slack) as bot:
        posted = await bot.app.client.chat_postMessage(channel=GENERAL, text="one")
        await bot.app.client.chat_update(channel=GENERAL, ts=posted["ts"], text="two")
        await bot.app.client.files_upload_v2(filename="a.md", content="# A", channel=GENERAL)
        await slack.wait_for(lambda: len(bot.heard) == 4)
        post, change, upload, shared = [body["event"] for body in bot.heard]
        assert (post["bot_id"], upload["bot_id"], upload["subtype"]) == (BOT, BOT, "file_share")
        assert (change["subtype"], change["message"]["text"]) == ("message_changed", "two")
        assert (shared["type"], shared["user_id"]) == ("file_shared", BOT_USER)
        slack.core.echo_bot_messages = False
        await bot.app.client.chat_postMessage(channel=GENERAL, text="three")
        await slack.wait_quiet(0.05)
        assert len(bot.heard) == 4


async def test_events_need_their_subscription_and_their_scope() -> None:
    async with FakeSlack(bot_events=["message.channels", "file_shared"]) as slack:
        slack.scopes.discard("files:read")
        await slack.share(GENERAL, ANN, "a.pdf", b"%PDF", also_app_mention=True)
        await slack.share(DM_ANN, ANN, "a.pdf", b"%PDF")
        assert [d.summary()["event_type"] for d in slack.deliveries] == ["message"]


async def test_scopes_and_events_can_be_those_of_a_manifest(tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.yaml"
    manifest.write_text(
        "oauth_config: {scopes: {bot: [mpim:history]}}\n"
        "settings: {event_subscriptions: {bot_events: [message.mpim]}}\n"
    )
    scopes, bot_events = as_in_manifest(manifest)
    async with FakeSlack(scopes=scopes, bot_events=bot_events) as slack:
        await slack.share(GROUP_DM, BOB, "a.pdf", b"%PDF")
        await slack.share(GENERAL, BOB, "a.pdf", b"%PDF")
        assert [d.summary()["subtype"] for d in slack.deliveries] == ["file_share"]


async def test_what_is_not_acked_comes_again_with_the_same_event_id() -> None:
    async with FakeSlack(ack_timeout_s=0.05, redelivery_delays_s=(0.0, 0.02, 0.02)) as slack:
        async with bolt(slack, deaf=2) as bot:
            share = await slack.share(GENERAL, ANN, "a.pdf", b"%PDF", also_file_shared=False)
            await slack.wait_for(lambda: bot.heard)
            assert bot.heard[0]["event_id"] == share.event_ids[0]
            assert bot.retries == ["2"]
            await slack.wait_quiet(0.1)
        assert [(d.attempt, d.reason, d.acked_at is None) for d in slack.deliveries] == [
            (0, "", True),
            (1, "timeout", True),
            (2, "timeout", False),
        ]


async def test_slack_gives_up_after_three_retries() -> None:
    slack = FakeSlack(ack_timeout_s=0.03, redelivery_delays_s=(0.0, 0.01, 0.01))
    async with slack, bolt(slack, deaf=9) as bot:
        await slack.share(GENERAL, ANN, "a.pdf", b"%PDF", also_file_shared=False)
        await slack.wait_quiet(0.1)
        assert (len(slack.deliveries), bot.heard) == (4, [])


async def test_an_event_is_redelivered_on_demand(slack: FakeSlack) -> None:
    async with bolt(slack) as bot:
        share = await slack.share(GENERAL, ANN, "a.pdf", b"%PDF", also_file_shared=False)
        for attempt in (1, 2, 3):
            await slack.redeliver(share.event_ids[0], attempt=attempt)
        await slack.wait_for(lambda: len(bot.heard) == 4)
        assert {body["event_id"] for body in bot.heard} == set(share.event_ids)
        assert bot.retries == ["0", "1", "2", "3"]


async def test_events_wait_while_nobody_is_connected(slack: FakeSlack) -> None:
    await slack.share(GENERAL, ANN, "a.pdf", b"%PDF")
    async with bolt(slack) as bot:
        await slack.wait_for(lambda: len(bot.heard) == 2)


async def test_each_event_goes_to_one_of_several_sockets(slack: FakeSlack) -> None:
    async with bolt(slack) as one, bolt(slack) as two:
        await slack.wait_connected(2)
        for _ in range(4):
            await slack.say(GENERAL, ANN, "hello")
        await slack.wait_for(lambda: len(one.heard) + len(two.heard) == 4)
        assert (len(one.heard), len(two.heard)) == (2, 2)


@pytest.mark.parametrize("reason", ["warning", "refresh_requested"])
async def test_a_socket_that_is_asked_to_go_is_replaced(slack: FakeSlack, reason: str) -> None:
    async with bolt(slack) as bot:
        await slack.disconnect(reason, close_after_s=0.3)
        await slack.say(GENERAL, ANN, "in between")
        await slack.wait_for(lambda: bot.heard)
        assert slack.socket.connections_made == 2


async def test_a_torn_socket_is_replaced_and_what_it_held_comes_again() -> None:
    async with FakeSlack(ack_timeout_s=30) as slack, bolt(slack, deaf=1) as bot:
        share = await slack.share(GENERAL, ANN, "a.pdf", b"%PDF", also_file_shared=False)
        await slack.wait_for(lambda: bot.deaf == 0)
        assert slack.cut_sockets() == 1
        await slack.wait_for(lambda: bot.heard)
        assert (bot.heard[0]["event_id"], bot.retries) == (share.event_ids[0], ["1"])


async def test_after_an_outage_the_client_is_back_and_hears_what_it_missed(slack: FakeSlack) -> None:
    async with bolt(slack) as bot:
        async with slack.outage():
            await slack.say(GENERAL, ANN, "are you there?")
            await asyncio.sleep(0.05)
        await slack.wait_for(lambda: bot.heard)


async def test_a_ticket_opens_one_socket_once(slack: FakeSlack, client: AsyncWebClient) -> None:
    url = (await client.apps_connections_open(app_token=slack.app_token))["url"]
    async with aiohttp.ClientSession() as http:
        async with http.ws_connect(url) as socket:
            assert (await socket.receive_json())["type"] == "hello"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await http.ws_connect(url)


async def test_a_command_goes_round(slack: FakeSlack) -> None:
    async with bolt(slack):
        result = await slack.slash_command("bob", "general", "/analyse", "this", answers=1)
        assert result.ack["text"] == "on it: this"
        assert [message["text"] for message in result.said] == ["on it: this", "done"]
        unknown = await slack.slash_command("bob", "general", "/nobody", timeout_s=0.1)
        assert not unknown.acked


async def test_a_response_url_works_five_times(slack: FakeSlack) -> None:
    address, url = slack.core.new_response_url(BOB, GENERAL)
    async with aiohttp.ClientSession() as http:
        for status in [200] * 5 + [404]:
            async with http.post(address, json={"text": "x", "response_type": "in_channel"}) as answer:
                assert answer.status == status
    assert (len(url.answers), len(slack.bot_messages(GENERAL))) == (5, 5)


async def test_a_trigger_opens_one_view_within_three_seconds(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    title = {"type": "plain_text", "text": "Look"}
    trigger, view = (
        slack.core.new_trigger(),
        {"type": "modal", "title": title, "blocks": [{"type": "divider"}]},
    )
    await client.views_open(trigger_id=trigger, view=view)
    assert len(slack.core.views) == 1
    for stale in (trigger, slack.core.new_trigger()):
        slack.core.triggers.update(dict.fromkeys(slack.core.triggers, 0.0))
        with pytest.raises(Exception, match="trigger_id"):
            await client.views_open(trigger_id=stale, view=view)


async def test_a_click_arrives_with_its_message(slack: FakeSlack) -> None:
    async with bolt(slack) as bot:
        ts = (await bot.app.client.chat_postMessage(channel=GENERAL, text="result"))["ts"]
        result = await slack.click(ANN, GENERAL, ts, "again", answers=1)
        assert result.answers[0]["text"] == "again it is"


async def test_nothing_is_logged_and_no_call_is_unknown(
    slack: FakeSlack, caplog: pytest.LogCaptureFixture
) -> None:
    async with bolt(slack) as bot:
        slack.fail("chat.postMessage", Fault.LOST_ANSWER)
        await bot.app.client.chat_postMessage(channel=GENERAL, text="x")
        await slack.delete_file((await slack.share(GENERAL, ANN, "a.pdf", b"%PDF")).file_id)
        await slack.wait_quiet(0.05)
    assert [record for record in caplog.records if record.name.startswith("aiohttp")] == []
    assert slack.unexpected_calls == []


async def test_a_process_that_cannot_start_says_so() -> None:
    with pytest.raises(RuntimeError, match="status 2"):
        async with SlackProcess("--nonsense"):
            pass


async def test_it_runs_as_its_own_process() -> None:
    async with SlackProcess("--ack-timeout", "1") as slack:
        client = AsyncWebClient(slack.ready["SLACK_BOT_TOKEN"], slack.ready["SLACK_API_URL"])
        shares = [
            {"channel": "general", "user": "ann", "name": f"{n}.txt", "content": "text"} for n in range(3)
        ]
        done = (await slack.post("share", shares=shares))["shares"]
        await slack.post("fail", method="chat.postMessage", fault="error", error="fatal_error")
        with pytest.raises(Exception, match="fatal_error"):
            await client.chat_postMessage(channel=GENERAL, text="x")
        await client.chat_postMessage(channel=GENERAL, thread_ts=done[0]["ts"], text="y")
        thread = await slack.get("thread", channel=GENERAL, ts=done[0]["ts"])
        state = await slack.get("state")
        assert [m["text"] for m in thread["messages"]] == ["", "y"]
        assert (state["calls"], state["refused"]) == ({"chat.postMessage": 2}, 1)
        assert slack.environment["SLACK_API_URL"] == state["api_url"]

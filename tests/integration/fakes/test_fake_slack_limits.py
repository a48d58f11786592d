"""What the fake Slack refuses, and what goes wrong on request."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.workspace import ANN, BOB, COUNSEL, EVE, GENERAL, LEGAL
from tests.integration.fakes.asking import refusal, section

# --- limits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("blocks", "error"),
    [
        ([section("x")] * 51, "invalid_blocks"),
        ([section("x" * 3001)], "invalid_blocks"),
        ([section("")], "invalid_blocks"),
        ([section("x", block_id="a"), section("y", block_id="a")], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}], "invalid_blocks"),
        ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "invalid_blocks"),
        ([{"type": "context", "elements": [{"type": "mrkdwn", "text": "x"}] * 11}], "invalid_blocks"),
        ([{"type": "markdown", "text": "x" * 7000}] * 2, "invalid_blocks"),
        ([{"type": "nonsense"}], "invalid_blocks"),
        ([section("x", colour="red")], "invalid_blocks"),
        ([{"type": "divider", "text": "x"}], "invalid_blocks"),
        ([{"type": "section", "text": {"type": "mrkdwn", "text": "x", "emoji": True}}], "invalid_blocks"),
        ([{"type": "alert", "text": {"type": "mrkdwn", "text": "x" * 201}}], "invalid_blocks"),
        ([section("x" * 2900)] * 5, "msg_blocks_too_long"),
    ],
)
async def test_blocks_that_slack_would_refuse_are_refused(
    client: AsyncWebClient, blocks: list[Any], error: str
) -> None:
    answer = await refusal(client.chat_postMessage(channel=GENERAL, text="x", blocks=blocks))
    assert answer["error"] == error
    if error == "invalid_blocks":
        assert answer["response_metadata"]["messages"][0].startswith("[ERROR] ")


async def test_blocks_at_the_limit_are_accepted(client: AsyncWebClient) -> None:
    quote = {"type": "text", "text": "“literal <!channel>”"}
    blocks: list[Any] = [
        {"type": "header", "text": {"type": "plain_text", "text": "h" * 150}},
        section("x" * 3000, block_id="only"),
        {"type": "context", "elements": [{"type": "mrkdwn", "text": "c"}] * 10},
        {"type": "rich_text", "elements": [{"type": "rich_text_quote", "elements": [quote]}]},
        *[{"type": "divider"}] * 46,
    ]
    assert (await client.chat_postMessage(channel=GENERAL, text="x", blocks=blocks))["ok"]


async def test_texts_have_limits_too(slack: FakeSlack, client: AsyncWebClient) -> None:
    refused = await refusal(client.api_call("chat.postMessage", json={"channel": GENERAL}))
    assert refused["error"] == "no_text"
    ts = (await client.chat_postMessage(channel=GENERAL, text="x" * 50_000))["ts"]
    assert len(slack.bot_messages(GENERAL)[0]["text"]) == 40_000
    await client.chat_update(channel=GENERAL, ts=ts, text="é" * 2000)
    refused = await refusal(client.chat_update(channel=GENERAL, ts=ts, text="é" * 2001))
    assert refused["error"] == "msg_too_long"


async def test_at_the_real_rate_a_channel_takes_one_post_a_second(http: aiohttp.ClientSession) -> None:
    async with FakeSlack(rate_limits=True) as slack:
        client = AsyncWebClient(slack.bot_token, slack.api_url, session=http)
        await client.chat_postMessage(channel=GENERAL, text="one")
        await client.chat_postMessage(channel=LEGAL, text="elsewhere")
        answer = await refusal(client.chat_postMessage(channel=GENERAL, text="two"))
        assert (answer.status_code, answer["error"]) == (429, "ratelimited")
        assert answer.headers["Retry-After"] == "1"
        client.retry_handlers = [AsyncRateLimitErrorRetryHandler(max_retry_count=1)]
        await client.chat_postMessage(channel=GENERAL, text="two")
        assert len(slack.bot_messages(GENERAL)) == 2


# --- faults ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("fault", [Fault.RATE_LIMITED, Fault.SERVER_ERROR, Fault.UNAVAILABLE, Fault.ERROR])
async def test_a_refusing_fault_does_nothing_and_passes(
    slack: FakeSlack, client: AsyncWebClient, fault: Fault
) -> None:
    slack.fail("chat.postMessage", fault, error="fatal_error")
    await refusal(client.chat_postMessage(channel=GENERAL, text="x"))
    assert slack.bot_messages() == []
    await client.chat_postMessage(channel=GENERAL, text="x")
    assert len(slack.bot_messages()) == 1
    assert [call.fault for call in slack.calls_to("chat.postMessage")] == [fault.value, ""]


@pytest.mark.parametrize(("fault", "done"), [(Fault.DROPPED, 0), (Fault.LOST_ANSWER, 1)])
async def test_a_cut_connection_hides_whether_it_was_done(
    slack: FakeSlack, client: AsyncWebClient, fault: Fault, done: int, caplog: pytest.LogCaptureFixture
) -> None:
    slack.fail("chat.postMessage", fault)
    with pytest.raises(aiohttp.ClientConnectionError):
        await client.chat_postMessage(channel=GENERAL, text="x")
    assert len(slack.bot_messages()) == done
    assert not caplog.records


async def test_slacks_default_client_posts_twice_when_the_answer_is_lost(slack: FakeSlack) -> None:
    slack.fail("chat.postMessage", Fault.LOST_ANSWER)
    await AsyncWebClient(slack.bot_token, slack.api_url).chat_postMessage(channel=GENERAL, text="x")
    assert len(slack.bot_messages()) == 2


async def test_a_caller_that_hangs_up_in_a_stall_gets_nothing_done(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    slack.fail("chat.postMessage", Fault.STALLED, delay_s=0.05)
    slack.fail("chat.update", Fault.SLOW, delay_s=30)
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.chat_postMessage(channel=GENERAL, text="x"), 0.02)
    await asyncio.sleep(0.06)
    assert slack.bot_messages() == []
    ts = (await client.chat_postMessage(channel=GENERAL, text="x"))["ts"]
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.chat_update(channel=GENERAL, ts=ts, text="done"), 0.05)
    assert slack.bot_messages()[0]["text"] == "done"


async def test_slack_can_be_away_for_a_while(slack: FakeSlack, client: AsyncWebClient) -> None:
    async with slack.outage():
        with pytest.raises(aiohttp.ClientConnectionError):
            await client.auth_test()
    await client.auth_test()


async def test_faults_start_and_stop_where_they_are_told(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.fail("auth.test", Fault.ERROR, after=1, times=2, error="service_unavailable")
    slack.fail("users.info", Fault.SLOW, delay_s=0.05)
    await client.auth_test()
    for _ in range(2):
        assert (await refusal(client.auth_test()))["error"] == "service_unavailable"
    await client.auth_test()
    start = time.monotonic()
    await client.users_info(user=ANN)
    assert time.monotonic() - start >= 0.05
    slack.fail("*", Fault.SERVER_ERROR)
    slack.heal()
    await client.auth_test()


# --- modals ----------------------------------------------------------------------------------------------


def modal(**changes: Any) -> dict[str, Any]:
    title = {"type": "plain_text", "text": "Look"}
    return {"type": "modal", "title": title, "blocks": [section("x")], **changes}


def an_input(**changes: Any) -> dict[str, Any]:
    label = {"type": "plain_text", "text": "Why?"}
    return {"type": "input", "block_id": "why", "label": label, "element": {"type": "plain_text_input", "action_id": "why"}, **changes}  # fmt: skip


@pytest.mark.parametrize(
    "view",
    [
        modal(title={"type": "plain_text", "text": "x" * 25}),
        modal(title={"type": "mrkdwn", "text": "x"}),
        modal(submit={"type": "plain_text", "text": "x" * 25}),
        modal(blocks=[]),
        modal(blocks=[an_input()]),
        modal(blocks=[section("x")] * 101),
        modal(blocks=[{"type": "markdown", "text": "x"}]),
        modal(private_metadata="x" * 3001),
        modal(colour="red"),
    ],
)
async def test_modals_that_slack_would_refuse_are_refused(
    slack: FakeSlack, client: AsyncWebClient, view: dict[str, Any]
) -> None:
    answer = await refusal(client.views_open(trigger_id=slack.core.new_trigger(), view=view))
    assert answer["error"] in {"invalid_arguments", "invalid_blocks"}


async def test_a_modal_is_filled_anew_in_its_place(slack: FakeSlack, client: AsyncWebClient) -> None:
    opened = (await client.views_open(trigger_id=slack.core.new_trigger(), view=modal()))["view"]
    updated = (await client.views_update(view_id=opened["id"], view=modal(blocks=[section("y")])))["view"]
    assert (updated["id"], slack.modal()["blocks"]) == (opened["id"], [section("y")])
    stale = await refusal(client.views_update(view_id=opened["id"], hash=opened["hash"], view=modal()))
    assert stale["error"] == "hash_conflict"
    assert (await refusal(client.views_update(view_id="V0", view=modal())))["error"] == "not_found"


@pytest.mark.parametrize(
    "element",
    [
        {"type": "overflow", "action_id": "a", "options": []},
        {"type": "overflow", "action_id": "a", "options": [{"text": {"type": "plain_text", "text": "x"}, "value": "v" * 151}]},
        {"type": "static_select", "action_id": "a", "options": [{"text": {"type": "plain_text", "text": "x" * 76}, "value": "v"}]},
        {"type": "button", "text": {"type": "plain_text", "text": "x"}, "confirm": {"title": {"type": "plain_text", "text": "x"}}},
        {"type": "button", "text": {"type": "plain_text", "text": "x"}, "colour": "red"},
    ],
)  # fmt: skip
async def test_elements_that_slack_would_refuse_are_refused(
    client: AsyncWebClient, element: dict[str, Any]
) -> None:
    blocks = [{"type": "actions", "elements": [element]}]
    answer = await refusal(client.chat_postMessage(channel=GENERAL, text="x", blocks=blocks))
    assert answer["error"] == "invalid_blocks"


async def test_groups_and_our_conversations(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert (await client.usergroups_users_list(usergroup=COUNSEL))["users"] == [BOB, EVE]
    assert (await refusal(client.usergroups_users_list(usergroup="S0")))["error"] == "no_such_subteam"
    ours = await client.users_conversations(types="public_channel,private_channel", limit=1)
    assert [channel["id"] for channel in ours["channels"]] == [GENERAL]
    more = await client.users_conversations(
        types="public_channel,private_channel", cursor=ours["response_metadata"]["next_cursor"]
    )
    assert LEGAL in [channel["id"] for channel in more["channels"]]

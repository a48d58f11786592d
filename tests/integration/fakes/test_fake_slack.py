"""Slack's own client finds the fake's Web API as Slack's is; what the fake claims, other tests rely on."""

from __future__ import annotations

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack
from tests.fakes.slack.workspace import (
    ANN,
    BOB,
    BOT,
    BOT_USER,
    DM_ANN,
    EVE,
    GENERAL,
    GONE,
    LEGAL,
    LOBBY,
    OLLY,
    STRANGER,
    VAULT,
)
from tests.integration.fakes.asking import refusal, section

METADATA = {"event_type": "smallprint_post", "event_payload": {"job": "j1"}}


# --- the door --------------------------------------------------------------------------------------------


async def test_auth_test_says_who_the_bot_is(client: AsyncWebClient) -> None:
    answer = await client.auth_test()
    assert (answer["user_id"], answer["bot_id"]) == (BOT_USER, BOT)


async def test_a_wrong_token_is_invalid_auth_and_none_is_not_authed(slack: FakeSlack) -> None:
    wrong, none = AsyncWebClient("xoxb-wrong", slack.api_url), AsyncWebClient(None, slack.api_url)
    assert (await refusal(wrong.auth_test()))["error"] == "invalid_auth"
    assert (await refusal(none.auth_test()))["error"] == "not_authed"


async def test_each_token_opens_only_its_own_methods(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert (await client.apps_connections_open(app_token=slack.app_token))["url"].startswith(
        "ws://127.0.0.1:"
    )
    refused = await refusal(client.apps_connections_open(app_token=slack.bot_token))
    assert refused["error"] == "not_allowed_token_type"
    assert (await refusal(client.auth_test(token=slack.app_token)))["error"] == "not_allowed_token_type"


async def test_form_query_and_json_bodies_are_all_understood(
    slack: FakeSlack, http: aiohttp.ClientSession
) -> None:
    url, header = f"{slack.api_url}users.info", {"Authorization": f"Bearer {slack.bot_token}"}
    async with http.post(url, data={"user": ANN, "token": slack.bot_token}) as form:
        assert (await form.json())["user"]["name"] == "ann"
    async with http.get(url, params={"user": ANN}, headers=header) as query:
        assert (await query.json())["user"]["name"] == "ann"
    async with http.post(url, json={"user": ANN}, headers=header) as body:
        assert (await body.json())["user"]["name"] == "ann"
    assert [call.arguments for call in slack.calls_to("users.info")] == [{"user": ANN}] * 3


async def test_an_unknown_method_is_refused_and_remembered(slack: FakeSlack, client: AsyncWebClient) -> None:
    assert (await refusal(client.api_call("pins.add")))["error"] == "unknown_method"
    assert slack.unexpected_calls == ["pins.add"]


async def test_a_scope_that_is_missing_is_named(slack: FakeSlack, client: AsyncWebClient) -> None:
    slack.scopes.discard("users:read")
    answer = await refusal(client.users_info(user=ANN))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "users:read")
    assert "chat:write" in answer["provided"]
    slack.scopes.discard("groups:history")
    answer = await refusal(client.conversations_history(channel=LEGAL))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "groups:history")


# --- people and channels ---------------------------------------------------------------------------------


async def test_users_info_tells_admins_owners_guests_and_strangers_apart(client: AsyncWebClient) -> None:
    ann, bob, eve, olly = [(await client.users_info(user=u))["user"] for u in (ANN, BOB, EVE, OLLY)]
    assert ann["is_admin"]
    assert not ann["is_owner"]
    assert not bob["is_admin"]
    assert eve["is_restricted"]
    assert olly["is_owner"]
    gone, stranger, bot = [(await client.users_info(user=u))["user"] for u in (GONE, STRANGER, BOT_USER)]
    assert gone["deleted"]
    assert "is_admin" not in gone
    assert stranger["is_stranger"]
    assert bot["is_bot"]
    assert (await refusal(client.users_info(user="U0NOBODY")))["error"] == "user_not_found"


async def test_conversations_are_described_and_their_members_paged(client: AsyncWebClient) -> None:
    assert (await client.conversations_info(channel=LEGAL))["channel"]["is_private"]
    assert (await client.conversations_info(channel=DM_ANN))["channel"]["user"] == ANN
    first = await client.conversations_members(channel=GENERAL, limit=3)
    rest = await client.conversations_members(
        channel=GENERAL, limit=3, cursor=first["response_metadata"]["next_cursor"]
    )
    assert sorted(first["members"] + rest["members"]) == sorted([ANN, BOB, EVE, OLLY, BOT_USER])
    assert rest["response_metadata"]["next_cursor"] == ""


async def test_a_private_channel_without_the_bot_does_not_exist_for_it(client: AsyncWebClient) -> None:
    assert (await refusal(client.conversations_info(channel=VAULT)))["error"] == "channel_not_found"
    assert (await refusal(client.chat_postMessage(channel=VAULT, text="x")))["error"] == "channel_not_found"
    assert (await refusal(client.chat_postMessage(channel=LOBBY, text="x")))["error"] == "not_in_channel"


async def test_a_direct_message_is_opened_once(client: AsyncWebClient) -> None:
    opened = await client.conversations_open(users=BOB)
    again = await client.chat_postMessage(channel=BOB, text="hello")
    assert opened["channel"]["id"] == again["channel"]


# --- messages --------------------------------------------------------------------------------------------


async def test_a_reply_is_read_back_from_its_thread_with_metadata_only_on_request(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    root = await slack.say(GENERAL, ANN, "a question")
    await client.chat_postMessage(channel=GENERAL, thread_ts=root.ts, text="an answer", metadata=METADATA)
    plain = await client.conversations_replies(channel=GENERAL, ts=root.ts)
    full = await client.conversations_replies(channel=GENERAL, ts=root.ts, include_all_metadata=True)
    assert [m["text"] for m in plain["messages"]] == ["a question", "an answer"]
    assert "metadata" not in plain["messages"][1]
    assert full["messages"][1]["metadata"] == METADATA
    assert full["messages"][0]["reply_count"] == 1


async def test_an_update_keeps_what_it_does_not_name(slack: FakeSlack, client: AsyncWebClient) -> None:
    ts = (
        await client.chat_postMessage(channel=GENERAL, text="one", blocks=[section("b")], metadata=METADATA)
    )["ts"]
    await client.chat_update(channel=GENERAL, ts=ts, text="two")
    (message,) = slack.bot_messages(GENERAL)
    assert (message["text"], message["blocks"], message["metadata"]) == ("two", [section("b")], METADATA)
    await client.chat_update(channel=GENERAL, ts=ts, text="three", blocks=[])
    assert "blocks" not in slack.bot_messages(GENERAL)[0]


async def test_only_its_own_messages_may_be_changed(slack: FakeSlack, client: AsyncWebClient) -> None:
    theirs = await slack.say(GENERAL, ANN, "mine")
    refused = await refusal(client.chat_update(channel=GENERAL, ts=theirs.ts, text="x"))
    assert refused["error"] == "cant_update_message"
    refused = await refusal(client.chat_delete(channel=GENERAL, ts=theirs.ts))
    assert refused["error"] == "cant_delete_message"
    refused = await refusal(client.chat_update(channel=GENERAL, ts="1.000000", text="x"))
    assert refused["error"] == "message_not_found"


async def test_a_thread_whose_root_is_gone_is_not_found(slack: FakeSlack, client: AsyncWebClient) -> None:
    root = await slack.say(GENERAL, ANN, "gone soon")
    await slack.delete_message(GENERAL, root.ts)
    refused = await refusal(client.conversations_replies(channel=GENERAL, ts=root.ts))
    assert refused["error"] == "thread_not_found"
    refused = await refusal(client.chat_postMessage(channel=GENERAL, thread_ts=root.ts, text="x"))
    assert refused["error"] == "thread_not_found"


async def test_history_is_newest_first_without_replies_and_pages(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    said = [await slack.say(GENERAL, ANN, str(number)) for number in range(4)]
    await slack.say(GENERAL, BOB, "a reply", thread_ts=said[0].ts)
    page = await client.conversations_history(channel=GENERAL, limit=3)
    assert ([m["text"] for m in page["messages"]], page["has_more"]) == (["3", "2", "1"], True)
    one = await client.conversations_history(
        channel=GENERAL, oldest=said[2].ts, latest=said[2].ts, inclusive=True, limit=1
    )
    assert [m["text"] for m in one["messages"]] == ["2"]


async def test_small_calls_leave_their_mark(slack: FakeSlack, client: AsyncWebClient) -> None:
    root = await slack.say(GENERAL, ANN, "hello")
    link = (await client.chat_getPermalink(channel=GENERAL, message_ts=root.ts))["permalink"]
    assert link == root.permalink
    await client.reactions_add(channel=GENERAL, timestamp=root.ts, name="eyes")
    refused = await refusal(client.reactions_add(channel=GENERAL, timestamp=root.ts, name="eyes"))
    assert refused["error"] == "already_reacted"
    await client.chat_postEphemeral(channel=GENERAL, user=BOB, text="psst")
    assert slack.ephemerals[0]["user"] == BOB
    await client.assistant_threads_setStatus(channel_id=GENERAL, thread_ts=root.ts, status="reading")
    assert slack.core.statuses[0]["status"] == "reading"
    await client.views_publish(user_id=ANN, view={"type": "home", "blocks": [section("hi")]})
    assert slack.core.homes[ANN]["blocks"] == [section("hi")]
    posted = await client.chat_postMessage(channel=GENERAL, text="oops")
    await client.chat_delete(channel=GENERAL, ts=posted["ts"])
    assert slack.bot_messages() == []

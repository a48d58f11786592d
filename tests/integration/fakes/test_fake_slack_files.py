"""Files in the fake: shared, described, downloaded and uploaded as in Slack."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.slack import FakeSlack, Upload
from tests.fakes.slack.workspace import ANN, BOB, BOT_USER, CONTRACTS, GENERAL, LEGAL, VAULT

PDF = b"%PDF-1.7 a contract"


async def refused_info(client: AsyncWebClient, file_id: str) -> str:
    with pytest.raises(SlackApiError) as caught:
        await client.files_info(file=file_id)
    return str(caught.value.response["error"])


async def download(
    http: aiohttp.ClientSession, client: AsyncWebClient, file_id: str, token: str, **options: Any
) -> tuple[int, str, bytes]:
    """Status, content type and body."""
    file = (await client.files_info(file=file_id))["file"]
    headers = {"Authorization": f"Bearer {token}"}
    async with http.get(file["url_private_download"], headers=headers, **options) as response:
        return response.status, response.content_type, await response.read()


async def test_a_shared_file_is_described_with_its_places(slack: FakeSlack, client: AsyncWebClient) -> None:
    share = await slack.share("general", "ann", "Lease final.pdf", PDF, text="please check")
    reply = await slack.share_again(share.file_id, LEGAL, ANN)
    file = (await client.files_info(file=share.file_id))["file"]
    assert (file["name"], file["size"], file["mimetype"]) == ("Lease final.pdf", len(PDF), "application/pdf")
    assert file["shares"]["public"][GENERAL][0]["ts"] == share.ts
    assert file["shares"]["private"][LEGAL][0]["ts"] == reply.ts
    assert (file["channels"], file["groups"], file["ims"]) == ([GENERAL], [LEGAL], [])
    assert file["permalink"] == share.file_permalinks[0]


async def test_a_file_in_a_thread_names_the_root(slack: FakeSlack, client: AsyncWebClient) -> None:
    root = await slack.say(GENERAL, ANN, "which one?")
    share = await slack.share(GENERAL, BOB, "a.md", "# A", thread_ts=root.ts)
    file = (await client.files_info(file=share.file_id))["file"]
    assert file["shares"]["public"][GENERAL][0]["thread_ts"] == root.ts == share.thread_ts


async def test_the_bytes_need_the_token_and_the_scope(
    slack: FakeSlack, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    share = await slack.share(GENERAL, ANN, "a.pdf", PDF)
    good = await download(http, client, share.file_id, slack.bot_token)
    assert good == (200, "application/pdf", PDF)
    status, kind, page = await download(http, client, share.file_id, "xoxb-wrong")
    assert (status, kind, page[:15]) == (200, "text/html", b"<!DOCTYPE html>")
    url = slack.core.files[share.file_id].download_url
    slack.scopes.discard("files:read")
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with http.get(url, headers=headers) as answer:
        assert b"Sign in" in await answer.read()


async def test_a_redirect_leads_to_a_host_that_remembers_what_it_was_sent(
    slack: FakeSlack, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    away = await slack.share(GENERAL, ANN, "a.pdf", PDF, redirect_to="stranger")
    status, _, _ = await download(http, client, away.file_id, slack.bot_token, allow_redirects=False)
    assert (status, slack.core.stranger_requests) == (302, [])
    await download(http, client, away.file_id, slack.bot_token)
    assert "Authorization" not in slack.core.stranger_requests[0]["headers"]
    near = await slack.share(GENERAL, ANN, "a.pdf", PDF, redirect_to="self")
    assert (await download(http, client, near.file_id, slack.bot_token))[2] == PDF


async def test_a_download_can_drip_end_early_or_never_end(
    slack: FakeSlack, client: AsyncWebClient, http: aiohttp.ClientSession
) -> None:
    slow = await slack.share(GENERAL, ANN, "a.pdf", PDF, chunk_bytes=5, chunk_delay_s=0.002)
    assert (await download(http, client, slow.file_id, slack.bot_token))[2] == PDF
    cut = await slack.share(GENERAL, ANN, "b.pdf", PDF, cut_after_bytes=4)
    with pytest.raises(aiohttp.ClientError):
        await download(http, client, cut.file_id, slack.bot_token)
    await slack.share(GENERAL, ANN, "c.pdf", PDF, endless=True)
    url = list(slack.core.files.values())[-1].download_url
    headers = {"Authorization": f"Bearer {slack.bot_token}"}
    async with http.get(url, headers=headers) as endless:
        assert len(await endless.content.readexactly(200_000)) == 200_000
        assert endless.content_length is None


async def test_a_file_may_be_late(slack: FakeSlack, client: AsyncWebClient) -> None:
    share = await slack.share(GENERAL, ANN, "a.pdf", PDF, not_found=1, not_ready=1)
    assert await refused_info(client, share.file_id) == "file_not_found"
    half = (await client.files_info(file=share.file_id))["file"]
    assert ("url_private_download" in half, "mimetype" in half, half["size"]) == (False, False, 0)
    assert (await client.files_info(file=share.file_id))["file"]["size"] == len(PDF)


async def test_every_mode_looks_as_it_does_in_slack(slack: FakeSlack, client: AsyncWebClient) -> None:
    share = await slack.share(
        GENERAL,
        ANN,
        files=[
            Upload("plan", mode="external", external_url="https://docs.example.com/d/1"),
            Upload("note.txt", b"one\ntwo", mode="snippet"),
            Upload("old.pdf", mode="hidden_by_limit"),
            Upload("connect.pdf", PDF, stub=True),
            Upload("secret.pdf", PDF, file_access="access_denied"),
        ],
    )
    infos = [await client.files_info(file=file_id) for file_id in share.file_ids]
    external, snippet, hidden, connect, secret = [info["file"] for info in infos]
    assert (external["is_external"], external["url_private"]) == (True, "https://docs.example.com/d/1")
    assert "url_private_download" not in external
    assert (snippet["mode"], infos[1]["content"]) == ("snippet", "one\ntwo")
    assert hidden == {"id": share.file_ids[2], "mode": "hidden_by_limit"}
    assert connect["url_private_download"]
    assert secret["file_access"] == "access_denied"
    in_event = slack.messages(GENERAL)[0]["files"][3]
    assert (in_event["file_access"], "name" in in_event) == ("check_file_info", False)


async def test_a_deleted_file_is_a_tombstone(slack: FakeSlack, client: AsyncWebClient) -> None:
    share = await slack.share(GENERAL, ANN, "a.pdf", PDF)
    await slack.delete_file(share.file_id)
    assert await refused_info(client, share.file_id) == "file_deleted"
    assert slack.messages(GENERAL)[0]["files"] == [{"id": share.file_id, "mode": "tombstone"}]


async def test_files_of_private_conversations_without_the_bot_are_not_found(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    share = await slack.share(VAULT, ANN, "a.pdf", PDF)
    assert await refused_info(client, share.file_id) == "file_not_found"
    assert slack.deliveries == []


async def test_an_upload_into_a_thread_becomes_a_message_of_the_bot(
    slack: FakeSlack, client: AsyncWebClient
) -> None:
    root = await slack.share(CONTRACTS, ANN, "a.pdf", PDF)
    done = await client.files_upload_v2(
        filename="report.md",
        content="# Report",
        title="Full report",
        channel=CONTRACTS,
        thread_ts=root.ts,
        initial_comment="All findings",
    )
    (reply,) = slack.replies(CONTRACTS, root.ts)
    assert (reply["user"], reply["subtype"], reply["text"]) == (BOT_USER, "file_share", "All findings")
    assert reply["files"][0]["title"] == "Full report"
    assert slack.core.files[done["file"]["id"]].upload.content == b"# Report"
    assert slack.unexpected_calls == []


async def test_an_upload_fails_as_in_slack(client: AsyncWebClient) -> None:
    with pytest.raises(SlackApiError, match="missing_argument"):
        await client.files_getUploadURLExternal(filename="a.md", length=0)
    step = await client.files_getUploadURLExternal(filename="a.md", length=5)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": step["file_id"]}], channel_id=GENERAL)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await client.files_upload_v2(filename="a.md", content="x", channel=VAULT)
    with pytest.raises(SlackApiError, match="thread_not_found"):
        await client.files_upload_v2(filename="a.md", content="x", channel=GENERAL, thread_ts="1.000000")

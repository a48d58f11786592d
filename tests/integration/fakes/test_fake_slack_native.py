"""What is written in Slack itself, in the fake as in Slack: canvases, posts, e-mails, lists."""

from __future__ import annotations

import pytest

from tests.fakes.slack.workspace import GENERAL
from tests.integration.fakes.asking import refusal


async def test_a_canvas_is_given_as_one_text(slack, client) -> None:
    share = await slack.share("general", "ann", "Plan", b"# Plan", mode="quip", title="Plan")
    file = (await client.files_info(file=share.file_id))["file"]
    assert (file["mode"], file["filetype"], file["mimetype"]) == (
        "quip",
        "quip",
        "application/vnd.slack-docs",
    )
    assert (await client.canvases_getContent(canvas_id=share.file_id))["content"] == "# Plan"
    html = await client.canvases_getContent(canvas_id=share.file_id, content_type="html")
    assert html["content"].startswith("<p>")


async def test_only_a_visible_canvas_has_content(slack, client) -> None:
    hidden = await slack.share("vault", "ann", "Plan", b"# Plan", mode="quip")
    file = await slack.share("general", "ann", "a.txt", b"words")
    for file_id in (hidden.file_id, file.file_id, "F0NOWHERE"):
        assert (await refusal(client.canvases_getContent(canvas_id=file_id)))["error"] == "canvas_not_found"


async def test_canvases_have_a_scope_of_their_own(slack, client) -> None:
    share = await slack.share("general", "ann", "Plan", b"# Plan", mode="quip")
    slack.scopes.remove("canvases:read")
    answer = await refusal(client.canvases_getContent(canvas_id=share.file_id))
    assert (answer["error"], answer["needed"]) == ("missing_scope", "canvases:read")


@pytest.mark.parametrize(("mode", "filetype"), [("post", "post"), ("email", "email"), ("space", "space")])
async def test_posts_and_mails_are_downloaded_and_say_what_they_are(slack, client, mode, filetype) -> None:
    share = await slack.share("general", "ann", "x", b"<p>x</p>", mode=mode, details={"subject": "Offer"})
    file = (await client.files_info(file=share.file_id))["file"]
    assert (file["mode"], file["filetype"], file["subject"]) == (mode, filetype, "Offer")
    assert file["url_private_download"]


async def test_a_list_cannot_be_downloaded(slack, client) -> None:
    share = await slack.share("general", "ann", "x", mode="list")
    assert "url_private_download" not in (await client.files_info(file=share.file_id))["file"]


async def test_a_click_in_a_thread_says_which_thread(slack, client) -> None:
    root = await slack.say("general", "ann", "hello")
    reply = await client.chat_postMessage(channel=GENERAL, thread_ts=root.ts, text="result")
    slack.socket.ack_timeout_s = 0.05
    clicked = await slack.click("ann", "general", reply["ts"], "receipt")
    assert clicked.delivery.payload["container"]["thread_ts"] == root.ts

"""Every kind of file that Slack knows ends in bytes or in a sentence."""

from __future__ import annotations

import email.policy
import json
import time
from email.message import EmailMessage
from typing import Any

import pytest

from smallprint.errors import (
    DocumentTooLarge,
    ExternalFile,
    FileAccessDenied,
    FileError,
    FileGone,
    FileNotReady,
    FileTooSlow,
    UnsupportedFileMode,
)
from smallprint.models.domain import SharedFile
from smallprint.models.sizes import MEGABYTE
from smallprint.slack import files as texts
from smallprint.slack.client import SlackClients
from tests.fakes.slack import FakeSlack, Fault
from tests.fakes.slack.file_hosting import SIGN_IN_PAGE
from tests.integration.slack.setting import files_of, job_for

PAGE = b"<!doctype html><html><body><p>The fee is 5 percent.</p></body></html>"


async def fetched(
    slack: FakeSlack,
    clients: SlackClients,
    name: str,
    content: bytes = b"",
    *,
    limits: Any = None,
    **options: Any,
) -> SharedFile:
    share = await slack.share("contracts", "ann", name, content, **options)
    return await files_of(slack, clients, **(limits or {})).fetch(job_for(share))


@pytest.mark.parametrize("mode", ["hosted", "snippet"])
async def test_a_file_and_a_snippet_come_as_they_are(slack, clients, mode) -> None:
    file = await fetched(slack, clients, "terms.txt", b"The fee is 5 percent.", mode=mode)
    assert file == SharedFile("terms.txt", b"The fee is 5 percent.")


async def test_a_page_that_was_shared_as_text_is_no_sign_in_page(slack, clients) -> None:
    file = await fetched(slack, clients, "snippet.txt", SIGN_IN_PAGE.encode(), mode="snippet")
    assert file.content == SIGN_IN_PAGE.encode()


async def test_a_canvas_comes_as_markdown(slack, clients) -> None:
    file = await fetched(
        slack, clients, "Lease_plan", b"# Lease\n\nThe fee is 5 %.", mode="quip", title="Lease / plan"
    )
    assert file == SharedFile("Lease plan.md", b"# Lease\n\nThe fee is 5 %.")
    (call,) = slack.calls_to("canvases.getContent")
    assert call.arguments["content_type"] == "markdown"
    assert slack.calls_to("download") == []


async def test_a_canvas_needs_its_permission_and_says_so(slack, clients) -> None:
    slack.scopes.remove("canvases:read")
    with pytest.raises(FileAccessDenied, match="canvases:read"):
        await fetched(slack, clients, "plan", b"# Lease", mode="quip")


async def test_a_canvas_that_i_may_not_see_is_gone(slack, clients) -> None:
    slack.fail("canvases.getContent", Fault.ERROR, error="canvas_not_found")
    with pytest.raises(FileGone):
        await fetched(slack, clients, "plan", b"# Lease", mode="quip")


async def test_a_canvas_has_the_limit_of_a_file(slack, clients) -> None:
    with pytest.raises(DocumentTooLarge):
        await fetched(slack, clients, "plan", b"x" * 200, mode="quip", limits={"max_bytes": 100}, size=10)


async def test_a_post_is_read_as_html(slack, clients) -> None:
    file = await fetched(slack, clients, "-", PAGE, mode="post", title="Our terms", size=17)
    assert file == SharedFile("Our terms.html", PAGE)


@pytest.mark.parametrize(
    "content",
    [
        {"full": "<document><p>The fee is 5 percent.</p></document>"},
        {
            "root": {
                "children": [{"type": "h1", "text": "Terms"}, {"type": "p", "text": "The fee is 5 percent."}]
            }
        },
    ],
)
async def test_an_older_post_is_unpacked(slack, clients, content) -> None:
    file = await fetched(slack, clients, "-", json.dumps(content).encode(), mode="space", title="Our terms")
    assert file.name == "Our terms.html"
    assert b"<p>The fee is 5 percent.</p>" in file.content
    assert file.content.startswith(b"<html>")


async def test_a_post_in_words_stays_as_it_is(slack, clients) -> None:
    file = await fetched(slack, clients, "-", b"The fee is 5 percent.", mode="post", title="Our terms")
    assert file == SharedFile("Our terms.md", b"The fee is 5 percent.")


MAIL = {
    "subject": "Our offer",
    "from": [{"address": "ann@example.com", "name": "Ann Müller", "original": ""}],
    "to": [{"address": "", "name": "Email", "original": "Email <>"}],
    "cc": [{"address": "bob@example.com", "name": ""}],
    "headers": {
        "date": "Fri, 16 Dec 2022 18:58:30 +0000",
        "message_id": "<1@example.com>",
        "in_reply_to": None,
    },
    "plain_text": "The fee is",
}


async def test_a_mail_in_slack_comes_with_its_headers_and_body(slack, clients) -> None:
    file = await fetched(slack, clients, "Our offer", PAGE, mode="email", size=6212, details=MAIL)
    assert file.name == "Our offer.eml"
    message = _parsed(file)
    assert str(message["From"]) == "Ann Müller <ann@example.com>"
    assert message["Subject"] == "Our offer"
    assert message["Cc"] == "bob@example.com"
    assert "2022" in message["Date"]
    body = message.get_body()
    assert body is not None
    assert body.get_content_type() == "text/html"
    assert "The fee is 5 percent." in body.get_content()


async def test_a_raw_mail_stays_as_it_is(slack, clients) -> None:
    raw = b"From: ann@example.com\r\nSubject: Offer\r\n\r\nThe fee is 5 percent.\r\n"
    file = await fetched(slack, clients, "offer", raw, mode="email", details={"subject": "Offer"})
    assert file == SharedFile("Offer.eml", raw)


async def test_the_attachments_of_a_mail_come_along_and_a_missing_one_is_named(slack, clients) -> None:
    other = await slack.share("contracts", "ann", "terms.pdf", b"%PDF-1.7 terms")
    url = slack.core.files[other.file_id].download_url
    listed = [
        {"filename": "terms.pdf", "size": 14, "mimetype": "application/pdf", "url": url},
        {"filename": "elsewhere.pdf", "size": 14, "url": f"{slack.core.stranger_url}/stranger/x"},
        {"filename": "nowhere.pdf"},
    ]
    file = await fetched(
        slack, clients, "offer", PAGE, mode="email", size=1, details=MAIL | {"attachments": listed}
    )
    parts = [(part.get_filename(), part.get_content()) for part in _parsed(file).iter_attachments()]
    assert parts == [("terms.pdf", b"%PDF-1.7 terms"), ("elsewhere.pdf", b""), ("nowhere.pdf", b"")]


@pytest.mark.parametrize(
    ("kind", "service"),
    [("gdrive", "Google Drive"), ("dropbox", "Dropbox"), ("box", "Box"), ("new", "another service")],
)
async def test_an_external_file_names_its_service_and_the_way_out(slack, clients, kind, service) -> None:
    with pytest.raises(ExternalFile, match=f"lives in {service}.*upload the file itself"):
        await fetched(
            slack, clients, "x.gdoc", mode="external", external_type=kind,
            external_url=f"{slack.core.stranger_url}/stranger/doc",
        )  # fmt: skip
    assert slack.calls_to("download") == []


@pytest.mark.parametrize(
    ("options", "error", "sentence"),
    [
        ({"mode": "tombstone"}, FileGone, texts.DELETED),
        ({"mode": "hidden_by_limit"}, FileGone, texts.HIDDEN),
        ({"mode": "list"}, UnsupportedFileMode, texts.LIST),
        ({"mode": "hologram"}, UnsupportedFileMode, UnsupportedFileMode.sentence),
        ({"file_access": "access_denied"}, FileGone, FileGone.sentence),
        ({"file_access": "file_not_found"}, FileGone, FileGone.sentence),
    ],
)
async def test_what_has_no_bytes_for_us_ends_in_its_sentence(
    slack: FakeSlack, clients: SlackClients, options: Any, error: type[FileError], sentence: str
) -> None:
    with pytest.raises(error) as caught:
        await fetched(slack, clients, "x.pdf", b"%PDF", **options)
    assert caught.value.user_message == sentence


@pytest.mark.parametrize("trouble", ["not_found", "not_ready"])
async def test_a_file_that_slack_is_still_taking_in_is_waited_for(slack, clients, trouble) -> None:
    file = await fetched(slack, clients, "a.txt", b"words", **{trouble: 3})
    assert file.content == b"words"


async def test_patience_with_slack_ends(slack, clients) -> None:
    with pytest.raises(FileGone):
        await fetched(slack, clients, "a.txt", b"words", not_found=4)
    with pytest.raises(FileNotReady):
        await fetched(slack, clients, "b.txt", b"words", not_ready=4)


async def test_a_deleted_file_is_not_waited_for(slack, clients) -> None:
    share = await slack.share("contracts", "ann", "a.txt", b"words")
    await slack.delete_file(share.file_id)
    with pytest.raises(FileGone, match="deleted"):
        await files_of(slack, clients, patience_s=(60.0,)).fetch(job_for(share))


async def test_an_endless_download_ends_at_the_limit(slack, clients) -> None:
    with pytest.raises(DocumentTooLarge, match="larger than my limit of 1 MB"):
        await fetched(slack, clients, "a.txt", endless=True, size=10)


async def test_a_promised_size_beyond_the_limit_is_not_downloaded(slack, clients) -> None:
    with pytest.raises(DocumentTooLarge, match="has 2 MB; my limit is 1 MB"):
        await fetched(slack, clients, "a.txt", b"x" * 2 * MEGABYTE)
    assert slack.calls_to("download") == []


async def test_a_slow_drip_ends_in_time(slack, clients) -> None:
    began = time.monotonic()
    with pytest.raises(FileTooSlow):
        await fetched(
            slack,
            clients,
            "a.txt",
            b"x" * 10_000,
            chunk_bytes=1,
            chunk_delay_s=0.01,
            limits={"timeout_s": 0.3},
        )
    assert time.monotonic() - began < 20


async def test_a_download_that_breaks_off_is_not_taken_for_the_whole(slack, clients) -> None:
    with pytest.raises(FileNotReady):
        await fetched(slack, clients, "a.txt", b"x" * 1000, cut_after_bytes=500)


async def test_our_token_does_not_follow_a_redirect_out_of_slack(slack, clients) -> None:
    with pytest.raises(ExternalFile):
        await fetched(slack, clients, "a.txt", b"words", redirect_to="stranger")
    assert slack.core.stranger_requests == []


async def test_a_redirect_inside_slack_is_followed_and_one_to_the_sign_in_page_is_not(slack, clients) -> None:
    assert (await fetched(slack, clients, "a.txt", b"words", redirect_to="self")).content == b"words"
    with pytest.raises(FileAccessDenied):
        await fetched(slack, clients, "b.txt", b"words", redirect_to="https://acme.slack.com/?redir=%2Ffiles")


@pytest.mark.parametrize("mode", ["hosted", "post", "email"])
async def test_slacks_sign_in_page_is_never_taken_for_the_file(slack, clients, mode) -> None:
    share = await slack.share("contracts", "ann", "a.html", PAGE, mode=mode)
    files = files_of(slack, clients)
    slack.core.files[share.file_id].uploaded = False  # then the fake answers with that page
    with pytest.raises(FileAccessDenied):
        await files.fetch(job_for(share))


async def test_a_file_that_could_not_be_read_still_has_its_name(slack, clients) -> None:
    share = await slack.share("contracts", "ann", "a.pdf", b"%PDF")
    files = files_of(slack, clients)
    assert await files.name_of(job_for(share)) == "a.pdf"
    await slack.delete_file(share.file_id)
    assert await files.name_of(job_for(share)) == ""


def _parsed(file: SharedFile) -> EmailMessage:
    message = email.message_from_bytes(file.content, policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message

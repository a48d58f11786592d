"""Taking a report along: the form, and the file in the thread."""

from __future__ import annotations

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from smallprint.documents.highlights import PdfHighlighter
from smallprint.models.domain import Decisions, DocumentKind, Evidence, Job, Match, Report
from smallprint.slack import app as slack_app
from smallprint.slack.blocks.export import EXPORT_ACTION, FORM
from smallprint.slack.client import SlackClients
from smallprint.slack.exports import Exports
from smallprint.slack.file_access import NOT_TO_BE_OPENED, FileAccess
from smallprint.slack.inbox import Inbox
from smallprint.slack.listeners.export import ExportListener
from smallprint.slack.modals import Modals
from smallprint.slack.permissions import Permissions
from smallprint.slack.posts import Posts
from smallprint.slack.sources import Sources
from tests.fakes.posted import InMemoryPosts
from tests.fakes.reports import medium_report
from tests.fakes.slack import FakeSlack, Share, Upload
from tests.fakes.slack.workspace import ANN, TEAM
from tests.integration.slack.setting import files_of, job_for

EXAMPLE = Path(__file__).parents[3] / "examples" / "services-agreement.pdf"
WORDS = "The Supplier shall provide the hosted appointment and records platform"


class Desk:
    """A PDF shared in a thread, our result under it, and the report behind it."""

    def __init__(self, slack: FakeSlack, share: Share, ts: str) -> None:
        self.slack, self.share, self.ts = slack, share, ts
        self.job = job_for(share)
        first, *_ = medium_report().findings
        evidence = Evidence(Match.EXACT, WORDS, passage=4, page=1, locator="p. 1")
        self.kept: Report | None = replace(
            medium_report(),
            analysis_id=self.job.id,
            document_kind=DocumentKind.PDF,
            document_sha256=hashlib.sha256(EXAMPLE.read_bytes()).hexdigest(),
            findings=(replace(first, evidence=(evidence,)),),
        )

    async def report(self, analysis_id: str) -> Report | None:
        return self.kept if analysis_id == self.job.id else None

    async def get(self, job_id: str) -> Job | None:
        return self.job if job_id == self.job.id else None

    async def decisions(self, analysis_id: str) -> Decisions:
        return {}

    async def opened(self) -> dict[str, Any]:
        await self.slack.click("bob", "contracts", self.ts, EXPORT_ACTION, value=self.job.id)
        view: dict[str, Any] = await self.slack.wait_for(lambda: self.slack.core.views and self.slack.modal())
        return view

    async def exported(self, form: str) -> bytes:
        """The content of the file that comes into the thread."""
        view = await self.opened()
        chosen = {"selected_option": {"text": {"type": "plain_text", "text": "-"}, "value": form}}
        for _ in range(2):
            await self.slack.submit("bob", view, {FORM: chosen})
        await self.slack.wait_for(self.files)
        (file,) = self.files()
        return self.slack.core.files[file["id"]].upload.content

    def files(self) -> list[dict[str, Any]]:
        replies = self.slack.replies("contracts", self.share.ts)
        return [file for reply in replies for file in reply.get("files", [])]


@pytest.fixture
async def desk(slack: FakeSlack, clients: SlackClients) -> AsyncIterator[Desk]:
    share = await slack.share("contracts", "bob", files=[Upload(EXAMPLE.name, EXAMPLE.read_bytes())])
    answer = await clients.write.chat_postMessage(channel=share.channel, thread_ts=share.ts, text="result")
    desk = Desk(slack, share, answer["ts"])
    posts = Posts(clients, InMemoryPosts(), "one")
    files = files_of(slack, clients)
    access = FileAccess(files, Permissions(clients, team=TEAM, admin_users=frozenset()))
    exports = Exports(desk, desk, desk, Sources(files, None), access, PdfHighlighter(), posts)
    inbox = Inbox()
    identity = await slack_app.identify(clients)
    listeners = [ExportListener(exports, Modals(clients, ack_within_s=10.0))]
    app = slack_app.build_app(clients, slack.bot_token, identity, inbox, listeners)
    socket = slack_app.SocketMode(app, slack.app_token, clients, inbox)
    await socket.start()
    yield desk
    await socket.stop()


async def test_a_pdf_can_be_taken_along_with_its_quotations_highlighted_once(desk) -> None:
    content = await desk.exported("pdf")
    assert content.startswith(b"%PDF")
    assert content.count(b"/Highlight") == 1


async def test_a_report_goes_along_as_markdown_table_or_json(desk) -> None:
    assert b"# " in await desk.exported("md")


async def test_the_json_is_that_of_the_command_line(desk) -> None:
    assert json.loads(await desk.exported("json"))["schema"] == "smallprint.report/1"


async def test_highlights_are_offered_for_pdfs_only(desk) -> None:
    assert desk.kept is not None
    desk.kept = replace(desk.kept, document_kind=DocumentKind.DOCX)
    options = (await desk.opened())["blocks"][0]["element"]["options"]
    assert [option["value"] for option in options] == ["md", "csv", "json"]


async def test_a_file_that_changed_since_is_not_marked(desk) -> None:
    assert desk.kept is not None
    desk.kept = replace(desk.kept, document_sha256="0" * 64)
    view = await desk.opened()
    sent = await desk.slack.submit("bob", view)
    assert "has changed since" in str(sent.view)
    assert desk.files() == []


async def test_a_report_that_is_not_kept_any_more_says_so(desk) -> None:
    desk.kept = None
    answer = await desk.slack.click("bob", "contracts", desk.ts, EXPORT_ACTION, value=desk.job.id, answers=1)
    assert "keep this report" in str(answer.answers)


async def test_who_cannot_open_the_document_gets_the_report_but_not_its_pages(desk) -> None:
    """The result of a command can stand where the file was never shared."""
    elsewhere = await desk.slack.share("legal", "ann", files=[Upload(EXAMPLE.name, EXAMPLE.read_bytes())])
    desk.job = replace(desk.job, file_id=elsewhere.file_id, user=ANN)
    view = await desk.opened()
    chosen = {"selected_option": {"text": {"type": "plain_text", "text": "-"}, "value": "pdf"}}
    sent = await desk.slack.submit("bob", view, {FORM: chosen})
    assert NOT_TO_BE_OPENED in str(sent.view)
    assert desk.files() == []
    assert b"# " in await desk.exported("md")


async def test_who_is_in_the_other_conversation_may_bring_the_document_along(desk) -> None:
    elsewhere = await desk.slack.share("general", "ann", files=[Upload(EXAMPLE.name, EXAMPLE.read_bytes())])
    desk.job = replace(desk.job, file_id=elsewhere.file_id, user=ANN)
    assert (await desk.exported("pdf")).startswith(b"%PDF")


async def test_what_a_link_leads_to_is_for_who_gave_the_link(desk) -> None:
    desk.job = replace(desk.job, file_id="https://example.com/contract.pdf?token=1", user=ANN)
    view = await desk.opened()
    chosen = {"selected_option": {"text": {"type": "plain_text", "text": "-"}, "value": "pdf"}}
    sent = await desk.slack.submit("bob", view, {FORM: chosen})
    assert NOT_TO_BE_OPENED in str(sent.view)

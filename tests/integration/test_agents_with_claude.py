"""The agents, AIClient and the anthropic SDK together, against the loopback Claude."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from smallprint import errors
from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.grounding import DocumentQuotes
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.reader import DocumentReader
from smallprint.models.domain import Agent, Document, DocumentKind, Match, Passage, Prompt, ReadingReceipt
from smallprint.prompts.templates import PromptTemplates
from smallprint.services.ai_client import AIClient, capabilities_of, connect
from smallprint.services.pricing import Pricing
from tests.fakes.assignments import an_assignment
from tests.fakes.call_log import InMemoryCallLog
from tests.fakes.claude import FakeClaude, outcomes
from tests.fakes.claude.tokens import images_in
from tests.fakes.pictures import picture, scan

READING = an_assignment("a1", "claude-sonnet-5-5")
REVIEWING = an_assignment("a1", "claude-haiku-5-5")
TEXTS = (
    "Master Services Agreement",
    "The supplier's liability under this agreement is unlimited. This clause survives termination.",
    "Either party may terminate this agreement with ninety days' written notice.",
    "Invoices are due within thirty days of receipt, without any deduction.",
)


@pytest.fixture
def document() -> Document:
    passages, start = [], 0
    for number, text in enumerate(TEXTS, start=1):
        passages.append(Passage(number, text, start, start + len(text), page=number))
        start += len(text) + 2
    text = "\n\n".join(TEXTS)
    receipt = ReadingReceipt(pages=4, characters=len(text), passages=4)
    return Document("msa.pdf", DocumentKind.PDF, "0" * 64, text, tuple(passages), receipt)


@pytest.fixture
async def claude() -> AsyncIterator[FakeClaude]:
    async with FakeClaude() as running:
        yield running


@pytest.fixture
def calls() -> InMemoryCallLog:
    return InMemoryCallLog()


@pytest.fixture
async def model(claude: FakeClaude, calls: InMemoryCallLog) -> AsyncIterator[AIClient]:
    client = AIClient(connect("sk-ant-test", claude.url, max_retries=0), calls, Pricing())
    yield client
    await client.close()


def prompt(agent: Agent) -> Prompt:
    return PromptTemplates().latest(agent)


@pytest.fixture
def analyst(model: AIClient) -> DocumentAnalyst:
    return DocumentAnalyst(model)


async def test_the_analysts_findings_quote_the_document(document, analyst, claude, calls):
    analysis, run = await analyst.analyse(document, prompt(Agent.ANALYST), READING)
    index = QuoteIndex(document)
    matches = [index.locate(quotation).match for found in analysis.findings for quotation in found.quotations]
    assert matches == [Match.EXACT] * 3
    assert run.usage == claude.usage == calls.usage
    assert [bill.form for bill in claude.billed] == ["AnalystAnswer"]


async def test_the_reviewer_has_a_verdict_on_every_finding(document, analyst, model, claude):
    analysis, _ = await analyst.analyse(document, prompt(Agent.ANALYST), READING)
    reviewer = DocumentReviewer(model)
    review, run = await reviewer.review(document, analysis.findings, prompt(Agent.REVIEWER), REVIEWING)
    assert {verdict.finding_id for verdict in review.verdicts} == {"F1", "F2", "F3"}
    assert run.model == claude.billed[-1].model


async def test_an_enum_in_capitals_is_understood_without_a_repair(document, analyst, claude):
    claude.script(outcomes.wrong_enum_case())
    analysis, _ = await analyst.analyse(document, prompt(Agent.ANALYST), READING)
    assert len(analysis.findings) == 3
    assert len(claude.billed) == 1


async def test_garbage_is_repaired_once_and_both_calls_are_counted(document, analyst, claude, calls):
    claude.script(outcomes.garbage())
    analysis, run = await analyst.analyse(document, prompt(Agent.ANALYST), READING)
    assert len(analysis.findings) == 3
    assert [call.purpose for call in calls.calls] == ["main", "repair"]
    assert run.usage == claude.usage


async def test_garbage_twice_is_an_honest_error_and_trying_the_job_again_pays_nothing(
    document, analyst, claude
):
    claude.script(outcomes.garbage(), times=2)
    for _ in range(2):
        with pytest.raises(errors.InvalidAnswer):
            await analyst.analyse(document, prompt(Agent.ANALYST), READING)
    assert len(claude.billed) == 2


async def test_invented_quotations_are_not_found_in_the_document(document, analyst, claude):
    claude.script(outcomes.invented_quotations())
    analysis, _ = await analyst.analyse(document, prompt(Agent.ANALYST), READING)
    index = QuoteIndex(document)
    assert {
        index.locate(quotation).match for found in analysis.findings for quotation in found.quotations
    } == {Match.MISSING}


# --- scans -----------------------------------------------------------------------------------------------


@pytest.fixture
async def scanned() -> Document:
    mixed = scan(
        "The supplier's liability under this agreement is unlimited, and this clause survives.", None
    )
    return await DocumentReader().read("scan.pdf", mixed)


@pytest.mark.parametrize("version", [1, 2, 3, 4])
async def test_every_prompt_version_can_be_asked_about_a_scan(scanned, analyst, claude, version):
    analysis, _ = await analyst.analyse(scanned, PromptTemplates().get(Agent.ANALYST, version), READING)

    assert len(analysis.findings) == 3
    assert len(list(images_in(claude.received[0]["messages"]))) == 1


async def test_what_claude_reads_off_a_scanned_page_is_shown_as_unverified_and_the_rest_verified(
    scanned, analyst
):
    analysis, _ = await analyst.analyse(scanned, prompt(Agent.ANALYST), READING)
    quotes = DocumentQuotes(scanned)

    found = [quotes.locate(quotation) for each in analysis.findings for quotation in each.quotations]

    assert [each.match for each in found] == [Match.EXACT, Match.EXACT, Match.UNVERIFIED]
    assert [each.page for each in found] == [1, 1, 2]


async def test_the_reviewer_looks_at_the_same_pages(scanned, analyst, model, claude):
    analysis, _ = await analyst.analyse(scanned, prompt(Agent.ANALYST), READING)
    reviewer = DocumentReviewer(model)

    review, _ = await reviewer.review(scanned, analysis.findings, prompt(Agent.REVIEWER), REVIEWING)

    assert len(review.verdicts) == 3
    first, second = ([block["source"] for block in images_in(body["messages"])] for body in claude.received)
    assert first == second


@pytest.mark.parametrize("delivery", ["tool_result", "document_block", "text"])
async def test_twenty_scanned_pages_and_a_picture_file_go_through_whole(claude, calls, delivery):
    client = AIClient(
        connect("sk-ant-test", claude.url, max_retries=0),
        calls,
        Pricing(),
        capabilities=capabilities_of("claude", document_delivery=delivery),
    )
    analyst = DocumentAnalyst(client)
    for name, content in {"scan.pdf": scan(*[None] * 20), "photo.webp": picture("webp")}.items():
        document = await DocumentReader().read(name, content)
        analysis, _ = await analyst.analyse(
            document, prompt(Agent.ANALYST), replace(READING, analysis_id=name)
        )
        index = DocumentQuotes(document)
        assert {
            index.locate(quotation).match for each in analysis.findings for quotation in each.quotations
        } == {Match.UNVERIFIED}
    await client.close()

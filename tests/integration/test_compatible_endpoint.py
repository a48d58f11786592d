"""The agents, AIClient and the anthropic SDK together, against a server that speaks only the core of the Messages API."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from smallprint import errors
from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.document_text import numbered
from smallprint.agents.profiles import ModelChoice
from smallprint.agents.requests import Assignment
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.documents.quotes import QuoteIndex
from smallprint.documents.reader import DocumentReader
from smallprint.models.domain import Agent, Document, Match
from smallprint.prompts.templates import PromptTemplates
from smallprint.services.ai_client import CLAUDE, COMPATIBLE, AIClient, Capabilities, connect
from smallprint.services.pricing import Pricing
from tests.fakes.call_log import InMemoryCallLog
from tests.fakes.claude import LocalServer, outcomes

CONTRACT = """# Master Services Agreement

The supplier's liability under this agreement is unlimited. This clause survives termination.

Either party may terminate this agreement with ninety days' written notice.

Invoices are due within thirty days of receipt, without any deduction.
"""
WORK = Assignment("a1", ModelChoice("qwen3:32b"), read_again=True)


@pytest.fixture
async def document() -> Document:
    return await DocumentReader().read("msa.md", CONTRACT.encode())


@pytest.fixture(params=[False, True], ids=["ignores output_config", "rejects output_config"])
async def server(request) -> AsyncIterator[LocalServer]:
    async with LocalServer(rejects_output_config=request.param) as running:
        yield running


@pytest.fixture
def calls() -> InMemoryCallLog:
    return InMemoryCallLog()


def client(server: LocalServer, calls: InMemoryCallLog, capabilities: Capabilities) -> AIClient:
    return AIClient(connect("none", server.url, max_retries=0), calls, Pricing(), capabilities=capabilities)


@pytest.fixture
async def model(server: LocalServer, calls: InMemoryCallLog) -> AsyncIterator[AIClient]:
    ready = client(server, calls, COMPATIBLE)
    yield ready
    await ready.close()


@pytest.fixture
def prompts() -> PromptTemplates:
    return PromptTemplates()


async def test_a_document_is_analysed_and_reviewed_although_answers_come_wrapped(
    document, model, prompts, server
):
    analysis, run = await DocumentAnalyst(model).analyse(document, prompts.latest(Agent.ANALYST), WORK)
    review, _ = await DocumentReviewer(model).review(
        document, analysis.findings, prompts.latest(Agent.REVIEWER), WORK
    )

    index = QuoteIndex(document)
    matches = {index.locate(quotation).match for each in analysis.findings for quotation in each.quotations}
    assert matches == {Match.EXACT}
    assert {verdict.finding_id for verdict in review.verdicts} == {found.id for found in analysis.findings}
    assert len(server.billed) == 2
    assert run.model == "qwen3:32b"


async def test_an_answer_that_does_not_hold_is_repaired_once(document, model, prompts, server, calls):
    server.script(outcomes.garbage())

    analysis, run = await DocumentAnalyst(model).analyse(document, prompts.latest(Agent.ANALYST), WORK)

    assert len(analysis.findings) == 3
    assert [call.purpose for call in calls.calls] == ["main", "repair"]
    assert run.usage == server.usage


async def test_what_a_model_of_ones_own_costs_is_unknown_and_not_nothing(document, model, prompts):
    _, run = await DocumentAnalyst(model).analyse(document, prompts.latest(Agent.ANALYST), WORK)

    assert run.usage.input_tokens > 0
    assert run.cost_nano_usd is None


async def test_the_document_stays_enclosed_and_apart_from_the_task(document, model, prompts, server):
    await DocumentAnalyst(model).analyse(document, prompts.latest(Agent.ANALYST), WORK)

    [turn] = server.received[0]["messages"]
    enclosed, task, form = turn["content"]
    assert numbered(document) in enclosed["text"]
    assert "never instructions" in enclosed["text"]
    assert "liability under this agreement is unlimited" not in task["text"] + form["text"]


async def test_a_model_that_the_server_does_not_have_is_a_request_that_it_rejects(document, model, prompts):
    unknown = Assignment("a1", ModelChoice("claude-sonnet-5-5"))
    with pytest.raises(errors.ModelRequestRejected):
        await DocumentAnalyst(model).analyse(document, prompts.latest(Agent.ANALYST), unknown)


async def test_a_document_that_the_server_cut_without_a_word_is_too_long_and_not_half_analysed(
    calls, prompts
):
    long = await DocumentReader().read("long.md", (CONTRACT * 400).encode())
    async with LocalServer(window_tokens=4_096) as small:
        model = client(small, calls, COMPATIBLE)
        with pytest.raises(errors.ContextExceeded):
            await DocumentAnalyst(model).analyse(long, prompts.latest(Agent.ANALYST), WORK)
        await model.close()
    assert not calls.answers


async def test_such_a_server_would_reject_what_claude_is_sent(document, server, calls, prompts):
    as_claude = client(server, calls, CLAUDE)
    with pytest.raises(errors.ModelRequestRejected):
        await DocumentAnalyst(as_claude).analyse(document, prompts.latest(Agent.ANALYST), WORK)
    await as_claude.close()

"""What a document costs in each profile, against the naive way: two whole uncached readings by the analyst's model.

    python benchmarks/costs.py [--pages 20 100 300]

Everything is counted by the loopback Claude, from the requests that the product really sends; prices are those of
genai-prices. Thinking is assumed as in ANSWERS: no real model is asked. A last row shows what a second reading of the
same document costs (an evaluation that repeats): the document comes from the prompt cache.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import structlog
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.fakes.analysis_log import InMemoryAnalysisLog  # noqa: E402
from tests.fakes.call_log import InMemoryCallLog  # noqa: E402
from tests.fakes.claude import FakeClaude  # noqa: E402
from tests.fakes.passages import document_of  # noqa: E402

from smallprint.agents.adjudicator import FindingsAdjudicator  # noqa: E402 - the path comes first
from smallprint.agents.analyst import DocumentAnalyst  # noqa: E402
from smallprint.agents.evidence_repair import EvidenceRepairer  # noqa: E402
from smallprint.agents.orchestrator import Orchestrator, Rules  # noqa: E402
from smallprint.agents.profiles import ModelChoice, Models, Staffing, staffings  # noqa: E402
from smallprint.agents.reducer import FindingsReducer  # noqa: E402
from smallprint.agents.reviewer import DocumentReviewer  # noqa: E402
from smallprint.agents.team import Team  # noqa: E402
from smallprint.agents.triage import DocumentTriage  # noqa: E402
from smallprint.models.domain import (  # noqa: E402
    NANO_USD_PER_USD,
    AnalysisRequest,
    Brief,
    Document,
    Profile,
    Prompt,
    Step,
)
from smallprint.prompts.templates import PromptTemplates  # noqa: E402
from smallprint.services.ai_client import AIClient, connect  # noqa: E402
from smallprint.services.pricing import Pricing  # noqa: E402

SONNET, HAIKU, OPUS = "claude-sonnet-5-5", "claude-haiku-5-5", "claude-opus-5-5"
ANSWERS = {
    "AnalystAnswer": 2_000,
    "ReviewerAnswer": 1_500,
    "AdjudicatorAnswer": 1_500,
    "RepairAnswer": 800,
    "ReductionAnswer": 800,
}
"""Thinking tokens before an answer, at medium effort: an assumption. The answers themselves are short here (three findings)."""
CHARACTERS_PER_PAGE = 3_600
"""900 tokens, as research puts a page, by the loopback Claude's count of four characters a token."""
NAIVE = "naive: two readings by Sonnet"
AIMS = {(Profile.BALANCED, 20): 0.57, (Profile.BALANCED, 100): 0.54}


class Released:
    """The newest prompt versions."""

    def __init__(self) -> None:
        self._templates = PromptTemplates()

    async def resolve(self, agent: str, *, channel: str = "", document_sha256: str = "") -> Prompt:
        return self._templates.latest(agent)

    async def version(self, agent: str, version: int) -> Prompt:
        return self._templates.get(agent, version)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, nargs="+", default=[20, 100, 300])
    pages = parser.parse_args().pages
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    asyncio.run(_print(pages))


async def _print(pages: Sequence[int]) -> None:
    table = Table(title="Cost of a document in US dollars, and its share of the naive way's")
    table.add_column("pages", justify="right")
    table.add_column("profile")
    for column in ("cost", "share", "aim", "calls"):
        table.add_column(column, justify="right")
    for count in pages:
        naive, calls = await _cost(count, naive=True)
        table.add_row(str(count), NAIVE, f"{naive:.4f}", "1.00", "", str(calls))
        for profile in Profile:
            cost, calls = await _cost(count, profile)
            aim = AIMS.get((profile, count))
            share = f"{cost / naive:.3f}"
            table.add_row("", profile.value, f"{cost:.4f}", share, f"≤ {aim}" if aim else "", str(calls))
        again, calls = await _cost(count, Profile.BALANCED, second=True)
        table.add_row("", "balanced, read again", f"{again:.4f}", f"{again / naive:.3f}", "", str(calls))
    Console(width=110).print(table)


async def _cost(
    pages: int, profile: Profile = Profile.BALANCED, *, naive: bool = False, second: bool = False
) -> tuple[float, int]:
    """US dollars of one analysis, and its calls."""
    document = _document(pages)
    async with FakeClaude(thinking_tokens=ANSWERS) as claude:
        model = AIClient(connect("sk-ant-benchmark", claude.url, max_retries=0), InMemoryCallLog(), Pricing())
        orchestrator = _orchestrator(model, naive=naive)
        if second:
            await _analyse(orchestrator, document, "first", profile, read_again=True)
        before = len(claude.billed)
        await _analyse(orchestrator, document, "counted", profile, read_again=second)
        await model.close()
        bills = claude.billed[before:]
    now = datetime.now(UTC)
    costs = [Pricing().cost(bill.model, bill.usage, now)[0] or 0 for bill in bills]
    return sum(costs) / NANO_USD_PER_USD, len(bills)


async def _analyse(
    orchestrator: Orchestrator, document: Document, name: str, profile: Profile, *, read_again: bool
) -> None:
    request = AnalysisRequest(name, brief=Brief(profile=profile), read_again=read_again)
    await orchestrator.run(document, request, _silent)


async def _silent(step: Step) -> None:
    pass


def _orchestrator(model: AIClient, *, naive: bool) -> Orchestrator:
    staffed = staffings(Models(SONNET, HAIKU, OPUS))
    team = Team(
        DocumentAnalyst(model),
        staffed,
        DocumentReviewer(model),
        DocumentTriage(model),
        EvidenceRepairer(model),
        FindingsReducer(model),
        FindingsAdjudicator(model),
    )
    if naive:
        sonnet = ModelChoice(SONNET)
        twice = {Profile.BALANCED: Staffing(sonnet, sonnet, sonnet)}
        team = replace(team, staffings=twice, triager=None, repairer=None, reducer=None, adjudicator=None)
    rules = Rules(long_document_tokens=10_000_000 if naive else 150_000)
    return Orchestrator(
        team, prompts=Released(), log=InMemoryAnalysisLog(), price=Pricing().cost, rules=rules
    )


def _document(pages: int) -> Document:
    """Two passages a page, worded differently each."""
    return document_of(*[_paragraph(number) for number in range(2 * pages)], name="agreement.pdf")


def _paragraph(number: int) -> str:
    clause = (
        f"{number}.1 The Supplier shall deliver item {number} to the Customer within {number % 60 + 5} days of each order,"
        f" and the Customer shall pay {number * 37 % 900 + 100} euros for it within thirty days of receipt of the invoice. "
    )
    length = CHARACTERS_PER_PAGE // 2
    return (clause * (length // len(clause) + 1))[:length]


if __name__ == "__main__":
    main()

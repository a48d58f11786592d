"""The checks of Claude that need a key: what no fake can know, asked with your settings.

`python -m scripts.live_smoke [--yes]` reads the settings as the product does, says what it may cost at most, asks for
--yes, and prints each check with "held", "did not hold" or "not run" and its figures. The key is never printed.
Nothing is stored; the document is the sample in `examples/`.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any
from uuid import uuid4

import anthropic
from scripts.smoke_samples import FALSE_STATEMENTS, TRUE_STATEMENTS, a_finding, misread

from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.document_text import estimated_tokens, numbered
from smallprint.agents.grounding import DocumentQuotes
from smallprint.agents.profiles import ModelChoice
from smallprint.agents.requests import Assignment
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.bootstrap.model import open_client, open_model
from smallprint.config import Settings, load_settings
from smallprint.documents.reader import DocumentReader
from smallprint.errors import SmallprintError
from smallprint.logging import configure_logging
from smallprint.models.completion import Completion, CompletionRequest
from smallprint.models.domain import (
    NANO_USD_PER_USD,
    Agent,
    Document,
    ModelCall,
    Usage,
    Verdict,
)
from smallprint.prompts.templates import PromptTemplates
from smallprint.services.ai_client import AIClient, Capabilities, capabilities_of
from smallprint.services.ai_client.answer import text_of, usage_of
from smallprint.services.ai_client.faults import as_model_error
from smallprint.services.ai_client.wire import wire_request
from smallprint.services.pricing import Pricing

SAMPLE = Path(__file__).parents[1] / "examples" / "services-agreement.pdf"
SHORT_ANSWER_TOKENS = 2_000
SHORT_CALLS = 7
CAUGHT_SHARE = 0.9
GROUNDED_SHARE = 0.95
COMPILED_WITHIN_S = 30.0
ANALYST_WITHIN_S, REVIEWER_WITHIN_S = 40.0, 10.0

SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {"summary": {"type": "string"}},
    "required": ["summary"],
}


@dataclass(frozen=True, slots=True)
class Outcome:
    held: bool | None
    """None: not run."""
    figures: str

    def __str__(self) -> str:
        word = {True: "held", False: "did not hold", None: "not run"}[self.held]
        return f"{word} ({self.figures})"


@dataclass
class Ledger:
    """What was billed. It finds no paid answers, so that every check really asks."""

    calls: list[ModelCall] = field(default_factory=list)
    others_nano_usd: int = 0

    async def answer(self, key: str) -> Completion | None:
        return None

    async def begin(self, call: ModelCall) -> None:
        """Nothing is kept of a check that was killed."""

    async def record(self, call: ModelCall, key: str, answer: str | None) -> None:
        self.calls.append(call)

    def __str__(self) -> str:
        unknown = sum(call.cost_nano_usd is None for call in self.calls)
        known = sum(call.cost_nano_usd or 0 for call in self.calls) + self.others_nano_usd
        more = f", and {unknown} calls whose price is unknown" if unknown else ""
        return f"US$ {known / NANO_USD_PER_USD:.3f}{more}"


@dataclass
class Smoke:
    """The checks, in the order of the list that they come from."""

    settings: Settings
    capabilities: Capabilities
    client: Any
    model: AIClient
    ledger: Ledger
    document: Document
    prompts: PromptTemplates

    def checks(self) -> Sequence[tuple[str, Callable[[], Awaitable[Outcome]]]]:
        return (
            ("1 a document as the result of a tool, with an enforced schema", self.delivery),
            ("2 the same form reads the document from the cache, another does not", self.cache),
            ("3 instructions of the operator after the document", self.late_instructions),
            (f"4 the reviewer catches {CAUGHT_SHARE:.0%} of false findings", self.false_findings),
            (f"5 {GROUNDED_SHARE:.0%} of quotations are found in text with misreadings", self.misread_text),
            (f"6 a new schema is ready within {COMPILED_WITHIN_S:.0f} s", self.new_schema),
            ("7 analyst and reviewer are as fast as promised", self.speed),
        )

    async def delivery(self) -> Outcome:
        if self.capabilities.document_delivery != "tool_result" or not self.capabilities.native_schema:
            return Outcome(None, "this endpoint gets documents or schemas in another way")
        answer = await self.model.complete(self._request("delivery"))
        return Outcome(True, f"{answer.usage.input_tokens} tokens in, {answer.usage.output_tokens} out")

    async def cache(self) -> Outcome:
        if not self.capabilities.caching:
            return Outcome(None, "this endpoint keeps nothing")
        # a rule of its own for each run, or the second run within five minutes would find the first one's
        first = replace(
            self._request("cache 1", cache=True), system=f"You read documents. Run {uuid4().hex}."
        )
        wrote = (await self.model.complete(first)).usage
        again = (await self.model.complete(replace(first, purpose="cache 2", task="In one word?"))).usage
        other = {**SCHEMA, "title": "Another"}
        anew = (await self.model.complete(replace(first, purpose="cache 3", output_schema=other))).usage
        return Outcome(
            again.cache_read_tokens > 0 and anew.cache_read_tokens == 0,
            f"{wrote.cache_write_5m_tokens} tokens written, {again.cache_read_tokens} read in the same form,"
            f" {anew.cache_read_tokens} in another",
        )

    async def late_instructions(self) -> Outcome:
        if self.capabilities.document_delivery != "tool_result":
            return Outcome(None, "this endpoint gets documents in another way")
        body = wire_request(self._request("late"), self.capabilities)
        body["messages"].append({"role": "system", "content": "Answer in one short sentence."})
        message = await self.client.messages.create(**body)
        cost, _ = Pricing().cost(message.model, usage_of(message), datetime.now(UTC))
        self.ledger.others_nano_usd += cost or 0
        return Outcome(bool(text_of(message)), f"stop_reason {message.stop_reason}")

    async def false_findings(self) -> Outcome:
        planted = [a_finding(f"F{n}", *said) for n, said in enumerate(FALSE_STATEMENTS)]
        findings = planted + [a_finding(f"T{n}", *said) for n, said in enumerate(TRUE_STATEMENTS)]
        reviewer = DocumentReviewer(self.model, today=date.today)
        prompt = self.prompts.latest(Agent.REVIEWER)
        review, _ = await reviewer.review(
            self.document, findings, prompt, self._work("planted", reviewer=True)
        )
        rejected = {
            verdict.finding_id
            for verdict in review.verdicts
            if verdict.verdict in {Verdict.UNSUPPORTED, Verdict.OVERSTATED}
        }
        caught = sum(finding.id in rejected for finding in planted)
        wrongly = len(rejected) - caught
        return Outcome(
            caught >= CAUGHT_SHARE * len(planted),
            f"{caught} of {len(planted)} false findings caught, {wrongly} of {len(TRUE_STATEMENTS)} true ones rejected",
        )

    async def misread_text(self) -> Outcome:
        scan = await DocumentReader().read("scan.txt", misread(self.document.text).encode())
        analyst = DocumentAnalyst(self.model, today=date.today)
        analysis, _ = await analyst.analyse(scan, self.prompts.latest(Agent.ANALYST), self._work("misread"))
        quotes = DocumentQuotes(scan)
        found = [
            quotes.locate(quotation).match.grounded
            for finding in analysis.findings
            for quotation in finding.quotations
        ]
        share = sum(found) / len(found) if found else 0.0
        return Outcome(share >= GROUNDED_SHARE, f"{sum(found)} of {len(found)} quotations, {share:.0%}")

    async def new_schema(self) -> Outcome:
        if not self.capabilities.native_schema:
            return Outcome(None, "this endpoint enforces no schema")
        schema = {**SCHEMA, "title": f"Unseen{uuid4().hex}"}
        seconds = []
        for number in (1, 2):
            began = perf_counter()
            await self.model.complete(replace(self._request(f"schema {number}"), output_schema=schema))
            seconds.append(perf_counter() - began)
        return Outcome(
            seconds[0] <= COMPILED_WITHIN_S, f"first {seconds[0]:.1f} s, second {seconds[1]:.1f} s"
        )

    async def speed(self) -> Outcome:
        analyst = DocumentAnalyst(self.model, today=date.today)
        reviewer = DocumentReviewer(self.model, today=date.today)
        analysis, reading = await analyst.analyse(
            self.document, self.prompts.latest(Agent.ANALYST), self._work("speed")
        )
        _, review = await reviewer.review(
            self.document,
            analysis.findings,
            self.prompts.latest(Agent.REVIEWER),
            self._work("speed", reviewer=True),
        )
        return Outcome(
            reading.seconds <= ANALYST_WITHIN_S and review.seconds <= REVIEWER_WITHIN_S,
            f"analyst {reading.seconds:.1f} s of {ANALYST_WITHIN_S:.0f},"
            f" reviewer {review.seconds:.1f} s of {REVIEWER_WITHIN_S:.0f}",
        )

    def at_most(self) -> str:
        """Of all checks without retries: every answer as long as it may be, every agent's answer repaired."""
        tokens = estimated_tokens(self.document)
        analyst, reviewer = self.prompts.latest(Agent.ANALYST), self.prompts.latest(Agent.REVIEWER)
        analyst_model, reviewer_model = self.settings.default_model, self.settings.reviewer_model
        planned = [
            *[(analyst_model, Usage(tokens + 1_000, output_tokens=SHORT_ANSWER_TOKENS))] * SHORT_CALLS,
            *[(analyst_model, Usage(tokens + 20_000, output_tokens=analyst.max_tokens))] * 4,
            *[(reviewer_model, Usage(tokens + 20_000, output_tokens=reviewer.max_tokens))] * 4,
        ]
        costs = [Pricing().cost(model, usage, datetime.now(UTC))[0] for model, usage in planned]
        if None in costs:
            return "a sum that is not known: a model is not in the price table"
        return f"US$ {sum(cost or 0 for cost in costs) / NANO_USD_PER_USD:.2f}"

    def _request(self, purpose: str, *, cache: bool = False) -> CompletionRequest:
        return CompletionRequest(
            analysis_id=uuid4().hex,
            agent="live_smoke",
            purpose=purpose,
            model=self.settings.default_model,
            effort="low",
            max_tokens=SHORT_ANSWER_TOKENS,
            system="You read documents.",
            task="Say in one sentence what this document is.",
            document_name=self.document.name,
            document_text=numbered(self.document),
            output_schema=SCHEMA,
            cache=cache,
        )

    def _work(self, purpose: str, *, reviewer: bool = False) -> Assignment:
        model = self.settings.reviewer_model if reviewer else self.settings.default_model
        return Assignment(f"live-smoke-{purpose}", ModelChoice(model))


async def run(settings: Settings, *, agreed: bool) -> int:
    """0 when everything that ran held, 1 when something did not, 2 when nothing was asked."""
    ledger = Ledger()
    capabilities = capabilities_of(
        settings.endpoint, document_delivery=settings.document_delivery, sees=settings.model_sees_pictures
    )
    async with AsyncExitStack() as stack:
        model, client = open_model(settings, ledger), open_client(settings)
        stack.push_async_callback(model.close)
        stack.push_async_callback(client.close)
        document = await DocumentReader().read(SAMPLE.name, await asyncio.to_thread(SAMPLE.read_bytes))
        smoke = Smoke(settings, capabilities, client, model, ledger, document, PromptTemplates())
        print(
            f"This asks {settings.default_model} and {settings.reviewer_model}; it costs at most {smoke.at_most()}."
        )
        if not agreed:
            print("Nothing was asked. Run it again with --yes.")
            return 2
        held = [await _reported(name, check) for name, check in smoke.checks()]
    print(f"8 embeddings by Voyage: {Outcome(None, 'Smallprint uses none')}")
    print(f"Billed: {ledger}.")
    return int(False in held)


async def _reported(name: str, check: Callable[[], Awaitable[Outcome]]) -> bool | None:
    try:
        outcome = await check()
    except (SmallprintError, anthropic.AnthropicError) as error:
        code = error.code if isinstance(error, SmallprintError) else as_model_error(error).code
        outcome = Outcome(False, code)
    print(f"{name}: {outcome}", flush=True)
    return outcome.held


def main() -> int:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--yes", action="store_true", help="spend it")
    chosen = options.parse_args()
    configure_logging("ERROR")
    return asyncio.run(run(load_settings(), agreed=chosen.yes))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SmallprintError as error:
        sys.exit(f"live_smoke: {error.user_message}")

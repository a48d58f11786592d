"""What is left of an analysis that somebody stopped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.fallback import ModelWithFallbacks
from smallprint.agents.orchestrator import Orchestrator, Rules
from smallprint.agents.parts import parts_of
from smallprint.agents.profiles import Models, staffings
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.agents.stopped import PaidAnswersOnly
from smallprint.agents.team import Team
from smallprint.errors import Stopped
from smallprint.models.completion import Completion
from smallprint.models.domain import AnalysisRequest, Document, Expected, Report, Step, Usage
from smallprint.services.pricing import Pricing
from tests.fakes.analysis_log import InMemoryAnalysisLog
from tests.fakes.answers import a_finding, an_analysis
from tests.fakes.call_log import InMemoryCallLog
from tests.fakes.passages import document_of
from tests.fakes.prompts import PromptShelf

LIABILITY = "The supplier's liability is unlimited."
DOCUMENT = document_of("Services agreement.", LIABILITY)
ASKED = AnalysisRequest("an1", user="U1", stopped_by="U9")


class Remains:
    """An orchestrator that asks nobody, over the answers that a test says were paid for."""

    def __init__(self, rules: Rules | None = None) -> None:
        self.paid = InMemoryCallLog()
        self.log = InMemoryAnalysisLog()
        model = ModelWithFallbacks(PaidAnswersOnly(self.paid, sees=True), ())
        self.orchestrator = Orchestrator(
            Team(
                DocumentAnalyst(model),
                staffings(Models("dear", "cheap", "dearest")),
                reviewer=DocumentReviewer(model),
            ),
            prompts=PromptShelf(),
            log=self.log,
            price=Pricing().cost,
            rules=rules,
        )

    def pay(self, text: str, purpose: str = "main") -> None:
        key = f"an1/document_analysis/{purpose}"
        self.paid.answers[key] = Completion(text, "dear", Usage(100, output_tokens=10), 4_000_000, 1.0)

    async def report(self, document: Document = DOCUMENT, request: AnalysisRequest = ASKED) -> Report:
        async def quiet(step: Step) -> None:
            pass

        return await self.orchestrator.run(document, request, quiet, last_try=True)


async def test_the_analyst_s_paid_answer_is_a_report_without_review() -> None:
    remains = Remains()
    remains.pay(an_analysis(a_finding(LIABILITY, passage=2)))
    report = await remains.report()
    assert [each.evidence[0].text for each in report.findings] == [LIABILITY]
    assert (report.reviewed, report.stopped_by, report.cost_nano_usd) == (False, "U9", 4_000_000)
    assert report.review_note == (
        "These findings weren't double-checked because somebody stopped the analysis before the review."
    )
    assert await remains.log.report("an1") == report


async def test_without_the_analyst_s_answer_there_is_no_report() -> None:
    remains = Remains()
    with pytest.raises(Stopped):
        await remains.report()
    assert remains.log.failures == {"an1": Stopped.code}


async def test_what_was_stopped_is_not_shown_to_the_next_who_asks() -> None:
    remains = Remains()
    remains.pay(an_analysis(a_finding(LIABILITY, passage=2)))
    await remains.report()
    with pytest.raises(Stopped):
        await remains.report(request=replace(ASKED, analysis_id="an2"))


async def test_of_a_long_document_the_parts_that_were_read_are_reported_and_the_others_named() -> None:
    remains = Remains(Rules(long_document_tokens=50_000))
    long = document_of(*(f"Clause {number}: {LIABILITY} {'lorem ipsum ' * 400}" for number in range(90)))
    with pytest.raises(Stopped):
        await remains.report(long)
    parts = len(parts_of(long, long_from=50_000))
    remains.pay(an_analysis(a_finding(LIABILITY)), f"part 1 of {parts}")
    report = await remains.report(long)
    assert report.parts == parts > 1
    assert len(report.findings) == 1
    assert report.looked_for_not_found == ()
    assert f"when 1 of the document's {parts} parts had been read" in report.notes[0]


async def test_whoever_waits_is_told_what_it_will_take_before_it_begins() -> None:
    remains = Remains()
    steps: list[Step] = []
    told: list[Expected] = []
    remains.pay(an_analysis())

    async def step(step: Step) -> None:
        steps.append(step)

    async def expecting(expected: Expected) -> None:
        assert not steps
        told.append(expected)

    await remains.orchestrator.run(DOCUMENT, ASKED, step, expecting=expecting)
    assert told == [Expected(1, None)]  # "dear" has no price
    assert steps[0] is Step.ANALYSING

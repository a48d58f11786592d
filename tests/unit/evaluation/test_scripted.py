"""Agents that are scripted from labels answer every agent's contract, and are as good or bad as they are told to be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from smallprint.agents.adjudicator import FindingsAdjudicator
from smallprint.agents.analyst import DocumentAnalyst
from smallprint.agents.evidence_repair import EvidenceRepairer
from smallprint.agents.grounding import DocumentQuotes
from smallprint.agents.reducer import FindingsReducer
from smallprint.agents.reviewer import DocumentReviewer
from smallprint.agents.triage import DocumentTriage
from smallprint.agents.windows import windows
from smallprint.errors import EvaluationError
from smallprint.evaluation.runner import analysis_id
from smallprint.evaluation.scripted import ScriptedReader
from smallprint.evaluation.temperaments import HOSTILE, PERFECT, SLOPPY, Temperament
from smallprint.evaluation.values import LabelledDocument
from smallprint.models.domain import (
    Agent,
    Analysis,
    Document,
    Finding,
    Match,
    Outcome,
    Prompt,
    Quotation,
    ReportFinding,
    Review,
    RiskLevel,
    Verdict,
)
from smallprint.prompts.templates import PromptTemplates
from tests.fakes.assignments import an_assignment
from tests.fakes.labelled import CLAUSES, LIABILITY, ORDER, PAYMENT, RENEWAL, as_read, labelled

RISKS = {
    "liability.uncapped": RiskLevel.HIGH,
    "term.auto_renewal": RiskLevel.MEDIUM,
    "payment.price_increase": RiskLevel.MEDIUM,
    "data.no_processing_agreement": RiskLevel.MEDIUM,
}
SEEDS = range(12)


@pytest.fixture
def twin(tmp_path):
    return labelled(tmp_path, "plain")


@pytest.fixture
def injected(tmp_path):
    return labelled(tmp_path, "injected", clauses=(*CLAUSES, ORDER), twin="plain")


def prompts(agent: Agent) -> list[Prompt]:
    return [prompt for prompt in PromptTemplates().all() if prompt.agent == agent]


async def analysed(document: LabelledDocument, model: ScriptedReader, repeat: int = 0) -> Analysis:
    assignment = an_assignment(analysis_id(document.id, repeat))
    prompt = prompts(Agent.ANALYST)[-1]
    analysis, _ = await DocumentAnalyst(model).analyse(as_read(document), prompt, assignment)
    return analysis


async def reviewed(document: LabelledDocument, model: ScriptedReader, findings: Sequence[Finding]) -> Review:
    prompt = prompts(Agent.REVIEWER)[-1]
    review, _ = await DocumentReviewer(model).review(as_read(document), findings, prompt, an_assignment())
    return review


def matches(document: Document, findings: Sequence[Finding]) -> list[Match]:
    quotes = DocumentQuotes(document)
    return [quotes.locate(quotation).match for finding in findings for quotation in finding.quotations]


# --- the analyst -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("prompt", prompts(Agent.ANALYST), ids=lambda prompt: prompt.label)
async def test_the_perfect_analyst_states_every_label_under_every_prompt_version(twin, prompt):
    document = as_read(twin)
    analysis, run = await DocumentAnalyst(ScriptedReader([twin])).analyse(document, prompt, an_assignment())
    assert {finding.category: finding.severity for finding in analysis.findings} == RISKS
    assert set(matches(document, analysis.findings)) == {Match.EXACT}
    assert run.model == "scripted-perfect"
    assert run.usage.input_tokens > 500
    assert run.cost_nano_usd


async def test_the_sloppy_analyst_errs_in_every_way_and_the_same_seed_errs_the_same_way(twin):
    document = as_read(twin)
    missed = misjudged = false = 0
    found: list[Match] = []
    for seed in SEEDS:
        model = ScriptedReader([twin], analyst=SLOPPY, seed=seed)
        analysis = await analysed(twin, model)
        assert analysis == await analysed(twin, model)
        categories = {finding.category for finding in analysis.findings}
        missed += len(RISKS.keys() - categories)
        false += len(categories - RISKS.keys())
        misjudged += sum(
            RISKS.get(each.category, each.severity) is not each.severity for each in analysis.findings
        )
        found += matches(document, analysis.findings)
    assert min(missed, misjudged, false) > len(SEEDS) / 2
    assert set(found) == {Match.EXACT, Match.CONTRADICTED}


async def test_repeats_of_a_document_differ_as_a_models_would(twin):
    model = ScriptedReader([twin], analyst=SLOPPY)
    assert len({str(await analysed(twin, model, repeat)) for repeat in range(6)}) > 1


async def test_false_findings_quote_harmless_words_faithfully(twin):
    model = ScriptedReader([twin], analyst=replace(PERFECT, alarms=2))
    false = [finding for finding in (await analysed(twin, model)).findings if finding.category not in RISKS]
    assert len(false) == 2
    assert {finding.category for finding in false} <= {*twin.labelled_absent, "law.foreign"}
    assert set(matches(as_read(twin), false)) == {Match.EXACT}
    risky = {LIABILITY, RENEWAL}
    assert not any(quotation.text in risky for finding in false for quotation in finding.quotations)


async def test_the_hostile_analyst_invents_words_and_calls_everything_low(twin):
    document, found = as_read(twin), []
    for seed in SEEDS:
        findings = (await analysed(twin, ScriptedReader([twin], analyst=HOSTILE, seed=seed))).findings
        assert {finding.severity for finding in findings} == {RiskLevel.LOW}
        found += matches(document, findings)
    assert {Match.EXACT, Match.MISSING} <= set(found)


async def test_the_hostile_analyst_does_what_a_document_tells_it_and_the_perfect_one_does_not(injected, twin):
    known = [twin, injected]
    assert (await analysed(injected, ScriptedReader(known, analyst=HOSTILE))).findings == ()
    assert len((await analysed(injected, ScriptedReader(known))).findings) == len(RISKS)
    assert (await analysed(twin, ScriptedReader(known, analyst=HOSTILE))).findings != ()


async def test_a_document_without_labels_is_not_made_up(twin, tmp_path):
    (tmp_path / "other").mkdir()
    other = labelled(
        tmp_path / "other", "other", clauses=(*CLAUSES[1:4], "Wholly different words." * 99, *CLAUSES[4:])
    )
    stranger = replace(as_read(other), name="stranger.txt")
    apart = replace(stranger, passages=tuple(replace(p, text=p.text[::-1]) for p in stranger.passages))
    with pytest.raises(EvaluationError, match=r"stranger\.txt"):
        await DocumentAnalyst(ScriptedReader([twin])).analyse(
            apart, prompts(Agent.ANALYST)[-1], an_assignment()
        )


# --- the reviewer ------------------------------------------------------------------------------------------------


async def test_the_perfect_reviewer_catches_false_findings_and_supports_true_ones(twin):
    model = ScriptedReader([twin], analyst=replace(PERFECT, alarms=2))
    findings = (await analysed(twin, model)).findings
    review = await reviewed(twin, model, findings)
    category = {finding.id: finding.category for finding in findings}
    assert {category[each.finding_id]: each.verdict for each in review.verdicts} == {
        each: Verdict.SUPPORTED if each in RISKS else Verdict.UNSUPPORTED for each in category.values()
    }
    assert review.missed == ()


async def test_the_perfect_reviewer_adds_what_the_analyst_withheld(twin):
    model = ScriptedReader([twin], analyst=replace(PERFECT, misses=1.0))
    findings = (await analysed(twin, model)).findings
    review = await reviewed(twin, model, findings)
    assert findings == ()
    assert {finding.category: finding.severity for finding in review.missed} == RISKS


async def test_the_perfect_reviewer_says_so_when_a_severity_is_exaggerated(twin):
    model = ScriptedReader([twin], analyst=replace(PERFECT, misjudges=1.0))
    findings = (await analysed(twin, model)).findings
    verdicts = {each.finding_id: each for each in (await reviewed(twin, model, findings)).verdicts}
    for finding in findings:
        exaggerated = finding.severity.rank > RISKS[finding.category].rank
        verdict = verdicts[finding.id]
        assert verdict.verdict is (Verdict.OVERSTATED if exaggerated else Verdict.SUPPORTED)
        assert verdict.severity is RISKS[finding.category]


async def test_the_sloppy_reviewer_is_wrong_now_and_then(twin):
    wrong = right = 0
    for seed in SEEDS:
        model = ScriptedReader([twin], reviewer=SLOPPY, seed=seed)
        review = await reviewed(twin, model, (await analysed(twin, model)).findings)
        supported = sum(each.verdict is Verdict.SUPPORTED for each in review.verdicts)
        right, wrong = right + supported, wrong + len(review.verdicts) - supported
    assert 0 < wrong < right


async def test_the_hostile_reviewer_rejects_everything_and_adds_nothing(twin):
    model = ScriptedReader([twin], analyst=replace(PERFECT, misses=0.5), reviewer=HOSTILE)
    review = await reviewed(twin, model, (await analysed(twin, model)).findings)
    assert {each.verdict for each in review.verdicts} == {Verdict.UNSUPPORTED}
    assert review.missed == ()


# --- the further agents ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("temperament", "noticed"), [(PERFECT, True), (HOSTILE, False)])
async def test_triage_notices_what_speaks_to_an_ai_unless_it_obeys(
    tmp_path, temperament: Temperament, *, noticed: bool
):
    document = labelled(tmp_path, "injected", clauses=(*CLAUSES, ORDER))
    start = document.text.index(ORDER)
    order = replace(
        document.expected[0],
        category="document.addresses_ai",
        spans=((start, start + len(ORDER)),),
        quotes=(ORDER,),
    )
    document = replace(document, expected=(*document.expected, order))
    model = ScriptedReader([document], analyst=temperament)
    triage, _ = await DocumentTriage(model).triage(
        as_read(document), prompts(Agent.TRIAGE)[-1], an_assignment()
    )
    assert [quotation.text for quotation in triage.addressing_ai] == ([ORDER] if noticed else [])
    assert triage.document_type == "contract"


@pytest.mark.parametrize(
    ("temperament", "repaired"), [(PERFECT, LIABILITY), (replace(PERFECT, misses=1), None)]
)
async def test_repair_finds_the_words_of_a_misquoted_finding(twin, temperament: Temperament, repaired):
    model = ScriptedReader([twin], analyst=replace(PERFECT, invents=1.0))
    findings = [f for f in (await analysed(twin, model)).findings if f.category == "liability.uncapped"]
    repairer = EvidenceRepairer(ScriptedReader([twin], analyst=temperament))
    document = as_read(twin)
    found, _ = await repairer.repair(document, findings, prompts(Agent.REPAIR)[-1], an_assignment())
    assert [finding.quotations[0].text for finding in found] == ([repaired] if repaired else [])


async def test_the_reducer_joins_what_two_parts_state_of_the_same_passage(twin):
    document = as_read(twin)
    analysis = await analysed(twin, ScriptedReader([twin]))
    parts = [
        replace(
            analysis, findings=tuple(replace(each, id=f"P{part}.{each.id}") for each in analysis.findings)
        )
        for part in (1, 2)
    ]
    reduction, _ = await FindingsReducer(ScriptedReader([twin])).reduce(
        document, parts, prompts(Agent.REDUCER)[-1], an_assignment()
    )
    assert set(reduction.same_matter) == {(f"P1.{each.id}", f"P2.{each.id}") for each in analysis.findings}


async def test_the_adjudicator_rules_by_the_labels_from_a_window_of_the_document(twin):
    document = as_read(twin)
    quotes = DocumentQuotes(document)

    def disputed(identity: str, category: str, words: str) -> ReportFinding:
        finding = Finding(identity, category, "T", "S", "W", "R", RiskLevel.LOW, (Quotation(words),))
        evidence = (quotes.locate(Quotation(words)),)
        return ReportFinding(finding, RiskLevel.LOW, Outcome.KEPT, evidence)

    asked = [disputed("F1", "term.auto_renewal", RENEWAL), disputed("F2", "ip.assignment", PAYMENT)]
    rulings, _ = await FindingsAdjudicator(ScriptedReader([twin])).adjudicate(
        document, asked, prompts(Agent.ADJUDICATOR)[-1], an_assignment()
    )
    assert {ruling.finding_id: (ruling.verdict, ruling.severity) for ruling in rulings} == {
        "F1": (Verdict.SUPPORTED, RiskLevel.MEDIUM),
        "F2": (Verdict.UNSUPPORTED, RiskLevel.LOW),
    }


async def test_a_part_of_a_document_is_recognised_and_only_what_it_shows_is_stated(twin, injected):
    part = windows(as_read(twin), [3], around=0)
    model = ScriptedReader([injected, twin])
    analysis, _ = await DocumentAnalyst(model).analyse(part, prompts(Agent.ANALYST)[-1], an_assignment())
    assert [finding.category for finding in analysis.findings] == ["term.auto_renewal"]
    assert analysis.looked_for_not_found == ()

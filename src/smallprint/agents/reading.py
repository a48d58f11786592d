"""What analyst and reviewer make of a document, whether it is read in one go or in parts.

Parts are read a few at a time. Ids get their part in front ("P2.F1"), verdicts and missed findings come back to one
review. A single reducer call over the findings alone joins what several parts state; without it (or when it fails)
code does the same more coarsely, so no document depends on that call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import structlog

from smallprint.agents.merge import Located, with_documents_words
from smallprint.agents.parts import part_of
from smallprint.agents.requests import Assignment
from smallprint.agents.team import Reducer, Reviewer, Team
from smallprint.errors import ModelError, PromptError, Stopped
from smallprint.models.domain import (
    AgentRun,
    Analysis,
    Document,
    DocumentType,
    Finding,
    KeyFact,
    Prompt,
    Reduction,
    Review,
)

log = structlog.get_logger()

AT_ONCE = 3
"""Parts that are read at the same time: quick, and gentle on rate limits."""
PART = "part {number} of {count}"
JOINED_SUMMARY = "This document was read in {count} parts. {first}"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Reading:
    """The analyst's part, before anything is verified."""

    analysis: Analysis
    runs: tuple[AgentRun, ...]
    same_matter: tuple[tuple[str, ...], ...] = ()
    unread: int = 0
    """Parts that nobody had read when somebody stopped the analysis."""


async def read(
    team: Team, parts: Sequence[Document], prompts: Prompts, assignment: Assignment, reducing: Assignment
) -> Reading:
    """The analysis of the whole; of what was stopped, of the parts that were read by then. Raises what the analyst raises."""
    if len(parts) == 1:
        analysis, run = await team.analyst.analyse(parts[0], prompts.analyst, assignment)
        return Reading(analysis, (run,))

    async def one(place: int) -> tuple[Analysis, AgentRun] | None:
        part = replace(assignment, purpose=_purpose(place, len(parts)))
        try:
            analysis, run = await team.analyst.analyse(parts[place], prompts.analyst, part)
        except Stopped:
            return None
        return _marked(analysis, place), run

    answers = [answer for answer in await _few_at_once(one, len(parts)) if answer]
    if not answers:
        raise Stopped
    unread = len(parts) - len(answers)
    analyses = [analysis for analysis, _ in answers]
    reduction, reduced = await _reduce(team.reducer, parts[0], analyses, prompts.reducer, reducing)
    runs = (*together(run for _, run in answers), *reduced)
    whole = _one_of(analyses, reduction)
    if unread:  # what wasn't found may stand in a part that nobody read
        whole = replace(whole, looked_for_not_found=())
    return Reading(whole, runs, reduction.same_matter, unread)


async def review(
    reviewer: Reviewer,
    parts: Sequence[Document],
    standing: Sequence[Located],
    prompt: Prompt,
    assignment: Assignment,
) -> tuple[Review, AgentRun]:
    """The review of the whole, each part with the findings that stand in it. Raises what the reviewer raises."""
    if len(parts) == 1:
        findings = [with_documents_words(each) for each in standing]
        return await reviewer.review(parts[0], findings, prompt, assignment)

    async def one(place: int) -> tuple[Review, AgentRun]:
        own = [with_documents_words(each) for each in standing if _part_of(each, parts) == place]
        part = replace(assignment, purpose=_purpose(place, len(parts)))
        answer, run = await reviewer.review(parts[place], own, prompt, part)
        return replace(answer, missed=_in_part(answer.missed, place)), run

    answers = await _few_at_once(one, len(parts))
    whole = Review(
        verdicts=tuple(verdict for answer, _ in answers for verdict in answer.verdicts),
        missed=tuple(missed for answer, _ in answers for missed in answer.missed),
    )
    return whole, together(run for _, run in answers)[0]


@dataclass(frozen=True, slots=True)
class Prompts:
    """The versions that reading needs."""

    analyst: Prompt | None
    reducer: Prompt | None


def together(runs: Iterable[AgentRun]) -> tuple[AgentRun, ...]:
    """One run per agent: tokens, cost and seconds added up."""
    sums: dict[str, AgentRun] = {}
    for run in runs:
        sums[run.agent] = _added(sums[run.agent], run) if run.agent in sums else run
    return tuple(sums.values())


def _added(one: AgentRun, other: AgentRun) -> AgentRun:
    known = one.cost_nano_usd is not None and other.cost_nano_usd is not None
    return replace(
        one,
        usage=one.usage + other.usage,
        cost_nano_usd=(one.cost_nano_usd or 0) + (other.cost_nano_usd or 0) if known else None,
        seconds=one.seconds + other.seconds,
        instead_of=one.instead_of or other.instead_of,
    )


async def _few_at_once(work: Callable[[int], Awaitable[T]], count: int) -> list[T]:
    """All results in order; the first failure stops the rest. What was answered is kept and not paid for again."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def in_turn(place: int) -> T:
        async with turns:
            return await work(place)

    tasks = [asyncio.ensure_future(in_turn(place)) for place in range(count)]
    try:
        return list(await asyncio.gather(*tasks))
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _reduce(
    reducer: Reducer | None,
    document: Document,
    analyses: Sequence[Analysis],
    prompt: Prompt | None,
    assignment: Assignment,
) -> tuple[Reduction, tuple[AgentRun, ...]]:
    if reducer is not None and prompt is not None:
        try:
            reduction, run = await reducer.reduce(document, analyses, prompt, assignment)
        except (ModelError, PromptError) as error:
            log.warning("parts not reduced", analysis=assignment.analysis_id, code=error.code)
        else:
            return reduction, (run,)
    return _joined_by_code(analyses), ()


def _joined_by_code(analyses: Sequence[Analysis]) -> Reduction:
    """What every part missed is missing from the whole; the first part says what the document is."""
    missing = [{phrase.casefold() for phrase in analysis.looked_for_not_found} for analysis in analyses]
    everywhere = set.intersection(*missing)
    first = analyses[0]
    return Reduction(
        same_matter=(),
        looked_for_not_found=tuple(p for p in first.looked_for_not_found if p.casefold() in everywhere),
        document_type=first.document_type,
        summary=JOINED_SUMMARY.format(count=len(analyses), first=first.summary),
    )


def _one_of(analyses: Sequence[Analysis], reduction: Reduction) -> Analysis:
    first = analyses[0]
    return Analysis(
        summary=reduction.summary,
        findings=tuple(finding for analysis in analyses for finding in analysis.findings),
        looked_for_not_found=reduction.looked_for_not_found,
        document_type=first.document_type
        if reduction.document_type is DocumentType.OTHER
        else reduction.document_type,
        language=first.language,
        side=first.side,
        facts=_distinct_facts(fact for analysis in analyses for fact in analysis.facts),
    )


def _distinct_facts(facts: Iterable[KeyFact]) -> tuple[KeyFact, ...]:
    kept: dict[tuple[str, str], KeyFact] = {}
    for fact in facts:
        kept.setdefault((fact.kind, " ".join(fact.value.casefold().split())), fact)
    return tuple(kept.values())


def _marked(analysis: Analysis, place: int) -> Analysis:
    return replace(analysis, findings=_in_part(analysis.findings, place))


def _in_part(findings: Iterable[Finding], place: int) -> tuple[Finding, ...]:
    return tuple(replace(finding, id=f"P{place + 1}.{finding.id}") for finding in findings)


def _part_of(located: Located, parts: Sequence[Document]) -> int:
    """The part whose analyst stated it: its first quotation may stand in an overlap."""
    part, dot, _ = located.finding.id.partition(".")
    if dot and part[1:].isdecimal() and int(part[1:]) <= len(parts):
        return int(part[1:]) - 1
    return part_of(parts, located.evidence[0].passage if located.evidence else None)


def _purpose(place: int, count: int) -> str:
    return PART.format(number=place + 1, count=count)

"""From an examination to the report on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import structlog

from smallprint.agents.examination import Examined, Task
from smallprint.agents.reading import together
from smallprint.models.domain import AgentRun, Profile, Prompt, Report

log = structlog.get_logger()

STOOD_IN = "{model} did the {agent}'s part, because {instead_of} could not: it declined, was overloaded, or the document was too long for it."
STOPPED = "Somebody stopped the analysis, so this is what had been found by then."
STOPPED_READING = "Somebody stopped the analysis when {read} of the document's {parts} parts had been read: it says nothing about the others."
COST_MORE = "What an AI was writing at that moment may have cost a little more than is shown here."
ROLES = {"document_analysis": "analyst", "findings_review": "reviewer"}


def conclude(
    task: Task, examined: Examined, *, offline: bool, profile: Profile | None, seconds: float
) -> Report:
    """The report of an examination that took so long; its log line holds counts only."""
    report = _report(task, examined, offline=offline, profile=profile, seconds=seconds)
    _log_made(report)
    return report


def _report(
    task: Task, examined: Examined, *, offline: bool, profile: Profile | None, seconds: float
) -> Report:
    document, analysis, merged = task.document, examined.analysis, examined.merged
    runs = tuple(_with_arm(run, task.prompts.get(run.agent)) for run in together(examined.runs))
    return Report(
        analysis_id=task.request.analysis_id,
        document_name=document.name,
        document_kind=document.kind,
        document_sha256=document.sha256,
        receipt=document.receipt,
        summary=analysis.summary,
        risk_level=merged.level,
        findings=merged.kept,
        rejected=merged.rejected,
        ungrounded=examined.ungrounded,
        looked_for_not_found=analysis.looked_for_not_found,
        agents=runs,
        reviewed=examined.reviewed,
        review_note=examined.review_note,
        offline=offline,
        seconds=seconds,
        created_at=datetime.now(UTC),
        profile=profile,
        document_type=analysis.document_type,
        language=analysis.language,
        side=analysis.side,
        facts=examined.facts,
        repaired=examined.repaired,
        parts=len(task.parts),
        notes=(*_stopped(task, examined), *_notes(runs)),
        stopped_by=task.request.stopped_by,
    )


def _with_arm(run: AgentRun, prompt: Prompt | None) -> AgentRun:
    """Why it worked with that version; the offline rules have none."""
    return run if prompt is None else replace(run, prompt_arm=prompt.arm)


def _stopped(task: Task, examined: Examined) -> tuple[str, ...]:
    if not task.request.stopped_by:
        return ()
    parts, unread = len(task.parts), examined.unread
    what = STOPPED_READING.format(read=parts - unread, parts=parts) if unread else STOPPED
    return (what, COST_MORE)


def _notes(runs: Sequence[AgentRun]) -> tuple[str, ...]:
    """One sentence for each agent whose model had to be replaced."""
    return tuple(
        STOOD_IN.format(model=run.model, agent=ROLES.get(run.agent, run.agent), instead_of=run.instead_of)
        for run in runs
        if run.instead_of
    )


def _log_made(report: Report) -> None:
    log.info(
        "report made",
        analysis=report.analysis_id,
        seconds=round(report.seconds, 3),
        level=report.risk_level.value,
        profile=report.profile.value if report.profile else "offline",
        parts=report.parts,
        findings=len(report.findings),
        rejected=len(report.rejected),
        ungrounded=report.ungrounded,
        repaired=report.repaired,
        reviewed=report.reviewed,
    )

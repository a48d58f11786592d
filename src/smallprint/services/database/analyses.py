"""Analyses and their findings: begun once, finished once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from smallprint import __version__
from smallprint.errors import DatabaseError
from smallprint.models.database import analyses, findings, jobs
from smallprint.models.domain import (
    AnalysisRequest,
    Document,
    Evidence,
    HeldVersion,
    Match,
    Prompt,
    Report,
    ReportFinding,
)
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.prompt_outcomes import keep_failure, keep_outcomes

UNREADABLE_REPORT = (
    "I can't read this report any more: another release of Smallprint wrote it. Please share the file again."
)
NEVER_BEGUN = "I have no record of this analysis. Please share the file again."

RUNNING = "running"
DONE = "done"
FAILED = "failed"

PRIVATE = '%"private":true%'
"""LIKE what jobs.brief is of a job whose answer goes to its asker alone."""

_MATCH_ORDER = tuple(Match)  # best first


class AnalysisStore:
    """What was analysed, with which prompt versions, and what came of it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reports = TypeAdapter(Report)

    async def begin(
        self, request: AnalysisRequest, document: Document, prompts: Mapping[str, Prompt], *, offline: bool
    ) -> Mapping[str, HeldVersion]:
        """Note that it runs; agent → prompt version that holds: on a retry those of the first begin, and their arms."""
        async with self._database.write() as connection:
            row = _analysis_row(request, document, prompts, offline=offline)
            await connection.execute(self._database.insert_or_keep(analyses).values(row))
            await connection.execute(
                _unfinished(request.analysis_id).values(status=RUNNING, error_code=None, finished_at=None)
            )
            held = select(analyses.c.prompts, analyses.c.arms).where(analyses.c.id == request.analysis_id)
            kept = (await connection.execute(held)).one()
        return _held(json.loads(kept.prompts), json.loads(kept.arms))

    async def report(self, analysis_id: str) -> Report | None:
        """The finished report; None while there is none, and after retention took it."""
        query = select(analyses.c.report).where(analyses.c.id == analysis_id)
        async with self._database.read() as connection:
            text = (await connection.execute(query)).scalar_one_or_none()
        return self._parse(text) if text else None

    async def earlier(
        self, request: AnalysisRequest, document: Document, fingerprint: str, since: datetime
    ) -> tuple[Report, str] | None:
        """The newest report of the same bytes and fingerprint that was made since then, and who asked for it.

        Only one that whoever asks could see: it was made in the same conversation and not for one alone, or for the
        same person.
        """
        same_person = and_(analyses.c.user_id == request.user, analyses.c.user_id != "")
        query = (
            select(analyses.c.report, analyses.c.user_id)
            .where(
                analyses.c.document_sha256 == document.sha256,
                analyses.c.fingerprint == fingerprint,
                analyses.c.fingerprint != "",
                analyses.c.finished_at >= to_iso(since),
                analyses.c.report.is_not(None),
                analyses.c.earlier_id == "",
                analyses.c.team == request.team,
                or_(and_(analyses.c.channel == request.channel, ~_is_private()), same_person),
            )
            .order_by(analyses.c.finished_at.desc())
            .limit(1)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return None if row is None else (self._parse(row.report), row.user_id or "")

    async def finish(self, report: Report, fingerprint: str = "") -> None:
        """Keep the report and its findings; the first report of an analysis wins.

        `fingerprint`: under which the report may be shown again for the same document.
        Raises DatabaseError when the analysis was never begun.
        """
        result_row = {**self._result(report), "fingerprint": fingerprint}
        async with self._database.write() as connection:
            result = await connection.execute(_unfinished(report.analysis_id).values(result_row))
            if result.rowcount:
                await self._keep_findings(connection, report)
                await keep_outcomes(connection, report, result_row["finished_at"])
            else:
                await _require(connection, report.analysis_id)

    async def fail(self, analysis_id: str, code: str) -> None:
        """Note the code of the error it ended in; a finished analysis stays finished."""
        now = to_iso(datetime.now(UTC))
        failed = {"status": FAILED, "error_code": code, "finished_at": now}
        async with self._database.write() as connection:
            result = await connection.execute(_unfinished(analysis_id).values(failed))
            if result.rowcount:
                await keep_failure(connection, analysis_id, code, now)

    def _parse(self, text: str) -> Report:
        try:
            return self._reports.validate_json(text)
        except ValidationError:
            raise DatabaseError(
                UNREADABLE_REPORT
            ) from None  # pydantic's message repeats the document's words

    async def _keep_findings(self, connection: AsyncConnection, report: Report) -> None:
        found = (*report.findings, *report.rejected)
        rows = [_finding_row(report.analysis_id, ordinal, item) for ordinal, item in enumerate(found)]
        if rows:  # or keep: an id given twice must not cost the reader the report
            await connection.execute(self._database.insert_or_keep(findings), rows)

    def _result(self, report: Report) -> dict[str, Any]:
        return {
            "status": DONE,
            "error_code": None,
            "risk_level": report.risk_level.value,
            "report": self._reports.dump_json(report).decode(),
            "finished_at": to_iso(datetime.now(UTC) if report.earlier else report.created_at),
            "latency_ms": round(report.seconds * 1000),
            "profile": report.profile.value if report.profile else "",
            "earlier_id": report.earlier.analysis_id if report.earlier else "",
        }


def _unfinished(analysis_id: str) -> Any:
    return update(analyses).where(analyses.c.id == analysis_id, analyses.c.status != DONE)


async def _require(connection: AsyncConnection, analysis_id: str) -> None:
    known = select(analyses.c.id).where(analyses.c.id == analysis_id)
    if (await connection.execute(known)).first() is None:
        raise DatabaseError(NEVER_BEGUN)


def _analysis_row(
    request: AnalysisRequest, document: Document, prompts: Mapping[str, Prompt], *, offline: bool
) -> dict[str, Any]:
    return {
        "id": request.analysis_id,
        "team": request.team,
        "channel": request.channel,
        "user_id": request.user,
        "trigger": request.trigger,
        "document_sha256": document.sha256,
        "document_name": document.name,
        "document_kind": document.kind.value,
        "document_characters": len(document.text),
        "document_pages": document.receipt.pages,
        "prompts": json.dumps({agent: prompt.version for agent, prompt in prompts.items()}),
        "prompt_source": _prompt_source(prompts),
        "offline": int(offline),
        "app_version": __version__,
        "status": RUNNING,
        "created_at": to_iso(datetime.now(UTC)),
        "fingerprint": "",
        "profile": "",
        "earlier_id": "",
        "arms": json.dumps(
            {agent: {"arm": each.arm, "activation": each.activation} for agent, each in prompts.items()}
        ),
    }


def _is_private() -> ColumnElement[bool]:
    """Its answer went to whoever asked, alone."""
    return exists().where(jobs.c.id == analyses.c.id, jobs.c.brief.like(PRIVATE))


def _held(versions: Mapping[str, int], arms: Mapping[str, Mapping[str, Any]]) -> Mapping[str, HeldVersion]:
    """An analysis that an earlier release began has no arms."""
    return {agent: HeldVersion(version, **arms.get(agent, {})) for agent, version in versions.items()}


def _prompt_source(prompts: Mapping[str, Prompt]) -> str:
    """The least certain one."""
    sources = {prompt.source for prompt in prompts.values()}
    return next((source for source in ("packaged", "remembered", "database") if source in sources), "none")


def _finding_row(analysis_id: str, ordinal: int, item: ReportFinding) -> dict[str, Any]:
    best = min(item.evidence, key=_rank, default=Evidence(Match.MISSING))
    return {
        "analysis_id": analysis_id,
        "finding_id": item.finding.id,
        "ordinal": ordinal,
        "category": item.finding.category,
        "severity": item.severity.value,
        "severity_before": item.finding.severity.value,
        "outcome": item.outcome.value,
        "verdict": item.review.verdict.value if item.review else None,
        "match": best.match.value,
        "page": best.page,
        "title": item.finding.title,
    }


def _rank(evidence: Evidence) -> int:
    return _MATCH_ORDER.index(evidence.match)

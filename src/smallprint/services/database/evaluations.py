"""Evaluations and their results: kept once, never changed but for the verdict of a comparison."""

from __future__ import annotations

import json
from typing import Any

from pydantic import TypeAdapter, ValidationError
from sqlalchemy import Row, Select, insert, select, update

from smallprint.errors import DatabaseError, UnknownEvaluation
from smallprint.models.database import eval_results, eval_runs
from smallprint.models.domain import Report
from smallprint.models.evaluation import EvaluationMode, EvaluationResult, EvaluationRun, EvaluationVerdict
from smallprint.services.database.connection import Database, from_iso, to_iso

NONE_YET = "There is no evaluation yet. Run one: smallprint eval run DATASET."
UNKNOWN = 'There is no evaluation "{name}". smallprint eval list shows them.'
AMBIGUOUS = '"{name}" fits {count} evaluations ({ids}). Please give more of the id.'
UNREADABLE = "I can't read the reports of this evaluation any more: another release of Smallprint made it."

LATEST = "latest"
SHOWN_IDS = 3

_run = eval_runs.c


class EvaluationStore:
    """What was measured. Its reports quote the documents of the data set."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reports = TypeAdapter(Report)

    async def save(self, run: EvaluationRun) -> None:
        """The run and its results, in one transaction."""
        rows = [self._result_row(run.id, ordinal, result) for ordinal, result in enumerate(run.results)]
        async with self._database.write() as connection:
            await connection.execute(insert(eval_runs).values(_run_row(run)))
            if rows:
                await connection.execute(insert(eval_results), rows)

    async def get(self, name: str = LATEST) -> EvaluationRun:
        """One run with its results, by its id, an unambiguous beginning of it, or "latest".

        Raises:
            UnknownEvaluation: there is none, or more than one, of this name.
            DatabaseError: another release wrote it in a form that this one can't read.
        """
        async with self._database.read() as connection:
            found = (await connection.execute(_named(name))).all()
            row = _only(found, name)
            of_run = select(eval_results).where(eval_results.c.run_id == row.id)
            results = (await connection.execute(of_run.order_by(eval_results.c.ordinal))).all()
        return _to_run(row, tuple(map(self._to_result, results)))

    async def list(self) -> tuple[EvaluationRun, ...]:
        """Every run without its results, newest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(_newest_first())
            return tuple(_to_run(row) for row in rows)

    async def record_verdict(self, run_id: str, verdict: EvaluationVerdict, *, compared_with: str) -> None:
        """What a comparison came to; a later one replaces it. Raises UnknownEvaluation."""
        values = {"verdict": verdict.value, "compared_with": compared_with}
        async with self._database.write() as connection:
            done = await connection.execute(update(eval_runs).where(_run.id == run_id).values(values))
        if not done.rowcount:
            raise UnknownEvaluation(UNKNOWN.format(name=run_id))

    async def latest_verdict(self, agent: str, sha256: str) -> EvaluationRun | None:
        """The newest run with a verdict in which the agent worked with exactly this prompt version.

        Scripted answers say nothing about a prompt, so their runs don't count.
        """
        judging = [mode.value for mode in EvaluationMode if mode.judges_prompts]
        query = _newest_first().where(
            _run.verdict != "", _run.mode.in_(judging), _run.prompt_hashes.contains(sha256, autoescape=True)
        )
        async with self._database.read() as connection:
            runs = [_to_run(row) for row in await connection.execute(query)]
        return next((run for run in runs if run.prompt_hashes.get(agent) == sha256), None)

    def _result_row(self, run_id: str, ordinal: int, result: EvaluationResult) -> dict[str, Any]:
        report = result.report
        return {
            "run_id": run_id,
            "document_id": result.document_id,
            "repeat": result.repeat,
            "ordinal": ordinal,
            "report": None if report is None else self._reports.dump_json(report).decode(),
            "error": result.error,
            "score": result.score,
        }

    def _to_result(self, row: Row[Any]) -> EvaluationResult:
        try:
            report = None if row.report is None else self._reports.validate_json(row.report)
        except ValidationError:
            raise DatabaseError(UNREADABLE) from None  # pydantic's message repeats the document's words
        return EvaluationResult(row.document_id, row.repeat, report, row.error, row.score)


def _newest_first() -> Select[Any]:
    return select(eval_runs).order_by(_run.finished_at.desc(), _run.id)


def _named(name: str) -> Select[Any]:
    if name == LATEST:
        return _newest_first().limit(1)
    return select(eval_runs).where(_run.id.startswith(name, autoescape=True)).order_by(_run.id)


def _only(rows: Any, name: str) -> Row[Any]:
    row: Row[Any]
    for row in rows:
        if row.id == name:
            return row
    if not rows:
        raise UnknownEvaluation(NONE_YET if name == LATEST else UNKNOWN.format(name=name))
    if len(rows) > 1 or not name:
        shown = [row.id for row in rows[:SHOWN_IDS]]
        ids = ", ".join([*shown, "…"] if len(rows) > len(shown) else shown)
        raise UnknownEvaluation(AMBIGUOUS.format(name=name, count=len(rows), ids=ids))
    row = rows[0]
    return row


def _run_row(run: EvaluationRun) -> dict[str, Any]:
    return {
        "id": run.id,
        "dataset": run.dataset,
        "dataset_sha256": run.dataset_sha256,
        "profile": run.profile,
        "prompts": json.dumps(dict(run.prompts)),
        "prompt_hashes": json.dumps(dict(run.prompt_hashes)),
        "models": json.dumps(dict(run.models)),
        "mode": run.mode.value,
        "repeats": run.repeats,
        "started_at": to_iso(run.started_at),
        "finished_at": to_iso(run.finished_at),
        "metrics": run.metrics,
        "compared_with": run.compared_with,
        "verdict": run.verdict.value if run.verdict else "",
        "app_version": run.app_version,
    }


def _to_run(row: Row[Any], results: tuple[EvaluationResult, ...] = ()) -> EvaluationRun:
    return EvaluationRun(
        id=row.id,
        dataset=row.dataset,
        dataset_sha256=row.dataset_sha256,
        profile=row.profile,
        prompts=json.loads(row.prompts),
        prompt_hashes=json.loads(row.prompt_hashes),
        models=json.loads(row.models),
        mode=EvaluationMode(row.mode),
        repeats=row.repeats,
        started_at=from_iso(row.started_at),
        finished_at=from_iso(row.finished_at),
        metrics=row.metrics,
        app_version=row.app_version,
        compared_with=row.compared_with,
        verdict=EvaluationVerdict(row.verdict) if row.verdict else None,
        results=results,
    )

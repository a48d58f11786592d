"""Model calls that may have been billed, and the answers that were paid for."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, Row, func, select, update

from smallprint.models.completion import Completion
from smallprint.models.database import analyses, answers, jobs, llm_calls
from smallprint.models.domain import SENT, ModelCall, Usage
from smallprint.services.database.connection import Database, to_iso


class CallStore:
    """The receipt of every paid answer: what is found here is not paid again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def answer(self, key: str) -> Completion | None:
        """The answer paid for under this key, if any."""
        query = (
            select(answers.c.text, answers.c.model, answers.c.seconds_ms, llm_calls)
            .join_from(answers, llm_calls, answers.c.call_id == llm_calls.c.id)
            .where(answers.c.key == key)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).first()
        return _completion(row) if row else None

    async def begin(self, call: ModelCall) -> None:
        """On disk before it is sent: what a killed process was billed for is a call of unknown cost."""
        async with self._database.write() as connection:
            await connection.execute(self._database.insert_or_keep(llm_calls).values(_call_row(call)))

    async def record(self, call: ModelCall, key: str, answer: str | None) -> None:
        """Usage and answer in one transaction. Recording a call again changes nothing; the first answer wins."""
        begun = (llm_calls.c.id == call.id, llm_calls.c.status == SENT)
        async with self._database.write() as connection:
            row = _call_row(call)
            await connection.execute(update(llm_calls).where(*begun).values(row))
            await connection.execute(self._database.insert_or_keep(llm_calls).values(row))
            if answer is not None:
                row = _answer_row(call, key, answer)
                await connection.execute(self._database.insert_or_keep(answers).values(row))


def _call_row(call: ModelCall) -> dict[str, Any]:
    started_at = to_iso(call.started_at)
    return {
        "id": call.id,
        "analysis_id": call.analysis_id,
        "agent": call.agent,
        "purpose": call.purpose,
        "attempt": call.attempt,
        "prompt_version": call.prompt_version,
        "channel": _of(analyses.c.channel, jobs.c.channel, call.analysis_id),
        "user_id": _of(analyses.c.user_id, jobs.c.user_id, call.analysis_id),
        "request_model": call.request_model,
        "response_model": call.response_model,
        "request_id": call.request_id,
        "service_tier": call.service_tier,
        **_usage_columns(call.usage),
        "cost_nano_usd": call.cost_nano_usd,
        "price_source": call.price_source,
        "stop_reason": call.stop_reason,
        "status": call.status,
        "http_status": call.http_status,
        "time_to_first_token_ms": call.time_to_first_token_ms,
        "latency_ms": call.latency_ms,
        "created_at": started_at,
        "day": started_at[:10],
        "inference_geo": call.inference_geo,
    }


def _usage_columns(usage: Usage) -> dict[str, int]:
    return {
        "input_tokens": usage.input_tokens,
        "cache_read_tokens": usage.cache_read_tokens,
        "cache_write_5m_tokens": usage.cache_write_5m_tokens,
        "cache_write_1h_tokens": usage.cache_write_1h_tokens,
        "output_tokens": usage.output_tokens,
        "thinking_tokens": usage.thinking_tokens,
    }


def _of(of_analysis: Column[Any], of_job: Column[Any], work_id: str) -> ColumnElement[Any]:
    """Copied, so that spend stays when the row is erased: from the analysis, or the job of a question; '' without either."""
    analysis = select(func.max(of_analysis)).where(analyses.c.id == work_id).scalar_subquery()
    job = select(func.max(of_job)).where(jobs.c.id == work_id).scalar_subquery()
    return func.coalesce(analysis, job, "")


def _answer_row(call: ModelCall, key: str, answer: str) -> dict[str, Any]:
    return {
        "key": key,
        "analysis_id": call.analysis_id,
        "call_id": call.id,
        "text": answer,
        "model": call.response_model or call.request_model,
        "seconds_ms": call.latency_ms,
        "created_at": to_iso(call.started_at),
    }


def _completion(row: Row[Any]) -> Completion:
    return Completion(
        text=row.text,
        model=row.model,
        usage=Usage(
            input_tokens=row.input_tokens,
            cache_read_tokens=row.cache_read_tokens,
            cache_write_5m_tokens=row.cache_write_5m_tokens,
            cache_write_1h_tokens=row.cache_write_1h_tokens,
            output_tokens=row.output_tokens,
            thinking_tokens=row.thinking_tokens,
        ),
        cost_nano_usd=row.cost_nano_usd,
        seconds=row.seconds_ms / 1000,
        replayed=True,
    )

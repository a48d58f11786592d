"""What came of each agent's part of an analysis, as rows for the statistics of prompt versions.

Written in the transaction in which the analysis ends. A report that is shown again or that the offline rules made
is no result of a prompt; an agent that was asked and is not in the report gave nothing.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Row, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from smallprint.errors import InvalidAnswer
from smallprint.models.database import analyses, analysis_prompts, llm_calls
from smallprint.models.domain import SENT, AgentRun, Outcome, Report

ANSWERED = "ok"
CANCELLED = "cancelled"
"""Statuses of calls that are nobody's fault."""

LIVE = "live"
_NOTHING = dict.fromkeys(("findings", "judged", "rejected", "lowered", "raised", "added", "ungrounded"), 0)


async def keep_outcomes(connection: AsyncConnection, report: Report, ended_at: str) -> None:
    """One row for each agent that was asked. `ended_at`: ISO, as everywhere in the database."""
    if report.earlier is not None:
        return
    identity = report.analysis_id
    arms = await _arms(connection, identity)
    done = {run.agent: _done_row(run, report) for run in report.agents if run.prompt_version is not None}
    last = {call.agent: call for call in await _calls(connection, identity)}
    given_up = {agent: _failed_row(call, _why(call)) for agent, call in last.items() if agent not in done}
    await _replace(connection, identity, _completed({**done, **given_up}, arms, identity, ended_at))


async def keep_failure(connection: AsyncConnection, analysis_id: str, code: str, ended_at: str) -> None:
    """The failure of an analysis goes to the agent that was asked in vain; to none when nobody was asked."""
    calls = await _calls(connection, analysis_id)
    in_vain = [call for call in calls if call.status not in {ANSWERED, CANCELLED, SENT}]
    blamed = (in_vain or calls)[-1:]
    arms = await _arms(connection, analysis_id)
    rows = {call.agent: _failed_row(call, code) for call in blamed}
    await _replace(connection, analysis_id, _completed(rows, arms, analysis_id, ended_at))


async def _replace(connection: AsyncConnection, analysis_id: str, rows: Iterator[dict[str, Any]]) -> None:
    """An analysis that failed may be tried once more; then its last end counts."""
    await connection.execute(delete(analysis_prompts).where(analysis_prompts.c.analysis_id == analysis_id))
    if found := list(rows):
        await connection.execute(insert(analysis_prompts), found)


async def _calls(connection: AsyncConnection, analysis_id: str) -> list[Row[Any]]:
    """Of agents with a prompt, in the order in which they began."""
    call = llm_calls.c
    query = (
        select(call.agent, call.prompt_version, call.status)
        .where(call.analysis_id == analysis_id, call.prompt_version.is_not(None))
        .order_by(call.created_at, call.attempt)
    )
    return list(await connection.execute(query))


async def _arms(connection: AsyncConnection, analysis_id: str) -> Mapping[str, str]:
    """Agent → why it had its version."""
    query = select(analyses.c.arms).where(analyses.c.id == analysis_id)
    stored = json.loads((await connection.execute(query)).scalar_one_or_none() or "{}")
    return {agent: settled["arm"] for agent, settled in stored.items()}


def _completed(
    rows: Mapping[str, dict[str, Any]], arms: Mapping[str, str], analysis_id: str, ended_at: str
) -> Iterator[dict[str, Any]]:
    for agent, row in rows.items():
        arm = arms.get(agent, LIVE)
        yield {"analysis_id": analysis_id, "agent": agent, "arm": arm, "ended_at": ended_at, **row}


def _done_row(run: AgentRun, report: Report) -> dict[str, Any]:
    found = (*report.findings, *report.rejected)
    outcomes = Counter(each.outcome for each in found)
    return {
        "version": run.prompt_version,
        "outcome": report.risk_level.value,
        "findings": len(report.findings),
        "judged": sum(each.review is not None for each in found),
        "rejected": len(report.rejected),
        "lowered": outcomes[Outcome.LOWERED],
        "raised": outcomes[Outcome.RAISED],
        "added": outcomes[Outcome.ADDED],
        "ungrounded": report.ungrounded,
        "cost_nano_usd": run.cost_nano_usd,
        "milliseconds": round(run.seconds * 1000),
    }


def _failed_row(call: Row[Any], code: str) -> dict[str, Any]:
    return {
        "version": call.prompt_version,
        "outcome": code,
        **_NOTHING,
        "cost_nano_usd": None,
        "milliseconds": None,
    }


def _why(call: Row[Any]) -> str:
    """Of an agent that the report does without: an answer that came and was of no use does not hold."""
    return InvalidAnswer.code if call.status == ANSWERED else str(call.status)

"""Who stopped which job, and what it had cost by then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, case, exists, func, or_, select, update

from smallprint.models.database import analyses, jobs, llm_calls
from smallprint.models.domain import Stop, StopAnswer
from smallprint.services.database.analyses import DONE
from smallprint.services.database.connection import Database

_cost = llm_calls.c.cost_nano_usd
# The reason to stop comes with the final usage: a cost without one is a lower bound.
_CUT_OFF = or_(_cost.is_(None), and_(_cost > 0, llm_calls.c.stop_reason.is_(None)))


class StopStore:
    """The column `stopped_by` of the table `jobs`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stop(self, job_id: str, user: str) -> StopAnswer:
        """Write it down, once, unless the job has ended or its report is made: that is shown whatever happens."""
        has_report = exists().where(analyses.c.id == job_id, analyses.c.status == DONE)
        still_running = (jobs.c.id == job_id, jobs.c.finished_at.is_(None), ~has_report)
        write = update(jobs).where(*still_running, jobs.c.stopped_by == "").values(stopped_by=user)
        known = select(jobs.c.stopped_by).where(*still_running)

        def work(connection: Connection) -> StopAnswer:
            if connection.execute(write).rowcount:
                return StopAnswer.STOPPED
            stopped = connection.execute(known).scalar_one_or_none()
            return StopAnswer.ALREADY if stopped else StopAnswer.TOO_LATE

        return await self._database.transact(work)

    async def stopped_by(self, job_ids: Sequence[str]) -> Mapping[str, str]:
        """Of these jobs those that were stopped, with who did it."""
        query = select(jobs.c.id, jobs.c.stopped_by).where(jobs.c.id.in_(job_ids), jobs.c.stopped_by != "")
        async with self._database.read() as connection:
            return {row.id: row.stopped_by for row in await connection.execute(query)}

    async def unfinished_in(self, channel: str, thread_ts: str) -> Mapping[str, str]:
        """The jobs of a thread that have not ended, with who asked for each."""
        query = select(jobs.c.id, jobs.c.user_id).where(
            jobs.c.channel == channel, jobs.c.thread_ts == thread_ts, jobs.c.finished_at.is_(None)
        )
        async with self._database.read() as connection:
            return {row.id: row.user_id for row in await connection.execute(query)}

    async def stop_of(self, job_id: str) -> Stop:
        """Who stopped the job (nobody: an empty text), and what its calls have cost so far."""
        who = select(jobs.c.stopped_by).where(jobs.c.id == job_id)
        spent = select(
            func.coalesce(func.sum(llm_calls.c.cost_nano_usd), 0).label("cost"),
            func.coalesce(func.sum(case((_CUT_OFF, 1), else_=0)), 0).label("cut_off"),
        ).where(llm_calls.c.analysis_id == job_id)
        async with self._database.read() as connection:
            by = (await connection.execute(who)).scalar_one_or_none() or ""
            sums = (await connection.execute(spent)).one()
        return Stop(by, int(sums.cost), int(sums.cut_off))

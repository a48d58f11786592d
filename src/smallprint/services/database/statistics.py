"""What came of prompt versions, counted from the rows that `prompt_outcomes.py` keeps, and what people say of it.

Medians are walks along an index to the middle row, not sums of averages: exact, and quick on 200,000 analyses
(benchmarks/prompt_statistics.py).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Column, Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from smallprint.models.database import analysis_prompts
from smallprint.models.domain import RiskLevel
from smallprint.models.statistics import Figures, Spread, VersionStatistics
from smallprint.services.database.connection import Database, to_iso
from smallprint.services.database.opinions import Opinions, of_version, opinions

_part = analysis_prompts.c
_SUMMED = ("findings", "judged", "rejected", "lowered", "raised", "added", "ungrounded")
_LEVELS = {level.value: level for level in sorted(RiskLevel, key=lambda level: -level.rank)}


class PromptStatistics:
    """Reads only; offline reports and reports shown again were never written down here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def compare(
        self, agent: str, versions: Sequence[int] = (), since: datetime | None = None
    ) -> tuple[VersionStatistics, ...]:
        """Each of the versions, or without any all that were used since then, in the order of their numbers.

        `agent` is the full name; since None: since ever. A version nobody used has figures of nothing.
        """
        asked = _Asked(agent, frozenset(versions), None if since is None else to_iso(since))
        async with self._database.read() as connection:  # one state of the database for counts and medians
            counted = _by_version(await connection.execute(asked.counts()))
            said = await opinions(connection, agent, asked.since)
            return tuple(
                [
                    await _statistics(connection, asked, version, counted.get(version, []), said)
                    for version in sorted({*versions} or counted)
                ]
            )


class _Asked:
    """The question, and the queries it comes to."""

    def __init__(self, agent: str, versions: frozenset[int], since: str | None) -> None:
        self.agent = agent
        self.since = since
        self._versions = versions

    def counts(self) -> Select[Any]:
        """A row per version, arm and outcome, in this order."""
        sums = [func.sum(_part[name]).label(name) for name in _SUMMED]
        known = func.count(_part.cost_nano_usd).label("costs")
        groups = (_part.version, _part.arm, _part.outcome)
        query = select(*groups, func.count().label("n"), known, *sums).group_by(*groups).order_by(*groups)
        return self._limited(query if not self._versions else query.where(_part.version.in_(self._versions)))

    def numbers(self, column: Column[Any], version: int, arm: str | None) -> Select[Any]:
        """The known values of a column."""
        query = self._limited(select(column).where(_part.version == version, column.is_not(None)))
        return query if arm is None else query.where(_part.arm == arm)

    def _limited(self, query: Select[Any]) -> Select[Any]:
        query = query.where(_part.agent == self.agent)
        return query if self.since is None else query.where(_part.ended_at >= self.since)


async def _statistics(
    connection: AsyncConnection, asked: _Asked, version: int, rows: Sequence[Row[Any]], said: Opinions
) -> VersionStatistics:
    by_arm = {arm: list(found) for arm, found in groupby(rows, key=lambda row: str(row.arm))}
    total = await _figures(connection, asked, version, None, rows, said)
    if len(by_arm) == 1:
        return VersionStatistics(asked.agent, version, total, dict.fromkeys(by_arm, total))
    arms = {
        arm: await _figures(connection, asked, version, arm, found, said) for arm, found in by_arm.items()
    }
    return VersionStatistics(asked.agent, version, total, arms)


async def _figures(
    connection: AsyncConnection,
    asked: _Asked,
    version: int,
    arm: str | None,
    rows: Iterable[Row[Any]],
    said: Opinions,
) -> Figures:
    results, failures, levels = [], Counter[str](), Counter[str]()
    for row in rows:
        if row.outcome in _LEVELS:
            results.append(row)
            levels[row.outcome] += row.n
        else:
            failures[row.outcome] += row.n
    n, known = levels.total(), sum(row.costs for row in results)
    return Figures(
        n=n,
        levels={level: levels[name] for name, level in _LEVELS.items() if levels[name]},
        **{name: sum(int(row._mapping[name]) for row in results) for name in _SUMMED},  # noqa: SLF001 - SQLAlchemy's public name
        cost_nano_usd=await _spread(connection, asked.numbers(_part.cost_nano_usd, version, arm), known),
        cost_unknown=n - known,
        milliseconds=await _spread(connection, asked.numbers(_part.milliseconds, version, arm), n),
        failures=dict(failures.most_common()),
        **of_version(said, version, arm),
    )


async def _spread(connection: AsyncConnection, numbers: Select[Any], n: int) -> Spread | None:
    """`n`: how many there are."""
    if not n:
        return None
    column = numbers.selected_columns[0]
    middle = numbers.order_by(column).offset((n - 1) // 2).limit(2 - n % 2)
    upper = numbers.order_by(column.desc()).offset(n - (95 * n + 99) // 100).limit(1)
    values = list((await connection.execute(middle)).scalars())
    return Spread(sum(values) // len(values), (await connection.execute(upper)).scalar_one())


def _by_version(rows: Iterable[Row[Any]]) -> Mapping[int, list[Row[Any]]]:
    return {version: list(found) for version, found in groupby(rows, key=lambda row: int(row.version))}

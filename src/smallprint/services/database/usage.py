"""Questions about what was spent: read-only, each with the asker's rights in its SQL."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, case, exists, false, func, or_, select, true

from smallprint.models.database import analyses, llm_calls
from smallprint.models.domain import Usage
from smallprint.models.usage import (
    Grouping,
    Period,
    PromptUse,
    Spending,
    UsageLine,
    UsageTable,
    VersionSpending,
    Viewer,
)
from smallprint.services.database.connection import Database

NEWEST = 20

_call = llm_calls.c
_KEYS: Mapping[Grouping, tuple[ColumnElement[Any], ...]] = {
    Grouping.DAY: (_call.day,),
    Grouping.CHANNEL: (_call.channel,),
    Grouping.USER: (_call.user_id,),
    Grouping.MODEL: (_call.request_model,),
    Grouping.PROMPT: (_call.agent, _call.prompt_version),
    Grouping.AGENT: (_call.agent,),
}
_APART = frozenset({Grouping.CHANNEL, Grouping.USER})
"""A document stands in one line only."""
_DOCUMENTS = func.count(_call.analysis_id.distinct())
_SUMS = (
    func.count().label("calls"),
    func.coalesce(func.sum(_call.cost_nano_usd), 0).label("cost_nano_usd"),
    (func.count() - func.count(_call.cost_nano_usd)).label("unpriced_calls"),
    # The reason to stop comes with the final usage: a cost without one is a lower bound.
    func.sum(case((and_(_call.cost_nano_usd > 0, _call.stop_reason.is_(None)), 1), else_=0)).label(
        "broken_calls"
    ),
)
_TOKENS = tuple(
    func.sum(column).label(column.name)
    for column in (
        _call.input_tokens,
        _call.cache_read_tokens,
        _call.cache_write_5m_tokens,
        _call.cache_write_1h_tokens,
        _call.output_tokens,
        _call.thinking_tokens,
    )
)


def utc_today() -> date:
    return datetime.now(UTC).date()


class UsageStore:
    """Answers from `llm_calls` alone: erasing users and texts changes no sum."""

    def __init__(self, database: Database, today: Callable[[], date] = utc_today) -> None:
        self._database = database
        self._today = today

    async def spend(self, period: Period, by: Grouping, *, viewer: Viewer) -> UsageTable:
        """Calls, tokens, cost and documents of a period, by what is asked for."""
        today = self._today()
        first, keys = period.first_day(today), _KEYS[by]
        seen = and_(_call.day.between(first.isoformat(), today.isoformat()), _visible(viewer))
        async with self._database.read() as connection:
            sums = _sums_by(*keys, _call.request_model).add_columns(*_TOKENS)
            parts = (await connection.execute(sums.where(seen))).all()
            counts = await connection.execute(select(*keys, _DOCUMENTS).where(seen).group_by(*keys))
            documents = {tuple(row[:-1]): row[-1] for row in counts}
            if by in _APART:
                in_all = sum(documents.values())
            else:
                in_all = (await connection.execute(select(_DOCUMENTS).where(seen))).scalar_one()
        lines = _lines(by, parts, documents)
        return UsageTable(period, by, first, today, lines, _spending(parts, in_all), _usage(parts))

    async def versions(self, agent: str, *, viewer: Viewer) -> tuple[VersionSpending, ...]:
        """What the agent's calls cost with each version of its prompt, newest version first."""
        days = (func.min(_call.day).label("first_day"), func.max(_call.day).label("last_day"))
        query = _sums_by(_call.prompt_version).add_columns(*days, _DOCUMENTS.label("documents"))
        query = query.where(_call.agent == agent, _visible(viewer))
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).all()
        return tuple(map(_version, sorted(rows, key=lambda row: -(row.prompt_version or 0))))

    async def uses(
        self, agent: str, version: int, *, viewer: Viewer, limit: int = NEWEST
    ) -> tuple[PromptUse, ...]:
        """The newest analyses in which the agent was asked with this version of its prompt."""
        later = llm_calls.alias("later")
        is_its_last = ~exists().where(
            later.c.analysis_id == _call.analysis_id,
            later.c.agent == agent,
            later.c.prompt_version == version,
            or_(
                later.c.created_at > _call.created_at,
                and_(later.c.created_at == _call.created_at, later.c.id > _call.id),
            ),
        )
        query = (
            select(_call.analysis_id, _call.created_at, _call.channel, _call.user_id, analyses.c.risk_level)
            .outerjoin_from(llm_calls, analyses, analyses.c.id == _call.analysis_id)
            .where(_call.agent == agent, _call.prompt_version == version, _visible(viewer), is_its_last)
            .order_by(_call.created_at.desc())
            .limit(limit)
        )
        async with self._database.read() as connection:
            return tuple(PromptUse(*row) for row in await connection.execute(query))


def _visible(viewer: Viewer) -> ColumnElement[bool]:
    """Calls without a user or channel (the command line) belong to nobody: admins alone see them."""
    if viewer.admin:
        return true()
    own = [_call.user_id == viewer.user] if viewer.user else []
    channels = sorted(viewer.channels - {""})
    theirs = [_call.channel.in_(channels)] if channels else []
    return or_(false(), *own, *theirs)


def _sums_by(*keys: ColumnElement[Any]) -> Select[Any]:
    return select(*keys, *_SUMS).group_by(*keys)


def _lines(
    by: Grouping, parts: Iterable[Row[Any]], documents: Mapping[tuple[Any, ...], int]
) -> tuple[UsageLine, ...]:
    """`parts` are the sums by key and model."""
    of_key: dict[tuple[Any, ...], list[Row[Any]]] = {}
    for part in parts:
        of_key.setdefault(tuple(part[: len(_KEYS[by])]), []).append(part)
    lines = [_line(key, group, documents.get(key, 0)) for key, group in of_key.items()]
    if by is Grouping.DAY:
        return tuple(sorted(lines, key=lambda line: line.name or ""))
    return tuple(sorted(lines, key=lambda line: (-line.spending.cost_nano_usd, line.name or "")))


def _line(key: tuple[Any, ...], parts: Sequence[Row[Any]], documents: int) -> UsageLine:
    cost_by_model: Counter[str] = Counter()
    for part in parts:
        cost_by_model[part.request_model] += int(part.cost_nano_usd)
    return UsageLine(_name(key), _spending(parts, documents), _usage(parts), cost_by_model)


def _name(key: tuple[Any, ...]) -> str | None:
    """An agent's prompt version is called "document_analysis v3"."""
    first: str | None = key[0]
    return first if len(key) == 1 or key[1] is None else f"{first} v{key[1]}"


def _spending(parts: Iterable[Row[Any]], documents: int) -> Spending:
    sums = [
        (part.calls, int(part.cost_nano_usd), int(part.unpriced_calls), int(part.broken_calls))
        for part in parts  # Postgres gives sums of BIGINT as Decimal
    ]
    calls, cost, unpriced, broken = map(sum, zip(*sums, strict=True)) if sums else (0, 0, 0, 0)
    return Spending(calls, documents, cost, unpriced, broken)


def _usage(parts: Iterable[Row[Any]]) -> Usage:
    names = [column.name for column in _TOKENS]
    usages = (Usage(**{name: int(getattr(part, name)) for name in names}) for part in parts)
    return sum(usages, Usage())


def _version(row: Row[Any]) -> VersionSpending:
    first, last = date.fromisoformat(row.first_day), date.fromisoformat(row.last_day)
    return VersionSpending(row.prompt_version, first, last, _spending([row], row.documents))
